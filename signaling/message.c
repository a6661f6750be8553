// SPDX-License-Identifier: Apache-2.0
#include "signaling/message.h"

#include "server/base/limit.h"

#include <jansson.h>

#include <string.h>

struct Message {
    json_t *object;
    const char *type;
};

enum { MAX_RTT_MS = 60 * 1000 };

static const char *const device_names[] = {
    [DEVICE_ON] = "on",     [DEVICE_OFF] = "off",       [DEVICE_DENIED] = "denied",
    [DEVICE_NONE] = "none", [DEVICE_SCREEN] = "screen",
};

static const char *const outcome_names[] = {
    [SIGNALING_OUTCOME_DONE] = "done",
    [SIGNALING_OUTCOME_TECH_FAILED] = "tech_failed",
    [SIGNALING_OUTCOME_CONVERTED_PHONE] = "converted_phone",
    [SIGNALING_OUTCOME_CONVERTED_IN_PERSON] = "converted_in_person",
    [SIGNALING_OUTCOME_NO_SHOW_PATIENT] = "no_show_patient",
};

const char *device_state_name(DeviceState state)
{
    return device_names[state];
}

const char *signaling_outcome_name(SignalingOutcome outcome)
{
    return outcome_names[outcome];
}

/* The library recurses up to 2,048 levels; ours are counted before it sees the text. */
static bool is_too_deep(const char *text, size_t size)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_JSON_DEPTH)
                return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

Message *message_read(const char *text, size_t size)
{
    if (size > LIMIT_WS_MESSAGE_BYTES || is_too_deep(text, size))
        return NULL;
    json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    if (!object)
        return NULL;
    json_t *type = json_object_get(object, "type");
    if (!json_is_object(object) || !json_is_string(type)) {
        json_decref(object);
        return NULL;
    }
    Message *message = g_new0(Message, 1);
    message->object = object;
    message->type = json_string_value(type);
    return message;
}

void message_free(Message *message)
{
    if (!message)
        return;
    json_decref(message->object);
    g_free(message);
}

const char *message_type(const Message *message)
{
    return message->type;
}

/* Readers of one field each. An absent optional field (or null) leaves *RET as it is; `false` only
 * for a wrong type or range. */

static bool read_text(const Message *message, const char *name, bool required, const char **ret)
{
    json_t *value = json_object_get(message->object, name);
    if (!value || json_is_null(value))
        return !required;
    if (!json_is_string(value))
        return false;
    *ret = json_string_value(value);
    return true;
}

static bool read_bool(const Message *message, const char *name, bool *ret)
{
    json_t *value = json_object_get(message->object, name);
    if (!value || json_is_null(value))
        return true;
    if (!json_is_boolean(value))
        return false;
    *ret = json_boolean_value(value);
    return true;
}

static bool read_int(const Message *message, const char *name, bool *ret_has, int64_t *ret)
{
    json_t *value = json_object_get(message->object, name);
    *ret_has = false;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_integer(value))
        return false;
    *ret = (int64_t)json_integer_value(value);
    *ret_has = true;
    return true;
}

/* A hint only, and a page may give the fraction that the browser measured. */
static bool read_rtt(const Message *message, uint32_t *ret_rtt_ms)
{
    json_t *value = json_object_get(message->object, "rtt_ms");
    if (!value || json_is_null(value))
        return true;
    if (!json_is_number(value))
        return false;
    double rtt_ms = json_number_value(value);
    *ret_rtt_ms = (uint32_t)CLAMP(rtt_ms, 0, MAX_RTT_MS);
    return true;
}

static bool read_device(const Message *message, const char *name, DeviceState *ret_state)
{
    const char *text = NULL;
    if (!read_text(message, name, true, &text))
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(device_names); i++) {
        if (strcmp(text, device_names[i]) == 0) {
            *ret_state = (DeviceState)i;
            return true;
        }
    }
    return false;
}

bool message_parse_hello(const Message *message, ClientMessage *ret)
{
    MessageHello hello = {.lang = "id"};
    if (!read_text(message, "token", true, &hello.token) ||
        !read_text(message, "resume", false, &hello.resume) ||
        !read_int(message, "last_seq", &hello.has_last_seq, &hello.last_seq) ||
        !read_bool(message, "take_over", &hello.take_over) ||
        !read_text(message, "early", false, &hello.early) ||
        !read_text(message, "lang", false, &hello.lang) || !read_rtt(message, &hello.rtt_ms))
        return false;
    if (hello.has_last_seq && hello.last_seq < 0)
        return false;
    hello.lang = strcmp(hello.lang, "en") == 0 ? "en" : "id";
    ret->hello = hello;
    return true;
}

bool message_parse_ping(const Message *message, ClientMessage *ret)
{
    MessagePing ping = {0};
    bool has_id;
    if (!read_int(message, "id", &has_id, &ping.id) || !read_rtt(message, &ping.rtt_ms))
        return false;
    ret->ping = ping;
    return true;
}

bool message_parse_offer(const Message *message, ClientMessage *ret)
{
    MessageOffer offer = {0};
    bool has_id;
    if (!read_int(message, "id", &has_id, &offer.id) || !has_id ||
        !read_text(message, "sdp", true, &offer.sdp) ||
        !read_bool(message, "passive", &offer.passive) || !read_bool(message, "hold", &offer.hold))
        return false;
    offer.sdp_size = strlen(offer.sdp);
    ret->offer = offer;
    return true;
}

bool message_parse_devices(const Message *message, ClientMessage *ret)
{
    MessageDevices devices;
    if (!read_device(message, "audio", &devices.audio) ||
        !read_device(message, "video", &devices.video) || devices.audio == DEVICE_SCREEN)
        return false;
    ret->devices = devices;
    return true;
}

bool message_parse_pin(const Message *message, ClientMessage *ret)
{
    ret->pin.participant = NULL;
    return read_text(message, "participant", false, &ret->pin.participant);
}

bool message_parse_end(const Message *message, ClientMessage *ret)
{
    const char *text = NULL;
    if (!read_text(message, "outcome", true, &text))
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(outcome_names); i++) {
        if (strcmp(text, outcome_names[i]) == 0) {
            ret->end.outcome = (SignalingOutcome)i;
            return true;
        }
    }
    return false;
}

bool message_parse_who(const Message *message, ClientMessage *ret)
{
    ret->who.participant = NULL;
    return read_text(message, "participant", false, &ret->who.participant);
}

bool message_parse_mute(const Message *message, ClientMessage *ret)
{
    MessageMute mute = {.is_muted = true};
    if (!read_text(message, "participant", false, &mute.participant) ||
        !read_bool(message, "muted", &mute.is_muted))
        return false;
    ret->mute = mute;
    return true;
}

bool message_parse_hand(const Message *message, ClientMessage *ret)
{
    ret->hand.is_raised = true;
    return read_bool(message, "raised", &ret->hand.is_raised);
}

bool message_parse_nothing(const Message *message G_GNUC_UNUSED, ClientMessage *ret G_GNUC_UNUSED)
{
    return true;
}
