// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letters.h"

#include "server/base/log.h"
#include "server/letter/letter_file.h"
#include "server/letter/letter_pdf.h"

struct Letters {
    Scheduling *scheduling;
    JobPool *jobs;
    const SecretBox *box;
    char *folder, *public_url;
};

Letters *letters_new(const LettersOptions *options)
{
    Letters *letters = g_new0(Letters, 1);
    letters->scheduling = options->scheduling;
    letters->jobs = options->jobs;
    letters->box = options->box;
    letters->folder = g_strdup(options->folder);
    letters->public_url = g_strdup("https://localhost");
    return letters;
}

void letters_free(Letters *letters)
{
    if (!letters)
        return;
    g_free(letters->folder);
    g_free(letters->public_url);
    g_free(letters);
}

void letters_set_public_url(Letters *letters, const char *public_url)
{
    g_free(letters->public_url);
    letters->public_url = g_strdup(public_url);
}

const char *letters_verdict_name(LettersVerdict verdict)
{
    switch (verdict) {
    case LETTERS_VALID:
        return "valid";
    case LETTERS_REVOKED:
        return "revoked";
    case LETTERS_BROKEN:
        return "broken";
    }
    g_assert_not_reached();
}

/* One letter on its way through a job thread. While the job runs it belongs to that thread. */
typedef struct Errand Errand;
struct Errand {
    Letters *letters;
    Letter *letter;
    char *check_url;
    GBytes *pdf;
    char *sha256;
    GError *error;
    void (*next)(Errand *errand); /* main thread, with the file's answer; ends the errand */
    union {
        LetterDone issued;
        LettersPdfDone pdf;
        LettersCheckDone checked;
    } done;
    gpointer user_data;
};

static void errand_free(Errand *errand)
{
    letter_free(errand->letter);
    g_free(errand->check_url);
    g_clear_pointer(&errand->pdf, g_bytes_unref);
    g_free(errand->sha256);
    g_clear_error(&errand->error);
    g_free(errand);
}

static Errand *errand_new(Letters *letters, gpointer user_data)
{
    Errand *errand = g_new0(Errand, 1);
    errand->letters = letters;
    errand->user_data = user_data;
    return errand;
}

static void on_job_done(gpointer data)
{
    Errand *errand = data;
    errand->next(errand);
}

/* Job threads. */
static void make_file(gpointer data)
{
    Errand *errand = data;
    const Letter *letter = errand->letter;
    errand->pdf =
        letter_pdf_make(letter->paper, errand->check_url, letter->issued_at_ms, &errand->error);
    if (errand->pdf)
        (void)letter_file_write(errand->letters->box, errand->letters->folder, letter->id,
                                errand->pdf, &errand->sha256, &errand->error);
}

static void read_file(gpointer data)
{
    Errand *errand = data;
    errand->pdf = letter_file_read(errand->letters->box, errand->letters->folder,
                                   errand->letter->id, errand->letter->sha256, &errand->error);
}

/* WORK on a job thread, then DONE. */
static void run(Errand *errand, void (*work)(gpointer data), void (*done)(gpointer data))
{
    g_autoptr(GError) error = NULL;
    if (job_pool_run(errand->letters->jobs, work, done, errand, NULL, &error))
        return;
    errand->error = g_steal_pointer(&error);
    errand->next(errand);
}

static void on_made(const GError *error, gpointer user_data)
{
    Errand *errand = user_data;
    if (error)
        errand->error = g_error_copy(error);
    else
        errand->letter->sha256 = g_steal_pointer(&errand->sha256);
    errand->next(errand);
}

/* The file is written: its row is told, then the errand goes on. */
static void on_make_done(gpointer data)
{
    Errand *errand = data;
    if (errand->error) {
        errand->next(errand);
        return;
    }
    const LetterFile file = {
        .id = errand->letter->id,
        .sha256 = errand->sha256,
        .n_bytes = (int64_t)g_bytes_get_size(errand->pdf),
    };
    letter_made(errand->letters->scheduling, &file, on_made, errand);
}

/* Makes the file of a letter that has none. */
static void make(Errand *errand)
{
    errand->check_url =
        g_strdup_printf("%s/cek/%s", errand->letters->public_url, errand->letter->code);
    run(errand, make_file, on_make_done);
}

static void answer_issue(Errand *errand)
{
    errand->done.issued(errand->error ? NULL : g_steal_pointer(&errand->letter), NULL,
                        errand->error, errand->user_data);
    errand_free(errand);
}

static void on_issued(Letter *letter, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Errand *errand = user_data;
    errand->letter = letter;
    if (error) {
        errand->done.issued(NULL, faults, error, errand->user_data);
        errand_free(errand);
        return;
    }
    errand->next = answer_issue;
    if (letter->sha256)
        answer_issue(errand);
    else
        make(errand);
}

void letters_issue(Letters *letters, const char *visit_id, const Actor *actor,
                   LetterRequest *request, LetterDone done, gpointer user_data)
{
    Errand *errand = errand_new(letters, user_data);
    errand->done.issued = done;
    letter_issue(letters->scheduling, visit_id, actor, request, on_issued, errand);
}

static void answer_pdf(Errand *errand)
{
    errand->done.pdf(errand->error ? NULL : errand->letter, errand->pdf, errand->error,
                     errand->user_data);
    errand_free(errand);
}

static void on_got(Letter *letter, const FaultList *faults, const GError *error, gpointer user_data)
{
    (void)faults;
    Errand *errand = user_data;
    errand->letter = letter;
    errand->next = answer_pdf;
    if (error)
        errand->error = g_error_copy(error);
    else if (letter->sha256 && !letter->is_sealed)
        g_set_error(&errand->error, BASE_ERROR, BASE_ERROR_INVALID,
                    "letter %s: its row was changed", letter->id);
    if (errand->error)
        answer_pdf(errand);
    else if (letter->sha256)
        run(errand, read_file, on_job_done);
    else
        make(errand);
}

void letters_get_pdf(Letters *letters, const char *letter_id, const Actor *actor,
                     LettersPdfDone done, gpointer user_data)
{
    Errand *errand = errand_new(letters, user_data);
    errand->done.pdf = done;
    letter_get(letters->scheduling, letter_id, actor, on_got, errand);
}

static void answer_check(Errand *errand)
{
    const Letter *letter = errand->letter;
    LettersVerdict verdict = !letter->is_sealed          ? LETTERS_BROKEN
                             : letter->revoked_at_ms > 0 ? LETTERS_REVOKED
                             : errand->error             ? LETTERS_BROKEN
                                                         : LETTERS_VALID;
    /* A pool that is full says nothing of the letter. */
    bool is_known = !g_error_matches(errand->error, BASE_ERROR, BASE_ERROR_FULL);
    if (is_known && verdict == LETTERS_BROKEN)
        log_warn("a letter is not what was issued", "letter", letter->id, "why",
                 errand->error ? errand->error->message : "its row was changed");
    errand->done.checked(verdict, letter, is_known ? NULL : errand->error, errand->user_data);
    errand_free(errand);
}

static void on_checked(Letter *letter, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    (void)faults;
    Errand *errand = user_data;
    errand->letter = letter;
    errand->next = answer_check;
    if (error) {
        errand->done.checked(LETTERS_BROKEN, NULL, error, errand->user_data);
        errand_free(errand);
    } else if (!letter->is_sealed || letter->revoked_at_ms > 0) {
        answer_check(errand);
    } else {
        run(errand, read_file, on_job_done);
    }
}

void letters_check(Letters *letters, const char *code, const char *address, LettersCheckDone done,
                   gpointer user_data)
{
    Errand *errand = errand_new(letters, user_data);
    errand->done.checked = done;
    letter_check_code(letters->scheduling, code, address, on_checked, errand);
}

static void note_recovered(Errand *errand)
{
    if (errand->error)
        log_error("a letter's file is not made", "letter", errand->letter->id, "error",
                  errand->error->message);
    errand_free(errand);
}

static void on_unmade(GPtrArray *rows, const LetterTerms *terms, const GError *error,
                      gpointer user_data)
{
    (void)terms;
    Letters *letters = user_data;
    if (error) {
        log_error("letters without a file are not known", "error", error->message);
        return;
    }
    while (rows->len > 0) {
        Errand *errand = errand_new(letters, NULL);
        errand->letter = g_ptr_array_steal_index(rows, rows->len - 1);
        errand->next = note_recovered;
        make(errand);
    }
}

void letters_recover(Letters *letters)
{
    letter_list_unmade(letters->scheduling, on_unmade, letters);
}
