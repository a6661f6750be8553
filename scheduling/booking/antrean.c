// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/antrean.h"

#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_day.h"
#include "scheduling/clinic/slot_book.h"
#include "scheduling/scheduling_private.h"

#include <string.h>

static const int64_t minute_ms = 60000;

/* What is to come without video; NULL: nothing is. */
static const char *words_of_way(const VisitView *view)
{
    if (view->state != VISIT_STATE_BOOKED)
        return NULL;
    switch (view->way) {
    case VISIT_WAY_VIDEO:
        return NULL;
    case VISIT_WAY_PHONE:
        return "Dokter menelepon Anda pada waktunya.";
    case VISIT_WAY_IN_PERSON:
        return "Silakan datang ke faskes pada waktunya.";
    }
    g_assert_not_reached();
}

static const char *words_of(const VisitView *view)
{
    const char *words = words_of_way(view);
    if (words)
        return words;
    switch (view->state) {
    case VISIT_STATE_REQUESTED:
        return "Menunggu konfirmasi faskes.";
    case VISIT_STATE_BOOKED:
        return "Buka tautan kunjungan Anda sebelum waktunya.";
    case VISIT_STATE_CHECKED_IN:
        return "Silakan tunggu sampai nomor Anda dipanggil.";
    case VISIT_STATE_CALLED:
        return "Nomor Anda dipanggil. Silakan masuk.";
    case VISIT_STATE_IN_CALL:
        return "Sedang dilayani.";
    case VISIT_STATE_DONE:
    case VISIT_STATE_TECH_FAILED:
        return "Kunjungan sudah selesai.";
    case VISIT_STATE_CONVERTED_PHONE:
        return "Dilanjutkan lewat telepon.";
    case VISIT_STATE_CONVERTED_IN_PERSON:
        return "Dilanjutkan tatap muka di faskes.";
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
        return "Kunjungan dibatalkan atau tidak terlaksana.";
    case VISIT_STATE_RESCHEDULED:
        return "Kunjungan dipindahkan ke waktu lain.";
    }
    g_assert_not_reached();
}

/* To be freed. Who is to come by video is told from when on: as the facility's rule has it. */
static char *full_words_of(const VisitView *view)
{
    int64_t minutes = (view->starts_at_ms - view->opens_at_ms) / minute_ms;
    if (view->state != VISIT_STATE_BOOKED || view->way != VISIT_WAY_VIDEO)
        return g_strdup(words_of(view));
    return g_strdup_printf(
        "Buka tautan kunjungan Anda %" G_GINT64_FORMAT " menit sebelum waktunya.", minutes);
}

/* The digits behind the clinic's letter; 0: it has no number. */
static int number_of(const char *text)
{
    const char *dash = text ? strrchr(text, '-') : NULL;
    return dash ? (int)g_ascii_strtoll(dash + 1, NULL, 10) : 0;
}

/* Of the range that is promised the middle: these words know no range. */
static int64_t turn_at(const VisitView *view, int64_t now_ms)
{
    if (view->waits)
        return now_ms + (view->wait_min_minutes + view->wait_max_minutes) * minute_ms / 2;
    bool is_to_come = view->state == VISIT_STATE_REQUESTED || view->state == VISIT_STATE_BOOKED;
    return is_to_come ? view->starts_at_ms + view->late_minutes * minute_ms : 0;
}

void antrean_fill(const VisitView *view, int64_t now_ms, Antrean *ret_antrean)
{
    int64_t turn_ms = turn_at(view, now_ms);
    *ret_antrean = (Antrean){
        .kodebooking = g_strdup(view->code),
        .angkaantrean = number_of(view->number),
        .namapoli = g_strdup(view->clinic),
        .namadokter = g_strdup(view->doctor),
        .estimasidilayani = turn_ms,
        .waktutunggu = MAX(turn_ms - now_ms, 0) / 1000,
        .sisaantrean = view->waits ? view->ahead : 0,
        .keterangan = full_words_of(view),
    };
    g_strlcpy(ret_antrean->nomorantrean, view->number ? view->number : "",
              sizeof ret_antrean->nomorantrean);
}

void antrean_clear(Antrean *antrean)
{
    g_free(antrean->kodebooking);
    g_free(antrean->namapoli);
    g_free(antrean->namadokter);
    g_free(antrean->keterangan);
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    Antrean antrean;
    AntreanDone done;
    gpointer user_data;
} AntreanOp;

static void antrean_op_free(gpointer data)
{
    AntreanOp *op = data;
    antrean_clear(&op->antrean);
    g_free(op->visit_id);
    g_free(op);
}

static bool load_called(AntreanOp *op, DbTx *tx, const VisitView *view, GError **error)
{
    DbQuery *row = db_query(tx, "board_called");
    db_bind_text(row, 1, view->clinic_id);
    QueueDays days;
    queue_days(op->scheduling, view->local_date, &days);
    db_bind_text(row, 2, days.date);
    db_bind_int(row, 3, 1);
    db_bind_text(row, 4, days.before);
    DbStep step = db_step(row, error);
    if (step == DB_ROW)
        scheduling_copy_column(row, 0, op->antrean.antreanpanggil,
                               sizeof op->antrean.antreanpanggil);
    db_reset(row);
    return step != DB_FAILED;
}

static bool load_waiting(AntreanOp *op, DbTx *tx, const VisitView *view, GError **error)
{
    if (view->waits)
        return true;
    const QueueKey key = {.practitioner_id = view->any_doctor ? NULL : view->practitioner_id,
                          .clinic_id = view->clinic_id,
                          .local_date = view->local_date};
    g_autoptr(GArray) turns = queue_load(op->scheduling, tx, &key, error);
    if (!turns)
        return false;
    op->antrean.sisaantrean = turns->len;
    return true;
}

static bool load_left(AntreanOp *op, DbTx *tx, const VisitView *view, GError **error)
{
    const SlotsQuery query = {
        .clinic_id = view->clinic_id,
        .practitioner_id = view->any_doctor ? NULL : view->practitioner_id,
        .from_date = view->local_date,
        .n_days = 1,
    };
    g_autoptr(GError) refused = NULL;
    g_autoptr(SlotBook) book = slot_book_load(op->scheduling, tx, &query, &refused);
    if (!book) {
        /* A clinic or doctor that has been put away takes nobody. */
        if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    slot_book_offers(book, view->local_date, offers);
    for (unsigned i = 0; i < offers->len; i++) {
        const SlotOffer *offer = &g_array_index(offers, SlotOffer, i);
        op->antrean.sisakuota += offer->quota > 0 ? (unsigned)offer->n_left : 1;
    }
    return true;
}

static bool antrean_job(DbTx *tx, gpointer data, GError **error)
{
    AntreanOp *op = data;
    g_autoptr(VisitView) view = visit_view_load(op->scheduling, tx, op->visit_id, error);
    if (!view)
        return false;
    antrean_fill(view, clock_wall_ms(op->scheduling->clock), &op->antrean);
    return load_called(op, tx, view, error) && load_waiting(op, tx, view, error) &&
           load_left(op, tx, view, error);
}

static void on_antrean_done(gpointer data, const GError *error)
{
    AntreanOp *op = data;
    op->done(error ? NULL : &op->antrean, error, op->user_data);
}

void antrean_get(Scheduling *scheduling, const char *visit_id, AntreanDone done, gpointer user_data)
{
    AntreanOp *op = g_new0(AntreanOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, antrean_job, on_antrean_done, op, antrean_op_free);
}
