-- SPDX-License-Identifier: Apache-2.0
CREATE INDEX thing_by_n ON thing (n);
