// SPDX-License-Identifier: Apache-2.0
/* Nobody is booked for two visits at a time: who counts as one person, and who is told what. */
#include "tests/unit/scheduling/fixture.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/move.h"
#include "scheduling/people/pair_private.h"
#include "tests/unit/scheduling/converter.h"

#define NIK "7571025708900001"
#define OTHER_NIK "7571025708900002"
#define PHONE "0812 3456 7890"
#define OTHER_PHONE "0812 9999 0000"
enum { N_AT_ONCE = 20 };

typedef struct {
    Fixture *fixture;
    unsigned n_booked, n_overlaps, n_taken; /* answers of all calls */
    unsigned n_marked;
    char visit_id[SCHEDULING_ID_BYTES]; /* of the last booking */
    int64_t other_ms;                   /* what the last refusal said of the other visit */
    char other_number[16];
} Answer;

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->other_ms = booking->own_starts_at_ms;
    g_strlcpy(answer->other_number, booking->own_number ? booking->own_number : "",
              sizeof answer->other_number);
    answer->n_overlaps +=
        g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OWN_BOOKING) ? 1 : 0;
    answer->n_taken +=
        g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_TAKEN) ? 1 : 0;
    answer->n_booked += error ? 0 : 1;
    if (!error)
        g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
}

typedef struct {
    unsigned doctor; /* of the seed; the first two work in one facility, each in a clinic */
    const char *name, *nik, *phone; /* phone NULL: none, as staff say */
    const char *reason;
} Who;
static const Who siti = {.name = "Siti Aminah", .nik = NIK, .phone = PHONE};

typedef struct {
    Fixture *fixture;
    unsigned doctor;
    char id[SCHEDULING_ID_BYTES];
} ClinicOf;

static bool clinic_job(DbTx *tx, gpointer data, GError **error)
{
    ClinicOf *op = data;
    DbQuery *rows = db_query(tx, "demo_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (g_str_equal(db_column_text(rows, 0), op->fixture->seed.doctors[op->doctor].id))
            scheduling_copy_column(rows, 3, op->id, sizeof op->id);
    }
    return step == DB_DONE;
}

static void replace(char **text, const char *with)
{
    g_free(*text);
    *text = g_strdup(with);
}

static BookingRequest *request_of(Fixture *fixture, const Who *who, int64_t starts_at_ms)
{
    ClinicOf clinic = {fixture, who->doctor, ""};
    fixture_run(fixture, clinic_job, &clinic);
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    replace(&request->clinic_id, clinic.id);
    replace(&request->practitioner_id, fixture->seed.doctors[who->doctor].id);
    replace(&request->name, who->name);
    replace(&request->nik, who->nik);
    replace(&request->phone, who->phone);
    request->no_phone = who->phone == NULL;
    replace(&request->overlap_reason, who->reason);
    return request;
}

/* From outside, as anybody can. */
static int book(Answer *answer, const Who *who, int64_t starts_at_ms)
{
    Fixture *fixture = answer->fixture;
    BookingRequest *request = request_of(fixture, who, starts_at_ms);
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* By the desk of FACILITY, now. */
static int walk_in(Answer *answer, const Who *who, unsigned facility)
{
    Fixture *fixture = answer->fixture;
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, facility);
    BookingRequest *request = request_of(fixture, who, 0);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &actor, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* For later, by the desk or the coordinator of the first facility. */
static int book_at_desk(Answer *answer, const Who *who, ActorRole role)
{
    Fixture *fixture = answer->fixture;
    Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    actor.role = role;
    BookingRequest *request = request_of(fixture, who, fixture_time(0, 14, 0));
    fixture->n_waiting++;
    booking_create_at_desk(fixture->scheduling, request, &actor, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int move(Answer *answer, const char *visit_id, int64_t starts_at_ms, const Actor *actor,
                const char *reason)
{
    Fixture *fixture = answer->fixture;
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms,
                           .overlap_reason = reason};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Asks the database library itself: one number. */
static int count(const Fixture *fixture, const char *format, const char *what)
{
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM %s'%s'", format, what);
    return (int)fixture_sql_int(fixture, sql);
}

/* The first doctor at 14.00, Siti. */
static void set_up_visit(Answer *answer)
{
    assert_int_equal(book(answer, &siti, fixture_time(0, 14, 0)), -1);
}

static void test_two_clinics_at_one_time(void **state)
{
    Answer answer = {.fixture = *state};
    Who other_clinic = siti, other_facility = siti;
    other_clinic.doctor = 1;
    other_facility.doctor = 2;
    set_up_visit(&answer);
    assert_int_equal(book(&answer, &other_clinic, fixture_time(0, 14, 0)),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, 0); /* from outside nothing is told of it */
    assert_string_equal(answer.other_number, "");
    assert_int_equal(book(&answer, &other_facility, fixture_time(0, 14, 0)),
                     SCHEDULING_ERROR_OWN_BOOKING);
    /* Nothing of it is left. */
    assert_int_equal(count(answer.fixture, "visit WHERE state <> ", ""), 1);
    /* One after the other is fine, and a cancelled one is none. */
    assert_int_equal(book(&answer, &other_clinic, fixture_time(0, 14, 15)), -1);
    assert_int_equal(fixture_cancel(answer.fixture, answer.visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(book(&answer, &other_facility, fixture_time(0, 14, 15)), -1);
}

/* Who is phoned at that time is not elsewhere; who was called already is done. */
static void test_who_is_to_be_phoned(void **state)
{
    Answer answer = {.fixture = *state};
    const Actor loket = fixture_staff(answer.fixture, ACTOR_DESK, 0);
    Who other_clinic = siti;
    other_clinic.doctor = 1;
    set_up_visit(&answer);
    assert_int_equal(converter_convert(answer.fixture, answer.visit_id, &loket, VISIT_WAY_PHONE),
                     -1);
    assert_int_equal(book(&answer, &other_clinic, fixture_time(0, 14, 0)),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(book(&answer, &other_clinic, fixture_time(0, 14, 15)), -1);
    assert_int_equal(book(&answer, &siti, fixture_time(0, 10, 15)), -1);
    assert_int_equal(fixture_check_in(answer.fixture, answer.visit_id), -1);
    assert_int_equal(fixture_call(answer.fixture, answer.visit_id), -1);
    assert_int_equal(fixture_end(answer.fixture, answer.visit_id, VISIT_STATE_CONVERTED_IN_PERSON),
                     -1);
    assert_int_equal(book(&answer, &other_clinic, fixture_time(0, 10, 15)), -1);
}

/* A doctor's slot that is taken is taken, whoever asks. */
static void test_taken_is_said_first(void **state)
{
    Answer answer = {.fixture = *state};
    set_up_visit(&answer);
    assert_int_equal(book(&answer, &siti, fixture_time(0, 14, 0)), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    for (unsigned i = 0; i < day->visits->len; i++)
        answer->n_marked += ((const DayVisit *)day->visits->pdata[i])->overlaps ? 1 : 0;
}

/* How many of its visits today the desk of the first facility sees marked. */
static unsigned marked(Answer *answer)
{
    const Actor actor = fixture_staff(answer->fixture, ACTOR_DESK, 0);
    answer->n_marked = 0;
    answer->fixture->n_waiting++;
    day_list(answer->fixture->scheduling, &actor, NULL, on_day, answer);
    fixture_wait(answer->fixture);
    assert_int_equal(answer->fixture->error_code, -1);
    return answer->n_marked;
}

/* What cannot be refused is marked, until one of the two is no more. */
static void test_staff_see_both(void **state)
{
    Answer answer = {.fixture = *state};
    const Who stranger = {.doctor = 1, .name = "Orang Lain", .nik = NIK, .phone = OTHER_PHONE};
    const Who far = {.doctor = 2, .name = "Orang Lain", .nik = NIK, .phone = OTHER_PHONE};
    set_up_visit(&answer);
    assert_int_equal(marked(&answer), 0);
    assert_int_equal(book(&answer, &stranger, fixture_time(0, 14, 0)), -1);
    assert_int_equal(marked(&answer), 2);
    assert_int_equal(fixture_cancel(answer.fixture, answer.visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(marked(&answer), 0);
    assert_int_equal(book(&answer, &far, fixture_time(0, 14, 0)), -1);
    assert_int_equal(marked(&answer), 1); /* the other one is another facility's */
}

/* Who knows a NIK learns nothing by it, and keeps nobody from booking. */
static void test_a_nik_alone_tells_nothing(void **state)
{
    Answer answer = {.fixture = *state};
    const Who stranger = {.doctor = 1, .name = "Orang Lain", .nik = NIK, .phone = OTHER_PHONE};
    const Who namesake = {.doctor = 2, .name = "Siti Aminah", .phone = OTHER_PHONE};
    set_up_visit(&answer);
    assert_int_equal(book(&answer, &stranger, fixture_time(0, 14, 0)), -1);
    assert_int_equal(book(&answer, &namesake, fixture_time(0, 14, 0)), -1);
    /* The other way round: the stranger was first. */
    Who herself = siti, first = stranger;
    herself.doctor = 2;
    first.doctor = 0;
    assert_int_equal(book(&answer, &first, fixture_time(0, 15, 0)), -1);
    assert_int_equal(book(&answer, &herself, fixture_time(0, 15, 0)), -1);
    /* Nor by moving one's own visit about. */
    assert_int_equal(book(&answer, &herself, fixture_time(0, 16, 30)), -1);
    assert_int_equal(book(&answer, &first, fixture_time(0, 16, 0)), -1);
    g_autofree char *patient =
        fixture_participant(answer.fixture, answer.visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = patient};
    assert_int_equal(move(&answer, answer.visit_id, fixture_time(0, 16, 30), &actor, NULL), -1);
}

static void test_without_a_nik_by_name_birth_and_phone(void **state)
{
    Answer answer = {.fixture = *state};
    const Who first = {.name = "Siti Aminah", .phone = PHONE};
    const Who same = {.doctor = 1, .name = "Ny. SITI  AMINAH", .phone = PHONE};
    const Who titled = {.doctor = 1, .name = "Hj. Siti Aminah, S.Pd", .phone = PHONE};
    const Who twin = {.doctor = 1, .name = "Sinta Aminah", .phone = PHONE};
    const Who other_nik = {.doctor = 2, .name = "Siti Aminah", .nik = OTHER_NIK, .phone = PHONE};
    assert_int_equal(book(&answer, &first, fixture_time(0, 14, 0)), -1);
    assert_int_equal(book(&answer, &same, fixture_time(0, 14, 0)), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(book(&answer, &titled, fixture_time(0, 14, 0)), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(book(&answer, &twin, fixture_time(0, 14, 0)), -1);
    /* Two NIKs are two people. */
    assert_int_equal(book(&answer, &siti, fixture_time(0, 15, 0)), -1);
    assert_int_equal(book(&answer, &other_nik, fixture_time(0, 15, 0)), -1);
}

/* By officer's counter in any facility, at 14.00. */
static int book_at_counter(Answer *answer, const Who *who)
{
    Fixture *fixture = answer->fixture;
    const Actor officer = {.role = ACTOR_OFFICER, .user_id = "o"};
    BookingRequest *request = request_of(fixture, who, fixture_time(0, 14, 0));
    fixture->n_waiting++;
    booking_create_at_counter(fixture->scheduling, request, &officer, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Without a telephone nobody has the same: whoever has the person before them goes by name and
 * birth date, until two NIKs say that they are two. */
static void test_without_a_phone_by_name_and_birth(void **state)
{
    Answer answer = {.fixture = *state};
    const Who first = {.name = "Hadijah Pakaya"};
    const Who again = {.doctor = 1, .name = "Ny. HADIJAH Pakaya"};
    const Who reached = {.doctor = 1, .name = "Hadijah Pakaya", .phone = PHONE};
    const Who other = {.doctor = 1, .name = "Hadija Pakaya"};
    const Who reason = {.doctor = 1, .name = "Hadijah Pakaya", .reason = "Orang lain, KTP dilihat"};
    assert_int_equal(book_at_desk(&answer, &first, ACTOR_DESK), -1);
    assert_int_equal(book_at_desk(&answer, &again, ACTOR_DESK), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, fixture_time(0, 14, 0));
    assert_int_equal(book_at_counter(&answer, &again), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(book_at_desk(&answer, &reached, ACTOR_DESK), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(book_at_desk(&answer, &other, ACTOR_DESK), -1);
    assert_int_equal(fixture_cancel(answer.fixture, answer.visit_id, ACTOR_DESK), -1);
    /* Who knows a name and a birth date learns nothing by them from outside. */
    assert_int_equal(book(&answer, &reached, fixture_time(0, 14, 0)), -1);
    assert_int_equal(fixture_cancel(answer.fixture, answer.visit_id, ACTOR_DESK), -1);
    assert_int_equal(book_at_desk(&answer, &reason, ACTOR_DESK), -1);
}

static void test_without_a_phone_two_niks_are_two(void **state)
{
    Answer answer = {.fixture = *state};
    const Who first = {.name = "Hadijah Pakaya", .nik = NIK};
    const Who two = {.doctor = 1, .name = "Hadijah Pakaya", .nik = OTHER_NIK};
    const Who none = {.doctor = 1, .name = "Hadijah Pakaya"};
    assert_int_equal(book_at_desk(&answer, &first, ACTOR_DESK), -1);
    assert_int_equal(book_at_desk(&answer, &none, ACTOR_DESK), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(book_at_desk(&answer, &two, ACTOR_DESK), -1);
}

/* As what a reload after a lost answer would have done. */
static void test_without_a_phone_nobody_waits_twice(void **state)
{
    Answer answer = {.fixture = *state};
    const Who first = {.name = "Hadijah Pakaya"};
    assert_int_equal(walk_in(&answer, &first, 0), -1);
    assert_int_equal(walk_in(&answer, &first, 0), SCHEDULING_ERROR_OWN_BOOKING);
    /* The other way round: it was the first visit that had a number. */
    const Who reached = {.name = "Rina Husain", .phone = PHONE};
    const Who without = {.name = "Rina Husain"};
    assert_int_equal(walk_in(&answer, &reached, 0), -1);
    assert_int_equal(walk_in(&answer, &without, 0), SCHEDULING_ERROR_OWN_BOOKING);
}

static void on_decided(const FaultList *faults, const GError *error, gpointer user_data)
{
    (void)faults;
    fixture_keep_error(user_data, error);
}

typedef struct {
    Fixture *fixture;
    char pair_id[SCHEDULING_ID_BYTES], first[SCHEDULING_ID_BYTES];
} Merge;

static void on_pair(const Pair *pair, const GError *error, gpointer user_data)
{
    Merge *merge = user_data;
    fixture_keep_error(merge->fixture, error);
    g_strlcpy(merge->first, pair->sides[0].patient_id, sizeof merge->first);
}

static void on_pairs(GPtrArray *pairs, bool has_more, const GError *error, gpointer user_data)
{
    (void)has_more;
    Merge *merge = user_data;
    fixture_keep_error(merge->fixture, error);
    assert_int_equal(pairs->len, 1);
    g_strlcpy(merge->pair_id, ((const PairEntry *)pairs->pdata[0])->id, sizeof merge->pair_id);
}

static void merge_the_pair(Fixture *fixture)
{
    Merge merge = {.fixture = fixture};
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    fixture->n_waiting++;
    pair_list(fixture->scheduling, PAIR_STATE_OPEN, NULL, &actor, on_pairs, &merge);
    fixture_wait(fixture);
    fixture->n_waiting++;
    pair_get(fixture->scheduling, merge.pair_id, &actor, on_pair, &merge);
    fixture_wait(fixture);
    const PairDecision decision = {PAIR_MERGE, merge.first, "KTP diperiksa"};
    fixture->n_waiting++;
    pair_decide(fixture->scheduling, merge.pair_id, &decision, &actor, on_decided, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* Taken down twice, with two phones: one person since the desk has said so. */
static void test_merged_rows_are_one_person(void **state)
{
    Answer answer = {.fixture = *state};
    const Actor actor = fixture_staff(answer.fixture, ACTOR_DESK, 0);
    const Who first = {.name = "Siti Aminah", .phone = PHONE};
    const Who again = {.doctor = 1, .name = "Siti Aminah", .phone = OTHER_PHONE};
    assert_int_equal(book(&answer, &again, fixture_time(0, 16, 0)), -1);
    clock_advance(answer.fixture->clock, 1000);
    assert_int_equal(book(&answer, &first, fixture_time(0, 15, 0)), -1);
    /* Two people so far: the desk moves the one beside the other, and back. */
    assert_int_equal(move(&answer, answer.visit_id, fixture_time(0, 16, 0), &actor, NULL), -1);
    assert_int_equal(move(&answer, answer.visit_id, fixture_time(0, 15, 0), &actor, NULL), -1);
    merge_the_pair(answer.fixture);
    assert_int_equal(move(&answer, answer.visit_id, fixture_time(0, 16, 0), &actor, NULL),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, fixture_time(0, 16, 0));
}

static void test_the_desk_is_told_and_may_go_ahead(void **state)
{
    Answer answer = {.fixture = *state};
    Who here = {.doctor = 1, .name = "Siti", .nik = NIK, .phone = OTHER_PHONE};
    Who far = {.doctor = 2, .name = "Siti", .nik = NIK, .phone = OTHER_PHONE};
    assert_int_equal(book(&answer, &siti, fixture_time(0, 10, 15)), -1);
    g_autofree char *first = g_strdup(answer.visit_id);
    clock_advance(answer.fixture->clock, 10 * MINUTE_MS);
    /* A walk-in begins now, five minutes before the own appointment. */
    assert_int_equal(walk_in(&answer, &here, 0), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, fixture_time(0, 10, 15));
    assert_true(*answer.other_number != '\0');
    assert_int_equal(count(answer.fixture,
                           "audit WHERE action = 'booking.overlap_seen' AND object_id = ", first),
                     1);
    /* Elsewhere they are told that there is one, and no more. */
    assert_int_equal(walk_in(&answer, &far, 1), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, 0);
    assert_string_equal(answer.other_number, "");
    assert_int_equal(count(answer.fixture, "audit WHERE action = ", "booking.overlap_seen"), 1);
    /* With a reason it is done, and the record has it. */
    here.reason = "Luka baru, tidak bisa menunggu";
    assert_int_equal(walk_in(&answer, &here, 0), -1);
    assert_int_equal(
        count(answer.fixture, "visit_event WHERE kind = 'overlaps' AND detail = ", here.reason), 1);
    assert_int_equal(
        count(answer.fixture, "audit WHERE action = 'booking.overlap' AND reason = ", here.reason),
        1);
}

/* For later as for now; a coordinator, who sees no patient, is told as little as a stranger. */
static void test_the_desk_books_for_later(void **state)
{
    Answer answer = {.fixture = *state};
    Who other = {.doctor = 1, .name = "Siti", .nik = NIK, .phone = OTHER_PHONE};
    Who same = siti;
    same.doctor = 1;
    set_up_visit(&answer);
    assert_int_equal(book_at_desk(&answer, &same, ACTOR_COORDINATOR), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, 0);
    assert_int_equal(book_at_desk(&answer, &other, ACTOR_DESK), SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, fixture_time(0, 14, 0));
    assert_int_equal(count(answer.fixture, "audit WHERE action = ", "booking.overlap_seen"), 1);
    other.reason = "Dua poli pada satu hari";
    assert_int_equal(book_at_desk(&answer, &other, ACTOR_DESK), -1);
    assert_int_equal(
        count(answer.fixture,
              "audit WHERE action = 'booking.overlap' AND actor_role = 'desk' AND reason = ",
              other.reason),
        1);
}

/* A reason is staff's: from outside it opens nothing. */
static void test_a_reason_from_outside_is_none(void **state)
{
    Answer answer = {.fixture = *state};
    Who other = siti;
    other.doctor = 1;
    other.reason = "Saya mau dua-duanya";
    set_up_visit(&answer);
    assert_int_equal(book(&answer, &other, fixture_time(0, 14, 0)), SCHEDULING_ERROR_OWN_BOOKING);
}

/* Who waits, however long past the booked time, is not taken down once more. */
static void test_who_waits_has_a_visit_now(void **state)
{
    Answer answer = {.fixture = *state};
    assert_int_equal(book(&answer, &siti, fixture_time(0, 10, 30)), -1);
    assert_int_equal(fixture_check_in(answer.fixture, answer.visit_id), -1);
    clock_advance(answer.fixture->clock, 2 * HOUR_MS);
    Who other = siti;
    other.doctor = 1;
    assert_int_equal(walk_in(&answer, &other, 0), SCHEDULING_ERROR_OWN_BOOKING);
    /* In the afternoon is another time, and what nobody ended yesterday is no visit now. */
    assert_int_equal(book(&answer, &other, fixture_time(0, 15, 0)), -1);
    clock_advance(answer.fixture->clock, 20 * HOUR_MS);
    assert_int_equal(walk_in(&answer, &other, 0), -1);
}

static void test_moving_and_following_up(void **state)
{
    Answer answer = {.fixture = *state};
    Who other = siti;
    other.doctor = 1;
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    assert_int_equal(book(&answer, &siti, fixture_time(0, 10, 15)), -1);
    g_autofree char *visit = g_strdup(answer.visit_id);
    assert_int_equal(book(&answer, &other, fixture_time(0, 14, 0)), -1);
    assert_int_equal(fixture_check_in(answer.fixture, visit), -1);
    assert_int_equal(move(&answer, visit, fixture_time(0, 14, 0), &doctor, NULL),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, fixture_time(0, 14, 0));
    assert_int_equal(fixture_state(answer.fixture, visit), VISIT_STATE_CHECKED_IN);
    assert_int_equal(fixture_call(answer.fixture, visit), -1);
    answer.fixture->n_waiting++;
    const FollowUpWish wish = {.starts_at_ms = fixture_time(0, 14, 0)};
    follow_up_book(answer.fixture->scheduling, visit, &wish, &doctor, on_booked, &answer);
    fixture_wait(answer.fixture);
    assert_int_equal(answer.fixture->error_code, SCHEDULING_ERROR_OWN_BOOKING);
    /* With a reason the doctor may; a patient has none to give. */
    assert_int_equal(move(&answer, visit, fixture_time(0, 14, 0), &doctor, "Kontrol bersama"), -1);
    assert_int_equal(book(&answer, &siti, fixture_time(0, 16, 0)), -1);
    g_autofree char *third = g_strdup(answer.visit_id);
    g_autofree char *own = fixture_participant(answer.fixture, third, VISIT_ROLE_PATIENT);
    const Actor herself = {.role = ACTOR_PATIENT, .participant_id = own};
    assert_int_equal(book(&answer, &other, fixture_time(0, 17, 0)), -1);
    assert_int_equal(move(&answer, third, fixture_time(0, 17, 0), &herself, "Mau saja"),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.other_ms, 0);
}

/* Twenty bookings of one person at one moment, of two doctors: one of them is there. */
static void test_twenty_at_once(void **state)
{
    Answer answer = {.fixture = *state};
    Fixture *fixture = answer.fixture;
    BookingRequest *requests[N_AT_ONCE];
    for (unsigned i = 0; i < N_AT_ONCE; i++) {
        Who who = siti;
        who.doctor = i % 2;
        requests[i] = request_of(fixture, &who, fixture_time(0, 14, 0));
    }
    for (unsigned i = 0; i < N_AT_ONCE; i++) {
        fixture->n_waiting++;
        booking_create(fixture->scheduling, requests[i], on_booked, &answer);
    }
    fixture_wait(fixture);
    assert_int_equal(answer.n_booked, 1);
    assert_int_equal(answer.n_taken, N_AT_ONCE / 2 - 1);
    assert_int_equal(answer.n_overlaps, N_AT_ONCE / 2);
    assert_int_equal(count(fixture, "visit WHERE state = ", "booked"), 1);
}

#define OWN_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OWN_TEST(test_two_clinics_at_one_time),
        OWN_TEST(test_who_is_to_be_phoned),
        OWN_TEST(test_taken_is_said_first),
        OWN_TEST(test_staff_see_both),
        OWN_TEST(test_a_nik_alone_tells_nothing),
        OWN_TEST(test_without_a_nik_by_name_birth_and_phone),
        OWN_TEST(test_without_a_phone_by_name_and_birth),
        OWN_TEST(test_without_a_phone_two_niks_are_two),
        OWN_TEST(test_without_a_phone_nobody_waits_twice),
        OWN_TEST(test_merged_rows_are_one_person),
        OWN_TEST(test_the_desk_is_told_and_may_go_ahead),
        OWN_TEST(test_the_desk_books_for_later),
        OWN_TEST(test_a_reason_from_outside_is_none),
        OWN_TEST(test_who_waits_has_a_visit_now),
        OWN_TEST(test_moving_and_following_up),
        OWN_TEST(test_twenty_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
