// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "tests/unit/scheduling/words.h"

void editor_clear(Editor *editor)
{
    g_clear_pointer(&editor->faults, g_free);
    g_clear_pointer(&editor->hits, g_free);
    g_clear_pointer(&editor->id, g_free);
}

void editor_keep(Editor *editor, const FaultList *faults, const GPtrArray *hits)
{
    editor_clear(editor);
    editor->faults = words_faults(faults);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < hits->len; i++)
        g_string_append_printf(text, "%s ", ((HoursHit *)hits->pdata[i])->number);
    editor->hits = g_string_free(text, FALSE);
}

void editor_on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    fixture_keep_error(editor->fixture, error);
    editor_keep(editor, edited->faults, edited->hits);
    if (!error && edited->ids->len > 0)
        editor->id = g_strdup(edited->ids->pdata[0]);
    g_strlcpy(editor->earlier_until, edited->earlier_until, sizeof editor->earlier_until);
}

int editor_edit_as(Editor *editor, const Actor *actor, const HoursEdit *edit, bool keep)
{
    Fixture *fixture = editor->fixture;
    HoursEdit kept = *edit;
    kept.keeps_bookings = keep;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, actor, fixture->seed.doctors[0].id, &kept, editor_on_edited,
               editor);
    fixture_wait(fixture);
    return fixture->error_code;
}

int editor_edit(Editor *editor, const HoursEdit *wanted, bool keep)
{
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    return editor_edit_as(editor, &doctor, wanted, keep);
}

HoursEdit editor_override(Fixture *fixture, const char *date, bool is_extra, int from, int to)
{
    HoursEdit wanted = {
        .kind = HOURS_EDIT_OVERRIDE_ADD,
        .override = {.is_extra = is_extra,
                     .minutes = {from, to},
                     .pattern = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 15}},
        .note = "rapat",
    };
    g_strlcpy(wanted.override.clinic_id, fixture->clinic_id, sizeof wanted.override.clinic_id);
    g_strlcpy(wanted.override.date, date, sizeof wanted.override.date);
    return wanted;
}

HoursEdit editor_rule(Fixture *fixture, unsigned weekdays, int from, int to)
{
    HoursEdit wanted = {
        .kind = HOURS_EDIT_RULE_ADD,
        .weekdays = weekdays,
        .rule = {.minutes = {from, to},
                 .pattern = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 20},
                 .valid_from = FIXTURE_TODAY},
    };
    g_strlcpy(wanted.rule.clinic_id, fixture->clinic_id, sizeof wanted.rule.clinic_id);
    return wanted;
}

HoursEdit editor_removal(HoursEditKind kind, const char *id)
{
    HoursEdit wanted = {.kind = kind};
    g_strlcpy(wanted.id, id, sizeof wanted.id);
    return wanted;
}

void editor_expect_fault(Editor *editor, const HoursEdit *wanted, const char *faults)
{
    assert_int_equal(editor_edit(editor, wanted, false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(editor->faults, faults);
}
