-- SPDX-License-Identifier: Apache-2.0
INSERT INTO part (id, thing_id) VALUES ('p', 'no such thing');
