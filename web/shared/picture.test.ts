// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParticipantView, PictureState } from './messages';
import type { RemoteTrack } from './peer';
import { isShown, pausedWords, personOn, pictureOf, pictureWords, stageOf } from './picture';

function remote(mid: string, kind: 'audio' | 'video', participant: string | null): RemoteTrack {
    return { mid, kind, participant, picture: 'none', track: {} as MediaStreamTrack };
}

test('the picture is the other person’s, then anybody’s, then the first', () => {
    const remotes = [remote('0', 'audio', 'd'), remote('1', 'video', null), remote('2', 'video', 'x'),
        remote('3', 'video', 'd')];
    assert.equal(pictureOf(remotes, 'd')?.mid, '3');
    assert.equal(pictureOf(remotes, 'gone')?.mid, '2');
    assert.equal(pictureOf(remotes, undefined)?.mid, '2');
    assert.equal(pictureOf(remotes.slice(0, 2), undefined)?.mid, '1');
    assert.equal(pictureOf(remotes.slice(0, 1), 'd'), null);
});

test('whose picture was chosen fills the stage while there is one', () => {
    const remotes = [remote('0', 'audio', 'x'), remote('1', 'video', 'x'), remote('3', 'video', 'd')];
    assert.deepEqual(stageOf(remotes, 'x', 'd'), { person: 'x', picture: remotes[1] });
    assert.deepEqual(stageOf(remotes, null, 'd'), { person: 'd', picture: remotes[2] });
    assert.deepEqual(stageOf(remotes.slice(2), 'x', 'd'), { person: 'd', picture: remotes[2] });
    assert.deepEqual(stageOf([], 'x', undefined), { person: undefined, picture: null });
});

test('where the doctor has no camera the interpreter’s hands fill the stage, as theirs', () => {
    const remotes = [remote('0', 'audio', 'd'), remote('1', 'video', null), remote('2', 'video', 'x')];
    assert.deepEqual(stageOf(remotes, null, 'd'), { person: 'x', picture: remotes[2] });
    assert.deepEqual(stageOf(remotes, 'gone', 'd'), { person: 'x', picture: remotes[2] });
    const unknown = remotes.slice(0, 2);
    assert.deepEqual(stageOf(unknown, null, 'd'), { person: 'd', picture: unknown[1] }, 'until it is said whose it is');
});

test('a paused picture is not shown though its last frames just came, a still is though none came', () => {
    const shown = (moves: boolean) =>
        (['moving', 'none', 'stills', 'receiver-link', 'sender-link'] as PictureState[]).map((one) => isShown(one, moves));
    assert.deepEqual(shown(true), [true, true, true, false, false]);
    assert.deepEqual(shown(false), [false, false, true, false, false]);
});

test('each reason has its sentence, a moving picture none', () => {
    assert.equal(pictureWords('receiver-link'), 'picture_receiver_link');
    assert.equal(pictureWords('sender-link'), 'picture_sender_link');
    assert.equal(pictureWords('stills'), 'picture_stills');
    assert.equal(pictureWords('moving') ?? pictureWords('none'), null);
});

function person(id: string, video: ParticipantView['video']): ParticipantView {
    return { id, role: 'guest', name: '', present: true, audio: 'on', video, in_call: true };
}

test('who is on the stage is whose picture was chosen, not who usually is', () => {
    const remotes = [remote('1', 'video', 'x'), remote('3', 'video', 'd')];
    const others = [person('d', 'on'), person('x', 'on')];
    assert.equal(personOn(stageOf(remotes, 'x', 'd'), others)?.id, 'x');
    assert.equal(personOn(stageOf(remotes, null, 'd'), others)?.id, 'd');
    assert.equal(personOn(stageOf(remotes, 'x', 'd'), others.slice(0, 1)), null);
});

test('a picture that stands still says why, one that nobody sends does not', () => {
    const paused = { ...remote('1', 'video', 'x'), picture: 'sender-link' as const };
    assert.equal(pausedWords(paused, person('x', 'on')), 'picture_sender_link');
    assert.equal(pausedWords(paused, person('x', 'screen')), 'picture_sender_link');
    assert.equal(pausedWords(paused, null), 'picture_sender_link');
    assert.equal(pausedWords(paused, person('x', 'off')), null);
    assert.equal(pausedWords({ ...paused, picture: 'moving' }, person('x', 'on')), null);
    assert.equal(pausedWords(null, person('x', 'on')), null);
});
