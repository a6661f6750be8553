// SPDX-License-Identifier: Apache-2.0
/* What a letter prints, as parts from top to bottom: it is settled when the letter is issued, kept
 * as one text (sealed, in its row), and laid out by whoever makes the file. In Indonesian, which is
 * the language of letters whatever the reader's. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    LETTER_PART_FIELD,   /**< a label and its value, side by side */
    LETTER_PART_HEADING, /**< label */
    LETTER_PART_TEXT,    /**< text, with its line ends */
    LETTER_PART_ITEM,    /**< of a prescription: label in large letters, text below */
    LETTER_PART_WARNING, /**< text that must be seen */
} LetterPartKind;

typedef struct {
    LetterPartKind kind;
    char *label, *text; /**< never NULL */
} LetterPart;

typedef struct {
    char *facility, *address, *phone; /**< the letterhead */
    char *title, *number, *date;      /**< "Selasa, 24 November 2026" */
    char *doctor, *sip, *str;         /**< the last two may be empty */
    char *patient;    /**< "Siti Aminah, lahir 2 Maret 1954", of each page; may be empty */
    GPtrArray *parts; /**< LetterPart */
} LetterPaper;
/** With empty texts and no parts. */
LetterPaper *letter_paper_new(void);
void letter_paper_free(LetterPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterPaper, letter_paper_free)
void letter_paper_set(char **place, const char *text);
void letter_paper_add(LetterPaper *paper, LetterPartKind kind, const char *label, const char *text);

/** All of it as one text, and back; NULL for a text that is none. */
char *letter_paper_write(const LetterPaper *paper);
LetterPaper *letter_paper_parse(const char *text);

/** "Selasa, 24 November 2026" and "24 November 2026" of a valid date. */
char *letter_date_words(const char *date, bool with_weekday);
/** "XII" for 12; 1 to 3999. */
char *letter_roman(int number);
/** "dua puluh satu"; 0 to 999. */
char *letter_number_words(int number);
