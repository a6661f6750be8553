// SPDX-License-Identifier: Apache-2.0
// Every route of the program, called by every kind of caller. A route that is not in the matrix, or
// a row of the matrix without a route, fails; so does an OpenAPI document that differs from the tables.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';

const CALLERS = ['anyone', 'patient', 'otherPatient', 'guest', 'doctorToken', 'doctor', 'otherDoctor', 'desk',
    'otherDesk', 'office', 'admin', 'coordinator', 'otherCoordinator', 'officer', 'client'];
const BAD_SDP = { body: 'v=0\r\nrubbish\r\n', type: 'application/sdp' };

/** The same answer for all but some callers. */
function all(status, some = {}) {
    return { ...Object.fromEntries(CALLERS.map((caller) => [caller, status])), ...some };
}

/** For routes of the API: without credentials 401, as another role 403. A doctor's join token is none:
 * it opens the socket, WHIP and WHEP alone. */
function only(some) {
    return all(403, { anyone: 401, doctorToken: 401, ...some });
}

const NO_SESSION = { anyone: 401, doctorToken: 401, patient: 403, otherPatient: 403, guest: 403, client: 403 };
/** A local day so many days ahead. */
const later = (days) => new Date(Date.now() + 8 * 3600_000 + days * 24 * 3600_000).toISOString().slice(0, 10);
const ANYBODY_S_VISIT = { doctor: 200, otherDoctor: 404, desk: 200, otherDesk: 404 };
const DOCTOR_S_VISIT = { otherDoctor: 404 };
const WHIP_OFFER = all(401, { patient: 409, guest: 409, doctorToken: 409, otherPatient: 404, client: 404 }); // nobody was called
const WHIP_END = all(401, { patient: 404, guest: 404, doctorToken: 404, otherPatient: 404, client: 404 });

/** Of the hours of the first doctor, who works in the first facility. */
function hours(status) {
    return only({ doctor: status, otherDoctor: 404, desk: status, otherDesk: 404, admin: status,
        coordinator: status, otherCoordinator: 404 });
}
/** Of what administrators and coordinators keep: the row is of the first coordinator's facility. */
function kept(status, other = 404) {
    return { admin: status, coordinator: status, otherCoordinator: other };
}
const NO_ROW = '01hzzzzzzzzzzzzzzzzzzzzzzz';
/** The nth day of a year far from all others. */
const dayOf = (year, n) => new Date(Date.UTC(year, 0, 1 + n)).toISOString().slice(0, 10);
const PATTERN = { mode: 'slots', slot_minutes: 15 };
const rule = (year) => (n) => ({ json: { clinic: slots[0].clinic, weekdays: [1], from: '08:00', to: '09:00',
    pattern: PATTERN, valid_from: dayOf(year, n), valid_until: dayOf(year, n) } });
const override = (n) => ({ json: { clinic: slots[0].clinic, date: dayOf(2031, n), kind: 'closed' } });
const leave = (n) => ({ json: { from: dayOf(2032, n), until: dayOf(2032, n) } });
const holiday = (year) => (n) => ({ json: { date: dayOf(year, n), name: 'Hari libur', certain: true } });

const OWN_ACCOUNTS = { otherDesk: 'loket2', coordinator: 'koordinator', otherCoordinator: 'koordinator2', officer: 'camat' };

const PHOTO = '01234567-89ab-4cde-8f01-23456789abcd';
const today = () => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
const post = (n) => ({ clinic: slots[0].clinic, area_code: '75.01.02', village: `Desa ${n}`, date: today() });
const atPost = (n) => ({ device: PHOTO, entries: [{ id: `${PHOTO.slice(0, -2)}${10 + n}`, sequence: 1 + n, revision: 1,
    name: 'Siti Aminah', birth_date: '1954-03-02', sex: 'P', without_nik: 'none', reason: 'Batuk', identity: 'none',
    registered_at_ms: Date.now() }] });

let nMade = 0;
/** Made by the administrator, for somebody else's call: the id. */
async function make(path, sent) {
    const reply = await server.request('POST', path.replace('{doctor}', slots[0].doctor),
        { headers: callers.admin, from: `127.0.11.${1 + nMade++ % 200}`, ...sent });
    assert.equal(reply.status, 201, reply.text);
    return reply.json().ids?.[0] ?? reply.json().id;
}

const DESK = { name: 'Petugas', role: 'desk' };
const account = (login) => ({ ...DESK, login, facility: firstFacility, password: 'kata sandi yang panjang' });
const facility = (n) => ({ name: `Klinik ${n}`, kind: 'clinic', area_code: '75.01.01', address: 'Jl. A', phone: '0435-12345' });
const practitioner = (n) => ({ name: `dr. Nomor ${n}`, clinics: [slots[0].clinic], permits: [] });

const service = (n) => ({ name: `Layanan ${n}`, mode: 'video', duration_minutes: 15 });

const once = new Map();
/** {name: id} of a row that all calls share. */
async function madeOnce(name, path, json) {
    if (!once.has(name)) once.set(name, await make(path, { json }));
    return { [name]: once.get(name) };
}

const incident = (n) => ({ key: `kejadian-nomor-${100 + n}`, who: 'patient', kind: 'abuse', text: 'Memaki petugas.' });
/** One of the first facility, reported by its desk. */
async function incidentOnce() {
    if (!once.has('incident')) {
        const reply = await server.request('POST', `/api/v1/visits/${pool[0].visit}/incidents`,
            { headers: callers.desk, from: '127.0.11.250', json: incident(899) });
        assert.equal(reply.status, 201, reply.text);
        once.set('incident', reply.json().incident);
    }
    return { incident: once.get('incident') };
}

const question = (n) => ({ key: `pertanyaan-nomor-${100 + n}`, facility: secondFacility, urgency: 'routine', text: 'Apakah perlu dirujuk?' });
/** One of the first doctor's to another facility than the other doctor's. */
async function consultOnce() {
    if (!once.has('consult')) {
        const reply = await server.request('POST', '/api/v1/consults',
            { headers: callers.doctor, from: '127.0.11.250', json: question(899) });
        assert.equal(reply.status, 201, reply.text);
        once.set('consult', reply.json().consult);
    }
    return { consult: once.get('consult') };
}

/** The first desk's session at a post. */
async function madePost() {
    if (!once.has('outreach')) {
        const reply = await server.request('POST', '/api/v1/outreach', { headers: callers.desk, json: post(0), from: '127.0.11.250' });
        assert.equal(reply.status, 201, reply.text);
        once.set('outreach', reply.json().id);
    }
    return { outreach: once.get('outreach') };
}

/** A group visit of the first doctor's, far from all others. */
const group = (n) => ({ clinic: slots[0].clinic, doctor: slots[0].doctor, title: `Kelas ${n}`, minutes: 30, places: 2, open: true,
    starts_at_ms: Math.ceil(Date.now() / 3600_000) * 3600_000 + (240 + nGroups++) * 3600_000 });
let nGroups = 0;
async function madeGroup() {
    const reply = await server.request('POST', '/api/v1/groups', { headers: callers.doctor, json: group(0), from: `127.0.13.${1 + nMade++ % 200}` });
    assert.equal(reply.status, 201, reply.text);
    return { group: reply.json().id };
}

/** A new entry of the wait list of the first doctor's clinic. */
async function madeEntry() {
    const reply = await server.request('POST', '/api/v1/wait-list',
        { json: { clinic: slots[0].clinic, ...person(500 + nMade) }, from: `127.0.12.${1 + nMade++ % 200}` });
    assert.equal(reply.status, 201, reply.text);
    return reply.json().entry;
}

/** operationId: what each caller is answered, and what is sent; `made`: the rows that the path names. */
const MATRIX = {
    logIn: { expect: all(401), send: (n) => ({ json: { login: `nobody${n}`, password: 'not a password' } }) },
    getSession: { expect: all(200, NO_SESSION) },
    logOut: { expect: all(204, NO_SESSION),
        ownSession: true },
    changeOwnPassword: { expect: all(422, NO_SESSION), // the present one is wrong
        send: () => ({ json: { current: 'not the password', password: 'kata sandi yang baru' } }) },
    listFacilities: { expect: all(200) },
    listSlots: { expect: all(200), query: () => `?clinic=${slots[0].clinic}` },
    holdSlot: { expect: all(201), send: (n) => ({ json: slots[80 + n] }) },
    releaseHold: { expect: all(204), send: () => ({ json: { hold: 'unknown' } }) },
    getBoard: { expect: all(200) },
    getAntrean: { expect: only({ patient: 200, otherPatient: 200 }) },
    createBooking: { expect: all(201), send: (n) => ({ json: { ...slots[n], ...person(n) } }) },
    joinWaitList: { expect: all(201), send: (n) => ({ json: { clinic: slots[0].clinic, ...person(400 + n) } }) },
    lookAtWait: { expect: all(404), send: () => ({ json: { token: 'unknown' } }) },
    acceptOffer: { expect: all(404), send: () => ({ json: { token: 'unknown', offer: NO_ROW } }) },
    declineOffer: { expect: all(404), send: () => ({ json: { token: 'unknown', offer: NO_ROW } }) },
    leaveWaitList: { expect: all(404), send: () => ({ json: { token: 'unknown' } }) },
    listWaiting: { expect: only({ desk: 200, otherDesk: 404 }) },
    enlistPatient: { expect: only({ desk: 201, otherDesk: 404 }), send: (n) => ({ json: person(430 + n) }) },
    setWaitUrgent: { expect: only({ desk: 204, otherDesk: 404 }), send: () => ({ json: { reason: 'kontrol' } }),
        made: async () => ({ entry: await madeEntry() }) },
    clearWaitUrgent: { expect: only({ desk: 204, otherDesk: 404 }), made: async () => ({ entry: await madeEntry() }) },
    removeWaiting: { expect: only({ desk: 204, otherDesk: 404 }), made: async () => ({ entry: await madeEntry() }) },
    getJoin: { expect: only({ patient: 200, otherPatient: 200, guest: 200 }) },
    cancelByPatient: { expect: only({ patient: 409, otherPatient: 409 }) }, // it begins at once: too late
    offerByPatient: { expect: only({ patient: 409, otherPatient: 409 }), // nobody was called
        send: () => ({ json: { key: '0123456789abcdef', sdp: 'v=0' } }) },
    acceptByPatient: { expect: only({ patient: 409, otherPatient: 409 }), // likewise
        send: () => ({ json: { key: '0123456789abcdef' } }) },
    moveByPatient: { expect: only({ patient: 409, otherPatient: 409 }), // it begins at once: too late
        send: (n) => ({ json: { doctor: slots[n].doctor, starts_at_ms: slots[n].starts_at_ms } }) },
    takeNumber: { expect: only({ patient: 409, otherPatient: 409 }) }, // it was not missed
    listExtraSlots: { expect: only({ doctor: 200, otherDoctor: 404, desk: 200, otherDesk: 404, coordinator: 200,
        otherCoordinator: 404 }), query: () => `?clinic=${slots[0].clinic}&doctor=${slots[0].doctor}` },
    createExtraBooking: { expect: only({ doctor: 201, otherDoctor: 404, desk: 201, otherDesk: 404, coordinator: 201,
        otherCoordinator: 404 }), send: (n) => ({ json: { ...slots[100 + n], ...person(600 + n) } }) },
    moveVisit: { expect: only({ ...ANYBODY_S_VISIT, coordinator: 404, otherCoordinator: 404 }), ownVisit: true, // it has a place
        send: (n) => ({ json: { doctor: slots[20 + n].doctor, starts_at_ms: slots[20 + n].starts_at_ms } }) },
    listDuty: { expect: only({ desk: 200, otherDesk: 200 }) },
    getDay: { expect: only({ doctor: 200, otherDoctor: 200, desk: 200, otherDesk: 200 }) },
    watchDay: { expect: only({ doctor: 200, otherDoctor: 200, desk: 200, otherDesk: 200 }) },
    joinVisit: { expect: only({ ...DOCTOR_S_VISIT, doctor: 200 }) },
    callPatient: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }) }, // nobody waits
    endVisit: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }), // it has not begun
        send: () => ({ json: { outcome: 'done' } }) },
    cancelVisit: { expect: only(ANYBODY_S_VISIT), send: () => ({ json: { reason: 'dokter sakit' } }),
        ownVisit: true },
    convertVisit: { expect: only({ ...ANYBODY_S_VISIT, coordinator: 200, otherCoordinator: 404 }), ownVisit: true,
        send: () => ({ json: { to: 'in_person', reason: 'perlu diperiksa langsung' } }) },
    sayCame: { expect: only({ ...ANYBODY_S_VISIT, doctor: 409, desk: 409, coordinator: 409, otherCoordinator: 404 }), // it is booked
        send: () => ({ json: { came: true } }) },
    checkIn: { expect: only({ ...ANYBODY_S_VISIT, doctor: 409, desk: 409 }) }, // by video: the page says it
    callNext: { expect: only({ doctor: 200, otherDoctor: 200 }) }, // nobody waits
    skipPatient: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }) }, // nobody was called
    returnPatient: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }) },
    markAbsent: { expect: only(ANYBODY_S_VISIT), ownVisit: true },
    setUrgent: { expect: only(ANYBODY_S_VISIT), send: () => ({ json: { reason: 'sesak napas' } }) },
    clearUrgent: { expect: only(ANYBODY_S_VISIT) },
    sayLate: { expect: only({ doctor: 200, otherDoctor: 404, desk: 200, otherDesk: 404 }), // the first doctor
        send: () => ({ json: { minutes: 0, doctor: slots[0].doctor } }) },
    reportIncident: { expect: only({ doctor: 201, otherDoctor: 404, desk: 201, otherDesk: 404 }),
        send: (n) => ({ json: incident(n) }) },
    listOpenGroups: { expect: all(200) },
    listGroups: { expect: only({ doctor: 200, otherDoctor: 200, desk: 200, otherDesk: 200 }) },
    openGroup: { expect: only({ doctor: 201, otherDoctor: 404, desk: 201, otherDesk: 404 }), send: (n) => ({ json: group(n) }) },
    getGroup: { expect: only({ doctor: 200, otherDoctor: 404, desk: 200, otherDesk: 404 }), made: madeGroup },
    setGroupOpen: { expect: only({ doctor: 200, otherDoctor: 404, desk: 200, otherDesk: 404 }), made: madeGroup,
        send: () => ({ json: { open: false } }) },
    cancelGroup: { expect: only({ doctor: 200, otherDoctor: 404, desk: 200, otherDesk: 404 }), made: madeGroup,
        send: () => ({ json: { reason: 'banjir' } }) },
    endGroup: { expect: only({ doctor: 409, otherDoctor: 404 }), made: madeGroup }, // it has not begun
    bookInGroup: { expect: only({ doctor: 201, otherDoctor: 404, desk: 201, otherDesk: 404 }), made: madeGroup,
        send: (n) => ({ json: person(600 + n) }) },
    listIncidents: { expect: only(kept(200, 200)) },
    getIncident: { expect: only(kept(200)), made: () => incidentOnce() },
    addIncidentStep: { expect: only(kept(200)), send: () => ({ json: { step: 'looked_at' } }), made: () => incidentOnce() },
    confirmBooking: { expect: only(kept(200)), send: () => ({ json: { confirmed: true } }) }, // it is booked already
    askDoctor: { expect: only({ doctor: 201, otherDoctor: 201 }), send: (n) => ({ json: question(n) }) },
    attachConsultFile: { expect: only({ doctor: 422, otherDoctor: 422 }), // no file
        send: () => ({ json: { id: PHOTO, data: 'AAAA' } }) },
    listConsults: { expect: only({ doctor: 404, otherDoctor: 404, ...kept(200, 200) }), query: () => '?box=late' },
    countConsults: { expect: only({ doctor: 200, otherDoctor: 200 }) },
    getConsult: { expect: only({ doctor: 200, otherDoctor: 404 }), made: () => consultOnce() },
    getConsultFile: { expect: only({ doctor: 404, otherDoctor: 404 }), made: () => consultOnce() }, // there is none
    addConsultStep: { expect: only({ doctor: 404, otherDoctor: 404, admin: 200, coordinator: 404, otherCoordinator: 200 }),
        send: () => ({ json: { step: 'give_back' } }), made: () => consultOnce() }, // not the asker's; nobody has it
    addConsultPost: { expect: only({ doctor: 201, otherDoctor: 404 }), made: () => consultOnce(),
        send: (n) => ({ json: { key: `tambahan-nomor-${100 + n}`, kind: 'addition', text: 'Sejak tiga hari.' } }) },
    answerConsult: { expect: only({ doctor: 409, otherDoctor: 404 }), made: () => consultOnce(), // the own one
        send: () => ({ json: { key: '0123456789abcdef', opinion: 'Tidak perlu.', recommendation: 'Salep.', refer: false } }) },
    getConsultSummary: { expect: only({ ...DOCTOR_S_VISIT, doctor: 200 }) },
    getConsultReport: { expect: only({ office: 200 }), query: () => '?from=2026-01-01&to=2026-01-31' },
    bookFollowUp: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }), // it has not begun
        send: (n) => ({ json: { starts_at_ms: slots[n].starts_at_ms } }) },
    showPhone: { expect: only(ANYBODY_S_VISIT) },
    changePhone: { expect: only(ANYBODY_S_VISIT), ownVisit: true, send: (n) => ({ json: { phone: `0813${20_000_000 + n}` } }) },
    listJobs: { expect: only({ admin: 200 }) },
    listUnanswered: { expect: only(kept(200, 200)) },
    watchUnanswered: { expect: only(kept(200, 200)) },
    planSeries: { expect: only(ANYBODY_S_VISIT), query: () => `?first=${later(7)}&time=09:30&every=1&times=2` },
    bookSeries: { expect: only({ doctor: 422, otherDoctor: 404, desk: 422, otherDesk: 404 }), // without a key
        send: () => ({ json: { every: 1, starts: [{ at_ms: slots[0].starts_at_ms }, { at_ms: slots[1].starts_at_ms }] } }) },
    getSeries: { expect: only(ANYBODY_S_VISIT) },
    planSeriesMove: { expect: only(ANYBODY_S_VISIT), query: () => `?first=${later(7)}&time=09:30` },
    moveSeries: { expect: only({ doctor: 422, otherDoctor: 404, desk: 422, otherDesk: 404 }), // not rising
        send: () => ({ json: { moves: [{ visit: NO_ROW, at_ms: 2 }, { visit: NO_ROW, at_ms: 1 }] } }) },
    cancelSeries: { expect: only({ doctor: 409, otherDoctor: 404, desk: 409, otherDesk: 404 }), // it is of none
        send: () => ({ json: { reason: 'dokter sakit' } }) },
    createWalkIn: { expect: only({ desk: 201, otherDesk: 404 }),
        send: (n) => ({ json: { clinic: slots[0].clinic, ...person(n) } }) },
    getConsentText: { expect: all(200) },
    getOwnConsent: { expect: only({ patient: 200, otherPatient: 200 }) },
    giveOwnConsent: { expect: only({ patient: 204, otherPatient: 204 }), send: () => ({ json: { version: 1, how: 'accepted' } }) },
    giveConsent: { expect: only({ doctor: 204, otherDoctor: 404, desk: 204, otherDesk: 404 }),
        send: () => ({ json: { version: 1, how: 'read_aloud' } }) },
    openOutreach: { expect: only({ desk: 201, otherDesk: 422 }), send: (n) => ({ json: post(n) }) }, // not its clinic
    listOutreach: { expect: only({ desk: 200, otherDesk: 200 }) },
    getOutreach: { expect: only({ desk: 200, otherDesk: 404 }), made: madePost },
    watchOutreach: { expect: only({ desk: 200, otherDesk: 404 }), made: madePost },
    joinOutreach: { expect: only({ desk: 200, otherDesk: 404 }), made: madePost },
    closeOutreach: { expect: only({ desk: 200, otherDesk: 404 }), made: madePost },
    sendOutreachEntries: { expect: only({ desk: 200, otherDesk: 404 }), made: madePost, send: (n) => ({ json: atPost(n) }) },
    sendOutreachPhoto: { expect: only({ desk: 422, otherDesk: 404 }), made: madePost, // no picture
        send: () => ({ json: { entry: PHOTO, photo: PHOTO, data: 'AAAA' } }) },
    getVisitOutreach: { expect: only({ doctor: 404, otherDoctor: 404, desk: 404, otherDesk: 404 }) }, // came otherwise
    listConsentTexts: { expect: only({ admin: 200 }) },
    addConsentText: { expect: only({ admin: 422 }), send: () => ({ json: { text_id: 'pendek', text_en: 'short' } }) },
    getDiagnosisList: { expect: only({ admin: 200 }) },
    exportDiagnoses: { expect: only({ admin: 200 }) },
    importDiagnoses: { expect: only({ admin: 200 }), send: () => ({ json: { csv: 'code,term_id\nA00.0,Kolera\n', trial: true } }) },
    getNurse: { expect: only({ doctor: 404, otherDoctor: 404, desk: 404, otherDesk: 404 }) }, // without a nurse
    listNurses: { expect: only({ coordinator: 200, otherCoordinator: 200 }) },
    watchNurses: { expect: only({ coordinator: 200, otherCoordinator: 200 }) },
    countersignIdentity: { expect: only({ desk: 409, otherDesk: 404 }), send: () => ({ json: { seen: 'ktp' } }) },
    sayNurse: { expect: only({ doctor: 404, otherDoctor: 404, desk: 409, otherDesk: 404, coordinator: 404, otherCoordinator: 404 }), send: () => ({ json: { step: 'joined' } }) },
    getOutreachPhoto: { expect: only({ doctor: 404, otherDoctor: 404, desk: 404, otherDesk: 404 }) },
    renewLink: { expect: only(ANYBODY_S_VISIT), ownVisit: true },
    inviteGuest: { expect: only(ANYBODY_S_VISIT), send: () => ({ json: { label: 'family' } }) },
    listPatientPairs: { expect: only({ desk: 200, otherDesk: 200 }) },
    getPatientPair: { expect: only({ desk: 404, otherDesk: 404 }) }, // there is none
    mergePatients: { expect: only({ desk: 404, otherDesk: 404 }), send: () => ({ json: { keep: NO_ROW, reason: 'sama' } }) },
    keepPatientsApart: { expect: only({ desk: 404, otherDesk: 404 }), send: () => ({ json: { reason: 'kembar' } }) },
    undoPatientPair: { expect: only({ desk: 404, otherDesk: 404 }), send: () => ({ json: { reason: 'keliru' } }) },
    giveNik: { expect: only({ desk: 422, otherDesk: 404 }), send: () => ({ json: { nik: '75' } }) }, // too short
    listCounterBookings: { expect: only({ officer: 200 }) },
    createCounterBooking: { expect: only({ officer: 201 }), send: (n) => ({ json: { ...slots[40 + n], ...person(n) } }) },
    createDeskBooking: { expect: only({ desk: 201, otherDesk: 404, coordinator: 201, otherCoordinator: 404 }),
        send: (n) => ({ json: { ...slots[64 + n], ...person(640 + n) } }) },
    createClientBooking: { expect: only({ client: 201 }), send: (n) => ({ json: { ...slots[116 + n], ...person(660 + n) } }) },
    getClientBooking: { expect: only({ client: 404 }) }, // booked by others
    cancelClientBooking: { expect: only({ client: 404 }), send: () => ({ json: { reason: 'pindah kota' } }) }, // booked by others
    getCounterTicket: { expect: only({ officer: 404 }) }, // booked by others
    getVisit: { expect: only(ANYBODY_S_VISIT) },
    listHoursDoctors: { expect: only({ doctor: 200, otherDoctor: 200, desk: 200, otherDesk: 200, ...kept(200, 200) }) },
    getHours: { expect: hours(200) },
    listHoursDays: { expect: hours(200), query: () => `?doctor=${slots[0].doctor}` },
    addHoursRules: { expect: hours(201), send: rule(2020) },
    changeHoursRule: { expect: hours(200), send: rule(2021),
        made: async (n) => ({ rule: await make('/api/v1/hours/{doctor}/rules', rule(2022)(n)) }) },
    removeHoursRule: { expect: hours(200),
        made: async (n) => ({ rule: await make('/api/v1/hours/{doctor}/rules', rule(2023)(n)) }) },
    addHoursOverride: { expect: hours(201), send: override },
    removeHoursOverride: { expect: hours(200),
        made: async (n) => ({ override: await make('/api/v1/hours/{doctor}/overrides', override(n)) }) },
    addHoursLeave: { expect: hours(201), send: leave },
    removeHoursLeave: { expect: hours(200),
        made: async (n) => ({ leave: await make('/api/v1/hours/{doctor}/leaves', leave(n)) }) },
    listHoursHits: { expect: only({ doctor: 200, otherDoctor: 200, desk: 200, otherDesk: 200, ...kept(200, 200) }) },
    sendHoursMessage: { expect: only({ doctor: 404, otherDoctor: 404, desk: 404, otherDesk: 404, admin: 404, coordinator: 404,
        otherCoordinator: 404 }) }, // it has a place
    listHolidays: { expect: only({ doctor: 200, otherDoctor: 200, desk: 200, otherDesk: 200, ...kept(200, 200) }),
        query: () => '?from=2026-01-01&until=2026-12-31' },
    addHoliday: { expect: only({ desk: 201, otherDesk: 201, ...kept(201, 201) }), send: holiday(2033) },
    changeHoliday: { expect: only({ desk: 404, otherDesk: 404, ...kept(200), coordinator: 404 }), // of the province
        send: () => ({ json: { name: 'Hari raya', certain: true } }),
        made: async (n) => ({ holiday: await make('/api/v1/holidays', holiday(2035)(n)) }) },
    removeHoliday: { expect: only({ desk: 404, otherDesk: 404, admin: 200, coordinator: 404, otherCoordinator: 404 }), // of the province
        made: async (n) => ({ holiday: await make('/api/v1/holidays', holiday(2034)(n)) }) },
    getSetup: { expect: all(200) },
    setUp: { expect: all(409), send: () => ({ json: { code: 'AAAA', login: 'nobody', name: 'N', password: 'not a password' } }) },
    listAreas: { expect: all(200) },
    getDirectory: { expect: only(kept(200, 200)) },
    addFacility: { expect: only({ admin: 201 }), send: (n) => ({ json: facility(n) }) },
    changeFacility: { expect: only({ admin: 200 }), send: (n) => ({ json: facility(100 + n) }),
        made: async (n) => ({ facility: await make('/api/v1/directory/facilities', { json: facility(200 + n) }) }) },
    addClinic: { expect: only(kept(201)), send: (n) => ({ json: { facility: firstFacility, name: `Poli ${n}` } }) },
    changeClinic: { expect: only(kept(200)), send: (n) => ({ json: { name: `Poli ${30 + n}` } }),
        made: (n) => (CALLERS[n].match(/admin|oordinator/) ? madeOnce('clinic', '/api/v1/directory/clinics',
            { facility: firstFacility, name: 'Poli Sekali' }) : {}) },
    addPractitioner: { expect: only({ ...kept(201), otherCoordinator: 422 }), send: (n) => ({ json: practitioner(n) }) },
    changePractitioner: { expect: only(kept(200)), send: (n) => ({ json: practitioner(n) }),
        made: () => madeOnce('practitioner', '/api/v1/directory/practitioners', practitioner(50)) },
    addService: { expect: only({ ...kept(201), otherCoordinator: 422 }), send: (n) => ({ json: { clinic: slots[0].clinic, ...service(n) } }) },
    changeService: { expect: only(kept(200)), send: (n) => ({ json: service(100 + n) }),
        made: () => madeOnce('service', '/api/v1/directory/services', { clinic: slots[0].clinic, ...service(50) }) },
    exportDirectory: { expect: only(kept(200, 200)), query: () => '?kind=clinic' },
    importDirectory: { expect: only(kept(200, 200)), send: () => ({ json: { kind: 'clinic', csv: 'facility,name', trial: true } }) },
    getPolicies: { expect: only(kept(200, 200)) },
    setPolicies: { expect: only(kept(200)), send: (n) => ({ json: { facility: firstFacility, rules: [{ rule: 'late_minutes', value: `${n}` }] } }) },
    getMessageTemplates: { expect: only(kept(200)), query: () => `?facility=${firstFacility}` },
    setMessageTemplate: { expect: only(kept(200)),
        send: () => ({ json: { facility: firstFacility, kind: 'next', lang: 'id', text: 'Masuk: {link}', version: 0, trial: true } }) },
    listAccounts: { expect: only(kept(200, 200)) },
    addAccount: { expect: only({ ...kept(201), otherCoordinator: 422 }), send: (n) => ({ json: account(`baru${n}`) }) },
    changeAccount: { expect: only(kept(200)), send: () => ({ json: { ...DESK, facility: firstFacility, active: true } }),
        made: () => madeOnce('account', '/api/v1/accounts', account('petugas')) },
    setAccountPassword: { expect: only(kept(200)), send: () => ({ json: { password: 'kata sandi yang baru' } }),
        made: () => madeOnce('account', '/api/v1/accounts', account('petugas')) },
    getNote: { expect: only({ ...DOCTOR_S_VISIT, doctor: 200 }) },
    saveNote: { expect: only({ ...DOCTOR_S_VISIT, doctor: 200 }), send: () => ({ json: { revision: 0, subjective: 'Batuk' } }) },
    signNote: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }), send: () => ({ json: { revision: 9 } }) }, // not the last one
    addAddendum: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }), // not signed
        send: () => ({ json: { key: '0123456789abcdef', text: 'susulan' } }) },
    listEarlierVisits: { expect: only({ ...DOCTOR_S_VISIT, doctor: 200 }) },
    searchDiagnoses: { expect: only({ doctor: 200, otherDoctor: 200 }), query: () => '?q=batuk' },
    listLetters: { expect: only({ ...DOCTOR_S_VISIT, doctor: 200 }) },
    listOwnLetters: { expect: only({ patient: 200, otherPatient: 200 }) },
    issueLetter: { expect: only({ ...DOCTOR_S_VISIT, doctor: 409 }), // it has not begun
        send: () => ({ json: { kind: 'summary', key: '0123456789abcdef' } }) },
    getLetterFile: { expect: only({ patient: 404, otherPatient: 404, doctor: 404, otherDoctor: 404 }) }, // there is none
    revokeLetter: { expect: only({ doctor: 404, otherDoctor: 404 }), send: () => ({ json: { reason: 'salah' } }) },
    checkLetter: { expect: all(404) },
    getDailyReport: { expect: only({ office: 200 }), query: () => '?from=2026-01-01&to=2026-01-31' },
    whipPublish: { expect: WHIP_OFFER, send: () => BAD_SDP },
    whepWatch: { expect: WHIP_OFFER, send: () => BAD_SDP },
    whipEnd: { expect: WHIP_END },
    whepEnd: { expect: WHIP_END },
    getHealth: { expect: all(200) },
    getMetrics: { expect: all(200) },
    getOpenApi: { expect: all(200) },
};

let server, firstFacility, secondFacility, slots, routes, pool, patientPool, callers;

async function logInAll() {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const second = facilities.find((one) => one.name === 'Klinik Kota Selatan').id;
    const added = await run(['user', 'add', 'loket2', '--demo', server.dir, '--role', 'desk', '--facility',
        second, '--name', 'Petugas Dua'], { input: 'kata sandi yang panjang\n' });
    assert.equal(added.code, 0, added.stderr);
    secondFacility = second;
    firstFacility = facilities.find((one) => one.name === 'Puskesmas Limboto').id;
    for (const [login, place] of [['koordinator', firstFacility], ['koordinator2', second]]) {
        const made = await run(['user', 'add', login, '--demo', server.dir, '--role', 'coordinator', '--facility',
            place, '--name', 'Koordinator'], { input: 'kata sandi yang panjang\n' });
        assert.equal(made.code, 0, made.stderr);
    }
    const [doctor, otherDoctor, desk, office, admin] = await Promise.all(
        ['rahmat', 'nurhayati', 'loket', 'dinkes', 'admin'].map((login) => server.logInDemo(login)));
    const counter = await run(['user', 'add', 'camat', '--demo', server.dir, '--role', 'officer', '--area', '75.01.01',
        '--name', 'Petugas Kecamatan'], { input: 'kata sandi yang panjang\n' });
    assert.equal(counter.code, 0, counter.stderr);
    const addClient = async (name) => {
        const secret = await run(['client', 'add', name, '--demo', server.dir, '--facility', firstFacility]);
        assert.equal(secret.code, 0, secret.stderr);
        return { authorization: `Bearer ${secret.stdout.trim()}` };
    };
    const client = await addClient('simrs');
    const secondClient = await addClient('simrs-2');
    const otherDesk = await server.logIn('loket2', 'kata sandi yang panjang');
    const officer = await server.logIn('camat', 'kata sandi yang panjang');
    const [coordinator, otherCoordinator] = await Promise.all(['koordinator', 'koordinator2']
        .map((login) => server.logIn(login, 'kata sandi yang panjang')));
    return { anyone: {}, doctor, otherDoctor, desk, otherDesk, office, admin, coordinator, otherCoordinator, officer, client, secondClient };
}

before(async () => {
    server = await ServerProcess.start();
    callers = await logInAll();
    slots = await freeSlots(server, 'dr. Rahmat Hasan', 4);
    const visits = await server.visits(300);
    pool = visits.filter((_, i) => i % 3 === 0);
    patientPool = visits.filter((_, i) => i % 3 === 2);
    pool[0].guest = await inviteTo(pool[0], 'interpreter');
    const { paths } = (await server.request('GET', '/api/v1/openapi.json')).json();
    routes = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations)
        .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));
});
after(() => server.dispose());

/** A guest's token. */
async function inviteTo(visit, label) {
    const reply = await server.request('POST', `/api/v1/visits/${visit.visit}/guests`,
        { headers: callers.doctor, json: { label } });
    assert.equal(reply.status, 200, reply.text);
    return reply.json().link.split('/v/')[1];
}

/** The rows as the source has them: [{method, path, operation_id, roles}]. */
function routesOfSource() {
    const dir = fileURLToPath(new URL('../../server/http/', import.meta.url));
    const row = /\.method = "(\w+)",\s+\.path = "([^"]+)",\s+\.operation_id = "(\w+)"/g;
    return readdirSync(dir).filter((name) => /^api_.*\.c$/.test(name))
        .flatMap((name) => [...readFileSync(dir + name, 'utf8').matchAll(row)])
        .map(([, method, path, id]) => `${method} ${path} ${id}`);
}

test('the OpenAPI document, the tables and the matrix name the same routes', () => {
    const documented = routes.map((route) => `${route.method} ${route.path} ${route.operationId}`);
    assert.deepEqual(documented.sort(), routesOfSource().sort());
    assert.deepEqual(routes.map((route) => route.operationId).sort(), Object.keys(MATRIX).sort());
});

test('the OpenAPI document says who may call, and the matrix agrees', () => {
    const roleOf = { patient: ['patient'], guest: ['guest'], doctor: ['doctor'], desk: ['desk'], office: ['office'],
        admin: ['admin'], coordinator: ['coordinator'], officer: ['officer'], client: ['client'] };
    for (const route of routes) {
        const { expect } = MATRIX[route.operationId];
        if (route['x-roles'].includes('anyone')) continue;
        for (const [caller, [role]] of Object.entries(roleOf)) {
            const allowed = route['x-roles'].includes(role);
            assert.equal(expect[caller] !== 403, allowed, `${route.operationId} by ${caller}`);
        }
        assert.equal(expect.anyone, 401, route.operationId);
    }
});

/** The route's path with what it names. */
function targetOf(route, visit, made = {}) {
    const names = { visit: visit.visit, resource: 'unknown', doctor: slots[0].doctor, clinic: slots[0].clinic, ...made };
    return route.path.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? NO_ROW);
}

/** Headers of `caller` towards `visit`. */
function headersOf(caller, visit) {
    if (caller === 'patient') return { authorization: `Bearer ${visit.patient}` };
    if (caller === 'guest') return { authorization: `Bearer ${pool[0].guest}` };
    if (caller === 'doctorToken') return { authorization: `Bearer ${visit.doctor}` };
    if (caller === 'otherPatient') return { authorization: `Bearer ${patientPool[0].patient}` };
    return callers[caller];
}

async function callRoute(route, caller, n) {
    const row = MATRIX[route.operationId];
    const visit = row.ownVisit ? pool.pop() : pool[0];
    let headers = headersOf(caller, visit);
    /* All routes at once are more than one program may ask for. */
    if (caller === 'client' && routes.indexOf(route) % 2 === 1)
        headers = callers.secondClient;
    if (row.ownVisit && caller === 'otherPatient')
        headers = { authorization: `Bearer ${patientPool.pop().patient}` };
    /* Other than those of other tests: each route has its own share of the rate limits. */
    const from = clientAddress(5000 + CALLERS.length * routes.indexOf(route) + CALLERS.indexOf(caller));
    if (row.ownSession && row.expect[caller] === 204)
        headers = OWN_ACCOUNTS[caller] ? await server.logIn(OWN_ACCOUNTS[caller], 'kata sandi yang panjang', from)
            : await server.logInDemo({ doctor: 'rahmat', otherDoctor: 'nurhayati', desk: 'loket',
                office: 'dinkes', admin: 'admin' }[caller], from);
    const target = targetOf(route, visit, await row.made?.(n)) + (row.query?.() ?? '');
    const reply = await server.request(route.method, target, { headers, from, ...row.send?.(n) });
    if (row.ownSession && reply.status === 204) {
        const again = await server.request('GET', '/api/v1/session', { headers, from });
        assert.equal(again.status, 401, 'a session that was ended opens nothing');
    }
    return reply;
}

test('every route answers every caller as the matrix says', async () => {
    const wrong = [];
    for (const route of routes) {
        for (const [n, caller] of CALLERS.entries()) {
            const reply = await callRoute(route, caller, n);
            const expected = MATRIX[route.operationId]?.expect[caller];
            if (reply.status !== expected)
                wrong.push(`${route.operationId} by ${caller}: ${reply.status}, not ${expected}: ${reply.text.slice(0, 120)}`);
            if (reply.status >= 400)
                assert.match(reply.headers['content-type'], /^application\/problem\+json/);
        }
    }
    assert.deepEqual(wrong, []);
});

test('every change by a session wants the CSRF token', async () => {
    for (const [n, route] of routes.filter((one) => one.method !== 'GET').entries()) {
        if (!route['x-roles'].some((role) => ['doctor', 'desk', 'office', 'admin', 'officer'].includes(role))) continue;
        const caller = route['x-roles'].includes('doctor') ? 'doctor' : route['x-roles'][0];
        const row = MATRIX[route.operationId];
        const target = targetOf(route, pool[0]);
        for (const headers of [{}, { 'x-csrf-token': 'AAAAAAAAAAAAAAAAAAAAAA' },
            { 'x-csrf-token': callers[caller === 'desk' ? 'doctor' : 'desk']['x-csrf-token'] }]) {
            const reply = await server.request(route.method, target,
                { headers: { cookie: callers[caller].cookie, ...headers }, from: clientAddress(1000 + n), ...row.send?.(50) });
            assert.deepEqual([reply.status, reply.problem()], [403, 'csrf'], route.operationId);
        }
        const foreign = await server.request(route.method, target, { from: clientAddress(1000 + n),
            headers: { ...callers[caller], origin: 'https://elsewhere.example' }, ...row.send?.(50) });
        assert.deepEqual([foreign.status, foreign.problem()], [403, 'csrf'], route.operationId);
    }
});

test('a booking from another site\'s page is refused', async () => {
    const reply = await server.request('POST', '/api/v1/bookings',
        { json: { ...slots[60], ...person(60) }, headers: { origin: 'https://elsewhere.example' } });
    assert.deepEqual([reply.status, reply.problem()], [403, 'csrf']);
});

test('other methods are refused with the list of those that work', async () => {
    for (const [path, method] of new Map(routes.map((route) => [route.path, route.method]))) {
        const target = targetOf({ path }, pool[0]);
        for (const other of ['PUT', 'PATCH']) {
            if (routes.some((route) => route.path === path && route.method === other)) continue;
            const reply = await server.request(other, target, { headers: callers.doctor, from: '127.0.9.3' });
            assert.equal(reply.status, 405, `${other} ${path}`);
            assert.ok(reply.headers.allow.includes(method), `${other} ${path}`);
        }
    }
});

test('what a body holds beside its schema is refused and named', async () => {
    const bodies = routes.filter((route) => route.requestBody?.content['application/json']);
    assert.ok(bodies.length >= 4);
    for (const [n, route] of bodies.entries()) {
        const caller = ['anyone', 'patient', 'doctor', 'desk', 'admin', 'officer', 'client'].find((one) => route['x-roles'].includes(one));
        const target = targetOf(route, pool[0]);
        const options = { headers: headersOf(caller, pool[0]), from: `127.0.10.${n + 1}` };
        const json = { ...MATRIX[route.operationId].send(70).json, surplus: 'admin' };
        const unknown = await server.request(route.method, target, { ...options, json });
        assert.deepEqual([unknown.status, unknown.problem()], [422, 'invalid-fields'], route.operationId);
        assert.ok(unknown.json().errors.some((one) => one.field === 'surplus'), unknown.text);
        const empty = await server.request(route.method, target, { ...options, json: {} });
        const isEnough = !(route.requestBody.content['application/json'].schema.required?.length > 0);
        assert.ok(empty.status === 422 || (isEnough && empty.status < 500), `${route.operationId} ${empty.status}`);
        const wrongType = await server.request(route.method, target,
            { ...options, body: JSON.stringify(json), type: 'text/plain' });
        assert.deepEqual([wrongType.status, wrongType.problem()], [415, 'unsupported-media-type']);
        for (const text of ['{', '[]', 'null', '{"a":1}{', '{"login":"a","login":"b"}', '\u0000']) {
            const broken = await server.request(route.method, target,
                { ...options, body: text, type: 'application/json' });
            assert.ok([400, 422].includes(broken.status), `${route.operationId} ${text}: ${broken.status}`);
        }
    }
});

test('a query that is not in the schema is refused', async () => {
    for (const query of ['?clinic=x', `?clinic=${slots[0].clinic}&days=32`, '?unknown=1',
        `?clinic=${slots[0].clinic}&from=2026-13-01`]) {
        const reply = await server.request('GET', `/api/v1/slots${query}`);
        assert.deepEqual([reply.status, reply.problem()], [422, 'invalid-fields'], query);
    }
});

test('days that cannot be asked for are refused with the field and the cause', async () => {
    const clinic = slots[0].clinic;
    const rows = [
        [`/api/v1/slots?clinic=${clinic}&from=9999-12-31`, 'from', 'too_late'],
        [`/api/v1/slots?clinic=${clinic}&from=9999-12-20&days=31`, 'from', 'too_late'],
        ['/api/v1/reports/daily?from=2026-11-02&to=2026-11-01', 'to', 'too_early'],
        ['/api/v1/reports/daily?from=2025-01-01&to=2026-01-02', 'to', 'span_too_long'],
    ];
    for (const [target, field, code] of rows) {
        const reply = await server.request('GET', target, { headers: callers.office });
        assert.deepEqual([reply.status, reply.problem()], [422, 'invalid-fields'], reply.text);
        assert.deepEqual(reply.json().errors.map((one) => [one.field, one.code]), [[field, code]], target);
        assert.ok(reply.json().errors[0].message.length > 5);
    }
    const last = await server.request('GET', '/api/v1/reports/daily?from=9999-12-01&to=9999-12-31',
        { headers: callers.office });
    assert.equal(last.status, 200, last.text);
});

test('a body over the limit is refused', async () => {
    for (const [target, type, size] of [['/api/v1/bookings', 'application/json', 5000],
        ['/api/v1/session', 'application/json', 3000], [`/whip/${pool[0].visit}`, 'application/sdp', 70_000]]) {
        const reply = await server.request('POST', target, { body: 'x'.repeat(size), type, from: '127.0.9.5',
            headers: { authorization: `Bearer ${pool[0].patient}` } });
        assert.deepEqual([reply.status, reply.problem()], [413, 'body-too-large'], target);
    }
});

test('an officer books anywhere, has the ticket of that day, and sees nothing else of the visit', async () => {
    const officer = callers.officer;
    const session = (await server.request('GET', '/api/v1/session', { headers: officer })).json();
    assert.deepEqual([session.role, session.area, session.facility], ['officer', 'Limboto', null]);
    const consent = (await server.request('GET', '/api/v1/consent')).json().version;
    const made = await server.request('POST', '/api/v1/counter/bookings',
        { headers: officer, json: { ...slots[55], ...person(555), consent } });
    assert.equal(made.status, 201, made.text);
    const { visit, link, number } = made.json();
    const { bookings } = (await server.request('GET', '/api/v1/counter/bookings', { headers: officer })).json();
    assert.deepEqual([bookings[0].visit, bookings[0].number, bookings[0].booked], [visit, number, true]);
    const path = `/api/v1/counter/bookings/${visit}`;
    const ticket = (await server.request('GET', path, { headers: officer })).json();
    assert.deepEqual([ticket.link, ticket.number, ticket.patient], [link, number, person(555).name]);
    assert.ok(ticket.qr.length >= 21 && ticket.qr.every((row) => row.length === ticket.qr.length && /^[01]+$/.test(row)));
    const day = (await server.request('GET', `/api/v1/day?date=${new Date(slots[55].starts_at_ms + 8 * 3600_000)
        .toISOString().slice(0, 10)}`, { headers: callers.desk })).json();
    assert.equal(day.visits.find((one) => one.id === visit).consent, true, 'it was read aloud');
    for (const [method, tail] of [['GET', ''], ['GET', '/note'], ['GET', '/letters'], ['POST', '/link']])
        assert.equal((await server.request(method, `/api/v1/visits/${visit}${tail}`, { headers: officer })).status, 403);
    const renewed = await server.request('POST', `/api/v1/visits/${visit}/link`, { headers: callers.desk });
    assert.equal(renewed.status, 200, renewed.text);
    const after = (await server.request('GET', path, { headers: officer })).json();
    assert.deepEqual([after.link, after.qr, after.number], [null, null, number]);
    await server.request('POST', `/api/v1/visits/${visit}/cancel`, { headers: callers.desk, json: { reason: 'dokter sakit' } });
    assert.equal((await server.request('GET', path, { headers: officer })).status, 410);
    const listed = (await server.request('GET', '/api/v1/counter/bookings', { headers: officer })).json();
    assert.equal(listed.bookings.find((one) => one.visit === visit).booked, false);
});

test('a desk books for somebody, as itself; a coordinator gets no link', async () => {
    const consent = (await server.request('GET', '/api/v1/consent')).json().version;
    const sent = { headers: { ...callers.desk, 'idempotency-key': 'loket-1' }, json: { ...slots[56], ...person(560), consent } };
    const made = await server.request('POST', '/api/v1/desk-bookings', sent);
    assert.equal(made.status, 201, made.text);
    const { visit, link, number, qr } = made.json();
    assert.ok(qr.length >= 21 && qr.every((row) => row.length === qr.length && /^[01]+$/.test(row)));
    const again = (await server.request('POST', '/api/v1/desk-bookings', sent)).json();
    assert.deepEqual([again.visit, again.link, again.number], [visit, link, number]);
    const joined = await server.request('GET', '/api/v1/join', { headers: { authorization: `Bearer ${link.split('/v/')[1]}` } });
    assert.equal(joined.status, 200, joined.text);
    const record = (await server.request('GET', `/api/v1/visits/${visit}`, { headers: callers.desk })).json();
    assert.deepEqual(record.consents.map((one) => one.how), ['read_aloud']);
    assert.equal(record.events.find((one) => one.kind === 'booked').actor, 'desk');
    const quiet = await server.request('POST', '/api/v1/desk-bookings',
        { headers: callers.coordinator, json: { ...slots[57], ...person(561), consent } });
    assert.deepEqual([quiet.status, quiet.json().link, quiet.json().qr], [201, null, null]);
    const taken = await server.request('POST', '/api/v1/desk-bookings',
        { headers: callers.desk, json: { ...slots[57], ...person(562), consent } });
    assert.deepEqual([taken.status, taken.problem(), taken.json().nearest.length], [409, 'slot-taken', 3]);
});

test('who has no telephone is booked by staff alone, who say so; everybody is told to tell', async () => {
    const consent = (await server.request('GET', '/api/v1/consent')).json().version;
    const { phone, ...who } = person(570);
    const paths = ['desk-bookings', 'counter/bookings', 'extra-bookings', 'walk-ins'];
    const send = (path, n, more, lang = 'id') => {
        const { clinic, doctor, starts_at_ms } = slots[60 + n];
        const place = path === 'walk-ins' ? { clinic, doctor } : { clinic, doctor, starts_at_ms };
        return server.request('POST', `/api/v1/${path}?lang=${lang}`, { headers: path === 'counter/bookings' ? callers.officer : callers.desk,
            json: { ...place, ...who, consent, ...more }, from: clientAddress(570 + n) });
    };
    const faults = (reply) => reply.json().errors.map((one) => `${one.field} ${one.code}`);
    for (const [n, path] of paths.entries()) {
        const silent = await send(path, n, {});
        assert.deepEqual([silent.status, faults(silent)], [422, ['phone required']], `${path} ${silent.text}`);
        const both = await send(path, n, { phone, no_phone: true }, 'en');
        assert.deepEqual([both.status, faults(both)], [422, ['phone phone_said']], `${path} ${both.text}`);
        assert.match(both.json().errors[0].message, /Keep one of the two/);
        const made = await send(path, n, { no_phone: true });
        assert.equal(made.status, 201, `${path} ${made.text}`);
        const [warning] = made.json().warnings;
        assert.deepEqual([warning.field, warning.code], ['phone', 'no_phone']);
        assert.match(warning.message, /tidak ada pesan yang dikirim/);
        assert.match(warning.also, /no message is sent/);
    }
    const { visits } = (await server.request('GET', '/api/v1/day', { headers: callers.desk })).json();
    const [walkIn, ...more] = visits.filter((one) => one.patient === who.name);
    assert.deepEqual([walkIn.no_phone, more.length], [true, 0]);
    assert.ok(visits.some((one) => !one.no_phone));
    const asked = await server.request('POST', `/api/v1/visits/${walkIn.id}/convert`, { headers: callers.desk, json: { to: 'phone', reason: 'sinyal lemah' } });
    assert.deepEqual([asked.status, asked.problem()], [409, 'no-phone'], asked.text);
    const outside = await server.request('POST', '/api/v1/bookings', { json: { ...slots[65], ...who, no_phone: true } });
    assert.deepEqual([outside.status, faults(outside).sort()], [422, ['no_phone unknown', 'phone required']], outside.text);
    const client = await server.request('POST', '/api/v1/client-bookings', { headers: callers.client, json: { ...slots[65], ...who, no_phone: true } });
    assert.equal(client.status, 422, client.text);
});

test('another system books and cancels, in its facility, until its secret is revoked', async () => {
    const { paths, components } = (await server.request('GET', '/api/v1/openapi.json')).json();
    assert.deepEqual(paths['/api/v1/client-bookings'].post.security, [{ clientSecret: [] }]);
    assert.deepEqual(components.securitySchemes.clientSecret, { type: 'http', scheme: 'bearer' });
    const added = await run(['client', 'add', 'klinik', '--demo', server.dir, '--facility', secondFacility]);
    const there = { authorization: `Bearer ${added.stdout.trim()}` };
    const json = { ...slots[58], ...person(563) };
    const elsewhere = await server.request('POST', '/api/v1/client-bookings', { headers: there, json });
    assert.deepEqual([elsewhere.status, elsewhere.problem()], [404, 'not-found'], elsewhere.text);
    const made = await server.request('POST', '/api/v1/client-bookings', { headers: callers.client, json });
    assert.equal(made.status, 201, made.text);
    const cancel = `/api/v1/client-bookings/${made.json().visit}/cancel`;
    assert.equal((await server.request('POST', cancel, { headers: there, json: { reason: 'pindah kota' } })).status, 404);
    /* Its patient moves it by the link: the system knows the first id alone. */
    const byLink = { authorization: `Bearer ${made.json().link.split('/v/')[1]}` };
    const { doctor, starts_at_ms } = slots[59];
    const moved = await server.request('POST', '/api/v1/join/move', { headers: byLink, json: { doctor, starts_at_ms } });
    assert.equal(moved.status, 200, moved.text);
    const seen = (headers) => server.request('GET', `/api/v1/client-bookings/${made.json().visit}`, { headers });
    assert.equal((await seen(there)).status, 404);
    const now = (await seen(callers.client)).json();
    assert.deepEqual([now.visit, now.state, now.starts_at_ms, now.link], [moved.json().visit, 'booked', starts_at_ms, null]);
    const cancelled = await server.request('POST', cancel, { headers: callers.client, json: { reason: 'pindah kota' } });
    assert.deepEqual([cancelled.status, cancelled.json().state], [200, 'cancelled_patient'], cancelled.text);
    assert.equal((await seen(callers.client)).json().state, 'cancelled_patient');
    const revoked = await run(['client', 'revoke', 'klinik', '--demo', server.dir]);
    assert.equal(revoked.code, 0, revoked.stderr);
    const late = await server.request('POST', '/api/v1/client-bookings', { headers: there, json });
    assert.deepEqual([late.status, late.problem()], [401, 'unauthenticated']);
    const listed = await run(['client', 'list', '--demo', server.dir]);
    assert.equal(listed.stdout, `klinik\t${secondFacility}\trevoked\nsimrs\t${firstFacility}\tactive\nsimrs-2\t${firstFacility}\tactive\n`);
    for (const words of [['add', 'x y', '--province'], ['add', 'portal'], ['drop', 'portal'], ['add', 'simrs', '--province']])
        assert.notEqual((await run(['client', ...words, '--demo', server.dir])).code, 0, words.join(' '));
});

test('a link that was renewed opens nothing any more', async () => {
    const visit = pool.pop();
    const renewed = await server.request('POST', `/api/v1/visits/${visit.visit}/link`, { headers: callers.desk });
    assert.equal(renewed.status, 200, renewed.text);
    const token = renewed.json().link.split('/v/')[1];
    const [old, fresh] = await Promise.all([visit.patient, token].map((bearer) =>
        server.request('GET', '/api/v1/join', { headers: { authorization: `Bearer ${bearer}` } })));
    assert.deepEqual([old.status, old.problem()], [404, 'link-invalid']);
    assert.equal(fresh.status, 200);
});

test('a guest is shown the visit without the patient, and its next link ends the one before', async () => {
    const visit = pool.pop();
    const shown = async (bearer) => server.request('GET', '/api/v1/join', { headers: { authorization: `Bearer ${bearer}` } });
    const first = await inviteTo(visit, 'family');
    const seen = (await shown(first)).json();
    assert.equal(seen.guest, 'family');
    assert.deepEqual([seen.visit.patient, seen.visit.number], [null, null]);
    assert.equal((await shown(visit.patient)).json().guest, null);
    const second = await inviteTo(visit, 'family');
    assert.deepEqual([(await shown(first)).status, (await shown(second)).status], [404, 200]);
    assert.equal((await shown(visit.patient)).status, 200);
    const other = await server.request('POST', `/api/v1/visits/${visit.visit}/guests`,
        { headers: callers.doctor, json: { label: 'friend' } });
    assert.deepEqual([other.status, other.problem()], [422, 'invalid-fields']);
});

test('only its doctor sees the media figures', async () => {
    const record = async (caller) => (await server.request('GET', `/api/v1/visits/${pool[0].visit}`,
        { headers: callers[caller] })).json();
    const [asDoctor, asDesk] = [await record('doctor'), await record('desk')];
    assert.ok(asDoctor.participants.every((one) => 'media' in one));
    assert.ok(asDesk.participants.every((one) => !('media' in one)));
    assert.match(asDoctor.visit.phone_masked, /^\+62\d+\*+\d+$/);
});
