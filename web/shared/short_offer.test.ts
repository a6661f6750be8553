// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortOffer } from './short_offer';

const lines = (...all: string[]) => [...all, ''].join('\r\n');
const TRANSPORT = ['a=ice-ufrag:mBHZ', 'a=ice-pwd:0a+gNlXJ', 'a=ice-options:trickle', 'a=fingerprint:sha-256 F6:94',
    'a=setup:actpass'];

test('an offer is sent with what the server reads, its transport once', () => {
    const session = ['v=0', 'o=- 48 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'];
    const long = lines(
        ...session, 'a=extmap-allow-mixed', 'a=msid-semantic: WMS s',
        'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=rtcp:9 IN IP4 0.0.0.0',
        'a=candidate:1 1 udp 2113937151 a.local 53648 typ host', ...TRANSPORT, 'a=mid:0',
        'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level', 'a=sendrecv', 'a=msid:s a', 'a=rtcp-mux',
        'a=rtcp-rsize', 'a=rtcp-xr:rcvr-rtt=all', 'a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 nack',
        'a=ssrc:77 cname:c', 'a=ssrc:77 msid:s a',
        'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=rtcp:9 IN IP4 0.0.0.0', ...TRANSPORT, 'a=mid:1',
        'a=extmap:13 urn:3gpp:video-orientation',
        'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
        'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
        'a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', 'a=rid:h send', 'a=simulcast:send h',
    );
    const short = lines(
        ...session,
        'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=ice-ufrag:mBHZ', 'a=ice-pwd:0a+gNlXJ',
        'a=fingerprint:sha-256 F6:94', 'a=setup:actpass', 'a=mid:0',
        'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level', 'a=sendrecv', 'a=msid:s a', 'a=rtcp-mux',
        'a=rtcp-rsize', 'a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 nack', 'a=ssrc:77 cname:c',
        'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:1',
        'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
        'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
        'a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', 'a=rid:h send', 'a=simulcast:send h',
    );
    assert.equal(shortOffer(long), short);
});
