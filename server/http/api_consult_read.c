// SPDX-License-Identifier: Apache-2.0
/* Questions between doctors: lists, threads, attachments, figures. */
#include "server/http/api_tables.h"

#include "scheduling/consult/consult.h"
#include "scheduling/consult/consult_report.h"

static json_t *shared_json(const GPtrArray *list)
{
    json_t *parts = json_array();
    for (unsigned i = 0; i < list->len; i++) {
        const ConsultShared *shared = list->pdata[i];
        json_array_append_new(parts,
                              json_pack("{s:s, s:s}", "part", shared->part, "text", shared->text));
    }
    return parts;
}

static json_t *consult_json(const Consult *consult)
{
    json_t *json = json_pack(
        "{s:s, s:s?, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:i, s:b, s:b}", "id", consult->id, "visit",
        consult->visit_id, "urgency", consult_urgency_name(consult->urgency), "state",
        consult_state_name(consult->state), "asked_at_ms", (json_int_t)consult->asked_at_ms,
        "due_at_ms", (json_int_t)consult->due_at_ms, "changed_at_ms",
        (json_int_t)consult->changed_at_ms, "first_answer_at_ms",
        api_time(consult->first_answer_at_ms), "escalated_at_ms",
        api_time(consult->escalated_at_ms), "attachments", (int)consult->n_attachments, "mine",
        (int)consult->is_asker, "taken_by_me", (int)consult->is_expert);
    json_object_set_new(
        json, "from",
        json_pack("{s:s, s:s}", "doctor", consult->asker, "facility", consult->from_facility));
    json_object_set_new(json, "to",
                        json_pack("{s:s, s:s, s:s?, s:s?}", "facility", consult->to_facility,
                                  "phone", consult->to_facility_phone, "clinic", consult->to_clinic,
                                  "doctor", consult->to_doctor));
    json_object_set_new(json, "expert",
                        consult->expert ? json_string(consult->expert) : json_null());
    return json;
}

static void on_list(const ConsultList *list, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *consults = json_array();
    for (unsigned i = 0; i < list->consults->len; i++)
        json_array_append_new(consults, consult_json(list->consults->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:b, s:I}", "consults", consults, "more", (int)list->has_more,
                              "server_ms", (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_list(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    ConsultBox box = CONSULT_BOX_ASKED;
    api_actor(request, &actor);
    g_assert(consult_box_parse(http_request_query(request, "box"), &box));
    consult_list(api->scheduling, box, http_request_query(request, "before"), &actor, on_list,
                 api_call_new(api, request));
}

static void on_waiting(const ConsultWaiting *waiting, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:i, s:i, s:i}", "open", (int)waiting->n_open, "taken",
                                  (int)waiting->n_taken, "asked", (int)waiting->n_asked));
}

static void get_waiting(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    consult_count_waiting(api->scheduling, &actor, on_waiting, api_call_new(api, request));
}

static json_t *post_json(const ConsultPost *post)
{
    json_t *attachments = json_array();
    for (unsigned i = 0; i < post->attachments->len; i++) {
        const ConsultAttachment *attachment = post->attachments->pdata[i];
        json_array_append_new(attachments,
                              json_pack("{s:s, s:s, s:i}", "id", attachment->id, "type",
                                        consult_file_type_name(attachment->type), "bytes",
                                        (int)attachment->n_bytes));
    }
    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s?, s:o, s:o}", "id", post->id, "kind",
                     consult_post_kind_name(post->kind), "author", post->author, "at_ms",
                     (json_int_t)post->at_ms, "text", post->text, "recommendation",
                     post->recommendation, "refer",
                     post->kind == CONSULT_POST_ANSWER ? json_boolean(post->refer) : json_null(),
                     "attachments", attachments);
}

static void on_thread(const ConsultThread *thread, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *posts = json_array();
    json_t *steps = json_array();
    for (unsigned i = 0; i < thread->posts->len; i++)
        json_array_append_new(posts, post_json(thread->posts->pdata[i]));
    for (unsigned i = 0; i < thread->lines->len; i++) {
        const ConsultLine *line = thread->lines->pdata[i];
        json_array_append_new(steps, json_pack("{s:s, s:I, s:s?}", "step", line->step, "at_ms",
                                               (json_int_t)line->at_ms, "by", line->by));
    }
    json_t *body = consult_json(&thread->consult);
    json_object_set_new(body, "shared", shared_json(thread->shared));
    json_object_set_new(body, "posts", posts);
    json_object_set_new(body, "steps", steps);
    json_object_set_new(body, "server_ms", json_integer(clock_wall_ms(call->api->clock)));
    http_reply_json(call->request, 200, body);
}

static void get_thread(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    consult_get(api->scheduling, http_request_path_parameter(request, "consult"), &actor, on_thread,
                api_call_new(api, request));
}

static void on_file(ConsultFileType type, GBytes *file, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    /* Nothing of it runs or stays: a PDF is saved, not opened in the page's origin. */
    g_autofree char *disposition = g_strdup_printf(
        "%s; filename=\"lampiran.%s\"", type == CONSULT_FILE_PDF ? "attachment" : "inline",
        consult_file_type_name(type));
    http_reply_header(call->request, "Content-Disposition", disposition);
    http_reply_bytes(call->request, 200, consult_file_media_type(type), file);
}

static void get_file(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    consult_attachment_get(api->scheduling, &actor, http_request_path_parameter(request, "consult"),
                           http_request_path_parameter(request, "file"), on_file,
                           api_call_new(api, request));
}

static void on_summary(const ConsultSummary *summary, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200,
                        json_pack("{s:I, s:o}", "note_revision", (json_int_t)summary->note_revision,
                                  "parts", shared_json(summary->shared)));
}

static void get_summary(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    consult_summary(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                    on_summary, api_call_new(api, request));
}

/* Figures. */

static json_t *figures_json(gconstpointer data)
{
    const ConsultFigures *figures = data;
    json_t *json = json_pack(
        "{s:i, s:i, s:i, s:i, s:i, s:o}", "asked", (int)figures->asked, "answered",
        (int)figures->answered, "in_time", (int)figures->in_time, "withdrawn",
        (int)figures->withdrawn, "unanswered", (int)figures->unanswered, "answer_p50_minutes",
        figures->answer_p50_minutes >= 0 ? json_integer(figures->answer_p50_minutes) : json_null());
    if (figures->facility_id) {
        json_object_set_new(json, "facility", json_string(figures->facility_id));
        json_object_set_new(json, "facility_name", json_string(figures->facility_name));
    }
    return json;
}

static void on_report(const ConsultReport *report, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        api_reply_report(call->request, report->rows, &report->totals, figures_json);
}

static void get_report(HttpRequest *request, gpointer context)
{
    Api *api = context;
    const char *from, *to;
    if (api_report_days(request, &from, &to))
        consult_report(api->scheduling, from, to, on_report, api_call_new(api, request));
}

static const HttpField list_query[] = {
    {.name = "box",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "asked|open|taken|late",
     .help = "asked or taken by the caller; that it may take; late ones, for who keeps the "
             "facility"},
    {.name = "before", .type = HTTP_FIELD_ID, .help = "of asked and taken: only older ones"},
    {0},
};

const HttpRoute api_consult_read_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/consults",
        .operation_id = "listConsults",
        .summary = "Questions, without their words and without patients",
        .roles = HTTP_ROLE_DOCTOR | HTTP_ROLE_COORDINATOR | HTTP_ROLE_ADMIN,
        .query = list_query,
        .success_status = 200,
        .response = "Asked and taken ones the newest first, 50 at most; others by due time",
        .handler = get_list,
    },
    {
        .method = "GET",
        .path = "/api/v1/consults/waiting",
        .operation_id = "countConsults",
        .summary = "How many questions wait for the caller",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "Counts: to be taken, to be answered, answered or asked back",
        .handler = get_waiting,
    },
    {
        .method = "GET",
        .path = "/api/v1/consults/{consult}",
        .operation_id = "getConsult",
        .summary = "A question with all that was written, for the asker, who took it, and while "
                   "it is open who may",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "The question",
        .handler = get_thread,
    },
    {
        .method = "GET",
        .path = "/api/v1/consults/{consult}/files/{file}",
        .operation_id = "getConsultFile",
        .summary = "An attachment of a question, for whom the question is",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "JPEG, WebP, or a PDF to be saved",
        .handler = get_file,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/consult-summary",
        .operation_id = "getConsultSummary",
        .summary = "What of the visit's patient a question can tell",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "Parts, and the note's revision that they are of",
        .handler = get_summary,
    },
    {
        .method = "GET",
        .path = "/api/v1/reports/consults",
        .operation_id = "getConsultReport",
        .summary = "Questions between doctors by the facility that was asked, with the time to "
                   "the first answer",
        .roles = HTTP_ROLE_OFFICE,
        .query = api_report_query,
        .success_status = 200,
        .response = "Rows by facility, and their totals",
        .handler = get_report,
    },
};
const unsigned api_consult_read_n_routes = G_N_ELEMENTS(api_consult_read_routes);
