// SPDX-License-Identifier: Apache-2.0
/* Text of a WebSocket message <-> plain structs. The only unit of this folder that knows JSON.
 * Pure; any thread.
 *
 * Reading: message_read() decodes, message_parse_x() takes the fields of one type. Strings in the
 * results point into the Message. Writing: message_write_x() gives the text; `seq` 0 leaves the
 * number out. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signaling/code.h"
#include "signaling/signaling.h"

typedef struct Message Message;

/** Decodes SIZE bytes. NULL when it is no JSON object with a text `type`, too long, too deep, or
 * holds a name twice or a NUL. */
Message *message_read(const char *text, size_t size);
void message_free(Message *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)
const char *message_type(const Message *message);

typedef struct {
    const char *token;
    const char *resume; /**< NULL: none */
    bool has_last_seq;
    int64_t last_seq;
    bool take_over;
    const char *early; /**< NULL: none */
    const char *lang;  /**< "id" or "en" */
    uint32_t rtt_ms;   /**< 0: not said */
} MessageHello;

typedef struct {
    int64_t id;
    uint32_t rtt_ms;
} MessagePing;

typedef struct {
    int64_t id;
    const char *sdp;
    size_t sdp_size;
    bool passive;
    bool hold;
} MessageOffer;

typedef enum {
    DEVICE_ON,
    DEVICE_OFF,
    DEVICE_DENIED,
    DEVICE_NONE,
    DEVICE_SCREEN, /**< of video: what is sent is a screen */
} DeviceState;
const char *device_state_name(DeviceState state);

typedef struct {
    DeviceState audio;
    DeviceState video;
} MessageDevices;

typedef struct {
    const char *participant; /**< NULL: nobody */
} MessagePin;

typedef struct {
    SignalingOutcome outcome;
} MessageEnd;

typedef struct {
    const char *participant; /**< NULL: all, or nobody */
} MessageWho;

typedef struct {
    const char *participant; /**< NULL: all */
    bool is_muted;
} MessageMute;

typedef struct {
    bool is_raised;
} MessageHand;

/** A client's message of any type; which member counts is said by the row of dispatch.c. */
typedef union {
    MessageHello hello;
    MessagePing ping;
    MessageOffer offer;
    MessageDevices devices;
    MessagePin pin;
    MessageEnd end;
    MessageWho who;
    MessageMute mute;
    MessageHand hand;
} ClientMessage;

/* Each returns false when a field is missing or of the wrong type. */
bool message_parse_hello(const Message *message, ClientMessage *ret);
bool message_parse_ping(const Message *message, ClientMessage *ret);
bool message_parse_offer(const Message *message, ClientMessage *ret);
bool message_parse_devices(const Message *message, ClientMessage *ret);
bool message_parse_pin(const Message *message, ClientMessage *ret);
bool message_parse_end(const Message *message, ClientMessage *ret);
bool message_parse_who(const Message *message, ClientMessage *ret);
bool message_parse_mute(const Message *message, ClientMessage *ret);
bool message_parse_hand(const Message *message, ClientMessage *ret);
/** A message without fields. */
bool message_parse_nothing(const Message *message, ClientMessage *ret);

/** Names of the server's messages, in the order of protocol.md. */
typedef enum {
    SERVER_MESSAGE_WELCOME,
    SERVER_MESSAGE_ICE_SERVERS,
    SERVER_MESSAGE_VISIT,
    SERVER_MESSAGE_PARTICIPANT,
    SERVER_MESSAGE_ANSWER,
    SERVER_MESSAGE_STREAMS,
    SERVER_MESSAGE_ROOM,
    SERVER_MESSAGE_HINT,
    SERVER_MESSAGE_PICTURE,
    SERVER_MESSAGE_GROUP,
    SERVER_MESSAGE_DAY_CHANGED,
    SERVER_MESSAGE_OCCUPIED,
    SERVER_MESSAGE_REPLACED,
    SERVER_MESSAGE_ENDED,
    SERVER_MESSAGE_RESTARTING,
    SERVER_MESSAGE_PONG,
    SERVER_MESSAGE_ERROR,
} ServerMessage;
enum { SERVER_N_MESSAGES = SERVER_MESSAGE_ERROR + 1 };
const char *server_message_name(ServerMessage message);

/** A participant as the others see it. */
typedef struct {
    const char *id;
    const char *name;
    const char *label; /**< NULL: none */
    SignalingRole role;
    DeviceState audio;
    DeviceState video;
    bool present;
    bool in_call;
    /* Of a patient in a group: */
    unsigned place; /**< 0: not in a group, nothing below counts */
    bool is_muted, has_hand;
    const char *visit_id, *state; /**< for the host alone; else NULL */
    bool is_aside;                /**< likewise */
} ParticipantView;

/** Where the host is, as somebody in a group sees it. */
typedef enum { GROUP_ASIDE_NONE, GROUP_ASIDE_HERE, GROUP_ASIDE_AWAY } GroupAside;

typedef struct {
    bool is_muted, has_hand;
    GroupAside aside;
} MessageGroup;

typedef struct {
    uint64_t seq;
    const char *resume;
    bool resumed;
    bool early; /**< the endpoint of `hello`'s key is the page's now */
    int64_t server_ms;
    const char *participant_id; /**< NULL: a day's watcher, nothing below counts */
    SignalingRole role;
    const SignalingVisit *visit;
    const ParticipantView *others;
    unsigned n_others;
    const SignalingTurn *turn;
} MessageWelcome;

typedef struct {
    const char *mid;
    const char *participant_id; /**< NULL: nobody's */
} StreamView;

typedef struct {
    uint64_t seq;
    const char *of; /**< the client's message; NULL: none in particular */
    bool has_id;
    int64_t id;
    SignalingCode code;
    bool is_fatal; /**< also without being it by its code: three bad messages in a row */
    const char *lang;
    const char *detail;  /**< NULL: none */
    int64_t opens_at_ms; /**< 0: none */
} MessageError;

/* All results are freed with g_free(). */
char *message_write_welcome(const MessageWelcome *welcome);
char *message_write_ice_servers(const SignalingTurn *turn);
char *message_write_visit(uint64_t seq, const SignalingVisit *visit);
char *message_write_participant(uint64_t seq, const ParticipantView *view, const char *event);
char *message_write_answer(uint64_t seq, int64_t id, const char *sdp);
char *message_write_streams(uint64_t seq, const StreamView *streams, unsigned n_streams);
char *message_write_room(uint64_t seq, unsigned n_others);
char *message_write_hint(uint64_t seq, const MediaHint *hint);
char *message_write_picture(uint64_t seq, const char *mid, MediaPicture picture);
char *message_write_group(uint64_t seq, const MessageGroup *group);
char *message_write_day_changed(uint64_t seq, const char *visit_id);
char *message_write_occupied(void);
char *message_write_replaced(uint64_t seq);
char *message_write_ended(uint64_t seq, const char *state, const char *by);
char *message_write_restarting(uint64_t seq, unsigned in_ms);
char *message_write_pong(int64_t id, int64_t server_ms);
char *message_write_error(const MessageError *error);
