// SPDX-License-Identifier: Apache-2.0
/* Changes of hours. One that would leave bookings without hours is answered with them
 * (409 bookings-hit) and made only with ?bookings=keep or message. */
#include "server/http/api_hours.h"

#include "scheduling/clinic/hours_edit.h"
#include "server/base/ids.h"

/* The schema has checked the forms; absent and null fields are left as they are. */

static void read_text(const json_t *body, const char *name, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(body, name));
    if (value)
        g_strlcpy(text, value, size);
}

static int read_int(const json_t *body, const char *name)
{
    return (int)json_integer_value(json_object_get(body, name));
}

static int read_minute(const json_t *body, const char *name, int fallback)
{
    const char *text = json_string_value(json_object_get(body, name));
    if (!text)
        return fallback;
    return ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
}

/* The end of hours: "00:00" is midnight, the end of the day. */
static HoursMinutes read_minutes(const json_t *body)
{
    HoursMinutes minutes = {read_minute(body, "from", 0), read_minute(body, "to", 0)};
    if (minutes.to == 0)
        minutes.to = LOCAL_TIME_MINUTES_PER_DAY;
    return minutes;
}

static HoursPattern read_pattern(const json_t *body)
{
    body = json_object_get(body, "pattern");
    HoursPattern pattern = {
        .slot_minutes = read_int(body, "slot_minutes"),
        .before_minutes = read_int(body, "before_minutes"),
        .after_minutes = read_int(body, "after_minutes"),
        .quota = read_int(body, "quota"),
        .extra_percent = read_int(body, "extra_percent"),
    };
    (void)hours_mode_parse(json_string_value(json_object_get(body, "mode")), &pattern.mode);
    return pattern;
}

static HoursRule read_rule(const json_t *body)
{
    HoursRule rule = {.minutes = read_minutes(body), .pattern = read_pattern(body)};
    read_text(body, "clinic", rule.clinic_id, sizeof rule.clinic_id);
    read_text(body, "valid_from", rule.valid_from, sizeof rule.valid_from);
    read_text(body, "valid_until", rule.valid_until, sizeof rule.valid_until);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(body, "breaks"), i, one)
    {
        if (rule.n_breaks < HOURS_MAX_BREAKS)
            rule.breaks[rule.n_breaks++] = read_minutes(one);
    }
    return rule;
}

static unsigned read_weekdays(const json_t *body)
{
    unsigned weekdays = 0;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(body, "weekdays"), i, one) weekdays |=
        1U << json_integer_value(one);
    return weekdays;
}

static HoursOverride read_override(const json_t *body)
{
    HoursOverride override = {
        .is_extra = g_str_equal(json_string_value(json_object_get(body, "kind")), "extra"),
        .minutes = read_minutes(body),
        .pattern = read_pattern(body),
    };
    read_text(body, "clinic", override.clinic_id, sizeof override.clinic_id);
    read_text(body, "date", override.date, sizeof override.date);
    return override;
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (api_hours_reply_refused(call->request, edited->faults, edited->hits, error))
        return;
    json_t *ids = json_array();
    for (unsigned i = 0; i < edited->ids->len; i++)
        json_array_append_new(ids, json_string(edited->ids->pdata[i]));
    const char *until = edited->earlier_until;
    http_reply_json(call->request, http_request_route(call->request)->success_status,
                    json_pack("{s:o, s:s?, s:i, s:i, s:i, s:i}", "ids", ids, "earlier_until",
                              *until ? until : NULL, "kept", (int)edited->hits->len, "told",
                              (int)hours_hits_told(edited->hits), "not_reachable",
                              (int)hours_hits_not_reachable(edited->hits), "no_phone",
                              (int)hours_hits_no_phone(edited->hits)));
}

HoursKeep api_hours_keeps(const HttpRequest *request)
{
    const char *wish = http_request_query(request, "bookings");
    if (!wish)
        return HOURS_KEEP_NO;
    return g_str_equal(wish, "message") ? HOURS_KEEP_MESSAGE : HOURS_KEEP_YES;
}

static void start_edit(HttpRequest *request, Api *api, HoursEdit *edit)
{
    Actor actor;
    edit->keeps_bookings = api_hours_keeps(request);
    api_actor(request, &actor);
    hours_edit(api->scheduling, &actor, http_request_path_parameter(request, "doctor"), edit,
               on_edited, api_call_new(api, request));
}

/* As start_edit() of the row that PARAMETER of the path names. */
static void start_edit_of(HttpRequest *request, Api *api, HoursEdit *edit, const char *parameter)
{
    const char *id = http_request_path_parameter(request, parameter);
    if (!id_is_valid(id)) {
        http_reply_problem(request, HTTP_PROBLEM_NOT_FOUND, NULL);
        return;
    }
    g_strlcpy(edit->id, id, sizeof edit->id);
    start_edit(request, api, edit);
}

static void start_removal(HttpRequest *request, Api *api, HoursEditKind kind, const char *parameter)
{
    HoursEdit edit = {.kind = kind};
    start_edit_of(request, api, &edit, parameter);
}

static void post_rules(HttpRequest *request, gpointer context)
{
    const json_t *body = http_request_json(request);
    HoursEdit edit = {
        .kind = HOURS_EDIT_RULE_ADD, .weekdays = read_weekdays(body), .rule = read_rule(body)};
    start_edit(request, context, &edit);
}

static void post_rule(HttpRequest *request, gpointer context)
{
    const json_t *body = http_request_json(request);
    HoursEdit edit = {
        .kind = HOURS_EDIT_RULE_CHANGE,
        .weekdays = read_weekdays(body),
        .rule = read_rule(body),
        .drops_earlier = g_strcmp0(http_request_query(request, "earlier"), "drop") == 0,
    };
    read_text(body, "revision", edit.revision, sizeof edit.revision);
    start_edit_of(request, context, &edit, "rule");
}

static void delete_rule(HttpRequest *request, gpointer context)
{
    HoursEdit edit = {.kind = HOURS_EDIT_RULE_REMOVE};
    const char *revision = http_request_query(request, "revision");
    g_strlcpy(edit.revision, revision ? revision : "", sizeof edit.revision);
    start_edit_of(request, context, &edit, "rule");
}

static void post_override(HttpRequest *request, gpointer context)
{
    const json_t *body = http_request_json(request);
    HoursEdit edit = {.kind = HOURS_EDIT_OVERRIDE_ADD, .override = read_override(body)};
    read_text(body, "note", edit.note, sizeof edit.note);
    start_edit(request, context, &edit);
}

static void delete_override(HttpRequest *request, gpointer context)
{
    start_removal(request, context, HOURS_EDIT_OVERRIDE_REMOVE, "override");
}

static void post_leave(HttpRequest *request, gpointer context)
{
    const json_t *body = http_request_json(request);
    HoursEdit edit = {.kind = HOURS_EDIT_LEAVE_ADD};
    read_text(body, "from", edit.leave.from_date, sizeof edit.leave.from_date);
    read_text(body, "until", edit.leave.until_date, sizeof edit.leave.until_date);
    read_text(body, "note", edit.note, sizeof edit.note);
    start_edit(request, context, &edit);
}

static void delete_leave(HttpRequest *request, gpointer context)
{
    start_removal(request, context, HOURS_EDIT_LEAVE_REMOVE, "leave");
}

#define KEPT                                                                                       \
    {                                                                                              \
        .name = "bookings", .type = HTTP_FIELD_ENUM, .values = "keep|message",                     \
        .help = "keep: bookings that are left without a place stay as they are; message: "         \
                "likewise, and each patient is told once to choose another time"                   \
    }
const HttpField api_hours_keep_query[] = {
    KEPT,
    {0},
};
static const HttpField change_rule_query[] = {
    KEPT,
    {.name = "earlier",
     .type = HTTP_FIELD_ENUM,
     .values = "keep|drop",
     .help = "what becomes of the days before valid_from when that is later than it was. keep, or "
             "absent: the hours stay as they were until the day before, and the changed ones are "
             "another rule; if nothing but the dates differ the rule begins later. drop: the rule "
             "is replaced outright"},
    {0},
};

static const HttpField remove_rule_query[] = {KEPT, API_REVISION_FIELD, {0}};

/* One plain value. */
static const HttpField weekday_field[] = {
    {.name = "", .type = HTTP_FIELD_INTEGER, .min = 1, .max = 7},
    {0},
};
static const HttpField break_fields[] = {
    {.name = "from", .type = HTTP_FIELD_TIME, .required = true},
    {.name = "to", .type = HTTP_FIELD_TIME, .required = true},
    {0},
};

static const HttpField pattern_fields[] = {
    {.name = "mode", .type = HTTP_FIELD_ENUM, .required = true, .values = "slots|session"},
    {.name = "slot_minutes", .type = HTTP_FIELD_INTEGER, .min = 5, .max = 240, .help = "of slots"},
    {.name = "before_minutes", .type = HTTP_FIELD_INTEGER, .max = 120, .help = "kept free"},
    {.name = "after_minutes", .type = HTTP_FIELD_INTEGER, .max = 120, .help = "kept free"},
    {.name = "quota", .type = HTTP_FIELD_INTEGER, .min = 1, .max = 240, .help = "of a session"},
    {.name = "extra_percent",
     .type = HTTP_FIELD_INTEGER,
     .min = 0,
     .max = HOURS_MAX_EXTRA_PERCENT,
     .help = "additional places that staff may give, in percent of the regular ones; absent: 0"},
    {0},
};

static const HttpField rule_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "weekdays",
     .type = HTTP_FIELD_LIST,
     .required = true,
     .min = 1,
     .max = 7,
     .fields = weekday_field,
     .help = "1 Monday to 7 Sunday; a change names one"},
    {.name = "from", .type = HTTP_FIELD_TIME, .required = true},
    {.name = "to", .type = HTTP_FIELD_TIME, .required = true, .help = "00:00: midnight"},
    {.name = "breaks",
     .type = HTTP_FIELD_LIST,
     .min = 0,
     .max = HOURS_MAX_BREAKS,
     .fields = break_fields},
    {.name = "pattern", .type = HTTP_FIELD_OBJECT, .required = true, .fields = pattern_fields},
    {.name = "valid_from", .type = HTTP_FIELD_DATE, .required = true},
    {.name = "valid_until", .type = HTTP_FIELD_DATE, .help = "last day; absent: without end"},
    API_REVISION_FIELD,
    {0},
};
static const HttpField override_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "date", .type = HTTP_FIELD_DATE, .required = true},
    {.name = "kind", .type = HTTP_FIELD_ENUM, .required = true, .values = "extra|closed"},
    {.name = "from", .type = HTTP_FIELD_TIME, .help = "absent: from the day's begin"},
    {.name = "to", .type = HTTP_FIELD_TIME, .help = "absent or 00:00: to midnight"},
    {.name = "pattern", .type = HTTP_FIELD_OBJECT, .fields = pattern_fields},
    {.name = "note", .type = HTTP_FIELD_STRING, .min = 0, .max = 120},
    {0},
};
static const HttpField leave_fields[] = {
    {.name = "from", .type = HTTP_FIELD_DATE, .required = true, .help = "first day"},
    {.name = "until", .type = HTTP_FIELD_DATE, .required = true, .help = "last day"},
    {.name = "note", .type = HTTP_FIELD_STRING, .min = 0, .max = 120},
    {0},
};
enum { HOURS_ROLES = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_hours_edit_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/hours/{doctor}/rules",
        .operation_id = "addHoursRules",
        .summary = "Weekly hours, one rule for each weekday",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = rule_fields,
        .success_status = 201,
        .response = "Ids of what was made; how many bookings were kept without a place, told of "
                    "it, and not reachable by a message",
        .handler = post_rules,
    },
    {
        .method = "POST",
        .path = "/api/v1/hours/{doctor}/rules/{rule}",
        .operation_id = "changeHoursRule",
        .summary = "Other weekly hours in place of a rule, or after it",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = change_rule_query,
        .body = rule_fields,
        .success_status = 200,
        .response = "Ids of what was made; earlier_until: the last day of the hours as they were, "
                    "when they stay before the changed ones, else null; how many bookings were "
                    "kept without a place, told of it, and not reachable by a message",
        .handler = post_rule,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/hours/{doctor}/rules/{rule}",
        .operation_id = "removeHoursRule",
        .summary = "Removes a rule",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = remove_rule_query,
        .success_status = 200,
        .response = "Ids of what was made; how many bookings were kept without a place, told of "
                    "it, and not reachable by a message",
        .handler = delete_rule,
    },
    {
        .method = "POST",
        .path = "/api/v1/hours/{doctor}/overrides",
        .operation_id = "addHoursOverride",
        .summary = "Extra or closed hours of one date",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = override_fields,
        .success_status = 201,
        .response = "Ids of what was made; how many bookings were kept without a place, told of "
                    "it, and not reachable by a message",
        .handler = post_override,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/hours/{doctor}/overrides/{override}",
        .operation_id = "removeHoursOverride",
        .summary = "Removes extra or closed hours",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .success_status = 200,
        .response = "Ids of what was made; how many bookings were kept without a place, told of "
                    "it, and not reachable by a message",
        .handler = delete_override,
    },
    {
        .method = "POST",
        .path = "/api/v1/hours/{doctor}/leaves",
        .operation_id = "addHoursLeave",
        .summary = "Days of leave, in every clinic",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = leave_fields,
        .success_status = 201,
        .response = "Ids of what was made; how many bookings were kept without a place, told of "
                    "it, and not reachable by a message",
        .handler = post_leave,
    },
    {
        .method = "DELETE",
        .path = "/api/v1/hours/{doctor}/leaves/{leave}",
        .operation_id = "removeHoursLeave",
        .summary = "Ends or takes back leave",
        .roles = HOURS_ROLES,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .success_status = 200,
        .response = "Ids of what was made; how many bookings were kept without a place, told of "
                    "it, and not reachable by a message",
        .handler = delete_leave,
    },
};
const unsigned api_hours_edit_n_routes = G_N_ELEMENTS(api_hours_edit_routes);
