// SPDX-License-Identifier: Apache-2.0
/* The first doctor, who sees patients and writes letters for them, and what is answered: for the
 * tests of letters. */
#pragma once
#include "scheduling/letter/letter.h"
#include "tests/unit/scheduling/fixture.h"

typedef struct {
    Fixture *fixture;
    char *visit_id; /* the last one */
    /* of the last answer */
    Letter *letter; /* NULL: none */
    char *faults;   /* "field code; ..." */
    char *permit;   /* of the last list: "state STR SIP until", then the STR's end */
    int sick_days;
} Writer;

extern const Actor writer_doctor;

/** cmocka set-up and tear-down; *state is a Writer, without a visit. */
int writer_set_up(void **state);
/** With a visit that is over, a note of it, and a permit. */
int writer_set_up_seen(void **state);
int writer_tear_down(void **state);

/** In place of what is there. */
void writer_set_text(char **place, const char *text);
/** Each with a key of its own; to be passed on. */
LetterRequest *writer_request(LetterKind kind);
LetterRequest *writer_prescription(const char *medicine);
LetterRequest *writer_sick_letter(const char *from_date, int days);

/** A LetterDone of a Writer. */
void writer_on_letter(Letter *letter, const FaultList *faults, const GError *error,
                      gpointer user_data);
/** Each returns the error code. Issued, a letter has its number, and no file yet. */
int writer_issue(Writer *writer, LetterRequest *request);
int writer_take_back(Writer *writer, const char *letter_id);
int writer_get(Writer *writer, const char *letter_id, const Actor *actor);
int writer_check(Writer *writer, const char *code);
/** The letter's file is there. */
void writer_make(Writer *writer, const char *letter_id);
/** The permit, as the list of letters says it to ACTOR; sick_days is of the same list. */
const char *writer_list(Writer *writer, const Actor *actor);

void writer_note(Writer *writer);
/** CODE NULL: no diagnosis. */
void writer_note_of(Writer *writer, const char *allergies, const char *assessment,
                    const char *code);
/** The doctor's permit in the demo clinic's nth facility. */
void writer_set_permit(Writer *writer, int facility, const char *sip, const char *valid_until);
/** A visit whose call has begun. */
void writer_call(Writer *writer, int64_t starts_at_ms);
/** One that is over, so many minutes of it in a call. */
void writer_see(Writer *writer, int64_t starts_at_ms, int minutes);
/** One that is to be held without video, before anybody was called. */
void writer_convert(Writer *writer, int64_t starts_at_ms, VisitWay to);
