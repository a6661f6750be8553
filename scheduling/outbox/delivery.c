// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/delivery.h"

#include "scheduling/booking/series.h"
#include "scheduling/booking/token.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/outbox/message_edit.h"
#include "scheduling/outbox/notification_text.h"
#include "scheduling/outbox/sms.h"
#include "scheduling/policy/policy.h"
#include "scheduling/scheduling_private.h"
#include "scheduling/wait/wait_notice.h"

static const int64_t backoff_ms[] = {5000, 30000, 120000, 600000, 1800000};
G_STATIC_ASSERT(G_N_ELEMENTS(backoff_ms) == DELIVERY_MAX_ATTEMPTS - 1);
/* The disk is full, and somebody frees it. */
static const int64_t file_wait_ms = 60000;

void delivery_free(Delivery *delivery)
{
    if (!delivery)
        return;
    g_free(delivery->id);
    g_free(delivery->visit_id);
    g_free(delivery->wait_id);
    secret_text_free(delivery->to);
    secret_text_free(delivery->text);
    g_free(delivery->failure);
    g_free(delivery);
}

typedef struct {
    Scheduling *scheduling;
    char *link_base, *wait_base;
    GPtrArray *deliveries;
    bool more;
    DeliveryClaimed claimed; /* of a claim */
    SchedulingDone reported; /* of a report */
    gpointer user_data;
} DeliveryOp;

static void op_free(gpointer data)
{
    DeliveryOp *op = data;
    g_free(op->link_base);
    g_free(op->wait_base);
    if (op->deliveries)
        g_ptr_array_unref(op->deliveries);
    g_free(op);
}

static bool end(DbTx *tx, const char *id, const char *state, const char *reason, int64_t now_ms,
                GError **error)
{
    DbQuery *query = db_query(tx, "notification_end");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, state);
    db_bind_text(query, 3, reason);
    db_bind_int(query, 4, now_ms);
    return db_exec(query, error);
}

static bool postpone(DbTx *tx, const char *id, int64_t due_at_ms, const char *reason,
                     GError **error)
{
    DbQuery *query = db_query(tx, "notification_postpone");
    db_bind_text(query, 1, id);
    db_bind_int(query, 2, due_at_ms);
    db_bind_text(query, 3, reason);
    return db_exec(query, error);
}

/* Everything that a message is composed of. */
typedef struct {
    NotificationFacts facts;
    NotificationContent content; /* its texts are those below */
    char *visit_id, *phone_sealed, *participant_id, *facility, *phone, *number, *address;
    char *facility_id, *template;
    int64_t dates_ms[SERIES_MAX]; /* of a series that is told of at once */
    Policy policy;                /* of the facility */
    unsigned n_attempts;
    bool lacks_file; /* none of the letters that it tells of can be opened yet */
} Source;

static void source_clear(Source *source)
{
    char *texts[] = {source->visit_id, source->phone_sealed, source->participant_id,
                     source->facility, source->phone,        source->number,
                     source->template, source->facility_id,  source->address};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static void read_texts(DbQuery *row, Source *source)
{
    source->visit_id = db_column_dup(row, 4);
    source->number = db_column_dup(row, 9);
    source->phone_sealed = db_column_dup(row, 10);
    source->facility = db_column_dup(row, 12);
    source->phone = db_column_dup(row, 13);
    source->participant_id = db_column_dup(row, 14);
    source->facility_id = db_column_dup(row, 18);
    source->address = db_column_dup(row, 19);
}

/* What the facility has set: when reminders go out, when its page opens, its words. */
static bool load_rules(const DeliveryOp *op, DbTx *tx, Source *source, GError **error)
{
    NotificationContent *content = &source->content;
    if (!policy_load(op->scheduling, tx, source->facility_id, &source->policy, error) ||
        !message_text_load(tx, source->facility_id, notification_message(content),
                           content->is_english, &source->template, error))
        return false;
    content->early_minutes = (unsigned)source->policy.values[POLICY_OPEN_BEFORE];
    content->template = source->template;
    return true;
}

/* Several visits at once: the first of a series as it was booked, those moved or cancelled with
 * one. */
static bool load_dates(DbTx *tx, Source *source, GError **error)
{
    NotificationKind kind = source->facts.kind;
    const char *told = kind == NOTIFICATION_BOOKED      ? "series_told_booked"
                       : kind == NOTIFICATION_MOVED     ? "series_told_moved"
                       : kind == NOTIFICATION_CANCELLED ? "series_told_cancelled"
                                                        : NULL;
    if (!told)
        return true;
    DbQuery *rows = db_query(tx, told);
    db_bind_text(rows, 1, source->visit_id);
    unsigned n = 0;
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (n < SERIES_MAX)
            source->dates_ms[n++] = db_column_int(rows, 0);
    }
    /* Of one that is not by video, or has no place, that is what there is to say. */
    bool is_alone = kind == NOTIFICATION_BOOKED &&
                    (source->content.way != VISIT_WAY_VIDEO || source->content.asks_for_other);
    source->content.dates_ms = source->dates_ms;
    source->content.n_dates = n > 1 && !is_alone ? n : 0;
    return step == DB_DONE;
}

/* Has it still no place? What reminds of its time, or says when it is, asks about the hours then.
 */
static bool load_hit(const DeliveryOp *op, DbTx *tx, Source *source, GError **error)
{
    NotificationFacts *facts = &source->facts;
    switch (facts->kind) {
    case NOTIFICATION_HOURS_CHANGED:
    case NOTIFICATION_STANDS:
        return hours_kept_since(op->scheduling, tx, source->visit_id, &facts->hit_at_ms, error);
    case NOTIFICATION_BOOKED:
    case NOTIFICATION_MOVED:
    case NOTIFICATION_DAY_BEFORE:
    case NOTIFICATION_HOUR_BEFORE:
    case NOTIFICATION_SOON:
    case NOTIFICATION_LATE:
        if (!hours_kept_at_start(op->scheduling, tx, source->visit_id, &facts->hit_at_ms, error) ||
            !hours_kept_told(tx, source->visit_id, &facts->hit_told_at_ms, error) ||
            !hours_kept_message_waits(tx, source->visit_id, &facts->hit_waits, error))
            return false;
        source->content.asks_for_other = notification_asks_for_other(facts);
        return true;
    case NOTIFICATION_CANCELLED:
    case NOTIFICATION_MISSED:
    case NOTIFICATION_NEXT:
    case NOTIFICATION_CONVERTED_PHONE:
    case NOTIFICATION_CONVERTED_IN_PERSON:
    case NOTIFICATION_CONVERTED_VIDEO:
    case NOTIFICATION_LETTER:
    case NOTIFICATION_LETTER_REVOKED:
    case NOTIFICATION_WAIT_LISTED:
    case NOTIFICATION_WAIT_OFFER:
    case NOTIFICATION_WAIT_OPEN:
    case NOTIFICATION_WAIT_GONE:
    case NOTIFICATION_WAIT_ENDED:
        return true;
    }
    g_assert_not_reached();
}

/* How late is the doctor for who is to come? */
static bool load_late(DbTx *tx, Source *source, GError **error)
{
    NotificationFacts *facts = &source->facts;
    VisitRow row;
    unsigned minutes = 0;
    if (facts->kind != NOTIFICATION_HOUR_BEFORE && facts->kind != NOTIFICATION_SOON)
        return true;
    if (!visit_row_load(tx, source->visit_id, &row, error) ||
        !late_minutes_of_visit(tx, &row, &minutes, error) ||
        !late_is_told(tx, source->visit_id, &facts->is_late_told, error))
        return false;
    facts->late_ms = (int64_t)minutes * 60 * 1000;
    source->content.starts_at_ms = notification_expected(facts);
    return true;
}

static bool load_source(const DeliveryOp *op, DbTx *tx, const char *id, Source *source,
                        GError **error)
{
    DbQuery *row = db_query(tx, "notification_facts");
    db_bind_text(row, 1, id);
    if (!scheduling_need_row(row, "notification", error))
        return false;
    source->facts = (NotificationFacts){
        .occurrence = db_column_int(row, 1),
        .created_at_ms = db_column_int(row, 2),
        .starts_at_ms = db_column_int(row, 6),
        .ends_at_ms = db_column_int(row, 7),
        .is_followed = db_column_int(row, 15) != 0,
        .late_said_at_ms = scheduling_column_int0(row, 16),
        .held_until_ms = scheduling_column_int0(row, 23),
        .has_letter = db_column_int(row, 21) != 0,
    };
    source->n_attempts = (unsigned)db_column_int(row, 3);
    source->lacks_file = !db_column_is_null(row, 22) && db_column_int(row, 22) != 0;
    bool known = notification_kind_parse(db_column_text(row, 0), &source->facts.kind) &&
                 visit_state_parse(db_column_text(row, 5), &source->facts.state) &&
                 visit_way_parse(db_column_text(row, 20), &source->facts.way);
    read_texts(row, source);
    source->content = (NotificationContent){
        .kind = source->facts.kind,
        .is_english = g_strcmp0(db_column_text(row, 8), "en") == 0,
        .is_walk_in = db_column_int(row, 11) != 0,
        .way = source->facts.way,
        .is_unseen = source->facts.state != VISIT_STATE_NO_SHOW_PATIENT,
        .starts_at_ms = source->facts.starts_at_ms,
        .zone = op->scheduling->zone,
        .facility = source->facility,
        .phone = source->phone,
        .address = source->address,
        .number = source->number,
        .link = "",
        .late_minutes = (unsigned)scheduling_column_int0(row, 17),
    };
    db_reset(row);
    if (!known)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "notification %s is of no known kind",
                    id);
    return known && load_hit(op, tx, source, error) && load_late(tx, source, error) &&
           load_rules(op, tx, source, error) && load_dates(tx, source, error);
}

/* A link of the message's own: those before are known as hashes only. */
static char *make_link(const DeliveryOp *op, DbTx *tx, const Source *source, int64_t now_ms,
                       GError **error)
{
    int64_t expires_at_ms =
        source->facts.kind == NOTIFICATION_LETTER ||
                source->facts.kind == NOTIFICATION_LETTER_REVOKED
            ? now_ms + TOKEN_LETTERS_MS
            : MAX(source->facts.ends_at_ms, now_ms) + op->scheduling->policy.link_after_ms;
    char *token = token_create(op->scheduling, tx, source->visit_id, source->participant_id,
                               expires_at_ms, error);
    char *link = token ? g_strconcat(op->link_base, token, NULL) : NULL;
    secret_text_free(token);
    return link;
}

static bool lease(DbTx *tx, const char *id, const Source *source, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, "notification_lease");
    db_bind_text(query, 1, id);
    db_bind_int(query, 2, now_ms + (int64_t)DELIVERY_LEASE_S * 1000);
    db_bind_text(query, 3, source->content.asks_for_other ? "asked" : NULL);
    return db_exec(query, error);
}

static bool compose(DeliveryOp *op, DbTx *tx, const char *id, Source *source, char *to,
                    GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    const Actor system = {.role = ACTOR_SYSTEM};
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->to = to;
    char *link = NULL;
    if (notification_has_link(&source->content)) {
        link = make_link(op, tx, source, now_ms, error);
        if (!link)
            return false;
        source->content.link = link;
    }
    delivery->id = g_strdup(id);
    delivery->kind = source->facts.kind;
    delivery->visit_id = g_strdup(source->visit_id);
    delivery->is_english = source->content.is_english;
    delivery->attempt = source->n_attempts + 1;
    delivery->text = notification_text(&source->content);
    secret_text_free(link);
    if (!lease(tx, id, source, now_ms, error) ||
        !scheduling_audit(op->scheduling, tx, &system, "notification.send", "visit",
                          source->visit_id, error))
        return false;
    g_ptr_array_add(op->deliveries, g_steal_pointer(&delivery));
    return true;
}

/* A reminder that the facility does not send. */
static bool is_turned_off(const Source *source)
{
    switch (source->facts.kind) {
    case NOTIFICATION_DAY_BEFORE:
        return source->policy.values[POLICY_REMIND_DAY] == 0;
    case NOTIFICATION_HOUR_BEFORE:
        return source->policy.values[POLICY_REMIND_HOUR] == 0;
    case NOTIFICATION_SOON:
        return source->policy.values[POLICY_REMIND_SOON] == 0;
    case NOTIFICATION_BOOKED:
    case NOTIFICATION_MOVED:
    case NOTIFICATION_CANCELLED:
    case NOTIFICATION_MISSED:
    case NOTIFICATION_NEXT:
    case NOTIFICATION_LATE:
    case NOTIFICATION_HOURS_CHANGED:
    case NOTIFICATION_STANDS:
    case NOTIFICATION_CONVERTED_PHONE:
    case NOTIFICATION_CONVERTED_IN_PERSON:
    case NOTIFICATION_CONVERTED_VIDEO:
    case NOTIFICATION_LETTER:
    case NOTIFICATION_LETTER_REVOKED:
    case NOTIFICATION_WAIT_LISTED:
    case NOTIFICATION_WAIT_OFFER:
    case NOTIFICATION_WAIT_OPEN:
    case NOTIFICATION_WAIT_GONE:
    case NOTIFICATION_WAIT_ENDED:
        return false;
    }
    g_assert_not_reached();
}

/* It was tried, the number was changed meanwhile, and another message says it to the new one. */
static bool is_said_anew(DbTx *tx, const char *id, bool *ret_is, GError **error)
{
    DbQuery *query = db_query(tx, "notification_is_said_anew");
    db_bind_text(query, 1, id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_is = step == DB_ROW;
    return step != DB_FAILED;
}

static bool claim_one(DeliveryOp *op, DbTx *tx, const char *id, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_auto(Source) source = {0};
    bool is_anew = false;
    if (!load_source(op, tx, id, &source, error) ||
        (source.n_attempts > 0 && !is_said_anew(tx, id, &is_anew, error)))
        return false;
    if (is_anew)
        return end(tx, id, "dropped", "said_anew", now_ms, error);
    const char *moot = notification_moot(&source.facts, now_ms);
    if (moot)
        return end(tx, id, "dropped", moot, now_ms, error);
    if (is_turned_off(&source))
        return end(tx, id, "dropped", "turned_off", now_ms, error);
    const NotificationQuiet quiet = {op->scheduling->zone,
                                     (int)source.policy.values[POLICY_QUIET_FROM],
                                     (int)source.policy.values[POLICY_QUIET_UNTIL]};
    int64_t quiet_end_ms = notification_quiet_end(&quiet, source.facts.kind, now_ms);
    if (quiet_end_ms > now_ms)
        return postpone(tx, id, quiet_end_ms, "quiet_hours", error);
    int64_t late_due_ms = notification_late_due(&source.facts);
    if (now_ms < late_due_ms)
        return postpone(tx, id, late_due_ms, "late", error);
    /* "Join now" is said when that is possible. */
    int64_t opens_at_ms = source.facts.starts_at_ms - policy_ms(&source.policy, POLICY_OPEN_BEFORE);
    if (source.facts.kind == NOTIFICATION_SOON && now_ms < opens_at_ms)
        return postpone(tx, id, opens_at_ms, "not_open", error);
    if (source.lacks_file)
        return postpone(tx, id, now_ms + file_wait_ms, "no_file", error);
    if (source.n_attempts >= DELIVERY_MAX_ATTEMPTS)
        return end(tx, id, "failed", "no_answer", now_ms, error);
    g_autoptr(GError) sealed = NULL;
    char *to = secret_box_open(op->scheduling->box, "visit.phone", source.phone_sealed, &sealed);
    if (!to)
        return end(tx, id, "failed", "phone_unreadable", now_ms, error);
    if (!sms_reaches(to)) {
        secret_text_free(to);
        return end(tx, id, "dropped", "no_mobile", now_ms, error);
    }
    return compose(op, tx, id, &source, to, error);
}

static bool claim_job(DbTx *tx, gpointer data, GError **error)
{
    DeliveryOp *op = data;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "notification_due");
    db_bind_int(rows, 1, clock_wall_ms(op->scheduling->clock));
    db_bind_int(rows, 2, DELIVERY_MAX_AT_ONCE);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    op->more = ids->len == DELIVERY_MAX_AT_ONCE;
    for (unsigned i = 0; i < ids->len; i++) {
        if (!claim_one(op, tx, ids->pdata[i], error))
            return false;
    }
    bool more = false;
    if (!wait_notice_claim(op->scheduling, tx, op->wait_base, op->deliveries, &more, error))
        return false;
    op->more = op->more || more;
    return true;
}

static void on_claimed(gpointer data, const GError *error)
{
    DeliveryOp *op = data;
    op->claimed(error ? NULL : g_steal_pointer(&op->deliveries), op->more, error, op->user_data);
}

void delivery_claim(Scheduling *scheduling, const char *public_url, DeliveryClaimed done,
                    gpointer user_data)
{
    DeliveryOp *op = g_new0(DeliveryOp, 1);
    op->scheduling = scheduling;
    op->link_base = g_strconcat(public_url, "/v/", NULL);
    op->wait_base = g_strconcat(public_url, "/tunggu/", NULL);
    op->deliveries = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    op->claimed = done;
    op->user_data = user_data;
    db_write(scheduling->db, claim_job, on_claimed, op, op_free);
}

static bool report_one(DbTx *tx, const Delivery *delivery, int64_t now_ms, GError **error)
{
    bool is_over = !delivery->failure || delivery->attempt >= DELIVERY_MAX_ATTEMPTS;
    const char *state = !is_over ? NULL : delivery->failure ? "failed" : "sent";
    int64_t at_ms = is_over ? now_ms : now_ms + backoff_ms[delivery->attempt - 1];
    if (delivery->wait_id)
        return wait_notice_settle(tx, delivery->id, state, delivery->failure, at_ms, error);
    return state ? end(tx, delivery->id, state, delivery->failure, at_ms, error)
                 : postpone(tx, delivery->id, at_ms, delivery->failure, error);
}

static bool report_job(DbTx *tx, gpointer data, GError **error)
{
    DeliveryOp *op = data;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    for (unsigned i = 0; i < op->deliveries->len; i++) {
        if (!report_one(tx, op->deliveries->pdata[i], now_ms, error))
            return false;
    }
    return true;
}

static void on_reported(gpointer data, const GError *error)
{
    DeliveryOp *op = data;
    op->reported(error, op->user_data);
}

void delivery_report(Scheduling *scheduling, GPtrArray *deliveries, SchedulingDone done,
                     gpointer user_data)
{
    DeliveryOp *op = g_new0(DeliveryOp, 1);
    op->scheduling = scheduling;
    op->deliveries = deliveries;
    op->reported = done;
    op->user_data = user_data;
    db_write(scheduling->db, report_job, on_reported, op, op_free);
}
