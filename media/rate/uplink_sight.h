// SPDX-License-Identifier: Apache-2.0
/* What an Uplink sees: rates, delay, trains, loss. Inside uplink.c and uplink_growth.c only. */
#pragma once
#include "media/rate/uplink.h"

void uplink_rates_note(UplinkRates *rates, MediaKind kind, size_t wire_bytes, int64_t now_us);
/** Of one kind over the last WINDOW_US, at most 2 s. */
uint32_t uplink_rates_bps(const UplinkRates *rates, MediaKind kind, int64_t window_us,
                          int64_t now_us);
/** Of both kinds. */
uint32_t uplink_rates_all_bps(const UplinkRates *rates, int64_t window_us, int64_t now_us);

void uplink_delay_note(UplinkDelay *delay, uint32_t timestamp, int64_t now_us);
/** The least delay of the last 0.3 s over the least of two minutes; 0: not known. */
int64_t uplink_delay_queue_us(const UplinkDelay *delay, int64_t now_us);
/** The same of the last 0.15 s: sooner, and jumpier. */
int64_t uplink_delay_latest_us(const UplinkDelay *delay, int64_t now_us);
/** Of the newest packet alone. */
int64_t uplink_delay_late_us(const UplinkDelay *delay);
/** What sound had of delay until now was so much too much: its clock stood still. */
void uplink_delay_shift(UplinkDelay *delay, int64_t us);
/** The least of two minutes; INT64_MAX: none. */
int64_t uplink_delay_least_us(const UplinkDelay *delay);
/** How much of it came about in the last second; 0: not known. */
int64_t uplink_delay_growth_us(const UplinkDelay *delay, int64_t now_us);

void uplink_train_note(UplinkTrain *train, uint32_t timestamp, size_t wire_bytes, int64_t now_us);
/** Sound that came between two packets of a picture has used the link as they have. */
void uplink_train_note_sound(UplinkTrain *train, size_t wire_bytes);
/** The fastest of the last seconds; 0: none. */
uint32_t uplink_train_bps(const UplinkTrain *train, int64_t now_us);
/** The newest of the last second; 0: none. */
uint32_t uplink_train_last_bps(const UplinkTrain *train, int64_t now_us);
void uplink_train_forget(UplinkTrain *train);

/** A packet of sound, LATE_US over the least delay, and the train that it may stand behind; before
 * uplink_train_note_sound(). */
void uplink_behind_note(UplinkBehind *behind, UplinkTrain *train, size_t wire_bytes,
                        int64_t late_us, int64_t now_us);
/** The fastest of some; 0: too few, or long ago. */
uint32_t uplink_behind_bps(const UplinkBehind *behind, int64_t now_us);

/** A round trip of RTT_US has ended while sound seems to have stood in a queue of QUEUE_US. What of
 * that is none, as the round trip would be longer; 0: it may be one. DELAY_US:
 * uplink_delay_least_us(), which the queue is held against. */
int64_t uplink_trip_note(UplinkTrip *trip, int64_t rtt_us, int64_t queue_us, int64_t delay_us,
                         int64_t now_us);
/** A queue cannot be longer; INT64_MAX: not known. */
int64_t uplink_trip_bound_us(const UplinkTrip *trip, int64_t now_us);

/** A packet of sound of WIRE_BYTES with a delay of DELAY_US, while there is sound alone. True: the
 * link takes less time for sound than it ever did. */
bool uplink_pace_note(UplinkPace *pace, size_t wire_bytes, int64_t delay_us, int64_t now_us);

/** COUNTS false: what was lost since the last call says nothing of the rate. */
void uplink_loss_note(UplinkLoss *loss, uint64_t n_expected, uint64_t n_lost, bool counts,
                      int64_t now_us);
