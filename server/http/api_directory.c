// SPDX-License-Identifier: Apache-2.0
/* Facilities, clinics and practitioners, as administrators and coordinators keep them. A change
 * that would leave bookings without hours is answered as one of hours is (409 bookings-hit). */
#include "server/http/api_hours.h"

#include "scheduling/clinic/directory_edit.h"
#include "scheduling/clinic/directory_view.h"

static json_t *areas_json(const GPtrArray *areas)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < areas->len; i++) {
        const DirectoryArea *area = areas->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s?, s:s, s:s}", "code", area->code, "parent",
                                        area->parent_code, "name", area->name, "kind", area->kind));
    }
    return list;
}

static void on_areas(GPtrArray *areas, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, json_pack("{s:o}", "areas", areas_json(areas)));
}

static void get_areas(HttpRequest *request, gpointer context)
{
    Api *api = context;
    directory_areas(api->scheduling, on_areas, api_call_new(api, request));
}

/* ROW (taken) with the revision of what it says. */
static json_t *with_revision(json_t *row, const DirectoryDraft *draft)
{
    g_autofree char *revision = directory_draft_revision(draft);
    json_object_set_new(row, "revision", json_string(revision));
    return row;
}

static json_t *facility_json(gconstpointer data)
{
    const DirectoryDraft *draft = ((const DirectoryRow *)data)->draft;
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "id", draft->id, "name", draft->name,
                  "kind", draft->facility_kind, "area_code", draft->area_code, "address",
                  draft->address, "phone", draft->phone, "active", draft->is_active);
    return with_revision(row, draft);
}

static json_t *clinic_json(gconstpointer data)
{
    const DirectoryDraft *draft = ((const DirectoryRow *)data)->draft;
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "id", draft->id, "facility",
                            draft->facility_id, "name", draft->name, "letter", draft->letter,
                            "active", draft->is_active, "wait_mode", draft->wait_mode);
    return with_revision(row, draft);
}

static json_t *practitioner_json(gconstpointer data)
{
    const DirectoryRow *row = data;
    const DirectoryDraft *draft = row->draft;
    json_t *clinics = json_array();
    json_t *permits = json_array();
    for (unsigned i = 0; i < draft->clinic_ids->len; i++)
        json_array_append_new(clinics, json_string(draft->clinic_ids->pdata[i]));
    for (unsigned i = 0; i < draft->permits->len; i++) {
        const DirectoryPermit *permit = draft->permits->pdata[i];
        json_array_append_new(permits, json_pack("{s:s, s:s, s:s}", "facility", permit->facility_id,
                                                 "number", permit->number, "valid_until",
                                                 permit->valid_until));
    }
    json_t *person =
        json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:b, s:b, s:o, s:o}", "id", draft->id, "name",
                  draft->name, "user", row->user_id, "str_number", draft->str_number,
                  "str_valid_until", draft->str_valid_until, "active", draft->is_active,
                  "has_hours", row->has_hours, "clinics", clinics, "permits", permits);
    return with_revision(person, draft);
}

static json_t *service_json(gconstpointer data)
{
    const DirectoryDraft *draft = ((const DirectoryRow *)data)->draft;
    const DirectoryTerms *terms = &draft->terms;
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b}", "id", draft->id,
                            "clinic", terms->clinic_id, "name", draft->name, "mode", terms->mode,
                            "duration_minutes", (json_int_t)terms->duration_minutes,
                            "before_minutes", (json_int_t)terms->before_minutes, "after_minutes",
                            (json_int_t)terms->after_minutes, "price_rupiah",
                            (json_int_t)terms->price_rupiah, "active", draft->is_active);
    return with_revision(row, draft);
}

static void on_view(const DirectoryView *view, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:o, s:o, s:o, s:I}", "facilities",
                              api_hours_list(view->facilities, facility_json), "clinics",
                              api_hours_list(view->clinics, clinic_json), "practitioners",
                              api_hours_list(view->practitioners, practitioner_json), "services",
                              api_hours_list(view->services, service_json), "server_ms",
                              (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_directory(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    directory_view_get(api->scheduling, &actor, on_view, api_call_new(api, request));
}

static void on_edited(const DirectoryEdited *edited, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (!api_hours_reply_refused(call->request, edited->faults, edited->hits, error))
        api_hours_reply_edited(call->request, "id", json_string(edited->id), edited->hits);
}

static char *text_of(const HttpRequest *request, const char *name)
{
    return g_strdup(http_request_string(request, name));
}

/* ID: of the row that is changed; NULL: a new one. */
static DirectoryDraft *draft_of(const HttpRequest *request, DirectoryKind kind, const char *id)
{
    DirectoryDraft *draft = directory_draft_new(kind);
    draft->id = g_strdup(id);
    draft->name = text_of(request, "name");
    draft->is_active = http_request_bool(request, "active", true);
    draft->revision = text_of(request, "revision");
    return draft;
}

static void start_edit(HttpRequest *request, Api *api, DirectoryDraft *draft)
{
    Actor actor;
    api_actor(request, &actor);
    directory_edit(api->scheduling, &actor, draft, api_hours_keeps(request), on_edited,
                   api_call_new(api, request));
}

static void edit_facility(HttpRequest *request, Api *api, const char *id)
{
    DirectoryDraft *draft = draft_of(request, DIRECTORY_FACILITY, id);
    draft->facility_kind = text_of(request, "kind");
    draft->area_code = text_of(request, "area_code");
    draft->address = text_of(request, "address");
    draft->phone = text_of(request, "phone");
    start_edit(request, api, draft);
}

static void add_facility(HttpRequest *request, gpointer context)
{
    edit_facility(request, context, NULL);
}

static void change_facility(HttpRequest *request, gpointer context)
{
    edit_facility(request, context, http_request_path_parameter(request, "facility"));
}

static void add_clinic(HttpRequest *request, gpointer context)
{
    DirectoryDraft *draft = draft_of(request, DIRECTORY_CLINIC, NULL);
    draft->facility_id = text_of(request, "facility");
    draft->letter = text_of(request, "letter");
    draft->wait_mode = text_of(request, "wait_mode");
    start_edit(request, context, draft);
}

static void change_clinic(HttpRequest *request, gpointer context)
{
    const char *id = http_request_path_parameter(request, "clinic");
    DirectoryDraft *draft = draft_of(request, DIRECTORY_CLINIC, id);
    draft->letter = text_of(request, "letter");
    draft->wait_mode = text_of(request, "wait_mode");
    start_edit(request, context, draft);
}

static void edit_practitioner(HttpRequest *request, Api *api, const char *id)
{
    DirectoryDraft *draft = draft_of(request, DIRECTORY_PRACTITIONER, id);
    const json_t *body = http_request_json(request);
    size_t i;
    json_t *one;
    draft->str_number = text_of(request, "str_number");
    draft->str_valid_until = text_of(request, "str_valid_until");
    json_array_foreach(json_object_get(body, "clinics"), i, one)
        g_ptr_array_add(draft->clinic_ids, g_strdup(json_string_value(one)));
    json_array_foreach(json_object_get(body, "permits"), i, one)
        directory_draft_add_permit(draft, json_string_value(json_object_get(one, "facility")),
                                   json_string_value(json_object_get(one, "number")),
                                   json_string_value(json_object_get(one, "valid_until")));
    start_edit(request, api, draft);
}

static void add_practitioner(HttpRequest *request, gpointer context)
{
    edit_practitioner(request, context, NULL);
}

static void change_practitioner(HttpRequest *request, gpointer context)
{
    edit_practitioner(request, context, http_request_path_parameter(request, "practitioner"));
}

static void edit_service(HttpRequest *request, Api *api, const char *id)
{
    DirectoryDraft *draft = draft_of(request, DIRECTORY_SERVICE, id);
    draft->terms = (DirectoryTerms){
        .clinic_id = id ? NULL : text_of(request, "clinic"),
        .mode = text_of(request, "mode"),
        .duration_minutes = http_request_int(request, "duration_minutes", 0),
        .before_minutes = http_request_int(request, "before_minutes", 0),
        .after_minutes = http_request_int(request, "after_minutes", 0),
        .price_rupiah = http_request_int(request, "price_rupiah", 0),
    };
    start_edit(request, api, draft);
}

static void add_service(HttpRequest *request, gpointer context)
{
    edit_service(request, context, NULL);
}

static void change_service(HttpRequest *request, gpointer context)
{
    edit_service(request, context, http_request_path_parameter(request, "service"));
}

static const HttpField facility_fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "kind",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "puskesmas|clinic|hospital"},
    {.name = "area_code",
     .type = HTTP_FIELD_STRING,
     .required = true,
     .min = 8,
     .max = 8,
     .help = "a kecamatan of /api/v1/areas"},
    {.name = "address", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 160},
    {.name = "phone", .type = HTTP_FIELD_STRING, .required = true, .min = 5, .max = 20},
    {.name = "active", .type = HTTP_FIELD_BOOLEAN, .help = "false: archived"},
    API_REVISION_FIELD,
    {0},
};
static const HttpField new_clinic_fields[] = {
    {.name = "facility", .type = HTTP_FIELD_ID, .required = true},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "letter",
     .type = HTTP_FIELD_STRING,
     .max = 1,
     .help = "begins the queue numbers, A to Z; absent: the first free one"},
    {.name = "wait_mode",
     .type = HTTP_FIELD_ENUM,
     .values = "one_by_one|all_at_once",
     .help = "who of the wait list is offered a place that became free; absent: as it is"},
    {.name = "active", .type = HTTP_FIELD_BOOLEAN, .help = "false: archived"},
    API_REVISION_FIELD,
    {0},
};
static const HttpField id_fields[] = {{.name = "", .type = HTTP_FIELD_ID}, {0}};
static const HttpField permit_fields[] = {
    {.name = "facility", .type = HTTP_FIELD_ID, .required = true},
    {.name = "number", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 60},
    {.name = "valid_until",
     .type = HTTP_FIELD_DATE,
     .required = true,
     .help = "the last day; no hours are open in the facility after it"},
    {0},
};
static const HttpField practitioner_fields[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "str_number", .type = HTTP_FIELD_STRING, .max = 60},
    {.name = "str_valid_until", .type = HTTP_FIELD_DATE, .help = "absent: for life"},
    {.name = "clinics",
     .type = HTTP_FIELD_LIST,
     .required = true,
     .max = DIRECTORY_MAX_CLINICS,
     .fields = id_fields,
     .help = "where the person works"},
    {.name = "permits",
     .type = HTTP_FIELD_LIST,
     .max = DIRECTORY_MAX_PERMITS,
     .fields = permit_fields,
     .help = "permits to practise (SIP), one for a facility"},
    {.name = "active", .type = HTTP_FIELD_BOOLEAN, .help = "false: archived"},
    API_REVISION_FIELD,
    {0},
};

static const HttpField new_service_fields[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},
    {.name = "mode",
     .type = HTTP_FIELD_ENUM,
     .required = true,
     .values = "video|assisted|doctor_to_doctor",
     .help = "what doctors have among each other is not shown to patients"},
    {.name = "duration_minutes",
     .type = HTTP_FIELD_INTEGER,
     .required = true,
     .min = 5,
     .max = 240},
    {.name = "before_minutes", .type = HTTP_FIELD_INTEGER, .max = 120},
    {.name = "after_minutes", .type = HTTP_FIELD_INTEGER, .max = 120},
    {.name = "price_rupiah",
     .type = HTTP_FIELD_INTEGER,
     .max = DIRECTORY_MAX_PRICE,
     .help = "absent: 0, free of charge"},
    {.name = "active", .type = HTTP_FIELD_BOOLEAN, .help = "false: archived"},
    API_REVISION_FIELD,
    {0},
};

enum { KEEPERS = HTTP_ROLE_ADMIN | HTTP_ROLE_COORDINATOR };

const HttpRoute api_directory_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/areas",
        .operation_id = "listAreas",
        .summary = "The province, its kabupaten and kota, their kecamatan",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "Areas by code",
        .handler = get_areas,
    },
    {
        .method = "GET",
        .path = "/api/v1/directory",
        .operation_id = "getDirectory",
        .summary = "Facilities, clinics and practitioners that the caller keeps",
        .roles = KEEPERS,
        .success_status = 200,
        .response = "All of them, archived ones too",
        .handler = get_directory,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/facilities",
        .operation_id = "addFacility",
        .summary = "A facility",
        .roles = HTTP_ROLE_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .body = facility_fields,
        .success_status = 201,
        .response = "Its id",
        .handler = add_facility,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/facilities/{facility}",
        .operation_id = "changeFacility",
        .summary = "Changes or archives a facility",
        .roles = HTTP_ROLE_ADMIN,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = facility_fields,
        .success_status = 200,
        .response = "Its id; how many bookings were kept without a place, told of it, and not "
                    "reachable by a message",
        .handler = change_facility,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/clinics",
        .operation_id = "addClinic",
        .summary = "A clinic of a facility",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .body = new_clinic_fields,
        .success_status = 201,
        .response = "Its id",
        .handler = add_clinic,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/clinics/{clinic}",
        .operation_id = "changeClinic",
        .summary = "Changes or archives a clinic",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = new_clinic_fields + 1, /* it stays in its facility */
        .success_status = 200,
        .response = "Its id; how many bookings were kept without a place, told of it, and not "
                    "reachable by a message",
        .handler = change_clinic,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/practitioners",
        .operation_id = "addPractitioner",
        .summary = "A practitioner who works in one clinic or several",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .body = practitioner_fields,
        .success_status = 201,
        .response = "The id",
        .handler = add_practitioner,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/practitioners/{practitioner}",
        .operation_id = "changePractitioner",
        .summary = "Changes or archives a practitioner, places and permits included",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .query = api_hours_keep_query,
        .body = practitioner_fields,
        .success_status = 200,
        .response = "The id; how many bookings were kept without a place, told of it, and not "
                    "reachable by a message",
        .handler = change_practitioner,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/services",
        .operation_id = "addService",
        .summary = "A service of a clinic: how long it takes, what it costs",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .body = new_service_fields,
        .success_status = 201,
        .response = "Its id",
        .handler = add_service,
    },
    {
        .method = "POST",
        .path = "/api/v1/directory/services/{service}",
        .operation_id = "changeService",
        .summary = "Changes or archives a service",
        .roles = KEEPERS,
        .rate = HTTP_RATE_WRITE,
        .body = new_service_fields + 1, /* it stays in its clinic */
        .success_status = 200,
        .response = "Its id",
        .handler = change_service,
    },
};
const unsigned api_directory_n_routes = G_N_ELEMENTS(api_directory_routes);
