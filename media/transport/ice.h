// SPDX-License-Identifier: Apache-2.0
/* STUN for an ICE-lite agent (RFC 8445, 2.5; RFC 8489): checks and answers connectivity checks. One
 * IceAgent per worker serves all endpoints; it keeps no state between answers. libnice's STUN
 * library does the messages and is seen here only. One thread: the worker's. */
#pragma once
#include "media/transport/address.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { ICE_MAX_MESSAGE_BYTES = 600 };

typedef struct IceAgent IceAgent;
IceAgent *ice_agent_new(void);
void ice_agent_free(IceAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IceAgent, ice_agent_free)

/** What a USERNAME "local:remote" stands for. */
typedef struct {
    const char *password; /**< the local one; must live until ice_agent_answer() returns */
    gpointer owner;
} IceCredentials;

/** Finds the credentials of LOCAL and REMOTE user fragments (not NUL-ended); false: nobody's. */
typedef bool (*IceLookupFunc)(const char *local, size_t n_local, const char *remote,
                              size_t n_remote, IceCredentials *ret_credentials, gpointer user_data);

typedef enum {
    ICE_OK = 0,      /**< valid check; the reply is to be sent */
    ICE_ERROR_REPLY, /**< authentic but refused (420, 487): send the reply, learn nothing */
    ICE_DROP,        /**< not for us, not authentic, or malformed: no answer (RFC 8445 lets an
                          agent be silent; an answer would tell and amplify) */
} IceStatus;

typedef struct {
    gpointer owner;
    bool nominated;    /**< USE-CANDIDATE */
    size_t reply_size; /**< never more than the request's for an error */
} IceCheck;

typedef struct {
    const uint8_t *data;
    size_t size;
    const NetAddress *from;
    IceLookupFunc lookup;
    gpointer user_data;
} IceRequest;

/** Judges one Binding request and writes the answer into REPLY (ICE_MAX_MESSAGE_BYTES). */
IceStatus ice_agent_answer(IceAgent *agent, const IceRequest *request, uint8_t *reply,
                           IceCheck *ret_check) G_GNUC_WARN_UNUSED_RESULT;

enum { ICE_TRANSACTION_BYTES = 16 };

/** Credentials of a check that the server sends to a peer whose address seems to have moved. */
typedef struct {
    const char *local_ufrag;
    const char *remote_ufrag;
    const char *remote_password;
} IceProbe;

/** Writes a check into MESSAGE (ICE_MAX_MESSAGE_BYTES); its size, 0 when it does not fit. A lite
 * agent sends none by the RFC; the one use is described in media/README.md. */
size_t ice_agent_probe(IceAgent *agent, const IceProbe *probe, uint8_t *message,
                       uint8_t ret_transaction[ICE_TRANSACTION_BYTES]);
/** True when the datagram is the authentic success response to the probe TRANSACTION. */
bool ice_agent_check_response(IceAgent *agent, const uint8_t *data, size_t size,
                              const uint8_t transaction[ICE_TRANSACTION_BYTES]);
/** Forgets a probe that was not answered. */
void ice_agent_forget(IceAgent *agent, const uint8_t transaction[ICE_TRANSACTION_BYTES]);

typedef enum { ICE_MESSAGE_REQUEST, ICE_MESSAGE_RESPONSE, ICE_MESSAGE_OTHER } IceMessageKind;
/** Which of our two uses a Binding message may have, by its first two bytes alone. */
IceMessageKind ice_message_kind(const uint8_t *data, size_t size);
/** The transaction id of a STUN message of at least 20 bytes. */
void ice_message_transaction(const uint8_t *data, uint8_t ret_transaction[ICE_TRANSACTION_BYTES]);
