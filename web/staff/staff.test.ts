// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemFrom } from '../shared/api';
import { Coalescer, type Timers } from './coalesce';
import { consentBody, hasName } from './consent_state';
import { watchPause } from './day_watch';
import { countDays, firstOfMonth, isDate, rangeWords } from './dates';
import { doctorsOf } from '../desk/doctors';
import { asksCame, beginningOf, byGroup, callableOf, currentCall, isExpected, matches, personMarks, unansweredOf, urgentFirst, waitingMinutes } from './day';
import { isLost, othersOf, takesOthers } from './move_doctors';
import { pickDays } from '../shared/widgets/slot_picker';
import { loginFault, waitWords } from './login_state';
import { afterLogin, loginPath, reasonOf } from './session';
import { noteServerTime, serverNow, serverToday } from './server_clock';
import { staffEn } from './strings/en';
import { staffId } from './strings/id';
import type { Contact, DayVisit, VisitState } from './types';

function visit(number: string, state: VisitState, more: Partial<DayVisit> = {}): DayVisit {
    return {
        id: `id-${number}`,
        code: '7KQM2',
        number,
        state,
        patient: 'Siti Aminah',
        age: 72,
        sex: 'P',
        doctor: 'dr. Rahmat Hasan',
        clinic: 'Poli Umum',
        starts_at_ms: 1_000_000,
        checked_in_at_ms: null,
        present: false,
        due_from_ms: 0,
        waiting_minutes: null,
        place: null,
        any_doctor: false,
        walk_in: false,
        extra: false,
        clinic_id: 'clinic',
        service: null,
        service_id: null,
        assisted: false,
        contact: null,
        group: null,
        consent: true,
        consent_withdrawn: false,
        overlaps: false,
        nik: true,
        way: 'video',
        to_phone: false,
        came: null,
        unanswered_since_ms: null,
        doctor_id: 'doctor',
        delayed: false,
        day_before: false,
        other_doctor_why: null,
        unplaced: false,
        no_phone: false,
        no_messages: false,
        urgent: false,
        link: null,
        reason: null,
        lang: 'id',
        interpreter: false,
        returning: false,
        ...more,
    };
}

test('what a call is prepared for', () => {
    const marks = (more: Partial<DayVisit>) => personMarks(visit('A-1', 'checked_in', more));
    assert.deepEqual(marks({}), []);
    assert.deepEqual(marks({ age: null }), []);
    assert.deepEqual([marks({ age: 18 }), marks({ age: 17 })], [[], ['child_alone']]);
    assert.deepEqual(marks({ age: 0, contact: { name: 'Rina Hasan', relation: 'parent' } }), ['child']);
    assert.deepEqual(marks({ interpreter: true, lang: 'en', returning: true }), ['interpreter', 'english', 'returning']);
});

test('a list has the beginning of a reason, by whole words', () => {
    assert.equal(beginningOf('Batuk tiga hari', 15), 'Batuk tiga hari');
    assert.equal(beginningOf('Batuk tiga hari', 14), 'Batuk tiga…');
    assert.equal(beginningOf('Batuk tiga hari', 11), 'Batuk tiga…');
    assert.equal(beginningOf('Batuk tiga hari', 10), 'Batuk…');
    assert.equal(beginningOf('Batuk tiga hari', 4), 'Bat…');
});

test('who waits unanswered or was not phoned: the longest first, and nobody who was called or phoned meanwhile', () => {
    const lines = unansweredOf([
        visit('A-1', 'checked_in', { unanswered_since_ms: 900 }),
        visit('A-2', 'called', { unanswered_since_ms: 100 }),
        visit('A-3', 'checked_in'),
        visit('A-4', 'checked_in', { unanswered_since_ms: 300, unplaced: true }),
        visit('A-5', 'booked', { way: 'phone', to_phone: true, unanswered_since_ms: 500 }),
        visit('A-6', 'booked', { way: 'phone', unanswered_since_ms: 200 }),
    ], (one) => one.number);
    assert.deepEqual(lines, [
        { id: 'id-A-4', words: 'A-4', since_ms: 300, to_phone: false, other_doctor_why: null, unplaced: true },
        { id: 'id-A-5', words: 'A-5', since_ms: 500, to_phone: true, other_doctor_why: null, unplaced: false },
        { id: 'id-A-1', words: 'A-1', since_ms: 900, to_phone: false, other_doctor_why: null, unplaced: false },
    ]);
});

test('who was asked to come is expected until somebody has said whether they did', () => {
    const expected = (state: VisitState, came: boolean | null) => isExpected(visit('A-1', state, { came }));
    assert.deepEqual([null, true, false].map((came) => expected('converted_in_person', came)), [true, false, false]);
    assert.ok(!expected('done', null));
});

test('the desk speaks of each doctor of the day once, with what was said', () => {
    const visits = [
        visit('A-1', 'checked_in', { doctor_id: 'b', doctor: 'dr. Yusuf' }),
        visit('A-2', 'booked', { doctor_id: 'a', doctor: 'dr. Ani' }),
        visit('A-3', 'booked', { doctor_id: 'b', doctor: 'dr. Yusuf' }),
    ];
    assert.deepEqual(doctorsOf({ date: '2026-11-24', visits, late: [{ doctor: 'b', minutes: 20 }], server_ms: 0 }), [
        { id: 'a', name: 'dr. Ani', minutes: 0 },
        { id: 'b', name: 'dr. Yusuf', minutes: 20 },
    ]);
});

test('who waits stands in the server’s order, whatever the times say', () => {
    const list = byGroup([
        visit('A-1', 'checked_in', { starts_at_ms: 1, place: 3 }),
        visit('A-2', 'checked_in', { starts_at_ms: 2, place: 1, urgent: true }),
        visit('A-3', 'checked_in', { starts_at_ms: 3, place: 2 }),
    ]);
    assert.deepEqual(list.waiting.map((v) => v.number), ['A-2', 'A-3', 'A-1']);
});

test('an emergency that is not over stands before all others, which keep their order', () => {
    const list = urgentFirst([
        visit('A-1', 'checked_in'),
        visit('A-2', 'done', { urgent: true }),
        visit('A-3', 'booked', { urgent: true }),
        visit('A-4', 'booked'),
    ]);
    assert.deepEqual(list.map((v) => v.number), ['A-3', 'A-1', 'A-2', 'A-4']);
});

test('whoever the permit of all or of the reader keeps back is not offered to be called', () => {
    const of = (clinic_id: string, other_doctor_why: DayVisit['other_doctor_why']) => visit('A-1', 'checked_in', { clinic_id, other_doctor_why });
    const may = (...visits: DayVisit[]) => visits.map(callableOf(visits));
    assert.deepEqual(may(of('a', null), of('a', 'doctor_on_leave'), of('a', 'nobody_works'), of('a', 'nobody_may')), [true, true, true, false]);
    assert.deepEqual(may(of('a', 'doctor_permit_over'), of('a', null), of('b', null)), [false, false, true], 'and all of that clinic');
});

test('the list goes by start, then by arrival, then by number as a number', () => {
    const list = byGroup([
        visit('A-10', 'booked'),
        visit('A-9', 'booked'),
        visit('A-2', 'done'),
        visit('A-11', 'checked_in', { checked_in_at_ms: 9 }),
        visit('A-12', 'checked_in', { checked_in_at_ms: 5 }),
    ]);
    assert.deepEqual(list.coming.map((v) => v.number), ['A-9', 'A-10']);
    assert.deepEqual(list.waiting.map((v) => v.number), ['A-12', 'A-11']);
    assert.deepEqual(list.over.map((v) => v.number), ['A-2']);
    assert.equal(currentCall([visit('A-1', 'in_call')])?.number, 'A-1');
});

test('waiting is counted by the server’s clock and only for who waits', () => {
    const waits = visit('A-1', 'checked_in', { checked_in_at_ms: 60_000 });
    assert.equal(waitingMinutes(waits, 60_000 + 7 * 60_000 + 59_000), 7);
    assert.equal(waitingMinutes(waits, 0), 0);
    assert.equal(waitingMinutes(visit('A-1', 'booked', { checked_in_at_ms: 1 }), 10 ** 9), null);
});

test('the search looks at name, number, code and doctor', () => {
    const one = visit('A-12', 'booked');
    for (const query of ['', ' siti', 'a-12', '7kq', 'RAHMAT']) assert.ok(matches(one, query), query);
    assert.ok(!matches(one, 'Budi'));
});

test('a log-in returns only to a page of the role', () => {
    assert.equal(afterLogin('doctor', '?ke=%2Fdokter%2F01HQ'), '/dokter/01HQ');
    assert.equal(afterLogin('doctor', '?ke=%2Fkantor'), '/dokter');
    assert.equal(afterLogin('desk', ''), '/loket');
    assert.equal(afterLogin('office', '?ke=https://elsewhere.example/'), '/kantor');
    assert.equal(afterLogin('doctor', '?ke=//elsewhere.example'), '/dokter');
    for (const role of ['admin', 'coordinator'] as const) assert.equal(afterLogin(role, ''), '/pengaturan');
    assert.equal(afterLogin('desk', '?ke=%2Fpengaturan'), '/loket');
    for (const role of ['doctor', 'desk', 'admin', 'coordinator'] as const) assert.equal(afterLogin(role, '?ke=%2Fjadwal'), '/jadwal');
    assert.equal(afterLogin('officer', ''), '/kecamatan');
    assert.equal(afterLogin('officer', '?ke=%2Fjadwal'), '/kecamatan');
    assert.equal(afterLogin('desk', '?ke=%2Fpasien-ganda'), '/pasien-ganda');
    assert.equal(afterLogin('coordinator', '?ke=%2Fpasien-ganda'), '/pengaturan');
    assert.equal(afterLogin('office', '?ke=%2Fjadwal'), '/kantor');
    assert.equal(afterLogin('coordinator', '?ke=%2Fkejadian'), '/kejadian');
    assert.equal(afterLogin('doctor', '?ke=%2Fkejadian'), '/dokter');
    assert.equal(afterLogin('desk', '?ke=%2Fpos'), '/pos');
    for (const role of ['desk', 'coordinator'] as const) assert.equal(afterLogin(role, '?ke=%2Floket%2Fdaftar'), '/loket/daftar');
    assert.equal(afterLogin('officer', '?ke=%2Floket%2Fdaftar'), '/kecamatan');
    assert.equal(afterLogin('coordinator', '?ke=%2Floket'), '/pengaturan');
    assert.equal(loginPath('/loket/daftar', 'habis'), '/masuk?ke=%2Floket%2Fdaftar&habis=1');
    assert.equal(afterLogin('doctor', '?ke=%2Ftanya%2F01HQ'), '/tanya/01HQ');
    assert.equal(afterLogin('coordinator', '?ke=%2Ftanya'), '/tanya');
    assert.equal(afterLogin('desk', '?ke=%2Ftanya'), '/loket');
    assert.equal(afterLogin('doctor', '?ke=%2Fpos'), '/dokter');
    assert.equal(loginPath('/dokter/01HQ'), '/masuk?ke=%2Fdokter%2F01HQ');
    assert.equal(loginPath('/v/secret'), '/masuk');
    assert.equal(loginPath('/kantor', 'habis'), '/masuk?ke=%2Fkantor&habis=1');
    assert.equal(reasonOf('?keluar=1'), 'keluar');
    assert.equal(reasonOf('?ke=%2Fkantor'), null);
});

test('dates that do not exist are refused', () => {
    assert.ok(isDate('2028-02-29'));
    for (const bad of ['2026-02-30', '2026-13-01', '', '2026-1-1', '26-01-01']) {
        assert.ok(!isDate(bad), bad);
    }
    assert.equal(countDays('2026-12-31', '2027-01-01'), 2);
    assert.equal(firstOfMonth('2026-11-24'), '2026-11-01');
});

test('both languages fill in the same names', () => {
    const names = (text: string) => [...new Set(text.match(/\{\w+/g) ?? [])].sort();
    for (const key of Object.keys(staffId) as (keyof typeof staffId)[]) {
        assert.deepEqual(names(staffEn[key]), names(staffId[key]), key);
        assert.notEqual(staffEn[key].trim(), '', key);
    }
});

class HandTimers implements Timers {
    private due: (() => void)[] = [];
    set(run: () => void): unknown {
        this.due.push(run);
        return run;
    }
    clear(timer: unknown): void {
        this.due = this.due.filter((run) => run !== timer);
    }
    fire(): void {
        const due = this.due;
        this.due = [];
        due.forEach((run) => run());
    }
    get waiting(): number {
        return this.due.length;
    }
}

test('many changes are one reading, and one more when they came during it', async () => {
    const timers = new HandTimers();
    const finish: (() => void)[] = [];
    let readings = 0;
    const read = () => {
        readings++;
        return new Promise<void>((resolve) => finish.push(resolve));
    };
    const coalescer = new Coalescer(read, 100, timers);
    for (let i = 0; i < 10; i++) coalescer.poke();
    assert.equal(timers.waiting, 1);
    timers.fire();
    assert.equal(readings, 1);
    coalescer.poke();
    coalescer.poke();
    assert.equal(timers.waiting, 0);
    finish.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(timers.waiting, 1);
    timers.fire();
    assert.equal(readings, 2);
    coalescer.stop();
    finish.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
    coalescer.poke();
    assert.equal(timers.waiting, 0);
});

test('a token for the socket is asked for with growing pauses, a minute at most', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 40].map(watchPause), [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('each refusal of a log-in is told apart', () => {
    const kind = (status: number, type: string, retry: string | null = null) =>
        loginFault(problemFrom(status, { type: `/masalah/${type}` }, retry));
    assert.deepEqual(kind(401, 'wrong-password'), { kind: 'wrong' });
    assert.deepEqual(kind(403, 'account-disabled'), { kind: 'disabled' });
    assert.deepEqual(kind(429, 'too-many-requests', '90'), { kind: 'too_many', retryAfterS: 90 });
    assert.equal(kind(500, 'internal').kind, 'other');
    assert.equal(loginFault(new Error('network')).kind, 'other');
    assert.deepEqual(waitWords(89.2), { unit: 'seconds', n: 90 });
    assert.deepEqual(waitWords(121), { unit: 'minutes', n: 3 });
});

test('a range says month and year once where both days share them', () => {
    assert.equal(rangeWords('2026-11-18', '2026-11-24'), '18–24 November 2026');
    assert.equal(rangeWords('2026-10-28', '2026-11-03'), '28 Oktober – 3 November 2026');
    assert.equal(rangeWords('2025-11-25', '2026-11-24'), '25 November 2025 – 24 November 2026');
});

test('what day it is, the server says, whatever the own clock thinks', () => {
    for (const [now, day] of [['2031-02-28T15:59:00Z', '2031-02-28'], ['2031-02-28T16:01:00Z', '2031-03-01'], ['2019-12-31T17:00:00Z', '2020-01-01']]) {
        noteServerTime(Date.parse(now!));
        assert.ok(Math.abs(serverNow() - Date.parse(now!)) < 1000);
        assert.equal(serverToday(), day);
    }
    noteServerTime(Date.now());
});

test('for a child whom nobody was named with, who is there agrees and is named; else as before', () => {
    const along = { name: ' Rina Hasan ', relation: 'parent' } as const;
    const by = (age: number | null, contact: Contact | null) => consentBody({ age, contact }, 3, 'patient', along);
    const said = { version: 3, how: 'read_aloud' };
    assert.deepEqual(by(13, null), { ...said, by: 'contact', contact_name: 'Rina Hasan', contact_relation: 'parent' });
    assert.deepEqual(by(14, null), { ...said, by: 'patient' });
    assert.deepEqual(by(13, along), { ...said, by: 'contact' });
    assert.deepEqual(by(18, along), { ...said, by: 'patient' });
    assert.deepEqual(by(null, null), { ...said, by: 'patient' });
    assert.deepEqual([hasName({ ...along, name: ' R ' }), hasName(along)], [false, true]);
});

test('whether they came is asked of who was to come, once it is over and no arrival is noted', () => {
    const asks = (state: VisitState, way: DayVisit['way'], checkedInAtMs: number | null = null) =>
        asksCame({ state, way, checked_in_at_ms: checkedInAtMs });
    assert.deepEqual([asks('converted_in_person', 'video', 1), asks('done', 'in_person')], [true, true]);
    assert.deepEqual([asks('done', 'in_person', 1), asks('done', 'video'), asks('booked', 'in_person')], [false, false, false]);
});

test('a move offers the other doctors, by name, to whose own one does not see them', () => {
    const facilities = [{ id: 'f', name: '', kind: '', area_code: '', area: '', address: '', phone: '',
        clinics: [{ id: 'clinic', name: 'Poli Umum', doctors: [{ id: 'own', name: 'dr. A' }, { id: 'other', name: 'dr. B' }] }] }];
    const at = (more: Partial<DayVisit>) => visit('A-1', 'checked_in', { doctor_id: 'own', ...more });
    const who = (more: Partial<DayVisit>) => [...othersOf(at(more), facilities).keys()].join();
    assert.deepEqual([{}, { unplaced: true }, { other_doctor_why: 'doctor_on_leave' as const }].map((one) => takesOthers(at(one))), [false, true, true]);
    assert.equal(takesOthers(at({ any_doctor: true, other_doctor_why: 'nobody_works' })), false, 'has all doctors as it is');
    assert.deepEqual([isLost(at({ unplaced: true })), isLost(at({ other_doctor_why: 'doctor_on_leave' }))], [false, true]);
    assert.deepEqual([who({ unplaced: true }), who({ other_doctor_why: 'doctor_on_leave' })], ['own,other', 'own,other'], 'another day');
    assert.equal(who({ other_doctor_why: 'doctor_permit_over' }), 'other');
    const slot = (doctor: string) => ({ doctor, starts_at_ms: 1, ends_at_ms: 2, session: null });
    const days = [{ date: '2026-11-24', slots: ['third', 'other', 'own'].map(slot) }];
    const named = othersOf(at({ unplaced: true }), facilities);
    const offered = pickDays({ days, server_ms: 0 } as unknown as Parameters<typeof pickDays>[0], 'own', named);
    assert.deepEqual(offered.map(({ slots }) => slots.map((one) => one.doctor).join()), ['own,other'], 'each doctor of one time');
});
