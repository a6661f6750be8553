// SPDX-License-Identifier: Apache-2.0
/* Taking what is offered: a booking like any other, made of what the entry says. */
#include "scheduling/booking/contact.h"
#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/request.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/token.h"
#include "scheduling/booking/visit_new.h"
#include "scheduling/booking/visit_reason.h"
#include "scheduling/record/consent.h"
#include "scheduling/wait/wait_answer.h"
#include "scheduling/wait/wait_offer.h"

typedef struct {
    Scheduling *scheduling;
    char *token, *offer_id;
    ActorCopy actor;
    WaitNews *news;
    ServiceTerms service;
    Booking booking;
    OwnVisitCheck own;
    ChangeBox box;
    BookingDone done;
    gpointer user_data;
} AcceptOp;

static void accept_op_free(gpointer data)
{
    AcceptOp *op = data;
    secret_text_free(op->token);
    g_free(op->offer_id);
    actor_copy_clear(&op->actor);
    wait_news_free(op->news);
    booking_clear(&op->booking);
    g_free(op);
}

/* An answer that was lost on its way is asked for again soon. Later the visit's own links are the
 * ones, which a desk can revoke; once it has there is no other way to one. */
static const int64_t repeat_ms = (int64_t)15 * 60 * 1000;

static bool refuse_again(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OFFER_OVER,
                        "it was accepted, and leads to its visit no more");
    return false;
}

/* Whoever has the link of the list may be the one who had those of the visit. */
static bool were_revoked(DbTx *tx, const char *participant_id, bool *ret_were, GError **error)
{
    DbQuery *query = db_query(tx, "wait_links_revoked");
    db_bind_text(query, 1, participant_id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_were = step == DB_ROW;
    return step != DB_FAILED;
}

/* A repeated request: the same visit, by a link of its own. */
static bool answer_again(AcceptOp *op, DbTx *tx, const WaitRow *row, GError **error)
{
    Scheduling *scheduling = op->scheduling;
    DbQuery *ended = db_query(tx, "wait_ended_at");
    db_bind_text(ended, 1, row->id);
    if (!scheduling_need_row(ended, "entry", error))
        return false;
    int64_t age_ms = clock_wall_ms(scheduling->clock) - db_column_int(ended, 0);
    db_reset(ended);
    if (age_ms > repeat_ms)
        return refuse_again(error);
    DbQuery *patient = db_query(tx, "wait_patient_participant");
    db_bind_text(patient, 1, row->visit_id);
    if (!scheduling_need_row(patient, "patient of the visit", error))
        return false;
    g_autofree char *participant_id = db_column_dup(patient, 0);
    db_reset(patient);
    bool is_revoked = false;
    if (!were_revoked(tx, participant_id, &is_revoked, error))
        return false;
    if (is_revoked)
        return refuse_again(error);
    if (!booking_fill(scheduling, tx, row->visit_id, &op->booking, error))
        return false;
    int64_t end_ms = MAX(op->booking.ends_at_ms, clock_wall_ms(scheduling->clock));
    op->booking.repeated = true;
    op->booking.token = token_create(scheduling, tx, row->visit_id, participant_id,
                                     end_ms + scheduling->policy.link_after_ms, error);
    return op->booking.token != NULL;
}

static bool find_place(AcceptOp *op, DbTx *tx, const WaitRow *row, const WaitOffer *offer,
                       NewVisit *visit, GError **error)
{
    Slot slot;
    const SlotWish wish = {
        row->clinic_id, offer->practitioner_id, offer->starts_at_ms, row->service_id,
        false,          SLOT_BOOK_NO_HOLD};
    if (row->service_id) {
        visit->service = &op->service;
        if (!slot_wish_service(tx, row->clinic_id, row->service_id, &op->service,
                               op->booking.faults, error))
            return false;
    }
    if (!slot_wish_find(op->scheduling, tx, &wish, &op->booking, &slot, error))
        return false;
    visit->practitioner_id = offer->practitioner_id;
    visit->starts_at_ms = slot.starts_at_ms;
    visit->ends_at_ms = slot.ends_at_ms;
    visit->place = slot.place;
    visit->session = slot.session;
    visit->before_ms = slot.before_ms;
    visit->after_ms = slot.after_ms;
    return true;
}

/* Agreed to was the text of the day on which the entry was made: it is written down, with its
 * event, and who agreed to one that was replaced meanwhile is asked again. */
static bool write_consent(AcceptOp *op, DbTx *tx, const WaitRow *row, const char *visit_id,
                          GError **error)
{
    ContactState who;
    if (!contact_load_state(tx, visit_id, &who, error))
        return false;
    if (row->consent_version == 0 || (who.is_child && !who.has_contact))
        return true;
    const ConsentGiven given = {
        .version = row->consent_version,
        .since_ms = row->requested_at_ms,
        .how = row->consent_read_aloud ? CONSENT_READ_ALOUD : CONSENT_ACCEPTED,
        .giver = row->contact_name ? CONSENT_GIVER_CONTACT : CONSENT_GIVER_PATIENT,
    };
    g_autoptr(FaultList) faults = fault_list_new();
    g_autoptr(GError) refused = NULL;
    if (consent_write(op->scheduling, tx, visit_id, &given, &op->actor.actor, "consent", faults,
                      &refused) ||
        g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        return true;
    g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}

static bool settle(AcceptOp *op, DbTx *tx, const WaitRow *row, const WaitOffer *offer,
                   const char *visit_id, GError **error)
{
    DbQuery *end = db_query(tx, "wait_end");
    db_bind_text(end, 1, row->id);
    db_bind_text(end, 2, wait_state_name(WAIT_STATE_BOOKED));
    db_bind_text(end, 3, visit_id);
    db_bind_int(end, 4, clock_wall_ms(op->scheduling->clock));
    WaitWork others = {.scheduling = op->scheduling, .tx = tx, .news = op->news};
    wait_news_add(op->news, row->id);
    return wait_offer_close(op->scheduling, tx, offer, "accepted", error) && db_exec(end, error) &&
           wait_offer_check_place(&others, offer->practitioner_id, offer->starts_at_ms, error) &&
           wait_news_add_clinic(op->news, tx, row->clinic_id, error) &&
           wait_row_audit(op->scheduling, tx, &op->actor.actor, "wait.accept", row->id, NULL,
                          error);
}

/* What the entry keeps sealed, for a moment. */
typedef struct {
    char *phone, *nik, *mother_nik; /* the last two NULL: none */
} Secrets;

static void secrets_clear(Secrets *secrets)
{
    secret_text_free(secrets->phone);
    secret_text_free(secrets->nik);
    secret_text_free(secrets->mother_nik);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Secrets, secrets_clear)

static bool open_sealed(const AcceptOp *op, const char *context, const char *sealed,
                        char **ret_text, GError **error)
{
    if (!sealed)
        return true;
    *ret_text = secret_box_open(op->scheduling->box, context, sealed, error);
    return *ret_text != NULL;
}

static bool book(AcceptOp *op, DbTx *tx, const WaitRow *row, const WaitOffer *offer,
                 const Secrets *secrets, GError **error)
{
    NewVisit visit = {
        .mode = "slot",
        .clinic_id = row->clinic_id,
        .name = row->name,
        .birth_date = row->birth_date,
        .phone = secrets->phone,
        .lang = row->lang,
        .nik = secrets->nik,
        .sex = row->sex,
        .mother_nik = secrets->mother_nik,
        .contact_name = row->contact_name,
        .actor = &op->actor.actor,
        .own = &op->own,
    };
    CreatedVisit created;
    const BlockQuery block = {row->clinic_id, row->phone_index, row->nik_index};
    RequestReason reason = REQUEST_NOT_NEEDED;
    if (row->contact_name)
        (void)contact_relation_parse(row->contact_relation, &visit.contact_relation);
    if (!find_place(op, tx, row, offer, &visit, error) ||
        !request_find_reason(op->scheduling, tx, &block, &reason, error))
        return false;
    visit.is_request = reason != REQUEST_NOT_NEEDED;
    visit.request_reason = request_reason_detail(reason);
    if (!visit_create(op->scheduling, tx, &visit, &created, &op->box, error))
        return false;
    op->booking.token = created.patient_token;
    return write_consent(op, tx, row, created.id, error) &&
           visit_reason_write(tx, created.id, row->reason, error) &&
           settle(op, tx, row, offer, created.id, error) &&
           booking_fill(op->scheduling, tx, created.id, &op->booking, error);
}

static bool drop_hold(DbTx *tx, const WaitOffer *offer, GError **error)
{
    if (!offer->hold_hash)
        return true;
    DbQuery *hold = db_query(tx, "hold_delete");
    db_bind_text(hold, 1, offer->hold_hash);
    return db_exec(hold, error);
}

static bool accept_job(DbTx *tx, gpointer data, GError **error)
{
    AcceptOp *op = data;
    g_auto(WaitRow) row = {0};
    g_auto(WaitOffer) offer = {0};
    g_auto(Secrets) secrets = {0};
    if (!wait_row_by_token(op->scheduling, tx, op->token, &row, error))
        return false;
    if (row.state == WAIT_STATE_BOOKED)
        return answer_again(op, tx, &row, error);
    if (!wait_answer_offer(op->scheduling, tx, &row, op->offer_id, &offer, error) ||
        !drop_hold(tx, &offer, error))
        return false;
    return open_sealed(op, "visit.phone", row.phone_sealed, &secrets.phone, error) &&
           open_sealed(op, "patient.nik", row.nik_sealed, &secrets.nik, error) &&
           open_sealed(op, "patient.nik", row.mother_nik_sealed, &secrets.mother_nik, error) &&
           book(op, tx, &row, &offer, &secrets, error);
}

static void on_accept_done(gpointer data, const GError *error)
{
    AcceptOp *op = data;
    if (error) {
        op->box.has_changed = false;
    } else {
        wait_news_tell(op->scheduling, op->news);
        /* Those who lost this one may have another, and one more may be kept in the clinic. */
        scheduling_tell_free(op->scheduling);
    }
    scheduling_notify(op->scheduling, &op->box);
    op->done(&op->booking, error, op->user_data);
}

void wait_answer_accept(Scheduling *scheduling, const char *token, const char *offer_id,
                        const char *address, BookingDone done, gpointer user_data)
{
    AcceptOp *op = g_new0(AcceptOp, 1);
    const Actor actor = {.role = ACTOR_PATIENT, .address = address};
    op->scheduling = scheduling;
    op->token = g_strdup(token);
    op->offer_id = g_strdup(offer_id);
    op->news = wait_news_new();
    op->booking.faults = fault_list_new();
    op->booking.warnings = fault_list_new();
    actor_copy_init(&op->actor, &actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, accept_job, on_accept_done, op, accept_op_free);
}
