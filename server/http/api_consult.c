// SPDX-License-Identifier: Apache-2.0
/* Questions between doctors: asking, attaching, what becomes of one. */
#include "server/http/api_tables.h"

#include "scheduling/consult/consult.h"

/* Base64 of the largest file and the rest of the body. */
enum {
    FILE_TEXT_CHARS = (CONSULT_FILE_BYTES + 2) / 3 * 4,
    FILE_BODY_BYTES = FILE_TEXT_CHARS + 1024,
    /* Of what is written: up to four bytes a character, or an escape of six. */
    TEXT_BODY_BYTES = 64 * 1024,
};

static void on_consult(const char *id, ConsultState state, const FaultList *faults,
                       const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        api_reply_refusal(call->request, faults, error);
    else
        http_reply_json(call->request, http_request_route(call->request)->success_status,
                        json_pack("{s:s, s:s}", "consult", id, "state", consult_state_name(state)));
}

/* The texts of the list NAME, NULL-ended; borrowed texts, the array is the caller's. */
static const char **text_list(const HttpRequest *request, const char *name)
{
    json_t *list = json_object_get(http_request_json(request), name);
    const char **texts = g_new0(const char *, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++)
        texts[i] = json_string_value(json_array_get(list, i));
    return texts;
}

static void post_consult(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    g_autofree const char **shared = text_list(request, "share");
    g_autofree const char **attachments = text_list(request, "attachments");
    ConsultDraft draft = {
        .key = http_request_string(request, "key"),
        .from_facility_id = http_request_string(request, "from"),
        .clinic_id = http_request_string(request, "clinic"),
        .facility_id = http_request_string(request, "facility"),
        .practitioner_id = http_request_string(request, "doctor"),
        .text = http_request_string(request, "text"),
        .visit_id = http_request_string(request, "visit"),
        .note_revision = http_request_int(request, "note_revision", 0),
        .shared = shared,
        .attachment_ids = attachments,
    };
    api_actor(request, &actor);
    /* The schema's values are names. */
    g_assert(consult_urgency_parse(http_request_string(request, "urgency"), &draft.urgency));
    consult_ask(api->scheduling, &actor, &draft, on_consult, api_call_new(api, request));
}

static void post_step(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    ConsultStep step = CONSULT_STEP_TAKE;
    api_actor(request, &actor);
    g_assert(consult_step_parse(http_request_string(request, "step"), &step));
    consult_step(api->scheduling, http_request_path_parameter(request, "consult"), step, &actor,
                 on_consult, api_call_new(api, request));
}

static void write_post(HttpRequest *request, Api *api, ConsultPostKind kind)
{
    Actor actor;
    g_autofree const char **attachments = text_list(request, "attachments");
    const bool is_answer = kind == CONSULT_POST_ANSWER;
    const ConsultWriting writing = {
        .key = http_request_string(request, "key"),
        .kind = kind,
        .text = http_request_string(request, is_answer ? "opinion" : "text"),
        .recommendation = is_answer ? http_request_string(request, "recommendation") : NULL,
        .refer = is_answer && http_request_bool(request, "refer", false),
        .attachment_ids = attachments,
    };
    api_actor(request, &actor);
    consult_write(api->scheduling, http_request_path_parameter(request, "consult"), &writing,
                  &actor, on_consult, api_call_new(api, request));
}

static void post_post(HttpRequest *request, gpointer context)
{
    ConsultPostKind kind = CONSULT_POST_ADDITION;
    g_assert(consult_post_kind_parse(http_request_string(request, "kind"), &kind));
    write_post(request, context, kind);
}

static void post_answer(HttpRequest *request, gpointer context)
{
    write_post(request, context, CONSULT_POST_ANSWER);
}

static void post_attachment(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    gsize size = 0;
    guchar *data = g_base64_decode(http_request_string(request, "data"), &size);
    g_autoptr(GBytes) file = g_bytes_new_take(data, size);
    api_actor(request, &actor);
    consult_attach(api->scheduling, &actor, http_request_string(request, "id"), file,
                   api_reply_checked, api_call_new(api, request));
}

#define KEY_FIELD                                                                                  \
    {                                                                                              \
        .name = "key", .type = HTTP_FIELD_STRING, .required = true, .min = CONSULT_KEY_MIN_CHARS,  \
        .max = CONSULT_KEY_MAX_CHARS, .help = "made by the client: sent again it is the same one"  \
    }

static const HttpField attachment_names[] = {
    {.name = "", .type = HTTP_FIELD_STRING, .min = 36, .max = 36},
    {0},
};
#define ATTACHMENTS_FIELD                                                                          \
    {                                                                                              \
        .name = "attachments", .type = HTTP_FIELD_LIST, .max = CONSULT_MAX_ATTACHMENTS,            \
        .fields = attachment_names, .help = "ids of attachConsultFile"                             \
    }

static const HttpField share_names[] = {
    {.name = "",
     .type = HTTP_FIELD_ENUM,
     .values = "name|age|sex|reason|vitals|note.subjective|note.objective|note.assessment|"
               "note.plan|note.allergies|diagnosis"},
    {0},
};
static const HttpField consult_fields[] = {
    KEY_FIELD,
    {.name = "clinic", .type = HTTP_FIELD_ID, .help = "who is asked: one of clinic,"},
    {.name = "facility", .type = HTTP_FIELD_ID, .help = "facility,"},
    {.name = "doctor", .type = HTTP_FIELD_ID, .help = "doctor"},
    {.name = "from",
     .type = HTTP_FIELD_ID,
     .help = "the facility that asks, of a doctor who works in several, without visit"},
    {.name = "urgency",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "routine|soon|emergency",
     .help = "an answer is wished within a day, two hours, 15 minutes"},
    {.name = "text",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = CONSULT_TEXT_MIN_CHARS,
     .max = CONSULT_TEXT_CHARS},
    {.name = "visit", .type = HTTP_FIELD_ID, .help = "of the asker's own"},
    {.name = "share",
     .type = HTTP_FIELD_LIST,
     .max = 11,
     .fields = share_names,
     .help = "what of the visit's patient is told; nothing else is"},
    {.name = "note_revision",
     .type = HTTP_FIELD_INTEGER,
     .max = 1000000000,
     .help = "of getConsultSummary, which the asker has seen"},
    ATTACHMENTS_FIELD,
    {0},
};
static const HttpField step_fields[] = {
    {.name = "step",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "take|give_back|close|withdraw"},
    {0},
};
static const HttpField post_fields[] = {
    KEY_FIELD,
    {.name = "kind",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "question|addition|ask_back",
     .help = "the asker's after an answer; the asker's before it; the expert's"},
    {.name = "text",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = CONSULT_TEXT_MIN_CHARS,
     .max = CONSULT_TEXT_CHARS},
    ATTACHMENTS_FIELD,
    {0},
};
static const HttpField answer_fields[] = {
    KEY_FIELD,
    {.name = "opinion",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = CONSULT_TEXT_MIN_CHARS,
     .max = CONSULT_TEXT_CHARS},
    {.name = "recommendation",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = CONSULT_TEXT_MIN_CHARS,
     .max = CONSULT_RECOMMENDATION_CHARS},
    {.name = "refer",
     .type = HTTP_FIELD_BOOLEAN,
     .required = true,
     .help = "the patient is to be referred"},
    ATTACHMENTS_FIELD,
    {0},
};
static const HttpField file_fields[] = {
    {.name = "id",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = 36,
     .help = "a UUID that the client made: sent again it is the same file"},
    {.name = "data",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = FILE_TEXT_CHARS,
     .help = "JPEG or WebP of at most 600 kB, PDF of at most 1 MB, as base64"},
    {0},
};

const HttpRoute api_consult_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/consults",
        .operation_id = "askDoctor",
        .summary = "Asks the doctors of a clinic or a facility, or one doctor",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .max_body = TEXT_BODY_BYTES,
        .body = consult_fields,
        .success_status = 201,
        .response = "The question and where it stands",
        .handler = post_consult,
    },
    {
        .method = "POST",
        .path = "/api/v1/consult-files",
        .operation_id = "attachConsultFile",
        .summary = "Keeps a file for a question or an answer that names it next; a day at most "
                   "without one",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .max_body = FILE_BODY_BYTES,
        .body = file_fields,
        .success_status = 204,
        .response = "It is there; pictures without what is not seen of them",
        .handler = post_attachment,
    },
    {
        .method = "POST",
        .path = "/api/v1/consults/{consult}/steps",
        .operation_id = "addConsultStep",
        .summary =
            "It is taken, given back (also by who keeps the facility that was asked), closed "
            "or withdrawn",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_COORDINATOR | HTTP_ROLE_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = step_fields,
        .success_status = 200,
        .response = "The question and where it stands",
        .handler = post_step,
    },
    {
        .method = "POST",
        .path = "/api/v1/consults/{consult}/posts",
        .operation_id = "addConsultPost",
        .summary = "Something more of the asker, or what the expert asks back",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .max_body = TEXT_BODY_BYTES,
        .body = post_fields,
        .success_status = 201,
        .response = "The question and where it stands",
        .handler = post_post,
    },
    {
        .method = "POST",
        .path = "/api/v1/consults/{consult}/answers",
        .operation_id = "answerConsult",
        .summary = "The answer of who took the question",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .max_body = TEXT_BODY_BYTES,
        .body = answer_fields,
        .success_status = 201,
        .response = "The question and where it stands",
        .handler = post_answer,
    },
};
const unsigned api_consult_n_routes = G_N_ELEMENTS(api_consult_routes);
