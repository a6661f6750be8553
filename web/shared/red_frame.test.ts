// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Copier, REACH_MOST, distancesOf, primaryOf, withCopies, type Packet } from './red_frame';

const OPUS = 111;
const FRAME = 960;

const opus = (number: number, size = 40) => Uint8Array.from({ length: size }, (_, i) => (number * 7 + i) & 0xff);
const packet = (number: number, size?: number, timestamp = number * FRAME): Packet => ({
    timestamp: timestamp >>> 0, payloadType: OPUS, data: opus(number, size),
});

interface Block {
    offset: number;
    data: number[];
}

/** As RFC 2198 has it, written anew; the packet itself is the last. */
function blocksOf(frame: Uint8Array): Block[] {
    const heads: { offset: number; size: number }[] = [];
    let at = 0;
    while ((frame[at]! & 0x80) !== 0) {
        const rest = frame[at + 1]! * 65536 + frame[at + 2]! * 256 + frame[at + 3]!;
        assert.equal(frame[at]! & 0x7f, OPUS);
        heads.push({ offset: rest >> 10, size: rest & 1023 });
        at += 4;
    }
    assert.equal(frame[at], OPUS);
    at += 1;
    const blocks = heads.map(({ offset, size }) => {
        const data = [...frame.subarray(at, at + size)];
        at += size;
        return { offset, data };
    });
    return [...blocks, { offset: 0, data: [...frame.subarray(at)] }];
}

/** What a browser makes of packet N: RED with the one before in it. */
const chromium = (n: number) => withCopies(packet(n), n > 0 ? [packet(n - 1)] : [], 1);
const plain = (one: Packet) => withCopies(one, [], 0);

test('the packet itself is taken out of RED', () => {
    assert.deepEqual(primaryOf(chromium(5), 77), { timestamp: 77, payloadType: OPUS, data: opus(5) });
    assert.deepEqual([...primaryOf(plain(packet(5)), 77)!.data], [...opus(5)]);
});

test('what is no RED is none', () => {
    const whole = chromium(5);
    for (const frame of [[], [OPUS], [0x80 | OPUS], [0x80 | OPUS, 0, 0], [0x80 | OPUS, 0, 0, 0],
        [0x80 | OPUS, 0, 0, 2, OPUS, 1, 2], [0x80 | OPUS, 0, 3, 255, OPUS, 1], [255, 255, 255, 255, 255]]) {
        assert.equal(primaryOf(Uint8Array.from(frame), 0), null, String(frame));
    }
    assert.equal(primaryOf(whole.subarray(0, 45), 0), null);
    const copier = new Copier();
    copier.reach = 8;
    const bad = Uint8Array.from([0x80 | OPUS, 0]);
    assert.equal(copier.take(bad, 0), bad, 'it is sent as it came');
});

test('the distances are those of audio_out.c', () => {
    /* REACHED in test_audio_out_red.c. 0 leaves it to the browser, and 1 is one copy. */
    const reached = [[], [1], [2, 1], [3, 1], [4, 2], [5, 2], [6, 2], [7, 3], [8, 3]];
    reached.forEach((distances, reach) => assert.deepEqual(distancesOf(reach), distances));
    assert.deepEqual(distancesOf(100), [8, 3]);
    assert.deepEqual(distancesOf(-1), []);
    assert.equal(REACH_MOST, 8);
});

/** The frames of packets FROM to UNTIL out of what a browser makes of them. */
function through(copier: Copier, from: number, until: number, startsAt = 0): Uint8Array[] {
    return Array.from({ length: until - from }, (_, i) => copier.take(chromium(from + i), (startsAt + (from + i) * FRAME) >>> 0));
}

test('a reach of 0 leaves frames as they come', () => {
    const copier = new Copier();
    const frame = chromium(3);
    assert.equal(copier.take(frame, 3 * FRAME), frame);
});

test('copies are of the packets so many back, also over the end of the timestamps', () => {
    for (let reach = 1; reach <= REACH_MOST; reach++) {
        const copier = new Copier();
        copier.reach = reach;
        const frames = through(copier, 0, 40, 0xffff_ffff - 20 * FRAME);
        frames.forEach((frame, n) => {
            const expected = distancesOf(reach).filter((distance) => distance <= n)
                .map((distance) => ({ offset: distance * FRAME, data: [...opus(n - distance)] }));
            assert.deepEqual(blocksOf(frame), [...expected, { offset: 0, data: [...opus(n)] }]);
        });
    }
});

test('a run of losses as long as the reach takes nothing', () => {
    for (let reach = 1; reach <= REACH_MOST; reach++) {
        const copier = new Copier();
        copier.reach = reach;
        const came = new Set<number>();
        through(copier, 0, 60).forEach((frame, n) => {
            if (n >= 20 && n < 20 + reach) return;
            for (const { offset } of blocksOf(frame)) came.add(n - offset / FRAME);
        });
        assert.equal(came.size, 60);
    }
});

test('another reach, or none, holds from the next packet on', () => {
    const copier = new Copier();
    through(copier, 0, 20);
    copier.reach = 8;
    assert.deepEqual(blocksOf(through(copier, 20, 21)[0]!).map((one) => one.offset), [8 * FRAME, 3 * FRAME, 0]);
    copier.reach = 0;
    assert.deepEqual([...through(copier, 21, 22)[0]!], [...chromium(21)]);
});

test('silence is not sent again', () => {
    const copier = new Copier();
    copier.reach = 2;
    const take = (one: Packet) => blocksOf(copier.take(plain(one), one.timestamp));
    take(packet(0));
    take(packet(1, 2));
    assert.deepEqual(take(packet(2)).map((one) => one.offset), [2 * FRAME, 0]);
    assert.deepEqual(take(packet(3)).map((one) => one.offset), [FRAME, 0]);
});

/* Its receiver tells a copy's number by its time: across a pause it would be another packet's. */
test('across a pause there are no copies', () => {
    const copier = new Copier();
    copier.reach = 4;
    const offsets = Array.from({ length: 20 }, (_, n) => {
        const at = n < 10 ? n * FRAME : (n + 5) * FRAME; /* DTX: 100 ms without a packet */
        return blocksOf(copier.take(plain(packet(n, 40, at)), at)).map((one) => one.offset / FRAME);
    });
    assert.deepEqual(offsets.slice(9, 15), [[4, 2, 0], [0], [0], [2, 0], [2, 0], [4, 2, 0]]);
});

test('nor from packets of another length', () => {
    const earlier = [packet(0, 40, 0), packet(1, 40, 960), packet(2, 40, 1920), packet(3, 40, 4800)];
    assert.deepEqual(blocksOf(withCopies(packet(4, 40, 7680), earlier, 2)).map((one) => one.offset), [5760, 2880, 0]);
    assert.deepEqual(blocksOf(withCopies(packet(4, 40, 7680), earlier, 3)).map((one) => one.offset), [2880, 0]);
});

test('a copy has bits for its time and its size, and a packet room for it', () => {
    const offsets = (frame: Uint8Array) => blocksOf(frame).map((one) => one.offset);
    const long = [0, 1, 2, 3].map((n) => packet(n, 40, n * 5760)); /* of 120 ms */
    assert.deepEqual(offsets(withCopies(packet(4, 40, 4 * 5760), long, 3)), [5760, 0]);
    assert.deepEqual(offsets(withCopies(packet(4, 40, 4 * 5760), long, 2)), [2 * 5760, 5760, 0]);
    assert.deepEqual(offsets(withCopies(packet(1), [packet(0, 1024)], 1)), [0]);
    assert.deepEqual(offsets(withCopies(packet(1), [packet(0, 1023)], 1)), [FRAME, 0]);
    const large = [0, 1, 2].map((n) => packet(n, 500));
    const full = withCopies(packet(3, 500), large, 3);
    assert.deepEqual(offsets(full), [3 * FRAME, 0], 'the farther one outlives a run');
    assert.ok(full.length <= 1100);
    assert.deepEqual(offsets(withCopies(packet(3, 1090), large, 3)), [0]);
});
