-- SPDX-License-Identifier: Apache-2.0
-- Those who are to be phoned, and no others: they are looked through every five seconds.
CREATE INDEX visit_to_phone ON visit (local_date) WHERE state = 'booked' AND way = 'phone';
