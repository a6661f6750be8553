// SPDX-License-Identifier: Apache-2.0
// The phone rings: the connection is made meanwhile, and carries nothing of anybody before the call is taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import {
    acceptCall, allowDevices, callPatient, callScreen, enterWaitingRoom, logIn, untilBothMedia, untilScreen,
} from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });

async function ring() {
    const { program, patients, doctors } = stage;
    const [visit] = await program.visits();
    const patient = await patients.page();
    const doctor = await doctors.page({ viewport: DESKTOP });
    await allowDevices(patient, program.patientLink(visit));
    await enterWaitingRoom(patient);
    await logIn(doctor, program.url, program.account('doctor'));
    await callPatient(doctor, visit.visit);
    await untilScreen(patient, 'called');
    return { patient, doctor };
}

/** The patient's connection stands, and neither side hears or sees the other. */
async function assertConnectedInSilence(patient, doctor) {
    const stands = await patient.evaluate(
        () => probe.until(() => window.huyulaCall?.connectionState === 'connected', 20_000));
    assert.ok(stands, 'no connection while the phone rings');
    const carried = await patient.evaluate(async () => {
        const rows = [...(await window.huyulaCall.getStats()).values()];
        const sum = (type, name) => rows.filter((row) => row.type === type)
            .reduce((total, row) => total + (row[name] ?? 0), 0);
        return {
            tracks: window.huyulaCall.getSenders().filter((one) => one.track).length,
            frames: sum('outbound-rtp', 'framesEncoded'),
            heard: sum('inbound-rtp', 'totalSamplesReceived'),
            shown: sum('inbound-rtp', 'framesDecoded'),
        };
    });
    assert.deepEqual(carried, { tracks: 0, frames: 0, heard: 0, shown: 0 });
    assert.equal(await callScreen(doctor, 'talking').count(), 0, 'the doctor is shown somebody in the call');
}

const nConnections = (page) => page.evaluate(() => probe.connections.length);

test('while the phone rings the connection stands in silence; taken, it is the call\'s', async () => {
    const { patient, doctor } = await ring();
    await assertConnectedInSilence(patient, doctor);
    await acceptCall(patient);
    await untilBothMedia(patient, doctor);
    assert.equal(await nConnections(patient), 1);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

test('loaded again while it rings, the page offers by HTTP, and needs no second connection', async () => {
    const { patient, doctor } = await ring();
    const answered = patient.waitForResponse((one) => one.url().endsWith('/api/v1/join/offer'));
    /* A socket that is there before the offer is written takes the offer: as on a slow link it is not. */
    await patient.routeWebSocket(/\/ws$/, async (socket) => {
        await answered;
        socket.connectToServer();
    });
    await patient.reload();
    assert.equal((await answered).status(), 200);
    await untilScreen(patient, 'called');
    await assertConnectedInSilence(patient, doctor);
    await acceptCall(patient);
    await untilBothMedia(patient, doctor);
    assert.equal(await nConnections(patient), 1);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

const untilHeard = async (page, { hz }) => assert.ok(await page.evaluate(
    (wanted) => probe.until(() => Math.abs((probe.pitch() ?? 0) - wanted) <= 15, 60_000), hz), `no tone of ${hz} Hz`);

test('loaded again and taken, the call is heard before there is a socket, and seen with it', async () => {
    const { patient, doctor } = await ring();
    let open;
    const mayOpen = new Promise((resolve) => (open = resolve));
    await patient.routeWebSocket(/\/ws$/, async (socket) => {
        await mayOpen;
        socket.connectToServer();
    });
    await patient.reload();
    await acceptCall(patient);
    await Promise.all([untilHeard(patient, DOCTOR), untilHeard(doctor, PATIENT)]);
    await callScreen(doctor, 'talking').waitFor();
    open();
    await patient.getByTestId('timer').waitFor(); // runs once it is told who is there
    await untilBothMedia(patient, doctor);
    assert.equal(await nConnections(patient), 1);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

test('a call that is talked in goes on when its first welcome is lost', async () => {
    const { patient, doctor } = await ring();
    const sockets = [];
    let open;
    let lose;
    const mayOpen = new Promise((resolve) => (open = resolve));
    const lost = new Promise((resolve) => (lose = resolve));
    await patient.routeWebSocket(/\/ws$/, async (socket) => {
        sockets.push(socket);
        if (sockets.length > 1) return socket.connectToServer();
        await mayOpen;
        /* What the server says to the first socket gets lost, and the server does not hear of its end. */
        socket.onClose(() => undefined);
        return socket.connectToServer().onMessage(lose);
    });
    await patient.reload();
    await acceptCall(patient);
    await Promise.all([untilHeard(patient, DOCTOR), untilHeard(doctor, PATIENT)]);
    open();
    assert.match(String(await lost), /"type": ?"welcome"/);
    await sockets[0].close({ code: 4999 });
    await patient.getByTestId('timer').waitFor();
    await untilBothMedia(patient, doctor);
    assert.equal(sockets.length, 2);
    assert.equal(await nConnections(patient), 1);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});
