// SPDX-License-Identifier: Apache-2.0
#include "scheduling/group/group_row.h"

#include <string.h>

#include "scheduling/clinic/hours_store.h"
#include "scheduling/policy/policy.h"

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

bool group_note_obstacle(Scheduling *scheduling, DbTx *tx, Group *group, GError **error)
{
    const TimeSpan span = {group->starts_at_ms, group->ends_at_ms};
    return group->state != GROUP_STATE_PLANNED ||
           hours_find_obstacle(scheduling, tx, group->clinic_id, group->practitioner_id, span,
                               &group->obstacle, error);
}

/* Nobody is taken into what will not be held. */
static bool check_obstacle(Scheduling *scheduling, DbTx *tx, Group *group, GError **error)
{
    if (!group_note_obstacle(scheduling, tx, group, error))
        return false;
    return group->obstacle == HOURS_OBSTACLE_NONE ||
           refuse(SCHEDULING_ERROR_SLOT_NOT_OFFERED, "the group will not be held", error);
}

/* Anybody books what is open, in the clinic's booking window; staff until the group's end. */
static bool check_time(Scheduling *scheduling, DbTx *tx, const Group *group, bool by_staff,
                       GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    Policy policy;
    bool is_there = group->state == GROUP_STATE_PLANNED && now_ms < group->ends_at_ms;
    if (is_there && by_staff)
        return true;
    if (!is_there || !group->is_open)
        return refuse(SCHEDULING_ERROR_SLOT_NOT_OFFERED, "the group cannot be booked", error);
    if (!policy_load_clinic(scheduling, tx, group->clinic_id, &policy, error))
        return false;
    if (group->starts_at_ms >= now_ms &&
        group->starts_at_ms < now_ms + policy_ms(&policy, POLICY_BOOKING_LEAD))
        return refuse(SCHEDULING_ERROR_TOO_SOON, "nearer than what can be booked", error);
    if (group->starts_at_ms < now_ms ||
        group->starts_at_ms > now_ms + policy_ms(&policy, POLICY_BOOKING_HORIZON))
        return refuse(SCHEDULING_ERROR_SLOT_NOT_OFFERED, "outside the booking window", error);
    return true;
}

/* Nobody is booked at another time than was asked for: the group may have been moved since. */
static bool check_wished(const Group *group, const GroupWish *wish, FaultList *faults,
                         GError **error)
{
    if (wish->starts_at_ms == 0 || wish->starts_at_ms == group->starts_at_ms)
        return true;
    fault_list_add(faults, "starts_at_ms", "group_time", NULL);
    return refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the group starts at another time", error);
}

static bool check_person(Scheduling *scheduling, DbTx *tx, const Group *group,
                         const NewVisit *visit, FaultList *faults, GError **error)
{
    const NewVisitSource *source = visit->source;
    g_autofree char *patient_id = source ? g_strdup(source->patient_id) : NULL;
    g_autofree char *phone = source ? g_strdup(source->phone_index)
                             : visit->phone && *visit->phone
                                 ? secret_box_index(scheduling->box, "visit.phone", visit->phone)
                                 : NULL;
    DbQuery *row = db_query(tx, "group_has_person");
    db_bind_text(row, 1, group->id);
    db_bind_text(row, 2, patient_id);
    db_bind_text(row, 3, phone);
    db_bind_text(row, 4, visit->birth_date);
    db_bind_text(row, 5, visit->name);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        db_reset(row);
        fault_list_add(faults, "name", "in_group", NULL);
        return refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the person has a place in the group",
                      error);
    }
    return step == DB_DONE;
}

/* The lowest number that nobody has; 0: all are taken. */
static bool first_free(DbTx *tx, const Group *group, int *ret_place, GError **error)
{
    int free_place = 1;
    DbQuery *rows = db_query(tx, "group_places_taken");
    db_bind_text(rows, 1, group->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (db_column_int(rows, 0) == free_place)
            free_place++;
    }
    *ret_place = free_place <= group->places ? free_place : 0;
    return step == DB_DONE;
}

bool group_place_find(Scheduling *scheduling, DbTx *tx, const GroupWish *wish, NewVisit *visit,
                      FaultList *faults, Group **ret_group, GError **error)
{
    int place = 0;
    g_autoptr(Group) group = group_load(tx, wish->group_id, false, error);
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!group || (wish->staff && !group_check_actor(tx, group, wish->staff, roles, error)))
        return false;
    if (visit->clinic_id && strcmp(group->clinic_id, visit->clinic_id) != 0)
        return refuse(SCHEDULING_ERROR_SLOT_NOT_OFFERED, "a group of another clinic", error);
    if (!check_wished(group, wish, faults, error) ||
        !check_time(scheduling, tx, group, wish->staff != NULL, error) ||
        !check_obstacle(scheduling, tx, group, error) ||
        !check_person(scheduling, tx, group, visit, faults, error) ||
        !first_free(tx, group, &place, error))
        return false;
    if (place == 0)
        return refuse(SCHEDULING_ERROR_SLOT_TAKEN, "the group is full", error);
    visit->clinic_id = group->clinic_id;
    visit->practitioner_id = group->practitioner_id;
    visit->starts_at_ms = group->starts_at_ms;
    visit->ends_at_ms = group->ends_at_ms;
    visit->group_id = group->id;
    visit->group_place = place;
    visit->group_name = wish->shown_as ? wish->shown_as : "number";
    *ret_group = g_steal_pointer(&group);
    return true;
}
