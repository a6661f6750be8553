// SPDX-License-Identifier: Apache-2.0
/* The doctor's note of a visit, the patient's earlier visits, the diagnosis list. */
#include "server/http/api_tables.h"

#include "scheduling/note/note.h"

enum { NOTE_BODY_BYTES = 128 * 1024 };

static json_t *content_json(const NoteContent *content)
{
    json_t *body = json_object();
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++)
        json_object_set_new(body, note_text_name((NoteText)i), json_string(content->texts[i]));
    json_t *vitals = json_object();
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        int value = content->vitals[i];
        json_object_set_new(vitals, vital_row((Vital)i)->name,
                            value > 0 ? json_integer(value) : json_null());
    }
    json_object_set_new(body, "vitals", vitals);
    json_t *diagnoses = json_array();
    for (unsigned i = 0; i < content->diagnoses->len; i++) {
        const NoteDiagnosis *one = content->diagnoses->pdata[i];
        json_array_append_new(diagnoses,
                              json_pack("{s:s, s:s}", "code", one->code, "name", one->name));
    }
    json_object_set_new(body, "diagnoses", diagnoses);
    return body;
}

static json_t *note_json(const Note *note)
{
    json_t *body = content_json(note->content);
    json_object_set_new(body, "revision", json_integer(note->revision));
    json_object_set_new(body, "saved_at_ms", api_time(note->saved_at_ms));
    json_object_set_new(body, "signed_at_ms", api_time(note->signed_at_ms));
    json_object_set_new(body, "hash", note->hash ? json_string(note->hash) : json_null());
    return body;
}

static json_t *addenda_json(const GPtrArray *addenda)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < addenda->len; i++) {
        const NoteAddendum *one = addenda->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:I}", "text", one->text, "author", one->author,
                                        "added_at_ms", (json_int_t)one->added_at_ms));
    }
    return list;
}

static json_t *allergies_json(const GPtrArray *allergies)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < allergies->len; i++) {
        const NoteAllergy *one = allergies->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:I}", "text", one->text, "noted_at_ms",
                                              (json_int_t)one->noted_at_ms));
    }
    return list;
}

static json_t *patient_json(const NotePatient *patient)
{
    return json_pack("{s:s, s:s, s:i, s:s?, s:s?, s:o}", "name", patient->name, "birth_date",
                     patient->birth_date, "age", patient->age, "sex", patient->sex, "nik_masked",
                     patient->nik_masked, "allergies", allergies_json(patient->allergies));
}

/* null: nobody else wrote in it. */
static json_t *before_json(const NoteView *view)
{
    if (!view->before_author)
        return json_null();
    return json_pack("{s:s, s:I}", "author", view->before_author, "saved_at_ms",
                     (json_int_t)view->before_saved_at_ms);
}

static void on_view(const NoteView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o, s:o, s:o, s:I}", "note", note_json(&view->note),
                              "addenda", addenda_json(view->addenda), "patient",
                              patient_json(&view->patient), "before", before_json(view),
                              "server_ms", (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_note(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    note_get(api->scheduling, http_request_path_parameter(request, "visit"), &actor, on_view,
             api_call_new(api, request));
}

static NoteContent *read_content(const HttpRequest *request)
{
    NoteContent *content = note_content_new();
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++) {
        const char *text = http_request_string(request, note_text_name((NoteText)i));
        g_free(content->texts[i]);
        content->texts[i] = g_strdup(text ? text : "");
    }
    const json_t *body = http_request_json(request);
    const json_t *vitals = json_object_get(body, "vitals");
    for (unsigned i = 0; i < VITAL_COUNT; i++)
        content->vitals[i] =
            (int)json_integer_value(json_object_get(vitals, vital_row((Vital)i)->name));
    size_t i;
    json_t *code;
    json_array_foreach(json_object_get(body, "diagnoses"), i, code)
    {
        note_content_add_diagnosis(content, json_string_value(code), NULL);
    }
    return content;
}

static void on_saved(const NoteSaved *saved, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS)) {
        http_reply_problem(call->request, HTTP_PROBLEM_INVALID_FIELDS, saved->faults);
        return;
    }
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOTE_STALE)) {
        /* Both texts: the reader chooses, nothing is lost. */
        json_t *members = json_pack("{s:o, s:O}", "current", note_json(&saved->note), "sent",
                                    http_request_json(call->request));
        http_reply_problem_with(call->request, HTTP_PROBLEM_NOTE_STALE, NULL, members);
        return;
    }
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    http_reply_json(call->request, http_request_route(call->request)->success_status,
                    json_pack("{s:I, s:o, s:o, s:s}", "revision", (json_int_t)saved->note.revision,
                              "saved_at_ms", api_time(saved->note.saved_at_ms), "signed_at_ms",
                              api_time(saved->note.signed_at_ms), "hash", saved->note.hash));
}

static void put_note(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    const NoteDraft draft = {http_request_int(request, "revision", 0), read_content(request),
                             http_request_bool(request, "keep_current", false)};
    note_save(api->scheduling, http_request_path_parameter(request, "visit"), &actor, &draft,
              on_saved, api_call_new(api, request));
}

static void post_sign(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    note_sign(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
              http_request_int(request, "revision", 0), on_saved, api_call_new(api, request));
}

static void post_addendum(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    const NoteAddition addition = {http_request_string(request, "key"),
                                   http_request_string(request, "text")};
    api_actor(request, &actor);
    note_add(api->scheduling, http_request_path_parameter(request, "visit"), &actor, &addition,
             on_saved, api_call_new(api, request));
}

static void on_earlier(GPtrArray *rows, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < rows->len; i++) {
        const NoteEarlier *row = rows->pdata[i];
        bool is_written = row->note.revision > 0;
        json_array_append_new(
            list, json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:o, s:o}", "visit", row->visit_id,
                            "starts_at_ms", (json_int_t)row->starts_at_ms, "state",
                            visit_state_name(row->state), "facility", row->facility, "clinic",
                            row->clinic, "doctor", row->doctor, "note",
                            is_written ? note_json(&row->note) : json_null(), "addenda",
                            addenda_json(row->addenda)));
    }
    http_reply_json(call->request, 200, json_pack("{s:o}", "visits", list));
}

static void get_earlier(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    note_list_earlier(api->scheduling, http_request_path_parameter(request, "visit"), &actor,
                      on_earlier, api_call_new(api, request));
}

static void on_codes(GPtrArray *rows, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    bool is_english = http_request_language(call->request) == HTTP_LANGUAGE_EN;
    json_t *list = json_array();
    for (unsigned i = 0; i < rows->len; i++) {
        const Icd10 *row = rows->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s?}", "code", row->code, "name",
                                              is_english ? row->name_en : row->name_id, "chapter",
                                              is_english ? row->chapter_en : row->chapter_id));
    }
    http_reply_json(call->request, 200, json_pack("{s:o}", "codes", list));
}

static void get_codes(HttpRequest *request, gpointer context)
{
    Api *api = context;
    icd10_search(api->scheduling, http_request_query(request, "q"), on_codes,
                 api_call_new(api, request));
}

/* The limits of vital_row(); whoever writes JSON by hand is told them by name. */
static const HttpField vital_fields[] = {
    {.name = "systolic_mmhg", .type = HTTP_FIELD_INTEGER, .min = 40, .max = 300},
    {.name = "diastolic_mmhg", .type = HTTP_FIELD_INTEGER, .min = 20, .max = 200},
    {.name = "pulse_per_min", .type = HTTP_FIELD_INTEGER, .min = 20, .max = 300},
    {.name = "breaths_per_min", .type = HTTP_FIELD_INTEGER, .min = 4, .max = 100},
    {.name = "temperature_tenth_c", .type = HTTP_FIELD_INTEGER, .min = 300, .max = 450},
    {.name = "oxygen_percent", .type = HTTP_FIELD_INTEGER, .min = 50, .max = 100},
    {.name = "weight_g", .type = HTTP_FIELD_INTEGER, .min = 300, .max = 400000},
    {.name = "height_cm", .type = HTTP_FIELD_INTEGER, .min = 20, .max = 260},
    {.name = "glucose_mgdl", .type = HTTP_FIELD_INTEGER, .min = 10, .max = 1500},
    {0},
};
/* One plain value. */
static const HttpField code_field[] = {
    {.name = "", .type = HTTP_FIELD_STRING, .min = 3, .max = ICD10_CODE_BYTES - 1},
    {0},
};
static const HttpField note_fields[] = {
    {.name = "revision",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .max = INT32_MAX,
     .help = "that this one is made from; 0: none yet"},
    {.name = "keep_current",
     .type = HTTP_FIELD_BOOLEAN,
     .help = "put the text that is replaced aside, as it was chosen against"},
    {.name = "subjective", .type = HTTP_FIELD_TEXT, .max = NOTE_TEXT_CHARS},
    {.name = "objective", .type = HTTP_FIELD_TEXT, .max = NOTE_TEXT_CHARS},
    {.name = "assessment", .type = HTTP_FIELD_TEXT, .max = NOTE_TEXT_CHARS},
    {.name = "plan", .type = HTTP_FIELD_TEXT, .max = NOTE_TEXT_CHARS},
    {.name = "allergies", .type = HTTP_FIELD_TEXT, .max = NOTE_ALLERGIES_CHARS},
    {.name = "vitals", .type = HTTP_FIELD_OBJECT, .fields = vital_fields},
    {.name = "diagnoses",
     .type = HTTP_FIELD_LIST,
     .max = NOTE_MAX_DIAGNOSES,
     .fields = code_field,
     .help = "ICD-10 codes of the list; the first is the main diagnosis"},
    {0},
};
static const HttpField sign_fields[] = {
    {.name = "revision", .type = HTTP_FIELD_INTEGER, .required = true, .min = 1, .max = INT32_MAX},
    {0},
};
static const HttpField addendum_fields[] = {
    {.name = "key",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = NOTE_KEY_MIN_CHARS,
     .max = NOTE_KEY_MAX_CHARS,
     .help = "made by the client: sent again it is the same addendum"},
    {.name = "text",
     .type = HTTP_FIELD_TEXT,
     .required = true,
     .min = 1,
     .max = NOTE_ADDENDUM_CHARS},
    {0},
};
static const HttpField codes_query[] = {
    {.name = "q",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 2,
     .max = 60,
     .help = "the beginning of a code, or words"},
    {0},
};

const HttpRoute api_note_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/note",
        .operation_id = "getNote",
        .summary = "The doctor's note, with what is known of the patient",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "Note (revision 0: none yet), addenda, patient",
        .handler = get_note,
    },
    {
        .method = "PUT",
        .path = "/api/v1/visits/{visit}/note",
        .operation_id = "saveNote",
        .summary = "Saves the note as its next revision; 409 note-stale with both texts when "
                   "another one was saved meanwhile",
        .roles = HTTP_ROLE_DOCTOR,
        .max_body = NOTE_BODY_BYTES,
        .body = note_fields,
        .success_status = 200,
        .response = "Revision and hash of what is saved now",
        .handler = put_note,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/note/sign",
        .operation_id = "signNote",
        .summary = "Signs the note: from then on only addenda come",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .body = sign_fields,
        .success_status = 200,
        .response = "Revision, hash, when it was signed",
        .handler = post_sign,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/note/addenda",
        .operation_id = "addAddendum",
        .summary = "Adds to a signed note",
        .roles = HTTP_ROLE_DOCTOR,
        .rate = HTTP_RATE_WRITE,
        .body = addendum_fields,
        .success_status = 201,
        .response = "The signed note's revision and hash",
        .handler = post_addendum,
    },
    {
        .method = "GET",
        .path = "/api/v1/visits/{visit}/earlier",
        .operation_id = "listEarlierVisits",
        .summary =
            "The same patient's visits before this one, with their notes: from the "
            "visit's day until 30 days after it; 409 before, 410 later and of a cancelled one",
        .roles = HTTP_ROLE_DOCTOR,
        .success_status = 200,
        .response = "Visits, the latest first, 20 at most",
        .handler = get_earlier,
    },
    {
        .method = "GET",
        .path = "/api/v1/icd10",
        .operation_id = "searchDiagnoses",
        .summary = "ICD-10 codes by the beginning of a code or by words",
        .roles = HTTP_ROLE_DOCTOR,
        .query = codes_query,
        .success_status = 200,
        .response = "Codes, the best first, 20 at most",
        .handler = get_codes,
    },
};
const unsigned api_note_n_routes = G_N_ELEMENTS(api_note_routes);
