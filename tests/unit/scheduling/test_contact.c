// SPDX-License-Identifier: Apache-2.0
/* Who books for somebody else: the patient stays a person of their own, the contact is told, and
 * stands beside. */
#include "tests/unit/scheduling/fixture.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/people/pair.h"
#include "scheduling/record/consent.h"
#include "scheduling/record/record.h"
#include "tests/unit/scheduling/words.h"

typedef struct {
    Fixture *fixture;
    char visit_id[SCHEDULING_ID_BYTES];
    char *faults, *warnings;
    char *patient, *phone, *contact, *relation, *mother_nik, *giver, *giver_relation;
    char *day_contact;
    unsigned n_pairs;
    char *certainty;
} Answer;

static void answer_clear(Answer *answer)
{
    char *texts[] = {answer->faults,         answer->warnings,    answer->patient,    answer->phone,
                     answer->contact,        answer->relation,    answer->mother_nik, answer->giver,
                     answer->giver_relation, answer->day_contact, answer->certainty};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *answer = (Answer){.fixture = answer->fixture};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->faults = words_faults(booking->faults);
    answer->warnings = words_faults(booking->warnings);
    if (!error)
        g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
}

/* NULL: not given. Everybody has the phone of the fixture's request: the contact's. */
typedef struct {
    const char *name, *birth_date, *nik, *mother_nik, *contact, *relation, *key;
    int64_t consent;
} Who;

static int book(Fixture *fixture, int hour, int minute, const Who *who, Answer *answer)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, hour, minute));
    g_free(request->name);
    g_free(request->birth_date);
    secret_text_free(request->nik);
    request->name = g_strdup(who->name);
    request->birth_date = g_strdup(who->birth_date);
    request->nik = g_strdup(who->nik);
    request->mother_nik = g_strdup(who->mother_nik);
    request->contact_name = g_strdup(who->contact);
    request->contact_relation = g_strdup(who->relation);
    request->idempotency_key = g_strdup(who->key);
    request->consent = who->consent;
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_record(const Record *record, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->patient = g_strdup(record->visit.patient);
    answer->phone = g_strdup(record->visit.phone_masked);
    answer->contact = g_strdup(record->visit.contact_name);
    answer->relation = g_strdup(record->visit.contact_relation);
    answer->mother_nik = g_strdup(record->visit.mother_nik_masked);
    if (record->consents->len == 0)
        return;
    const RecordConsent *last = record->consents->pdata[record->consents->len - 1];
    answer->giver = g_strdup(last->giver_name);
    answer->giver_relation = g_strdup(last->giver_relation);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    for (unsigned i = 0; !error && i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, answer->visit_id) == 0)
            answer->day_contact = g_strdup(visit->contact_name);
    }
}

/* Record and day list, as the desk sees them. */
static void look(Fixture *fixture, const char *visit_id, Answer *answer)
{
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    answer_clear(answer);
    answer->fixture = fixture;
    g_strlcpy(answer->visit_id, visit_id, sizeof answer->visit_id);
    fixture->n_waiting++;
    record_get(fixture->scheduling, visit_id, &actor, on_record, answer);
    fixture_wait(fixture);
    fixture->n_waiting++;
    day_list(fixture->scheduling, &actor, NULL, on_day, answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static const Who child = {.name = "Zahra Hasan",
                          .birth_date = "2020-05-02",
                          .contact = "Rina Hasan",
                          .relation = "parent",
                          .consent = 1};

static void test_child_is_the_patient_and_the_parent_beside(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) seen = {0};
    assert_int_equal(book(fixture, 14, 0, &child, &booked), -1);
    assert_string_equal(booked.warnings, "");
    look(fixture, booked.visit_id, &seen);
    assert_string_equal(seen.patient, "Zahra Hasan");
    assert_string_equal(seen.contact, "Rina Hasan");
    assert_string_equal(seen.relation, "parent");
    assert_string_equal(seen.day_contact, "Rina Hasan");
    assert_non_null(strstr(seen.phone, "7890"));
    assert_string_equal(seen.giver, "Rina Hasan");
    assert_string_equal(seen.giver_relation, "parent");
    /* Who books for nobody else stands alone, and agrees alone. */
    const Who own = {.name = "Rina Hasan", .birth_date = "1990-08-17", .consent = 1};
    assert_int_equal(book(fixture, 14, 15, &own, &booked), -1);
    look(fixture, booked.visit_id, &seen);
    assert_null(seen.contact);
    assert_null(seen.day_contact);
    assert_null(seen.giver);
}

static void on_pairs(GPtrArray *pairs, bool has_more, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    assert_false(has_more);
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->n_pairs = pairs->len;
    if (pairs->len > 0)
        answer->certainty =
            g_strdup(pair_certainty_name(((const PairEntry *)pairs->pdata[0])->certainty));
}

static unsigned pairs(Fixture *fixture, Answer *answer)
{
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    pair_list(fixture->scheduling, PAIR_STATE_OPEN, NULL, &actor, on_pairs, answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return answer->n_pairs;
}

static void test_two_children_of_one_mother_on_one_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) first = {0};
    g_auto(Answer) second = {0};
    g_auto(Answer) seen = {.fixture = fixture};
    Who twin = child;
    twin.name = "Zaki Hasan";
    assert_int_equal(book(fixture, 14, 0, &child, &first), -1);
    assert_int_equal(book(fixture, 14, 15, &twin, &second), -1);
    assert_string_not_equal(first.visit_id, second.visit_id);
    g_autofree char *patients =
        fixture_sql_text(fixture, "SELECT COUNT(DISTINCT patient_id) FROM visit");
    assert_string_equal(patients, "2");
    assert_int_equal(fixture_state(fixture, first.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_state(fixture, second.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(pairs(fixture, &seen), 0); /* one phone is no reason to take them for one */
}

static const char mother_nik[] = "7571025708900001";
static const char other_mother[] = "7503187112050002";

/* What is the same of two newborns is often name and day: their mothers tell them apart. The phone
 * of who booked says nothing of the children. */
static void test_newborns_are_told_apart_by_their_mothers(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) seen = {.fixture = fixture};
    Who baby = {.name = "Bayi Ny. Siti",
                .birth_date = "2026-11-20",
                .contact = "Siti Aminah",
                .relation = "parent",
                .mother_nik = mother_nik};
    assert_int_equal(book(fixture, 14, 0, &baby, &booked), -1);
    look(fixture, booked.visit_id, &seen);
    assert_string_equal(seen.mother_nik, "757102******0001");
    baby.mother_nik = other_mother;
    assert_int_equal(book(fixture, 14, 15, &baby, &booked), -1);
    assert_int_equal(pairs(fixture, &seen), 0);
    clock_advance(fixture->clock, 1000);
    assert_int_equal(book(fixture, 14, 30, &baby, &booked), -1);
    assert_int_equal(pairs(fixture, &seen), 1);
    assert_string_equal(seen.certainty, "name");
    g_autofree char *niks =
        fixture_sql_text(fixture, "SELECT COUNT(*) FROM patient WHERE nik_index IS NOT NULL");
    assert_string_equal(niks, "0"); /* the mother's is never the child's */
}

static void test_faults_and_warnings_name_their_fields(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const struct {
        Who who;
        const char *faults, *warnings;
    } cases[] = {
        {{.contact = "Rina", .relation = NULL}, "contact_relation:required ", NULL},
        {{.contact = "Rina", .relation = "aunt"}, "contact_relation:not_allowed ", NULL},
        {{.relation = "parent"}, "contact_name:required ", NULL},
        {{.contact = "123", .relation = "parent"}, "contact_name:bad_characters ", NULL},
        {{.nik = mother_nik, .mother_nik = other_mother, .contact = "R", .relation = "parent"},
         "mother_nik:has_own_nik ",
         NULL},
        {{.mother_nik = "757102570890000", .contact = "Rina", .relation = "parent"},
         "mother_nik:not_a_nik ",
         NULL},
        {{.mother_nik = "7501010101850003", .contact = "Rina", .relation = "parent"},
         NULL,
         "mother_nik:not_a_woman "},
        {{.contact = NULL}, "contact_name:guardian_required ", NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Who who = cases[i].who;
        who.name = "Zahra Hasan";
        who.birth_date = "2020-05-02";
        int code = book(fixture, 14, (int)i % 2 * 15, &who, &answer);
        assert_int_equal(code, cases[i].faults ? SCHEDULING_ERROR_INVALID_FIELDS : -1);
        assert_string_equal(answer.faults, cases[i].faults ? cases[i].faults : "");
        if (cases[i].warnings)
            assert_string_equal(answer.warnings, cases[i].warnings);
    }
    /* On the 14th one may come alone. */
    const Who young = {.name = "Zahra Hasan", .birth_date = "2012-11-25"};
    const Who old_enough = {.name = "Zahra Hasan", .birth_date = "2012-11-24"};
    assert_int_equal(book(fixture, 15, 30, &young, &answer), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(book(fixture, 15, 30, &old_enough, &answer), -1);
    assert_string_equal(answer.warnings, "contact_name:guardian_missing ");
    /* On the 18th birthday nobody has to come along. */
    const Who grown = {.name = "Zahra Hasan", .birth_date = "2008-11-24"};
    const Who not_yet = {.name = "Zahra Hasan", .birth_date = "2008-11-25"};
    assert_int_equal(book(fixture, 15, 0, &grown, &answer), -1);
    assert_string_equal(answer.warnings, "");
    assert_int_equal(book(fixture, 15, 15, &not_yet, &answer), -1);
    assert_string_equal(answer.warnings, "contact_name:guardian_missing ");
}

static void test_same_key_for_another_contact_is_another_request(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    Who who = child;
    who.key = "key-1";
    assert_int_equal(book(fixture, 14, 0, &who, &answer), -1);
    assert_int_equal(book(fixture, 14, 0, &who, &answer), -1);
    who.relation = "other";
    assert_int_equal(book(fixture, 14, 0, &who, &answer), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
}

static void test_comes_along_when_the_visit_is_moved(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) moved = {.fixture = fixture};
    g_auto(Answer) seen = {0};
    assert_int_equal(book(fixture, 14, 0, &child, &booked), -1);
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(0, 17, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, booked.visit_id, &wish, &actor, on_booked, &moved);
    fixture_wait(fixture);
    assert_string_not_equal(moved.visit_id, booked.visit_id);
    look(fixture, moved.visit_id, &seen);
    assert_string_equal(seen.contact, "Rina Hasan");
    assert_string_equal(seen.giver, "Rina Hasan");
}

static void on_given(const FaultList *faults, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->faults = words_faults(faults);
}

static int give(Fixture *fixture, const char *visit_id, ConsentGiver giver, Answer *answer)
{
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    const ConsentGiven given = {.version = 1, .how = CONSENT_READ_ALOUD, .giver = giver};
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    consent_give(fixture->scheduling, visit_id, &given, &actor, on_given, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_who_agrees_is_named(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) minor = {0};
    g_auto(Answer) old = {0};
    g_auto(Answer) alone = {0};
    g_auto(Answer) answer = {0};
    Who who = child;
    who.consent = 0;
    assert_int_equal(book(fixture, 14, 0, &who, &minor), -1);
    who = (Who){.name = "Hasan Pakaya",
                .birth_date = "1950-01-01",
                .contact = "Rina Hasan",
                .relation = "child"};
    assert_int_equal(book(fixture, 14, 15, &who, &old), -1);
    who = (Who){.name = "Yanti Pakaya", .birth_date = "1980-01-01"};
    assert_int_equal(book(fixture, 14, 30, &who, &alone), -1);
    /* Of a child the one who came. */
    assert_int_equal(give(fixture, minor.visit_id, CONSENT_GIVER_PATIENT, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "by:guardian_agrees ");
    assert_int_equal(give(fixture, minor.visit_id, CONSENT_GIVER_BY_AGE, &answer), -1);
    look(fixture, minor.visit_id, &answer);
    assert_string_equal(answer.giver, "Rina Hasan");
    /* Of who is grown up the patient, or whom the staff name. */
    assert_int_equal(give(fixture, old.visit_id, CONSENT_GIVER_BY_AGE, &answer), -1);
    look(fixture, old.visit_id, &answer);
    assert_null(answer.giver);
    assert_int_equal(give(fixture, old.visit_id, CONSENT_GIVER_CONTACT, &answer), -1);
    look(fixture, old.visit_id, &answer);
    assert_string_equal(answer.giver, "Rina Hasan");
    assert_string_equal(answer.giver_relation, "child");
    /* Nobody who was not there. */
    assert_int_equal(give(fixture, alone.visit_id, CONSENT_GIVER_CONTACT, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "by:nobody_came ");
}

static bool no_consent_job(DbTx *tx, gpointer data, GError **error)
{
    DbQuery *query = db_query(tx, "consent_of_visit");
    db_bind_text(query, 1, data);
    assert_int_equal(db_step(query, error), DB_DONE);
    db_reset(query);
    return true;
}

/* A baby that staff take down, and nobody is named with; its visit's id, to be freed. */
static char *lone_baby(Fixture *fixture)
{
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 14, 0));
    g_free(request->birth_date);
    secret_text_free(request->nik);
    request->nik = NULL;
    request->birth_date = g_strdup("2026-08-01");
    request->consent = 1;
    fixture->n_waiting++;
    booking_create_at_desk(fixture->scheduling, request, &actor, on_booked, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(answer.warnings, "contact_name:guardian_missing ");
    return g_strdup(answer.visit_id);
}

/* It has not agreed, and cannot. */
static void test_a_baby_agrees_to_nothing(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit_id = lone_baby(fixture);
    assert_int_equal(give(fixture, visit_id, CONSENT_GIVER_BY_AGE, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "by:guardian_required ");
    fixture_run(fixture, no_consent_job, visit_id);
}

static int give_with(Fixture *fixture, const char *visit_id, const ConsentGiven *given,
                     const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    consent_give(fixture->scheduling, visit_id, given, actor, on_given, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Until staff see who is with the child, who agrees, and stands beside from then on. */
static void test_who_is_with_a_baby_is_said_with_the_consent(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    const struct {
        const char *name, *relation, *faults;
    } wrong[] = {
        {"Rina", NULL, "contact_relation:required "},
        {NULL, "parent", "contact_name:required "},
        {"1", "aunt", "contact_name:bad_characters contact_relation:not_allowed "},
    };
    ConsentGiven given = {.version = 1, .how = CONSENT_READ_ALOUD, .giver = CONSENT_GIVER_CONTACT};
    g_autofree char *visit_id = lone_baby(fixture);
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        given.contact_name = wrong[i].name;
        given.contact_relation = wrong[i].relation;
        assert_int_equal(give_with(fixture, visit_id, &given, &actor, &answer),
                         SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(answer.faults, wrong[i].faults);
    }
    given.contact_name = " Rina  Hasan ";
    given.contact_relation = "parent";
    /* Refused, nothing of it stays. */
    given.version = 99;
    assert_int_equal(give_with(fixture, visit_id, &given, &actor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    look(fixture, visit_id, &answer);
    assert_null(answer.contact);
    given.version = 1;
    assert_int_equal(give_with(fixture, visit_id, &given, &actor, &answer), -1);
    look(fixture, visit_id, &answer);
    assert_string_equal(answer.contact, "Rina Hasan");
    assert_string_equal(answer.relation, "parent");
    assert_string_equal(answer.day_contact, "Rina Hasan");
    assert_string_equal(answer.giver, "Rina Hasan");
    assert_string_equal(answer.giver_relation, "parent");
    /* Somebody named her meanwhile, in another tab. */
    assert_int_equal(give_with(fixture, visit_id, &given, &actor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "contact_name:contact_exists ");
    g_autofree char *audited =
        fixture_sql_text(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'visit.contact'");
    assert_string_equal(audited, "1");
}

#define CONTACT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTACT_TEST(test_child_is_the_patient_and_the_parent_beside),
        CONTACT_TEST(test_two_children_of_one_mother_on_one_day),
        CONTACT_TEST(test_newborns_are_told_apart_by_their_mothers),
        CONTACT_TEST(test_faults_and_warnings_name_their_fields),
        CONTACT_TEST(test_same_key_for_another_contact_is_another_request),
        CONTACT_TEST(test_comes_along_when_the_visit_is_moved),
        CONTACT_TEST(test_a_baby_agrees_to_nothing),
        CONTACT_TEST(test_who_is_with_a_baby_is_said_with_the_consent),
        CONTACT_TEST(test_who_agrees_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
