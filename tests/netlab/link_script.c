// SPDX-License-Identifier: Apache-2.0
#include "tests/netlab/link_script.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>

static bool parse_number(const char *word, double *ret_value)
{
    char *end = NULL;
    double value = g_ascii_strtod(word, &end);
    if (end == word || *end != '\0' || !isfinite(value) || value < 0 || value > 1e9)
        return false;
    *ret_value = value;
    return true;
}

static bool parse_set(char **words, LinkOrder *order)
{
    bool both = strcmp(words[0], "both") == 0;
    order->kind = LINK_ORDER_SET;
    order->up = both || strcmp(words[0], "up") == 0;
    order->down = both || strcmp(words[0], "down") == 0;
    return (order->up || order->down) && link_setting_parse(words[1], &order->setting) &&
           parse_number(words[2], &order->value);
}

static bool parse_nat(const char *word, LinkOrder *order)
{
    struct in_addr address;
    order->kind = LINK_ORDER_NAT;
    if (inet_pton(AF_INET, word, &address) != 1)
        return false;
    order->address = ntohl(address.s_addr);
    return order->address != 0;
}

static bool parse_word(const char *word, LinkOrder *order)
{
    static const struct {
        const char *word;
        LinkOrderKind kind;
    } words[] = {
        {"start", LINK_ORDER_START},
        {"mark", LINK_ORDER_MARK},
        {"report", LINK_ORDER_REPORT},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(word, words[i].word) == 0) {
            order->kind = words[i].kind;
            return true;
        }
    }
    return false;
}

bool link_order_parse(const char *line, LinkOrder *ret_order)
{
    g_auto(GStrv) split = g_strsplit(line, " ", -1);
    char **words = split;
    unsigned n = g_strv_length(split);
    LinkOrder order = {.at_ms = -1};
    if (n > 2 && strcmp(words[0], "at") == 0) {
        double at_ms = 0;
        if (!parse_number(words[1], &at_ms))
            return false;
        order.at_ms = (int64_t)at_ms;
        words += 2;
        n -= 2;
    }
    bool sound = n == 3   ? parse_set(words, &order)
                 : n == 2 ? strcmp(words[0], "nat") == 0 && parse_nat(words[1], &order)
                 : n == 1 ? order.at_ms < 0 && parse_word(words[0], &order)
                          : false;
    if (sound)
        *ret_order = order;
    return sound;
}
