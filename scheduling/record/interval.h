// SPDX-License-Identifier: Apache-2.0
/* When media of both sides flowed at once: the union of the intervals in which the patient and the
 * doctor each send audio or video from any of their endpoints. Pure; fed in order of time. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { INTERVAL_SIDE_PATIENT, INTERVAL_SIDE_DOCTOR } IntervalSide;
enum { INTERVAL_N_SIDES = 2 };

typedef struct Interval Interval;
Interval *interval_new(void);
void interval_free(Interval *interval);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Interval, interval_free)

/** Media of KIND ("audio", "video") of the endpoint starts or stops; again is no change. */
void interval_set(Interval *interval, IntervalSide side, const char *endpoint_id, const char *kind,
                  bool flowing, int64_t at_ms);
/** The endpoint is gone, and all it sent. */
void interval_close_endpoint(Interval *interval, const char *endpoint_id, int64_t at_ms);
/** Everything is gone: the visit ended, the server was killed. */
void interval_close_all(Interval *interval, int64_t at_ms);

typedef struct {
    int64_t start_ms;      /**< 0: never both */
    int64_t end_ms;        /**< end of the last interval that has ended; 0: none */
    int64_t total_ms;      /**< of the intervals that have ended */
    int64_t open_since_ms; /**< 0: none runs now */
    bool any_flowing;      /**< some side sends now */
} IntervalResult;
void interval_result(const Interval *interval, IntervalResult *ret_result);
