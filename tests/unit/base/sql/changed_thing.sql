-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE thing (id TEXT PRIMARY KEY) STRICT;
