// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letter_pdf.h"

#include "server/base/error.h"
#include "server/letter/letter_flow.h"
#include "server/ops/qr.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

/* Points. */
enum {
    PAGE_WIDTH = 595,
    PAGE_HEIGHT = 842,
    MARGIN = 56,
    TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN,
    FOOT_HEIGHT = 76, /* of the block with the QR code, above the lower margin */
    FOOT_TOP = PAGE_HEIGHT - 40 - FOOT_HEIGHT,
    TEXT_BOTTOM = FOOT_TOP - 14,
    LABEL_WIDTH = 130,
    QR_SIZE = 72,
    FRAME_INSET = 6,
    PAGE_HEAD_GAP = 16, /* below the head of a page after the first, with its line */
    HALF_WIDTH = TEXT_WIDTH / 2,
};

typedef struct {
    const LetterPaper *paper;
    const char *check_url;
    cairo_t *cairo;
    PangoContext *context;
    LetterFlow *flow; /* what stands between head and foot */
    unsigned page;    /* the one that is drawn, from 1 */
    unsigned n_pages;
} Sheet;

typedef struct {
    const char *font; /* as pango reads it */
    double x, width;
    PangoAlignment alignment;
} Style;

static const Style body = {"sans-serif 10", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};

static PangoLayout *layout_of(Sheet *sheet, const Style *style, const char *text)
{
    PangoLayout *layout = pango_layout_new(sheet->context);
    PangoFontDescription *font = pango_font_description_from_string(style->font);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(style->width * PANGO_SCALE));
    /* A name of forty letters without a blank is broken where it must be. */
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, style->alignment);
    pango_layout_set_line_spacing(layout, 1.2F);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

/* Draws a text in one piece and gives its height; for what stands outside of the flow. */
static double draw_block(Sheet *sheet, const Style *style, double y, const char *text)
{
    PangoLayout *layout = layout_of(sheet, style, text);
    double height = letter_layout_height(layout);
    cairo_move_to(sheet->cairo, style->x, y);
    pango_cairo_show_layout(sheet->cairo, layout);
    g_object_unref(layout);
    return height;
}

static void draw_line(Sheet *sheet, double y, double width)
{
    cairo_set_line_width(sheet->cairo, width);
    cairo_move_to(sheet->cairo, MARGIN, y);
    cairo_line_to(sheet->cairo, PAGE_WIDTH - MARGIN, y);
    cairo_stroke(sheet->cairo);
}

static void draw_qr(Sheet *sheet, double x, double y)
{
    unsigned width = 0;
    g_autofree uint8_t *modules = qr_modules(sheet->check_url, &width);
    if (!modules)
        return;
    double size = (double)QR_SIZE / width;
    for (unsigned row = 0; row < width; row++) {
        for (unsigned column = 0; column < width; column++) {
            if (modules[row * width + column])
                cairo_rectangle(sheet->cairo, x + column * size, y + row * size, size, size);
        }
    }
    cairo_fill(sheet->cairo);
}

static void draw_foot(Sheet *sheet)
{
    const Style words = {"sans-serif 8", MARGIN + QR_SIZE + 20, TEXT_WIDTH - QR_SIZE - 20,
                         PANGO_ALIGN_LEFT};
    g_autofree char *text = g_strdup_printf(
        "Nomor %s · halaman %u dari %u\nPeriksa keaslian surat ini dengan kode di samping, atau "
        "buka:\n%s\nYang berlaku adalah yang ditampilkan halaman itu.",
        sheet->paper->number, sheet->page, sheet->n_pages, sheet->check_url);
    draw_line(sheet, FOOT_TOP - 8, 0.5);
    draw_qr(sheet, MARGIN, FOOT_TOP);
    draw_block(sheet, &words, FOOT_TOP + 8, text);
}

/* Whose it is stands on each sheet: they come apart. NULL: a paper of before, which does not say.
 */
static PangoLayout *page_head(Sheet *sheet)
{
    const LetterPaper *paper = sheet->paper;
    const Style words = {"sans-serif 8", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};
    if (!*paper->patient)
        return NULL;
    g_autofree char *text =
        g_strdup_printf("%s\n%s Nomor %s", paper->patient, paper->title, paper->number);
    return layout_of(sheet, &words, text);
}

/* Where text begins on the pages after the first. */
static double page_top(Sheet *sheet)
{
    g_autoptr(GObject) layout = (GObject *)page_head(sheet);
    return layout ? MARGIN + letter_layout_height((PangoLayout *)layout) + PAGE_HEAD_GAP : MARGIN;
}

static void draw_page_head(Sheet *sheet)
{
    PangoLayout *layout = page_head(sheet);
    if (!layout)
        return;
    cairo_move_to(sheet->cairo, MARGIN, MARGIN);
    pango_cairo_show_layout(sheet->cairo, layout);
    draw_line(sheet, MARGIN + letter_layout_height(layout) + 4, 0.5);
    g_object_unref(layout);
}

/* The letterhead. Where the text below it begins. */
static double draw_head(Sheet *sheet)
{
    const LetterPaper *paper = sheet->paper;
    const Style name = {"sans-serif bold 15", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    const Style place = {"sans-serif 9", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    const Style title = {"sans-serif bold 13", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    const Style number = {"sans-serif 10", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    g_autofree char *where = g_strdup_printf("%s · Telepon %s", paper->address, paper->phone);
    g_autofree char *words = g_strdup_printf("Nomor: %s", paper->number);
    double y = MARGIN;
    y += draw_block(sheet, &name, y, paper->facility);
    y += draw_block(sheet, &place, y, where) + 6;
    draw_line(sheet, y, 1.5);
    draw_line(sheet, y + 2.5, 0.5);
    y += 18;
    y += draw_block(sheet, &title, y, paper->title);
    y += draw_block(sheet, &number, y, words);
    return y + 14;
}

static LetterPiece *add_lines(Sheet *sheet, const Style *style, const char *text)
{
    return letter_flow_add_lines(sheet->flow, layout_of(sheet, style, text), style->x);
}

/* With the next one below it: a signature. */
static void add_block_above(Sheet *sheet, const Style *style, const char *text)
{
    letter_flow_add_block(sheet->flow, layout_of(sheet, style, text), style->x)->stays = true;
}

/* The value may go over pages, its label stands beside the first line. */
static void add_field(Sheet *sheet, const LetterPart *part)
{
    const Style label = {"sans-serif 10", MARGIN, LABEL_WIDTH - 12, PANGO_ALIGN_LEFT};
    const Style value = {"sans-serif 10", MARGIN + LABEL_WIDTH, TEXT_WIDTH - LABEL_WIDTH,
                         PANGO_ALIGN_LEFT};
    g_autofree char *name = g_strconcat(part->label, ":", NULL);
    LetterPiece *first = add_lines(sheet, &value, part->text);
    first->label = layout_of(sheet, &label, name);
    first->label_x = label.x;
    letter_flow_add_space(sheet->flow, 2);
}

static void add_warning(Sheet *sheet, const LetterPart *part, double page_height)
{
    const Style words = {"sans-serif bold 10", MARGIN + 8, TEXT_WIDTH - 16, PANGO_ALIGN_LEFT};
    PangoLayout *layout = layout_of(sheet, &words, part->text);
    letter_flow_add_space(sheet->flow, 8);
    /* A box that no page could hold goes over pages without its frame. */
    if (letter_layout_height(layout) + 2 * FRAME_INSET > page_height) {
        letter_flow_add_lines(sheet->flow, layout, words.x);
    } else {
        LetterPiece *box = letter_flow_add_block(sheet->flow, layout, words.x);
        box->is_framed = true;
        box->inset = FRAME_INSET;
        box->height += 2 * FRAME_INSET;
    }
    letter_flow_add_space(sheet->flow, 8);
}

/* Whole: a medicine is not torn from its dose. */
static void add_item(Sheet *sheet, const LetterPart *part)
{
    const Style label = {"sans-serif bold 11", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};
    const Style text = {"sans-serif 10", MARGIN + 24, TEXT_WIDTH - 24, PANGO_ALIGN_LEFT};
    letter_flow_add_space(sheet->flow, 6);
    unsigned first = letter_flow_length(sheet->flow);
    add_lines(sheet, &label, part->label);
    add_lines(sheet, &text, part->text);
    letter_flow_join(sheet->flow, first);
    letter_flow_add_space(sheet->flow, 6);
}

static void add_part(Sheet *sheet, const LetterPart *part, double page_height)
{
    const Style heading = {"sans-serif bold 10", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};
    switch (part->kind) {
    case LETTER_PART_FIELD:
        add_field(sheet, part);
        return;
    case LETTER_PART_HEADING:
        letter_flow_add_space(sheet->flow, 8);
        add_lines(sheet, &heading, part->label);
        letter_flow_keep(sheet->flow, 1); /* not alone at the foot of a page */
        return;
    case LETTER_PART_TEXT:
        letter_flow_add_space(sheet->flow, 2);
        add_lines(sheet, &body, part->text);
        letter_flow_add_space(sheet->flow, 6);
        return;
    case LETTER_PART_ITEM:
        add_item(sheet, part);
        return;
    case LETTER_PART_WARNING:
        add_warning(sheet, part, page_height);
        return;
    }
}

/* Whole, and with the last item or the last two lines of text: neither stands on a page without the
 * other. */
static void add_signature(Sheet *sheet)
{
    const LetterPaper *paper = sheet->paper;
    const Style right = {"sans-serif 10", MARGIN + HALF_WIDTH, HALF_WIDTH, PANGO_ALIGN_LEFT};
    const Style name = {"sans-serif bold 10", MARGIN + HALF_WIDTH, HALF_WIDTH, PANGO_ALIGN_LEFT};
    GString *signed_words = g_string_new("Diterbitkan secara elektronik melalui Huyula");
    if (*paper->str)
        g_string_append_printf(signed_words, "\nSTR %s", paper->str);
    if (*paper->sip)
        g_string_append_printf(signed_words, "\nSIP %s", paper->sip);
    letter_flow_keep(sheet->flow, 2);
    letter_flow_add_space(sheet->flow, 20);
    add_block_above(sheet, &right, paper->date);
    letter_flow_add_space(sheet->flow, 4);
    add_block_above(sheet, &right, "Dokter pemeriksa,");
    letter_flow_add_space(sheet->flow, 12);
    add_block_above(sheet, &name, paper->doctor);
    letter_flow_add_space(sheet->flow, 2);
    letter_flow_add_block(sheet->flow, layout_of(sheet, &right, signed_words->str), right.x);
    g_string_free(signed_words, TRUE);
}

static void draw_piece(Sheet *sheet, const LetterPiece *piece)
{
    if (piece->label) {
        cairo_move_to(sheet->cairo, piece->label_x, piece->y);
        pango_cairo_show_layout(sheet->cairo, piece->label);
    }
    if (piece->is_framed) {
        cairo_set_line_width(sheet->cairo, 1);
        cairo_rectangle(sheet->cairo, MARGIN, piece->y, TEXT_WIDTH, piece->height);
        cairo_stroke(sheet->cairo);
    }
    if (piece->line < 0) {
        cairo_move_to(sheet->cairo, piece->x, piece->y + piece->inset);
        pango_cairo_show_layout(sheet->cairo, piece->layout);
    } else {
        cairo_move_to(sheet->cairo, piece->x, piece->y + piece->baseline);
        pango_cairo_show_layout_line(sheet->cairo,
                                     pango_layout_get_line_readonly(piece->layout, piece->line));
    }
}

static void next_page(Sheet *sheet)
{
    draw_foot(sheet);
    cairo_show_page(sheet->cairo);
    sheet->page++;
    draw_page_head(sheet);
}

static void draw_pieces(Sheet *sheet)
{
    unsigned n_pieces = letter_flow_length(sheet->flow);
    for (unsigned i = 0; i < n_pieces; i++) {
        const LetterPiece *piece = letter_flow_get(sheet->flow, i);
        if (piece->page > sheet->page)
            next_page(sheet);
        draw_piece(sheet, piece);
    }
    draw_foot(sheet);
    cairo_show_page(sheet->cairo);
}

/* Draws all of it on SURFACE. FONTS are of this document alone: those that pango keeps for a thread
 * would never go. */
static void draw(cairo_surface_t *surface, PangoFontMap *fonts, const LetterPaper *paper,
                 const char *check_url)
{
    g_autoptr(LetterFlow) flow = letter_flow_new();
    Sheet sheet = {.paper = paper,
                   .context = pango_font_map_create_context(fonts),
                   .check_url = check_url,
                   .cairo = cairo_create(surface),
                   .flow = flow,
                   .page = 1};
    const double top = page_top(&sheet);
    for (unsigned i = 0; i < paper->parts->len; i++)
        add_part(&sheet, paper->parts->pdata[i], TEXT_BOTTOM - top);
    add_signature(&sheet);
    const LetterPages pages = {draw_head(&sheet), top, TEXT_BOTTOM};
    sheet.n_pages = letter_flow_place(flow, &pages);
    draw_pieces(&sheet);
    g_object_unref(sheet.context);
    cairo_destroy(sheet.cairo);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

GBytes *letter_pdf_make(const LetterPaper *paper, const char *check_url, int64_t issued_at_ms,
                        GError **error)
{
    PangoFontMap *fonts = pango_cairo_font_map_new();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append, bytes, PAGE_WIDTH, PAGE_HEIGHT);
    g_autoptr(GDateTime) issued = g_date_time_new_from_unix_utc(issued_at_ms / 1000);
    g_autofree char *when = g_date_time_format(issued, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *title = g_strdup_printf("%s %s", paper->title, paper->number);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Huyula");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
    draw(surface, fonts, paper, check_url);
    g_object_unref(fonts);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "the letter cannot be drawn: %s",
                    cairo_status_to_string(status));
        return NULL;
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
