// SPDX-License-Identifier: Apache-2.0
/* A member of staff changes the own password. Main thread; every call ends in one callback on the
 * main context. */
#pragma once
#include "server/auth/auth.h"
#include "server/base/fault.h"

typedef struct {
    const char *user_id;
    const char *session_id;         /**< stays; all others of the account end */
    const char *present, *password; /**< the one of now, the new one */
    const char *address;
} OwnPassword;

/** FAULTS name what is wrong ("current" "password") with AUTH_ERROR_INVALID. */
typedef void (*OwnPasswordDone)(const FaultList *faults, const GError *error, gpointer user_data);
/** CHANGE is copied. A wrong present password counts as a failed log-in: AUTH_ERROR_TOO_MANY as
 * auth_login(), and an audit row. What is wrong with the new one is said before that. */
void own_password_change(Auth *auth, const OwnPassword *change, OwnPasswordDone done,
                         gpointer user_data);
