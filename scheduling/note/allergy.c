// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/allergy.h"

#include <string.h>

#include "scheduling/letter/letter_paper.h"

static void allergy_free(gpointer data)
{
    NoteAllergy *allergy = data;
    g_free(allergy->text);
    g_free(allergy);
}

GPtrArray *note_allergy_list_new(void)
{
    return g_ptr_array_new_with_free_func(allergy_free);
}

/* Each run of blanks one space, none at the ends. */
static char *squeeze(const char *line)
{
    g_auto(GStrv) words = g_strsplit_set(line, " \t\r", -1);
    GString *text = g_string_new(NULL);
    for (char **word = words; *word; word++) {
        if (**word)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", *word);
    }
    return g_string_free(text, FALSE);
}

static bool says(const GPtrArray *list, const char *line)
{
    g_autofree char *folded = g_utf8_casefold(line, -1);
    for (unsigned i = 0; i < list->len; i++) {
        const NoteAllergy *one = list->pdata[i];
        g_autofree char *other = g_utf8_casefold(one->text, -1);
        if (strcmp(folded, other) == 0)
            return true;
    }
    return false;
}

void note_allergy_add(GPtrArray *list, const char *text, int64_t noted_at_ms)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_autofree char *clean = squeeze(*line);
        if (!*clean || says(list, clean))
            continue;
        NoteAllergy *allergy = g_new0(NoteAllergy, 1);
        allergy->text = g_steal_pointer(&clean);
        allergy->noted_at_ms = noted_at_ms;
        g_ptr_array_add(list, allergy);
    }
}

bool note_allergy_load(DbTx *tx, const char *patient_id, const char *visit_id, GPtrArray *list,
                       GError **error)
{
    DbQuery *rows = db_query(tx, "note_allergies");
    db_bind_text(rows, 1, patient_id);
    db_bind_text(rows, 2, visit_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        note_allergy_add(list, db_column_text(rows, 0), db_column_int(rows, 1));
    return step == DB_DONE;
}

static void end_day(GString *words, const char *day)
{
    if (!*day)
        return;
    g_autofree char *date = letter_date_words(day, false);
    g_string_append_printf(words, " (dicatat %s)", date);
}

char *note_allergy_words(const char *own, const GPtrArray *known, GTimeZone *zone)
{
    g_autoptr(GPtrArray) said = note_allergy_list_new();
    char day[SCHEDULING_DATE_BYTES] = "";
    note_allergy_add(said, own, 0);
    GString *words = g_string_new(NULL);
    for (unsigned i = 0; i < known->len; i++) {
        const NoteAllergy *one = known->pdata[i];
        char noted[SCHEDULING_DATE_BYTES];
        if (says(said, one->text))
            continue;
        clock_local_date(one->noted_at_ms, zone, noted);
        if (strcmp(noted, day) == 0) {
            g_string_append_printf(words, "; %s", one->text);
            continue;
        }
        end_day(words, day);
        g_string_append_printf(words, "%s%s", words->len ? "\n" : "", one->text);
        memcpy(day, noted, sizeof day);
    }
    end_day(words, day);
    /* Last: a "none" of today that stood first hid what was noted before from a quick eye. */
    const char *now = words->len ? " (kunjungan ini)" : "";
    for (unsigned i = 0; i < said->len; i++)
        g_string_append_printf(words, "%s%s",
                               i            ? "; "
                               : words->len ? "\n"
                                            : "",
                               ((NoteAllergy *)said->pdata[i])->text);
    if (said->len)
        g_string_append(words, now);
    bool is_empty = words->len == 0;
    char *text = g_string_free(words, is_empty);
    return is_empty ? NULL : text;
}
