// SPDX-License-Identifier: Apache-2.0
// The doctor's call as an object, with the real session behind it, against a pretended browser.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeBrowser } from '../shared/fake_browser';
import { CallSession } from './call_session';

let browser: FakeBrowser;

beforeEach(() => {
    browser = new FakeBrowser('/dokter/v', () => ({ token: 't' }));
});

const patient = (in_call: boolean) => ({ id: 'p', role: 'patient', name: 'S', present: in_call, audio: 'on', video: 'on', in_call });

/** A call whose connection never comes about: the visit is not where offers are answered. */
async function inCall(hasPatient: boolean): Promise<CallSession> {
    const call = new CallSession('v', false, () => undefined);
    await call.start();
    browser.socket.say({
        type: 'welcome', seq: 1, participant: 'd', role: 'doctor', resume: 'r', resumed: false, server_ms: 0, ice_servers: [],
        visit: { id: 'v', state: 'checked_in', way: 'video' }, participants: [patient(hasPatient)],
    });
    return call;
}

test('who came in and dropped out before anybody was heard has come in, also after a reload', async (t) => {
    const call = await inCall(false);
    t.after(() => call.close());
    assert.equal(call.current.cameIn, false);
    browser.socket.say({ type: 'participant', seq: 2, event: 'media', participant: patient(true) });
    browser.socket.say({ type: 'participant', seq: 3, event: 'lost', participant: patient(false) });
    assert.deepEqual([call.current.cameIn, call.current.talkingSinceMs], [true, null]);
    call.close();
    const again = await inCall(false);
    t.after(() => again.close());
    assert.equal(again.current.cameIn, true);
    again.leave();
    assert.equal(new CallSession('v', false, () => undefined).current.cameIn, false, 'left, it is forgotten');
});
