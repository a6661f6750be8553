// SPDX-License-Identifier: Apache-2.0
/* Issuing letters. */
#include "server/http/api_letter.h"

/* The schema has checked the forms; absent and null fields are empty. */
static void read_text(const json_t *body, const char *name, char **place)
{
    const char *value = json_string_value(json_object_get(body, name));
    g_free(*place);
    *place = g_strdup(value ? value : "");
}

static void read_items(const json_t *body, LetterRequest *request)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(body, "items"), i, one)
    {
        LetterItem *item = letter_request_add_item(request);
        read_text(one, "name", &item->name);
        read_text(one, "strength", &item->strength);
        read_text(one, "form", &item->form);
        read_text(one, "signa", &item->signa);
        item->quantity = (int)json_integer_value(json_object_get(one, "quantity"));
    }
}

static LetterRequest *read_request(const HttpRequest *request)
{
    const json_t *body = http_request_json(request);
    LetterKind kind = LETTER_SUMMARY;
    (void)letter_kind_parse(http_request_string(request, "kind"), &kind);
    LetterRequest *wanted = letter_request_new(kind, http_request_string(request, "key"));
    read_items(body, wanted);
    read_text(body, "to_facility", &wanted->to_facility);
    read_text(body, "to_clinic", &wanted->to_clinic);
    read_text(body, "urgency", &wanted->urgency);
    read_text(body, "reason", &wanted->reason);
    read_text(body, "therapy", &wanted->therapy);
    read_text(body, "from", &wanted->from_date);
    wanted->days = (int)http_request_int(request, "days", 0);
    wanted->is_identity_checked = http_request_bool(request, "identity_checked", false);
    return wanted;
}

static void on_issued(Letter *letter, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    g_autoptr(Letter) owned = letter;
    if (error)
        api_reply_refusal(call->request, faults, error);
    else
        http_reply_json(call->request, 201, api_letter_json(call->api, owned));
}

static void post_letter(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    letters_issue(api->letters, http_request_path_parameter(request, "visit"), &actor,
                  read_request(request), on_issued, api_call_new(api, request));
}

static const HttpField item_fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "strength", .type = HTTP_FIELD_STRING, .max = 40, .help = "500 mg"},
    {.name = "form", .type = HTTP_FIELD_STRING, .max = 30, .help = "tablet"},
    {.name = "quantity", .type = HTTP_FIELD_INTEGER, .required = true, .min = 1, .max = 999},
    {.name = "signa", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 160},
    {0},
};
static const HttpField letter_fields[] = {
    {.name = "kind",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "summary|prescription|referral|sick"},
    {.name = "key",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 16,
     .max = 64,
     .help = "made by the client: sent again it is the same letter"},
    {.name = "items",
     .type = HTTP_FIELD_LIST,
     .max = LETTER_MAX_ITEMS,
     .fields = item_fields,
     .help = "of a prescription"},
    {.name = "to_facility", .type = HTTP_FIELD_STRING, .max = 120, .help = "of a referral"},
    {.name = "to_clinic", .type = HTTP_FIELD_STRING, .max = 80, .help = "of a referral"},
    {.name = "urgency",
     .type = HTTP_FIELD_ENUM,
     .values = "routine|urgent|emergency",
     .help = "of a referral"},
    {.name = "reason", .type = HTTP_FIELD_TEXT, .max = 500, .help = "of a referral"},
    {.name = "therapy", .type = HTTP_FIELD_TEXT, .max = 1000, .help = "of a referral"},
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "of a sick letter: its first day"},
    {.name = "days",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = LETTER_SICK_MAX_DAYS,
     .help = "at most as many as the facility's policy says"},
    {.name = "identity_checked", .type = HTTP_FIELD_BOOLEAN, .help = "of a sick letter"},
    {0},
};

const HttpRoute api_letter_issue_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/letters",
        .operation_id = "issueLetter",
        .summary = "Issues a letter: it gets its number, and its file is made",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .body = letter_fields,
        .success_status = 201,
        .response = "The letter",
        .handler = post_letter,
    },
};
const unsigned api_letter_issue_n_routes = G_N_ELEMENTS(api_letter_issue_routes);
