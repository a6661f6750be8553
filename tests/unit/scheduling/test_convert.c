// SPDX-License-Identifier: Apache-2.0
/* Visits that are to be held by telephone or at the facility: who may say so and when, what the
 * patient is told, that they are moved, cancelled, missed and done as others, and whom a doctor is
 * to phone. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/convert.h"
#include "scheduling/booking/day_end.h"
#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/move.h"
#include "scheduling/booking/no_show.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/record/record.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor second = {.role = ACTOR_DOCTOR, .user_id = "user-1"};

static Actor desk(const Fixture *fixture, unsigned facility)
{
    return (Actor){.role = ACTOR_DESK,
                   .user_id = "user-9",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static void on_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

static int convert(Fixture *fixture, const char *visit_id, const Actor *actor, VisitWay to)
{
    fixture->n_waiting++;
    visit_convert(fixture->scheduling, visit_id, actor, to, "sinyal pasien lemah", on_step,
                  fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* The texts of what is due now, in one. */
static char *said(Fixture *fixture)
{
    GPtrArray *deliveries = mail_claim(fixture);
    GString *texts = g_string_new(NULL);
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        g_string_append_printf(texts, "%s%s", i ? "\n" : "", delivery->text);
    }
    mail_report(fixture, deliveries, NULL);
    return g_string_free(texts, FALSE);
}

static void turn_to(Fixture *fixture, int64_t at_ms)
{
    clock_advance(fixture->clock, at_ms - clock_wall_ms(fixture->clock));
}

static void assert_way(Fixture *fixture, const char *visit_id, const char *way)
{
    mail_assert_query(fixture, way, "SELECT COALESCE(way, 'video') FROM visit WHERE id = '%s'",
                      visit_id);
}

/* Days before: each message says where to come and leads to where it is moved or cancelled; it is
 * cancelled as another. */
static void test_asked_to_come(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 2, 10, 15);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_way(fixture, visit, "in_person");
    g_autofree char *text = said(fixture);
    const char *begins = "Janji Kam 26/11 10.15 WITA: datang langsung ke Puskesmas";
    assert_true(g_str_has_prefix(text, begins));
    mail_assert_query(fixture, "1",
                      "SELECT instr('%s', ', ' || f.address || '. Rincian: http') > 0 FROM "
                      "visit v JOIN facility f ON f.id = v.facility_id WHERE v.id = '%s'",
                      text, visit);
    /* Said again: once is enough. */
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_query(fixture, "desk: sinyal pasien lemah",
                      "SELECT group_concat(actor || ': ' || detail) FROM visit_event WHERE "
                      "visit_id = '%s' AND kind = 'converted_in_person'",
                      visit);
    g_autofree char *reasons = fixture_audit_reasons(fixture, "visit.convert");
    assert_string_equal(reasons, "visit.convert: sinyal pasien lemah; ");
    const int64_t reminders[] = {fixture_time(1, 10, 16), fixture_time(2, 9, 16)};
    for (unsigned i = 0; i < G_N_ELEMENTS(reminders); i++) {
        turn_to(fixture, reminders[i]);
        g_autofree char *reminder = said(fixture);
        assert_true(g_str_has_prefix(reminder, begins));
        assert_non_null(strstr(reminder, ". Rincian: http"));
    }
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 15)), SCHEDULING_ERROR_SLOT_TAKEN);
    turn_to(fixture, fixture_time(2, 10, 6)); /* too late to set out: no reminder */
    assert_int_equal(mail_deliver(fixture), 0);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), -1);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_VIDEO),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void test_to_and_fro(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 1, 10, 15);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_PHONE), -1);
    /* What was taken back before it was sent is not sent. */
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_VIDEO), -1);
    g_autofree char *back = said(fixture);
    assert_true(g_str_has_prefix(back, "Janji temu Rab 25/11 10.15 WITA di Puskesmas "));
    assert_non_null(strstr(back, " kembali lewat video. Masuk atau pindah: http"));
    assert_null(strchr(back, '\n'));
    clock_advance(fixture->clock, 1000);
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_PHONE), -1);
    g_autofree char *again = said(fixture);
    assert_non_null(strstr(again, "dokter menelepon Anda"));
    mail_assert_query(fixture, "3",
                      "SELECT COUNT(*) FROM outbox WHERE kind = 'visit.converted' AND subject_id = "
                      "'%s'",
                      visit);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(error ? NULL : booking->visit_id);
    fixture_keep_error(fixture, error);
}

static int move(Fixture *fixture, const char *visit_id, const Actor *actor, int64_t starts_at_ms)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_moved, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_moved_as_it_is(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 1, 10, 15);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_PHONE), -1);
    mail_deliver(fixture);
    g_autofree char *id = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = id};
    assert_int_equal(move(fixture, visit, &patient, fixture_time(1, 14, 0)), -1);
    g_autofree char *moved = g_strdup(fixture->visit_id);
    assert_way(fixture, moved, "phone");
    g_autofree char *text = said(fixture);
    assert_true(g_str_has_prefix(text, "Janji Rab 25/11 14.00 WITA: dokter menelepon Anda"));
    /* Whoever was quicker: the one that was is over. */
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_VIDEO),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
    assert_int_equal(move(fixture, moved, &loket, fixture_time(2, 9, 0)), -1);
    assert_way(fixture, fixture->visit_id, "phone");
}

/* Whether the day's list of ACTOR says that VISIT_ID is to be phoned. */
typedef struct {
    Fixture *fixture;
    const char *visit_id;
    bool is_to_phone;
} Look;

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Look *look = user_data;
    fixture_keep_error(look->fixture, error);
    for (unsigned i = 0; day && i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, look->visit_id) == 0)
            look->is_to_phone = visit->is_to_phone;
    }
}

static bool is_to_phone(Fixture *fixture, const char *visit_id)
{
    Look look = {fixture, visit_id, false};
    fixture->n_waiting++;
    day_list(fixture->scheduling, &doctor, NULL, on_day, &look);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return look.is_to_phone;
}

static void on_phone(const char *phone, const GError *error, gpointer user_data)
{
    (void)phone;
    fixture_keep_error(user_data, error);
}

static void show_phone(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, visit_id, actor, on_phone, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* How often the outside was told KIND of the visit. */
static void assert_told(Fixture *fixture, const char *visit, const char *kind, const char *times)
{
    mail_assert_query(fixture, times,
                      "SELECT COUNT(*) FROM outbox WHERE kind = '%s' AND subject_id = '%s'", kind,
                      visit);
}

static int arrive(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    visit_check_in(fixture->scheduling, visit_id, actor, on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int absent(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    queue_absent(fixture->scheduling, visit_id, actor, on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

typedef struct {
    Fixture *fixture;
    unsigned n;
} Swept;

static void on_swept(unsigned n, const GError *error, gpointer user_data)
{
    Swept *swept = user_data;
    swept->n = n;
    fixture_keep_error(swept->fixture, error);
}

/* How many were given up by time. */
static unsigned sweep(Fixture *fixture)
{
    Swept swept = {.fixture = fixture};
    fixture->n_waiting++;
    no_show_sweep(fixture->scheduling, on_swept, &swept);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return swept.n;
}

static void on_ended(const DayEnded *ended, const GError *error, gpointer user_data)
{
    (void)ended;
    fixture_keep_error(user_data, error);
}

static void end_day(Fixture *fixture)
{
    fixture->n_waiting++;
    day_end_sweep(fixture->scheduling, on_ended, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void test_doctor_is_to_phone(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(mail_deliver(fixture), 1);
    show_phone(fixture, visit, &doctor); /* to ask whether that suits */
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_PHONE), -1);
    g_autofree char *text = said(fixture);
    assert_non_null(strstr(text, "Janji Sel 24/11 10.15 WITA: dokter menelepon Anda"));
    /* Nobody waits any more, and nobody can. */
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    mail_assert_query(fixture, "1",
                      "SELECT checked_in_at_ms IS NULL FROM visit_course WHERE visit_id = '%s'",
                      visit);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(arrive(fixture, visit, &loket), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_call(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_true(is_to_phone(fixture, visit));
    show_phone(fixture, visit, &loket); /* it is the doctor who phones */
    assert_true(is_to_phone(fixture, visit));
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), SCHEDULING_ERROR_NOT_MET);
    assert_told(fixture, visit, "visit.converted", "1");
    show_phone(fixture, visit, &doctor);
    assert_false(is_to_phone(fixture, visit));
    assert_told(fixture, visit, "visit.ended", "0");
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    assert_told(fixture, visit, "visit.ended", "1");
    assert_int_equal(mail_deliver(fixture), 0);
}

/* A post takes down who has no telephone: nobody can phone them, and nobody has. */
static void test_without_a_number(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    g_autofree char *none = secret_box_seal(fixture->box, "visit.phone", "");
    mail_assert_query(fixture, visit,
                      "UPDATE visit SET phone_sealed = '%s' WHERE id = '%s' RETURNING id", none,
                      visit);
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_PHONE), SCHEDULING_ERROR_NO_PHONE);
    assert_way(fixture, visit, "video");
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, visit, &doctor, on_phone, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_NO_PHONE);
    mail_assert_query(
        fixture, "0",
        "SELECT COUNT(*) FROM visit_event WHERE kind = 'phone_shown' AND visit_id = '%s'", visit);
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_IN_PERSON), -1);
}

/* Who was asked to come is there when desk or doctor say so, and waits as others do. */
static void test_comes(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0), elsewhere = desk(fixture, 1);
    g_autofree char *visit = mail_booked(fixture, 0, 14, 0);
    g_autofree char *other = mail_booked(fixture, 0, 14, 15);
    g_autofree char *later = mail_booked(fixture, 1, 9, 0);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(convert(fixture, later, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(arrive(fixture, visit, &elsewhere), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(arrive(fixture, later, &loket), SCHEDULING_ERROR_TOO_EARLY);
    assert_int_equal(fixture_end(fixture, later, VISIT_STATE_DONE), SCHEDULING_ERROR_NOT_TODAY);
    /* Of a visit by video the patient's page says it. */
    assert_int_equal(arrive(fixture, other, &doctor), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(arrive(fixture, visit, &loket), -1); /* four hours before */
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CHECKED_IN);
    assert_int_equal(arrive(fixture, visit, &doctor), -1); /* already */
    /* One is called, who answers by coming in: not answering a call ends nothing. */
    turn_to(fixture, fixture_time(0, 14, 0));
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    turn_to(fixture, fixture_time(0, 14, 40));
    assert_int_equal(sweep(fixture), 0);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    assert_told(fixture, visit, "visit.ended", "1");
    assert_int_equal(fixture_state(fixture, other), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_end(fixture, other, VISIT_STATE_DONE), SCHEDULING_ERROR_BAD_STATE);
}

/* By time: who did not come is missed; who was not phoned is not, by themselves. */
static void test_by_time(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *come = mail_booked(fixture, 0, 10, 15);
    g_autofree char *phoned = mail_booked(fixture, 0, 10, 30);
    g_autofree char *forgotten = mail_booked(fixture, 0, 10, 45);
    g_autofree char *called = mail_booked(fixture, 0, 11, 0);
    g_autofree char *unseen = mail_booked(fixture, 0, 11, 15);
    assert_int_equal(convert(fixture, come, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(convert(fixture, phoned, &loket, VISIT_WAY_PHONE), -1);
    assert_int_equal(convert(fixture, forgotten, &loket, VISIT_WAY_PHONE), -1);
    assert_int_equal(convert(fixture, called, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(convert(fixture, unseen, &loket, VISIT_WAY_IN_PERSON), -1);
    show_phone(fixture, phoned, &doctor);
    assert_int_equal(arrive(fixture, called, &loket), -1);
    assert_int_equal(arrive(fixture, unseen, &loket), -1);
    assert_int_equal(fixture_call(fixture, called), -1);
    turn_to(fixture, fixture_time(0, 22, 0));
    assert_int_equal(sweep(fixture), 1);
    assert_int_equal(fixture_state(fixture, come), VISIT_STATE_NO_SHOW_PATIENT);
    end_day(fixture);
    assert_int_equal(fixture_state(fixture, phoned), VISIT_STATE_DONE);
    assert_int_equal(fixture_state(fixture, forgotten), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_int_equal(fixture_state(fixture, called), VISIT_STATE_DONE);
    assert_int_equal(fixture_state(fixture, unseen), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_int_equal(absent(fixture, come, &loket), SCHEDULING_ERROR_VISIT_ENDED);
}

/* Desk and doctor say that somebody did not come, once it is time. */
static void test_did_not_come(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(absent(fixture, visit, &loket), SCHEDULING_ERROR_BAD_STATE);
    turn_to(fixture, fixture_time(0, 10, 16));
    assert_int_equal(absent(fixture, visit, &loket), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

static void join(Fixture *fixture, const char *visit_id)
{
    g_autofree char *patient = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const RecordEvent event = {.visit_id = visit_id,
                               .participant_id = patient,
                               .kind = RECORD_EVENT_JOINED,
                               .at_ms = clock_wall_ms(fixture->clock)};
    fixture->n_waiting++;
    record_event(fixture->scheduling, &event, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* A page that is open at home says nothing of who sits in the lobby. */
static void test_an_open_page_is_nobody_in_the_lobby(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(arrive(fixture, visit, &doctor), -1);
    join(fixture, visit);
    turn_to(fixture, fixture_time(0, 10, 16));
    assert_int_equal(absent(fixture, visit, &doctor), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

static void test_who_and_when(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0), elsewhere = desk(fixture, 1);
    const Actor none[] = {{.role = ACTOR_PATIENT}, {.role = ACTOR_ADMIN},  {.role = ACTOR_OFFICE},
                          {.role = ACTOR_OFFICER}, {.role = ACTOR_SYSTEM}, elsewhere};
    const VisitState by_phone = VISIT_STATE_CONVERTED_PHONE;
    Actor coordinator = loket;
    coordinator.role = ACTOR_COORDINATOR;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++)
        assert_int_equal(convert(fixture, visit, &none[i], VISIT_WAY_PHONE),
                         SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(convert(fixture, visit, &coordinator, VISIT_WAY_PHONE), -1);
    assert_int_equal(convert(fixture, visit, &coordinator, VISIT_WAY_VIDEO), -1);
    /* Ending it so would not look at the calendar. */
    assert_int_equal(fixture_end(fixture, visit, by_phone), SCHEDULING_ERROR_BAD_STATE);
    /* Who is called or talks is in the doctor's hands. */
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_WAY_PHONE), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_PHONE), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, by_phone), -1);
    assert_int_equal(convert(fixture, visit, &doctor, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_VISIT_ENDED);
    assert_told(fixture, visit, "visit.ended", "1");
    show_phone(fixture, visit, &doctor);
    assert_told(fixture, visit, "visit.ended", "1");
    /* Ended so in the call the patient is told, too. */
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification n JOIN visit v ON v.id = n.visit_id WHERE "
                      "v.id = '%s' AND n.kind = 'converted_phone' AND n.occurrence = "
                      "v.starts_at_ms",
                      visit);
}

/* The second doctor of the seed works in the first one's clinic, too, without hours there. */
static bool second_doctor_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, fixture->clinic_id);
    db_bind_text(member, 2, fixture->seed.doctors[1].id);
    return db_exec(member, error) &&
           directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error);
}

/* The visit that was booked last becomes the second doctor's, and so does its place. */
static bool give_to_second_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    const char *const statements[] = {"queue_claim", "queue_take_slot"};
    for (unsigned i = 0; i < G_N_ELEMENTS(statements); i++) {
        DbQuery *query = db_query(tx, statements[i]);
        db_bind_text(query, 1, fixture->visit_id);
        db_bind_text(query, 2, fixture->seed.doctors[1].id);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    char **visit_id = user_data;
    assert_null(error);
    *visit_id = g_strdup(booking->visit_id);
}

/* Somebody else's at 10.30, with any doctor of the clinic: in the first one's place. */
static char *booked_for_any(Fixture *fixture)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 10, 30));
    char *visit_id = NULL;
    request->any_doctor = true;
    g_free(request->name);
    request->name = g_strdup("Hasan Mohamad");
    g_clear_pointer(&request->nik, secret_text_free);
    booking_create(fixture->scheduling, request, on_booked, &visit_id);
    while (!visit_id)
        g_main_context_iteration(NULL, TRUE);
    return visit_id;
}

/* Who says that another doctor's booked patient is phoned has time then: the place goes along. */
static void test_at_a_time_that_is_free(void **state)
{
    Fixture *fixture = *state;
    const VisitWay by_phone = VISIT_WAY_PHONE;
    fixture_run(fixture, second_doctor_job, fixture);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    fixture_run(fixture, give_to_second_job, fixture);
    g_autofree char *visit = booked_for_any(fixture);
    assert_int_equal(convert(fixture, visit, &second, by_phone), SCHEDULING_ERROR_DOCTOR_TAKEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_cancel(fixture, other, ACTOR_DESK), -1);
    assert_int_equal(convert(fixture, visit, &second, by_phone), -1);
    mail_assert_query(fixture, "1",
                      "SELECT practitioner_id = '%s' AND slot_of = practitioner_id FROM visit "
                      "WHERE id = '%s'",
                      fixture->seed.doctors[1].id, visit);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
}

/* What has begun is done at once, as a call is, whatever the calendar says. */
static void test_of_who_waits_for_any(void **state)
{
    Fixture *fixture = *state;
    fixture_run(fixture, second_doctor_job, fixture);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    fixture_run(fixture, give_to_second_job, fixture);
    g_autofree char *visit = booked_for_any(fixture);
    clock_advance(fixture->clock, fixture_time(0, 10, 31) - clock_wall_ms(fixture->clock));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(convert(fixture, visit, &second, VISIT_WAY_PHONE), -1);
    mail_assert_query(fixture, "1",
                      "SELECT practitioner_id = '%s' AND slot_of <> practitioner_id FROM visit "
                      "WHERE id = '%s'",
                      fixture->seed.doctors[1].id, visit);
}

/* What a table of before the migration has become: "state way pool" of visit ID, and whether its
 * course is open again. */
static void assert_became(sqlite3 *db, const char *id, const char *expected)
{
    sqlite3_stmt *row;
    g_autofree char *sql = g_strdup_printf(
        "SELECT state || ' ' || COALESCE(way, 'video') || ' ' || pool || ' ' || "
        "(o.ended_at_ms IS NULL) || (o.checked_in_at_ms IS NULL) FROM visit v JOIN visit_course o "
        "ON o.visit_id = v.id WHERE v.id = '%s'",
        id);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(row, 0), expected);
    sqlite3_finalize(row);
}

/* What was said before the call and is still to come goes on as booked; the rest is history. */
static void test_migrated(void **state)
{
    (void)state;
    const char *before =
        "CREATE TABLE visit (id TEXT, state TEXT, ends_at_ms INTEGER, pool INTEGER);"
        "CREATE TABLE visit_course (visit_id TEXT, checked_in_at_ms INTEGER, called_at_ms INTEGER,"
        " ended_at_ms INTEGER, ended_by TEXT);"
        "CREATE TABLE visit_event (visit_id TEXT, kind TEXT, actor TEXT);"
        "INSERT INTO visit VALUES ('come', 'converted_in_person', 9000000000000, 1),"
        " ('phone', 'converted_phone', 9000000000000, 0),"
        " ('phoned', 'converted_phone', 9000000000000, 0),"
        " ('talked', 'converted_phone', 9000000000000, 0),"
        " ('past', 'converted_in_person', 1000, 0), ('other', 'done', 9000000000000, 1);"
        "INSERT INTO visit_course SELECT id, 1, NULL, 3, 'desk' FROM visit;"
        "UPDATE visit_course SET called_at_ms = 2 WHERE visit_id = 'talked';"
        "INSERT INTO visit_event VALUES ('phoned', 'phone_shown', 'doctor'),"
        " ('phone', 'phone_shown', 'desk');";
    sqlite3 *db;
    g_autoptr(GBytes) sql = g_resources_lookup_data(
        "/huyula/scheduling/booking/sql/0345_visit_way.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    assert_non_null(sql);
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, before, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, g_bytes_get_data(sql, NULL), NULL, NULL, NULL), SQLITE_OK);
    assert_became(db, "come", "booked in_person 0 11");
    assert_became(db, "phone", "booked phone 0 11");
    assert_became(db, "phoned", "converted_phone video 0 00");
    assert_became(db, "talked", "converted_phone video 0 00");
    assert_became(db, "past", "converted_in_person video 0 00");
    assert_became(db, "other", "done video 1 00");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_asked_to_come, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_to_and_fro, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_moved_as_it_is, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_without_a_number, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_comes, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_by_time, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_did_not_come, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_an_open_page_is_nobody_in_the_lobby, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_doctor_is_to_phone, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_and_when, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_at_a_time_that_is_free, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_of_who_waits_for_any, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_migrated, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
