// SPDX-License-Identifier: Apache-2.0
// What of an offer the server is sent: on a link of 60 kbit/s each kilobyte costs the first sound 0.13 s. The
// browser's own description stays as it is. Pure.

/** Of no use to a lite agent with one transport, or said again by `a=msid`. */
const NEEDLESS = /^a=(candidate:|end-of-candidates|ice-options:|rtcp:|rtcp-xr:|extmap-allow-mixed|msid-semantic:|ssrc:\d+ (msid|mslabel|label):)/;
/** The relay's (signaling/README.md). */
const EXTENSION = /^a=extmap:\d+(\/\w+)? .*(ssrc-audio-level|abs-send-time|transport-wide-cc-extensions-01|sdes:(mid|(repaired-)?rtp-stream-id))$/;
/** Of all m-lines of a group the first's counts (RFC 8843, 7.1.3). */
const TRANSPORT = /^a=(ice-ufrag|ice-pwd|fingerprint|setup):/;

export function shortOffer(sdp: string): string {
    return sdp
        .split(/(?=^m=)/m)
        .map((section, index) =>
            section
                .split('\r\n')
                .filter((line) => !NEEDLESS.test(line))
                .filter((line) => !line.startsWith('a=extmap:') || EXTENSION.test(line))
                .filter((line) => index < 2 || !TRANSPORT.test(line))
                .join('\r\n'),
        )
        .join('');
}
