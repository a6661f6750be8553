// SPDX-License-Identifier: Apache-2.0
/* The words of each kind of letter. */
#include "scheduling/letter/letter_row.h"

#include <string.h>

#include "scheduling/booking/contact.h"
#include "scheduling/booking/person.h"

static void add_field(LetterPaper *paper, const char *label, const char *text)
{
    if (text && *text)
        letter_paper_add(paper, LETTER_PART_FIELD, label, text);
}

static void add_text(LetterPaper *paper, const char *heading, const char *text)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    if (!*trimmed)
        return;
    letter_paper_add(paper, LETTER_PART_HEADING, heading, NULL);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL, trimmed);
}

static const char *title_of(LetterKind kind)
{
    switch (kind) {
    case LETTER_SUMMARY:
        return "RINGKASAN KUNJUNGAN";
    case LETTER_PRESCRIPTION:
        return "RESEP ELEKTRONIK";
    case LETTER_REFERRAL:
        return "SURAT RUJUKAN";
    case LETTER_SICK:
        return "SURAT KETERANGAN SAKIT";
    }
    g_assert_not_reached();
}

/* Days in the month before the one of DATE. */
static int days_before_month(const char *date)
{
    int year = (int)g_ascii_strtoull(date, NULL, 10);
    int month = (int)g_ascii_strtoull(date + 5, NULL, 10);
    return month == 1 ? 31 : g_date_get_days_in_month((GDateMonth)(month - 1), (GDateYear)year);
}

/* "3 tahun"; below two years in months, in the first one in days: doses go by it. */
static char *age_words(const char *birth_date, const char *today)
{
    enum { IN_MONTHS_UNTIL = 24 };
    int years =
        (int)g_ascii_strtoull(today, NULL, 10) - (int)g_ascii_strtoull(birth_date, NULL, 10);
    int days = (int)g_ascii_strtoull(today + 8, NULL, 10) -
               (int)g_ascii_strtoull(birth_date + 8, NULL, 10);
    int months = 12 * years + (int)g_ascii_strtoull(today + 5, NULL, 10) -
                 (int)g_ascii_strtoull(birth_date + 5, NULL, 10) - (days < 0 ? 1 : 0);
    if (months >= IN_MONTHS_UNTIL)
        return g_strdup_printf("%d tahun", person_age(birth_date, today));
    if (months > 0)
        return g_strdup_printf("%d bulan", months);
    return g_strdup_printf("%d hari", days < 0 ? days + days_before_month(today) : days);
}

static void add_patient(LetterPaper *paper, const LetterFacts *facts, bool with_nik)
{
    g_autofree char *born = letter_date_words(facts->birth_date, false);
    g_autofree char *age = age_words(facts->birth_date, facts->today);
    const char *sex = g_strcmp0(facts->sex, "L") == 0   ? ", laki-laki"
                      : g_strcmp0(facts->sex, "P") == 0 ? ", perempuan"
                                                        : "";
    g_autofree char *years = g_strdup_printf("%s (%s%s)", born, age, sex);
    add_field(paper, "Nama", facts->patient);
    add_field(paper, "Tanggal lahir", years);
    if (with_nik)
        add_field(paper, "NIK", facts->nik);
    if (with_nik && !facts->nik)
        add_field(paper, "NIK ibu", facts->mother_nik);
    if (!facts->contact_name)
        return;
    g_autofree char *contact = g_strdup_printf("%s (%s)", facts->contact_name,
                                               contact_relation_words(facts->contact_relation));
    add_field(paper, "Pendamping", contact);
}

static char *diagnoses_words(const NoteContent *content)
{
    GString *words = g_string_new(NULL);
    for (unsigned i = 0; i < content->diagnoses->len; i++) {
        const NoteDiagnosis *one = content->diagnoses->pdata[i];
        g_string_append_printf(words, "%s%s  %s", i ? "\n" : "", one->code, one->name);
    }
    return g_string_free(words, FALSE);
}

static char *vitals_words(const NoteContent *content)
{
    GString *words = g_string_new(NULL);
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        if (content->vitals[i] == 0)
            continue;
        g_autofree char *value = vital_words((Vital)i, content->vitals[i]);
        g_string_append_printf(words, "%s%s %s", words->len ? "; " : "", vital_row((Vital)i)->label,
                               value);
    }
    return g_string_free(words, FALSE);
}

static void compose_summary(LetterPaper *paper, const LetterFacts *facts)
{
    const NoteContent *note = facts->note.content;
    g_autofree char *diagnoses = diagnoses_words(note);
    g_autofree char *vitals = vitals_words(note);
    g_autofree char *visited = letter_date_words(facts->visit.local_date, true);
    add_patient(paper, facts, false);
    add_field(paper, "Kunjungan", visited);
    add_field(paper, "Poli", facts->clinic);
    add_text(paper, "Diagnosis", diagnoses);
    add_text(paper, "Keluhan dan riwayat", note->texts[NOTE_SUBJECTIVE]);
    add_text(paper, "Alergi", facts->allergy_words ? facts->allergy_words : "");
    add_text(paper, "Tanda vital", vitals);
    add_text(paper, "Pemeriksaan", note->texts[NOTE_OBJECTIVE]);
    add_text(paper, "Penilaian", note->texts[NOTE_ASSESSMENT]);
    add_text(paper, "Rencana", note->texts[NOTE_PLAN]);
    for (unsigned i = 0; i < facts->addenda->len; i++) {
        const NoteAddendum *one = facts->addenda->pdata[i];
        add_text(paper, "Keterangan susulan", one->text);
    }
}

static void compose_prescription(LetterPaper *paper, const LetterFacts *facts,
                                 const LetterRequest *request)
{
    const NoteContent *note = facts->note.content;
    add_patient(paper, facts, true);
    if (note->vitals[VITAL_WEIGHT] > 0) {
        g_autofree char *weight = vital_words(VITAL_WEIGHT, note->vitals[VITAL_WEIGHT]);
        add_field(paper, "Berat badan", weight);
    }
    g_autofree char *allergies = g_strconcat("Alergi: ", facts->allergy_words, NULL);
    letter_paper_add(paper, LETTER_PART_WARNING, NULL,
                     facts->allergy_words ? allergies
                                          : "Alergi: belum dicatat. Tanyakan sebelum menyerahkan.");
    for (unsigned i = 0; i < request->items->len; i++) {
        const LetterItem *item = request->items->pdata[i];
        g_autofree char *form = g_strjoin(" ", item->form, item->name, item->strength, NULL);
        g_autofree char *roman = letter_roman(item->quantity);
        g_autofree char *count = letter_number_words(item->quantity);
        g_autofree char *label = g_strdup_printf("R/  %s", g_strstrip(form));
        g_autofree char *text =
            g_strdup_printf("No. %s (%d, %s)\nS: %s", roman, item->quantity, count, item->signa);
        letter_paper_add(paper, LETTER_PART_ITEM, label, text);
    }
}

static void compose_referral(LetterPaper *paper, const LetterFacts *facts,
                             const LetterRequest *request)
{
    const NoteContent *note = facts->note.content;
    g_autofree char *diagnoses = diagnoses_words(note);
    g_autofree char *vitals = vitals_words(note);
    bool has_codes = note->diagnoses->len > 0;
    const char *unknown = facts->is_chart_open
                              ? "Belum pernah dicatat. Tanyakan kepada pasien."
                              : "Tidak dicatat pada kunjungan ini. Tanyakan kepada pasien.";
    const char *urgency = strcmp(request->urgency, "emergency") == 0 ? "GAWAT DARURAT"
                          : strcmp(request->urgency, "urgent") == 0  ? "Mendesak"
                                                                     : "Biasa";
    add_field(paper, "Kepada", request->to_facility);
    add_field(paper, "Poli tujuan", request->to_clinic);
    add_field(paper, "Kegawatan", urgency);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL,
                     "Mohon pemeriksaan dan penanganan lebih lanjut pasien berikut.");
    add_patient(paper, facts, true);
    /* Without a code of the list, what the doctor wrote is the diagnosis. */
    add_text(paper, "Diagnosis", has_codes ? diagnoses : note->texts[NOTE_ASSESSMENT]);
    add_text(paper, "Alasan merujuk", request->reason);
    add_text(paper, "Keluhan dan riwayat", note->texts[NOTE_SUBJECTIVE]);
    add_text(paper, "Alergi", facts->allergy_words ? facts->allergy_words : unknown);
    add_text(paper, "Tanda vital", vitals);
    add_text(paper, "Pemeriksaan", note->texts[NOTE_OBJECTIVE]);
    if (has_codes)
        add_text(paper, "Penilaian", note->texts[NOTE_ASSESSMENT]);
    add_text(paper, "Terapi yang sudah diberikan", request->therapy);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL,
                     "Mohon jawaban rujukan (rujuk balik) kepada kami. Terima kasih.");
}

void letter_last_day(const LetterRequest *request, char ret_date[SCHEDULING_DATE_BYTES])
{
    if (!clock_date_add(request->from_date, request->days - 1, ret_date))
        ret_date[0] = '\0';
}

/* How the doctor has seen the patient; to be freed. */
static char *seen_words(const LetterFacts *facts)
{
    switch (facts->visit.way) {
    case VISIT_WAY_VIDEO:
        return g_strdup(facts->is_assisted
                            ? "melalui kunjungan video dengan didampingi petugas kesehatan"
                            : "melalui kunjungan video");
    case VISIT_WAY_PHONE:
        return g_strdup("melalui telepon");
    case VISIT_WAY_IN_PERSON:
        return g_strdup_printf("secara langsung di %s", facts->facility);
    }
    g_assert_not_reached();
}

static void compose_sick(LetterPaper *paper, const LetterFacts *facts, const LetterRequest *request)
{
    char last[SCHEDULING_DATE_BYTES];
    letter_last_day(request, last);
    g_autofree char *from = letter_date_words(request->from_date, false);
    g_autofree char *until = letter_date_words(last, false);
    g_autofree char *days = letter_number_words(request->days);
    g_autofree char *seen = letter_date_words(facts->visit.local_date, true);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL,
                     "Yang bertanda tangan di bawah ini menerangkan bahwa:");
    add_patient(paper, facts, true);
    g_autofree char *how = seen_words(facts);
    g_autofree char *text =
        g_strdup_printf("telah diperiksa %s pada %s dan karena sakit memerlukan istirahat "
                        "selama %d (%s) hari, sejak %s sampai dengan %s.",
                        how, seen, request->days, days, from, until);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL, text);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL,
                     "Surat keterangan ini dibuat untuk dipergunakan sebagaimana mestinya.");
}

LetterPaper *letter_compose(const LetterFacts *facts, const LetterRequest *request,
                            const char *number)
{
    LetterPaper *paper = letter_paper_new();
    g_autofree char *date = letter_date_words(facts->today, false);
    g_autofree char *born = letter_date_words(facts->birth_date, false);
    g_autofree char *patient = g_strdup_printf("%s, lahir %s", facts->patient, born);
    letter_paper_set(&paper->facility, facts->facility);
    letter_paper_set(&paper->address, facts->address);
    letter_paper_set(&paper->phone, facts->phone);
    letter_paper_set(&paper->title, title_of(request->kind));
    letter_paper_set(&paper->number, number);
    letter_paper_set(&paper->date, date);
    letter_paper_set(&paper->doctor, facts->doctor);
    letter_paper_set(&paper->patient, patient);
    letter_paper_set(&paper->str, facts->permit.str);
    /* A summary needs no permit, and names none that is over. */
    letter_paper_set(&paper->sip,
                     facts->permit.state == LETTER_PERMIT_GOOD ? facts->permit.sip : NULL);
    switch (request->kind) {
    case LETTER_SUMMARY:
        compose_summary(paper, facts);
        break;
    case LETTER_PRESCRIPTION:
        compose_prescription(paper, facts, request);
        break;
    case LETTER_REFERRAL:
        compose_referral(paper, facts, request);
        break;
    case LETTER_SICK:
        compose_sick(paper, facts, request);
        break;
    }
    return paper;
}
