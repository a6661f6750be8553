// SPDX-License-Identifier: Apache-2.0
/* What is wrong with a request, field by field: the code is stable and becomes a sentence in the
 * reader's language where the answer is written (server/http/http_problem). One thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char *field; /**< as the client named it, "birth_date" */
    char *code;  /**< "required" "too_short" "too_long" "not_a_date" "not_allowed" ... */
    char
        *allowed; /**< what is allowed, machine-readable ("1..80", "08xx or +628xx"); may be NULL */
} Fault;

typedef struct FaultList FaultList;
FaultList *fault_list_new(void);
void fault_list_free(FaultList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaultList, fault_list_free)
void fault_list_add(FaultList *list, const char *field, const char *code, const char *allowed);
unsigned fault_list_length(const FaultList *list);
const Fault *fault_list_get(const FaultList *list, unsigned index);
