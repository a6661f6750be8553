// SPDX-License-Identifier: Apache-2.0
#include "server/base/fault.h"

struct FaultList {
    GPtrArray *faults;
};

static void fault_free(gpointer data)
{
    Fault *fault = data;
    g_free(fault->field);
    g_free(fault->code);
    g_free(fault->allowed);
    g_free(fault);
}

FaultList *fault_list_new(void)
{
    FaultList *list = g_new0(FaultList, 1);
    list->faults = g_ptr_array_new_with_free_func(fault_free);
    return list;
}

void fault_list_free(FaultList *list)
{
    if (!list)
        return;
    g_ptr_array_unref(list->faults);
    g_free(list);
}

void fault_list_add(FaultList *list, const char *field, const char *code, const char *allowed)
{
    Fault *fault = g_new0(Fault, 1);
    fault->field = g_strdup(field);
    fault->code = g_strdup(code);
    fault->allowed = g_strdup(allowed);
    g_ptr_array_add(list->faults, fault);
}

unsigned fault_list_length(const FaultList *list)
{
    return list->faults->len;
}

const Fault *fault_list_get(const FaultList *list, unsigned index)
{
    g_assert(index < list->faults->len);
    return g_ptr_array_index(list->faults, index);
}
