// SPDX-License-Identifier: Apache-2.0
/* Changes hours as staff do, and keeps what was answered: for the tests of hours and holidays. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/clinic/hours_edit.h"

/** What the last answer held. */
typedef struct {
    Fixture *fixture;
    char *faults; /* "field:code " */
    char *hits;   /* "A-1 " */
    char *id;
    char earlier_until[HOURS_DATE_BYTES];
} Editor;

void editor_clear(Editor *editor);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Editor, editor_clear)

/** For a callback: faults and hits are kept, all else is forgotten. */
void editor_keep(Editor *editor, const FaultList *faults, const GPtrArray *hits);

/** A HoursEditDone of an Editor. */
void editor_on_edited(const HoursEdited *edited, const GError *error, gpointer user_data);

/** Each returns the error code. KEEP: bookings that it hits stay. */
int editor_edit_as(Editor *editor, const Actor *actor, const HoursEdit *edit, bool keep);

/** As the first doctor. */
int editor_edit(Editor *editor, const HoursEdit *wanted, bool keep);
HoursEdit editor_override(Fixture *fixture, const char *date, bool is_extra, int from, int to);
/** Slots of 20 minutes in the first doctor's clinic, from today on; WEEKDAYS: bits as HoursEdit's.
 */
enum { TUESDAY = 1 << 2, WEDNESDAY = 1 << 3, EVERY_DAY = 0xfe };
HoursEdit editor_rule(Fixture *fixture, unsigned weekdays, int from, int to);
HoursEdit editor_removal(HoursEditKind kind, const char *id);
/** Is refused with FAULTS, "from:overlaps ". */
void editor_expect_fault(Editor *editor, const HoursEdit *wanted, const char *faults);
