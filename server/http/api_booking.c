// SPDX-License-Identifier: Apache-2.0
/* The public side of booking: directory, free slots, the booking itself. */
#include "server/http/api_tables.h"

#include "scheduling/booking/booking.h"
#include "scheduling/clinic/directory.h"
#include "scheduling/clinic/slots.h"

static json_t *services_json(const GPtrArray *services)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < services->len; i++) {
        const DirectoryService *service = services->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I, s:I}", "id", service->id, "name",
                                        service->name, "mode", service->mode, "duration_minutes",
                                        (json_int_t)service->duration_minutes, "price_rupiah",
                                        (json_int_t)service->price_rupiah));
    }
    return list;
}

static json_t *clinic_json(const DirectoryClinic *clinic)
{
    json_t *doctors = json_array();
    for (unsigned i = 0; i < clinic->doctors->len; i++) {
        const DirectoryDoctor *doctor = clinic->doctors->pdata[i];
        json_array_append_new(doctors,
                              json_pack("{s:s, s:s}", "id", doctor->id, "name", doctor->name));
    }
    return json_pack("{s:s, s:s, s:o, s:o}", "id", clinic->id, "name", clinic->name, "doctors",
                     doctors, "services", services_json(clinic->services));
}

static json_t *facility_json(const DirectoryFacility *facility)
{
    json_t *clinics = json_array();
    for (unsigned i = 0; i < facility->clinics->len; i++)
        json_array_append_new(clinics, clinic_json(facility->clinics->pdata[i]));
    return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:o}", "id", facility->id, "name",
                     facility->name, "kind", facility->kind, "area_code", facility->area_code,
                     "area", facility->area, "address", facility->address, "phone", facility->phone,
                     "clinics", clinics);
}

static void on_directory(GPtrArray *facilities, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < facilities->len; i++)
        json_array_append_new(list, facility_json(facilities->pdata[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:o, s:s, s:I}", "facilities", list, "zone", call->api->zone,
                              "server_ms", (json_int_t)clock_wall_ms(call->api->clock)));
}

static void get_facilities(HttpRequest *request, gpointer context)
{
    Api *api = context;
    directory_list(api->scheduling, on_directory, api_call_new(api, request));
}

json_t *api_offer_json(const SlotOffer *offer)
{
    json_t *session = offer->quota > 0
                          ? json_pack("{s:i, s:i, s:I}", "quota", offer->quota, "left",
                                      offer->n_left, "turn_at_ms", (json_int_t)offer->turn_at_ms)
                          : json_null();
    return json_pack("{s:s, s:I, s:I, s:o}", "doctor", offer->practitioner_id, "starts_at_ms",
                     (json_int_t)offer->starts_at_ms, "ends_at_ms", (json_int_t)offer->ends_at_ms,
                     "session", session);
}

json_t *api_slots_json(const SlotsList *list, json_t *(*offer_json)(const SlotOffer *offer))
{
    json_t *days = json_array();
    for (unsigned i = 0; i < list->days->len; i++) {
        const SlotDay *day = list->days->pdata[i];
        json_t *slots = json_array();
        for (unsigned j = 0; j < day->offers->len; j++)
            json_array_append_new(slots, offer_json(&g_array_index(day->offers, SlotOffer, j)));
        json_array_append_new(days, json_pack("{s:s, s:o}", "date", day->date, "slots", slots));
    }
    return json_pack("{s:o, s:s}", "days", days, "last_date", list->last_date);
}

static void on_slots(const SlotsList *found, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        http_reply_error(call->request, error);
    else
        http_reply_json(call->request, 200, api_slots_json(found, api_offer_json));
}

SlotsQuery api_slots_query(const HttpRequest *request)
{
    return (SlotsQuery){
        .clinic_id = http_request_query(request, "clinic"),
        .practitioner_id = http_request_query(request, "doctor"),
        .from_date = http_request_query(request, "from"),
        .n_days = (unsigned)http_request_query_int(request, "days", 1),
        .service_id = http_request_query(request, "service"),
    };
}

static void get_slots(HttpRequest *request, gpointer context)
{
    Api *api = context;
    SlotsQuery query = api_slots_query(request);
    g_autoptr(FaultList) faults = fault_list_new();
    if (!slots_check(&query, faults)) {
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return;
    }
    slots_list(api->scheduling, &query, on_slots, api_call_new(api, request));
}

/* What of the request has to be another one; NULL: it says nothing of the time. */
static const char *overlap_field(const HttpRequest *request)
{
    if (http_request_int(request, "starts_at_ms", 0) > 0)
        return "starts_at_ms";
    if (http_request_string(request, "offer"))
        return "offer";
    return http_request_string(request, "name") ? "overlap_reason" : NULL;
}

static void refuse_overlap(HttpRequest *request, const Booking *booking)
{
    g_autoptr(FaultList) faults = fault_list_new();
    const char *field = overlap_field(request);
    json_t *other = json_null();
    if (field)
        fault_list_add(faults, field, "own_booking", NULL);
    if (booking->own_starts_at_ms)
        other = json_pack("{s:I, s:s, s:s}", "starts_at_ms", (json_int_t)booking->own_starts_at_ms,
                          "number", booking->own_number, "clinic", booking->own_clinic);
    http_reply_problem_with(request, HTTP_PROBLEM_OWN_BOOKING, faults,
                            json_pack("{s:o}", "other", other));
}

/* From when on it can be booked is said where it is known: not of a group. */
static void refuse_soon(HttpRequest *request, const Booking *booking, const GError *error)
{
    if (booking->earliest_at_ms == 0) {
        http_reply_error(request, error);
        return;
    }
    g_autoptr(FaultList) faults = fault_list_new();
    fault_list_add(faults, "starts_at_ms", "too_soon", booking->earliest);
    http_reply_problem_with(
        request, HTTP_PROBLEM_TOO_SOON, faults,
        json_pack("{s:I}", "earliest_at_ms", (json_int_t)booking->earliest_at_ms));
}

char *api_optional_reason(const HttpRequest *request, const char *field)
{
    const char *text = http_request_string(request, field);
    g_autofree char *reason = g_strdup(text ? text : "");
    g_strstrip(reason);
    return g_utf8_strlen(reason, -1) < API_REASON_MIN_CHARS ? NULL : g_steal_pointer(&reason);
}

void api_refuse_booking(HttpRequest *request, const Booking *booking, const GError *error)
{
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS)) {
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, booking->faults);
        return;
    }
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OWN_BOOKING)) {
        refuse_overlap(request, booking);
        return;
    }
    if (g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_SOON)) {
        refuse_soon(request, booking, error);
        return;
    }
    if (!g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_TAKEN)) {
        http_reply_error(request, error);
        return;
    }
    json_t *nearest = json_array();
    for (unsigned i = 0; i < booking->n_nearest; i++)
        json_array_append_new(nearest, api_offer_json(&booking->nearest[i]));
    http_reply_problem_with(request, HTTP_PROBLEM_SLOT_TAKEN, NULL,
                            json_pack("{s:o}", "nearest", nearest));
}

/* The session in which the booking has a place; null: it has a slot. */
static json_t *session_json(const Booking *booking)
{
    if (booking->place == 0)
        return json_null();
    return json_pack("{s:i, s:I, s:I}", "place", booking->place, "starts_at_ms",
                     (json_int_t)booking->session_starts_at_ms, "ends_at_ms",
                     (json_int_t)booking->session_ends_at_ms);
}

json_t *api_booking_json(const ApiCall *call, const Booking *booking)
{
    g_autofree char *link = booking->token ? api_link(call->api, booking->token) : NULL;
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:s?, s:s?, s:o}", "visit",
        booking->visit_id, "code", booking->code, "number", booking->number, "starts_at_ms",
        (json_int_t)booking->starts_at_ms, "ends_at_ms", (json_int_t)booking->ends_at_ms,
        "opens_at_ms", (json_int_t)booking->opens_at_ms, "facility", booking->facility, "clinic",
        booking->clinic, "doctor", booking->doctor, "phone", booking->phone, "link", link,
        "warnings", http_faults_json(booking->warnings, http_request_language(call->request)));
    json_object_set_new(body, "session", session_json(booking));
    json_object_set_new(body, "service",
                        booking->service ? json_string(booking->service) : json_null());
    json_object_set_new(body, "group", booking->group ? json_string(booking->group) : json_null());
    json_object_set_new(body, "needs_confirmation", json_boolean(booking->needs_confirmation));
    return body;
}

void api_reply_booking(const Booking *booking, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        api_refuse_booking(call->request, booking, error);
        return;
    }
    /* A visit that was moved keeps the link that its patient has. An answer that is given again is
     * without the link when another one was made. */
    bool is_made = booking->token || booking->repeated;
    http_reply_json(call->request, is_made ? 201 : 200, api_booking_json(call, booking));
}

BookingRequest *api_booking_request(const HttpRequest *request)
{
    BookingRequest *booking = booking_request_new();
    booking->clinic_id = g_strdup(http_request_string(request, "clinic"));
    booking->practitioner_id = g_strdup(http_request_string(request, "doctor"));
    booking->name = g_strdup(http_request_string(request, "name"));
    booking->birth_date = g_strdup(http_request_string(request, "birth_date"));
    booking->phone = g_strdup(http_request_string(request, "phone"));
    booking->no_phone = http_request_bool(request, "no_phone", false);
    booking->nik = g_strdup(http_request_string(request, "nik"));
    booking->contact_name = g_strdup(http_request_string(request, "contact_name"));
    booking->contact_relation = g_strdup(http_request_string(request, "contact_relation"));
    booking->mother_nik = g_strdup(http_request_string(request, "mother_nik"));
    booking->service_id = g_strdup(http_request_string(request, "service"));
    booking->group_id = g_strdup(http_request_string(request, "group"));
    booking->shown_as = g_strdup(http_request_string(request, "shown_as"));
    booking->consent = http_request_int(request, "consent", 0);
    booking->reason = g_strdup(http_request_string(request, "reason"));
    booking->lang = g_strdup(http_request_string(request, "lang"));
    booking->overlap_reason = api_optional_reason(request, "overlap_reason");
    booking->idempotency_key = g_strdup(http_request_header(request, "idempotency-key"));
    booking->address = g_strdup(http_request_address(request));
    return booking;
}

BookingRequest *api_slot_request(const HttpRequest *request)
{
    BookingRequest *booking = api_booking_request(request);
    booking->starts_at_ms = http_request_int(request, "starts_at_ms", 0);
    booking->any_doctor = http_request_bool(request, "any_doctor", false);
    booking->hold = g_strdup(http_request_string(request, "hold"));
    return booking;
}

static void post_booking(HttpRequest *request, gpointer context)
{
    Api *api = context;
    BookingRequest *booking = api_slot_request(request);
    booking_create(api->scheduling, booking, api_reply_booking, api_call_new(api, request));
}

static const HttpField slots_query[] = {
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true, .help = "clinic id"},
    {.name = "doctor", .type = HTTP_FIELD_ID, .help = "doctor id; absent: any"},
    {.name = "from", .type = HTTP_FIELD_DATE, .help = "first local day; absent: today"},
    {.name = "days", .type = HTTP_FIELD_INTEGER, .min = 1, .max = SLOTS_MAX_DAYS},
    {.name = "service",
     .type = HTTP_FIELD_ID,
     .help = "slots in which this service fits; absent: as the hours have them"},
    {0},
};

#define BOOKING_FIELDS(needs_phone)                                                                \
    {.name = "clinic", .type = HTTP_FIELD_ID, .required = true},                                   \
        {.name = "doctor", .type = HTTP_FIELD_ID, .required = true},                               \
        {.name = "starts_at_ms",                                                                   \
         .type = HTTP_FIELD_INTEGER,                                                               \
         .required = true,                                                                         \
         .min = 1,                                                                                 \
         .max = 4102444800000,                                                                     \
         .help = "of the slot or the session, as listSlots names it"},                             \
        {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 80},        \
        {.name = "birth_date", .type = HTTP_FIELD_DATE, .required = true},                         \
        {.name = "phone",                                                                          \
         .type = HTTP_FIELD_STRING,                                                                \
         .required = needs_phone,                                                                  \
         .min = 6,                                                                                 \
         .max = 32},                                                                               \
        {.name = "nik", .type = HTTP_FIELD_STRING, .min = 0, .max = 32}, API_FAMILY_FIELDS,        \
        API_VISIT_REASON_FIELD, {.name = "lang", .type = HTTP_FIELD_ENUM, .values = "id|en"},      \
        {.name = "hold", .type = HTTP_FIELD_STRING, .max = 64, .help = "of holdSlot"},             \
        {.name = "service",                                                                        \
         .type = HTTP_FIELD_ID,                                                                    \
         .help = "of the clinic: the visit is as long as it takes"},                               \
        {.name = "consent",                                                                        \
         .type = HTTP_FIELD_INTEGER,                                                               \
         .min = 1,                                                                                 \
         .max = 1000000,                                                                           \
         .help = "the version of getConsentText that was agreed to"},                              \
        {.name = "group",                                                                          \
         .type = HTTP_FIELD_ID,                                                                    \
         .help = "a place in this group, of listOpenGroups"},                                      \
        {.name = "shown_as",                                                                       \
         .type = HTTP_FIELD_ENUM,                                                                  \
         .values = "number|first_name",                                                            \
         .help = "in a group: what the others see; absent: number"},                               \
    {                                                                                              \
        .name = "any_doctor", .type = HTTP_FIELD_BOOLEAN,                                          \
        .help = "whichever doctor of the clinic is free may call at that time"                     \
    }

const HttpField api_booking_fields[] = {BOOKING_FIELDS(true), {0}};
const HttpField api_counter_booking_fields[] = {BOOKING_FIELDS(false), API_NO_PHONE_FIELD, {0}};
const HttpField api_staff_booking_fields[] = {
    BOOKING_FIELDS(false), API_NO_PHONE_FIELD, API_OVERLAP_FIELD, {0}};

const HttpRoute api_booking_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/facilities",
        .operation_id = "listFacilities",
        .summary = "Facilities with their clinics and doctors",
        .roles = HTTP_ROLE_ANYONE,
        .success_status = 200,
        .response = "All active facilities",
        .handler = get_facilities,
    },
    {
        .method = "GET",
        .path = "/api/v1/slots",
        .operation_id = "listSlots",
        .summary = "Free slots, and sessions with room, of a clinic by local day",
        .roles = HTTP_ROLE_ANYONE,
        .query = slots_query,
        .success_status = 200,
        .response = "Each day asked for, with its free slots",
        .handler = get_slots,
    },
    {
        .method = "POST",
        .path = "/api/v1/bookings",
        .operation_id = "createBooking",
        .summary = "Books a slot; an Idempotency-Key header makes a retry harmless",
        .roles = HTTP_ROLE_ANYONE,
        .flags = HTTP_ROUTE_NO_CSRF,
        .rate = HTTP_RATE_WRITE,
        .max_body = 4096,
        .body = api_booking_fields,
        .success_status = 201,
        .response = "The visit: number, times, link",
        .handler = post_booking,
    },
};
const unsigned api_booking_n_routes = G_N_ELEMENTS(api_booking_routes);
