// SPDX-License-Identifier: Apache-2.0
/* Holidays: what they are, and the changes that a desk or an administrator makes. */
#include "server/http/api_hours.h"

#include "scheduling/clinic/holiday.h"

json_t *api_holiday_json(gconstpointer data)
{
    const Holiday *holiday = data;
    g_autofree char *revision = holiday_revision(holiday);
    return json_pack("{s:s, s:s, s:s, s:b, s:s?, s:s?, s:s}", "id", holiday->id, "date",
                     holiday->date, "name", holiday->name, "certain", holiday->is_certain,
                     "facility", holiday->facility_id, "facility_name", holiday->facility,
                     "revision", revision);
}

static void on_holidays(GPtrArray *holidays, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:o}", "holidays", api_hours_list(holidays, api_holiday_json)));
}

static void get_holidays(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    holiday_list(api->scheduling, &actor, http_request_query(request, "from"),
                 http_request_query(request, "until"), on_holidays, api_call_new(api, request));
}

static void on_edited(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (!api_hours_reply_refused(call->request, edited->faults, edited->hits, error))
        api_hours_reply_edited(call->request, "id",
                               edited->id ? json_string(edited->id) : json_null(), edited->hits);
}

static void post_holiday(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const HolidayNew holiday = {
        .date = http_request_string(request, "date"),
        .name = http_request_string(request, "name"),
        .is_certain = http_request_bool(request, "certain", false),
        .facility_id = http_request_string(request, "facility"),
    };
    holiday_add(api->scheduling, &actor, &holiday, api_hours_keeps(request), on_edited,
                api_call_new(api, request));
}

static void post_holiday_change(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const HolidayNew holiday = {
        .id = http_request_path_parameter(request, "holiday"),
        .name = http_request_string(request, "name"),
        .is_certain = http_request_bool(request, "certain", false),
        .revision = http_request_string(request, "revision"),
    };
    holiday_change(api->scheduling, &actor, &holiday, api_hours_keeps(request), on_edited,
                   api_call_new(api, request));
}

static void delete_holiday(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    holiday_remove(api->scheduling, &actor, http_request_path_parameter(request, "holiday"),
                   http_request_query(request, "revision"), on_edited, api_call_new(api, request));
}

static const HttpField holidays_query[] = {
    {.name = "from", .type = HTTP_FIELD_DATE, .required = true, .help = "first local day"},
    {.name = "until", .type = HTTP_FIELD_DATE, .required = true, .help = "last local day"},
    {0},
};
static const HttpField holiday_fields[] = {
    {.name = "date", .type = HTTP_FIELD_DATE, .required = true},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "certain",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "false: not confirmed, closes nothing yet"},
    {.name = "facility",
     .type = HTTP_FIELD_ID,
     .help = "absent: the desk's own; of an administrator: the province"},
    {0},
};
/* The day and whose it is stay: another day is another holiday. */
static const HttpField change_fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "certain",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "false: not confirmed, closes nothing yet"},
    API_REVISION_FIELD,
    {0},
};
static const HttpField remove_query[] = {API_REVISION_FIELD, {0}};

enum { DESK_AND_ADMIN = HTTP_ROLE_DESK | HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_holiday_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/holidays",
        .operation_id = "listHolidays",
        .summary = "Holidays of the province and of the caller's facility",
        .roles = DESK_AND_ADMIN | HTTP_ROLE_DOCTOR,
        .query = holidays_query,
        .success_status = 200,
        .response = "Holidays by date",
        .handler = get_holidays,
    },
    {
        .method = "POST",
        .path = "/api/v1/holidays",
        .operation_id = "addHoliday",
        .summary = "A holiday of the facility or, by an administrator, of the province",
        .roles = DESK_AND_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = holiday_fields,
        .success_status = 201,
        .response = "Its id; how many bookings were kept without a place, told of it, and not "
                    "reachable by a message",
        .handler = post_holiday,
    },
    {
        .method = "POST",
        .path = "/api/v1/holidays/{holiday}",
        .operation_id = "changeHoliday",
        .summary = "Another name for a holiday, and whether it is certain",
        .roles = DESK_AND_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = change_fields,
        .success_status = 200,
        .response = "Its id; how many bookings were kept without hours",
        .handler = post_holiday_change,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/holidays/{holiday}",
        .operation_id = "removeHoliday",
        .summary = "Removes a holiday",
        .roles = DESK_AND_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .query = remove_query,
        .success_status = 200,
        .response = "No booking is touched by it",
        .handler = delete_holiday,
    },
};
const unsigned api_holiday_n_routes = G_N_ELEMENTS(api_holiday_routes);
