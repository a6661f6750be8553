// SPDX-License-Identifier: Apache-2.0
/* Outreach: what a tablet sends from a post. */
#include "server/http/api_tables.h"

#include "scheduling/outreach/outreach.h"

/* Base64 of the largest picture and the rest of the body. */
enum {
    PHOTO_TEXT_CHARS = (OUTREACH_PHOTO_BYTES + 2) / 3 * 4,
    PHOTO_BODY_BYTES = PHOTO_TEXT_CHARS + 1024,
    BATCH_BODY_BYTES = 256 * 1024,
};

static char *dup_text(const json_t *entry, const char *name)
{
    return g_strdup(json_string_value(json_object_get(entry, name)));
}

static int64_t number_of(const json_t *entry, const char *name)
{
    return json_integer_value(json_object_get(entry, name));
}

static OutreachDraft *read_draft(const json_t *entry)
{
    OutreachDraft *draft = outreach_draft_new();
    draft->id = dup_text(entry, "id");
    draft->sequence = number_of(entry, "sequence");
    draft->revision = number_of(entry, "revision");
    draft->name = dup_text(entry, "name");
    draft->birth_date = dup_text(entry, "birth_date");
    draft->sex = dup_text(entry, "sex");
    draft->nik = dup_text(entry, "nik");
    draft->without_nik = dup_text(entry, "without_nik");
    draft->mother_nik = dup_text(entry, "mother_nik");
    draft->phone = dup_text(entry, "phone");
    draft->address = dup_text(entry, "address");
    draft->reason = dup_text(entry, "reason");
    draft->identity = dup_text(entry, "identity");
    draft->lang = dup_text(entry, "lang");
    draft->consent = number_of(entry, "consent");
    draft->registered_at_ms = number_of(entry, "registered_at_ms");
    const json_t *vitals = json_object_get(entry, "vitals");
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        /* The schema bounds them; what is left is held against vital_row(). */
        draft->vitals[i] = (int)number_of(vitals, vital_row((Vital)i)->name);
    }
    return draft;
}

static json_t *taken_json(const OutreachTaken *taken, HttpLanguage language)
{
    if (!taken->is_taken)
        return json_pack("{s:s, s:s, s:o}", "id", taken->id, "result", "refused", "errors",
                         http_faults_json(taken->faults, language));
    return json_pack("{s:s, s:s, s:I, s:s, s:s, s:o}", "id", taken->id, "result", "taken",
                     "revision", (json_int_t)taken->revision, "visit", taken->visit_id, "number",
                     taken->number, "warnings", http_faults_json(taken->warnings, language));
}

static void on_taken(GPtrArray *taken, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_reply_refusal(call->request, faults, error);
        return;
    }
    HttpLanguage language = http_request_language(call->request);
    json_t *list = json_array();
    for (unsigned i = 0; i < taken->len; i++)
        json_array_append_new(list, taken_json(taken->pdata[i], language));
    http_reply_json(call->request, 200, json_pack("{s:o}", "entries", list));
}

static void post_entries(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    GPtrArray *drafts = g_ptr_array_new_with_free_func((GDestroyNotify)outreach_draft_free);
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(http_request_json(request), "entries"), i, entry)
    {
        g_ptr_array_add(drafts, read_draft(entry));
    }
    api_actor(request, &actor);
    outreach_take(api->scheduling, &actor, http_request_path_parameter(request, "outreach"),
                  http_request_string(request, "device"), drafts, on_taken,
                  api_call_new(api, request));
}

static void post_photo(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    gsize size = 0;
    guchar *data = g_base64_decode(http_request_string(request, "data"), &size);
    g_autoptr(GBytes) picture = g_bytes_new_take(data, size);
    const OutreachPhoto photo = {http_request_string(request, "entry"),
                                 http_request_string(request, "photo"), picture};
    api_actor(request, &actor);
    outreach_photo_put(api->scheduling, &actor, http_request_path_parameter(request, "outreach"),
                       &photo, api_reply_checked, api_call_new(api, request));
}

/* Wide bounds: what one person's entry says wrong is that entry's fault and not the batch's. */
#define ENTRY_TEXT(field, chars)                                                                   \
    {                                                                                              \
        .name = (field), .type = HTTP_FIELD_TEXT, .max = (chars)                                   \
    }
#define ENTRY_NUMBER(field)                                                                        \
    {                                                                                              \
        .name = (field), .type = HTTP_FIELD_INTEGER, .min = -1000000000, .max = 1000000000         \
    }
static const HttpField vital_fields[] = {
    ENTRY_NUMBER("systolic_mmhg"),
    ENTRY_NUMBER("diastolic_mmhg"),
    ENTRY_NUMBER("pulse_per_min"),
    ENTRY_NUMBER("breaths_per_min"),
    ENTRY_NUMBER("temperature_tenth_c"),
    ENTRY_NUMBER("oxygen_percent"),
    ENTRY_NUMBER("weight_g"),
    ENTRY_NUMBER("height_cm"),
    ENTRY_NUMBER("glucose_mgdl"),
    {0},
};
static const HttpField entry_fields[] = {
    {.name = "id",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = 36,
     .help = "a UUID that the tablet made: sent again it is the same entry"},
    {.name = "sequence",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .max = 1000000000,
     .help = "1 to 999: in which order the tablet took patients down"},
    {.name = "revision",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .max = 1000000000,
     .help = "1; higher with each change after a sending"},
    ENTRY_TEXT("name", 1000),
    ENTRY_TEXT("birth_date", 40),
    ENTRY_TEXT("sex", 10),
    ENTRY_TEXT("nik", 100),
    {.name = "without_nik",
     .type = HTTP_FIELD_TEXT,
     .max = 20,
     .help = "newborn, not_at_hand or none: why there is no NIK"},
    {.name = "mother_nik", .type = HTTP_FIELD_TEXT, .max = 100, .help = "of a newborn"},
    ENTRY_TEXT("phone", 100),
    ENTRY_TEXT("address", 2000),
    ENTRY_TEXT("reason", 5000),
    {.name = "identity",
     .type = HTTP_FIELD_TEXT,
     .max = 20,
     .help = "ktp, family_card, other or none: what the sender saw"},
    ENTRY_TEXT("lang", 10),
    {.name = "consent",
     .type = HTTP_FIELD_INTEGER,
     .max = 1000000,
     .help = "the version of getConsentText that was read aloud and agreed to"},
    {.name = "registered_at_ms",
     .type = HTTP_FIELD_INTEGER,
     .max = 4102444800000,
     .help = "by the tablet's clock"},
    {.name = "vitals", .type = HTTP_FIELD_OBJECT, .fields = vital_fields},
    {0},
};
static const HttpField batch_fields[] = {
    {.name = "device",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = 36,
     .help = "a UUID that the tablet made for itself"},
    {.name = "entries",
     .type = HTTP_FIELD_LIST,
     .required = true,
     .min = 1,
     .max = OUTREACH_BATCH_ENTRIES,
     .fields = entry_fields},
    {0},
};
static const HttpField photo_fields[] = {
    {.name = "entry", .type = HTTP_FIELD_STRING, .required = true, .max = 36},
    {.name = "photo",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = 36,
     .help = "a UUID that the tablet made: sent again it is the same picture"},
    {.name = "data",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .max = PHOTO_TEXT_CHARS,
     .help = "JPEG or WebP of at most 160 kB, as base64"},
    {0},
};

const HttpRoute api_outreach_take_routes[] = {
    {
        .method = "POST",
        .path = "/api/v1/outreach/{outreach}/entries",
        .operation_id = "sendOutreachEntries",
        .summary = "Takes in what a tablet took down, in one transaction, however often it is "
                   "sent: each entry becomes a visit in the clinic's queue",
        .roles = HTTP_ROLE_DESK,
        .max_body = BATCH_BODY_BYTES,
        .body = batch_fields,
        .success_status = 200,
        .response = "Of each entry whether it is there, or its own errors; for the team",
        .handler = post_entries,
    },
    {
        .method = "POST",
        .path = "/api/v1/outreach/{outreach}/photos",
        .operation_id = "sendOutreachPhoto",
        .summary = "A picture of an entry, three at most",
        .roles = HTTP_ROLE_DESK,
        .max_body = PHOTO_BODY_BYTES,
        .body = photo_fields,
        .success_status = 204,
        .response = "It is there; for the team",
        .handler = post_photo,
    },
};
const unsigned api_outreach_take_n_routes = G_N_ELEMENTS(api_outreach_take_routes);
