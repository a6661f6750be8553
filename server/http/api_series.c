// SPDX-License-Identifier: Apache-2.0
/* Visits that come again: what is free on each date, booking all of them, moving and cancelling the
 * rest. */
#include "server/http/api_tables.h"

#include "scheduling/booking/series.h"

static json_t *choice_json(const SlotOffer *offer)
{
    return json_pack("{s:I, s:I}", "starts_at_ms", (json_int_t)offer->starts_at_ms, "turn_at_ms",
                     (json_int_t)offer->turn_at_ms);
}

static json_t *date_json(const SeriesDate *date)
{
    json_t *choices = json_array();
    for (unsigned i = 0; i < date->n_choices; i++)
        json_array_append_new(choices, choice_json(&date->choices[i]));
    json_t *json = json_pack("{s:s, s:I, s:s, s:o}", "date", date->date, "wanted_at_ms",
                             (json_int_t)date->wanted_at_ms, "fit", series_fit_name(date->fit),
                             "choices", choices);
    if (date->visit_id[0] != '\0') {
        json_object_set_new(json, "visit", json_string(date->visit_id));
        json_object_set_new(json, "from_ms", json_integer(date->from_ms));
    }
    return json;
}

static void on_plan(const SeriesPlan *plan, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_reply_refusal(call->request, plan->faults, error);
        return;
    }
    json_t *dates = json_array();
    for (unsigned i = 0; i < plan->dates->len; i++)
        json_array_append_new(dates, date_json(&g_array_index(plan->dates, SeriesDate, i)));
    http_reply_json(call->request, 200, json_pack("{s:o}", "dates", dates));
}

/* "09:30", as the schema has checked it. */
static int minute_of(const char *time)
{
    return (int)(g_ascii_strtoll(time, NULL, 10) * 60 + g_ascii_strtoll(time + 3, NULL, 10));
}

static void get_plan(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const SeriesWish wish = {
        .first_date = http_request_query(request, "first"),
        .minute = minute_of(http_request_query(request, "time")),
        .every_weeks = (int)http_request_query_int(request, "every", 0),
        .times = (int)http_request_query_int(request, "times", 0),
        .until_date = http_request_query(request, "until"),
    };
    series_plan(api->scheduling, http_request_path_parameter(request, "visit"), &wish, &actor,
                on_plan, api_call_new(api, request));
}

static void get_move_plan(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const SeriesWish wish = {
        .first_date = http_request_query(request, "first"),
        .minute = minute_of(http_request_query(request, "time")),
    };
    series_plan_move(api->scheduling, http_request_path_parameter(request, "visit"), &wish, &actor,
                     on_plan, api_call_new(api, request));
}

static json_t *series_json(const Series *series)
{
    json_t *visits = json_array();
    for (unsigned i = 0; i < series->visits->len; i++) {
        const SeriesVisit *visit = series->visits->pdata[i];
        json_array_append_new(visits,
                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "visit", visit->id,
                                        "code", visit->code, "number", visit->number, "doctor",
                                        visit->doctor, "state", visit_state_name(visit->state),
                                        "starts_at_ms", (json_int_t)visit->starts_at_ms));
    }
    return json_pack("{s:s?, s:o}", "series", series->id, "visits", visits);
}

/* Which of the times stands in the way; of the patient's other visit no more than that. */
static void refuse(ApiCall *call, const Series *series, const GError *error)
{
    static const struct {
        SchedulingError code;
        HttpProblem problem;
    } of_times[] = {
        {SCHEDULING_ERROR_SLOT_TAKEN, HTTP_PROBLEM_SLOT_TAKEN},
        {SCHEDULING_ERROR_SLOT_NOT_OFFERED, HTTP_PROBLEM_SLOT_NOT_OFFERED},
        {SCHEDULING_ERROR_TOO_SOON, HTTP_PROBLEM_TOO_SOON},
        {SCHEDULING_ERROR_OWN_BOOKING, HTTP_PROBLEM_OWN_BOOKING},
    };
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS)) {
        http_reply_problem(call->request, HTTP_PROBLEM_INVALID_FIELDS, series->faults);
        return;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(of_times); i++) {
        if (!g_error_matches(error, SCHEDULING_ERROR, of_times[i].code))
            continue;
        http_reply_problem_with(
            call->request, of_times[i].problem, NULL,
            json_pack("{s:I}", "starts_at_ms", (json_int_t)series->taken_at_ms));
        return;
    }
    http_reply_error(call->request, error);
}

static void on_booked(const Series *series, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        refuse(call, series, error);
    else
        http_reply_json(call->request, 201, series_json(series));
}

static void post_series(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    SeriesDraft draft = {
        .every_weeks = (int)http_request_int(request, "every", 0),
        .key = http_request_header(request, "idempotency-key"),
    };
    json_t *starts = json_object_get(http_request_json(request), "starts");
    size_t i;
    json_t *start;
    json_array_foreach(starts, i, start)
    {
        if (i < SERIES_MAX)
            draft.starts[draft.n_starts++] = json_integer_value(json_object_get(start, "at_ms"));
    }
    api_actor(request, &actor);
    series_book(api->scheduling, http_request_path_parameter(request, "visit"), &draft, &actor,
                on_booked, api_call_new(api, request));
}

static void on_series(const Series *series, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, series_json(series));
}

static void get_series(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    series_get(api->scheduling, http_request_path_parameter(request, "visit"), &actor, on_series,
               api_call_new(api, request));
}

static void on_cancelled(const Series *series, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:i}", "cancelled", (int)series->n_cancelled));
}

static void post_cancel(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    series_cancel(api->scheduling, http_request_path_parameter(request, "visit"),
                  http_request_string(request, "reason"), &actor, on_cancelled,
                  api_call_new(api, request));
}

static void on_moved(const Series *series, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        refuse(call, series, error);
        return;
    }
    json_t *body = series_json(series);
    json_object_set_new(body, "moved", json_integer(series->n_moved));
    http_reply_json(call->request, 200, body);
}

static void post_move(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    SeriesMove moves[SERIES_MAX] = {0};
    unsigned n_moves = 0;
    json_t *listed = json_object_get(http_request_json(request), "moves");
    size_t i;
    json_t *one;
    json_array_foreach(listed, i, one)
    {
        if (n_moves < SERIES_MAX)
            moves[n_moves++] = (SeriesMove){json_string_value(json_object_get(one, "visit")),
                                            json_integer_value(json_object_get(one, "at_ms"))};
    }
    api_actor(request, &actor);
    series_move(api->scheduling, http_request_path_parameter(request, "visit"), moves, n_moves,
                &actor, on_moved, api_call_new(api, request));
}

static const HttpField plan_query[] = {
    {.name = "first", .type = HTTP_FIELD_DATE, .required = true, .help = "from tomorrow on"},
    {.name = "time", .type = HTTP_FIELD_TIME, .required = true, .help = "local"},
    {.name = "every",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 4,
     .help = "weeks: 1, 2 or 4"},
    {.name = "times",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = SERIES_MIN,
     .max = SERIES_MAX},
    {.name = "until", .type = HTTP_FIELD_DATE, .help = "no date after it"},
    {0},
};

static const HttpField move_plan_query[] = {
    {.name = "first",
     .type = HTTP_FIELD_DATE,
     .required = true,
     .help = "of the first of them; from tomorrow on"},
    {.name = "time", .type = HTTP_FIELD_TIME, .required = true, .help = "local"},
    {0},
};

static const HttpField start_fields[] = {
    {.name = "at_ms",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 4102444800000,
     .help = "of a slot or session of the doctor's"},
    {0},
};

static const HttpField series_fields[] = {
    {.name = "every", .type = HTTP_FIELD_INTEGER, .required = true, .min = 1, .max = 4},
    {.name = "starts",
     .type = HTTP_FIELD_LIST,
     .required = true,
     .min = SERIES_MIN,
     .max = SERIES_MAX,
     .fields = start_fields,
     .help = "rising"},
    {0},
};

static const HttpField one_move_fields[] = {
    {.name = "visit", .type = HTTP_FIELD_ID, .required = true, .help = "of the series"},
    {.name = "at_ms",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 4102444800000,
     .help = "of a slot or session of the doctor's"},
    {0},
};

static const HttpField move_fields[] = {
    {.name = "moves",
     .type = HTTP_FIELD_LIST,
     .required = true,
     .min = 1,
     .max = SERIES_MAX,
     .fields = one_move_fields,
     .help = "this visit and later ones, their times rising"},
    {0},
};

static const HttpField cancel_fields[] = {
    {.name = "reason", .type = HTTP_FIELD_STRING, .required = true, .min = 3, .max = 200},
    {0},
};

enum { DOCTOR_AND_DESK = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK };

const HttpRoute api_series_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/series/plan",
        .operation_id = "planSeries",
        .summary = "For each date of a series the free times nearest to the wish, or why there are "
                   "none",
        .roles = DOCTOR_AND_DESK,
        .query = plan_query,
        .success_status = 200,
        .response = "Dates with what fits: of a date that does not, times of the days around it",
        .handler = get_plan,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/series",
        .operation_id = "bookSeries",
        .summary = "Books the same patient for several times of the doctor's, all of them or none; "
                   "the Idempotency-Key header makes a retry harmless",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = series_fields,
        .success_status = 201,
        .response = "The series and its visits",
        .handler = post_series,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/series",
        .operation_id = "getSeries",
        .summary = "The series that the visit is of, or that was booked from it",
        .roles = DOCTOR_AND_DESK,
        .success_status = 200,
        .response = "Its visits by time; series null: there is none",
        .handler = get_series,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/series/move/plan",
        .operation_id = "planSeriesMove",
        .summary = "For this visit and the later ones of its series the free times nearest to the "
                   "wish, in the series' interval, or why there are none",
        .roles = DOCTOR_AND_DESK,
        .query = move_plan_query,
        .success_status = 200,
        .response = "Dates with what fits, each with the visit that comes there and its time now; "
                    "none: nothing is left to be moved",
        .handler = get_move_plan,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/series/move",
        .operation_id = "moveSeries",
        .summary = "Moves this visit and later ones of its series, all that are named or none; the "
                   "patient is told once",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = move_fields,
        .success_status = 200,
        .response = "The series and its visits; how many were moved",
        .handler = post_move,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/series/cancel",
        .operation_id = "cancelSeries",
        .summary = "Cancels this visit and all later ones of its series; the patient is told once",
        .roles = DOCTOR_AND_DESK,
        .rate = HTTP_RATE_WRITE,
        .body = cancel_fields,
        .success_status = 200,
        .response = "How many were cancelled",
        .handler = post_cancel,
    },
};
const unsigned api_series_n_routes = G_N_ELEMENTS(api_series_routes);
