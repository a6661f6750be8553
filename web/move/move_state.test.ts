// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facility, JoinReply, Slot, SlotsReply } from '../shared/api_types';
import { en } from '../shared/strings/move.en';
import { id } from '../shared/strings/move.id';
import { pickDays } from '../shared/widgets/slot_picker';
import { doctorOf, isOtherDoctor, mayCancel, moveScreen, placeOf, speaksOfConsent } from './move_state';

const visit = (state: string, cancels_until_ms: number | null = 500) =>
    ({ state, moves_until_ms: 1000, cancels_until_ms }) as JoinReply['visit'];

test('what may be done hangs on the state, and while booked on the time', () => {
    assert.equal(moveScreen(visit('booked'), 1000), 'open');
    assert.equal(moveScreen(visit('booked'), 1001), 'too_late');
    assert.equal(moveScreen(visit('requested'), 10 ** 9), 'asked');
    for (const state of ['no_show_patient', 'no_show_doctor', 'left_without_being_seen', 'tech_failed'])
        assert.equal(moveScreen(visit(state), 10 ** 9), 'missed', state);
    for (const state of ['checked_in', 'called', 'in_call', 'done', 'cancelled_patient', 'rescheduled'])
        assert.equal(moveScreen(visit(state), 0), 'closed', state);
});

test('who has no place any more chooses at any time, also out of the waiting room', () => {
    for (const state of ['booked', 'checked_in', 'called'])
        assert.equal(moveScreen({ ...visit(state), unplaced: true }, 10 ** 9), 'open', state);
    for (const state of ['in_call', 'done', 'cancelled_patient', 'rescheduled'])
        assert.equal(moveScreen({ ...visit(state), unplaced: true }, 0), 'closed', state);
});

test('the patient cancels what is asked for, and what is booked until its time', () => {
    const at = (server_ms: number, it: JoinReply['visit'], guest: JoinReply['guest'] = null) => mayCancel({ visit: it, guest, server_ms });
    assert.equal(at(500, visit('booked')), true);
    assert.equal(at(501, visit('booked')), false);
    assert.equal(at(10 ** 9, visit('booked', null)), true, 'at any time');
    assert.equal(at(10 ** 9, visit('requested')), true);
    assert.equal(at(0, visit('booked'), 'family'), false, 'a guest');
    for (const state of ['checked_in', 'called', 'in_call', 'done', 'no_show_patient', 'cancelled_patient', 'rescheduled'])
        assert.equal(at(0, visit(state, null)), false, state);
});

test('the consent is the patient\'s, until the visit is over', () => {
    const reply = (state: string, guest: JoinReply['guest']) => ({ visit: visit(state), guest, server_ms: 0 });
    for (const state of ['requested', 'booked', 'checked_in', 'called', 'in_call'])
        assert.equal(speaksOfConsent(reply(state, null)), true, state);
    for (const state of ['done', 'no_show_patient', 'cancelled_patient', 'cancelled_provider', 'rescheduled', 'left_without_being_seen'])
        assert.equal(speaksOfConsent(reply(state, null)), false, state);
    assert.equal(speaksOfConsent(reply('booked', 'family')), false, 'a guest');
});

test('who has no place gives up at any time, but for a phone that rings', () => {
    const at = (state: string) => mayCancel({ visit: { ...visit(state, 0), unplaced: true }, guest: null, server_ms: 10 ** 9 });
    assert.deepEqual(['booked', 'checked_in', 'called'].map(at), [true, true, false]);
});

test('what is left of where the visit was to be, and whose times are offered', () => {
    const clinic = (id: string, ...doctors: string[]) => ({ id, name: id, doctors: doctors.map((one) => ({ id: one, name: one })) });
    const facility = (name: string, ...clinics: Facility['clinics']) => ({ name, phone: '0', clinics }) as unknown as Facility;
    const booked = { ...visit('booked'), facility: 'f', phone: '0', clinic_id: 'k', doctor_id: 'd' };
    const [own, teeth] = [clinic('k', 'd', 'e'), clinic('t')];
    assert.deepEqual(placeOf(booked, [facility('g'), facility('f', own, teeth)]), { clinic: own, others: [teeth] });
    assert.deepEqual(placeOf(booked, [facility('f', teeth)]), { clinic: null, others: [teeth] });
    assert.equal(placeOf(booked, [facility('g', teeth)]), null);
    assert.equal(doctorOf(booked, null), 'd');
    assert.equal(doctorOf(booked, own), 'd');
    assert.equal(doctorOf(booked, teeth), null, 'has left the clinic');
    assert.equal(doctorOf({ ...booked, unplaced: true }, own), null);
});

test('of two who have the same time it is the own doctor', () => {
    const slot = (doctor: string, starts_at_ms: number) => ({ doctor, starts_at_ms, ends_at_ms: 0, session: null });
    const reply = { days: [{ date: '2026-12-01', slots: [slot('c', 1), slot('d', 1), slot('c', 2)] }] } as unknown as SlotsReply;
    const whose = (first: string | null) => pickDays(reply, first).map(({ slots }) => slots.map((one) => one.doctor).join());
    assert.deepEqual([whose('d'), whose(null)], [['d,c'], ['c,c']]);
});

test('both languages fill in the same names', () => {
    const names = (text: string) => [...new Set(text.match(/\{\w+/g) ?? [])].sort();
    for (const key of Object.keys(id) as (keyof typeof id)[]) assert.deepEqual(names(en[key]), names(id[key]), key);
});

test('a time that brings another doctor is told from the own one\'s, and from whoever is free', () => {
    const own = { ...visit('booked'), doctor_id: 'a', any_doctor: false };
    const any = { ...visit('booked'), doctor_id: null, any_doctor: true };
    const at = (doctor: string, session: Slot['session'] = null) => ({ doctor, session, starts_at_ms: 1 }) as Slot;
    const session = { left: 1 } as NonNullable<Slot['session']>;
    assert.deepEqual([isOtherDoctor(own, at('a')), isOtherDoctor(own, at('b')), isOtherDoctor(own, at('b', session))], [false, true, true]);
    assert.deepEqual([isOtherDoctor(any, at('a')), isOtherDoctor(any, at('a', session))], [false, true]);
});
