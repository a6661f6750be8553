// SPDX-License-Identifier: Apache-2.0
/* Vital signs: one table with each one's name, unit and the values that a living person can have.
 * Whole numbers in the unit of the name; 0 is "not measured". Pure; any thread. */
#pragma once
#include <glib.h>
#include "server/base/fault.h"

typedef enum {
    VITAL_SYSTOLIC,
    VITAL_DIASTOLIC,
    VITAL_PULSE,
    VITAL_BREATHS,
    VITAL_TEMPERATURE, /**< tenths of a degree Celsius */
    VITAL_OXYGEN,
    VITAL_WEIGHT, /**< grams */
    VITAL_HEIGHT,
    VITAL_GLUCOSE, /**< blood sugar at any time */
} Vital;
enum { VITAL_COUNT = VITAL_GLUCOSE + 1 };

typedef struct {
    const char *name;  /**< on the wire and in the database: "systolic_mmhg" */
    const char *label; /**< on papers, Indonesian */
    const char *unit;  /**< on papers */
    int divisor;       /**< what is shown is the value divided by it */
    int min, max;
} VitalRow;
const VitalRow *vital_row(Vital vital);

/** Adds a fault "vitals.NAME" for each of VALUES that nobody can have ("too_small", "too_large"),
 * and for a diastolic pressure that is not below the systolic one ("not_below"). */
void vital_check(const int values[VITAL_COUNT], FaultList *faults);
/** "36,5 °C", "72 kg": as Indonesian papers say it. The caller owns it. */
char *vital_words(Vital vital, int value);
