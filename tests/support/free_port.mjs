// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import net from 'node:net';

/* Below what Linux gives connections that go out (ip_local_port_range, from 32768 on): of those another test's may have it
 * by the time that a program is started again. */
const FROM = 12_000;
const TO = 32_000;

/** A port that nobody listens on, for a program that is to have the same one each time it is started. */
export async function freePort() {
    for (;;) {
        const port = FROM + Math.floor(Math.random() * (TO - FROM));
        const server = net.createServer();
        const isFree = await new Promise((resolve) => {
            server.once('error', () => resolve(false));
            server.listen(port, '127.0.0.1', () => resolve(true));
        });
        if (!isFree) continue;
        server.close();
        await once(server, 'close');
        return port;
    }
}
