// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/note_row.h"

#include <string.h>

const char *note_text_name(NoteText text)
{
    switch (text) {
    case NOTE_SUBJECTIVE:
        return "subjective";
    case NOTE_OBJECTIVE:
        return "objective";
    case NOTE_ASSESSMENT:
        return "assessment";
    case NOTE_PLAN:
        return "plan";
    case NOTE_ALLERGIES:
        return "allergies";
    }
    g_assert_not_reached();
}

static void diagnosis_free(gpointer data)
{
    NoteDiagnosis *diagnosis = data;
    g_free(diagnosis->name);
    g_free(diagnosis);
}

NoteContent *note_content_new(void)
{
    NoteContent *content = g_new0(NoteContent, 1);
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++)
        content->texts[i] = g_strdup("");
    content->diagnoses = g_ptr_array_new_with_free_func(diagnosis_free);
    return content;
}

void note_content_free(NoteContent *content)
{
    if (!content)
        return;
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++)
        g_free(content->texts[i]);
    g_ptr_array_unref(content->diagnoses);
    g_free(content);
}

void note_content_add_diagnosis(NoteContent *content, const char *code, const char *name)
{
    NoteDiagnosis *diagnosis = g_new0(NoteDiagnosis, 1);
    g_strlcpy(diagnosis->code, code, sizeof diagnosis->code);
    diagnosis->name = g_strdup(name);
    g_ptr_array_add(content->diagnoses, diagnosis);
}

char *note_content_text(const NoteContent *content)
{
    /* Lengths keep a text from passing for the field that follows it. */
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++)
        g_string_append_printf(text, "%s %zu\n%s\n", note_text_name((NoteText)i),
                               strlen(content->texts[i]), content->texts[i]);
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        if (content->vitals[i] > 0)
            g_string_append_printf(text, "%s %d\n", vital_row((Vital)i)->name, content->vitals[i]);
    }
    for (unsigned i = 0; i < content->diagnoses->len; i++) {
        const NoteDiagnosis *diagnosis = content->diagnoses->pdata[i];
        g_string_append_printf(text, "diagnosis %s\n", diagnosis->code);
    }
    return g_string_free(text, FALSE);
}

static void check_doubles(const NoteContent *content, FaultList *faults)
{
    for (unsigned i = 1; i < content->diagnoses->len; i++) {
        const NoteDiagnosis *one = content->diagnoses->pdata[i];
        for (unsigned j = 0; j < i; j++) {
            const NoteDiagnosis *other = content->diagnoses->pdata[j];
            if (!g_str_equal(one->code, other->code))
                continue;
            g_autofree char *field = g_strdup_printf("diagnoses[%u]", i);
            fault_list_add(faults, field, "taken", NULL);
        }
    }
}

void note_content_check(const NoteContent *content, FaultList *faults)
{
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++) {
        glong max = i == NOTE_ALLERGIES ? NOTE_ALLERGIES_CHARS : NOTE_TEXT_CHARS;
        if (g_utf8_strlen(content->texts[i], -1) <= max)
            continue;
        g_autofree char *allowed = g_strdup_printf("0..%ld", max);
        fault_list_add(faults, note_text_name((NoteText)i), "too_long", allowed);
    }
    if (content->diagnoses->len > NOTE_MAX_DIAGNOSES)
        fault_list_add(faults, "diagnoses", "too_many", "0..10");
    vital_check(content->vitals, faults);
    check_doubles(content, faults);
}

char *note_hash(const Scheduling *scheduling, const char *visit_id, int64_t revision,
                const char *content_text)
{
    g_autofree char *text =
        g_strdup_printf("%s %" G_GINT64_FORMAT "\n%s", visit_id, revision, content_text);
    return secret_box_index(scheduling->box, "note", text);
}
