// SPDX-License-Identifier: Apache-2.0
// A call over our relay by the product's own pages. The doctor is in the call and waits; the patient's
// page is loaded, may use the microphone, and has no socket: that is where call.join() begins.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DESKTOP, PHONE } from '../browser/support/browsers.mjs';
import { Program, programPath } from '../browser/support/program.mjs';
import { allowDevices, callPatient, enterWaitingRoom, logIn, untilScreen } from '../browser/support/steps.mjs';
import { SERVER } from './lab.mjs';
import { socketMade, untilConnected } from './party.mjs';

/** The program on the server's side of the link. */
export class FarProgram extends Program {
    constructor(lab) {
        super(0);
        this.lab = lab;
    }

    get url() {
        return `https://${SERVER}:${this.port}`;
    }

    async run() {
        const [command, ...words] = this.lab.inside('server');
        const args = [...words, programPath(), 'serve', '--demo', this.dir, '--lan', '--port', '0',
            '--media-port', '0', '--test-clock', this.clockFile];
        this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        this.ended = once(this.child, 'exit');
        this.child.stdout.resume();
        this.child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
        const [, port, mediaPort] = await this.untilLogged(/serving http_port=(\d+) media_port=(\d+)/);
        this.port = Number(port);
        this.mediaPort = Number(mediaPort);
    }
}

export class HuyulaCall {
    /** Up to the doctor in the call and the patient's phone ringing. */
    static async prepare(lab, { patient, doctor }) {
        const call = new HuyulaCall();
        call.program = new FarProgram(lab);
        try {
            await call.program.run();
            const [visit] = await call.program.visits();
            call.patient = await patient.page(PHONE);
            call.doctor = await doctor.page(DESKTOP);
            await allowDevices(call.patient, call.program.patientLink(visit));
            await enterWaitingRoom(call.patient);
            await logIn(call.doctor, call.program.url, call.program.account('doctor'));
            await callPatient(call.doctor, visit.visit);
            await untilScreen(call.patient, 'called');
            await untilConnected(call.doctor);
        } catch (error) {
            await call.close();
            throw error;
        }
        return call;
    }

    /** The patient's page is loaded again over the link as it now is, and takes the call; when it made its socket. */
    async join() {
        await this.patient.evaluate(() => sessionStorage.setItem('netlab.takes-calls', '1'));
        return socketMade(this.patient, () => this.patient.reload({ waitUntil: 'commit' }));
    }

    faults() {
        return [...this.patient.faults, ...this.doctor.faults];
    }

    async close() {
        await this.program.dispose();
    }
}
