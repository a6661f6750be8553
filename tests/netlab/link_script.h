// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/netlab/link_queue.h"

/*
 * Lines that say what a link is and becomes:
 *
 *     both delay 40            a setting (link_queue.h) of up, down or both, at once
 *     at 20000 both rate 150   ... this many ms after `start`
 *     at 30000 nat 10.66.0.9   the server's side sees another address from then on
 *     start                    the clock of the lines with `at` begins
 *     mark                     the counts begin anew
 *     report                   one line of JSON to standard output
 *
 * "up" is from the patient to the server.
 */

typedef enum {
    LINK_ORDER_SET,
    LINK_ORDER_NAT,
    LINK_ORDER_START,
    LINK_ORDER_MARK,
    LINK_ORDER_REPORT,
} LinkOrderKind;

typedef struct {
    LinkOrderKind kind;
    int64_t at_ms; /* -1: at once */
    bool up, down; /* what SET is for */
    LinkSetting setting;
    double value;
    uint32_t address; /* of NAT, host byte order */
} LinkOrder;

/** One line without its end; false when it is none of the above. */
bool link_order_parse(const char *line, LinkOrder *ret_order);
