// SPDX-License-Identifier: Apache-2.0
#include "signaling/code.h"

#include <glib.h>

typedef struct {
    const char *name;
    bool is_fatal;
    const char *id;
    const char *en;
} CodeRow;

static const CodeRow rows[SIGNALING_N_CODES] = {
    [SIGNALING_CODE_NONE] = {NULL, false, "", ""},
    [SIGNALING_CODE_BAD_MESSAGE] =
        {"bad-message", false, "Pesan dari halaman ini tidak dapat dibaca. Muat ulang halaman.",
         "A message from this page could not be read. Reload the page."},
    [SIGNALING_CODE_UNKNOWN_MESSAGE] =
        {"unknown-message", false,
         "Server tidak mengenal pesan ini. Muat ulang halaman agar versinya sama.",
         "The server does not know this message. Reload the page to get the same version."},
    [SIGNALING_CODE_BAD_ORDER] = {"bad-order", true,
                                  "Sambungan dimulai dengan urutan yang salah. Muat ulang halaman.",
                                  "The connection started in the wrong order. Reload the page."},
    [SIGNALING_CODE_LINK_INVALID] =
        {"link-invalid", true,
         "Tautan ini tidak berlaku. Periksa kembali tautan dari fasilitas kesehatan Anda.",
         "This link is not valid. Check the link that your health facility gave you."},
    [SIGNALING_CODE_LINK_EXPIRED] =
        {"link-expired", true,
         "Tautan ini sudah kedaluwarsa. Mintalah tautan baru kepada fasilitas kesehatan Anda.",
         "This link has expired. Ask your health facility for a new one."},
    [SIGNALING_CODE_TOO_EARLY] =
        {"too-early", true, "Kunjungan belum dibuka. Silakan kembali mendekati waktunya.",
         "The visit is not open yet. Please come back closer to its time."},
    [SIGNALING_CODE_VISIT_CANCELLED] = {"visit-cancelled", true, "Kunjungan ini telah dibatalkan.",
                                        "This visit was cancelled."},
    [SIGNALING_CODE_VISIT_ENDED] = {"visit-ended", true, "Kunjungan ini sudah selesai.",
                                    "This visit is over."},
    [SIGNALING_CODE_NOT_ALLOWED] = {"not-allowed", false,
                                    "Anda tidak dapat melakukan ini pada kunjungan ini.",
                                    "You cannot do this in this visit."},
    [SIGNALING_CODE_BAD_STATE] =
        {"bad-state", false, "Ini belum atau tidak lagi mungkin pada tahap kunjungan sekarang.",
         "This is not possible at the visit's present stage."},
    [SIGNALING_CODE_BAD_OFFER] = {"bad-offer", false, "Permintaan sambungan tidak dapat dibaca.",
                                  "The request for a connection could not be read."},
    [SIGNALING_CODE_ROOM_FULL] = {"room-full", false,
                                  "Ruang kunjungan penuh. Tutup perangkat lain lalu coba lagi.",
                                  "The room is full. Close another device and try again."},
    [SIGNALING_CODE_TOO_MANY_MESSAGES] =
        {"too-many-messages", true,
         "Terlalu banyak pesan dari halaman ini. Tunggu sebentar lalu muat ulang.",
         "Too many messages from this page. Wait a moment and reload."},
    [SIGNALING_CODE_STOPPING] =
        {"stopping", true, "Server sedang dimulai ulang. Sambungan dicoba lagi sebentar lagi.",
         "The server is restarting. The connection will be tried again shortly."},
    [SIGNALING_CODE_INTERNAL] = {"internal", false,
                                 "Ada gangguan di server kami. Coba lagi sebentar lagi.",
                                 "Something went wrong on our side. Try again in a moment."},
};

const char *signaling_code_name(SignalingCode code)
{
    return rows[code].name;
}

bool signaling_code_is_fatal(SignalingCode code)
{
    return rows[code].is_fatal;
}

const char *signaling_code_text(SignalingCode code, const char *lang)
{
    return g_strcmp0(lang, "en") == 0 ? rows[code].en : rows[code].id;
}
