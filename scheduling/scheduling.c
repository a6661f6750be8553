// SPDX-License-Identifier: Apache-2.0
#include "scheduling/scheduling_private.h"

#include <string.h>

#include "scheduling_resource.h"

G_DEFINE_QUARK(huyula - scheduling - error, scheduling_error)

static const int64_t minute_ms = 60 * 1000;
static const int64_t hour_ms = 60 * 60 * 1000;

void scheduling_policy_init(SchedulingPolicy *policy)
{
    *policy = (SchedulingPolicy){
        .zone = "Asia/Makassar",
        .province_code = "75",
        .open_before_ms = 30 * minute_ms,
        .open_after_ms = 60 * minute_ms,
        .late_after_ms = 10 * minute_ms,
        .no_show_after_ms = 15 * minute_ms,
        .move_until_ms = 60 * minute_ms,
        .cancel_until_ms = 60 * minute_ms,
        .hold_ms = 5 * minute_ms,
        .unanswered_after_ms = 10 * minute_ms,
        .unanswered_alone_ms = 3 * minute_ms,
        .booking_lead_ms = 15 * minute_ms,
        .booking_horizon_ms = 30 * 24 * hour_ms,
        .link_after_ms = 24 * hour_ms,
        .staff_token_ms = 12 * hour_ms,
        .idempotency_ms = 24 * hour_ms,
        .sick_letter_days = 3,
        .bookings_per_phone = 6,
        .bookings_per_address = 300,
        .quiet_from_hour = 21,
        .quiet_until_hour = 6,
    };
}

const char *actor_role_name(ActorRole role)
{
    switch (role) {
    case ACTOR_PATIENT:
        return "patient";
    case ACTOR_DOCTOR:
        return "doctor";
    case ACTOR_DESK:
        return "desk";
    case ACTOR_OFFICE:
        return "office";
    case ACTOR_ADMIN:
        return "admin";
    case ACTOR_COORDINATOR:
        return "coordinator";
    case ACTOR_OFFICER:
        return "officer";
    case ACTOR_CLIENT:
        return "client";
    case ACTOR_SYSTEM:
        return "system";
    }
    g_assert_not_reached();
}

Scheduling *scheduling_new(Db *db, Clock *clock, SecretBox *box, const SchedulingPolicy *policy,
                           GError **error)
{
    GTimeZone *zone = g_time_zone_new_identifier(policy->zone);
    if (!zone) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "unknown time zone %s", policy->zone);
        return NULL;
    }
    Scheduling *scheduling = g_new0(Scheduling, 1);
    scheduling->db = db;
    scheduling->clock = clock;
    scheduling->box = box;
    scheduling->zone = zone;
    scheduling->policy = *policy;
    scheduling->policy.zone = g_strdup(policy->zone);
    scheduling->policy.province_code = g_strdup(policy->province_code);
    return scheduling;
}

void scheduling_free(Scheduling *scheduling)
{
    if (!scheduling)
        return;
    g_time_zone_unref(scheduling->zone);
    g_free(scheduling->hours_seen);
    g_free((char *)scheduling->policy.zone);
    g_free((char *)scheduling->policy.province_code);
    g_free(scheduling);
}

void scheduling_set_listener(Scheduling *scheduling, SchedulingListener listener,
                             gpointer user_data)
{
    scheduling->listener = listener;
    scheduling->listener_data = user_data;
}

void scheduling_set_binding_check(Scheduling *scheduling, SchedulingBindingCheck check)
{
    scheduling->binding_check = check;
}

GTimeZone *scheduling_zone(const Scheduling *scheduling)
{
    return scheduling->zone;
}

static const char *const migrations[] = {
    "/huyula/scheduling/clinic/sql/0101_area.sql",
    "/huyula/scheduling/clinic/sql/0102_clinic.sql",
    "/huyula/scheduling/booking/sql/0110_visit.sql",
    "/huyula/scheduling/booking/sql/0111_token_binding.sql",
    "/huyula/scheduling/booking/sql/0112_guest.sql",
    "/huyula/scheduling/record/sql/0120_record.sql",
    "/huyula/scheduling/clinic/sql/0130_hours.sql",
    "/huyula/scheduling/booking/sql/0131_visit_session.sql",
    "/huyula/scheduling/clinic/sql/0140_setup.sql",
    "/huyula/scheduling/clinic/sql/0141_service.sql",
    "/huyula/scheduling/note/sql/0150_icd10.sql",
    "/huyula/scheduling/note/sql/0151_note.sql",
    "/huyula/scheduling/letter/sql/0155_letter.sql",
    "/huyula/scheduling/booking/sql/0160_pool.sql",
    "/huyula/scheduling/booking/sql/0161_no_show.sql",
    "/huyula/scheduling/booking/sql/0162_move.sql",
    "/huyula/scheduling/booking/sql/0163_hold.sql",
    "/huyula/scheduling/booking/sql/0164_visit_service.sql",
    "/huyula/scheduling/record/sql/0165_consent.sql",
    "/huyula/scheduling/outbox/sql/0170_notification.sql",
    "/huyula/scheduling/outbox/sql/0171_late.sql",
    "/huyula/scheduling/letter/sql/0180_licence.sql",
    "/huyula/scheduling/outreach/sql/0210_outreach.sql",
    "/huyula/scheduling/wait/sql/0220_wait_list.sql",
    "/huyula/scheduling/policy/sql/0230_policy.sql",
    "/huyula/scheduling/outbox/sql/0231_message_template.sql",
    "/huyula/scheduling/people/sql/0240_person.sql",
    "/huyula/scheduling/booking/sql/0241_counter.sql",
    "/huyula/scheduling/incident/sql/0250_incident.sql",
    "/huyula/scheduling/booking/sql/0251_follow_up.sql",
    "/huyula/scheduling/booking/sql/0260_unanswered.sql",
    "/huyula/scheduling/booking/sql/0270_extra_place.sql",
    "/huyula/scheduling/booking/sql/0275_contact.sql",
    "/huyula/scheduling/booking/sql/0276_series.sql",
    "/huyula/scheduling/consult/sql/0280_consult.sql",
    "/huyula/scheduling/group/sql/0290_group.sql",
    "/huyula/scheduling/wait/sql/0295_wait_address.sql",
    "/huyula/scheduling/people/sql/0296_person_view.sql",
    "/huyula/scheduling/people/sql/0297_pair_facility.sql",
    "/huyula/scheduling/booking/sql/0298_series_move.sql",
    "/huyula/scheduling/booking/sql/0300_booking_indexes.sql",
    "/huyula/scheduling/outbox/sql/0302_notification.sql",
    "/huyula/scheduling/booking/sql/0303_participant.sql",
    "/huyula/scheduling/booking/sql/0304_visit_course.sql",
    "/huyula/scheduling/clinic/sql/0310_hours_hit.sql",
    "/huyula/scheduling/outbox/sql/0311_hours_changed.sql",
    "/huyula/scheduling/booking/sql/0316_client_booking.sql",
    "/huyula/scheduling/job/sql/0320_job_run.sql",
    "/huyula/scheduling/outreach/sql/0325_nurse.sql",
    "/huyula/scheduling/booking/sql/0326_day_end.sql",
    "/huyula/scheduling/booking/sql/0330_token_topic.sql",
    "/huyula/scheduling/booking/sql/0335_client_booking_moved.sql",
    "/huyula/scheduling/booking/sql/0336_visit_reason.sql",
    "/huyula/scheduling/outbox/sql/0340_converted.sql",
    "/huyula/scheduling/note/sql/0341_icd10_import.sql",
    "/huyula/scheduling/record/sql/0342_consent_text.sql",
    "/huyula/scheduling/booking/sql/0345_visit_way.sql",
    "/huyula/scheduling/outbox/sql/0346_converted_video.sql",
    "/huyula/scheduling/wait/sql/0350_wait_reason.sql",
    "/huyula/scheduling/clinic/sql/0351_hours_hit_view.sql",
    "/huyula/scheduling/booking/sql/0355_visit_to_phone.sql",
    "/huyula/scheduling/booking/sql/0356_visit_came.sql",
    "/huyula/scheduling/booking/sql/0365_booking_limit.sql",
    "/huyula/scheduling/outbox/sql/0370_letter_message.sql",
    "/huyula/scheduling/clinic/sql/0371_practitioner_login.sql",
    "/huyula/scheduling/note/sql/0390_icd10_everyday.sql",
    "/huyula/scheduling/clinic/sql/0394_login_disabled.sql",
    "/huyula/scheduling/clinic/sql/0396_permit_over.sql",
    "/huyula/scheduling/outbox/sql/0400_stands.sql",
    "/huyula/scheduling/job/sql/0401_program_off.sql",
    "/huyula/scheduling/clinic/sql/0404_clinic_open.sql",
    "/huyula/scheduling/clinic/sql/0405_permit_removed.sql",
    "/huyula/scheduling/people/sql/0406_person_titles.sql",
    "/huyula/scheduling/outbox/sql/0407_letter_revoked.sql",
    "/huyula/scheduling/letter/sql/0408_revoke_kind.sql",
    "/huyula/scheduling/clinic/sql/0410_login_hit.sql",
    "/huyula/scheduling/booking/sql/0411_no_phone.sql",
    "/huyula/scheduling/booking/sql/0412_fixed_line.sql",
    "/huyula/scheduling/outbox/sql/0413_late_to_phone.sql",
    "/huyula/scheduling/outreach/sql/0414_entry_phone.sql",
    "/huyula/scheduling/booking/sql/0415_series_told.sql",
    NULL,
};

static const char *const statements[] = {
    "/huyula/scheduling/clinic/sql/clinic.sql",
    "/huyula/scheduling/clinic/sql/hours.sql",
    "/huyula/scheduling/clinic/sql/hours_edit.sql",
    "/huyula/scheduling/clinic/sql/hours_kept.sql",
    "/huyula/scheduling/clinic/sql/hours_news.sql",
    "/huyula/scheduling/clinic/sql/demo.sql",
    "/huyula/scheduling/clinic/sql/setup.sql",
    "/huyula/scheduling/clinic/sql/duty.sql",
    "/huyula/scheduling/clinic/sql/service.sql",
    "/huyula/scheduling/booking/sql/booking.sql",
    "/huyula/scheduling/booking/sql/booking_limit.sql",
    "/huyula/scheduling/booking/sql/visit.sql",
    "/huyula/scheduling/booking/sql/token.sql",
    "/huyula/scheduling/booking/sql/queue.sql",
    "/huyula/scheduling/booking/sql/no_show.sql",
    "/huyula/scheduling/booking/sql/day_end.sql",
    "/huyula/scheduling/booking/sql/own_visit.sql",
    "/huyula/scheduling/booking/sql/move.sql",
    "/huyula/scheduling/booking/sql/follow_up.sql",
    "/huyula/scheduling/booking/sql/fixed_line.sql",
    "/huyula/scheduling/booking/sql/contact.sql",
    "/huyula/scheduling/booking/sql/series.sql",
    "/huyula/scheduling/booking/sql/board.sql",
    "/huyula/scheduling/booking/sql/hold.sql",
    "/huyula/scheduling/booking/sql/counter.sql",
    "/huyula/scheduling/booking/sql/client_booking.sql",
    "/huyula/scheduling/booking/sql/visit_reason.sql",
    "/huyula/scheduling/booking/sql/unanswered.sql",
    "/huyula/scheduling/booking/sql/came.sql",
    "/huyula/scheduling/people/sql/people.sql",
    "/huyula/scheduling/record/sql/record.sql",
    "/huyula/scheduling/record/sql/consent.sql",
    "/huyula/scheduling/report/sql/report.sql",
    "/huyula/scheduling/note/sql/note.sql",
    "/huyula/scheduling/letter/sql/letter.sql",
    "/huyula/scheduling/outbox/sql/notification.sql",
    "/huyula/scheduling/outbox/sql/late.sql",
    "/huyula/scheduling/outbox/sql/message.sql",
    "/huyula/scheduling/policy/sql/policy.sql",
    "/huyula/scheduling/incident/sql/incident.sql",
    "/huyula/scheduling/outreach/sql/nurse.sql",
    "/huyula/scheduling/outreach/sql/outreach.sql",
    "/huyula/scheduling/wait/sql/wait.sql",
    "/huyula/scheduling/consult/sql/consult.sql",
    "/huyula/scheduling/group/sql/group.sql",
    "/huyula/scheduling/job/sql/job.sql",
    "/huyula/scheduling/retention/sql/retention.sql",
    NULL,
};

const DbOwner *scheduling_db_owner(void)
{
    static DbOwner owner = {
        .owner = "scheduling", .migrations = migrations, .statements = statements};
    if (!scheduling_get_resource())
        scheduling_register_resource();
    owner.resource = scheduling_get_resource();
    return &owner;
}

void actor_copy_init(ActorCopy *copy, const Actor *actor)
{
    copy->user_id = g_strdup(actor->user_id);
    copy->participant_id = g_strdup(actor->participant_id);
    copy->facility_id = g_strdup(actor->facility_id);
    copy->address = g_strdup(actor->address);
    copy->bound_to = g_strdup(actor->bound_to);
    copy->actor = (Actor){
        .role = actor->role,
        .user_id = copy->user_id,
        .participant_id = copy->participant_id,
        .facility_id = copy->facility_id,
        .address = copy->address,
        .bound_to = copy->bound_to,
    };
}

void actor_copy_clear(ActorCopy *copy)
{
    g_free(copy->user_id);
    g_free(copy->participant_id);
    g_free(copy->facility_id);
    g_free(copy->address);
    g_free(copy->bound_to);
}

void scheduling_tell_free(Scheduling *scheduling)
{
    if (scheduling->free_listener)
        scheduling->free_listener(scheduling->free_listener_data);
}

void scheduling_notify(Scheduling *scheduling, const ChangeBox *box)
{
    if (!box->has_changed)
        return;
    const VisitChange *change = &box->change;
    if (scheduling->listener)
        scheduling->listener(change, scheduling->listener_data);
    if (change->state != change->from && visit_state_row(change->state)->is_cancelled)
        scheduling_tell_free(scheduling);
}

bool scheduling_audit_change(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                             const AuditedChange *change, GError **error)
{
    bool is_person = actor->user_id && actor->role != ACTOR_CLIENT;
    const char *kind = is_person ? "user" : actor->participant_id ? "token" : "system";
    AuditEntry entry = {
        .at_ms = clock_wall_ms(scheduling->clock),
        .actor_kind = kind,
        .actor_id = actor->user_id ? actor->user_id : actor->participant_id,
        .actor_role = actor_role_name(actor->role),
        .action = change->action,
        .object_kind = change->object_kind,
        .object_id = change->object_id,
        .address = actor->address,
        .result = "ok",
        .reason = change->reason,
    };
    return audit_append(tx, &entry, error);
}

bool scheduling_audit(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *action,
                      const char *object_kind, const char *object_id, GError **error)
{
    const AuditedChange change = {action, object_kind, object_id, NULL};
    return scheduling_audit_change(scheduling, tx, actor, &change, error);
}

bool scheduling_need_row(DbQuery *query, const char *what, GError **error)
{
    switch (db_step(query, error)) {
    case DB_ROW:
        return true;
    case DB_DONE:
        g_set_error(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND, "no such %s", what);
        return false;
    case DB_FAILED:
        return false;
    }
    g_assert_not_reached();
}

char *scheduling_actor_practitioner(DbTx *tx, const Actor *actor, GError **error)
{
    if (actor->role == ACTOR_DOCTOR && actor->user_id) {
        DbQuery *query = db_query(tx, "practitioner_by_user");
        db_bind_text(query, 1, actor->user_id);
        DbStep step = db_step(query, error);
        if (step == DB_FAILED)
            return NULL;
        if (step == DB_ROW) {
            char *id = db_column_dup(query, 0);
            db_reset(query);
            return id;
        }
    }
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the actor is no doctor of a clinic");
    return NULL;
}

void scheduling_copy_column(DbQuery *query, int column, char *ret_text, size_t size)
{
    const char *text = db_column_text(query, column);
    g_strlcpy(ret_text, text ? text : "", size);
}

int64_t scheduling_column_int0(DbQuery *query, int column)
{
    return db_column_is_null(query, column) ? 0 : db_column_int(query, column);
}

bool scheduling_date_is_valid(const char *text)
{
    char date[SCHEDULING_DATE_BYTES];
    return text && strlen(text) == 10 && clock_date_add(text, 0, date);
}
