// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchNetwork, type Surroundings } from './network_watch';

function watched(type?: string) {
    const heard: string[] = [];
    const around = {
        window: new EventTarget(),
        document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
        devices: new EventTarget(),
        connection: Object.assign(new EventTarget(), { type }),
    };
    const stop = watchNetwork({
        onChanged: () => heard.push('changed'),
        onDoubt: () => heard.push('doubt'),
        onSeen: () => heard.push('seen'),
        onDevices: () => heard.push('devices'),
    }, around as Surroundings);
    const say = (target: EventTarget, name: string) => target.dispatchEvent(new Event(name));
    return { heard, around, stop, say };
}

test('a network after none is another one', () => {
    const { heard, around, say } = watched();
    say(around.window, 'online');
    assert.deepEqual(heard, ['changed']);
});

test('Wi-Fi to mobile is another network, a new guess of its rate is a doubt', () => {
    const { heard, around, say } = watched('wifi');
    say(around.connection, 'change');
    assert.deepEqual(heard, ['doubt']);
    around.connection.type = 'none';
    say(around.connection, 'change');
    assert.deepEqual(heard, ['doubt'], 'none: there is nothing to connect by');
    around.connection.type = 'cellular';
    say(around.connection, 'change');
    assert.deepEqual(heard, ['doubt', 'changed']);
});

test('a page that is seen again asks, one that is hidden does not', () => {
    const { heard, around, say } = watched();
    around.document.visibilityState = 'hidden';
    say(around.document, 'visibilitychange');
    assert.deepEqual(heard, []);
    around.document.visibilityState = 'visible';
    say(around.document, 'visibilitychange');
    assert.deepEqual(heard, ['doubt', 'seen']);
});

test('devices come and go; afterwards nothing is heard', () => {
    const { heard, around, stop, say } = watched();
    say(around.devices, 'devicechange');
    assert.deepEqual(heard, ['devices']);
    stop();
    for (const [target, name] of [[around.window, 'online'], [around.connection, 'change'],
        [around.document, 'visibilitychange'], [around.devices, 'devicechange']] as const) say(target, name);
    assert.deepEqual(heard, ['devices']);
});

test('a browser that knows none of it is watched all the same', () => {
    const window = new EventTarget();
    let changes = 0;
    watchNetwork({ onChanged: () => (changes += 1), onDoubt() {}, onSeen() {}, onDevices() {} }, {
        window, document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
        devices: undefined, connection: {} as never,
    });
    window.dispatchEvent(new Event('online'));
    assert.equal(changes, 1);
});
