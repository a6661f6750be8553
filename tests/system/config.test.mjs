// SPDX-License-Identifier: Apache-2.0
// A configuration whose faults only show on the disk or in several values together: all of them in one
// run, each with its line, beside those of single values.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, run } from '../support/server_process.mjs';

let root, own, other;

/** The files of a demo clinic, which is made and stopped. */
async function makeClinic() {
    const server = await ServerProcess.start();
    await server.stop();
    return server;
}

before(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'huyula-config-'));
    [own, other] = [await makeClinic(), await makeClinic()];
});
after(async () => {
    await Promise.all([own.dispose(), other.dispose()]);
    rmSync(root, { recursive: true, force: true });
});

/** The lines of a sound configuration: [section, key, value]; `changed` puts values in their places. */
function settings(changed = {}) {
    const values = {
        'http.port': '0', 'http.bind': '127.0.0.1', 'http.public_url': 'https://localhost:8443',
        'http.certificate': path.join(own.dir, 'certificate.pem'),
        'http.private_key': path.join(own.dir, 'certificate.key'),
        'media.bind': '127.0.0.1', 'media.port': '0', 'media.workers': '2',
        'data.database': path.join(own.dir, 'huyula.db'), 'data.keys': path.join(own.dir, 'keys'),
        'clinic.zone': 'Asia/Makassar', ...changed,
    };
    const lines = [], at = {};
    for (const [name, value] of Object.entries(values)) {
        if (value === undefined) continue;
        const [section, key] = name.split('.');
        lines.push(`[${section}]`, `${key} = ${value}`);
        at[name] = lines.length;
    }
    const file = path.join(root, 'huyula.ini');
    writeFileSync(file, lines.join('\n'));
    return { file, at };
}

/** Checks that exactly the keys of `wanted` are faulty, each with its line and a word of its fault. */
async function assertFaults(changed, wanted) {
    const { file, at } = settings(changed);
    for (const command of [['check-config', file], ['serve', '--config', file]]) {
        const { code, stderr } = await run(command);
        assert.equal(code, 1, stderr);
        const named = stderr.trim().split('\n');
        for (const [name, word] of Object.entries(wanted)) {
            const start = at[name] ? `line ${at[name]}: ${name}: ` : `${name}: `;
            assert.ok(named.some((line) => line.startsWith(start) && line.includes(word)),
                `${start}... ${word} in\n${stderr}`);
        }
        assert.equal(named.length, Object.keys(wanted).length, stderr);
    }
}

test('a sound configuration has no faults', async () => {
    const { code, stderr } = await run(['check-config', settings().file]);
    assert.deepEqual([code, stderr], [0, '']);
});

test('faults of single values, of several together and of the disk come in one run', async () => {
    const keys = path.join(root, 'keys');
    writeFileSync(keys, 'rubbish');
    chmodSync(keys, 0o600);
    await assertFaults({
        'http.port': '99999', 'http.public_url': 'http://localhost', 'http.bind': '',
        'media.bind': '0.0.0.0', 'media.port': '65535', 'clinic.zone': 'Asia/Nowhere',
        'data.database': path.join(root, 'nowhere', 'huyula.db'), 'data.keys': keys,
        'http.certificate': keys,
    }, {
        'http.port': '99999', 'http.public_url': 'https://', 'http.bind': 'empty',
        'media.public_address': 'needed', 'media.port': '65534', 'clinic.zone': 'Asia/Nowhere',
        'data.database': 'nowhere', 'data.keys': 'key file', 'http.certificate': 'no PEM certificate',
    });
});

test('the key of another certificate, and none at all', async () => {
    await assertFaults({ 'http.private_key': path.join(other.dir, 'certificate.key') },
        { 'http.private_key': 'is not the key of' });
    await assertFaults({ 'http.private_key': path.join(own.dir, 'keys') },
        { 'http.private_key': 'holds no PEM private key' });
    await assertFaults({ 'http.certificate': path.join(root, 'none.pem') },
        { 'http.certificate': 'cannot read' });
});

test('what is missing is named beside what is wrong', async () => {
    await assertFaults({ 'http.public_url': undefined, 'http.certificate': undefined,
        'media.port': '65535', 'media.workers': '64' },
    { 'http.public_url': 'must be given', 'http.certificate': 'must be given',
        'media.port': 'at most 65472' });
});

test('a TURN server\'s URLs and its secret belong together, and each must be sound', async () => {
    const [secret, short] = [path.join(root, 'turn-secret'), path.join(root, 'short')];
    writeFileSync(secret, `${'s'.repeat(64)}\n`, { mode: 0o600 });
    writeFileSync(short, 'short\n', { mode: 0o600 });
    const url = 'turns:turn.example.go.id:443?transport=tcp';
    const sound = settings({ 'turn.urls': `${url}, turn:192.0.2.7`, 'turn.secret': secret, 'turn.ttl_s': '300' });
    const { code, stderr } = await run(['check-config', sound.file]);
    assert.deepEqual([code, stderr], [0, '']);
    await assertFaults({ 'turn.urls': url }, { 'turn.secret': 'needed when turn.urls' });
    await assertFaults({ 'turn.secret': secret }, { 'turn.urls': 'needed when turn.secret' });
    await assertFaults({ 'turn.urls': `${url}, stun:192.0.2.7`, 'turn.secret': short, 'turn.ttl_s': '299' },
        { 'turn.urls': '"stun:192.0.2.7" must begin with turn:', 'turn.secret': '32 to 200', 'turn.ttl_s': '86400' });
    chmodSync(secret, 0o644);
    await assertFaults({ 'turn.urls': url, 'turn.secret': secret }, { 'turn.secret': 'chmod 600' });
});

test('a TCP port has one owner', async () => {
    const shared = { 'http.port': '8501', 'media.port': '8500' };
    await assertFaults(shared, { 'media.port': 'takes http.port too' });
    await assertFaults({ ...shared, 'http.bind': '0.0.0.0' }, { 'media.port': 'takes http.port too' });
    await assertFaults({ ...shared, 'media.tcp': 'perhaps' }, { 'media.tcp': 'perhaps' });
    for (const other of [{ 'media.tcp': 'false' }, { 'media.workers': '1' }, { 'http.bind': '127.0.0.2' },
        { 'http.bind': '::' }, { 'http.port': '8502' }, { 'http.port': '8499' }]) {
        const { code, stderr } = await run(['check-config', settings({ ...shared, ...other }).file]);
        assert.deepEqual([code, stderr], [0, ''], JSON.stringify(other));
    }
});

test('a value that cannot be read is not judged by its default', async () => {
    await assertFaults({ 'media.bind': '127.0.0.300', 'data.keys': path.join(root, 'no keys') },
        { 'media.bind': '127.0.0.300', 'data.keys': 'no keys' });
});

test('a database in a folder that is not writable', { skip: process.getuid() === 0 && 'root writes everywhere' },
    async () => {
        const folder = path.join(root, 'locked');
        mkdirSync(folder);
        copyFileSync(path.join(own.dir, 'huyula.db'), path.join(folder, 'huyula.db'));
        chmodSync(folder, 0o500);
        await assertFaults({ 'data.database': path.join(folder, 'huyula.db') },
            { 'data.database': 'is not writable' });
        chmodSync(folder, 0o700);
    });
