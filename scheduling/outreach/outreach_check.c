// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/outreach_row.h"

#include <string.h>

static const int64_t latest_ms = 4102444800000; /* the year 2100 */

OutreachDraft *outreach_draft_new(void)
{
    return g_new0(OutreachDraft, 1);
}

void outreach_draft_free(OutreachDraft *draft)
{
    if (!draft)
        return;
    char *texts[] = {draft->id,     draft->name,    draft->birth_date,  draft->sex,
                     draft->reason, draft->address, draft->without_nik, draft->phone,
                     draft->lang,   draft->identity};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(draft->nik);
    secret_text_free(draft->mother_nik);
    g_free(draft);
}

void outreach_fields_clear(OutreachFields *fields)
{
    booking_fields_clear(&fields->person);
    g_free(fields->reason);
    g_free(fields->address);
}

bool outreach_uuid_is_valid(const char *text)
{
    if (!text || !g_uuid_string_is_valid(text))
        return false;
    for (const char *c = text; *c; c++) {
        if (g_ascii_isupper(*c))
            return false;
    }
    return true;
}

static bool is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

static bool is_one_of(const char *text, const char *const *names)
{
    return text && g_strv_contains(names, text);
}

/* Lines of TEXT, at most MAX characters; *ret_text is to be freed. */
static void check_text(const char *text, bool is_required, int max, const char *field,
                       char **ret_text, FaultList *faults)
{
    g_autofree char *allowed = g_strdup_printf("%d..%d", is_required ? 1 : 0, max);
    *ret_text = g_strdup("");
    if (is_blank(text)) {
        if (is_required)
            fault_list_add(faults, field, "required", allowed);
        return;
    }
    if (!g_utf8_validate(text, -1, NULL)) {
        fault_list_add(faults, field, "bad_characters", NULL);
        return;
    }
    g_free(*ret_text);
    *ret_text = g_strstrip(g_strdup(text));
    if (g_utf8_strlen(*ret_text, -1) > max)
        fault_list_add(faults, field, "too_long", allowed);
}

static void check_number(int64_t number, int64_t max, const char *field, FaultList *faults)
{
    if (number >= 1 && number <= max)
        return;
    g_autofree char *allowed = g_strdup_printf("1..%" G_GINT64_FORMAT, max);
    fault_list_add(faults, field, number < 1 ? "too_small" : "too_large", allowed);
}

/* Without a NIK there is a reason, and a newborn has its mother's. */
static void check_without(const OutreachDraft *draft, const char *today, OutreachFields *fields,
                          FaultList *faults)
{
    static const char *const reasons[] = {"newborn", "not_at_hand", "none", NULL};
    bool is_newborn = g_strcmp0(draft->without_nik, "newborn") == 0;
    if (!is_blank(draft->nik)) {
        if (draft->without_nik)
            fault_list_add(faults, "without_nik", "not_allowed", NULL);
    } else if (!draft->without_nik) {
        fault_list_add(faults, "nik", "required", "16 digits");
    } else if (!is_one_of(draft->without_nik, reasons)) {
        fault_list_add(faults, "without_nik", "not_allowed", "newborn|not_at_hand|none");
    }
    if (!is_newborn) {
        if (!is_blank(draft->mother_nik))
            fault_list_add(faults, "mother_nik", "not_allowed", NULL);
        return;
    }
    const char *code = person_nik_parse(is_blank(draft->mother_nik) ? NULL : draft->mother_nik,
                                        NULL, today, &fields->mother);
    if (code)
        fault_list_add(faults, "mother_nik", code, "16 digits");
    fields->has_mother = code == NULL;
}

static void check_sex(const OutreachDraft *draft, FaultList *faults)
{
    static const char *const sexes[] = {"L", "P", NULL};
    if (!is_one_of(draft->sex, sexes))
        fault_list_add(faults, "sex", draft->sex ? "not_allowed" : "required", "L|P");
}

static void check_person(const OutreachDraft *draft, const char *clinic_id, const char *today,
                         OutreachFields *fields, FaultList *faults, FaultList *warnings)
{
    const BookingRequest request = {
        .clinic_id = (char *)clinic_id,
        .is_walk_in = true,
        .phone_is_optional = true,
        .name = draft->name,
        .birth_date = draft->birth_date,
        .phone = draft->phone,
        .nik = draft->nik,
        .lang = draft->lang,
    };
    booking_check(&request, today, &fields->person, faults, warnings);
    check_without(draft, today, fields, faults);
    check_sex(draft, faults);
}

bool outreach_check(const OutreachDraft *draft, const char *clinic_id, const char *today,
                    OutreachFields *ret_fields, FaultList *faults, FaultList *warnings)
{
    static const char *const seen[] = {"ktp", "family_card", "other", "none", NULL};
    if (!outreach_uuid_is_valid(draft->id))
        fault_list_add(faults, "id", draft->id ? "not_an_id" : "required", "UUID");
    check_number(draft->sequence, OUTREACH_MAX_SEQUENCE, "sequence", faults);
    check_number(draft->revision, OUTREACH_MAX_REVISION, "revision", faults);
    check_number(draft->registered_at_ms, latest_ms, "registered_at_ms", faults);
    check_person(draft, clinic_id, today, ret_fields, faults, warnings);
    if (!is_one_of(draft->identity, seen))
        fault_list_add(faults, "identity", draft->identity ? "not_allowed" : "required",
                       "ktp|family_card|other|none");
    check_text(draft->reason, true, OUTREACH_REASON_CHARS, "reason", &ret_fields->reason, faults);
    check_text(draft->address, false, OUTREACH_ADDRESS_CHARS, "address", &ret_fields->address,
               faults);
    vital_check(draft->vitals, faults);
    return fault_list_length(faults) == 0;
}

char *outreach_draft_hash(const SecretBox *box, const OutreachDraft *draft)
{
    GString *all = g_string_new(NULL);
    const char *texts[] = {draft->name,        draft->birth_date, draft->sex,   draft->nik,
                           draft->without_nik, draft->mother_nik, draft->phone, draft->address,
                           draft->reason,      draft->identity,   draft->lang};
    /* With their lengths: no text can look like two. */
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_append_printf(all, "%zu:%s\n", texts[i] ? strlen(texts[i]) : (size_t)0,
                               texts[i] ? texts[i] : "");
    for (unsigned i = 0; i < VITAL_COUNT; i++)
        g_string_append_printf(all, "%d ", draft->vitals[i]);
    g_string_append_printf(all, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                           draft->sequence, draft->consent, draft->registered_at_ms);
    char *hash = secret_box_index(box, "outreach.entry", all->str);
    secret_wipe(all->str, all->len);
    g_string_free(all, TRUE);
    return hash;
}
