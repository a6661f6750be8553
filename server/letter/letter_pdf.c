// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letter_pdf.h"

#include "server/base/error.h"
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
    SIGNATURE_HEIGHT = 120,
    STR_HEIGHT = 15,
    PAGE_HEAD_MAX = 100, /* of the pages after the first, with the longest name */
    HALF_WIDTH = TEXT_WIDTH / 2,
};

typedef struct {
    const LetterPaper *paper;
    const char *check_url;
    cairo_t *cairo;
    PangoContext *context;
    double y;
    unsigned page;    /* the one that is drawn, from 1 */
    unsigned n_pages; /* 0: they are only counted */
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

static double height_of(PangoLayout *layout)
{
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

/* Draws a text in one piece and gives its height; for what is known to fit. */
static double draw_block(Sheet *sheet, const Style *style, double y, const char *text)
{
    PangoLayout *layout = layout_of(sheet, style, text);
    double height = height_of(layout);
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

static void end_page(Sheet *sheet)
{
    draw_foot(sheet);
    cairo_show_page(sheet->cairo);
}

/* Whose it is stands on each sheet: they come apart. */
static void draw_page_head(Sheet *sheet)
{
    const LetterPaper *paper = sheet->paper;
    const Style words = {"sans-serif 8", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};
    if (!*paper->patient)
        return;
    g_autofree char *text =
        g_strdup_printf("%s\n%s Nomor %s", paper->patient, paper->title, paper->number);
    sheet->y += draw_block(sheet, &words, sheet->y, text) + 4;
    draw_line(sheet, sheet->y, 0.5);
    sheet->y += 12;
}

static void next_page(Sheet *sheet)
{
    end_page(sheet);
    sheet->page++;
    sheet->y = MARGIN;
    draw_page_head(sheet);
}

static void need_room(Sheet *sheet, double height)
{
    if (sheet->y + height > TEXT_BOTTOM)
        next_page(sheet);
}

/* Draws a text line by line, over as many pages as it takes. */
static void flow(Sheet *sheet, const Style *style, const char *text)
{
    PangoLayout *layout = layout_of(sheet, style, text);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        int top, bottom;
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        double height = (double)(bottom - top) / PANGO_SCALE;
        need_room(sheet, height);
        double baseline = (double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE;
        cairo_move_to(sheet->cairo, style->x + (double)logical.x / PANGO_SCALE,
                      sheet->y + baseline);
        pango_cairo_show_layout_line(sheet->cairo, pango_layout_iter_get_line_readonly(iter));
        sheet->y += height;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(layout);
}

static void draw_head(Sheet *sheet)
{
    const LetterPaper *paper = sheet->paper;
    const Style name = {"sans-serif bold 15", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    const Style place = {"sans-serif 9", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    const Style title = {"sans-serif bold 13", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    const Style number = {"sans-serif 10", MARGIN, TEXT_WIDTH, PANGO_ALIGN_CENTER};
    g_autofree char *where = g_strdup_printf("%s · Telepon %s", paper->address, paper->phone);
    g_autofree char *words = g_strdup_printf("Nomor: %s", paper->number);
    flow(sheet, &name, paper->facility);
    flow(sheet, &place, where);
    sheet->y += 6;
    draw_line(sheet, sheet->y, 1.5);
    draw_line(sheet, sheet->y + 2.5, 0.5);
    sheet->y += 18;
    flow(sheet, &title, paper->title);
    flow(sheet, &number, words);
    sheet->y += 14;
}

/* The value may go over pages, its label stands beside the first line. */
static void draw_field(Sheet *sheet, const LetterPart *part)
{
    const Style label = {"sans-serif 10", MARGIN, LABEL_WIDTH - 12, PANGO_ALIGN_LEFT};
    const Style value = {"sans-serif 10", MARGIN + LABEL_WIDTH, TEXT_WIDTH - LABEL_WIDTH,
                         PANGO_ALIGN_LEFT};
    need_room(sheet, 30);
    g_autofree char *name = g_strconcat(part->label, ":", NULL);
    draw_block(sheet, &label, sheet->y, name);
    flow(sheet, &value, part->text);
    sheet->y += 2;
}

static void draw_warning(Sheet *sheet, const LetterPart *part)
{
    const Style words = {"sans-serif bold 10", MARGIN + 8, TEXT_WIDTH - 16, PANGO_ALIGN_LEFT};
    PangoLayout *layout = layout_of(sheet, &words, part->text);
    double height = height_of(layout) + 12;
    g_object_unref(layout);
    sheet->y += 8;
    /* A box that no page could hold goes over pages without its frame. */
    if (height > TEXT_BOTTOM - MARGIN - PAGE_HEAD_MAX) {
        flow(sheet, &words, part->text);
        sheet->y += 8;
        return;
    }
    need_room(sheet, height);
    cairo_set_line_width(sheet->cairo, 1);
    cairo_rectangle(sheet->cairo, MARGIN, sheet->y, TEXT_WIDTH, height);
    cairo_stroke(sheet->cairo);
    draw_block(sheet, &words, sheet->y + 6, part->text);
    sheet->y += height + 8;
}

static void draw_item(Sheet *sheet, const LetterPart *part)
{
    const Style label = {"sans-serif bold 11", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};
    const Style text = {"sans-serif 10", MARGIN + 24, TEXT_WIDTH - 24, PANGO_ALIGN_LEFT};
    sheet->y += 6;
    need_room(sheet, 56);
    flow(sheet, &label, part->label);
    flow(sheet, &text, part->text);
    sheet->y += 6;
}

static void draw_part(Sheet *sheet, const LetterPart *part)
{
    const Style heading = {"sans-serif bold 10", MARGIN, TEXT_WIDTH, PANGO_ALIGN_LEFT};
    switch (part->kind) {
    case LETTER_PART_FIELD:
        draw_field(sheet, part);
        return;
    case LETTER_PART_HEADING:
        sheet->y += 8;
        /* Not alone at the foot of a page. */
        need_room(sheet, 44);
        flow(sheet, &heading, part->label);
        return;
    case LETTER_PART_TEXT:
        sheet->y += 2;
        flow(sheet, &body, part->text);
        sheet->y += 6;
        return;
    case LETTER_PART_ITEM:
        draw_item(sheet, part);
        return;
    case LETTER_PART_WARNING:
        draw_warning(sheet, part);
        return;
    }
}

static void draw_signature(Sheet *sheet)
{
    const LetterPaper *paper = sheet->paper;
    const Style right = {"sans-serif 10", MARGIN + HALF_WIDTH, HALF_WIDTH, PANGO_ALIGN_LEFT};
    const Style name = {"sans-serif bold 10", MARGIN + HALF_WIDTH, HALF_WIDTH, PANGO_ALIGN_LEFT};
    sheet->y += 20;
    need_room(sheet, SIGNATURE_HEIGHT + (*paper->str ? STR_HEIGHT : 0));
    GString *signed_words = g_string_new("Diterbitkan secara elektronik melalui Huyula");
    if (*paper->str)
        g_string_append_printf(signed_words, "\nSTR %s", paper->str);
    if (*paper->sip)
        g_string_append_printf(signed_words, "\nSIP %s", paper->sip);
    sheet->y += draw_block(sheet, &right, sheet->y, paper->date) + 4;
    sheet->y += draw_block(sheet, &right, sheet->y, "Dokter pemeriksa,") + 12;
    sheet->y += draw_block(sheet, &name, sheet->y, paper->doctor) + 2;
    sheet->y += draw_block(sheet, &right, sheet->y, signed_words->str);
    g_string_free(signed_words, TRUE);
}

/* Draws all of it on SURFACE; the number of pages. FONTS are of this document alone: those that
 * pango keeps for a thread would never go. */
static unsigned draw(cairo_surface_t *surface, PangoFontMap *fonts, const LetterPaper *paper,
                     const char *check_url, unsigned n_pages)
{
    Sheet sheet = {.paper = paper,
                   .context = pango_font_map_create_context(fonts),
                   .check_url = check_url,
                   .cairo = cairo_create(surface),
                   .y = MARGIN,
                   .page = 1,
                   .n_pages = n_pages};
    draw_head(&sheet);
    for (unsigned i = 0; i < paper->parts->len; i++)
        draw_part(&sheet, paper->parts->pdata[i]);
    draw_signature(&sheet);
    end_page(&sheet);
    g_object_unref(sheet.context);
    cairo_destroy(sheet.cairo);
    return sheet.page;
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t ignore(void *closure, const unsigned char *data, unsigned length)
{
    (void)closure;
    (void)data;
    (void)length;
    return CAIRO_STATUS_SUCCESS;
}

static unsigned count_pages(PangoFontMap *fonts, const LetterPaper *paper, const char *check_url)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(ignore, NULL, PAGE_WIDTH, PAGE_HEIGHT);
    unsigned n = draw(surface, fonts, paper, check_url, 1);
    cairo_surface_destroy(surface);
    return n;
}

GBytes *letter_pdf_make(const LetterPaper *paper, const char *check_url, int64_t issued_at_ms,
                        GError **error)
{
    PangoFontMap *fonts = pango_cairo_font_map_new();
    unsigned n_pages = count_pages(fonts, paper, check_url);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append, bytes, PAGE_WIDTH, PAGE_HEIGHT);
    g_autoptr(GDateTime) issued = g_date_time_new_from_unix_utc(issued_at_ms / 1000);
    g_autofree char *when = g_date_time_format(issued, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *title = g_strdup_printf("%s %s", paper->title, paper->number);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Huyula");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
    draw(surface, fonts, paper, check_url, n_pages);
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
