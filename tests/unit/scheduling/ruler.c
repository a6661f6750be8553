// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/ruler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

const Actor ruler_admin = {.role = ACTOR_ADMIN, .user_id = "a"};

Actor ruler_coordinator(const Fixture *fixture, int facility)
{
    return (Actor){.role = ACTOR_COORDINATOR,
                   .user_id = "c",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static void keep_view(Ruler *ruler, const PolicyView *view)
{
    if (view)
        memcpy(ruler->items, view->items, sizeof ruler->items);
}

static void on_edited(const PolicyView *view, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Ruler *ruler = user_data;
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *one = fault_list_get(faults, i);
        g_string_append_printf(text, "%s%s %s %s", i ? "; " : "", one->field, one->code,
                               one->allowed ? one->allowed : "-");
    }
    g_free(ruler->faults);
    ruler->faults = g_string_free(text, FALSE);
    keep_view(ruler, view);
    fixture_keep_error(ruler->fixture, error);
}

static void on_got(const PolicyView *view, const GError *error, gpointer user_data)
{
    Ruler *ruler = user_data;
    keep_view(ruler, view);
    fixture_keep_error(ruler->fixture, error);
}

int ruler_set_all(Ruler *ruler, const Actor *actor, const char *facility_id,
                  const char *const *pairs)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(policy_change_free);
    for (; pairs[0]; pairs += 2) {
        PolicyChange *change = g_new0(PolicyChange, 1);
        *change = (PolicyChange){.rule = g_strdup(pairs[0]),
                                 .value = *pairs[1] ? g_strdup(pairs[1]) : NULL};
        g_ptr_array_add(changes, change);
    }
    ruler->fixture->n_waiting++;
    policy_edit(ruler->fixture->scheduling, actor, facility_id, changes, on_edited, ruler);
    fixture_wait(ruler->fixture);
    return ruler->fixture->error_code;
}

int ruler_set(Ruler *ruler, const Actor *actor, const char *facility_id, const char *rule,
              const char *value)
{
    const char *const pairs[] = {rule, value, NULL};
    return ruler_set_all(ruler, actor, facility_id, pairs);
}

int ruler_get(Ruler *ruler, const Actor *actor, const char *facility_id)
{
    ruler->fixture->n_waiting++;
    policy_get(ruler->fixture->scheduling, actor, facility_id, on_got, ruler);
    fixture_wait(ruler->fixture);
    return ruler->fixture->error_code;
}

const char *ruler_facility(const Ruler *ruler)
{
    return ruler->fixture->seed.facility_ids[0];
}

int ruler_set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Ruler *ruler = g_new0(Ruler, 1);
    ruler->fixture = *state;
    *state = ruler;
    return 0;
}

int ruler_tear_down(void **state)
{
    Ruler *ruler = *state;
    *state = ruler->fixture;
    g_free(ruler->faults);
    g_free(ruler);
    return fixture_tear_down(state);
}

void ruler_assert(Ruler *ruler, PolicyRule rule, int64_t value, int64_t inherited,
                  PolicySource source)
{
    assert_int_equal(ruler->items[rule].value, value);
    assert_int_equal(ruler->items[rule].inherited, inherited);
    assert_int_equal(ruler->items[rule].source, source);
    assert_int_equal(ruler->items[rule].changed_at_ms > 0,
                     source == POLICY_FROM_FACILITY ||
                         (source == POLICY_FROM_PROVINCE && value != inherited));
}
