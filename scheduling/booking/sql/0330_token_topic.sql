-- SPDX-License-Identifier: Apache-2.0
-- Of what a day token hears when it is not a doctor's or a facility's day: "unanswered:FACILITY-ID", "unanswered:all",
-- "outreach:SESSION-ID". NULL: that day.
ALTER TABLE join_token ADD COLUMN topic TEXT CHECK (topic IS NULL OR kind = 'day');
