// SPDX-License-Identifier: Apache-2.0
// Issue 4, "Shows" 3: a whole clinic day, three doctors and thirteen visits of twelve patients, with the clock turned.
// What the queue, the numbers and the figures must be was worked out by hand from the rules of
// scheduling/booking/README.md; the comments say how.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import { acceptCall, allowDevices, byId, callScreen, endVisit, enterWaitingRoom, logIn, untilBothMedia, untilScreen } from './support/steps.mjs';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600_000;
const WITA_MS = 8 * 3600_000;
const PASSWORD = 'empat kata biasa berturut';
const stage = useStage({ hour: 7.5, patients: { party: PATIENT }, staff: { party: DOCTOR } });

/** The time of an hour of the day on which the test runs: 8.25 is a quarter past eight. */
const at = (hour) => {
    const local = stage.program.now() + WITA_MS;
    return local - (local % DAY_MS) - WITA_MS + hour * 60 * MINUTE_MS;
};
const turnTo = (hour) => stage.program.passTime(at(hour) - stage.program.now());

async function send(method, target, headers, body, status) {
    const reply = await stage.program.request(method, target, { headers, body });
    assert.equal(reply.status, status, `${target}: ${reply.text}`);
    return reply.text ? reply.json() : null;
}

/** Two more doctors beside the demo's, and a service with a nurse: {clinic, service, ids, logins}. */
async function setUp() {
    const { program } = stage;
    const { facilities } = await send('GET', '/api/v1/facilities', {}, undefined, 200);
    const facility = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const clinic = facility.clinics.find((one) => one.name === 'Poli Umum');
    const admin = await program.logIn(program.account('admin'));
    const { id: service } = await send('POST', '/api/v1/directory/services', admin, { clinic: clinic.id,
        name: 'Kunjungan didampingi', mode: 'assisted', duration_minutes: 15, price_rupiah: 0 }, 201);
    const doctors = [{ id: clinic.doctors[0].id, account: program.accounts().find((one) => one.name === clinic.doctors[0].name) }];
    for (const [login, name] of [['salma', 'dr. Salma Abdullah'], ['idris', 'dr. Idris Mohamad']]) {
        const { id } = await send('POST', '/api/v1/directory/practitioners', admin, { name, clinics: [clinic.id] }, 201);
        await send('POST', '/api/v1/accounts', admin, { login, name, role: 'doctor', facility: facility.id, practitioner: id,
            password: PASSWORD }, 201);
        await send('POST', `/api/v1/hours/${id}/rules`, admin, { clinic: clinic.id, weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00',
            to: '12:00', breaks: [], pattern: { mode: 'slots', slot_minutes: 15 },
            valid_from: new Date(program.now() + WITA_MS).toISOString().slice(0, 10) }, 201);
        doctors.push({ id, account: { login, password: PASSWORD } });
    }
    return { facility: facility.id, clinic: clinic.id, service, doctors };
}

const person = (name) => ({ name, birth_date: '1961-04-21', phone: '0812 3456 7890', lang: 'id' });

function book(place, name, doctor, hour, more = {}) {
    return send('POST', '/api/v1/bookings', {}, { clinic: place.clinic, doctor: place.doctors[doctor].id, starts_at_ms: at(hour),
        ...person(name), ...more }, 201);
}

const bearer = (ticket) => ({ authorization: `Bearer ${ticket.link.split('/v/')[1]}` });

async function arrive(ticket) {
    const page = await stage.patients.page();
    await allowDevices(page, ticket.link);
    await enterWaitingRoom(page);
    return page;
}

/** The doctor takes whose turn it is; it must be this patient. */
async function callNext(doctor, page) {
    await doctor.locator('[data-testid=call-next]:enabled').click();
    await untilScreen(page, 'called');
}

async function talk(doctor, page, minutes) {
    await acceptCall(page);
    await untilBothMedia(page, doctor);
    await callScreen(doctor, 'talking').waitFor();
    await stage.program.passTime(minutes * MINUTE_MS);
    await endVisit(doctor);
    await untilScreen(page, 'ended');
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await doctor.locator('[data-testid=call-next]').waitFor();
}

/** The nurse of the facility says at the desk's page who it is, and that she is there. */
async function sitWithHer(visit) {
    const page = await stage.staff.page({ viewport: DESKTOP });
    await logIn(page, stage.program.url, stage.program.account('desk'));
    await page.locator(`li.row[data-visit="${visit}"] [data-testid=manage-queue]`).click();
    await byId(page, 'nurse-open').click();
    await byId(page, 'countersign').click();
    await byId(page, 'seen-ktp').check();
    await byId(page, 'countersign-save').click();
    await byId(page, 'nurse-join').click();
    await page.locator('[data-testid=nurse][data-countersigned=true][data-nurse=true]').waitFor();
    await page.context().close();
}

test('a clinic day with three doctors and twelve patients', async () => {
    const { program, staff } = stage;
    const place = await setUp();
    const desk = await program.logIn(program.account('desk'));
    const log = {};
    /* The visit that every demo clinic has, A-1, at the true time: the desk takes it off the day. */
    const ready = (await send('GET', '/api/v1/day', desk, undefined, 200)).visits.find((one) => one.number === 'A-1');
    await send('POST', `/api/v1/visits/${ready.id}/cancel`, desk, { reason: 'bukan pasien' }, 200);
    for (const [name, doctor, hour, more] of [
        ['Siti Aminah', 0, 8], ['Yusuf Hasan', 0, 8.25], ['Fatma Lihawa', 1, 8], ['Hasan Pakaya', 1, 8.25],
        ['Rahma Dunggio', 2, 8], ['Karim Ismail', 0, 9], ['Lina Gobel', 1, 9], ['Nur Hadju', 2, 9.25],
        ['Mariam Tangahu', 2, 8.5, { service: place.service }],
    ]) log[name] = await book(place, name, doctor, hour, more);
    /* Karim moves more than an hour ahead, and gets a number of the same day; Lina cancels. */
    const moved = await send('POST', '/api/v1/join/move', bearer(log['Karim Ismail']), { doctor: place.doctors[0].id,
        starts_at_ms: at(10) }, 200);
    await send('POST', '/api/v1/join/cancel', bearer(log['Lina Gobel']), undefined, 200);
    assert.deepEqual([...Object.values(log).map((one) => one.number), moved.number],
        ['A-2', 'A-3', 'A-4', 'A-5', 'A-6', 'A-7', 'A-8', 'A-9', 'A-10', 'A-11']);

    const [rahmat, salma, idris] = await Promise.all(place.doctors.map(async ({ account }) => {
        const page = await staff.page({ viewport: DESKTOP });
        await logIn(page, program.url, account);
        return page;
    }));
    await turnTo(7.8); /* from half an hour before */
    const siti = await arrive(log['Siti Aminah']), yusuf = await arrive(log['Yusuf Hasan']);
    await turnTo(8);
    await callNext(rahmat, siti); /* 8.00 has come, 8.15 has not */
    await talk(rahmat, siti, 4);

    /* 8.04: who has no appointment goes before Hasan, whose time has not come. */
    const aisyah = await send('POST', '/api/v1/walk-ins', desk, { clinic: place.clinic, ...person('Aisyah Polapa') }, 201);
    assert.equal(aisyah.number, 'A-12');
    const hasan = await arrive(log['Hasan Pakaya']), aisyahPage = await arrive(aisyah);
    await callNext(salma, aisyahPage);
    await talk(salma, aisyahPage, 4);

    /* 8.08: an emergency goes before everybody, whoever is free; Rahma is not there. */
    const ismail = await send('POST', '/api/v1/walk-ins', desk, { clinic: place.clinic, ...person('Ismail Kadir') }, 201);
    assert.equal(ismail.number, 'A-13');
    await send('POST', `/api/v1/visits/${ismail.visit}/urgent`, desk, { reason: 'sesak napas' }, 200);
    const ismailPage = await arrive(ismail);
    await callNext(idris, ismailPage);
    await send('POST', `/api/v1/visits/${log['Rahma Dunggio'].visit}/absent`, desk, undefined, 200);
    await talk(idris, ismailPage, 4);

    /* 8.16: Fatma, booked for 8.00, came at 8.12: Hasan goes first, then she. */
    const fatma = await arrive(log['Fatma Lihawa']);
    await turnTo(8 + 16 / 60);
    await callNext(salma, hasan);
    await callNext(rahmat, yusuf);
    await talk(rahmat, yusuf, 2);
    await talk(salma, hasan, 2);
    await callNext(salma, fatma);
    await talk(salma, fatma, 2);

    /* 8.30, with a nurse. */
    const mariam = await arrive(log['Mariam Tangahu']);
    await turnTo(8.5);
    await idris.locator(`li.row[data-visit="${log['Mariam Tangahu'].visit}"]`).getByText('Didampingi perawat').waitFor();
    await sitWithHer(log['Mariam Tangahu'].visit);
    await callNext(idris, mariam);
    await idris.locator('[data-testid=nurse-lines][data-signed=true][data-nurse=true]').waitFor();
    /* She forgets to say that she leaves. */
    await byId(idris, 'nurse-left').click();
    await byId(idris, 'nurse-lines').filter({ hasText: 'dicatat oleh' }).waitFor();
    await talk(idris, mariam, 5);

    /* Karim by his old link at his new time. */
    await turnTo(9.75);
    const karim = await arrive(log['Karim Ismail']);
    await turnTo(10);
    await callNext(rahmat, karim);
    await talk(rahmat, karim, 5);

    /* Nur could check in until an hour after the end, 10.30. */
    const before = program.log.length;
    await turnTo(10.5 + 0.1);
    await program.untilLogged(/patients did not come/, before);

    const states = {};
    for (const visit of (await send('GET', '/api/v1/day', desk, undefined, 200)).visits)
        if (visit.clinic_id === place.clinic && visit.number !== 'A-1') states[`${visit.number} ${visit.patient}`] = visit.state;
    assert.deepEqual(states, {
        'A-2 Siti Aminah': 'done', 'A-3 Yusuf Hasan': 'done', 'A-4 Fatma Lihawa': 'done', 'A-5 Hasan Pakaya': 'done',
        'A-6 Rahma Dunggio': 'no_show_patient', 'A-7 Karim Ismail': 'rescheduled', 'A-8 Lina Gobel': 'cancelled_patient',
        'A-9 Nur Hadju': 'no_show_patient', 'A-10 Mariam Tangahu': 'done', 'A-11 Karim Ismail': 'done',
        'A-12 Aisyah Polapa': 'done', 'A-13 Ismail Kadir': 'done',
    });
    /* Who called whom: a visit of the pool is its caller's. */
    const doctorOf = async (visit, page) => (await send('GET', `/api/v1/visits/${visit}`, desk, undefined, 200)).visit.doctor;
    assert.equal(await doctorOf(aisyah.visit), 'dr. Salma Abdullah');
    assert.equal(await doctorOf(ismail.visit), 'dr. Idris Mohamad');

    /* Twelve visits and the demo's own; the move and the two cancelled ones count as cancelled. Waits, from the later of check-in and start to
     * the call: Siti 0, Aisyah 0, Ismail 0, Yusuf 1, Hasan 1, Fatma 8 (from 8.12), Mariam 0, Karim 0: the
     * fourth of eight, 0. */
    const office = await program.logIn(program.account('office'));
    const today = new Date(program.now() + WITA_MS).toISOString().slice(0, 10);
    const { rows } = await send('GET', `/api/v1/reports/daily?from=${today}&to=${today}`, office, undefined, 200);
    const row = rows.find((one) => one.facility === place.facility);
    const { booked, done, cancelled, no_show: noShow, tech_failed: failed, open } = row;
    assert.deepEqual({ booked, done, cancelled, noShow, failed, open },
        { booked: 13, done: 8, cancelled: 3, noShow: 2, failed: 0, open: 0 });
    assert.equal(row.wait_p50_minutes, 0);
    for (const page of [rahmat, salma, idris]) assert.deepEqual(page.faults, []);
});
