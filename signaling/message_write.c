// SPDX-License-Identifier: Apache-2.0
/* The writing half of message.h. */
#include "signaling/message.h"

#include <jansson.h>

static const char *const names[SERVER_N_MESSAGES] = {
    [SERVER_MESSAGE_WELCOME] = "welcome",
    [SERVER_MESSAGE_ICE_SERVERS] = "ice-servers",
    [SERVER_MESSAGE_VISIT] = "visit",
    [SERVER_MESSAGE_PARTICIPANT] = "participant",
    [SERVER_MESSAGE_ANSWER] = "answer",
    [SERVER_MESSAGE_STREAMS] = "streams",
    [SERVER_MESSAGE_ROOM] = "room",
    [SERVER_MESSAGE_HINT] = "hint",
    [SERVER_MESSAGE_PICTURE] = "picture",
    [SERVER_MESSAGE_GROUP] = "group",
    [SERVER_MESSAGE_DAY_CHANGED] = "day-changed",
    [SERVER_MESSAGE_OCCUPIED] = "occupied",
    [SERVER_MESSAGE_REPLACED] = "replaced",
    [SERVER_MESSAGE_ENDED] = "ended",
    [SERVER_MESSAGE_RESTARTING] = "restarting",
    [SERVER_MESSAGE_PONG] = "pong",
    [SERVER_MESSAGE_ERROR] = "error",
};

const char *server_message_name(ServerMessage message)
{
    return names[message];
}

static json_t *message_new(ServerMessage type, uint64_t seq)
{
    json_t *object = json_object();
    json_object_set_new(object, "type", json_string(names[type]));
    if (seq != 0)
        json_object_set_new(object, "seq", json_integer((json_int_t)seq));
    return object;
}

/* Names come from the database and SDP from our own writer; a byte sequence that is not UTF-8 must
 * still not make the field vanish. */
static json_t *text_or_null(const char *text)
{
    if (!text)
        return json_null();
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

static json_t *time_or_null(int64_t ms)
{
    return ms == 0 ? json_null() : json_integer(ms);
}

static char *finish(json_t *object)
{
    /* Frame rates have one decimal; as a double 0.2 would fill 17 digits. */
    char *dump = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(object);
    g_assert(dump);
    char *text = g_strdup(dump);
    free(dump);
    return text;
}

static json_t *visit_json(const SignalingVisit *visit)
{
    json_t *object = json_object();
    json_object_set_new(object, "id", text_or_null(visit->id));
    json_object_set_new(object, "code", text_or_null(visit->code));
    json_object_set_new(object, "state", text_or_null(visit->state));
    json_object_set_new(object, "way", text_or_null(visit->way));
    json_object_set_new(object, "starts_at_ms", json_integer(visit->starts_at_ms));
    json_object_set_new(object, "facility", text_or_null(visit->facility));
    json_object_set_new(object, "clinic", text_or_null(visit->clinic));
    json_object_set_new(object, "doctor", text_or_null(visit->doctor));
    json_object_set_new(object, "phone", text_or_null(visit->phone));
    json_t *queue = json_null();
    if (visit->in_queue) {
        queue = json_object();
        json_object_set_new(queue, "number", text_or_null(visit->queue_number));
        json_object_set_new(queue, "ahead", json_integer(visit->queue_ahead));
        json_object_set_new(queue, "wait_min_minutes", json_integer(visit->queue_wait_min_minutes));
        json_object_set_new(queue, "wait_max_minutes", json_integer(visit->queue_wait_max_minutes));
    }
    json_object_set_new(object, "queue", queue);
    json_object_set_new(object, "late_minutes", json_integer(visit->late_minutes));
    json_object_set_new(object, "unanswered", json_boolean(visit->is_unanswered));
    json_object_set_new(object, "asks_consent", json_boolean(visit->asks_consent));
    json_object_set_new(object, "unplaced", json_boolean(visit->is_unplaced));
    json_object_set_new(object, "group", text_or_null(visit->group));
    json_object_set_new(object, "ended_at_ms", time_or_null(visit->ended_at_ms));
    return object;
}

static json_t *participant_json(const ParticipantView *view)
{
    json_t *object = json_object();
    json_object_set_new(object, "id", text_or_null(view->id));
    json_object_set_new(object, "role", json_string(signaling_role_name(view->role)));
    json_object_set_new(object, "name", text_or_null(view->name));
    if (view->label)
        json_object_set_new(object, "label", text_or_null(view->label));
    json_object_set_new(object, "present", json_boolean(view->present));
    json_object_set_new(object, "audio", json_string(device_state_name(view->audio)));
    json_object_set_new(object, "video", json_string(device_state_name(view->video)));
    json_object_set_new(object, "in_call", json_boolean(view->in_call));
    if (view->place == 0)
        return object;
    json_object_set_new(object, "place", json_integer(view->place));
    json_object_set_new(object, "muted", json_boolean(view->is_muted));
    json_object_set_new(object, "hand", json_boolean(view->has_hand));
    if (view->visit_id) {
        json_object_set_new(object, "visit", text_or_null(view->visit_id));
        json_object_set_new(object, "state", text_or_null(view->state));
        json_object_set_new(object, "aside", json_boolean(view->is_aside));
    }
    return object;
}

/* As the browser's RTCConfiguration wants it. */
static json_t *ice_servers_json(const SignalingTurn *turn)
{
    json_t *list = json_array();
    if (!turn->urls)
        return list;
    json_t *urls = json_array();
    for (const char *const *url = turn->urls; *url; url++)
        json_array_append_new(urls, json_string(*url));
    json_t *server = json_object();
    json_object_set_new(server, "urls", urls);
    json_object_set_new(server, "username", json_string(turn->username));
    json_object_set_new(server, "credential", json_string(turn->credential));
    json_array_append_new(list, server);
    return list;
}

char *message_write_welcome(const MessageWelcome *welcome)
{
    bool is_visit = welcome->participant_id != NULL;
    json_t *object = message_new(SERVER_MESSAGE_WELCOME, welcome->seq);
    json_object_set_new(object, "resume", text_or_null(welcome->resume));
    json_object_set_new(object, "resumed", json_boolean(welcome->resumed));
    if (is_visit)
        json_object_set_new(object, "early", json_boolean(welcome->early));
    json_object_set_new(object, "kind", json_string(is_visit ? "visit" : "day"));
    json_object_set_new(object, "server_ms", json_integer(welcome->server_ms));
    if (is_visit) {
        json_object_set_new(object, "participant", text_or_null(welcome->participant_id));
        json_object_set_new(object, "role", json_string(signaling_role_name(welcome->role)));
        json_object_set_new(object, "visit", visit_json(welcome->visit));
        json_t *others = json_array();
        for (unsigned i = 0; i < welcome->n_others; i++)
            json_array_append_new(others, participant_json(&welcome->others[i]));
        json_object_set_new(object, "participants", others);
        json_object_set_new(object, "ice_servers", ice_servers_json(welcome->turn));
    }
    return finish(object);
}

char *message_write_ice_servers(const SignalingTurn *turn)
{
    json_t *object = message_new(SERVER_MESSAGE_ICE_SERVERS, 0);
    json_object_set_new(object, "ice_servers", ice_servers_json(turn));
    return finish(object);
}

char *message_write_visit(uint64_t seq, const SignalingVisit *visit)
{
    json_t *object = message_new(SERVER_MESSAGE_VISIT, seq);
    json_object_set_new(object, "visit", visit_json(visit));
    return finish(object);
}

char *message_write_participant(uint64_t seq, const ParticipantView *view, const char *event)
{
    json_t *object = message_new(SERVER_MESSAGE_PARTICIPANT, seq);
    json_object_set_new(object, "participant", participant_json(view));
    json_object_set_new(object, "event", json_string(event));
    return finish(object);
}

char *message_write_answer(uint64_t seq, int64_t id, const char *sdp)
{
    json_t *object = message_new(SERVER_MESSAGE_ANSWER, seq);
    json_object_set_new(object, "id", json_integer(id));
    json_object_set_new(object, "sdp", text_or_null(sdp));
    return finish(object);
}

char *message_write_streams(uint64_t seq, const StreamView *streams, unsigned n_streams)
{
    json_t *object = message_new(SERVER_MESSAGE_STREAMS, seq);
    json_t *list = json_array();
    for (unsigned i = 0; i < n_streams; i++) {
        json_t *stream = json_object();
        json_object_set_new(stream, "mid", text_or_null(streams[i].mid));
        json_object_set_new(stream, "participant", text_or_null(streams[i].participant_id));
        json_array_append_new(list, stream);
    }
    json_object_set_new(object, "streams", list);
    return finish(object);
}

char *message_write_room(uint64_t seq, unsigned n_others)
{
    json_t *object = message_new(SERVER_MESSAGE_ROOM, seq);
    json_object_set_new(object, "others", json_integer(n_others));
    return finish(object);
}

char *message_write_hint(uint64_t seq, const MediaHint *hint)
{
    json_t *object = message_new(SERVER_MESSAGE_HINT, seq);
    json_t *audio = json_object();
    json_object_set_new(audio, "bitrate", json_integer(hint->audio_bps));
    json_object_set_new(audio, "ptime", json_integer(hint->ptime_ms));
    json_object_set_new(audio, "fec", json_boolean(hint->audio_fec));
    json_object_set_new(audio, "red", json_boolean(hint->audio_red));
    json_object_set_new(audio, "reach", json_integer(hint->audio_reach));
    json_object_set_new(object, "audio", audio);
    json_object_set_new(object, "jitter", json_integer(hint->jitter_ms));
    if (hint->n_holds > 0) {
        json_t *holds = json_object();
        for (unsigned i = 0; i < hint->n_holds; i++)
            json_object_set_new(holds, hint->holds[i].mid, json_integer(hint->holds[i].ms));
        json_object_set_new(object, "jitter_of", holds);
    }
    json_object_set_new(object, "jitter_video", json_integer(hint->jitter_video_ms));
    json_t *video = json_object();
    json_object_set_new(video, "bitrate", json_integer(hint->video_bps));
    json_object_set_new(video, "height", json_integer(hint->video_height));
    json_object_set_new(video, "fps", json_real(hint->video_fps_tenths / 10.0));
    json_object_set_new(video, "stills", json_boolean(hint->video_stills));
    json_object_set_new(video, "layers", json_boolean(hint->video_layers));
    json_object_set_new(video, "small_bitrate", json_integer(hint->video_small_bps));
    json_object_set_new(object, "video", video);
    return finish(object);
}

char *message_write_picture(uint64_t seq, const char *mid, MediaPicture picture)
{
    json_t *object = message_new(SERVER_MESSAGE_PICTURE, seq);
    json_object_set_new(object, "mid", text_or_null(mid));
    json_object_set_new(object, "state", json_string(media_picture_name(picture)));
    return finish(object);
}

char *message_write_group(uint64_t seq, const MessageGroup *group)
{
    static const char *const places[] = {
        [GROUP_ASIDE_NONE] = "none", [GROUP_ASIDE_HERE] = "here", [GROUP_ASIDE_AWAY] = "away"};
    json_t *object = message_new(SERVER_MESSAGE_GROUP, seq);
    json_object_set_new(object, "muted", json_boolean(group->is_muted));
    json_object_set_new(object, "hand", json_boolean(group->has_hand));
    json_object_set_new(object, "aside", json_string(places[group->aside]));
    return finish(object);
}

char *message_write_day_changed(uint64_t seq, const char *visit_id)
{
    json_t *object = message_new(SERVER_MESSAGE_DAY_CHANGED, seq);
    json_object_set_new(object, "visit", text_or_null(visit_id));
    return finish(object);
}

char *message_write_occupied(void)
{
    return finish(message_new(SERVER_MESSAGE_OCCUPIED, 0));
}

char *message_write_replaced(uint64_t seq)
{
    return finish(message_new(SERVER_MESSAGE_REPLACED, seq));
}

char *message_write_ended(uint64_t seq, const char *state, const char *by)
{
    json_t *object = message_new(SERVER_MESSAGE_ENDED, seq);
    json_object_set_new(object, "state", text_or_null(state));
    json_object_set_new(object, "by", text_or_null(by));
    return finish(object);
}

char *message_write_restarting(uint64_t seq, unsigned in_ms)
{
    json_t *object = message_new(SERVER_MESSAGE_RESTARTING, seq);
    json_object_set_new(object, "in_ms", json_integer(in_ms));
    return finish(object);
}

char *message_write_pong(int64_t id, int64_t server_ms)
{
    json_t *object = message_new(SERVER_MESSAGE_PONG, 0);
    json_object_set_new(object, "id", json_integer(id));
    json_object_set_new(object, "server_ms", json_integer(server_ms));
    return finish(object);
}

char *message_write_error(const MessageError *error)
{
    json_t *object = message_new(SERVER_MESSAGE_ERROR, error->seq);
    if (error->of)
        json_object_set_new(object, "of", text_or_null(error->of));
    if (error->has_id)
        json_object_set_new(object, "id", json_integer(error->id));
    json_object_set_new(object, "code", json_string(signaling_code_name(error->code)));
    json_object_set_new(object, "message",
                        json_string(signaling_code_text(error->code, error->lang)));
    json_object_set_new(object, "fatal", json_boolean(error->is_fatal));
    if (error->detail)
        json_object_set_new(object, "detail", text_or_null(error->detail));
    if (error->opens_at_ms != 0)
        json_object_set_new(object, "opens_at_ms", json_integer(error->opens_at_ms));
    return finish(object);
}
