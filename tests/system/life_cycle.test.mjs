// SPDX-License-Identifier: Apache-2.0
// Starting, stopping, reloading, restarting, accounts by command, throttled log-ins.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { STOP_TIMEOUT_MS, ServerProcess, clientAddress, freeSlots, person, run }
    from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const PASSWORD = 'kata sandi yang panjang', OTHER_PASSWORD = 'kalimat lain lagi';
const TRIES_PER_PLACE = 8; // an account from one address

let server, dir;

before(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'huyula-life-'));
    server = await ServerProcess.start();
});
after(async () => {
    await server.dispose();
    rmSync(dir, { recursive: true, force: true });
});

function logInWith(login, password, from = '127.0.0.1') {
    return server.request('POST', '/api/v1/session', { json: { login, password }, from });
}

function session(headers) {
    return server.request('GET', '/api/v1/session', { headers });
}

function user(action, login, more = [], input = '') {
    return run(['user', action, login, '--demo', server.dir, ...more], { input });
}

test('every fault of a configuration is named with its line', async () => {
    const keys = path.join(dir, 'keys');
    writeFileSync(keys, 'secret');
    chmodSync(keys, 0o644);
    const lines = ['[http]', 'port = 99999', 'bind = 127.0.0.300', 'colour = red', 'port = 443',
        '[media', '[nothing]', '[log]', 'level = loud', 'nonsense', '[data]', `keys = ${keys}`,
        '[clinic]', 'zone = Asia/Nowhere'];
    const bad = path.join(dir, 'bad.ini');
    writeFileSync(bad, lines.join('\n'));
    const faulty = { 2: 'http.port', 3: 'http.bind', 4: 'colour', 5: 'http.port', 6: '', 7: 'nothing',
        9: 'log.level', 10: '', 12: 'data.keys', 14: 'clinic.zone' };
    for (const command of [['check-config', bad], ['serve', '--config', bad]]) {
        const { code, stderr } = await run(command);
        assert.equal(code, 1, stderr);
        const named = stderr.trim().split('\n').filter((line) => /^line \d+: /.test(line));
        const numbers = named.map((line) => Number(line.match(/^line (\d+)/)[1]));
        assert.deepEqual(numbers.sort((a, b) => a - b), Object.keys(faulty).map(Number), stderr);
        for (const [line, what] of Object.entries(faulty))
            assert.ok(named.some((one) => one.startsWith(`line ${line}: `) && one.includes(what)), stderr);
    }
    const good = await run(['check-config', path.join(server.dir, 'huyula.ini')]);
    assert.deepEqual([good.code, good.stderr], [0, ''], good.stderr);
    const none = await run(['check-config', path.join(dir, 'none.ini')]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /none\.ini/);
});

test('a port that is taken is said, and the program ends', async () => {
    const listener = net.createServer().listen(0, '127.0.0.1');
    const receiver = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(listener, 'listening'), once(receiver, 'listening')]);
    const other = path.join(dir, 'other');
    const ports = { '--port': listener.address().port, '--media-port': receiver.address().port };
    for (const [option, port] of Object.entries(ports)) {
        const rest = option === '--port' ? ['--media-port', '0'] : ['--port', '0'];
        const { code, stderr } = await run(['serve', '--demo', other, option, String(port), ...rest]);
        assert.equal(code, 1, stderr);
        assert.match(stderr, new RegExp(`huyula: .*${port}.*(in use|already)`), stderr);
    }
    listener.close();
    receiver.close();
});

function shownCertificate() {
    return new Promise((resolve, reject) => {
        const socket = tls.connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, () => {
            resolve(socket.getPeerCertificate().fingerprint256);
            socket.destroy();
        }).on('error', reject);
    });
}

test('SIGHUP reads the certificate again; a bad one leaves the old one', async () => {
    const [certificate, key] = ['certificate.pem', 'certificate.key']
        .map((name) => ({ from: path.join(dir, 'other', name), to: path.join(server.dir, name) }));
    const wanted = new X509Certificate(readFileSync(certificate.from)).fingerprint256;
    assert.notEqual(await shownCertificate(), wanted);
    copyFileSync(certificate.from, certificate.to);
    copyFileSync(key.from, key.to);
    server.child.kill('SIGHUP');
    await server.untilLogged(/TLS keys read again/);
    assert.equal(await shownCertificate(), wanted);
    writeFileSync(certificate.to, 'rubbish');
    server.child.kill('SIGHUP');
    await server.untilLogged(/TLS keys not read/);
    assert.equal(await shownCertificate(), wanted);
    copyFileSync(certificate.from, certificate.to);
});

test('accounts are added, given passwords, closed and opened by command', async () => {
    const weak = await user('add', 'analis', ['--role', 'office'], 'pendek\n');
    assert.equal(weak.code, 1);
    assert.match(weak.stderr, /password: /);
    const added = await user('add', 'analis', ['--role', 'office', '--name', 'Analis Baru'], `${PASSWORD}\n`);
    assert.deepEqual([added.code, added.stdout], [0, 'analis: done\n'], added.stderr);
    const twice = await user('add', 'analis', ['--role', 'office'], `${PASSWORD}\n`);
    assert.equal(twice.code, 1);
    const headers = await server.logIn('analis', PASSWORD);
    assert.equal((await session(headers)).json().name, 'Analis Baru');

    assert.equal((await user('passwd', 'analis', [], `${OTHER_PASSWORD}\n`)).code, 0);
    assert.equal((await session(headers)).status, 401, 'sessions end with the password');
    assert.equal((await logInWith('analis', PASSWORD)).status, 401);
    const again = await server.logIn('analis', OTHER_PASSWORD);

    assert.equal((await user('disable', 'analis')).code, 0);
    assert.equal((await session(again)).status, 401, 'a closed account\'s sessions end');
    const closed = await logInWith('analis', OTHER_PASSWORD);
    assert.deepEqual([closed.status, closed.problem()], [403, 'account-disabled'], closed.text);
    assert.equal((await logInWith('analis', PASSWORD)).status, 401, 'only who knows the password is told');
    assert.equal((await user('enable', 'analis')).code, 0);
    await server.logIn('analis', OTHER_PASSWORD);
    const nobody = await user('disable', 'nobody');
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /^huyula: .+/);
});

test('a new doctor stands for one of the directory, a new desk belongs to a facility of it', async () => {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const facility = facilities[0].id, doctor = facilities.at(-1).clinics.at(-1).doctors.at(-1);
    const refused = [
        [2, /--practitioner/, 'dokter', ['--role', 'doctor']],
        [1, /--practitioner zzz/, 'dokter', ['--role', 'doctor', '--practitioner', 'zzz']],
        [2, /--role doctor/, 'kantor', ['--role', 'office', '--practitioner', doctor.id]],
        [1, /--facility zzz/, 'meja', ['--role', 'desk', '--facility', 'zzz']],
        [1, /facility/, 'meja', ['--role', 'desk']],
    ];
    for (const [code, said, login, more] of refused) {
        const done = await user('add', login, more, `${PASSWORD}\n`);
        assert.deepEqual([done.code, done.stdout], [code, ''], `${more}: ${done.stderr}`);
        assert.match(done.stderr, said);
    }
    const added = [
        await user('add', 'dokter', ['--role', 'doctor', '--practitioner', doctor.id], `${PASSWORD}\n`),
        await user('add', 'meja', ['--role', 'desk', '--facility', facility], `${PASSWORD}\n`),
    ];
    for (const { code, stderr } of added) assert.equal(code, 0, stderr);
    for (const login of ['dokter', 'meja']) {
        const headers = await server.logIn(login, PASSWORD);
        const day = await server.request('GET', '/api/v1/day', { headers });
        assert.equal(day.status, 200, day.text);
    }
});

test('too many wrong passwords: 429 says when to try again, for that account from there alone', async () => {
    const { password } = server.accounts().dinkes;
    for (let n = 0; n < TRIES_PER_PLACE; n++) {
        const reply = await logInWith('dinkes', 'salah sekali', clientAddress(0));
        assert.deepEqual([reply.status, reply.problem()], [401, 'wrong-password'], reply.text);
    }
    const limited = await logInWith('dinkes', password, clientAddress(0));
    assert.deepEqual([limited.status, limited.problem()], [429, 'too-many-requests'], limited.text);
    const wait = Number(limited.headers['retry-after']);
    assert.ok(Number.isInteger(wait) && wait > 0 && wait <= 60, `Retry-After: ${wait}`);
    await server.logInDemo('loket', clientAddress(0));
    await server.logInDemo('dinkes', clientAddress(1));
});

/** Sends the head and half the body of a request: {finish(): Promise of the whole answer}. */
async function beginRequest(target, json) {
    const body = JSON.stringify(json);
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => (text += part));
    const ended = once(socket, 'close');
    socket.write(`POST ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`
        + `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
        + body.slice(0, 10));
    const finish = async () => {
        socket.write(body.slice(10));
        await ended;
        return text;
    };
    return { finish };
}

test('SIGTERM: what runs is finished, sockets are told, no more come in', async () => {
    const [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const [visit] = await server.visits(1);
    const page = await WsClient.open(server);
    await page.hello(visit.patient);
    const idle = tls.connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
    await once(idle, 'secureConnect');
    const booking = await beginRequest('/api/v1/bookings', { ...slot, ...person(1) });
    assert.equal((await server.request('GET', '/healthz')).status, 200); // so the half above is read

    const idleEnds = once(idle, 'close');
    const stopped = server.stop();
    const told = await page.next('restarting');
    assert.ok(told.in_ms > 0);
    assert.equal(await page.closed, 1012);
    await assert.rejects(server.request('GET', '/healthz'), { code: 'ECONNREFUSED' });
    const answer = await booking.finish();
    assert.match(answer, /^HTTP\/1\.1 201 /);
    assert.match(answer, /\r\nconnection: close\r\n/i);
    await idleEnds;
    assert.ok(await stopped < STOP_TIMEOUT_MS);

    const token = answer.match(/"link":\s*"[^"]*\/v\/([^"]+)"/)[1];
    await server.run();
    const joined = await server.request('GET', '/api/v1/join', { headers: { authorization: `Bearer ${token}` } });
    assert.equal(joined.status, 200, 'what was answered while stopping is there');
});

test('a restart keeps sessions, visits and the audit trail; migrating again changes nothing', async () => {
    const headers = await server.logInDemo('rahmat');
    const day = async () => (await server.request('GET', '/api/v1/day', { headers })).json().visits;
    const [visit] = await server.visits(1);
    const page = await WsClient.open(server);
    await page.hello(visit.patient);
    page.send({ type: 'ready' });
    await page.next('visit', (message) => message.visit.state === 'checked_in');
    const waiting = (await day()).find((one) => one.id === visit.visit);
    assert.equal(waiting.state, 'checked_in');
    await server.stop();
    await page.closed;
    const migrated = await run(['migrate', '--demo', server.dir]);
    assert.deepEqual([migrated.code, migrated.stdout], [0, '0 migrations applied\n'], migrated.stderr);
    await server.run();

    assert.equal((await session(headers)).json().role, 'doctor');
    const still = (await day()).find((one) => one.id === visit.visit);
    assert.deepEqual([still.state, still.number, still.checked_in_at_ms],
        ['checked_in', waiting.number, waiting.checked_in_at_ms]);
    const back = await WsClient.open(server);
    const welcome = await back.hello(visit.patient, { resume: 'unknown', last_seq: 3 });
    assert.deepEqual([welcome.resumed, welcome.visit.state], [false, 'checked_in']);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
    await back.drop();
});
