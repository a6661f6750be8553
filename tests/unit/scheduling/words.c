// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/words.h"

char *words_faults(const FaultList *faults)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; faults && i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s:%s ", fault->field, fault->code);
    }
    return g_string_free(text, FALSE);
}

char *words_imported(const TableImported *imported)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s +%u ~%u", imported->is_saved ? "saved" : "kept out",
                           imported->n_added, imported->n_changed);
    for (unsigned i = 0; i < imported->faults->len; i++) {
        const TableFault *one = g_ptr_array_index(imported->faults, i);
        g_string_append_printf(text, "; %u %s %s", one->line, one->fault.field, one->fault.code);
    }
    return g_string_free(text, FALSE);
}
