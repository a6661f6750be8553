// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/vital.h"

/* Wider than what anybody should be told is normal: they catch slips of the hand. */
static const VitalRow rows[VITAL_COUNT] = {
    [VITAL_SYSTOLIC] = {"systolic_mmhg", "Tekanan darah sistolik", "mmHg", 1, 40, 300},
    [VITAL_DIASTOLIC] = {"diastolic_mmhg", "Tekanan darah diastolik", "mmHg", 1, 20, 200},
    [VITAL_PULSE] = {"pulse_per_min", "Nadi", "x/menit", 1, 20, 300},
    [VITAL_BREATHS] = {"breaths_per_min", "Napas", "x/menit", 1, 4, 100},
    [VITAL_TEMPERATURE] = {"temperature_tenth_c", "Suhu", "°C", 10, 300, 450},
    [VITAL_OXYGEN] = {"oxygen_percent", "SpO2", "%", 1, 50, 100},
    [VITAL_WEIGHT] = {"weight_g", "Berat badan", "kg", 1000, 300, 400000},
    [VITAL_HEIGHT] = {"height_cm", "Tinggi badan", "cm", 1, 20, 260},
    [VITAL_GLUCOSE] = {"glucose_mgdl", "Gula darah sewaktu", "mg/dL", 1, 10, 1500},
};

const VitalRow *vital_row(Vital vital)
{
    return &rows[vital];
}

static void add_fault(FaultList *faults, const VitalRow *row, const char *code)
{
    g_autofree char *field = g_strconcat("vitals.", row->name, NULL);
    g_autofree char *allowed = g_strdup_printf("%d..%d", row->min, row->max);
    fault_list_add(faults, field, code, allowed);
}

void vital_check(const int values[VITAL_COUNT], FaultList *faults)
{
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        if (values[i] != 0 && values[i] < rows[i].min)
            add_fault(faults, &rows[i], "too_small");
        else if (values[i] > rows[i].max)
            add_fault(faults, &rows[i], "too_large");
    }
    if (values[VITAL_SYSTOLIC] > 0 && values[VITAL_DIASTOLIC] >= values[VITAL_SYSTOLIC])
        fault_list_add(faults, "vitals.diastolic_mmhg", "not_below", "systolic_mmhg");
}

char *vital_words(Vital vital, int value)
{
    const VitalRow *row = &rows[vital];
    if (row->divisor == 1)
        return g_strdup_printf("%d %s", value, row->unit);
    GString *words = g_string_new(NULL);
    g_string_append_printf(words, "%d", value / row->divisor);
    int rest = value % row->divisor;
    if (rest > 0) {
        g_string_append_c(words, ',');
        for (int place = row->divisor / 10; rest > 0; place /= 10) {
            g_string_append_c(words, (char)('0' + rest / place));
            rest %= place;
        }
    }
    g_string_append_printf(words, " %s", row->unit);
    return g_string_free(words, FALSE);
}
