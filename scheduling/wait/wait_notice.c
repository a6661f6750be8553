// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_notice.h"

#include "scheduling/policy/policy.h"
#include "scheduling/outbox/message_edit.h"
#include "scheduling/outbox/notification_text.h"
#include "scheduling/wait/wait_row.h"

/* One message, and what it speaks of. */
typedef struct {
    const char *id;
    char *entry_id, *offer_state;
    NotificationKind kind;
    int64_t created_at_ms, turn_at_ms, expires_at_ms;
    unsigned n_attempts;
    WaitRow row;
} Source;

static void source_clear(Source *source)
{
    g_free(source->entry_id);
    g_free(source->offer_state);
    wait_row_clear(&source->row);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static bool load_source(DbTx *tx, const char *id, Source *ret_source, GError **error)
{
    DbQuery *row = db_query(tx, "wait_notice_facts");
    db_bind_text(row, 1, id);
    if (!scheduling_need_row(row, "message", error))
        return false;
    bool known = notification_kind_parse(db_column_text(row, 0), &ret_source->kind);
    ret_source->id = id;
    ret_source->entry_id = db_column_dup(row, 1);
    ret_source->created_at_ms = db_column_int(row, 2);
    ret_source->n_attempts = (unsigned)db_column_int(row, 3);
    ret_source->offer_state = db_column_dup(row, 4);
    ret_source->turn_at_ms = scheduling_column_int0(row, 5);
    ret_source->expires_at_ms = scheduling_column_int0(row, 6);
    db_reset(row);
    if (!known)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "message %s is of no known kind", id);
    return known && wait_row_load(tx, ret_source->entry_id, &ret_source->row, error);
}

/* Why it need not be sent any more; NULL: it is to be. */
static const char *moot(const Source *source, int64_t now_ms)
{
    bool is_offer =
        source->kind == NOTIFICATION_WAIT_OFFER || source->kind == NOTIFICATION_WAIT_OPEN;
    if (is_offer &&
        (g_strcmp0(source->offer_state, "open") != 0 || source->expires_at_ms <= now_ms))
        return "offer_over";
    if (source->kind != NOTIFICATION_WAIT_ENDED && source->row.state != WAIT_STATE_WAITING)
        return "waits_no_more";
    return notification_is_stale(source->kind, source->created_at_ms, now_ms) ? "too_late" : NULL;
}

bool wait_notice_settle(DbTx *tx, const char *id, const char *state, const char *reason,
                        int64_t at_ms, GError **error)
{
    DbQuery *query = db_query(tx, state ? "wait_notice_end" : "wait_notice_postpone");
    db_bind_text(query, 1, id);
    if (state) {
        db_bind_text(query, 2, state);
        db_bind_text(query, 3, reason);
        db_bind_int(query, 4, at_ms);
    } else {
        db_bind_int(query, 2, at_ms);
        db_bind_text(query, 3, reason);
    }
    return db_exec(query, error);
}

static bool make_text(Scheduling *scheduling, DbTx *tx, const char *link_base, const Source *source,
                      Delivery *delivery, GError **error)
{
    const WaitRow *row = &source->row;
    char *link = NULL;
    NotificationContent content = {
        .kind = source->kind,
        .is_english = g_strcmp0(row->lang, "en") == 0,
        .starts_at_ms = source->turn_at_ms,
        .until_ms = source->expires_at_ms,
        .zone = scheduling->zone,
        .facility = row->facility,
        .phone = row->facility_phone,
        .number = "",
        .link = "",
    };
    if (notification_has_link(&content)) {
        char *token = wait_row_token(scheduling, tx, row->id, error);
        if (!token)
            return false;
        link = g_strconcat(link_base, token, NULL);
        secret_text_free(token);
        content.link = link;
    }
    g_autofree char *template = NULL;
    bool ok = message_text_load(tx, row->facility_id, notification_message(&content),
                                content.is_english, &template, error);
    if (ok) {
        content.template = template;
        delivery->is_english = content.is_english;
        delivery->text = notification_text(&content);
    }
    secret_text_free(link);
    return ok;
}

static bool compose(Scheduling *scheduling, DbTx *tx, const char *link_base, const Source *source,
                    GPtrArray *deliveries, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autoptr(GError) sealed = NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->to =
        secret_box_open(scheduling->box, "visit.phone", source->row.phone_sealed, &sealed);
    if (!delivery->to)
        return wait_notice_settle(tx, source->id, "failed", "phone_unreadable", now_ms, error);
    delivery->id = g_strdup(source->id);
    delivery->kind = source->kind;
    delivery->wait_id = g_strdup(source->entry_id);
    delivery->attempt = source->n_attempts + 1;
    DbQuery *lease = db_query(tx, "wait_notice_lease");
    db_bind_text(lease, 1, source->id);
    db_bind_int(lease, 2, now_ms + (int64_t)DELIVERY_LEASE_S * 1000);
    if (!make_text(scheduling, tx, link_base, source, delivery, error) || !db_exec(lease, error) ||
        !wait_row_audit(scheduling, tx, &system, "notification.send", source->entry_id, NULL,
                        error))
        return false;
    g_ptr_array_add(deliveries, g_steal_pointer(&delivery));
    return true;
}

static bool claim_one(Scheduling *scheduling, DbTx *tx, const char *link_base, const char *id,
                      GPtrArray *deliveries, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_auto(Source) source = {0};
    if (!load_source(tx, id, &source, error))
        return false;
    const char *reason = moot(&source, now_ms);
    if (reason)
        return wait_notice_settle(tx, id, "dropped", reason, now_ms, error);
    Policy policy;
    if (!policy_load(scheduling, tx, source.row.facility_id, &policy, error))
        return false;
    const NotificationQuiet quiet = {scheduling->zone, (int)policy.values[POLICY_QUIET_FROM],
                                     (int)policy.values[POLICY_QUIET_UNTIL]};
    int64_t quiet_end_ms = notification_quiet_end(&quiet, source.kind, now_ms);
    if (quiet_end_ms > now_ms)
        return wait_notice_settle(tx, id, NULL, "quiet_hours", quiet_end_ms, error);
    if (source.n_attempts >= DELIVERY_MAX_ATTEMPTS)
        return wait_notice_settle(tx, id, "failed", "no_answer", now_ms, error);
    return compose(scheduling, tx, link_base, &source, deliveries, error);
}

bool wait_notice_claim(Scheduling *scheduling, DbTx *tx, const char *link_base,
                       GPtrArray *deliveries, bool *ret_more, GError **error)
{
    unsigned room = DELIVERY_MAX_AT_ONCE - MIN(deliveries->len, (unsigned)DELIVERY_MAX_AT_ONCE);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "wait_notice_due");
    db_bind_int(rows, 1, clock_wall_ms(scheduling->clock));
    db_bind_int(rows, 2, room);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    *ret_more = ids->len == room;
    for (unsigned i = 0; i < ids->len; i++) {
        if (!claim_one(scheduling, tx, link_base, ids->pdata[i], deliveries, error))
            return false;
    }
    return true;
}
