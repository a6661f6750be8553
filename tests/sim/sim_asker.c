// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_asker.h"

#include <glib.h>

enum {
    LOOK_US = 20 * 1000,
    MOST_ASKED = 10,
};

static void take_out(SimAsker *asker, unsigned index)
{
    asker->n_missing--;
    for (unsigned i = index; i < asker->n_missing; i++)
        asker->missing[i] = asker->missing[i + 1];
}

bool sim_asker_arrived(SimAsker *asker, int64_t number)
{
    for (unsigned i = 0; i < asker->n_missing; i++) {
        if (asker->missing[i].number == number) {
            take_out(asker, i);
            return true;
        }
    }
    if (number <= asker->newest)
        return false;
    for (int64_t i = MAX(asker->newest + 1, number - SIM_ASKED); i < number; i++) {
        if (asker->newest == 0)
            break;
        if (asker->n_missing == SIM_ASKED)
            take_out(asker, 0);
        asker->missing[asker->n_missing++] = (SimMissing){.number = i};
    }
    asker->newest = number;
    return false;
}

void sim_asker_forget(SimAsker *asker, int64_t number)
{
    while (asker->n_missing > 0 && asker->missing[0].number < number)
        take_out(asker, 0);
}

size_t sim_asker_due(SimAsker *asker, int64_t rtt_us, int64_t now_us,
                     int64_t ret_numbers[SIM_ASKED])
{
    size_t n = 0;
    bool looks = now_us - asker->looked_us >= LOOK_US;
    if (looks)
        asker->looked_us = now_us;
    for (unsigned i = 0; i < asker->n_missing; i++) {
        SimMissing *missing = &asker->missing[i];
        bool due = missing->n_asked == 0 || (looks && now_us - missing->asked_us >= rtt_us);
        if (!due || missing->n_asked >= MOST_ASKED)
            continue;
        missing->asked_us = now_us;
        missing->n_asked++;
        ret_numbers[n++] = missing->number;
    }
    return n;
}
