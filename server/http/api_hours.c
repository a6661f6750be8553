// SPDX-License-Identifier: Apache-2.0
/* Doctors' hours as staff read them. */
#include "server/http/api_hours.h"

#include "scheduling/clinic/hours_days.h"
#include "scheduling/clinic/hours_view.h"

enum { HITS_SHOWN = 100 };

static json_t *minute_json(int minute)
{
    char text[8];
    (void)g_snprintf(text, sizeof text, "%02d:%02d", minute / 60 % 24, minute % 60);
    return json_string(text);
}

static json_t *minutes_json(HoursMinutes minutes)
{
    return json_pack("{s:o, s:o}", "from", minute_json(minutes.from), "to",
                     minute_json(minutes.to));
}

static json_t *number_or_null(int number)
{
    return number > 0 ? json_integer(number) : json_null();
}

static json_t *pattern_json(const HoursPattern *pattern)
{
    return json_pack("{s:s, s:o, s:i, s:i, s:o, s:i}", "mode", hours_mode_name(pattern->mode),
                     "slot_minutes", number_or_null(pattern->slot_minutes), "before_minutes",
                     pattern->before_minutes, "after_minutes", pattern->after_minutes, "quota",
                     number_or_null(pattern->quota), "extra_percent", pattern->extra_percent);
}

json_t *api_hours_hits_json(const GPtrArray *hits)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < MIN(hits->len, HITS_SHOWN); i++) {
        const HoursHit *hit = hits->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:b, s:b}",
                                              "visit", hit->visit_id, "code", hit->code, "number",
                                              hit->number, "starts_at_ms",
                                              (json_int_t)hit->starts_at_ms, "ends_at_ms",
                                              (json_int_t)hit->ends_at_ms, "clinic", hit->clinic,
                                              "facility", hit->facility, "doctor", hit->doctor,
                                              "extra", hit->is_extra, "there", hit->is_there));
    }
    return list;
}

/* The problem bookings-hit with the first of HITS. */
static void reply_hits(HttpRequest *request, const GPtrArray *hits)
{
    http_reply_problem_with(
        request, HTTP_PROBLEM_BOOKINGS_HIT, NULL,
        json_pack("{s:o, s:i}", "bookings", api_hours_hits_json(hits), "count", (int)hits->len));
}

bool api_hours_reply_refused(HttpRequest *request, const FaultList *faults, const GPtrArray *hits,
                             const GError *error)
{
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT))
        reply_hits(request, hits);
    else if (error)
        api_reply_refusal(request, faults, error);
    return error != NULL;
}

void api_hours_reply_edited(HttpRequest *request, const char *key, json_t *value,
                            const GPtrArray *hits)
{
    http_reply_json(request, http_request_route(request)->success_status,
                    json_pack("{s:o, s:i, s:i, s:i, s:i}", key, value, "kept", (int)hits->len,
                              "told", (int)hours_hits_told(hits), "not_reachable",
                              (int)hours_hits_not_reachable(hits), "no_phone",
                              (int)hours_hits_no_phone(hits)));
}

static json_t *service_json(gconstpointer data)
{
    const HoursService *service = data;
    return json_pack("{s:s, s:i, s:i, s:i}", "name", service->name, "duration_minutes",
                     service->duration_minutes, "before_minutes", service->before_minutes,
                     "after_minutes", service->after_minutes);
}

static json_t *doctor_json(const HoursDoctor *doctor)
{
    json_t *clinics = json_array();
    for (unsigned i = 0; i < doctor->clinics->len; i++) {
        const HoursClinic *clinic = doctor->clinics->pdata[i];
        json_array_append_new(clinics, json_pack("{s:s, s:s, s:s, s:s?, s:o}", "id", clinic->id,
                                                 "name", clinic->name, "facility", clinic->facility,
                                                 "permit_until", clinic->permit_until, "services",
                                                 api_hours_list(clinic->services, service_json)));
    }
    return json_pack("{s:s, s:s, s:s?, s:o}", "id", doctor->id, "name", doctor->name, "str_until",
                     doctor->str_until, "clinics", clinics);
}

static void on_doctors(GPtrArray *doctors, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < doctors->len; i++)
        json_array_append_new(list, doctor_json(doctors->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:I}", "doctors", list, "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_doctors(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    hours_view_doctors(api->scheduling, &actor, on_doctors, api_call_new(api, request));
}

static json_t *rule_json(const HoursRule *rule)
{
    g_autofree char *revision = hours_rule_revision(rule);
    json_t *body = minutes_json(rule->minutes);
    json_t *breaks = json_array();
    for (unsigned i = 0; i < rule->n_breaks; i++)
        json_array_append_new(breaks, minutes_json(rule->breaks[i]));
    json_object_set_new(body, "id", json_string(rule->id));
    json_object_set_new(body, "clinic", json_string(rule->clinic_id));
    json_object_set_new(body, "weekday", json_integer(rule->weekday));
    json_object_set_new(body, "breaks", breaks);
    json_object_set_new(body, "valid_from", json_string(rule->valid_from));
    json_object_set_new(body, "valid_until",
                        rule->valid_until[0] ? json_string(rule->valid_until) : json_null());
    json_object_set_new(body, "pattern", pattern_json(&rule->pattern));
    json_object_set_new(body, "revision", json_string(revision));
    return body;
}

static json_t *override_json(gconstpointer data)
{
    const HoursOverrideRow *row = data;
    const HoursOverride *override = &row->override;
    json_t *body = minutes_json(override->minutes);
    json_object_set_new(body, "id", json_string(override->id));
    json_object_set_new(body, "clinic", json_string(override->clinic_id));
    json_object_set_new(body, "date", json_string(override->date));
    json_object_set_new(body, "kind", json_string(override->is_extra ? "extra" : "closed"));
    json_object_set_new(body, "note", json_string(row->note));
    json_object_set_new(body, "pattern",
                        override->is_extra ? pattern_json(&override->pattern) : json_null());
    return body;
}

static json_t *leave_json(gconstpointer data)
{
    const HoursLeaveRow *row = data;
    return json_pack("{s:s, s:s, s:s, s:s}", "id", row->id, "from", row->from_date, "until",
                     row->until_date, "note", row->note);
}

static json_t *day_json(gconstpointer data)
{
    const HoursDay *day = data;
    json_t *open = json_array();
    for (unsigned i = 0; i < day->open->len; i++) {
        const HoursOpen *one = &g_array_index(day->open, HoursOpen, i);
        json_array_append_new(open, json_pack("{s:s, s:I, s:I}", "clinic", one->clinic_id,
                                              "from_ms", (json_int_t)one->span.from_ms, "to_ms",
                                              (json_int_t)one->span.to_ms));
    }
    return json_pack("{s:s, s:o, s:i}", "date", day->date, "open", open, "bookings",
                     (int)day->n_visits);
}

json_t *api_hours_list(const GPtrArray *rows, json_t *(*row_json)(gconstpointer row))
{
    json_t *list = json_array();
    for (unsigned i = 0; i < rows->len; i++)
        json_array_append_new(list, row_json(rows->pdata[i]));
    return list;
}

static void on_view(const HoursView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *rules = json_array();
    for (unsigned i = 0; i < view->rules->len; i++)
        json_array_append_new(rules, rule_json(&g_array_index(view->rules, HoursRule, i)));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "doctor",
                              doctor_json(view->doctor), "rules", rules, "overrides",
                              api_hours_list(view->overrides, override_json), "leaves",
                              api_hours_list(view->leaves, leave_json), "holidays",
                              api_hours_list(view->holidays, api_holiday_json), "days",
                              api_hours_list(view->days, day_json), "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_hours(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const HoursViewQuery query = {
        .practitioner_id = http_request_path_parameter(request, "doctor"),
        .from_date = http_request_query(request, "from"),
        .n_days = (unsigned)http_request_query_int(request, "days", 7),
    };
    hours_view_get(api->scheduling, &actor, &query, on_view, api_call_new(api, request));
}

static json_t *days_row_json(const HoursDaysRow *row)
{
    return json_pack("{s:s, s:o, s:o, s:i, s:i, s:i, s:b}", "doctor", row->practitioner_id,
                     "from_ms", api_time(row->hours.from_ms), "to_ms", api_time(row->hours.to_ms),
                     "places", (int)row->n_places, "held", (int)row->n_held, "extra",
                     (int)row->n_extra, "leave", row->is_on_leave);
}

static json_t *days_day_json(gconstpointer data)
{
    const HoursDaysDay *day = data;
    json_t *rows = json_array();
    for (unsigned i = 0; i < day->rows->len; i++)
        json_array_append_new(rows, days_row_json(&g_array_index(day->rows, HoursDaysRow, i)));
    return json_pack("{s:s, s:o}", "date", day->date, "doctors", rows);
}

static void on_days(const HoursDays *days, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o}", "days", api_hours_list(days->days, days_day_json),
                              "holidays", api_hours_list(days->holidays, api_holiday_json)));
}

static void get_days(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const HoursDaysQuery query = {
        .practitioner_id = http_request_query(request, "doctor"),
        .from_date = http_request_query(request, "from"),
        .n_days = (unsigned)http_request_query_int(request, "days", 31),
    };
    if (actor.role == ACTOR_ADMIN && !query.practitioner_id) {
        g_autoptr(FaultList) faults = fault_list_new();
        fault_list_add(faults, "doctor", "required", NULL);
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return;
    }
    hours_days_get(api->scheduling, &actor, &query, on_days, api_call_new(api, request));
}

static const HttpField days_query[] = {
    {.name = "doctor",
     .type = HTTP_FIELD_ID,
     .help = "absent: a doctor the own days, desk and coordinator those of all of the facility"},
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "first local day; absent: today"},
    {.name = "days", .type = HTTP_FIELD_INTEGER, .min = 1, .max = HOURS_DAYS_MAX},
    {0},
};
static const HttpField hours_query[] = {
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "first local day; absent: today"},
    {.name = "days", .type = HTTP_FIELD_INTEGER, .min = 1, .max = HOURS_VIEW_MAX_DAYS},
    {0},
};
enum { HOURS_ROLES = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_hours_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/hours",
        .operation_id = "listHoursDoctors",
        .summary = "Whose hours the caller may change: the own, the facility's, all",
        .roles = HOURS_ROLES,
        .success_status = 200,
        .response = "Doctors with their clinics",
        .handler = get_doctors,
    },
    {
        .method = "GET",
        .path = "/api/v1/hours-days",
        .operation_id = "listHoursDays",
        .summary = "What up to six weeks of hours come to: who works when, places and how many are "
                   "held, leave, holidays",
        .roles = HOURS_ROLES,
        .query = days_query,
        .success_status = 200,
        .response = "Each day asked for, with the doctors who have something on it",
        .handler = get_days,
    },
    {
        .method = "GET",
        .path = "/api/v1/hours/{doctor}",
        .operation_id = "getHours",
        .summary = "A doctor's rules, exceptions, leave, and the open hours of some days",
        .roles = HOURS_ROLES,
        .query = hours_query,
        .success_status = 200,
        .response = "Rules, overrides, leaves, holidays, days",
        .handler = get_hours,
    },
};
const unsigned api_hours_n_routes = G_N_ELEMENTS(api_hours_routes);
