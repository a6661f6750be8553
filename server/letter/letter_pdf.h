// SPDX-License-Identifier: Apache-2.0
/* A letter's paper as PDF (A4, as many pages as it takes): letterhead, parts, signature, a QR code
 * that leads to its check page on every page. The home of cairo and pango. Pure but for the fonts;
 * for job threads: it takes tens of milliseconds. */
#pragma once
#include <glib.h>
#include "scheduling/letter/letter_paper.h"

/** CHECK_URL is what the QR code says; ISSUED_AT_MS becomes the document's date, so that the same
 * paper makes the same file. NULL with BASE_ERROR_FAILED when cairo gives up. */
GBytes *letter_pdf_make(const LetterPaper *paper, const char *check_url, int64_t issued_at_ms,
                        GError **error);
