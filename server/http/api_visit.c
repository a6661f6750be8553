// SPDX-License-Identifier: Apache-2.0
/* Staff: the day's list, a visit's steps, its record. */
#include "server/http/api_tables.h"

#include "scheduling/booking/came.h"
#include "scheduling/booking/convert.h"
#include "scheduling/booking/day.h"
#include "scheduling/booking/token.h"
#include "scheduling/booking/visit.h"
#include "scheduling/record/record.h"
#include "server/http/api_record.h"

/* The day. */

json_t *api_contact_json(const char *name, const char *relation)
{
    return name ? json_pack("{s:s, s:s}", "name", name, "relation", relation) : json_null();
}

static void add_queue(json_t *json, const DayVisit *visit)
{
    json_object_set_new(json, "place", visit->place ? json_integer(visit->place) : json_null());
    json_object_set_new(json, "any_doctor", json_boolean(visit->any_doctor));
    json_object_set_new(json, "clinic_id", json_string(visit->clinic_id));
    json_object_set_new(json, "doctor_id", json_string(visit->practitioner_id));
    json_object_set_new(json, "walk_in", json_boolean(visit->is_walk_in));
    json_object_set_new(json, "extra", json_boolean(visit->is_extra));
    json_object_set_new(json, "delayed", json_boolean(visit->is_delayed));
    json_object_set_new(json, "urgent", json_boolean(visit->is_urgent));
    json_object_set_new(json, "day_before", json_boolean(visit->is_of_day_before));
    json_object_set_new(json, "needs_other_doctor", json_boolean(visit->other_doctor_why != NULL));
    json_object_set_new(json, "other_doctor_why",
                        visit->other_doctor_why ? json_string(visit->other_doctor_why)
                                                : json_null());
    json_object_set_new(json, "unplaced", json_boolean(visit->is_unplaced));
    json_object_set_new(json, "no_phone", json_boolean(visit->has_no_phone));
    json_object_set_new(json, "no_messages", json_boolean(visit->has_fixed_line));
}

/* What is good to know before the call. */
static void add_flags(json_t *json, const DayVisit *visit, const Signaling *signaling)
{
    SignalingLink link = SIGNALING_LINK_UNKNOWN;
    if (visit->state == VISIT_STATE_CHECKED_IN || visit->state == VISIT_STATE_CALLED)
        link = signaling_link(signaling, visit->id, visit->participant_id);
    const char *name = signaling_link_name(link);
    json_object_set_new(json, "link", name ? json_string(name) : json_null());
    json_object_set_new(json, "reason", visit->reason ? json_string(visit->reason) : json_null());
    json_object_set_new(json, "lang", json_string(visit->lang));
    json_object_set_new(json, "interpreter", json_boolean(visit->has_interpreter));
    json_object_set_new(json, "returning", json_boolean(visit->is_returning));
}

static json_t *day_visit_json(const DayVisit *visit, const Signaling *signaling)
{
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:i, s:s?, s:s, s:s, s:I, s:I, s:I, s:o, s:b, s:i}", "id",
        visit->id, "code", visit->code, "number", visit->number, "state",
        visit_state_name(visit->state), "patient", visit->patient, "age", visit->age, "sex",
        visit->sex, "doctor", visit->doctor, "clinic", visit->clinic, "starts_at_ms",
        (json_int_t)visit->starts_at_ms, "ends_at_ms", (json_int_t)visit->ends_at_ms, "opens_at_ms",
        (json_int_t)visit->opens_at_ms, "checked_in_at_ms", api_time(visit->checked_in_at_ms),
        "present", visit->present, "waiting_minutes", (int)visit->waiting_minutes);
    json_object_set_new(json, "due_from_ms", json_integer(visit->due_from_ms));
    add_queue(json, visit);
    json_object_set_new(json, "service",
                        visit->service ? json_string(visit->service) : json_null());
    json_object_set_new(json, "service_id",
                        visit->service_id ? json_string(visit->service_id) : json_null());
    json_object_set_new(json, "consent", json_boolean(visit->has_consent));
    json_object_set_new(json, "consent_withdrawn", json_boolean(visit->has_withdrawn));
    json_object_set_new(json, "overlaps", json_boolean(visit->overlaps));
    json_object_set_new(json, "group",
                        visit->group_id ? json_pack("{s:s, s:s}", "id", visit->group_id, "title",
                                                    visit->group_title)
                                        : json_null());
    json_object_set_new(json, "nik", json_boolean(visit->has_nik));
    json_object_set_new(json, "way", json_string(visit_way_name(visit->way)));
    json_object_set_new(json, "to_phone", json_boolean(visit->is_to_phone));
    json_object_set_new(json, "came",
                        visit->came == VISIT_CAME_UNSAID
                            ? json_null()
                            : json_boolean(visit->came == VISIT_CAME_YES));
    json_object_set_new(json, "unanswered_since_ms", api_time(visit->unanswered_since_ms));
    json_object_set_new(json, "contact",
                        api_contact_json(visit->contact_name, visit->contact_relation));
    json_object_set_new(json, "assisted",
                        json_boolean(g_strcmp0(visit->service_mode, "assisted") == 0));
    add_flags(json, visit, signaling);
    return json;
}

static json_t *late_json(const Day *day)
{
    json_t *late = json_array();
    for (unsigned i = 0; i < day->late->len; i++) {
        const LateDoctor *doctor = &g_array_index(day->late, LateDoctor, i);
        json_array_append_new(late, json_pack("{s:s, s:i}", "doctor", doctor->practitioner_id,
                                              "minutes", (int)doctor->minutes));
    }
    return late;
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *visits = json_array();
    for (unsigned i = 0; i < day->visits->len; i++)
        json_array_append_new(visits, day_visit_json(day->visits->pdata[i], call->api->signaling));
    http_reply_json(call->request, 200,
                    json_pack("{s:s, s:o, s:o, s:I}", "date", day->date, "visits", visits, "late",
                              late_json(day), "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_day(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    day_list(api->scheduling, &actor, http_request_query(request, "date"), on_day,
             api_call_new(api, request));
}

/* Tokens. */

void api_reply_token(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:s, s:s?, s:I}", "token", issued->token, "participant",
                                  issued->participant_id, "expires_at_ms",
                                  (json_int_t)issued->expires_at_ms));
}

static void post_watch(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    token_issue_day(api->scheduling, &actor, api_reply_token, api_call_new(api, request));
}

static void post_join(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    token_issue_doctor(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                       api_reply_token, api_call_new(api, request));
}

static void on_link(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    /* The old link may be open somewhere: its holder goes out. */
    signaling_dismiss(call->api->signaling, issued->visit_id, issued->participant_id,
                      SIGNALING_CODE_LINK_INVALID);
    g_autofree char *link = api_link(call->api, issued->token);
    http_reply_json(
        call->request, 200,
        json_pack("{s:s, s:I}", "link", link, "expires_at_ms", (json_int_t)issued->expires_at_ms));
}

static void post_link(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    token_renew_link(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                     on_link, api_call_new(api, request));
}

static void post_guest(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    VisitGuest guest;
    api_actor(request, &actor);
    /* The schema's values are their names. */
    g_assert(visit_guest_parse(http_request_string(request, "label"), &guest));
    token_invite_guest(api->scheduling, http_request_path_parameter(request, "visit"), guest,
                       &actor, on_link, api_call_new(api, request));
}

/* Steps. */

static void post_call(HttpRequest *request, gpointer context)
{
    api_run_step(request, context, visit_call);
}

static void post_check_in(HttpRequest *request, gpointer context)
{
    api_run_step(request, context, visit_check_in);
}

static void post_end(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    VisitState outcome;
    /* The schema's values are names of states. */
    g_assert(visit_state_parse(http_request_string(request, "outcome"), &outcome));
    visit_end(api->scheduling, http_request_path_parameter(request, "visit"), &actor, outcome,
              api_reply_step, api_call_new(api, request));
}

void api_cancel_visit(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    visit_cancel(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                 http_request_string(request, "reason"), api_reply_step,
                 api_call_new(api, request));
}

static void post_convert(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    g_autofree char *reason = api_reason(request);
    if (!reason)
        return;
    VisitWay to;
    /* The schema's values are their names. */
    g_assert(visit_way_parse(http_request_string(request, "to"), &to));
    api_actor(request, &actor);
    visit_convert(api->scheduling, http_request_path_parameter(request, "visit"), &actor, to,
                  reason, api_reply_step, api_call_new(api, request));
}

static void put_came(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    visit_say_came(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                   http_request_bool(request, "came", false), api_reply_step,
                   api_call_new(api, request));
}

/* The record. */

static void on_record(const Record *record, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    bool with_figures = http_request_identity(call->request)->role == HTTP_ROLE_DOCTOR;
    http_reply_json(call->request, 200, api_record_json(record, with_figures));
}

static void get_visit(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    record_get(api->scheduling, http_request_path_parameter(request, "visit"), &actor, on_record,
               api_call_new(api, request));
}

static const HttpField day_query[] = {
    {.name = "date", .type = HTTP_FIELD_DATE, .help = "local day; absent: today"},
    {0},
};
static const HttpField end_fields[] = {
    {.name = "outcome",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "done|tech_failed|converted_phone|converted_in_person|no_show_patient"},
    {0},
};
static const HttpField guest_fields[] = {
    {.name = "label",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "interpreter|family|expert"},
    {0},
};
static const HttpField cancel_fields[] = {
    {.name = "reason", .type = HTTP_FIELD_STRING, .required = true, .min = 3, .max = 200},
    {0},
};
static const HttpField convert_fields[] = {
    {.name = "to", .type = HTTP_FIELD_ENUM, .required = true, .values = "video|phone|in_person"},
    {.name = "reason",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = API_REASON_MIN_CHARS,
     .max = API_REASON_MAX_CHARS},
    {0},
};

static const HttpField came_fields[] = {
    {.name = "came", .type = HTTP_FIELD_BOOLEAN, .required = true},
    {0},
};

enum { DOCTOR_AND_DESK = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK };

const HttpRoute api_visit_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/day",
        .operation_id = "getDay",
        .summary = "A local day's visits: a doctor's own, a desk's facility",
        .roles = DOCTOR_AND_DESK,
        .query = day_query,
        .success_status = 200,
        .response = "Visits by start and number",
        .handler = get_day,
    },
    {
        .method = "POST",
        .path = "/api/v1/day/watch",
        .operation_id = "watchDay",
        .summary = "A token with which the socket tells changes of the day",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "The day token",
        .handler = post_watch,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/join",
        .operation_id = "joinVisit",
        .summary = "The doctor's join token for the socket",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "Token and participant",
        .handler = post_join,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/call",
        .operation_id = "callPatient",
        .summary = "Calls the waiting patient, or calls again",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_call,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/check-in",
        .operation_id = "checkIn",
        .summary = "Who was asked to come is there, and waits",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_check_in,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/end",
        .operation_id = "endVisit",
        .summary = "Ends the visit for all",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .body = end_fields,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_end,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/cancel",
        .operation_id = "cancelVisit",
        .summary = "Cancels the visit, with a reason",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = cancel_fields,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = api_cancel_visit,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/convert",
        .operation_id = "convertVisit",
        .summary = "A visit that is booked or waits is to be held by telephone, at the facility, "
                   "or by video again, for a reason; the patient is told",
        .roles = DOCTOR_AND_DESK | HTTP_ROLE_COORDINATOR,
        .rate = HTTP_RATE_WRITE,
        .body = convert_fields,
        .success_status = 200,
        .response = "The state that the visit has now",
        .handler = post_convert,
    },
    {
        .method = "PUT",
        .path = "/api/v1/visits/{visit}/came",
        .operation_id = "sayCame",
        .summary = "Whether the patient came whom the doctor asked, in the call, to come "
                   "(converted_in_person), or who was to come and whose visit is done; may be "
                   "said otherwise later",
        .roles = DOCTOR_AND_DESK | HTTP_ROLE_COORDINATOR,
        .rate = HTTP_RATE_WRITE,
        .body = came_fields,
        .success_status = 200,
        .response = "The state that the visit has",
        .handler = put_came,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/link",
        .operation_id = "renewLink",
        .summary = "Revokes the patient's link and makes a new one; after a visit that was "
                   "held for 30 days, to its page and letters, and until 30 days after its end",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The new link",
        .handler = post_link,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/guests",
        .operation_id = "inviteGuest",
        .summary = "A link for an interpreter, for family or for another expert; instead of the "
                   "one before of the same kind",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = guest_fields,
        .success_status = 200,
        .response = "The guest's link",
        .handler = post_guest,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}",
        .operation_id = "getVisit",
        .summary = "The record of a visit; media figures for its doctor only",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "Visit, participants, events",
        .handler = get_visit,
    },
};
const unsigned api_visit_n_routes = G_N_ELEMENTS(api_visit_routes);
