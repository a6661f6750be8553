// SPDX-License-Identifier: Apache-2.0
/* Group visits: opened, filled and ended by doctor and desk; open ones are seen by anybody. */
#include "server/http/api_tables.h"

#include "scheduling/group/group.h"

static json_t *visit_json(const GroupVisit *visit)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:i, s:b, s:b}", "id", visit->visit_id,
                     "participant", visit->patient_id, "code", visit->code, "number", visit->number,
                     "state", visit_state_name(visit->state), "patient", visit->patient,
                     "shown_name", visit->shown_name, "place", visit->place, "no_phone",
                     visit->has_no_phone, "no_messages", visit->has_fixed_line);
}

/* As staff see it. */
static json_t *group_json(const Group *group)
{
    json_t *visits = json_array();
    for (unsigned i = 0; i < group->visits->len; i++)
        json_array_append_new(visits, visit_json(group->visits->pdata[i]));
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "id", group->id, "title", group->title,
        "clinic_id", group->clinic_id, "clinic", group->clinic, "facility", group->facility,
        "doctor_id", group->practitioner_id, "doctor", group->doctor, "starts_at_ms",
        (json_int_t)group->starts_at_ms, "ends_at_ms", (json_int_t)group->ends_at_ms);
    json_object_set_new(json, "places", json_integer(group->places));
    json_object_set_new(json, "open", json_boolean(group->is_open));
    json_object_set_new(json, "state", json_string(group_state_name(group->state)));
    const char *obstacle = hours_obstacle_name(group->obstacle);
    json_object_set_new(json, "obstacle", *obstacle ? json_string(obstacle) : json_null());
    json_object_set_new(json, "visits", visits);
    return json;
}

static void reply_group(ApiCall *call, unsigned status, const Group *group, const FaultList *faults,
                        const GError *error)
{
    if (error)
        api_reply_refusal(call->request, faults, error);
    else
        http_reply_json(call->request, status, group_json(group));
}

static void on_opened(const Group *group, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    reply_group(call, 201, group, faults, error);
}

static void on_group(const Group *group, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    reply_group(call, 200, group, faults, error);
}

/* Over for everybody: the host's page goes, too. */
static void on_over(const Group *group, const FaultList *faults, const GError *error,
                    gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (!error)
        wiring_group_over(call->api->wiring, group->id);
    reply_group(call, 200, group, faults, error);
}

static void post_group(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const GroupDraft draft = {
        .clinic_id = http_request_string(request, "clinic"),
        .practitioner_id = http_request_string(request, "doctor"),
        .title = http_request_string(request, "title"),
        .starts_at_ms = http_request_int(request, "starts_at_ms", 0),
        .minutes = (int)http_request_int(request, "minutes", 0),
        .places = (int)http_request_int(request, "places", 0),
        .is_open = http_request_bool(request, "open", false),
    };
    group_open(api->scheduling, &draft, &actor, on_opened, api_call_new(api, request));
}

static void on_groups(GPtrArray *groups, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < groups->len; i++)
        json_array_append_new(list, group_json(groups->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:I}", "groups", list, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_groups(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    group_list(api->scheduling, &actor, on_groups, api_call_new(api, request));
}

static void get_group(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    group_get(api->scheduling, http_request_path_parameter(request, "group"), &actor, on_group,
              api_call_new(api, request));
}

/* What anybody sees of one: nothing of its patients. */
static void on_open_groups(GPtrArray *groups, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < groups->len; i++) {
        const Group *group = groups->pdata[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:i}", "id", group->id, "title",
                            group->title, "doctor", group->practitioner_id, "doctor_name",
                            group->doctor, "starts_at_ms", (json_int_t)group->starts_at_ms,
                            "ends_at_ms", (json_int_t)group->ends_at_ms, "places", group->places,
                            "left", group->places - group->n_taken));
    }
    http_reply_json(call->request, 200, json_pack("{s:o}", "groups", list));
}

static void get_open_groups(HttpRequest *request, gpointer context)
{
    Api *api = context;
    group_list_open(api->scheduling, http_request_path_parameter(request, "clinic"), on_open_groups,
                    api_call_new(api, request));
}

static void post_open(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    group_set_open(api->scheduling, http_request_path_parameter(request, "group"),
                   http_request_bool(request, "open", false), &actor, on_group,
                   api_call_new(api, request));
}

static void post_cancel(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    group_cancel(api->scheduling, http_request_path_parameter(request, "group"),
                 http_request_string(request, "reason"), &actor, on_over,
                 api_call_new(api, request));
}

static void post_end(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    group_end(api->scheduling, http_request_path_parameter(request, "group"), &actor, on_over,
              api_call_new(api, request));
}

static void post_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    BookingRequest *booking = api_booking_request(request);
    g_free(booking->group_id);
    booking->group_id = g_strdup(http_request_path_parameter(request, "group"));
    booking_create_at_desk(api->scheduling, booking, &actor, api_reply_booking,
                           api_call_new(api, request));
}

static const HttpField group_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "doctor", .type = HTTP_FIELD_ID, .help = "absent: the doctor who opens it"},
    {.name = "title", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "starts_at_ms",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 4102444800000},
    {.name = "minutes",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = GROUP_MIN_MINUTES,
     .max = GROUP_MAX_MINUTES},
    {.name = "places",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = GROUP_MIN_PLACES,
     .max = GROUP_MAX_PLACES,
     .help = "of patients"},
    {.name = "open", .type = HTTP_FIELD_BOOLEAN, .help = "anybody may book; absent: staff alone"},
    {0},
};

static const HttpField open_fields[] = {
    {.name = "open", .type = HTTP_FIELD_BOOLEAN, .required = true},
    {0},
};

static const HttpField cancel_fields[] = {
    {.name = "reason", .type = HTTP_FIELD_STRING, .max = 200},
    {0},
};

static const HttpField person_fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "birth_date", .type = HTTP_FIELD_DATE, .required = true},
    {.name = "phone", .type = HTTP_FIELD_STRING, .min = 6, .max = 32},
    API_NO_PHONE_FIELD,
    {.name = "nik", .type = HTTP_FIELD_STRING, .min = 0, .max = 32},
    API_FAMILY_FIELDS,
    API_VISIT_REASON_FIELD,
    API_OVERLAP_FIELD,
    {.name = "lang", .type = HTTP_FIELD_ENUM, .values = "id|en"},
    {.name = "shown_as",
     .type = HTTP_FIELD_ENUM,
     .values = "number|first_name",
     .help = "what the others see; absent: number"},
    {.name = "consent",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = 1000000,
     .help = "the version of getConsentText that was read aloud and agreed to"},
    {0},
};

enum { DOCTOR_AND_DESK = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK };

const HttpRoute api_group_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/clinics/{clinic}/groups",
        .operation_id = "listOpenGroups",
        .summary = "Group visits of a clinic in which anybody may book a place",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "Groups with places left, nothing of their patients",
        .handler = get_open_groups,
    },
    {
        .method = "GET",
        .path = "/api/v1/groups",
        .operation_id = "listGroups",
        .summary = "Group visits of the doctor, or of the desk's facility, with who is in them",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "Groups of yesterday and later, by start",
        .handler = get_groups,
    },
    {
        .method = "POST",
        .path = "/api/v1/groups",
        .operation_id = "openGroup",
        .summary = "Opens a group visit: it holds the doctor's time",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = group_fields,
        .success_status = 201,
        .response = "The group",
        .handler = post_group,
    },
    {
        .method = "GET",
        .path = "/api/v1/groups/{group}",
        .operation_id = "getGroup",
        .summary = "One group visit with who is in it",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "The group",
        .handler = get_group,
    },
    {
        .method = "POST",
        .path = "/api/v1/groups/{group}/open",
        .operation_id = "setGroupOpen",
        .summary = "May anybody book a place, or staff alone",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = open_fields,
        .success_status = 200,
        .response = "The group",
        .handler = post_open,
    },
    {
        .method = "POST",
        .path = "/api/v1/groups/{group}/cancel",
        .operation_id = "cancelGroup",
        .summary = "Cancels it before it begins; its patients are told",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = cancel_fields,
        .success_status = 200,
        .response = "The group",
        .handler = post_cancel,
    },
    {
        .method = "POST",
        .path = "/api/v1/groups/{group}/end",
        .operation_id = "endGroup",
        .summary = "Ends it for all",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .success_status = 200,
        .response = "The group, with how each visit ended",
        .handler = post_end,
    },
    {
        .method = "POST",
        .path = "/api/v1/groups/{group}/bookings",
        .operation_id = "bookInGroup",
        .summary = "Books a place for somebody; an Idempotency-Key header makes a retry harmless",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = person_fields,
        .success_status = 201,
        .response = "The visit: number, times, link",
        .handler = post_booking,
    },
};
const unsigned api_group_n_routes = G_N_ELEMENTS(api_group_routes);
