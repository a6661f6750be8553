// SPDX-License-Identifier: Apache-2.0
/* Outreach: sessions at a post, and what is shown of whom a team took down there. */
#include "server/http/api_tables.h"

#include "scheduling/outreach/outreach.h"

static json_t *session_json(const OutreachSession *session)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:i, s:i, s:b}", "id", session->id,
                     "clinic_id", session->clinic_id, "clinic", session->clinic, "area_code",
                     session->area_code, "area", session->area, "village", session->village, "date",
                     session->local_date, "closed_at_ms", api_time(session->closed_at_ms), "team",
                     (int)session->n_members, "entries", (int)session->n_entries, "member",
                     (int)session->is_member);
}

static void on_session(const OutreachSession *session, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        api_reply_refusal(call->request, faults, error);
    else
        http_reply_json(call->request, http_request_route(call->request)->success_status,
                        session_json(session));
}

static const char *session_of(const HttpRequest *request)
{
    return http_request_path_parameter(request, "outreach");
}

static void post_session(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    const OutreachPlan plan = {
        http_request_string(request, "clinic"), http_request_string(request, "area_code"),
        http_request_string(request, "village"), http_request_string(request, "date")};
    api_actor(request, &actor);
    outreach_open(api->scheduling, &actor, &plan, on_session, api_call_new(api, request));
}

static void post_team(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_join(api->scheduling, &actor, session_of(request), on_session,
                  api_call_new(api, request));
}

static void post_close(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_close(api->scheduling, &actor, session_of(request), on_session,
                   api_call_new(api, request));
}

static void post_watch(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_watch(api->scheduling, &actor, session_of(request), api_reply_token,
                   api_call_new(api, request));
}

static void on_sessions(GPtrArray *sessions, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < sessions->len; i++)
        json_array_append_new(list, session_json(sessions->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:I}", "sessions", list, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_sessions(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_list(api->scheduling, &actor, on_sessions, api_call_new(api, request));
}

/* A session with its entries. */

static json_t *entry_json(const OutreachEntry *entry)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s?, s:s, s:I, s:I, s:i, s:b, s:b}", "id",
                     entry->id, "visit", entry->visit_id, "number", entry->number, "state",
                     visit_state_name(entry->state), "patient", entry->patient, "age", entry->age,
                     "sex", entry->sex, "identity", entry->identity, "sequence",
                     (json_int_t)entry->sequence, "revision", (json_int_t)entry->revision, "photos",
                     (int)entry->n_photos, "countersigned", (int)entry->is_countersigned, "nurse",
                     (int)entry->has_nurse);
}

static void on_list(const OutreachList *list, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *entries = json_array();
    for (unsigned i = 0; i < list->entries->len; i++)
        json_array_append_new(entries, entry_json(list->entries->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o, s:I, s:I}", "session", session_json(&list->session),
                              "entries", entries, "consent", (json_int_t)list->consent_version,
                              "server_ms", (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_session(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_get(api->scheduling, &actor, session_of(request), on_list, api_call_new(api, request));
}

/* What is shown of one visit. */

static void on_visit(const OutreachVisit *visit, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *vitals = json_object();
    for (unsigned i = 0; i < VITAL_COUNT; i++)
        json_object_set_new(vitals, vital_row((Vital)i)->name,
                            visit->vitals[i] > 0 ? json_integer(visit->vitals[i]) : json_null());
    json_t *photos = json_array();
    for (unsigned i = 0; i < visit->photos->len; i++)
        json_array_append_new(photos, json_string(visit->photos->pdata[i]));
    json_t *body = json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s}", "village", visit->village,
                             "area", visit->area, "reason", visit->reason, "without_nik",
                             visit->without_nik, "mother_nik_masked", visit->mother_nik_masked,
                             "address", visit->address, "identity", visit->identity);
    json_object_set_new(body, "registered_at_ms", api_time(visit->registered_at_ms));
    json_object_set_new(body, "received_at_ms", api_time(visit->received_at_ms));
    json_object_set_new(body, "vitals", vitals);
    json_object_set_new(body, "photos", photos);
    http_reply_json(call->request, 200, body);
}

static void get_visit(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_visit_get(api->scheduling, &actor, http_request_path_parameter(request, "visit"),
                       on_visit, api_call_new(api, request));
}

static void on_picture(GBytes *picture, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    gsize size = 0;
    const void *data = g_bytes_get_data(picture, &size);
    const char *type = outreach_photo_type(data, size);
    http_reply_bytes(call->request, 200, type ? type : "application/octet-stream", picture);
}

static void get_photo(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    outreach_photo_get(api->scheduling, &actor, http_request_path_parameter(request, "visit"),
                       http_request_path_parameter(request, "photo"), on_picture,
                       api_call_new(api, request));
}

static const HttpField session_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true, .help = "of the own facility"},
    {.name = "area_code",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 1,
     .max = 13,
     .help = "of a kecamatan, as listAreas names it"},
    {.name = "village", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "date", .type = HTTP_FIELD_DATE, .required = true, .help = "today or soon"},
    {0},
};

enum { DOCTOR_AND_DESK = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK };

const HttpRoute api_outreach_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/outreach",
        .operation_id = "openOutreach",
        .summary = "A session at a post, with the caller in its team; the same one again is the "
                   "one that there is",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = session_fields,
        .success_status = 201,
        .response = "The session",
        .handler = post_session,
    },
    {
        .method = "GET",
        .path = "/api/v1/outreach",
        .operation_id = "listOutreach",
        .summary = "The facility's sessions at posts, from a week ago on",
        .roles = HTTP_ROLE_DESK,
        .success_status = 200,
        .response = "Sessions, the latest day first",
        .handler = get_sessions,
    },
    {
        .method = "GET",
        .path = "/api/v1/outreach/{outreach}",
        .operation_id = "getOutreach",
        .summary = "A session and whom its team took down, in the order of the queue",
        .roles = HTTP_ROLE_DESK,
        .success_status = 200,
        .response = "The session and its entries; for the team",
        .handler = get_session,
    },
    {
        .method = "POST",
        .path = "/api/v1/outreach/{outreach}/team",
        .operation_id = "joinOutreach",
        .summary = "The caller comes into the team",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The session",
        .handler = post_team,
    },
    {
        .method = "POST",
        .path = "/api/v1/outreach/{outreach}/close",
        .operation_id = "closeOutreach",
        .summary = "The team is done at the post; what tablets still hold is taken in all the same",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The session; for the team",
        .handler = post_close,
    },
    {
        .method = "POST",
        .path = "/api/v1/outreach/{outreach}/watch",
        .operation_id = "watchOutreach",
        .summary = "A token with which the socket tells changes of this session, and of no other",
        .roles = HTTP_ROLE_DESK,
        .success_status = 200,
        .response = "The day token; for the team",
        .handler = post_watch,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/outreach",
        .operation_id = "getVisitOutreach",
        .summary = "What was taken down at the post of this visit's patient",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "Reason, vital signs, identity, pictures; for the visit's doctor and the team",
        .handler = get_visit,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/outreach/photos/{photo}",
        .operation_id = "getOutreachPhoto",
        .summary = "A picture that was taken at the post",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "JPEG or WebP; for the visit's doctor and the team",
        .handler = get_photo,
    },
};
const unsigned api_outreach_n_routes = G_N_ELEMENTS(api_outreach_routes);
