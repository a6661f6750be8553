// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letter_flow.h"

struct LetterFlow {
    GPtrArray *pieces; /* LetterPiece */
    double space;      /* above the next one */
};

static void piece_free(gpointer data)
{
    LetterPiece *piece = data;
    g_object_unref(piece->layout);
    g_clear_object(&piece->label);
    g_free(piece);
}

LetterFlow *letter_flow_new(void)
{
    LetterFlow *flow = g_new0(LetterFlow, 1);
    flow->pieces = g_ptr_array_new_with_free_func(piece_free);
    return flow;
}

void letter_flow_free(LetterFlow *flow)
{
    if (!flow)
        return;
    g_ptr_array_unref(flow->pieces);
    g_free(flow);
}

void letter_flow_add_space(LetterFlow *flow, double height)
{
    flow->space += height;
}

double letter_layout_height(PangoLayout *layout)
{
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static LetterPiece *add(LetterFlow *flow, PangoLayout *layout, int line, double x)
{
    LetterPiece *piece = g_new0(LetterPiece, 1);
    piece->layout = g_object_ref(layout);
    piece->line = line;
    piece->x = x;
    piece->before = flow->space;
    flow->space = 0;
    g_ptr_array_add(flow->pieces, piece);
    return piece;
}

LetterPiece *letter_flow_add_block(LetterFlow *flow, PangoLayout *layout, double x)
{
    LetterPiece *piece = add(flow, layout, -1, x);
    piece->height = letter_layout_height(layout);
    g_object_unref(layout);
    return piece;
}

LetterPiece *letter_flow_add_lines(LetterFlow *flow, PangoLayout *layout, double x)
{
    int n_lines = pango_layout_get_line_count(layout);
    unsigned first = flow->pieces->len;
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    for (int line = 0; line < n_lines; line++) {
        PangoRectangle logical;
        int top, bottom;
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        LetterPiece *piece = add(flow, layout, line, x + (double)logical.x / PANGO_SCALE);
        piece->height = (double)(bottom - top) / PANGO_SCALE;
        piece->baseline = (double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE;
        piece->stays = line + 1 < n_lines && (line == 0 || line == n_lines - 2);
        (void)pango_layout_iter_next_line(iter);
    }
    pango_layout_iter_free(iter);
    g_object_unref(layout);
    return flow->pieces->pdata[first];
}

void letter_flow_join(LetterFlow *flow, unsigned from)
{
    for (unsigned i = from; i + 1 < flow->pieces->len; i++)
        ((LetterPiece *)flow->pieces->pdata[i])->stays = true;
}

void letter_flow_keep(LetterFlow *flow, unsigned n_pieces)
{
    unsigned n = flow->pieces->len;
    for (unsigned i = n - MIN(n_pieces, n); i < n; i++)
        ((LetterPiece *)flow->pieces->pdata[i])->stays = true;
}

unsigned letter_flow_length(const LetterFlow *flow)
{
    return flow->pieces->len;
}

const LetterPiece *letter_flow_get(const LetterFlow *flow, unsigned at)
{
    return flow->pieces->pdata[at];
}

/* Of the piece AT and those that it stays with below. */
static double height_from(const LetterFlow *flow, unsigned at)
{
    const LetterPiece *piece = flow->pieces->pdata[at];
    double height = piece->height;
    while (piece->stays && ++at < flow->pieces->len) {
        piece = flow->pieces->pdata[at];
        height += piece->before + piece->height;
    }
    return height;
}

unsigned letter_flow_place(LetterFlow *flow, const LetterPages *pages)
{
    unsigned page = 1;
    double y = pages->first_top;
    bool is_head = true;
    for (unsigned i = 0; i < flow->pieces->len; i++) {
        LetterPiece *piece = flow->pieces->pdata[i];
        double top = is_head ? y : y + piece->before;
        double height = height_from(flow, i);
        if (height > pages->bottom - pages->top)
            height = piece->height;
        if (!is_head && top + height > pages->bottom) {
            page++;
            top = pages->top;
        }
        piece->page = page;
        piece->y = top;
        y = top + piece->height;
        is_head = false;
    }
    return page;
}
