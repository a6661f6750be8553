// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_draft.h"

#include "scheduling/booking/person.h"
#include "scheduling/wait/wait_rule.h"
#include "server/base/clock.h"
#include "server/base/revision.h"

#include <string.h>

enum {
    NAME_CHARS = 80,
    ADDRESS_CHARS = 160,
    NUMBER_CHARS = 60,
    PHONE_CHARS = 20,
    DATE_BYTES = 11,
};

const char *directory_kind_name(DirectoryKind kind)
{
    switch (kind) {
    case DIRECTORY_FACILITY:
        return "facility";
    case DIRECTORY_CLINIC:
        return "clinic";
    case DIRECTORY_PRACTITIONER:
        return "practitioner";
    case DIRECTORY_SERVICE:
        return "service";
    }
    g_assert_not_reached();
}

static void permit_free(gpointer data)
{
    DirectoryPermit *permit = data;
    g_free(permit->facility_id);
    g_free(permit->number);
    g_free(permit->valid_until);
    g_free(permit);
}

DirectoryDraft *directory_draft_new(DirectoryKind kind)
{
    DirectoryDraft *draft = g_new0(DirectoryDraft, 1);
    draft->kind = kind;
    draft->is_active = true;
    draft->clinic_ids = g_ptr_array_new_with_free_func(g_free);
    draft->permits = g_ptr_array_new_with_free_func(permit_free);
    return draft;
}

void directory_draft_free(DirectoryDraft *draft)
{
    if (!draft)
        return;
    char *texts[] = {draft->id,
                     draft->name,
                     draft->facility_kind,
                     draft->area_code,
                     draft->address,
                     draft->phone,
                     draft->facility_id,
                     draft->letter,
                     draft->str_number,
                     draft->str_valid_until,
                     draft->wait_mode,
                     draft->revision};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(draft->terms.clinic_id);
    g_free(draft->terms.mode);
    g_ptr_array_unref(draft->clinic_ids);
    g_ptr_array_unref(draft->permits);
    g_free(draft);
}

void directory_draft_add_permit(DirectoryDraft *draft, const char *facility_id, const char *number,
                                const char *valid_until)
{
    DirectoryPermit *permit = g_new0(DirectoryPermit, 1);
    permit->facility_id = g_strdup(facility_id);
    permit->number = g_strdup(number);
    permit->valid_until = g_strdup(valid_until);
    g_ptr_array_add(draft->permits, permit);
}

static bool has_permit(const DirectoryDraft *draft, const DirectoryPermit *permit)
{
    for (unsigned i = 0; i < draft->permits->len; i++) {
        const DirectoryPermit *other = draft->permits->pdata[i];
        if (g_strcmp0(other->facility_id, permit->facility_id) == 0 &&
            g_strcmp0(other->number, permit->number) == 0 &&
            g_strcmp0(other->valid_until, permit->valid_until) == 0)
            return true;
    }
    return false;
}

/* In whatever order. */
static bool same_lists(const DirectoryDraft *a, const DirectoryDraft *b)
{
    if (a->clinic_ids->len != b->clinic_ids->len || a->permits->len != b->permits->len)
        return false;
    for (unsigned i = 0; i < a->clinic_ids->len; i++) {
        if (!g_ptr_array_find_with_equal_func(b->clinic_ids, a->clinic_ids->pdata[i], g_str_equal,
                                              NULL))
            return false;
    }
    for (unsigned i = 0; i < a->permits->len; i++) {
        if (!has_permit(b, a->permits->pdata[i]))
            return false;
    }
    return true;
}

bool directory_draft_equal(const DirectoryDraft *a, const DirectoryDraft *b)
{
    const char *const texts[][2] = {
        {a->id, b->id},
        {a->name, b->name},
        {a->facility_kind, b->facility_kind},
        {a->area_code, b->area_code},
        {a->address, b->address},
        {a->phone, b->phone},
        {a->facility_id, b->facility_id},
        {a->letter, b->letter},
        {a->wait_mode, b->wait_mode},
        {a->str_number, b->str_number},
        {a->str_valid_until, b->str_valid_until},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (g_strcmp0(texts[i][0], texts[i][1]) != 0)
            return false;
    }
    const DirectoryTerms *left = &a->terms, *right = &b->terms;
    bool same_terms = g_strcmp0(left->mode, right->mode) == 0 &&
                      left->duration_minutes == right->duration_minutes &&
                      left->before_minutes == right->before_minutes &&
                      left->after_minutes == right->after_minutes &&
                      left->price_rupiah == right->price_rupiah;
    return same_terms && a->kind == b->kind && a->is_active == b->is_active && same_lists(a, b);
}

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In an order of their own. */
static void add_sorted(Revision *revision, GPtrArray *texts)
{
    g_ptr_array_sort(texts, compare_texts);
    revision_add_int(revision, texts->len);
    for (unsigned i = 0; i < texts->len; i++)
        revision_add(revision, texts->pdata[i]);
}

static void add_lists(Revision *revision, const DirectoryDraft *draft)
{
    g_autoptr(GPtrArray) clinics = g_ptr_array_new();
    g_autoptr(GPtrArray) permits = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < draft->clinic_ids->len; i++)
        g_ptr_array_add(clinics, draft->clinic_ids->pdata[i]);
    for (unsigned i = 0; i < draft->permits->len; i++) {
        const DirectoryPermit *permit = draft->permits->pdata[i];
        g_ptr_array_add(permits, g_strjoin("\n", permit->facility_id, permit->number,
                                           permit->valid_until, NULL));
    }
    add_sorted(revision, clinics);
    add_sorted(revision, permits);
}

char *directory_draft_revision(const DirectoryDraft *draft)
{
    const DirectoryTerms *terms = &draft->terms;
    const char *const texts[] = {
        directory_kind_name(draft->kind),
        draft->id,
        draft->name,
        draft->facility_kind,
        draft->area_code,
        draft->address,
        draft->phone,
        draft->facility_id,
        draft->letter,
        draft->wait_mode,
        draft->str_number,
        draft->str_valid_until,
        terms->clinic_id,
        terms->mode,
    };
    const int64_t numbers[] = {draft->is_active, terms->duration_minutes, terms->before_minutes,
                               terms->after_minutes, terms->price_rupiah};
    Revision *revision = revision_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        revision_add(revision, texts[i]);
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++)
        revision_add_int(revision, numbers[i]);
    add_lists(revision, draft);
    return revision_end(revision);
}

static bool has_control(const char *text)
{
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            return true;
    }
    return false;
}

/* A text of 1 to MAX characters on one line; NULL and empty only when it is not REQUIRED. */
static void check_text(FaultList *faults, const char *field, const char *text, long max,
                       bool required)
{
    g_autofree char *allowed = g_strdup_printf("1..%ld", max);
    bool is_empty = !text || !*text;
    if (is_empty && required)
        fault_list_add(faults, field, "required", NULL);
    else if (!is_empty && !g_utf8_validate(text, -1, NULL))
        fault_list_add(faults, field, "bad_characters", NULL);
    else if (!is_empty && has_control(text))
        fault_list_add(faults, field, "bad_characters", NULL);
    else if (!is_empty && g_utf8_strlen(text, -1) > max)
        fault_list_add(faults, field, "too_long", allowed);
}

static void check_date(FaultList *faults, const char *field, const char *text, bool required)
{
    char date[DATE_BYTES];
    if (!text || !*text) {
        if (required)
            fault_list_add(faults, field, "required", NULL);
        return;
    }
    if (strlen(text) != DATE_BYTES - 1 || !clock_date_add(text, 0, date))
        fault_list_add(faults, field, "not_a_date", "YYYY-MM-DD");
}

static void check_phone(FaultList *faults, const char *text)
{
    check_text(faults, "phone", text, PHONE_CHARS, true);
    if (!text || !*text)
        return;
    bool is_mobile = false;
    g_autofree char *e164 = NULL;
    if (person_phone_normalise(text, &e164, &is_mobile) != NULL)
        fault_list_add(faults, "phone", "not_a_phone", "0435-881234");
}

static void check_facility(const DirectoryDraft *draft, FaultList *faults)
{
    static const char *const kinds[] = {"puskesmas", "clinic", "hospital", NULL};
    if (!draft->facility_kind || !g_strv_contains(kinds, draft->facility_kind))
        fault_list_add(faults, "kind", "not_allowed", "puskesmas, clinic, hospital");
    check_text(faults, "area_code", draft->area_code, NUMBER_CHARS, true);
    check_text(faults, "address", draft->address, ADDRESS_CHARS, true);
    check_phone(faults, draft->phone);
}

static void check_clinic(const DirectoryDraft *draft, FaultList *faults)
{
    const char *letter = draft->letter;
    WaitMode mode;
    if (draft->wait_mode && !wait_mode_parse(draft->wait_mode, &mode))
        fault_list_add(faults, "wait_mode", "not_allowed", "one_by_one, all_at_once");
    if (letter && *letter && (strlen(letter) != 1 || !g_ascii_isupper(*letter)))
        fault_list_add(faults, "letter", "not_a_letter", "A..Z");
    if (!draft->id && (!draft->facility_id || !*draft->facility_id))
        fault_list_add(faults, "facility", "required", NULL);
}

static bool is_twice(const DirectoryDraft *draft, unsigned at)
{
    const DirectoryPermit *permit = g_ptr_array_index(draft->permits, at);
    for (unsigned i = 0; i < at; i++) {
        const DirectoryPermit *other = g_ptr_array_index(draft->permits, i);
        if (g_strcmp0(other->facility_id, permit->facility_id) == 0)
            return true;
    }
    return false;
}

static void check_permits(const DirectoryDraft *draft, FaultList *faults)
{
    for (unsigned i = 0; i < draft->permits->len; i++) {
        const DirectoryPermit *permit = g_ptr_array_index(draft->permits, i);
        g_autofree char *facility = g_strdup_printf("permits[%u].facility", i);
        g_autofree char *number = g_strdup_printf("permits[%u].number", i);
        g_autofree char *until = g_strdup_printf("permits[%u].valid_until", i);
        if (is_twice(draft, i))
            fault_list_add(faults, facility, "taken", NULL);
        check_text(faults, number, permit->number, NUMBER_CHARS, true);
        check_date(faults, until, permit->valid_until, true);
    }
}

static void check_practitioner(const DirectoryDraft *draft, FaultList *faults)
{
    check_text(faults, "str_number", draft->str_number, NUMBER_CHARS, false);
    check_date(faults, "str_valid_until", draft->str_valid_until, false);
    if (draft->clinic_ids->len == 0 && draft->is_active)
        fault_list_add(faults, "clinics", "required", NULL);
    if (draft->clinic_ids->len > DIRECTORY_MAX_CLINICS)
        fault_list_add(faults, "clinics", "too_many", "1..40");
    if (draft->permits->len > DIRECTORY_MAX_PERMITS)
        fault_list_add(faults, "permits", "too_many", "0..20");
    else
        check_permits(draft, faults);
}

static void check_number(FaultList *faults, const char *field, int64_t number, int64_t min,
                         int64_t max)
{
    g_autofree char *allowed = g_strdup_printf("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, min, max);
    if (number < min || number > max)
        fault_list_add(faults, field, number < min ? "too_small" : "too_large", allowed);
}

static void check_service(const DirectoryDraft *draft, FaultList *faults)
{
    static const char *const modes[] = {"video", "assisted", "doctor_to_doctor", NULL};
    const DirectoryTerms *terms = &draft->terms;
    if (!draft->id && !terms->clinic_id)
        fault_list_add(faults, "clinic", "required", NULL);
    if (!terms->mode || !g_strv_contains(modes, terms->mode))
        fault_list_add(faults, "mode", "not_allowed", "video, assisted, doctor_to_doctor");
    check_number(faults, "duration_minutes", terms->duration_minutes, 5, 240);
    check_number(faults, "before_minutes", terms->before_minutes, 0, 120);
    check_number(faults, "after_minutes", terms->after_minutes, 0, 120);
    check_number(faults, "price_rupiah", terms->price_rupiah, 0, DIRECTORY_MAX_PRICE);
}

void directory_draft_check(const DirectoryDraft *draft, FaultList *faults)
{
    check_text(faults, "name", draft->name, NAME_CHARS, true);
    switch (draft->kind) {
    case DIRECTORY_FACILITY:
        check_facility(draft, faults);
        break;
    case DIRECTORY_CLINIC:
        check_clinic(draft, faults);
        break;
    case DIRECTORY_PRACTITIONER:
        check_practitioner(draft, faults);
        break;
    case DIRECTORY_SERVICE:
        check_service(draft, faults);
        break;
    }
}
