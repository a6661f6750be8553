// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/booking_check.h"

#include <string.h>

#include "scheduling/booking/visit_reason.h"
#include "server/base/ids.h"

enum { IDEMPOTENCY_KEY_MAX_BYTES = 128 };

void booking_fields_clear(BookingFields *fields)
{
    g_free(fields->name);
    g_free(fields->phone);
    g_free(fields->contact_name);
    g_free(fields->reason);
}

static void add_fault(FaultList *faults, const char *field, const char *code, const char *allowed)
{
    if (code)
        fault_list_add(faults, field, code, allowed);
}

static bool is_given(const char *text)
{
    return text && text[strspn(text, " ")] != '\0';
}

static const char *check_id(const char *text)
{
    if (!text || text[0] == '\0')
        return "required";
    return id_is_valid(text) ? NULL : "not_an_id";
}

static void check_nik(const BookingRequest *request, const char *today, BookingFields *fields,
                      FaultList *faults)
{
    if (!is_given(request->nik))
        return;
    const char *code = person_nik_parse(request->nik, request->birth_date, today, &fields->nik);
    add_fault(faults, "nik", code, "16 digits");
    fields->has_nik = code == NULL;
}

/* A newborn's, in place of a NIK and never next to one. */
static void check_mother_nik(const BookingRequest *request, const char *today,
                             BookingFields *fields, FaultList *faults, FaultList *warnings)
{
    if (!is_given(request->mother_nik))
        return;
    if (is_given(request->nik)) {
        fault_list_add(faults, "mother_nik", "has_own_nik", NULL);
        return;
    }
    const char *code = person_nik_parse(request->mother_nik, NULL, today, &fields->mother_nik);
    add_fault(faults, "mother_nik", code, "16 digits");
    if (code)
        return;
    fields->has_mother_nik = true;
    if (fields->mother_nik.sex != 'P')
        fault_list_add(warnings, "mother_nik", "not_a_woman", NULL);
}

static bool is_under(int years, const BookingRequest *request, const char *today)
{
    return !person_birth_date_check(request->birth_date, today) &&
           person_age(request->birth_date, today) < years;
}

bool booking_is_lone_child(const BookingRequest *request, const char *today)
{
    return !is_given(request->contact_name) && is_under(CONTACT_CHILD_YEARS, request, today);
}

/* Staff see who stands there, and what is missing. */
static bool is_by_staff(const BookingRequest *request)
{
    return request->is_walk_in || request->at_counter || request->may_be_extra ||
           request->by_staff || request->phone_is_optional;
}

/* Both or neither. That nobody came with who is not of age is odd, and not refused: somebody of 17
 * may be there alone; a baby is not, so from outside it is said who is with it. */
static void check_contact(const BookingRequest *request, const char *today, BookingFields *fields,
                          FaultList *faults, FaultList *warnings)
{
    bool has_name = is_given(request->contact_name);
    bool has_relation = is_given(request->contact_relation);
    if (!has_name && !has_relation) {
        if (!is_by_staff(request) && booking_is_lone_child(request, today))
            fault_list_add(faults, "contact_name", "guardian_required", NULL);
        else if (!request->phone_is_optional && is_under(CONTACT_ADULT_YEARS, request, today))
            fault_list_add(warnings, "contact_name", "guardian_missing", NULL);
        return;
    }
    contact_check(request->contact_name, request->contact_relation, &fields->contact_name,
                  &fields->contact_relation, faults);
}

static void check_phone(const BookingRequest *request, BookingFields *fields, FaultList *faults,
                        FaultList *warnings)
{
    bool mobile = true;
    const char *text = request->phone;
    bool has_none = request->no_phone && is_by_staff(request);
    if (has_none && is_given(text))
        fault_list_add(faults, "phone", "phone_said", NULL);
    else if (has_none || (request->phone_is_optional && !is_given(text)))
        fields->phone = g_strdup("");
    else
        add_fault(faults, "phone", person_phone_normalise(text, &fields->phone, &mobile),
                  "08xx or +628xx");
    if (fields->phone && !mobile)
        fault_list_add(warnings, "phone", "no_messages", NULL);
    if (has_none)
        fault_list_add(warnings, "phone", "no_phone", NULL);
}

static void check_lang(const BookingRequest *request, BookingFields *fields, FaultList *faults)
{
    if (!request->lang || strcmp(request->lang, "id") == 0)
        fields->lang = "id";
    else if (strcmp(request->lang, "en") == 0)
        fields->lang = "en";
    else
        fault_list_add(faults, "lang", "not_allowed", "id|en");
}

bool booking_check(const BookingRequest *request, const char *today, BookingFields *ret_fields,
                   FaultList *faults, FaultList *warnings)
{
    bool is_placed = request->is_walk_in || request->group_id;
    if (!request->by_staff || !request->group_id)
        add_fault(faults, "clinic", check_id(request->clinic_id), NULL);
    if (!is_placed || request->practitioner_id)
        add_fault(faults, "doctor", check_id(request->practitioner_id), NULL);
    if (request->service_id)
        add_fault(faults, "service", check_id(request->service_id), NULL);
    if (request->group_id)
        add_fault(faults, "group", check_id(request->group_id), NULL);
    if (!is_placed && request->starts_at_ms <= 0)
        fault_list_add(faults, "starts_at_ms", "required", NULL);
    add_fault(faults, "name", person_name_normalise(request->name, &ret_fields->name), "1..80");
    add_fault(faults, "birth_date", person_birth_date_check(request->birth_date, today),
              "YYYY-MM-DD");
    check_phone(request, ret_fields, faults, warnings);
    check_nik(request, today, ret_fields, faults);
    check_mother_nik(request, today, ret_fields, faults, warnings);
    check_contact(request, today, ret_fields, faults, warnings);
    check_lang(request, ret_fields, faults);
    add_fault(faults, "reason", visit_reason_normalise(request->reason, &ret_fields->reason),
              "0..200");
    if (request->idempotency_key && strlen(request->idempotency_key) > IDEMPOTENCY_KEY_MAX_BYTES)
        fault_list_add(faults, "Idempotency-Key", "too_long", "1..128");
    return fault_list_length(faults) == 0;
}
