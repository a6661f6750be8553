// SPDX-License-Identifier: Apache-2.0
#include "server/ops/qr.h"

#include <qrencode.h>
#include <stdbool.h>

enum { QUIET_ZONE = 2 };

static bool is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width &&
           (code->data[y * code->width + x] & 1);
}

char *qr_terminal(const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    if (!code)
        return NULL;
    GString *out = g_string_new(NULL);
    int end = code->width + QUIET_ZONE;
    /* Two rows a line: black on white, whatever the terminal's colours are. */
    for (int y = -QUIET_ZONE; y < end; y += 2) {
        g_string_append(out, "\033[30;107m");
        for (int x = -QUIET_ZONE; x < end; x++) {
            bool top = is_dark(code, x, y), bottom = is_dark(code, x, y + 1);
            g_string_append(out, top ? (bottom ? "█" : "▀") : (bottom ? "▄" : " "));
        }
        g_string_append(out, "\033[0m\n");
    }
    QRcode_free(code);
    return g_string_free(out, FALSE);
}

uint8_t *qr_modules(const char *text, unsigned *ret_width)
{
    /* A quarter of it may be covered: papers get creased and stamped. */
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q);
    if (!code)
        return NULL;
    size_t n = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = g_malloc(n);
    for (size_t i = 0; i < n; i++)
        modules[i] = code->data[i] & 1;
    *ret_width = (unsigned)code->width;
    QRcode_free(code);
    return modules;
}
