// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/record/record.h"

typedef struct {
    Fixture *fixture;
    char *visit, *patient, *doctor;
} Scene;

/* A visit at 10.15 that is in a call since 10.00. */
static Scene scene_start(Fixture *fixture)
{
    Scene scene = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    scene.visit = g_strdup(fixture->visit_id);
    scene.patient = fixture_participant(fixture, scene.visit, VISIT_ROLE_PATIENT);
    scene.doctor = fixture_participant(fixture, scene.visit, VISIT_ROLE_DOCTOR);
    return scene;
}

static void scene_clear(Scene *scene)
{
    g_free(scene->visit);
    g_free(scene->patient);
    g_free(scene->doctor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scene, scene_clear)

static int add_event(const Scene *scene, const char *participant, RecordEventKind kind,
                     const char *endpoint, const char *detail)
{
    RecordEvent event = {
        .visit_id = scene->visit,
        .participant_id = participant,
        .endpoint_id = endpoint,
        .kind = kind,
        .at_ms = clock_wall_ms(scene->fixture->clock),
        .detail = detail,
    };
    scene->fixture->n_waiting++;
    record_event(scene->fixture->scheduling, &event, fixture_on_done, scene->fixture);
    fixture_wait(scene->fixture);
    return scene->fixture->error_code;
}

static void advance_s(const Scene *scene, int64_t seconds)
{
    clock_advance(scene->fixture->clock, seconds * 1000);
}

static void add_sample(const Scene *scene, const char *participant, const char *endpoint, int n)
{
    RecordSample sample = {
        .visit_id = scene->visit,
        .participant_id = participant,
        .endpoint_id = endpoint,
        .at_ms = clock_wall_ms(scene->fixture->clock),
        .rtt_us = 100000 + n * 10000,
    };
    for (int i = 0; i < RECORD_N_FLOWS; i++)
        sample.flows[i] = (RecordFlow){.packets = n * 100 + i,
                                       .bytes = n * 1000,
                                       .lost = n * n,
                                       .repaired = n,
                                       .media_ms = n * 10000,
                                       .bitrate_bps = 800 + i};
    scene->fixture->n_waiting++;
    record_sample(scene->fixture->scheduling, &sample, fixture_on_done, scene->fixture);
    fixture_wait(scene->fixture);
    assert_int_equal(scene->fixture->error_code, -1);
}

typedef void (*RecordCheck)(const Record *record);
typedef struct {
    Fixture *fixture;
    RecordCheck check;
} GetOp;

static void on_record(const Record *record, const GError *error, gpointer user_data)
{
    GetOp *op = user_data;
    fixture_keep_error(op->fixture, error);
    if (record && op->check)
        op->check(record);
}

static int get_record(const Scene *scene, const Actor *actor, RecordCheck check)
{
    GetOp op = {scene->fixture, check};
    scene->fixture->n_waiting++;
    record_get(scene->fixture->scheduling, scene->visit, actor, on_record, &op);
    fixture_wait(scene->fixture);
    return scene->fixture->error_code;
}

static const Actor own_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void check_whole_record(const Record *record)
{
    const RecordVisit *visit = &record->visit;
    int64_t t0 = fixture_time(0, 10, 0);
    assert_int_equal(visit->state, VISIT_STATE_DONE);
    assert_string_equal(visit->patient, "Siti Aminah");
    assert_string_equal(visit->phone_masked, "+62812****7890");
    assert_string_equal(visit->nik_masked, "757102******0001");
    assert_int_equal(visit->booked_at_ms, t0);
    assert_int_equal(visit->joined_at_ms, t0 + 1000);
    assert_int_equal(visit->waiting_from_ms, t0 + 2000);
    assert_int_equal(visit->called_at_ms, t0 + 62000);
    assert_int_equal(visit->media_both_start_ms, t0 + 65000);
    assert_int_equal(visit->media_both_end_ms, t0 + 185000);
    assert_int_equal(visit->media_both_ms, 110000); /* 10 s of a reload between */
    assert_int_equal(visit->ended_at_ms, t0 + 185000);
    assert_string_equal(visit->ended_by, "doctor");
    assert_int_equal(visit->duration_ms, 121000);
    assert_int_equal(record->participants->len, 2);
    const RecordParticipant *patient = g_ptr_array_index(record->participants, 0);
    assert_int_equal(patient->role, VISIT_ROLE_PATIENT);
    assert_int_equal(patient->joined_at_ms, t0 + 1000);
    /* Two endpoints: 2 samples of the first, 1 of the second. */
    assert_int_equal(patient->flows[RECORD_FLOW_AUDIO_IN].packets, 300);
    assert_int_equal(patient->flows[RECORD_FLOW_VIDEO_OUT].packets, 306);
    assert_int_equal(patient->flows[RECORD_FLOW_AUDIO_IN].bytes, 3000);
    assert_int_equal(patient->flows[RECORD_FLOW_AUDIO_IN].media_ms, 30000);
    assert_int_equal(patient->flows[RECORD_FLOW_AUDIO_IN].bitrate_bps, 800);
    assert_int_equal(patient->points->len, 3);
    const RecordPoint *second = &g_array_index(patient->points, RecordPoint, 1);
    assert_int_equal(second->lost_in, 6); /* audio and video: 4 - 1 each */
    assert_int_equal(second->rtt_ms, 120);
    assert_int_equal(second->bitrate_bps[RECORD_FLOW_VIDEO_IN], 802);
    assert_int_equal(patient->rtt_ms, 110);
    const RecordLine *first = g_ptr_array_index(record->lines, 0);
    assert_string_equal(first->kind, "booked");
    assert_string_equal(first->actor, "patient");
    const RecordLine *last = g_ptr_array_index(record->lines, record->lines->len - 1);
    assert_string_equal(last->kind, "media_stopped");
}

static void test_record_of_a_call_with_a_reload(void **state)
{
    g_auto(Scene) scene = scene_start(*state);
    advance_s(&scene, 1);
    add_event(&scene, scene.patient, RECORD_EVENT_JOINED, NULL, NULL);
    advance_s(&scene, 1);
    fixture_check_in(scene.fixture, scene.visit);
    advance_s(&scene, 60);
    fixture_call(scene.fixture, scene.visit); /* +62 */
    advance_s(&scene, 1);
    add_event(&scene, scene.doctor, RECORD_EVENT_MEDIA_STARTED, "ed", "audio");
    advance_s(&scene, 1);
    fixture_connect(scene.fixture, scene.visit); /* +64 */
    advance_s(&scene, 1);
    add_event(&scene, scene.patient, RECORD_EVENT_MEDIA_STARTED, "ep1", "audio"); /* +65 */
    add_event(&scene, scene.patient, RECORD_EVENT_MEDIA_STARTED, "ep1", "video");
    advance_s(&scene, 10);
    add_sample(&scene, scene.patient, "ep1", 1);
    advance_s(&scene, 10);
    add_sample(&scene, scene.patient, "ep1", 2);
    add_event(&scene, scene.patient, RECORD_EVENT_ENDPOINT_CLOSED, "ep1", NULL); /* +85 */
    add_event(&scene, scene.patient, RECORD_EVENT_LOST, NULL, NULL);
    advance_s(&scene, 10);
    add_event(&scene, scene.patient, RECORD_EVENT_BACK, NULL, NULL);
    add_event(&scene, scene.patient, RECORD_EVENT_MEDIA_STARTED, "ep2", "audio"); /* +95 */
    add_sample(&scene, scene.patient, "ep2", 1);
    advance_s(&scene, 90);
    fixture_end(scene.fixture, scene.visit, VISIT_STATE_DONE); /* +185 */
    advance_s(&scene, 2);
    add_event(&scene, scene.patient, RECORD_EVENT_MEDIA_STOPPED, "ep2", "audio");
    assert_int_equal(get_record(&scene, &own_doctor, check_whole_record), -1);
}

static void check_running(const Record *record)
{
    assert_int_equal(record->visit.media_both_end_ms, 0);
    assert_int_equal(record->visit.media_both_ms, 30000);
    assert_int_equal(record->visit.duration_ms, 30000);
    assert_null(record->visit.ended_by);
}

static void check_interrupted(const Record *record)
{
    int64_t t0 = fixture_time(0, 10, 0);
    assert_int_equal(record->visit.media_both_start_ms, t0);
    assert_int_equal(record->visit.media_both_end_ms, t0 + 20000);
    assert_int_equal(record->visit.media_both_ms, 20000);
    const RecordLine *last = g_ptr_array_index(record->lines, record->lines->len - 1);
    assert_string_equal(last->kind, "interrupted");
    const RecordParticipant *patient = g_ptr_array_index(record->participants, 0);
    assert_int_equal(patient->left_at_ms, t0 + 20000);
}

static void start_call(const Scene *scene)
{
    fixture_check_in(scene->fixture, scene->visit);
    fixture_call(scene->fixture, scene->visit);
    fixture_connect(scene->fixture, scene->visit);
    add_event(scene, scene->patient, RECORD_EVENT_JOINED, NULL, NULL);
    add_event(scene, scene->patient, RECORD_EVENT_MEDIA_STARTED, "ep", "video");
    add_event(scene, scene->doctor, RECORD_EVENT_MEDIA_STARTED, "ed", "audio");
}

static void recover(const Scene *scene)
{
    scene->fixture->n_waiting++;
    scheduling_recover(scene->fixture->scheduling, fixture_on_done, scene->fixture);
    fixture_wait(scene->fixture);
    assert_int_equal(scene->fixture->error_code, -1);
}

static void test_killed_server_ends_at_the_last_sample(void **state)
{
    g_auto(Scene) scene = scene_start(*state);
    start_call(&scene);
    advance_s(&scene, 20);
    add_sample(&scene, scene.patient, "ep", 2);
    advance_s(&scene, 10);
    assert_int_equal(get_record(&scene, &own_doctor, check_running), -1);
    recover(&scene);
    assert_int_equal(get_record(&scene, &own_doctor, check_interrupted), -1);
    recover(&scene); /* nothing is open any more: no second row */
    assert_int_equal(get_record(&scene, &own_doctor, check_interrupted), -1);
    assert_int_equal(fixture_state(scene.fixture, scene.visit), VISIT_STATE_IN_CALL);
}

static void check_no_media_of_both(const Record *record)
{
    assert_int_equal(record->visit.media_both_start_ms, 0);
    assert_int_equal(record->visit.media_both_ms, 0);
}

static void test_one_side_alone_is_no_consultation(void **state)
{
    g_auto(Scene) scene = scene_start(*state);
    fixture_check_in(scene.fixture, scene.visit);
    fixture_call(scene.fixture, scene.visit);
    fixture_connect(scene.fixture, scene.visit);
    add_event(&scene, scene.patient, RECORD_EVENT_MEDIA_STARTED, "ep", "audio");
    advance_s(&scene, 100);
    fixture_end(scene.fixture, scene.visit, VISIT_STATE_TECH_FAILED);
    assert_int_equal(get_record(&scene, &own_doctor, check_no_media_of_both), -1);
}

static void test_foreign_participant_is_refused(void **state)
{
    Fixture *fixture = *state;
    g_auto(Scene) scene = scene_start(fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *other = fixture_participant(fixture, fixture->visit_id, VISIT_ROLE_PATIENT);
    assert_int_equal(add_event(&scene, other, RECORD_EVENT_JOINED, NULL, NULL),
                     SCHEDULING_ERROR_NOT_FOUND);
}

static void test_who_may_read(void **state)
{
    Fixture *fixture = *state;
    g_auto(Scene) scene = scene_start(fixture);
    const Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[0]};
    const Actor refused[] = {
        {.role = ACTOR_DOCTOR, .user_id = "user-1"},
        {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[1]},
        {.role = ACTOR_OFFICE, .user_id = "o"},
        {.role = ACTOR_ADMIN, .user_id = "a"},
        {.role = ACTOR_PATIENT, .participant_id = scene.patient},
    };
    assert_int_equal(get_record(&scene, &desk, NULL), -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++)
        assert_int_equal(get_record(&scene, &refused[i], NULL), SCHEDULING_ERROR_FORBIDDEN);
}

/* Presence shows on the day list. */
static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    const DayVisit *visit = g_ptr_array_index(day->visits, 0);
    fixture->error_code = visit->present;
}

static bool is_present(Fixture *fixture)
{
    fixture->n_waiting++;
    day_list(fixture->scheduling, &own_doctor, NULL, on_day, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_presence(void **state)
{
    g_auto(Scene) scene = scene_start(*state);
    assert_false(is_present(scene.fixture));
    add_event(&scene, scene.patient, RECORD_EVENT_JOINED, NULL, NULL);
    assert_true(is_present(scene.fixture));
    add_event(&scene, scene.patient, RECORD_EVENT_LOST, NULL, NULL);
    assert_false(is_present(scene.fixture));
    add_event(&scene, scene.patient, RECORD_EVENT_BACK, NULL, NULL);
    assert_true(is_present(scene.fixture));
    recover(&scene);
    assert_false(is_present(scene.fixture));
}

int main(void)
{
#define RECORD_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        RECORD_TEST(test_record_of_a_call_with_a_reload),
        RECORD_TEST(test_killed_server_ends_at_the_last_sample),
        RECORD_TEST(test_one_side_alone_is_no_consultation),
        RECORD_TEST(test_foreign_participant_is_refused),
        RECORD_TEST(test_who_may_read),
        RECORD_TEST(test_presence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
