// SPDX-License-Identifier: Apache-2.0
/* The rules that province and facilities set, and the texts of messages to patients. */
#include "server/http/api_tables.h"

#include "scheduling/outbox/message_edit.h"
#include "scheduling/outbox/notification_text.h"
#include "scheduling/outbox/sms.h"
#include "scheduling/policy/policy_edit.h"

static json_t *words_json(PolicyRule rule, int64_t value)
{
    g_autofree char *words = policy_value_text(rule, value);
    return json_string(words);
}

static json_t *rule_json(PolicyRule rule, const PolicyItem *item)
{
    const PolicyRow *row = policy_row(rule);
    g_autofree char *revision = policy_item_revision(rule, item);
    json_t *json =
        json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:s}", "rule", row->name, "kind",
                  policy_kind_name(row->kind), "value", words_json(rule, item->value), "inherited",
                  words_json(rule, item->inherited), "source", policy_source_name(item->source),
                  "changed_at_ms", api_time(item->changed_at_ms), "revision", revision);
    if (row->choices)
        json_object_set_new(json, "choices", json_string(row->choices));
    else
        json_object_update_new(json, json_pack("{s:I, s:I}", "min", (json_int_t)row->min, "max",
                                               (json_int_t)row->max));
    return json;
}

static void reply_rules(HttpRequest *request, const PolicyView *view)
{
    json_t *rules = json_array();
    for (int i = 0; i < POLICY_N_RULES; i++)
        json_array_append_new(rules, rule_json((PolicyRule)i, &view->items[i]));
    http_reply_json(request, 200,
                    json_pack("{s:s?, s:s?, s:o}", "facility", view->facility_id, "facility_name",
                              view->facility, "rules", rules));
}

static void on_rules(const PolicyView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        reply_rules(call->request, view);
}

static void get_policies(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    policy_get(api->scheduling, &actor, http_request_query(request, "facility"), on_rules,
               api_call_new(api, request));
}

/* True: it was refused, and that is the reply. */
static bool reply_refusal(HttpRequest *request, const FaultList *faults, const GError *error)
{
    if (error)
        api_reply_refusal(request, faults, error);
    return error != NULL;
}

static void on_rules_set(const PolicyView *view, const FaultList *faults, const GError *error,
                         gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (!reply_refusal(call->request, faults, error))
        reply_rules(call->request, view);
}

static void post_policies(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    GPtrArray *changes = g_ptr_array_new_with_free_func(policy_change_free);
    const json_t *list = json_object_get(http_request_json(request), "rules");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        PolicyChange *change = g_new0(PolicyChange, 1);
        change->rule = g_strdup(json_string_value(json_object_get(one, "rule")));
        change->value = g_strdup(json_string_value(json_object_get(one, "value")));
        change->revision = g_strdup(json_string_value(json_object_get(one, "revision")));
        g_ptr_array_add(changes, change);
    }
    api_actor(request, &actor);
    policy_edit(api->scheduling, &actor, http_request_string(request, "facility"), changes,
                on_rules_set, api_call_new(api, request));
}

/* Messages. */

static json_t *placeholders_json(unsigned placeholders)
{
    json_t *list = json_array();
    for (int i = 0; i < PLACEHOLDER_COUNT; i++) {
        if (placeholders & (1U << i))
            json_array_append_new(list, json_string(placeholder_name((Placeholder)i)));
    }
    return list;
}

/* What a patient might be sent, with a link as long as theirs. */
static char *preview(const Api *api, const MessageView *view, const MessageText *text)
{
    NotificationContent sample =
        notification_sample(text->kind, text->is_english, scheduling_zone(api->scheduling));
    g_autofree char *link = g_strconcat(api->public_url, "/v/Abcdefghij0123456789AB", NULL);
    sample.link = link;
    sample.template = text->text;
    sample.early_minutes = view->early_minutes;
    if (view->facility)
        sample.facility = view->facility;
    return notification_text(&sample);
}

static json_t *text_json(const Api *api, const MessageView *view, const MessageText *text)
{
    g_autofree char *shown = preview(api, view, text);
    SmsLength length = sms_measure(shown);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:s, s:i, s:s, s:i}", "kind",
                     message_kind_name(text->kind), "lang", message_lang(text->is_english), "text",
                     text->text, "inherited", text->inherited, "source",
                     policy_source_name(text->source), "version", (json_int_t)text->version,
                     "placeholders", placeholders_json(message_allowed(text->kind)), "required",
                     placeholders_json(message_required(text->kind)), "preview", shown, "segments",
                     (int)length.n_segments, "alphabet", length.is_gsm7 ? "gsm7" : "ucs2", "units",
                     (int)length.n_units);
}

static void reply_texts(ApiCall *call, const MessageView *view)
{
    json_t *texts = json_array();
    for (unsigned i = 0; i < view->texts->len; i++)
        json_array_append_new(texts, text_json(call->api, view, view->texts->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:s?, s:s?, s:i, s:o}", "facility", view->facility_id,
                              "facility_name", view->facility, "max_chars", MESSAGE_TEXT_CHARS,
                              "templates", texts));
}

static void on_texts(const MessageView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        reply_texts(call, view);
}

static void get_templates(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    message_get(api->scheduling, &actor, http_request_query(request, "facility"), on_texts,
                api_call_new(api, request));
}

static void on_text_set(const MessageView *view, const FaultList *faults, const GError *error,
                        gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (!reply_refusal(call->request, faults, error))
        reply_texts(call, view);
}

static void post_template(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    MessageWish wish = {
        .facility_id = http_request_string(request, "facility"),
        .is_english = g_str_equal(http_request_string(request, "lang"), "en"),
        .text = http_request_string(request, "text"),
        .version = http_request_int(request, "version", 0),
        .is_trial = http_request_bool(request, "trial", false),
    };
    /* The route's own list of kinds let it in. */
    if (!message_kind_parse(http_request_string(request, "kind"), &wish.kind)) {
        http_reply_problem(request, HTTP_PROBLEM_BAD_REQUEST, NULL);
        return;
    }
    api_actor(request, &actor);
    message_edit(api->scheduling, &actor, &wish, on_text_set, api_call_new(api, request));
}

#define FACILITY                                                                                   \
    {                                                                                              \
        .name = "facility", .type = HTTP_FIELD_ID,                                                 \
        .help = "absent: the province's; of a coordinator: the own facility's"                     \
    }
static const HttpField facility_query[] = {
    FACILITY,
    {0},
};
static const HttpField rule_fields[] = {
    {.name = "rule", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 40},
    {.name = "value",
     .type = HTTP_FIELD_STRING,
     .min = 1,
     .max = 20,
     .help = "as it is read; absent: as it is inherited"},
    API_REVISION_FIELD,
    {0},
};
static const HttpField policies_fields[] = {
    FACILITY,
    {.name = "rules",
     .type = HTTP_FIELD_LIST,
     .required = true,
     .min = 1,
     .max = POLICY_N_RULES,
     .fields = rule_fields,
     .help = "those that change"},
    {0},
};
static const HttpField template_fields[] = {
    FACILITY,
    {.name = "kind",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "booked|walk_in|moved|cancelled|missed|unseen|day_before|hour_before|soon|next|"
               "late|late_over|hours_changed|stands|converted_phone|converted_in_person|"
               "converted_video|"
               "letter|letter_revoked|"
               "wait_listed|wait_offer|"
               "wait_open|wait_gone|wait_ended"},
    {.name = "lang", .type = HTTP_FIELD_ENUM, .required = true, .values = "id|en"},
    {.name = "text",
     .type = HTTP_FIELD_STRING,
     .max = 2 * MESSAGE_TEXT_CHARS,
     .help = "300 characters, placeholders in braces; absent: as it is inherited"},
    {.name = "version",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 0,
     .max = INT32_MAX,
     .help = "that it was made from"},
    {.name = "trial",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "true: says what it would look like, and keeps nothing"},
    {0},
};

enum { KEEPERS = HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_policy_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/policies",
        .operation_id = "getPolicies",
        .summary = "The rules of the province or a facility: what holds, and what is inherited",
        .roles = KEEPERS,
        .query = facility_query,
        .success_status = 200,
        .response = "Rules, each with what it may be",
        .handler = get_policies,
    },
    {
        .method = "POST",
        .path = "/api/v1/policies",
        .operation_id = "setPolicies",
        .summary = "Sets rules, or takes them back to what is inherited: all of them or none",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .body = policies_fields,
        .success_status = 200,
        .response = "All rules as they are now",
        .handler = post_policies,
    },
    {
        .method = "GET",
        .path = "/api/v1/message-templates",
        .operation_id = "getMessageTemplates",
        .summary = "The texts of messages to patients, with samples",
        .roles = KEEPERS,
        .query = facility_query,
        .success_status = 200,
        .response = "Texts by kind and language",
        .handler = get_templates,
    },
    {
        .method = "POST",
        .path = "/api/v1/message-templates",
        .operation_id = "setMessageTemplate",
        .summary = "Sets a text, or takes it back; tries what it would look like",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .body = template_fields,
        .success_status = 200,
        .response = "The text; 409 changed-meanwhile when it has another version by now",
        .handler = post_template,
    },
};
const unsigned api_policy_n_routes = G_N_ELEMENTS(api_policy_routes);
