// SPDX-License-Identifier: Apache-2.0
/* With a join token: what the join page shows, the patient's leaving the queue, and a page's first
 * offer and its person's word, for which it does not wait until its socket is open. */
#include "server/http/api_tables.h"

#include "scheduling/booking/antrean.h"
#include "scheduling/booking/token.h"
#include "scheduling/booking/visit.h"
#include "server/base/limit.h"

#include <string.h>

/* What the holder is there as; NULL: the patient. */
static const char *guest_name(const VisitView *view, const char *participant_id)
{
    for (unsigned i = 0; i < view->participants->len; i++) {
        const VisitParticipant *participant = view->participants->pdata[i];
        if (participant->role == VISIT_ROLE_GUEST && g_str_equal(participant->id, participant_id))
            return visit_guest_name(participant->guest);
    }
    return NULL;
}

/* What comes after the visit in its series; NULL: none. */
static json_t *following_json(const GArray *following)
{
    json_t *list = json_array();
    for (unsigned i = 0; following && i < following->len; i++)
        json_array_append_new(list, json_integer(g_array_index(following, int64_t, i)));
    return list;
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    const HttpIdentity *identity = http_request_identity(call->request);
    const char *guest = guest_name(view, identity->user_id);
    json_t *visit = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:o}", "id", view->id,
        "code", view->code, "state", visit_state_name(view->state), "starts_at_ms",
        (json_int_t)view->starts_at_ms, "ends_at_ms", (json_int_t)view->ends_at_ms, "opens_at_ms",
        (json_int_t)view->opens_at_ms, "facility", view->facility, "clinic", view->clinic, "doctor",
        view->doctor, "phone", view->phone, "number", guest ? NULL : view->number, "patient",
        guest ? NULL : view->patient_initials, "ended_at_ms", api_time(view->ended_at_ms));
    json_object_set_new(visit, "moves_until_ms", json_integer(view->moves_until_ms));
    json_object_set_new(visit, "cancels_until_ms", api_time(view->cancels_until_ms));
    json_object_set_new(visit, "unplaced", json_boolean(view->is_unplaced));
    json_object_set_new(visit, "clinic_id", json_string(view->clinic_id));
    json_object_set_new(visit, "doctor_id",
                        view->any_doctor ? json_null() : json_string(view->practitioner_id));
    json_object_set_new(visit, "service_id",
                        view->service_id ? json_string(view->service_id) : json_null());
    json_object_set_new(visit, "any_doctor", json_boolean(view->any_doctor));
    json_object_set_new(visit, "walk_in", json_boolean(view->is_walk_in));
    json_object_set_new(visit, "way", json_string(visit_way_name(view->way)));
    json_object_set_new(visit, "address", json_string(view->address));
    json_object_set_new(visit, "late_minutes", json_integer(view->late_minutes));
    json_object_set_new(visit, "unanswered", json_boolean(view->is_unanswered));
    json_object_set_new(visit, "asks_consent", json_boolean(view->asks_consent));
    json_object_set_new(visit, "following_ms", following_json(guest ? NULL : view->following));
    json_object_set_new(visit, "group",
                        view->group_title ? json_string(view->group_title) : json_null());
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:s?, s:I}", "visit", visit, "guest", guest, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_join(HttpRequest *request, gpointer context)
{
    Api *api = context;
    visit_get_view(api->scheduling, http_request_identity(request)->visit_id, on_view,
                   api_call_new(api, request));
}

/* In the envelope of the national queue. */
static void on_antrean(const Antrean *antrean, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    const char *called = *antrean->antreanpanggil ? antrean->antreanpanggil : NULL;
    json_t *response = json_pack(
        "{s:s, s:s, s:i, s:s, s:s, s:o, s:I, s:i, s:i, s:s?, s:s}", "kodebooking",
        antrean->kodebooking, "nomorantrean", antrean->nomorantrean, "angkaantrean",
        antrean->angkaantrean, "namapoli", antrean->namapoli, "namadokter", antrean->namadokter,
        "estimasidilayani", api_time(antrean->estimasidilayani), "waktutunggu",
        (json_int_t)antrean->waktutunggu, "sisaantrean", (int)antrean->sisaantrean, "sisakuota",
        (int)antrean->sisakuota, "antreanpanggil", called, "keterangan", antrean->keterangan);
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:{s:i, s:s}}", "response", response, "metadata", "code", 200,
                              "message", "Ok"));
}

static void get_antrean(HttpRequest *request, gpointer context)
{
    Api *api = context;
    antrean_get(api->scheduling, http_request_identity(request)->visit_id, on_antrean,
                api_call_new(api, request));
}

static void post_cancel(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    visit_cancel(api->scheduling, http_request_identity(request)->visit_id, &actor, NULL,
                 api_reply_step, api_call_new(api, request));
}

static void answer_offer(const SignalingAdmission *admission, gpointer user_data)
{
    ApiCall *call = user_data;
    HttpRequest *request = call->request;
    const char *sdp = http_request_string(request, "sdp");
    const SignalingEarlyOffer offer = {
        .key = http_request_string(request, "key"),
        .sdp = sdp,
        .size = strlen(sdp),
        .hold = http_request_bool(request, "hold", false),
    };
    g_autofree char *answer = NULL;
    g_autoptr(GError) error = NULL;
    if (signaling_early_offer(call->api->signaling, admission, &offer, &answer, &error))
        http_reply_json(request, 200, json_pack("{s:s}", "sdp", answer));
    else
        http_reply_error(request, error);
}

/* Takes CALL. */
static void with_admission(const TokenGrant *grant, const GError *error, WiringAdmissionFunc then,
                           ApiCall *taken)
{
    g_autoptr(ApiCall) call = taken;
    g_autoptr(GError) refused = NULL;
    if (error)
        http_reply_error(call->request, error);
    else if (!token_check_admission(call->api->scheduling, grant, &refused))
        http_reply_error(call->request, refused);
    else
        wiring_with_admission(call->api->wiring, grant, then, call);
}

static void on_offer_token(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    with_admission(grant, error, answer_offer, user_data);
}

static void accept_early(const SignalingAdmission *admission, gpointer user_data)
{
    ApiCall *call = user_data;
    HttpRequest *request = call->request;
    const char *key = http_request_string(request, "key");
    const char *resume = http_request_string(request, "resume");
    g_autoptr(GError) error = NULL;
    Actor actor;
    if (!signaling_early_accept(call->api->signaling, admission, key, resume, &error)) {
        http_reply_error(request, error);
        return;
    }
    api_actor(request, &actor);
    visit_accept(call->api->scheduling, http_request_identity(request)->visit_id, &actor,
                 api_reply_step, api_call_new(call->api, request));
}

static void on_accept_token(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    with_admission(grant, error, accept_early, user_data);
}

static void post_accept(HttpRequest *request, gpointer context)
{
    Api *api = context;
    token_authorize(api->scheduling, http_request_bearer(request), on_accept_token,
                    api_call_new(api, request));
}

static void post_offer(HttpRequest *request, gpointer context)
{
    Api *api = context;
    token_authorize(api->scheduling, http_request_bearer(request), on_offer_token,
                    api_call_new(api, request));
}

static const HttpField offer_fields[] = {
    {.name = "key",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 16,
     .max = 64,
     .help = "chosen by the page, hard to guess; its hello names it"},
    {.name = "sdp",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = 1,
     .max = LIMIT_SDP_BYTES,
     .help = "the offer"},
    {.name = "hold",
     .type = HTTP_FIELD_BOOLEAN,
     .help = "nothing is carried before the patient accepts"},
    {0},
};

static const HttpField accept_fields[] = {
    {.name = "key",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 16,
     .max = 64,
     .help = "of the offer"},
    {.name = "resume",
     .type = HTTP_FIELD_STRING,
     .max = 64,
     .help = "what the page's hello will say, where it was loaded again"},
    {0},
};

const HttpRoute api_join_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/join",
        .operation_id = "getJoin",
        .summary = "The visit that a join token opens, as its patient or a guest sees it",
        .roles = HTTP_ROLE_PATIENT_TOKEN | HTTP_ROLE_GUEST_TOKEN,
        .rate = HTTP_RATE_NORMAL,
        .success_status = 200,
        .response = "The visit, its times and its state",
        .handler = get_join,
    },
    {
        .method = "GET",
        .path = "/api/v1/join/antrean",
        .operation_id = "getAntrean",
        .summary = "The patient's place in the words of the national queue (antrean online)",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_NORMAL,
        .success_status = 200,
        .response = "response and metadata, as that queue answers",
        .handler = get_antrean,
    },
    {
        .method = "POST",
        .path = "/api/v1/join/cancel",
        .operation_id = "cancelByPatient",
        .summary = "Cancels the visit, or leaves the queue",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_cancel,
    },
    {
        .method = "POST",
        .path = "/api/v1/join/offer",
        .operation_id = "offerByPatient",
        .summary = "Answers the page's first offer while its socket is still being opened",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .max_body = 2 * LIMIT_SDP_BYTES,
        .body = offer_fields,
        .success_status = 200,
        .response = "The answer; its endpoint waits 30 s for the page's hello",
        .handler = post_offer,
    },
    {
        .method = "POST",
        .path = "/api/v1/join/accept",
        .operation_id = "acceptByPatient",
        .summary = "Takes the call by an offer whose page has no socket yet",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .body = accept_fields,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_accept,
    },
};
const unsigned api_join_n_routes = G_N_ELEMENTS(api_join_routes);
