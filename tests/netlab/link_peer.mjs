// SPDX-License-Identifier: Apache-2.0
// One end of a measurement of the link alone, run inside a namespace. The monotonic clock is the same
// in all processes, so packets carry when they were sent.
//   receive ADDRESS PORT    a line "ready", then a JSON line [sent ns, received ns, source] per packet
//   send ADDRESS PORT IP_BYTES PER_SECOND SECONDS
import dgram from 'node:dgram';

const IP_AND_UDP = 28;
const [what, address, port, ...rest] = process.argv.slice(2);
const socket = dgram.createSocket('udp4');

function receive() {
    socket.on('message', (message, from) => {
        const now = process.hrtime.bigint();
        process.stdout.write(`${JSON.stringify([String(message.readBigInt64BE()), String(now), from.address])}\n`);
    });
    socket.bind(Number(port), address, () => process.stdout.write('"ready"\n'));
}

function send([size, perSecond, seconds]) {
    const message = Buffer.alloc(Number(size) - IP_AND_UDP);
    const total = Number(perSecond) * Number(seconds);
    const startNs = process.hrtime.bigint();
    let sent = 0;
    const timer = setInterval(() => {
        const due = (Number(process.hrtime.bigint() - startNs) / 1e9) * Number(perSecond);
        for (; sent < Math.min(due, total); sent++) {
            message.writeBigInt64BE(process.hrtime.bigint());
            socket.send(Buffer.from(message), Number(port), address);
        }
        if (sent < total) return;
        clearInterval(timer);
        socket.close();
    }, 1);
}

if (what === 'receive') receive();
else send(rest);
