// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParticipantView } from '../shared/messages';
import { groupBody, groupFaults, minutesOf, NO_FORM, startsAt } from './group_form';
import { handsFirst, isListOld, peopleOf, untoldOf, waitingOf } from './group_state';
import type { GroupVisit } from './types';

const FORM = { ...NO_FORM, title: ' Kelas  ibu hamil ', clinic: 'c', date: '2026-11-24', time: '9.30' };

test('a time is written with a dot or a colon, or as an hour', () => {
    assert.equal(minutesOf('9.30'), 570);
    assert.equal(minutesOf('09:30'), 570);
    assert.equal(minutesOf('14'), 840);
    for (const wrong of ['24.00', '9.60', '9.3', 'pagi', '']) assert.equal(minutesOf(wrong), null, wrong);
});

test('the moment is WITA, whatever the browser', () => {
    assert.equal(startsAt(FORM), Date.UTC(2026, 10, 24, 1, 30));
    assert.deepEqual(groupFaults(NO_FORM), ['title', 'date', 'time']);
    assert.deepEqual(groupFaults(FORM), []);
    assert.deepEqual(groupFaults({ ...FORM, title: 'a'.repeat(81) }), ['title']);
});

test('what is sent: one space between words, no doctor where the opener is meant', () => {
    assert.deepEqual(groupBody(FORM), { title: 'Kelas ibu hamil', clinic: 'c', starts_at_ms: Date.UTC(2026, 10, 24, 1, 30),
        minutes: 60, places: 5, open: false });
    assert.equal(groupBody({ ...FORM, doctor: 'd' }).doctor, 'd');
});

const visit = (place: number, state: GroupVisit['state']): GroupVisit =>
    ({ id: `v${place}`, participant: `p${place}`, code: 'C', number: `A-${place}`, state, patient: `Nama ${place}`, shown_name: null, place, no_phone: place === 2, no_messages: place === 3 });
const live = (place: number, more: Partial<ParticipantView>): ParticipantView =>
    ({ id: `p${place}`, role: 'patient', name: '', present: true, audio: 'on', video: 'on', in_call: false, place, ...more });

test('what the socket says of a visit is newer than the list', () => {
    const people = peopleOf([visit(2, 'checked_in'), visit(1, 'booked'), visit(3, 'in_call')],
        [live(1, { state: 'checked_in' }), live(2, { state: 'in_call', in_call: true, muted: true, hand: true })]);
    assert.deepEqual(people.map((one) => [one.place, one.standing]), [[1, 'waiting'], [2, 'in'], [3, 'away']]);
    assert.deepEqual(waitingOf(people).map((one) => one.id), ['p1']);
    assert.deepEqual(handsFirst(people).map((one) => one.place), [2, 1, 3]);
    assert.equal(people[1]?.muted, true);
});

test('whom no message reaches is named', () => {
    assert.deepEqual(untoldOf([1, 2, 3].map((place) => visit(place, 'booked'))), { inPerson: ['Nama 2'], byPhone: ['Nama 3'] });
    assert.deepEqual(untoldOf([visit(1, 'booked')]), { inPerson: [], byPhone: [] });
});

test('a list without somebody who came is old; who is out of it again is not missed', () => {
    assert.equal(isListOld([visit(1, 'booked')], [live(1, { state: 'checked_in' })]), false);
    assert.equal(isListOld([visit(1, 'booked')], [live(2, { state: 'checked_in' })]), true);
    assert.equal(isListOld([], [live(2, { state: 'cancelled_patient' })]), false);
    assert.equal(isListOld([], [{ ...live(2, {}), place: undefined, role: 'doctor' } as unknown as ParticipantView]), false);
});
