// SPDX-License-Identifier: Apache-2.0
/* What strangers type about themselves, through every normaliser. Besides not crashing: what comes
 * out goes in again unchanged. */
#include <string.h>

#include "scheduling/booking/person.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char today[] = "2026-11-24";

static void check_name(const char *text)
{
    char *name = NULL;
    if (person_name_normalise(text, &name))
        return;
    char *again = NULL;
    g_assert(person_name_normalise(name, &again) == NULL);
    g_assert(strcmp(name, again) == 0);
    g_free(person_initials(name));
    g_free(again);
    g_free(name);
}

static void check_phone(const char *text)
{
    char *phone = NULL;
    bool mobile = false;
    if (person_phone_normalise(text, &phone, &mobile))
        return;
    char *again = NULL;
    bool still_mobile = !mobile;
    g_assert(g_str_has_prefix(phone, "+62") && strlen(phone) <= 16);
    /* A fixed line's +62 form is accepted too. */
    g_assert(person_phone_normalise(phone, &again, &still_mobile) == NULL);
    g_assert(strcmp(phone, again) == 0 && mobile == still_mobile);
    g_free(person_phone_mask(phone));
    g_free(again);
    g_free(phone);
}

static void check_nik(const char *text)
{
    PersonNik nik, again;
    if (person_nik_parse(text, NULL, today, &nik))
        return;
    g_assert(strlen(nik.digits) == 16 && (nik.sex == 'L' || nik.sex == 'P'));
    g_assert(person_nik_parse(nik.digits, nik.birth_date, today, &again) == NULL);
    g_assert(strcmp(nik.birth_date, again.birth_date) == 0);
    g_free(person_nik_mask(nik.digits));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = g_strndup((const char *)data, size);
    check_name(text);
    check_phone(text);
    check_nik(text);
    if (!person_birth_date_check(text, today))
        g_assert(person_age(text, today) <= 130);
    g_free(text);
    return 0;
}
