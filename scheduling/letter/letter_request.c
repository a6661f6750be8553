// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/letter_request.h"

#include <string.h>

#include "server/base/clock.h"

static const char *const kind_names[LETTER_N_KINDS] = {
    [LETTER_SUMMARY] = "summary",
    [LETTER_PRESCRIPTION] = "prescription",
    [LETTER_REFERRAL] = "referral",
    [LETTER_SICK] = "sick",
};

const char *letter_kind_name(LetterKind kind)
{
    return kind_names[kind];
}

bool letter_kind_parse(const char *name, LetterKind *ret_kind)
{
    for (unsigned i = 0; name && i < LETTER_N_KINDS; i++) {
        if (strcmp(name, kind_names[i]) == 0) {
            *ret_kind = (LetterKind)i;
            return true;
        }
    }
    return false;
}

static void item_free(gpointer data)
{
    LetterItem *item = data;
    g_free(item->name);
    g_free(item->strength);
    g_free(item->form);
    g_free(item->signa);
    g_free(item);
}

LetterRequest *letter_request_new(LetterKind kind, const char *key)
{
    LetterRequest *request = g_new0(LetterRequest, 1);
    request->kind = kind;
    request->key = g_strdup(key);
    request->items = g_ptr_array_new_with_free_func(item_free);
    char **texts[] = {&request->to_facility, &request->to_clinic, &request->urgency,
                      &request->reason,      &request->therapy,   &request->from_date};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    return request;
}

void letter_request_free(LetterRequest *request)
{
    if (!request)
        return;
    char *texts[] = {request->key,    request->to_facility, request->to_clinic, request->urgency,
                     request->reason, request->therapy,     request->from_date};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(request->items);
    g_free(request);
}

LetterItem *letter_request_add_item(LetterRequest *request)
{
    LetterItem *item = g_new0(LetterItem, 1);
    g_ptr_array_add(request->items, item);
    return item;
}

/* By substance, as the ministry's lists name them in Indonesian, and common brands. */
static const char *const controlled[] = {
    "morfin",          "morphine",        "kodein",       "codein",        "codeine",
    "codipront",       "fentanil",        "fentanyl",     "petidin",       "pethidin",
    "oksikodon",       "oxycodon",        "metadon",      "methadon",      "tramadol",
    "diazepam",        "valium",          "alprazolam",   "xanax",         "lorazepam",
    "klonazepam",      "clonazepam",      "klobazam",     "clobazam",      "nitrazepam",
    "estazolam",       "midazolam",       "fenobarbital", "phenobarbital", "metilfenidat",
    "methylphenidat",  "ketamin",         "zolpidem",     "buprenorfin",   "buprenorphin",
    "klordiazepoksid", "chlordiazepoxid", "bromazepam",   "amfetamin",     "amphetamin",
};

bool letter_is_controlled(const char *medicine)
{
    g_autofree char *folded = g_utf8_casefold(medicine, -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(controlled); i++) {
        if (strstr(folded, controlled[i]))
            return true;
    }
    return false;
}

static void need_text(const char *text, const char *field, glong max, FaultList *faults)
{
    g_autofree char *allowed = g_strdup_printf("1..%ld", max);
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    if (!*trimmed)
        fault_list_add(faults, field, "required", NULL);
    else if (g_utf8_strlen(text, -1) > max)
        fault_list_add(faults, field, "too_long", allowed);
}

static void check_item(const LetterItem *item, unsigned index, FaultList *faults)
{
    g_autofree char *name = g_strdup_printf("items[%u].name", index);
    g_autofree char *signa = g_strdup_printf("items[%u].signa", index);
    g_autofree char *quantity = g_strdup_printf("items[%u].quantity", index);
    need_text(item->name, name, 80, faults);
    need_text(item->signa, signa, 160, faults);
    if (letter_is_controlled(item->name))
        fault_list_add(faults, name, "controlled_medicine", NULL);
    if (item->quantity < 1 || item->quantity > LETTER_MAX_QUANTITY)
        fault_list_add(faults, quantity, item->quantity < 1 ? "too_small" : "too_large", "1..999");
}

static void check_age(const char *visited, const char *today, int until_days, FaultList *faults)
{
    char last[11];
    g_autofree char *allowed = g_strdup_printf("0..%d", until_days);
    if (clock_date_add(visited, until_days, last) && strcmp(today, last) > 0)
        fault_list_add(faults, "visit", "too_long_ago", allowed);
}

static void check_prescription(const LetterRequest *request, FaultList *faults)
{
    if (request->items->len == 0)
        fault_list_add(faults, "items", "required", NULL);
    else if (request->items->len > LETTER_MAX_ITEMS)
        fault_list_add(faults, "items", "too_many", "1..10");
    for (unsigned i = 0; i < request->items->len; i++)
        check_item(request->items->pdata[i], i, faults);
}

static void check_referral(const LetterRequest *request, FaultList *faults)
{
    static const char *const urgencies[] = {"routine", "urgent", "emergency", NULL};
    need_text(request->to_facility, "to_facility", 120, faults);
    need_text(request->reason, "reason", 500, faults);
    if (!g_strv_contains(urgencies, request->urgency))
        fault_list_add(faults, "urgency", "not_allowed", "routine|urgent|emergency");
}

static void check_sick(const LetterRequest *request, const char *visited, int sick_days,
                       FaultList *faults)
{
    g_autofree char *allowed = g_strdup_printf("1..%d", sick_days);
    char last[11];
    (void)clock_date_add(visited, 1, last);
    /* Nobody was ill on the doctor's word before the doctor saw them, nor falls ill later on it. */
    if (strcmp(request->from_date, visited) < 0)
        fault_list_add(faults, "from", "in_past", NULL);
    else if (strcmp(request->from_date, last) > 0)
        fault_list_add(faults, "from", "after_next_day", NULL);
    if (request->days < 1 || request->days > sick_days)
        fault_list_add(faults, "days", "out_of_range", allowed);
    if (!request->is_identity_checked)
        fault_list_add(faults, "identity_checked", "required", NULL);
}

void letter_request_check(const LetterRequest *request, const char *visited, const char *today,
                          int sick_days, FaultList *faults)
{
    switch (request->kind) {
    case LETTER_SUMMARY:
        return;
    case LETTER_PRESCRIPTION:
        check_prescription(request, faults);
        check_age(visited, today, LETTER_PRESCRIPTION_UNTIL_DAYS, faults);
        return;
    case LETTER_REFERRAL:
        check_referral(request, faults);
        return;
    case LETTER_SICK:
        check_sick(request, visited, sick_days, faults);
        check_age(visited, today, LETTER_SICK_UNTIL_DAYS, faults);
        return;
    }
    g_assert_not_reached();
}

static void add_text(GString *text, const char *value)
{
    g_string_append_printf(text, "%zu %s\n", strlen(value), value);
}

char *letter_request_text(const LetterRequest *request)
{
    GString *text = g_string_new(NULL);
    const char *values[] = {letter_kind_name(request->kind),
                            request->to_facility,
                            request->to_clinic,
                            request->urgency,
                            request->reason,
                            request->therapy,
                            request->from_date};
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        add_text(text, values[i]);
    g_string_append_printf(text, "%d %d\n", request->days, request->is_identity_checked);
    for (unsigned i = 0; i < request->items->len; i++) {
        const LetterItem *item = request->items->pdata[i];
        add_text(text, item->name);
        add_text(text, item->strength);
        add_text(text, item->form);
        add_text(text, item->signa);
        g_string_append_printf(text, "%d\n", item->quantity);
    }
    return g_string_free(text, FALSE);
}
