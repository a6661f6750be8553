// SPDX-License-Identifier: Apache-2.0
/* Letters that are there: lists, files, revoking, the public check. */
#include "server/http/api_letter.h"

#include "server/base/ids.h"

json_t *api_letter_json(const Api *api, const Letter *letter)
{
    g_autofree char *check = g_strdup_printf("%s/cek/%s", api->public_url, letter->code);
    const char *revoked_for =
        letter->revoked_at_ms > 0 ? letter_revoke_kind_name(letter->revoke_kind) : NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:b, s:o, s:s?, s:s?}", "id", letter->id,
                     "kind", letter_kind_name(letter->kind), "number", letter->number, "date",
                     letter->local_date, "issued_at_ms", (json_int_t)letter->issued_at_ms, "check",
                     check, "made", letter->sha256 != NULL, "revoked_at_ms",
                     api_time(letter->revoked_at_ms), "revoke_kind", revoked_for, "revoke_reason",
                     letter->revoke_reason);
}

static json_t *permit_json(const LetterPermit *permit)
{
    if (!permit)
        return json_null();
    return json_pack("{s:s, s:s?, s:s?, s:s?, s:s?}", "state",
                     letter_permit_state_name(permit->state), "str", permit->str, "str_until",
                     permit->str_until, "sip", permit->sip, "valid_until", permit->valid_until);
}

static json_t *listed(const Api *api, const Letter *letter, bool is_for_patient)
{
    json_t *one = api_letter_json(api, letter);
    /* The words are the doctor's; the kind is the patient's. */
    if (is_for_patient)
        json_object_set_new(one, "revoke_reason", json_null());
    return one;
}

static void on_list(GPtrArray *letters, const LetterTerms *terms, const GError *error,
                    gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < letters->len; i++)
        json_array_append_new(list, listed(call->api, letters->pdata[i], !terms->permit));
    json_t *kinds = json_array();
    for (unsigned kind = 0; kind < LETTER_N_KINDS; kind++) {
        if (kind != LETTER_SICK || terms->sick_days > 0)
            json_array_append_new(kinds, json_string(letter_kind_name((LetterKind)kind)));
    }
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o, s:i, s:o, s:b, s:b}", "letters", list, "kinds", kinds,
                              "sick_letter_days", terms->sick_days, "permit",
                              permit_json(terms->permit), "no_phone", terms->has_no_phone,
                              "no_messages", terms->has_fixed_line));
}

static void get_letters(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    letter_list(api->scheduling, http_request_path_parameter(request, "visit"), &actor, on_list,
                api_call_new(api, request));
}

/* By its join token the patient sees the letters of that visit. */
static void get_own_letters(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    letter_list(api->scheduling, http_request_identity(request)->visit_id, &actor, on_list,
                api_call_new(api, request));
}

static void on_pdf(const Letter *letter, GBytes *pdf, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID) ||
        g_error_matches(error, BASE_ERROR, BASE_ERROR_FAILED)) {
        http_reply_problem(call->request, HTTP_PROBLEM_LETTER_BROKEN, NULL);
        return;
    }
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    g_autofree char *name = g_strdelimit(g_strdup(letter->number), "/", '-');
    g_autofree char *disposition = g_strdup_printf("inline; filename=\"%s.pdf\"", name);
    http_reply_header(call->request, "Content-Disposition", disposition);
    http_reply_bytes(call->request, 200, "application/pdf", pdf);
}

static void get_pdf(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    letters_get_pdf(api->letters, http_request_path_parameter(request, "letter"), &actor, on_pdf,
                    api_call_new(api, request));
}

static void on_revoked(Letter *letter, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    (void)faults;
    g_autoptr(ApiCall) call = user_data;
    g_autoptr(Letter) owned = letter;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, api_letter_json(call->api, owned));
}

static void post_revoke(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const LetterRevocation revocation = {
        letter_revoke_kind_parse(http_request_string(request, "kind")),
        http_request_string(request, "reason"),
    };
    letter_revoke(api->scheduling, http_request_path_parameter(request, "letter"), &actor,
                  &revocation, on_revoked, api_call_new(api, request));
}

/* The check page shows what tells a letter from another, and of the patient initials alone. */
static void on_checked(LettersVerdict verdict, const Letter *letter, const GError *error,
                       gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *body = json_pack("{s:s}", "verdict", letters_verdict_name(verdict));
    if (verdict != LETTERS_BROKEN) {
        json_t *facts = json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:o}", "kind", letter_kind_name(letter->kind), "number",
            letter->number, "date", letter->local_date, "facility", letter->facility, "patient",
            letter->initials, "revoked_at_ms", api_time(letter->revoked_at_ms));
        json_object_update_new(body, facts);
    }
    http_reply_json(call->request, 200, body);
}

static void get_check(HttpRequest *request, gpointer context)
{
    Api *api = context;
    const char *code = http_request_path_parameter(request, "code");
    if (!id_token_is_valid(code)) {
        http_reply_problem(request, HTTP_PROBLEM_NOT_FOUND, NULL);
        return;
    }
    letters_check(api->letters, code, http_request_address(request), on_checked,
                  api_call_new(api, request));
}

static const HttpField revoke_fields[] = {
    {.name = "kind",
     .type = HTTP_FIELD_ENUM,
     .values = "mistake|replaced|not_needed|other",
     .help = "as the patient is told it; absent: other"},
    {.name = "reason", .type = HTTP_FIELD_STRING, .required = true, .min = 3, .max = 200},
    {0},
};

const HttpRoute api_letter_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/letters",
        .operation_id = "listLetters",
        .summary = "The letters of a visit, which kinds may be issued here, and under which permit",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "Letters, the latest first",
        .handler = get_letters,
    },
    {
        .method = "GET",
        .path = "/api/v1/join/letters",
        .operation_id = "listOwnLetters",
        .summary = "The letters of the patient's visit",
        .roles = HTTP_ROLE_PATIENT_TOKEN,
        .success_status = 200,
        .response = "Letters, the latest first",
        .handler = get_own_letters,
    },
    {
        .method = "GET",
        .path = "/api/v1/letters/{letter}/pdf",
        .operation_id = "getLetterFile",
        .summary = "A letter as it was issued",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_PATIENT_TOKEN,
        .success_status = 200,
        .response =
            "PDF; 409 letter-broken when the file is not what was issued; 410 letter-revoked "
            "for the patient of a revoked one",
        .handler = get_pdf,
    },
    {
        .method = "POST",
        .path = "/api/v1/letters/{letter}/revoke",
        .operation_id = "revokeLetter",
        .summary = "Revokes a letter; its check page says so, and its patient is told",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .body = revoke_fields,
        .success_status = 200,
        .response = "The letter",
        .handler = post_revoke,
    },
    {
        .method = "GET",
        .path = "/api/v1/check/{code}",
        .operation_id = "checkLetter",
        .summary = "Whether a letter is genuine, for whoever holds it",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_SECRET_PATH,
        .rate = HTTP_RATE_SECRET,
        .success_status = 200,
        .response = "valid, revoked or broken; kind, number, date, facility, initials",
        .handler = get_check,
    },
};
const unsigned api_letter_n_routes = G_N_ELEMENTS(api_letter_routes);
