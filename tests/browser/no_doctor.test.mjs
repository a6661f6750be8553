// SPDX-License-Identifier: Apache-2.0
// Who is booked for a day on which the doctor is on leave: the lists of desk and doctor say so before anybody waits in vain.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import { bookOpenVisit, byId, logIn } from './support/steps.mjs';

const WITA_MS = 8 * 3600_000;
const FACILITY = 'Puskesmas Limboto';
const stage = useStage({ hour: 9, staff: {} });

test('a visit of today whose doctor is on leave is marked on both lists', { timeout: 60_000 }, async () => {
    const { program } = stage;
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const [known] = facilities.find((one) => one.name === FACILITY).clinics[0].doctors;
    const account = program.accounts().find((one) => one.name === known.name);
    await bookOpenVisit(program, FACILITY);
    const doctor = await program.logIn(account);
    const today = new Date(program.now() + WITA_MS).toISOString().slice(0, 10);
    const leave = await program.request('POST', `/api/v1/hours/${known.id}/leaves?bookings=keep`,
        { headers: doctor, body: { from: today, until: today, note: 'Sakit' } });
    assert.deepEqual([leave.status, leave.json().kept], [201, 1], leave.text);
    for (const who of [program.account('desk'), account]) {
        const page = await stage.staff.page({ viewport: DESKTOP });
        await logIn(page, program.url, who);
        const mark = page.locator('[data-testid=mark-unplaced], [data-testid=mark-other-doctor]').first();
        await mark.waitFor();
        assert.match(await mark.innerText(), /perlu (waktu atau )?dokter lain/);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});
