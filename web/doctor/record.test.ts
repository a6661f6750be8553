// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordParticipant, RecordSample, VisitRecord } from '../staff/types';
import { curve, isTechnical, mediaRows, timeRows } from './record';

function sample(atMs: number, audio: number, video: number): RecordSample {
    return {
        at_ms: atMs,
        rtt_ms: 50,
        audio_in_bps: audio,
        video_in_bps: video,
        audio_out_bps: 0,
        video_out_bps: 0,
        lost_in: 0,
        lost_out: 0,
    };
}

test('what did not happen has no row among the times', () => {
    const record = {
        visit: { booked_at_ms: 1, starts_at_ms: 5, waiting_from_ms: null, ended_at_ms: 9 },
    } as unknown as VisitRecord;
    assert.deepEqual(timeRows(record), [
        { field: 'booked_at_ms', atMs: 1 },
        { field: 'starts_at_ms', atMs: 5 },
        { field: 'ended_at_ms', atMs: 9 },
    ]);
});

test('loss is counted of all that was sent, and unknown without packets', () => {
    const participant: RecordParticipant = {
        id: 'p',
        role: 'patient',
        joined_at_ms: 1,
        left_at_ms: null,
        media: { audio_in: { media_ms: 20_500, bytes: 60_000, packets: 950, lost: 50 }, audio_out: {} },
    };
    const rows = mediaRows(participant);
    assert.deepEqual(rows.map((row) => row.key), ['audio_in', 'video_in', 'audio_out', 'video_out']);
    assert.equal(rows[0]?.seconds, 20.5);
    assert.equal(rows[0]?.lossPercent, 5);
    assert.equal(rows[2]?.lossPercent, null);
});

test('the curve fills its box, and a lone or silent sample does not break it', () => {
    const line = curve([sample(0, 10, 0), sample(10, 20, 20), sample(20, 0, 20)], 'in', 100, 40);
    assert.equal(line?.points, '0.0,30.0 50.0,0.0 100.0,20.0');
    assert.equal(line?.maxBps, 40);
    assert.equal(curve([], 'in', 100, 40), null);
    assert.equal(curve([sample(5, 10, 0)], 'in', 100, 40)?.points, '0.0,0.0 100,0.0');
    assert.equal(curve([sample(0, 0, 0), sample(9, 0, 0)], 'in', 100, 40)?.points, '0.0,40.0 100.0,40.0');
});

test('technical is what the paths of sound and picture did, not what people did', () => {
    const kinds = ['booked', 'called', 'lost', 'link-issued', 'endpoint_connected', 'media-started'];
    assert.deepEqual(kinds.filter((kind) => isTechnical({ kind })), ['endpoint_connected', 'media-started']);
});
