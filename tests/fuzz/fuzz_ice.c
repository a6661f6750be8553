// SPDX-License-Identifier: Apache-2.0
// STUN as a stranger sends it: raw, and signed by one who knows the password, so that what lies
// behind MESSAGE-INTEGRITY is reached too. Byte 0 chooses; the rest is the datagram, or its
// attributes.
#include "media/transport/ice.h"

#include <string.h>

#include "media/rtp/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    MODE_SIGNED = 1,
    MODE_RESPONSE = 2,
    HEADER_BYTES = 20,
    INTEGRITY_BYTES = 24,
    FINGERPRINT_BYTES = 8,
    MAX_ATTRIBUTE_BYTES = 1200,
    BUFFER_BYTES = 1500,
};

#define LOCAL "user"
#define PASSWORD "a password of the server's"
#define REMOTE "peer"
#define REMOTE_PASSWORD "a password of the client's"

static const char owner[] = "one user";

typedef struct {
    const uint8_t *data;
    size_t size;
    bool was_asked;
} Asked;

static bool lookup(const char *local, size_t n_local, const char *remote, size_t n_remote,
                   IceCredentials *ret_credentials, gpointer user_data)
{
    Asked *asked = user_data;
    const char *data = (const char *)asked->data;
    asked->was_asked = true;
    /* The two halves of USERNAME, in place. */
    g_assert(local >= data && remote == local + n_local + 1 && remote[-1] == ':');
    g_assert(remote + n_remote <= data + asked->size);
    g_assert(memchr(local, ':', n_local) == NULL);
    if (n_local != strlen(LOCAL) || memcmp(local, LOCAL, n_local) != 0)
        return false;
    *ret_credentials = (IceCredentials){.password = PASSWORD, .owner = (gpointer)owner};
    return true;
}

static size_t put_attribute(uint8_t *out, uint16_t type, const void *value, uint16_t n)
{
    bytes_write_u16(out, type);
    bytes_write_u16(out + 2, n);
    memcpy(out + 4, value, n);
    return 4U + n;
}

/* RFC 8489, 14.7 */
static uint32_t fingerprint(const uint8_t *data, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc ^ 0x5354554e;
}

/* MESSAGE with the attributes of the input, signed with PASSWORD: its size. */
static size_t sign(uint8_t *message, size_t size, const char *password)
{
    uint8_t digest[20];
    gsize n = sizeof digest;
    bytes_write_u16(message + 2, (uint16_t)(size - HEADER_BYTES + INTEGRITY_BYTES));
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)password, strlen(password));
    g_hmac_update(hmac, message, (gssize)size);
    g_hmac_get_digest(hmac, digest, &n);
    size += put_attribute(message + size, 0x0008, digest, sizeof digest);

    uint8_t value[4];
    bytes_write_u16(message + 2, (uint16_t)(size - HEADER_BYTES + FINGERPRINT_BYTES));
    bytes_write_u32(value, fingerprint(message, size));
    return size + put_attribute(message + size, 0x8028, value, sizeof value);
}

static size_t make_signed(uint8_t *message, const uint8_t transaction[ICE_TRANSACTION_BYTES],
                          bool is_response, const uint8_t *attributes, size_t n_attributes)
{
    size_t size = HEADER_BYTES;
    bytes_write_u16(message, is_response ? 0x0101 : 0x0001);
    memcpy(message + 4, transaction, ICE_TRANSACTION_BYTES);
    if (!is_response)
        size += put_attribute(message + size, 0x0006, LOCAL ":abc", 8);
    n_attributes = MIN(n_attributes, MAX_ATTRIBUTE_BYTES) & ~(size_t)3;
    memcpy(message + size, attributes, n_attributes);
    return sign(message, size + n_attributes, is_response ? REMOTE_PASSWORD : PASSWORD);
}

static void try_request(IceAgent *agent, const uint8_t *data, size_t size)
{
    NetAddress from;
    uint8_t reply[ICE_MAX_MESSAGE_BYTES];
    g_assert(net_address_parse(size & 1 ? "192.0.2.1" : "2001:db8::1", 5000, &from));
    Asked asked = {.data = data, .size = size};
    IceRequest request = {data, size, &from, lookup, &asked};
    IceCheck check = {0};
    IceStatus status = ice_agent_answer(agent, &request, reply, &check);
    if (status == ICE_DROP)
        return;
    g_assert(asked.was_asked && check.owner == owner);
    g_assert(check.reply_size >= HEADER_BYTES && check.reply_size <= sizeof reply);
    g_assert(status == ICE_OK || check.reply_size <= size);
}

static void try_response(IceAgent *agent, bool is_signed, const uint8_t *data, size_t size)
{
    static const IceProbe probe = {LOCAL, REMOTE, REMOTE_PASSWORD};
    uint8_t message[BUFFER_BYTES];
    uint8_t transaction[ICE_TRANSACTION_BYTES];
    g_assert(ice_agent_probe(agent, &probe, message, transaction) > 0);
    if (is_signed) {
        size = make_signed(message, transaction, true, data, size);
    } else {
        size = MIN(size, sizeof message);
        memcpy(message, data, size);
        if (size >= HEADER_BYTES)
            memcpy(message + 4, transaction, sizeof transaction);
    }
    g_autofree uint8_t *exact = g_memdup2(message, size);
    if (ice_agent_check_response(agent, exact, size, transaction))
        g_assert(ice_message_kind(exact, size) == ICE_MESSAGE_RESPONSE);
    else
        ice_agent_forget(agent, transaction);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t transaction[ICE_TRANSACTION_BYTES] = {0x21, 0x12, 0xa4, 0x42, 7};
    if (size == 0)
        return 0;
    uint8_t mode = data[0];
    g_autoptr(IceAgent) agent = ice_agent_new();
    /* An exact copy: reading a byte too far is then seen. */
    g_autofree uint8_t *exact = g_memdup2(data + 1, size - 1);
    if (mode & MODE_RESPONSE) {
        try_response(agent, mode & MODE_SIGNED, exact, size - 1);
    } else if (mode & MODE_SIGNED) {
        uint8_t message[BUFFER_BYTES];
        size_t n = make_signed(message, transaction, false, exact, size - 1);
        g_autofree uint8_t *request = g_memdup2(message, n);
        g_assert(ice_message_kind(request, n) == ICE_MESSAGE_REQUEST);
        try_request(agent, request, n);
    } else {
        (void)ice_message_kind(exact, size - 1);
        try_request(agent, exact, size - 1);
    }
    return 0;
}
