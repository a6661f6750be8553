-- SPDX-License-Identifier: Apache-2.0
-- What happened: rows that are only ever added, and the media figures of each endpoint.
CREATE TABLE visit_event (
    id INTEGER PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    participant_id TEXT REFERENCES participant (id),
    endpoint_id TEXT,
    detail TEXT
) STRICT;
CREATE INDEX visit_event_visit ON visit_event (visit_id, id);

CREATE TABLE media_sample (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    participant_id TEXT NOT NULL REFERENCES participant (id),
    endpoint_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    rtt_us INTEGER NOT NULL,
    audio_in_bps INTEGER NOT NULL,
    audio_out_bps INTEGER NOT NULL,
    video_in_bps INTEGER NOT NULL,
    video_out_bps INTEGER NOT NULL,
    lost_in INTEGER NOT NULL,
    lost_out INTEGER NOT NULL,
    PRIMARY KEY (visit_id, participant_id, at_ms, endpoint_id)
) STRICT, WITHOUT ROWID;

-- The latest totals of one flow of one endpoint; a reload makes a further endpoint.
CREATE TABLE media_total (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    endpoint_id TEXT NOT NULL,
    flow TEXT NOT NULL CHECK (flow IN ('audio_in', 'audio_out', 'video_in', 'video_out')),
    participant_id TEXT NOT NULL REFERENCES participant (id),
    packets INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    repaired INTEGER NOT NULL,
    media_ms INTEGER NOT NULL,
    PRIMARY KEY (visit_id, endpoint_id, flow)
) STRICT, WITHOUT ROWID;
