-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE half (id TEXT PRIMARY KEY) STRICT;
COMMIT;
