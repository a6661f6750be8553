// SPDX-License-Identifier: Apache-2.0
// A real installation from its configuration file to its administrator, by the commands that
// server/README.md names and nothing else: keys, check, database, server, first-run page.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync,
    writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, run } from '../support/server_process.mjs';

const PASSWORD = 'empat kata biasa berturut';
let root, config, keys, database, server;

/** The operator's own files: here the certificate of a demo clinic that is thrown away. */
async function bringCertificate() {
    const demo = await ServerProcess.start({ empty: true });
    for (const name of ['certificate.pem', 'certificate.key'])
        copyFileSync(path.join(demo.dir, name), path.join(root, 'etc', name));
    await demo.dispose();
}

before(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'huyula-install-'));
    for (const name of ['etc', 'lib']) mkdirSync(path.join(root, name));
    await bringCertificate();
    [config, keys] = ['huyula.ini', 'keys'].map((name) => path.join(root, 'etc', name));
    database = path.join(root, 'lib', 'huyula.db');
});
after(async () => {
    await server?.dispose();
    rmSync(root, { recursive: true, force: true });
});

const command = (...words) => run([...words, '--config', config]);

test('the sample file with its blanks filled in', async () => {
    const sample = await run(['check-config', '--sample']);
    assert.equal(sample.code, 0, sample.stderr);
    const values = { public_url: 'https://localhost:8443', certificate: 'certificate.pem',
        private_key: 'certificate.key' };
    let text = sample.stdout;
    for (const [key, value] of Object.entries(values))
        text = text.replace(new RegExp(`^${key} =$`, 'm'), `${key} = ${value}`);
    for (const [sampled, wanted] of [['#port = 443', 'port = 0'], ['#bind = 0.0.0.0, ::', 'bind = 127.0.0.1'],
        ['#bind = 0.0.0.0\n', 'bind = 127.0.0.1\n'], ['#port = 8500', 'port = 0'],
        [/^#database = .*$/m, `database = ${database}`], [/^#keys = .*$/m, 'keys = keys']]) {
        assert.ok(text.search(sampled) >= 0, `${sampled} in the sample`);
        text = text.replace(sampled, wanted);
    }
    writeFileSync(config, text);
});

test('without keys every command says how they are made, and nothing else is wrong', async () => {
    const line = readFileSync(config, 'utf8').split('\n').indexOf('keys = keys') + 1;
    for (const words of ['check-config', 'serve', 'migrate']) {
        const { code, stderr } = await command(words);
        assert.deepEqual([code, stderr],
            [1, `line ${line}: data.keys: key file ${keys} is missing; 'huyula make-keys --config FILE' makes it\n`]);
    }
});

test('an empty key file is said to be one', async () => {
    writeFileSync(keys, '', { mode: 0o600 });
    const checked = await command('check-config');
    assert.match(checked.stderr, /is empty; remove it, then 'huyula make-keys/);
    const made = await command('make-keys');
    assert.deepEqual([made.code, made.stderr], [1, `huyula: key file ${keys} is there already; it is never written over\n`]);
    assert.equal(statSync(keys).size, 0);
    rmSync(keys);
});

test('faults of the file and of the folder make no keys', async () => {
    const none = await run(['make-keys', '--config', path.join(root, 'none.ini')]);
    assert.deepEqual([none.code, /none\.ini/.test(none.stderr)], [1, true], none.stderr);
    const misspelt = path.join(root, 'etc', 'misspelt.ini');
    writeFileSync(misspelt, '[data]\nkey = elsewhere\n');
    const unknown = await run(['make-keys', '--config', misspelt]);
    assert.deepEqual([unknown.code, unknown.stderr], [1, 'line 2: data.key: unknown key\n']);
    writeFileSync(misspelt, '[data]\nkeys = nowhere/keys\n');
    const nowhere = await run(['make-keys', '--config', misspelt]);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /huyula: cannot create key file .*nowhere\/keys: No such file/);
    assert.equal((await run(['make-keys', 'now', '--config', config])).code, 2);
    assert.ok(!existsSync(keys));
});

test('keys are made once, for their owner alone', async () => {
    const made = await command('make-keys');
    assert.deepEqual([made.code, made.stderr], [0, '']);
    assert.ok(made.stdout.startsWith(`${keys}: made`), made.stdout);
    assert.equal(statSync(keys).mode & 0o777, 0o600);
    const text = readFileSync(keys, 'utf8');
    assert.match(text, /^seal 1 \S{44}\nindex \S{44}\n$/m);
    assert.equal((await command('make-keys')).code, 1);
    assert.equal(readFileSync(keys, 'utf8'), text);
    const checked = await command('check-config');
    assert.deepEqual([checked.code, checked.stderr], [0, '']);
});

test('database, server, first-run page, administrator', async () => {
    const migrated = await command('migrate');
    assert.equal(migrated.code, 0, migrated.stderr);
    assert.match(migrated.stdout, /^[1-9]\d+ migrations applied/);
    server = new ServerProcess({}, true);
    server.configFile = config;
    await server.run();
    const page = await server.request('GET', '/mulai');
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /text\/html/);
    assert.deepEqual((await server.request('GET', '/api/v1/setup')).json(), { needed: true });
    const made = await server.request('POST', '/api/v1/setup', { json: { code: await server.setupCode(), login: 'siti',
        name: 'Siti Rahmawati', password: PASSWORD } });
    assert.equal(made.status, 204, made.text);
    const headers = await server.logIn('siti', PASSWORD, '127.0.30.1');
    assert.equal((await server.request('GET', '/api/v1/session', { headers })).json().role, 'admin');
});

test('lost keys are not made anew beside a database', async () => {
    await server.stop();
    rmSync(keys);
    const checked = await command('check-config');
    assert.match(checked.stderr, /key file .* is missing; the database is there already and needs its own keys/);
    const made = await command('make-keys');
    assert.equal(made.code, 1);
    assert.match(made.stderr, /bring back their copy/);
    assert.ok(!existsSync(keys));
});
