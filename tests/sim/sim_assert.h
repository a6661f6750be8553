// SPDX-License-Identifier: Apache-2.0
/* Comparisons that say what was seen when it is not within the limit. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define assert_at_most(value, limit)                                                               \
    do {                                                                                           \
        double value_ = (double)(value), limit_ = (double)(limit);                                 \
        if (value_ > limit_)                                                                       \
            fail_msg("%s is %g, above %g", #value, value_, limit_);                                \
    } while (0)
#define assert_at_least(value, limit)                                                              \
    do {                                                                                           \
        double value_ = (double)(value), limit_ = (double)(limit);                                 \
        if (value_ < limit_)                                                                       \
            fail_msg("%s is %g, below %g", #value, value_, limit_);                                \
    } while (0)
