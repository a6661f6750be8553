// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/changer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/words.h"

void changer_clear(Changer *changer)
{
    g_clear_pointer(&changer->faults, g_free);
    g_clear_pointer(&changer->warnings, g_free);
    g_clear_pointer(&changer->token, g_free);
    g_clear_pointer(&changer->also, g_strfreev);
}

static void on_changed(const VisitPhoneChanged *changed, const GError *error, gpointer user_data)
{
    Changer *changer = user_data;
    fixture_keep_error(changer->fixture, error);
    changer_clear(changer);
    changer->faults = words_faults(changed->faults);
    changer->warnings = words_faults(changed->warnings);
    changer->has_changed = changed->has_changed;
    changer->is_told = changed->is_told;
    changer->token = g_strdup(changed->link ? changed->link->token : NULL);
    changer->also = g_new0(char *, changed->n_also + 1);
    for (unsigned i = 0; i < changed->n_also; i++)
        changer->also[i] = g_strdup(changed->also[i].link->token);
    changer->n_left = changed->n_left;
    changer->n_also_told = 0;
    for (unsigned i = 0; i < changed->n_also; i++)
        changer->n_also_told += changed->also[i].is_told;
}

int changer_change(Changer *changer, const char *visit_id, const char *text, const Actor *actor)
{
    const VisitPhone phone = {.text = text, .no_phone = text == NULL};
    changer->fixture->n_waiting++;
    visit_phone_change(changer->fixture->scheduling, visit_id, &phone, actor, on_changed, changer);
    fixture_wait(changer->fixture);
    return changer->fixture->error_code;
}

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    (void)grant;
    fixture_keep_error(user_data, error);
}

int changer_opens(Fixture *fixture, const char *token)
{
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_grant, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void changer_assert_sent(Fixture *fixture, const char *kinds, const char *to)
{
    GPtrArray *deliveries = mail_claim(fixture);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *one = deliveries->pdata[i];
        g_ptr_array_add(names, (char *)notification_kind_name(one->kind));
        assert_string_equal(one->to, to);
    }
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    g_autofree char *said = g_strjoinv(" ", (char **)names->pdata);
    assert_string_equal(said, kinds);
    mail_report(fixture, deliveries, NULL);
}

void changer_assert_trail(Fixture *fixture, const char *visit_id, const char *expected)
{
    mail_assert_query(fixture, expected,
                      "SELECT (SELECT COUNT(*) FROM visit_event WHERE kind = 'phone_changed' AND "
                      "visit_id = v.id) || ' ' || (SELECT COUNT(*) FROM audit WHERE action = "
                      "'visit.phone_changed' AND object_id = v.id) FROM visit v WHERE v.id = '%s'",
                      visit_id);
}
