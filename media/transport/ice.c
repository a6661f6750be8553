// SPDX-License-Identifier: Apache-2.0
#include "media/transport/ice.h"

#include <stun/stunagent.h>
#include <stun/usages/ice.h>
#include <string.h>

enum {
    STUN_HEADER_BYTES = 20,
    ICE_PWD_MAX_BYTES = 256, /* RFC 8839, 5.4 */
    STUN_TYPE_BINDING_REQUEST = 0x0001,
    STUN_TYPE_BINDING_RESPONSE = 0x0101,
    PROBE_PRIORITY = 0x6e7f00ff, /* RFC 8445, 5.1.2.1: peer-reflexive, component 1 */
};

/* RFC 8445, 7.3: what a check may carry; anything else below 0x8000 is answered with 420. */
static const uint16_t KNOWN_ATTRIBUTES[] = {
    STUN_ATTRIBUTE_USERNAME,           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
    STUN_ATTRIBUTE_ERROR_CODE,         STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES,
    STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, STUN_ATTRIBUTE_MAPPED_ADDRESS,
    STUN_ATTRIBUTE_PRIORITY,           STUN_ATTRIBUTE_USE_CANDIDATE,
    STUN_ATTRIBUTE_FINGERPRINT,        STUN_ATTRIBUTE_ICE_CONTROLLED,
    STUN_ATTRIBUTE_ICE_CONTROLLING,    0,
};

struct IceAgent {
    StunAgent stun;
};

IceAgent *ice_agent_new(void)
{
    IceAgent *agent = g_new0(IceAgent, 1);
    stun_agent_init(&agent->stun, KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    return agent;
}

void ice_agent_free(IceAgent *agent)
{
    g_free(agent);
}

IceMessageKind ice_message_kind(const uint8_t *data, size_t size)
{
    if (size < STUN_HEADER_BYTES)
        return ICE_MESSAGE_OTHER;
    switch (data[0] << 8 | data[1]) {
    case STUN_TYPE_BINDING_REQUEST:
        return ICE_MESSAGE_REQUEST;
    case STUN_TYPE_BINDING_RESPONSE:
        return ICE_MESSAGE_RESPONSE;
    default:
        return ICE_MESSAGE_OTHER;
    }
}

void ice_message_transaction(const uint8_t *data, uint8_t ret_transaction[ICE_TRANSACTION_BYTES])
{
    memcpy(ret_transaction, data + 4, ICE_TRANSACTION_BYTES);
}

typedef struct {
    const IceRequest *request;
    IceCredentials credentials;
    uint8_t password[ICE_PWD_MAX_BYTES]; /* libnice wants one that is not const */
} Lookup;

/* RFC 8445, 7.2.2: USERNAME is the receiver's fragment, a colon, the sender's.
 * The parameters are libnice's. NOLINTNEXTLINE(readability-function-size) */
static bool find_password(StunAgent *stun, StunMessage *message, uint8_t *username,
                          uint16_t n_username, uint8_t **ret_password, size_t *ret_size,
                          void *user_data)
{
    (void)stun;
    (void)message;
    Lookup *lookup = user_data;
    const char *text = (const char *)username;
    const char *colon = username ? memchr(text, ':', n_username) : NULL;
    if (!colon)
        return false;
    size_t n_local = (size_t)(colon - text);
    if (!lookup->request->lookup(text, n_local, colon + 1, n_username - n_local - 1,
                                 &lookup->credentials, lookup->request->user_data))
        return false;
    size_t n = strlen(lookup->credentials.password);
    if (n > sizeof lookup->password)
        return false;
    memcpy(lookup->password, lookup->credentials.password, n);
    *ret_password = lookup->password;
    *ret_size = n;
    return true;
}

IceStatus ice_agent_answer(IceAgent *agent, const IceRequest *request, uint8_t *reply,
                           IceCheck *ret_check)
{
    Lookup lookup = {.request = request};
    StunMessage message;
    StunMessage answer;
    StunValidationStatus status = stun_agent_validate(&agent->stun, &message, request->data,
                                                      request->size, find_password, &lookup);
    if (!lookup.credentials.owner)
        return ICE_DROP;
    if (status == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE) {
        size_t size = stun_agent_build_unknown_attributes_error(&agent->stun, &answer, reply,
                                                                ICE_MAX_MESSAGE_BYTES, &message);
        if (size == 0 || size > request->size)
            return ICE_DROP;
        *ret_check = (IceCheck){.owner = lookup.credentials.owner, .reply_size = size};
        return ICE_ERROR_REPLY;
    }
    if (status != STUN_VALIDATION_SUCCESS)
        return ICE_DROP;

    struct sockaddr_storage source = {0};
    socklen_t source_size = net_address_size(request->from);
    memcpy(&source, &request->from->socket_address, source_size);
    /* RFC 8445, 6.1.1: the lite agent is controlled and stays so; with tie-breaker 0 a peer that
     * claims to be controlled as well is told 487 and changes its role. */
    bool controlling = false;
    size_t size = ICE_MAX_MESSAGE_BYTES;
    StunUsageIceReturn result = stun_usage_ice_conncheck_create_reply(
        &agent->stun, &message, &answer, reply, &size, &source, source_size, &controlling, 0,
        STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    if (size == 0)
        return ICE_DROP;
    *ret_check = (IceCheck){
        .owner = lookup.credentials.owner,
        .nominated = stun_usage_ice_conncheck_use_candidate(&message),
        .reply_size = size,
    };
    if (result == STUN_USAGE_ICE_RETURN_SUCCESS)
        return ICE_OK;
    return size <= request->size ? ICE_ERROR_REPLY : ICE_DROP;
}

size_t ice_agent_probe(IceAgent *agent, const IceProbe *probe, uint8_t *buffer,
                       uint8_t ret_transaction[ICE_TRANSACTION_BYTES])
{
    g_autofree char *username = g_strdup_printf("%s:%s", probe->remote_ufrag, probe->local_ufrag);
    StunMessage message;
    size_t size = stun_usage_ice_conncheck_create(
        &agent->stun, &message, buffer, ICE_MAX_MESSAGE_BYTES, (const uint8_t *)username,
        strlen(username), (const uint8_t *)probe->remote_password, strlen(probe->remote_password),
        false, false, PROBE_PRIORITY, 0, NULL, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    if (size >= STUN_HEADER_BYTES)
        ice_message_transaction(buffer, ret_transaction);
    return size;
}

bool ice_agent_check_response(IceAgent *agent, const uint8_t *data, size_t size,
                              const uint8_t transaction[ICE_TRANSACTION_BYTES])
{
    uint8_t received[ICE_TRANSACTION_BYTES];
    if (ice_message_kind(data, size) != ICE_MESSAGE_RESPONSE)
        return false;
    ice_message_transaction(data, received);
    if (memcmp(received, transaction, sizeof received) != 0)
        return false;
    StunMessage message;
    return stun_agent_validate(&agent->stun, &message, data, size, NULL, NULL) ==
           STUN_VALIDATION_SUCCESS;
}

void ice_agent_forget(IceAgent *agent, const uint8_t transaction[ICE_TRANSACTION_BYTES])
{
    StunTransactionId id;
    G_STATIC_ASSERT(sizeof id == ICE_TRANSACTION_BYTES);
    memcpy(id, transaction, sizeof id);
    (void)stun_agent_forget_transaction(&agent->stun, id);
}
