// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallState } from '../shared/call';
import type { ParticipantView } from '../shared/messages';
import { NO_VISIT, type VisitState } from '../shared/visit_state';
import { ownMediaFault } from './own_media';
import { bothConnected, goneOf, likelyOutcome, lineOf, screenOf, type CallFacts } from './call_state';

const PATIENT: ParticipantView = {
    id: 'p',
    role: 'patient',
    name: 'Siti Aminah',
    present: true,
    audio: 'on',
    video: 'on',
    in_call: true,
};

function facts(
    state: string,
    visit: Partial<VisitState> = {},
    patient: Partial<ParticipantView> = {},
    call: CallState = 'connected',
): CallFacts {
    const view = {
        id: 'v',
        code: '7KQM2',
        state,
        starts_at_ms: 0,
        facility: '',
        clinic: '',
        doctor: '',
        phone: '',
        queue: null,
        way: 'video', late_minutes: 0, unanswered: false, asks_consent: false, group: null,
        ended_at_ms: null,
    };
    return {
        visit: { ...NO_VISIT, status: 'open', visit: view, others: [{ ...PATIENT, ...patient }], ...visit },
        call,
        talked: state === 'in_call',
    };
}

test('a call goes from connecting over calling and joining to talking', () => {
    assert.equal(screenOf({ visit: NO_VISIT, call: 'closed', talked: false }), 'connecting');
    assert.equal(screenOf(facts('checked_in')), 'connecting');
    assert.equal(screenOf(facts('called')), 'calling');
    assert.equal(screenOf({ ...facts('in_call'), talked: false }), 'joining');
    assert.equal(screenOf(facts('in_call')), 'talking');
    assert.ok(bothConnected(facts('in_call').visit, 'connected'));
    assert.ok(!bothConnected(facts('in_call').visit, 'interrupted'));
    assert.ok(!bothConnected(facts('in_call', {}, { in_call: false }).visit, 'connected'));
});

test('a second tab, an end and a refusal each have their screen', () => {
    assert.equal(screenOf(facts('called', { status: 'occupied' })), 'occupied');
    assert.equal(screenOf(facts('in_call', { status: 'replaced' })), 'replaced');
    assert.equal(screenOf(facts('in_call', { ended: { state: 'done', by: 'doctor' } })), 'ended');
    assert.equal(screenOf(facts('in_call', { status: 'refused' })), 'failed');
    assert.equal(screenOf(facts('cancelled_patient')), 'ended');
    assert.equal(screenOf(facts('left_without_being_seen')), 'ended');
});

test('our own loss is told before the patient’s', () => {
    assert.equal(lineOf(facts('in_call', { status: 'restarting', lostSinceMs: 1 })), 'restarting');
    assert.equal(lineOf(facts('in_call', { status: 'lost' })), 'lost');
    assert.equal(lineOf(facts('in_call', { lost: ['p'] }, {}, 'interrupted')), 'lost');
    assert.equal(lineOf(facts('in_call', { lost: ['p'] }, { present: false })), 'patient_lost');
    assert.equal(lineOf(facts('in_call', {}, { present: false })), 'patient_left');
    assert.equal(lineOf(facts('called', {}, { present: false })), 'absent');
    assert.equal(lineOf(facts('called', { notReady: true })), 'not_ready');
});

test('a patient who is gone leaves no picture standing; our own loss keeps it', () => {
    assert.equal(goneOf(facts('in_call')), null);
    assert.equal(goneOf(facts('in_call', {}, { present: false })), 'patient_left');
    assert.equal(goneOf(facts('in_call', { lost: ['p'] })), 'patient_lost');
    assert.equal(goneOf(facts('in_call', { status: 'lost', lost: ['p'] })), null);
    assert.equal(goneOf(facts('called', {}, { present: false })), null);
});

test('sound matters more than picture', () => {
    assert.equal(lineOf(facts('in_call')), null);
    assert.equal(lineOf(facts('in_call', {}, { video: 'off' })), 'video_off');
    assert.equal(lineOf(facts('in_call', {}, { video: 'none', audio: 'denied' })), 'audio_none');
    assert.equal(lineOf(facts('called', {}, { video: 'off' })), null);
});

test('who never came in is not offered as done', () => {
    assert.equal(likelyOutcome(false, false), 'no_show_patient');
    assert.equal(likelyOutcome(false, true), 'tech_failed');
    assert.equal(likelyOutcome(true, true), 'done');
});

test('the doctor is told what the patient cannot see or hear', () => {
    assert.equal(ownMediaFault({ audio: 'on', video: 'on' }), null);
    assert.equal(ownMediaFault({ audio: 'off', video: 'off' }), null);
    assert.equal(ownMediaFault({ audio: 'on', video: 'denied' }), 'your_camera_denied');
    assert.equal(ownMediaFault({ audio: 'busy', video: 'off' }), 'your_mic_busy');
    assert.equal(ownMediaFault({ audio: 'none', video: 'denied' }), 'your_media_denied');
});

test('a picture that stands still says why, after what matters more', () => {
    const talking = facts('in_call');
    for (const paused of ['picture_receiver_link', 'picture_sender_link', 'picture_stills'] as const)
        assert.equal(lineOf({ ...talking, paused }), paused);
    assert.equal(lineOf({ ...talking, paused: null }), null);
    assert.equal(lineOf({ ...facts('in_call', {}, { audio: 'off' }), paused: 'picture_stills' }), 'audio_off');
    assert.equal(lineOf({ ...facts('in_call', {}, { video: 'off' }), paused: 'picture_sender_link' }), 'video_off');
    assert.equal(lineOf({ ...facts('in_call', {}, {}, 'interrupted'), paused: 'picture_stills' }), 'lost');
});

test('a guest who was chosen and stands still is not called the patient', () => {
    const chosen = { ...facts('in_call', {}, { video: 'off' }), isGuest: true };
    assert.equal(lineOf({ ...chosen, paused: 'picture_sender_link' }), 'guest_sender_link');
    assert.equal(lineOf({ ...chosen, paused: 'picture_receiver_link' }), 'picture_receiver_link');
    assert.equal(lineOf({ ...chosen, paused: null }), 'video_off');
    assert.equal(lineOf({ ...facts('in_call', {}, { audio: 'off' }), isGuest: true, paused: 'picture_sender_link' }), 'audio_off');
});
