// SPDX-License-Identifier: Apache-2.0
// What the server answers when there is very much of something, or nothing: for looking at pages.
import { SITI } from './steps.mjs';

export const HOUR_MS = 3600_000;
export const LONG = { ...SITI, name: 'Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya' };

/**
 * From now on what the program answers PAGE at URL is as CHANGE(reply) has it. The result ends that: it waits for
 * what is under way. A page that is closed meanwhile is no error.
 */
export async function reshape(page, url, change, { method = 'GET', ...options } = {}) {
    const underWay = new Set();
    const answer = async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: change(await response.json()) });
    };
    const handler = (route) => {
        if (route.request().method() !== method) return route.fallback();
        const answered = answer(route).catch((error) => {
            if (!page.isClosed()) throw error;
        }).finally(() => underWay.delete(answered));
        underWay.add(answered);
        return answered;
    };
    await page.route(url, handler, options);
    return async () => {
        await Promise.allSettled([...underWay]);
        await page.unroute(url, handler);
    };
}

/** What lookAtWait answers of one who has an offer. */
export function waitReply(program, more) {
    const server_ms = program.now();
    const turn_at_ms = (Math.floor(server_ms / (24 * HOUR_MS)) + 2) * 24 * HOUR_MS + 1.25 * HOUR_MS; // 09.15
    return { state: 'waiting', clinic: 'Poli Kesehatan Ibu dan Anak', facility: 'Puskesmas Limboto', phone: '0435-881234',
        doctor: null, service: 'Kunjungan bayi baru lahir, imunisasi dan menyusui', until: '2026-12-24', ahead: 3, urgent: false,
        offer: { id: 'offer', doctor: 'dr. Nurhayati Mohamad, Sp.A', turn_at_ms, expires_at_ms: server_ms + 14.5 / 60 * HOUR_MS, kept: true },
        last_offer: null, server_ms, ...more };
}

/** The day list REPLY with each of its visits over and over, up to N, by other ids and numbers. */
export function busyDay(reply, n) {
    const visits = Array.from({ length: n }, (_, i) => {
        const visit = reply.visits[i % reply.visits.length];
        return i < reply.visits.length ? visit : { ...visit, id: `${visit.id.slice(0, -3)}${String(i).padStart(3, '0')}`, number: `A-${100 + i}` };
    });
    return { ...reply, visits };
}

/** Of six weeks of three doctors of whom nearly all is said. */
export function daysReply(from, doctors) {
    const date = (n) => new Date(Date.parse(`${from}T00:00Z`) + n * 24 * HOUR_MS).toISOString().slice(0, 10);
    const at = (n, hour) => Date.parse(`${date(n)}T00:00Z`) + (hour - 8) * HOUR_MS;
    const dayOf = (n) => doctors.map((doctor, i) => ({ doctor, ...(n % 7 === 6 ? { from_ms: null, to_ms: null, places: 0, held: 0, extra: 0 }
        : { from_ms: at(n, 8), to_ms: at(n, 24), places: 64, held: (n * 11 + i) % 65, extra: n % 5 }), leave: n % 9 === 8 }));
    return { days: Array.from({ length: 42 }, (_, n) => ({ date: date(n), doctors: n % 7 === 5 ? [] : dayOf(n) })),
        holidays: [{ id: 'h1', date: date(16), name: 'Maulid Nabi Muhammad dan ulang tahun kabupaten', certain: false, facility: null, facility_name: null },
            { id: 'h2', date: date(17), name: 'Hari Raya Natal', certain: true, facility: null, facility_name: null }] };
}

/** Of a doctor with a long name in two clinics; `filled`: with all that a week can hold. */
export function hoursReply(monday, filled) {
    const clinics = ['Poli Kesehatan Ibu dan Anak', 'Poli Umum'].map((name, i) => ({ id: `clinic${i}`, name, facility: 'Puskesmas Bongomeme' }));
    const date = (n) => new Date(Date.parse(`${monday}T00:00Z`) + n * 24 * HOUR_MS).toISOString().slice(0, 10);
    const at = (n, hour) => Date.parse(`${date(n)}T00:00Z`) + (hour - 8) * HOUR_MS;
    const slots = { mode: 'slots', slot_minutes: 20, before_minutes: 5, after_minutes: 10, quota: null, extra_percent: 20 };
    const session = { mode: 'session', slot_minutes: null, before_minutes: 0, after_minutes: 0, quota: 30, extra_percent: 0 };
    const days = Array.from({ length: 7 }, (_, n) => ({ date: date(n), bookings: filled ? 30 * n : 0,
        open: filled ? clinics.map(({ id }, i) => ({ clinic: id, from_ms: at(n, 8 + 8 * i), to_ms: at(n, 12 + 12 * i) })) : [] }));
    const rule = { clinic: 'clinic0', from: '08:00', to: '12:00', pattern: slots, valid_from: '2026-01-01', valid_until: '2026-12-31',
        breaks: [{ from: '09:00', to: '09:15' }, { from: '10:30', to: '10:45' }] };
    const many = {
        rules: days.flatMap((_, n) => [{ ...rule, id: `a${n}`, weekday: n + 1 },
            { ...rule, id: `b${n}`, weekday: n + 1, clinic: 'clinic1', from: '16:00', to: '00:00', breaks: [], pattern: session }]),
        overrides: [{ id: 'o1', clinic: 'clinic0', date: date(1), kind: 'closed', from: '08:00', to: '10:00', pattern: null, note: 'Rapat lintas sektor kecamatan' },
            { id: 'o2', clinic: 'clinic1', date: date(1), kind: 'extra', from: '13:00', to: '15:00', pattern: session, note: '' }],
        leaves: [{ id: 'l1', from: date(2), until: date(4), note: 'Pelatihan kegawatdaruratan' }],
        holidays: [{ id: 'h1', date: date(5), name: 'Maulid Nabi Muhammad', certain: false, facility: null, facility_name: null },
            { id: 'h2', date: date(6), name: 'Hari Raya Natal', certain: true, facility: null, facility_name: null }],
    };
    const none = { rules: [], overrides: [], leaves: [], holidays: [] };
    return { doctor: { id: 'doctor', name: `dr. ${LONG.name}, Sp.OG`, clinics }, days, server_ms: 0, ...(filled ? many : none) };
}
