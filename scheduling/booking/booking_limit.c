// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/booking_limit.h"

#include <gio/gio.h>
#include <string.h>

#include "scheduling/policy/policy.h"

enum { IPV6_NETWORK_BYTES = 8, MOVES_A_DAY = 5 };

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, (int)code, why);
    return false;
}

static bool count(DbQuery *query, int64_t *ret_n, GError **error)
{
    DbStep step = db_step(query, error);
    *ret_n = step == DB_ROW ? db_column_int(query, 0) : 0;
    db_reset(query);
    return step != DB_FAILED;
}

static bool check_phone(Scheduling *scheduling, DbTx *tx, const char *phone_index, int64_t max,
                        GError **error)
{
    int64_t n = 0;
    if (max == 0)
        return true;
    DbQuery *query = db_query(tx, "booking_to_come");
    db_bind_text(query, 1, phone_index);
    db_bind_int(query, 2, clock_wall_ms(scheduling->clock));
    return count(query, &n, error) &&
           (n < max || refuse(SCHEDULING_ERROR_BOOKINGS_FULL,
                              "the telephone has enough visits to come", error));
}

/* Of IPv6 a customer has a whole /64. */
static char *network_of(const char *address)
{
    g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string(address);
    if (!parsed || g_inet_address_get_family(parsed) != G_SOCKET_FAMILY_IPV6)
        return g_strdup(address);
    uint8_t bytes[16] = {0};
    memcpy(bytes, g_inet_address_to_bytes(parsed), IPV6_NETWORK_BYTES);
    g_autoptr(GInetAddress) network = g_inet_address_new_from_bytes(bytes, G_SOCKET_FAMILY_IPV6);
    return g_inet_address_to_string(network);
}

/* Whatever becomes of them: each was a message. Kept for the day, by keyed hash. */
static bool take_address(Scheduling *scheduling, DbTx *tx, const char *address, int64_t max,
                         GError **error)
{
    int64_t n = 0;
    char today[SCHEDULING_DATE_BYTES];
    if (!address || max == 0)
        return true;
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    g_autofree char *network = network_of(address);
    g_autofree char *index = secret_box_index(scheduling->box, "booking.address", network);
    DbQuery *old = db_query(tx, "booking_address_forget");
    db_bind_text(old, 1, today);
    DbQuery *query = db_query(tx, "booking_address_count");
    db_bind_text(query, 1, today);
    db_bind_text(query, 2, index);
    if (!db_exec(old, error) || !count(query, &n, error))
        return false;
    if (n >= max)
        return refuse(SCHEDULING_ERROR_ADDRESS_FULL, "enough was booked from the address today",
                      error);
    DbQuery *take = db_query(tx, "booking_address_take");
    db_bind_text(take, 1, today);
    db_bind_text(take, 2, index);
    return db_exec(take, error);
}

bool booking_limit_take(Scheduling *scheduling, DbTx *tx, const BookingLimitQuery *query,
                        GError **error)
{
    Policy policy;
    return policy_load_clinic(scheduling, tx, query->clinic_id, &policy, error) &&
           check_phone(scheduling, tx, query->phone_index, policy.values[POLICY_BOOKINGS_PER_PHONE],
                       error) &&
           take_address(scheduling, tx, query->address, policy.values[POLICY_BOOKINGS_PER_ADDRESS],
                        error);
}

bool booking_limit_check_moves(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                               GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    int64_t today_ms = 0;
    unsigned n = 0;
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    clock_date_start(today, scheduling->zone, &today_ms);
    g_autofree char *id = g_strdup(visit_id);
    while (id) {
        DbQuery *query = db_query(tx, "booking_moved_from");
        db_bind_text(query, 1, id);
        db_bind_int(query, 2, today_ms);
        g_clear_pointer(&id, g_free);
        DbStep step = db_step(query, error);
        if (step == DB_FAILED)
            return false;
        if (step == DB_ROW) {
            id = db_column_dup(query, 0);
            n += db_column_int(query, 1) != 0;
        }
        db_reset(query);
    }
    return n < MOVES_A_DAY ||
           refuse(SCHEDULING_ERROR_MOVED_OFTEN, "the patient has moved it enough today", error);
}
