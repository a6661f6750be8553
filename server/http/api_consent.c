// SPDX-License-Identifier: Apache-2.0
/* What patients agree to before a visit by video: the text, staff who read it aloud, and patients
 * who take it back. */
#include "server/http/api_tables.h"

#include <string.h>

#include "scheduling/booking/contact.h"
#include "scheduling/record/consent.h"
#include "scheduling/record/consent_text.h"

static void on_text(const ConsentText *text, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:I, s:{s:s, s:s}}", "version", (json_int_t)text->version,
                                  "text", "id", text->text_id, "en", text->text_en));
}

static void get_text(HttpRequest *request, gpointer context)
{
    Api *api = context;
    consent_get_text(api->scheduling, on_text, api_call_new(api, request));
}

static void post_given(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    ConsentGiven given = {
        .version = http_request_int(request, "version", 0),
        .contact_name = http_request_string(request, "contact_name"),
        .contact_relation = http_request_string(request, "contact_relation"),
    };
    api_actor(request, &actor);
    /* The schema's values are names. */
    g_assert(consent_how_parse(http_request_string(request, "how"), &given.how));
    const char *by = http_request_string(request, "by");
    given.giver = !by                          ? CONSENT_GIVER_BY_AGE
                  : strcmp(by, "contact") == 0 ? CONSENT_GIVER_CONTACT
                                               : CONSENT_GIVER_PATIENT;
    consent_give(api->scheduling, http_request_path_parameter(request, "visit"), &given, &actor,
                 api_reply_checked, api_call_new(api, request));
}

static void on_state(const ConsentState *state, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:b, s:b, s:s?, s:o}", "given", state->is_given, "outdated",
                                  state->is_outdated, "how", state->how, "at_ms",
                                  api_time(state->at_ms)));
}

static void get_own(HttpRequest *request, gpointer context)
{
    Api *api = context;
    consent_get_state(api->scheduling, http_request_identity(request)->visit_id, on_state,
                      api_call_new(api, request));
}

static void post_own(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    ConsentGiven given = {
        .version = http_request_int(request, "version", 0),
        .lang = http_request_string(request, "lang"),
        .giver = CONSENT_GIVER_BY_AGE,
    };
    api_actor(request, &actor);
    /* The schema's values are names. */
    g_assert(consent_how_parse(http_request_string(request, "how"), &given.how));
    consent_give(api->scheduling, http_request_identity(request)->visit_id, &given, &actor,
                 api_reply_checked, api_call_new(api, request));
}

/* The versions. */

static void on_versions(GPtrArray *versions, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < versions->len; i++) {
        const ConsentVersion *one = versions->pdata[i];
        json_array_append_new(list, json_pack("{s:I, s:I, s:{s:s, s:s}, s:s, s:b}", "version",
                                              (json_int_t)one->version, "since_ms",
                                              (json_int_t)one->since_ms, "text", "id", one->text_id,
                                              "en", one->text_en, "by", one->name, "in_effect",
                                              one->is_in_effect));
    }
    http_reply_json(call->request, 200, json_pack("{s:o}", "versions", list));
}

static void get_versions(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    consent_versions_get(api->scheduling, &actor, on_versions, api_call_new(api, request));
}

static void on_version(int64_t version, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        api_reply_refusal(call->request, faults, error);
    else
        http_reply_json(call->request, 201, json_pack("{s:I}", "version", (json_int_t)version));
}

static void post_version(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    const ConsentVersionNew wanted = {
        .text_id = http_request_string(request, "text_id"),
        .text_en = http_request_string(request, "text_en"),
        .from_date = http_request_string(request, "from"),
        .name = http_request_identity(request)->name,
    };
    api_actor(request, &actor);
    consent_version_add(api->scheduling, &actor, &wanted, on_version, api_call_new(api, request));
}

static const HttpField version_fields[] = {
    {.name = "text_id",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .max = CONSENT_TEXT_MAX_CHARS,
     .help = "Indonesian, a paragraph a line"},
    {.name = "text_en",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .max = CONSENT_TEXT_MAX_CHARS,
     .help = "English, as many paragraphs"},
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "local day; absent, or today: from now on"},
    {0},
};

static const HttpField own_fields[] = {
    {.name = "version",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = 1000000,
     .help = "of getConsentText; needed by who accepts"},
    {.name = "how", .type = HTTP_FIELD_ENUM, .required = true, .values = "accepted|withdrawn"},
    {.name = "lang",
     .type = HTTP_FIELD_ENUM,
     .values = "id|en",
     .help = "in which it was read; absent: that of the booking"},
    {0},
};

static const HttpField given_fields[] = {
    {.name = "version",
     .type = HTTP_FIELD_INTEGER,
     .min = 1,
     .max = 1000000,
     .help = "of getConsentText; needed with read_aloud"},
    {.name = "how", .type = HTTP_FIELD_ENUM, .required = true, .values = "read_aloud|withdrawn"},
    {.name = "by",
     .type = HTTP_FIELD_ENUM,
     .values = "patient|contact",
     .help = "who agreed; absent: of a patient under 18 who came along, else the patient"},
    {.name = "contact_name",
     .type = HTTP_FIELD_STRING,
     .max = 80,
     .help = "who is with the patient, where the booking names nobody"},
    {.name = "contact_relation",
     .type = HTTP_FIELD_ENUM,
     .values = CONTACT_RELATIONS,
     .help = "what the contact is to the patient; with contact_name"},
    {0},
};

const HttpRoute api_consent_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/consent",
        .operation_id = "getConsentText",
        .summary = "What patients agree to before a visit by video, in both languages",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "The newest version and its text, a paragraph a line",
        .handler = get_text,
    },
    {
        .method = "GET",
        .path = "/api/v1/consent-texts",
        .operation_id = "listConsentTexts",
        .summary = "All versions of what patients agree to",
        .roles = HTTP_ROLE_ADMIN,
        .success_status = 200,
        .response = "Versions, the newest first: since when, both texts, by whom, in effect or not",
        .handler = get_versions,
    },
    {
        .method = "POST",
        .path = "/api/v1/consent-texts",
        .operation_id = "addConsentText",
        .summary = "A further version, from now on or a day to come; none is ever changed",
        .roles = HTTP_ROLE_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .max_body = 8 * CONSENT_TEXT_MAX_CHARS, /* as JSON it is longer */
        .body = version_fields,
        .success_status = 201,
        .response = "The number of the version",
        .handler = post_version,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/consent",
        .operation_id = "giveConsent",
        .summary = "The text was read aloud to the patient or who came along, who agreed; or takes "
                   "that back",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = given_fields,
        .success_status = 204,
        .response = "It is written down",
        .handler = post_given,
    },
    {
        .method = "GET",
        .path = "/api/v1/join/consent",
        .operation_id = "getOwnConsent",
        .summary = "Whether the patient agrees to the visit by video",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .success_status = 200,
        .response = "Whether it is given, how it was said last, and when",
        .handler = get_own,
    },
    {
        .method = "POST",
        .path = "/api/v1/join/consent",
        .operation_id = "giveOwnConsent",
        .summary = "The patient agrees, or takes it back; the visit stays as it is",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = own_fields,
        .success_status = 204,
        .response = "It is written down, and staff see it",
        .handler = post_own,
    },
};
const unsigned api_consent_n_routes = G_N_ELEMENTS(api_consent_routes);
