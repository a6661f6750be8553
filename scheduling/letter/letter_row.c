// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/letter_row.h"

static const char *const revoke_kinds[] = {
    [LETTER_REVOKED_OTHER] = "other",
    [LETTER_REVOKED_MISTAKE] = "mistake",
    [LETTER_REVOKED_REPLACED] = "replaced",
    [LETTER_REVOKED_NOT_NEEDED] = "not_needed",
};

const char *letter_revoke_kind_name(LetterRevokeKind kind)
{
    return revoke_kinds[kind];
}

LetterRevokeKind letter_revoke_kind_parse(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(revoke_kinds); i++) {
        if (g_strcmp0(revoke_kinds[i], name) == 0)
            return (LetterRevokeKind)i;
    }
    return LETTER_REVOKED_OTHER;
}

void letter_free(Letter *letter)
{
    if (!letter)
        return;
    char *texts[] = {letter->id,        letter->code,     letter->number,        letter->visit_id,
                     letter->facility,  letter->initials, letter->revoke_reason, letter->sha256,
                     letter->local_date};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    letter_paper_free(letter->paper);
    g_free(letter);
}

/* Letters of before are sealed without the facility's name. */
static char *seal_text(const Letter *letter, const char *sha256, bool with_facility)
{
    return g_strdup_printf("%s\n%s\n%s\n%s\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%s%s%s", letter->id,
                           letter->code, letter_kind_name(letter->kind), letter->number,
                           letter->visit_id, letter->local_date, letter->initials,
                           letter->issued_at_ms, sha256, with_facility ? "\n" : "",
                           with_facility ? letter->facility : "");
}

char *letter_row_seal(const Scheduling *scheduling, const Letter *letter, const char *sha256)
{
    g_autofree char *text = seal_text(letter, sha256, true);
    return secret_box_index(scheduling->box, "letter.seal", text);
}

static bool is_sealed(const Scheduling *scheduling, const Letter *letter, const char *seal)
{
    g_autofree char *text = seal_text(letter, letter->sha256, false);
    g_autofree char *now = letter_row_seal(scheduling, letter, letter->sha256);
    g_autofree char *before = secret_box_index(scheduling->box, "letter.seal", text);
    return secret_equal_text(now, seal) || secret_equal_text(before, seal);
}

static bool read_paper(const Scheduling *scheduling, const char *sealed, Letter *letter,
                       GError **error)
{
    char *text = secret_box_open(scheduling->box, "letter.paper", sealed, error);
    if (!text)
        return false;
    letter->paper = letter_paper_parse(text);
    secret_text_free(text);
    if (!letter->paper)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "letter %s: its paper does not parse",
                    letter->id);
    return letter->paper != NULL;
}

static void read_columns(DbQuery *row, Letter *letter)
{
    letter->id = db_column_dup(row, 0);
    letter->code = db_column_dup(row, 1);
    (void)letter_kind_parse(db_column_text(row, 2), &letter->kind);
    letter->number = db_column_dup(row, 4);
    letter->visit_id = db_column_dup(row, 5);
    letter->issued_at_ms = db_column_int(row, 6);
    letter->local_date = db_column_dup(row, 7);
    letter->initials = db_column_dup(row, 8);
    letter->sha256 = db_column_dup(row, 9);
    letter->revoked_at_ms = scheduling_column_int0(row, 11);
    letter->revoke_reason = db_column_dup(row, 12);
    letter->revoke_kind = letter_revoke_kind_parse(db_column_text(row, 14));
}

/* The facility is called what the paper calls it, whatever its name is today. A paper of another
 * letter, or one that does not open, is no seal's. */
static void read_seal(const Scheduling *scheduling, DbQuery *row, Letter *letter)
{
    bool is_its_paper = letter->paper && g_strcmp0(letter->paper->number, letter->number) == 0;
    letter->facility = g_strdup(is_its_paper ? letter->paper->facility : "");
    letter->is_sealed =
        is_its_paper && letter->sha256 && is_sealed(scheduling, letter, db_column_text(row, 10));
}

Letter *letter_row_load(const Scheduling *scheduling, DbTx *tx, const char *id, bool with_paper,
                        GError **error)
{
    DbQuery *row = db_query(tx, "letter_by_id");
    db_bind_text(row, 1, id);
    if (!scheduling_need_row(row, "letter", error))
        return NULL;
    g_autoptr(Letter) letter = g_new0(Letter, 1);
    g_autoptr(GError) unread = NULL;
    read_columns(row, letter);
    bool ok = read_paper(scheduling, db_column_text(row, 13), letter, &unread) || !with_paper;
    read_seal(scheduling, row, letter);
    db_reset(row);
    if (!with_paper)
        g_clear_pointer(&letter->paper, letter_paper_free);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&unread));
    return ok ? g_steal_pointer(&letter) : NULL;
}

void letter_facts_clear(LetterFacts *facts)
{
    char *texts[] = {facts->facility,   facts->address,      facts->phone,           facts->clinic,
                     facts->doctor,     facts->patient,      facts->birth_date,      facts->sex,
                     facts->patient_id, facts->contact_name, facts->contact_relation};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(facts->nik);
    secret_text_free(facts->mother_nik);
    note_clear(&facts->note);
    letter_permit_clear(&facts->permit);
    g_free(facts->allergy_words);
    if (facts->addenda)
        g_ptr_array_unref(facts->addenda);
}

static bool read_visit(const Scheduling *scheduling, DbQuery *row, LetterFacts *facts,
                       GError **error)
{
    char **texts[] = {&facts->facility, &facts->address,    &facts->phone,
                      &facts->clinic,   &facts->doctor,     &facts->patient_id,
                      &facts->patient,  &facts->birth_date, &facts->sex};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = db_column_dup(row, i);
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    int64_t open_since_ms = scheduling_column_int0(row, 11);
    facts->both_ms = db_column_int(row, 10);
    if (open_since_ms > 0)
        facts->both_ms += MAX(now_ms - open_since_ms, 0);
    facts->starts_at_ms = db_column_int(row, 12);
    clock_local_date(now_ms, scheduling->zone, facts->today);
    facts->contact_name = db_column_dup(row, 14);
    facts->contact_relation = db_column_dup(row, 15);
    facts->has_come = db_column_int(row, 17) != 0;
    facts->is_assisted = db_column_int(row, 18) != 0;
    int column = db_column_is_null(row, 9) ? 16 : 9;
    if (db_column_is_null(row, column))
        return true;
    char **place = column == 9 ? &facts->nik : &facts->mother_nik;
    *place = secret_box_open(scheduling->box, "patient.nik", db_column_text(row, column), error);
    return *place != NULL;
}

static bool load_allergies(const Scheduling *scheduling, DbTx *tx, LetterFacts *facts,
                           GError **error)
{
    const NoteAllergyAsk ask = {&facts->visit, facts->patient_id,
                                facts->note.content->texts[NOTE_ALLERGIES]};
    return note_row_allergies(scheduling, tx, &ask, &facts->allergy_words, &facts->is_chart_open,
                              error);
}

bool letter_facts_load(const Scheduling *scheduling, DbTx *tx, const char *visit_id,
                       const Actor *actor, LetterFacts *ret_facts, GError **error)
{
    LetterFacts *facts = ret_facts;
    if (!note_visit_load(tx, visit_id, actor, &facts->visit, error))
        return false;
    DbQuery *row = db_query(tx, "letter_visit");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    bool ok = read_visit(scheduling, row, facts, error);
    db_reset(row);
    const LetterSigner signer = {facts->visit.practitioner_id, facts->visit.facility_id,
                                 facts->today};
    facts->addenda = g_ptr_array_new_with_free_func(note_addendum_free);
    return ok && note_row_load(tx, visit_id, &facts->note, error) &&
           note_row_load_addenda(tx, visit_id, facts->addenda, error) &&
           load_allergies(scheduling, tx, facts, error) &&
           letter_permit_load(tx, &signer, &facts->permit, error);
}
