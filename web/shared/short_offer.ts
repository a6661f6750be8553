// SPDX-License-Identifier: Apache-2.0
// What of an offer the server is sent: on a link of 60 kbit/s each kilobyte costs the first sound 0.13 s. The
// browser's own description stays as it is. Pure.

/** Of no use to a lite agent with one transport, said again by `a=msid`, or an extension that is not the relay's. */
const NEEDLESS = /^a=(candidate|end-of|ice-op|rtcp(:|-xr)|extmap-allow|msid-sem|ssrc:\d+ [^c]|extmap:\S+ (?!.*(audio-level|send-time|extensions-01|sdes:)))/;
/** Of all m-lines of a group the first's counts (RFC 8843, 7.1.3). */
const TRANSPORT = /^a=(ice|finger|setup)/;

export const shortOffer = (sdp: string): string =>
    sdp
        .split(/(?=^m=)/m)
        .map((section, index) =>
            section
                .split('\r\n')
                .filter((line) => !NEEDLESS.test(line) && (index < 2 || !TRANSPORT.test(line)))
                .join('\r\n'),
        )
        .join('');
