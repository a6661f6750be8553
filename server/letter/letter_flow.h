// SPDX-License-Identifier: Apache-2.0
/* A letter's text from top to bottom, in pieces that no page's end goes through: what stays
 * together on one page, and on which page each piece stands. Pure but for the fonts; one thread at
 * a time. */
#pragma once
#include <glib.h>
#include <pango/pango.h>
#include <stdbool.h>

/** A line of a text, or a text in one piece. Points; y grows downwards. */
typedef struct {
    PangoLayout *layout;
    PangoLayout *label; /**< stands at label_x beside it; NULL: none */
    int line;           /**< of the layout; -1: all of it */
    double baseline;    /**< of the line, below y */
    double x, label_x;
    double before;        /**< space above it, not at the head of a page */
    double height, inset; /**< of which so much is the frame's, above and below */
    bool is_framed;
    bool stays;    /**< on the page of the next piece */
    unsigned page; /**< once placed, from 1 */
    double y;      /**< of its upper end, once placed */
} LetterPiece;

typedef struct LetterFlow LetterFlow;
LetterFlow *letter_flow_new(void);
void letter_flow_free(LetterFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterFlow, letter_flow_free)

/** Space between the last piece and the next one. */
void letter_flow_add_space(LetterFlow *flow, double height);
/** The layout becomes the flow's. All of it in one piece: no page may be shorter than it. */
LetterPiece *letter_flow_add_block(LetterFlow *flow, PangoLayout *layout, double x);
/** Line by line; the first two lines stay together, and so do the last two. The first piece; the
 * layout becomes the flow's. */
LetterPiece *letter_flow_add_lines(LetterFlow *flow, PangoLayout *layout, double x);
/** The pieces from FROM on stay together. */
void letter_flow_join(LetterFlow *flow, unsigned from);
/** The last N_PIECES stay on one page with what comes next. */
void letter_flow_keep(LetterFlow *flow, unsigned n_pieces);
unsigned letter_flow_length(const LetterFlow *flow);
const LetterPiece *letter_flow_get(const LetterFlow *flow, unsigned at);

/** Where text begins on the first page and on each later one, and ends on all. */
typedef struct {
    double first_top, top, bottom;
} LetterPages;
/** Gives each piece its page and its place; the number of pages. What stays together and is longer
 * than a page is broken where it must be. */
unsigned letter_flow_place(LetterFlow *flow, const LetterPages *pages);

/** Of all its lines. */
double letter_layout_height(PangoLayout *layout);
