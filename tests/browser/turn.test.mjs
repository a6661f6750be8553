// SPDX-License-Identifier: Apache-2.0
// Issue 3, "Shows" 4: a patient whose network lets nothing through but TCP to the pages and to port 443 is in
// the call over Debian's coturn. For root.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { DOCTOR, PATIENT } from './support/browsers.mjs';
import { Coturn, credentials } from './support/coturn.mjs';
import { LEFT_OUT, mayOpenGates } from './support/gate.mjs';
import { useStage } from './support/stage.mjs';
import { assertMedia, openCall, untilBothMedia, watchMedia } from './support/steps.mjs';

const SECRET = 'a secret that both servers know'.replaceAll(' ', '-').padEnd(40, '.');
const TTL_S = 300;
const WATCH_MS = 10_000;
const skip = !mayOpenGates && 'network namespaces are made by root';
if (skip) process.exitCode = LEFT_OUT;

/** The operator's part, before the program's first start. */
function configure({ dir, gate }) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(dir, 'turn-secret'), `${SECRET}\n`, { mode: 0o600 });
    writeFileSync(path.join(dir, 'huyula.ini'), ['[turn]', `urls = turns:${gate.server}:443?transport=tcp`,
        'secret = turn-secret', `ttl_s = ${TTL_S}`, ''].join('\n'));
}

/** The patient's network, and coturn. */
async function ready({ gate, program }) {
    for (const port of [443, program.port]) {
        await gate.allow(`iif inside ipproto tcp dport ${port} to ${gate.server}`);
    }
    await gate.block('iif inside');
    coturn = await Coturn.start({ gate, secret: SECRET, certificate: path.join(program.dir, 'certificate.pem'),
        key: path.join(program.dir, 'certificate.key') });
}

let coturn;
const stage = skip ? {} : useStage({ gated: true, configure, ready, patients: { party: PATIENT, side: 'inside' },
    doctors: { party: DOCTOR, side: 'outside' } });
after(() => coturn?.dispose());

/** Keeps the user names that the page is told. */
function keepTold() {
    window.told = [];
    window.WebSocket = class extends window.WebSocket {
        constructor(...args) {
            super(...args);
            this.addEventListener('message', ({ data }) => {
                const [server] = JSON.parse(data).ice_servers ?? [];
                if (server) window.told.push(server.username);
            });
        }
    };
}

/** Our candidate of the path in use. */
function usedCandidate(page) {
    return page.evaluate(async () => {
        const stats = await probe.live().getStats();
        const { selectedCandidatePairId } = [...stats.values()].find((row) => row.type === 'transport');
        const { candidateType, relayProtocol, url } =
            stats.get(stats.get(selectedCandidatePairId).localCandidateId);
        return { candidateType, relayProtocol, url };
    });
}

async function assertRelayed(patient) {
    assert.deepEqual(await usedCandidate(patient), { candidateType: 'relay', relayProtocol: 'tls',
        url: `turns:${stage.gate.server}:443?transport=tcp` });
}

test('the call runs over coturn, and over a restarted one with newer credentials', { skip }, async () => {
    const { program } = stage;
    const { patient, doctor } = await openCall(stage, { before: keepTold });
    const [patientSaw, doctorSaw] = await Promise.all([
        watchMedia(patient, DOCTOR, WATCH_MS),
        watchMedia(doctor, PATIENT, WATCH_MS),
    ]);
    assertMedia(patientSaw, DOCTOR, 'patient');
    assertMedia(doctorSaw, PATIENT, 'doctor');
    await assertRelayed(patient);
    const direct = await usedCandidate(doctor);
    assert.notEqual(direct.candidateType, 'relay', 'UDP gets through to the doctor');

    const [first] = await patient.evaluate(() => told);
    assert.ok(coturn.users().includes(first), `${first} among ${coturn.users()}`);

    await program.passTime((TTL_S / 2) * 1000);
    assert.ok(await patient.evaluate(() => probe.until(() => told.length > 1, 10_000)), 'others came');
    const [, second] = await patient.evaluate(() => told);
    const [[firstEnd, id], [secondEnd, secondId]] = [first, second].map((name) => name.split(':'));
    assert.equal(secondId, id, 'the quota counts the person');
    assert.ok(secondEnd - firstEnd >= TTL_S / 2, `${first}, ${second}`);
    await assertRelayed(patient);

    await coturn.stop();
    await coturn.run();
    const newer = `user <(?!${firstEnd})\\d+:${id}>: incoming packet ALLOCATE processed, success`;
    await coturn.untilLogged(new RegExp(newer));
    await untilBothMedia(patient, doctor);
    await assertRelayed(patient);
    assert.deepEqual([...patient.faults, ...doctor.faults], []);
});

test('coturn refuses other passwords, and names whose time is over', { skip }, async () => {
    const { gate } = stage;
    const refused = /Cannot complete Allocation/;
    const good = credentials(SECRET, 'somebody', 60);
    assert.doesNotMatch(await coturn.ask(good, '127.0.0.1'), refused, 'the right ones');
    const wrong = { ...good, password: credentials('another secret', 'somebody', 60).password };
    assert.match(await coturn.ask(wrong, gate.server), refused);
    const later = { ...good, username: credentials(SECRET, 'somebody', 600).username };
    assert.match(await coturn.ask(later, gate.server), refused, 'a name made to last longer');
    assert.match(await coturn.ask(credentials(SECRET, 'somebody', -1), gate.server), refused);
});

test('through coturn nobody gets at other machines, nor more paths than the quota', { skip }, async () => {
    const { gate } = stage;
    const good = credentials(SECRET, 'nosy', 600);
    const others = ['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.67.2.1', '10.67.1.2', '169.254.169.254', '192.0.2.1'];
    for (const peer of others) {
        assert.match(await coturn.ask(good, peer), /403 \(Forbidden IP\)/, peer);
    }
    const crowd = credentials(SECRET, 'crowd', 600);
    assert.match(await coturn.ask(crowd, gate.server, 13), /486 \(Allocation Quota Reached\)/);
});
