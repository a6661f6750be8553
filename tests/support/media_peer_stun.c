// SPDX-License-Identifier: Apache-2.0
/* The checks of a full, controlling ICE agent. */
#include "tests/support/media_peer_private.h"

#include <string.h>
#include <stun/stunagent.h>
#include <stun/usages/ice.h>

enum { STUN_MAX_BYTES = 600, STUN_ATTRIBUTE_FROM_TOMORROW = 0x7a7a, PRIORITY = 0x6e0000ff };

struct MediaPeerStun {
    StunAgent agent;
};

static const uint16_t KNOWN[] = {
    STUN_ATTRIBUTE_USERNAME,           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
    STUN_ATTRIBUTE_ERROR_CODE,         STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES,
    STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, STUN_ATTRIBUTE_MAPPED_ADDRESS,
    STUN_ATTRIBUTE_PRIORITY,           STUN_ATTRIBUTE_USE_CANDIDATE,
    STUN_ATTRIBUTE_FINGERPRINT,        STUN_ATTRIBUTE_ICE_CONTROLLED,
    STUN_ATTRIBUTE_ICE_CONTROLLING,    0,
};

void media_peer_stun_init(MediaPeer *peer)
{
    peer->stun = g_new0(MediaPeerStun, 1);
    stun_agent_init(&peer->stun->agent, KNOWN, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
}

void media_peer_stun_clear(MediaPeer *peer)
{
    g_free(peer->stun);
}

/* Transactions are forgotten at once: libnice's table of sent ids is small and an answer is checked
 * by hand. */
static size_t build(MediaPeer *peer, bool nominate, bool controlling, const char *username,
                    uint8_t *data)
{
    StunMessage message;
    StunTransactionId id;
    const char *password = peer->answer.ice_pwd;
    size_t size = stun_usage_ice_conncheck_create(
        &peer->stun->agent, &message, data, STUN_MAX_BYTES, (const uint8_t *)username,
        strlen(username), (const uint8_t *)password, strlen(password), nominate, controlling,
        PRIORITY, 1234567, NULL, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    g_assert(size > 0);
    memcpy(id, data + 4, sizeof id);
    (void)stun_agent_forget_transaction(&peer->stun->agent, id);
    return size;
}

void media_peer_check(MediaPeer *peer, bool nominate)
{
    uint8_t data[STUN_MAX_BYTES];
    g_autofree char *username = g_strdup_printf("%s:%s", peer->answer.ice_ufrag, peer->ufrag);
    size_t size = build(peer, nominate, true, username, data);
    media_peer_send_raw(peer, data, size);
}

static size_t build_with_unknown_attribute(MediaPeer *peer, const char *username, uint8_t *data)
{
    StunMessage message;
    StunTransactionId id;
    StunAgent *agent = &peer->stun->agent;
    g_assert(stun_agent_init_request(agent, &message, data, STUN_MAX_BYTES, STUN_BINDING));
    stun_message_append32(&message, (StunAttribute)STUN_ATTRIBUTE_FROM_TOMORROW, 1);
    stun_message_append32(&message, STUN_ATTRIBUTE_PRIORITY, PRIORITY);
    stun_message_append64(&message, STUN_ATTRIBUTE_ICE_CONTROLLING, 1);
    stun_message_append_bytes(&message, STUN_ATTRIBUTE_USERNAME, username, strlen(username));
    size_t size = stun_agent_finish_message(agent, &message, (const uint8_t *)peer->answer.ice_pwd,
                                            strlen(peer->answer.ice_pwd));
    memcpy(id, data + 4, sizeof id);
    (void)stun_agent_forget_transaction(agent, id);
    return size;
}

void media_peer_check_spoiled(MediaPeer *peer, MediaPeerSpoil spoil)
{
    uint8_t data[STUN_MAX_BYTES];
    size_t size = 0;
    g_autofree char *username = g_strdup_printf("%s:%s", peer->answer.ice_ufrag, peer->ufrag);
    g_autofree char *wrong = g_strdup_printf("%s:xxxx", peer->answer.ice_ufrag);
    switch (spoil) {
    case MEDIA_PEER_SPOIL_PASSWORD: {
        char first = peer->answer.ice_pwd[0];
        peer->answer.ice_pwd[0] = first == 'a' ? 'b' : 'a';
        size = build(peer, true, true, username, data);
        peer->answer.ice_pwd[0] = first;
        break;
    }
    case MEDIA_PEER_SPOIL_USERNAME:
        size = build(peer, true, true, wrong, data);
        break;
    case MEDIA_PEER_SPOIL_FINGERPRINT:
        size = build(peer, true, true, username, data);
        data[size - 1] ^= 1;
        break;
    case MEDIA_PEER_SPOIL_ROLE:
        size = build(peer, false, false, username, data);
        break;
    case MEDIA_PEER_SPOIL_ATTRIBUTE:
        size = build_with_unknown_attribute(peer, username, data);
        break;
    }
    media_peer_send_raw(peer, data, size);
}

/* The parameters are libnice's. NOLINTNEXTLINE(readability-function-size) */
static bool own_password(StunAgent *agent, StunMessage *message, uint8_t *username,
                         uint16_t n_username, uint8_t **ret_password, size_t *ret_size,
                         void *user_data)
{
    (void)agent;
    (void)message;
    (void)username;
    (void)n_username;
    MediaPeer *peer = user_data;
    *ret_password = (uint8_t *)peer->pwd;
    *ret_size = strlen(peer->pwd);
    return true;
}

static void answer_check(MediaPeer *peer, const uint8_t *data, size_t size)
{
    StunMessage request;
    StunMessage answer;
    uint8_t reply[STUN_MAX_BYTES];
    size_t n = sizeof reply;
    bool controlling = true;
    struct sockaddr_storage source = {0};
    memcpy(&source, &peer->server.socket_address, net_address_size(&peer->server));
    if (stun_agent_validate(&peer->stun->agent, &request, data, size, own_password, peer) !=
        STUN_VALIDATION_SUCCESS)
        return;
    (void)stun_usage_ice_conncheck_create_reply(
        &peer->stun->agent, &request, &answer, reply, &n, &source, net_address_size(&peer->server),
        &controlling, 1234567, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    media_peer_send_raw(peer, reply, n);
}

void media_peer_take_stun(MediaPeer *peer, const uint8_t *data, size_t size)
{
    int type = data[0] << 8 | data[1];
    if (type == 0x0001 && peer->answers_checks) {
        answer_check(peer, data, size);
    } else if (type == 0x0101) {
        peer->log.n_stun_success++;
    } else if (type == 0x0111) {
        peer->log.n_stun_errors++;
        /* ERROR-CODE (RFC 8489, 14.8): class and number in its third and fourth byte. */
        for (size_t at = 20; at + 8 <= size;) {
            size_t n = (size_t)(data[at + 2] << 8 | data[at + 3]);
            if ((data[at] << 8 | data[at + 1]) == STUN_ATTRIBUTE_ERROR_CODE)
                peer->log.last_stun_error = (data[at + 6] & 7) * 100 + data[at + 7];
            at += 4 + ((n + 3) & ~(size_t)3);
        }
    }
}
