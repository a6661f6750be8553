// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/contact.h"

#include "scheduling/booking/person.h"

static const char *const names[] = {
    [CONTACT_PARENT] = "parent",
    [CONTACT_CHILD] = "child",
    [CONTACT_SPOUSE] = "spouse",
    [CONTACT_OTHER] = "other",
};
static const char *const words[] = {
    [CONTACT_PARENT] = "orang tua",
    [CONTACT_CHILD] = "anak",
    [CONTACT_SPOUSE] = "suami/istri",
    [CONTACT_OTHER] = "keluarga/wali",
};

const char *contact_relation_name(ContactRelation relation)
{
    return names[relation];
}

bool contact_relation_parse(const char *name, ContactRelation *ret_relation)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(names); i++) {
        if (!g_str_equal(names[i], name))
            continue;
        *ret_relation = (ContactRelation)i;
        return true;
    }
    return false;
}

const char *contact_relation_words(const char *name)
{
    ContactRelation relation = CONTACT_OTHER;
    (void)contact_relation_parse(name, &relation);
    return words[relation];
}

void contact_check(const char *name, const char *relation, char **ret_name,
                   ContactRelation *ret_relation, FaultList *faults)
{
    const char *wrong = person_name_normalise(name, ret_name);
    if (wrong)
        fault_list_add(faults, "contact_name", wrong, "1..80");
    if (!contact_relation_parse(relation, ret_relation))
        fault_list_add(faults, "contact_relation",
                       relation && *relation ? "not_allowed" : "required", CONTACT_RELATIONS);
}

bool contact_write(DbTx *tx, const char *visit_id, const char *name, ContactRelation relation,
                   GError **error)
{
    DbQuery *query = db_query(tx, "contact_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, name);
    db_bind_text(query, 3, contact_relation_name(relation));
    return db_exec(query, error);
}

bool contact_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id, GError **error)
{
    DbQuery *query = db_query(tx, "contact_carry");
    db_bind_text(query, 1, from_visit_id);
    db_bind_text(query, 2, to_visit_id);
    return db_exec(query, error);
}

bool contact_load_state(DbTx *tx, const char *visit_id, ContactState *ret_state, GError **error)
{
    DbQuery *row = db_query(tx, "contact_of_visit");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    ret_state->has_contact = db_column_int(row, 0) != 0;
    int age = person_age(db_column_text(row, 1), db_column_text(row, 2));
    ret_state->is_minor = age < CONTACT_ADULT_YEARS;
    ret_state->is_child = age < CONTACT_CHILD_YEARS;
    db_reset(row);
    return true;
}
