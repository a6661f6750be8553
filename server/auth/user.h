// SPDX-License-Identifier: Apache-2.0
/* Staff accounts. These functions run inside a database job (the command line, the demo clinic). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/db/db.h"

#define AUTH_ERROR (auth_error_quark())
GQuark auth_error_quark(void);

typedef enum {
    AUTH_ERROR_WRONG_PASSWORD, /**< also for an account that does not exist */
    AUTH_ERROR_DISABLED,
    AUTH_ERROR_TOO_MANY,   /**< too many attempts; the message is the number of seconds to wait */
    AUTH_ERROR_NOT_FOUND,  /**< no such account */
    AUTH_ERROR_EXISTS,     /**< the login is taken */
    AUTH_ERROR_INVALID,    /**< a value is not allowed; the message, or a FaultList, names it */
    AUTH_ERROR_CHANGED,    /**< the account is not what the keeper opened any more */
    AUTH_ERROR_LAST_ADMIN, /**< nobody could keep accounts any more */
    AUTH_ERROR_ALREADY_SET_UP, /**< there are accounts: the first one is made no more */
} AuthError;

typedef enum {
    USER_ROLE_DOCTOR,
    USER_ROLE_DESK,
    USER_ROLE_OFFICE,
    USER_ROLE_ADMIN,
    USER_ROLE_COORDINATOR, /**< keeps one facility's clinics, people and hours; no patients */
    USER_ROLE_OFFICER,     /**< books for others at the counter of a kecamatan or kabupaten */
} UserRole;
/** "doctor" "desk" "office" "admin" "coordinator" "officer" */
const char *user_role_name(UserRole role);
bool user_role_parse(const char *text, UserRole *ret_role);

typedef struct {
    const char *login; /**< 3 to 40 of a-z 0-9 . _ - */
    const char *name;  /**< shown to colleagues and patients */
    UserRole role;
    const char *facility_id;   /**< required for desk and coordinator; else may be NULL */
    const char *password_hash; /**< from password_hash() */
    const char *area_code;     /**< "75.01.01": required for an officer, else NULL */
} UserNew;

/** Forms of a login and of a name. */
bool user_login_is_valid(const char *login);
bool user_name_is_valid(const char *name);

/** Inserts a row without an audit row: for who writes that one. AUTH_ERROR_EXISTS. */
bool user_insert(DbTx *tx, const UserNew *user, int64_t now_ms, char **ret_id, GError **error);
/** Adds an account; *ret_id is owned by the caller. BY is who does it ("cli", a user id). */
bool user_add(DbTx *tx, const UserNew *user, const char *by, int64_t now_ms, char **ret_id,
              GError **error);
/** Sets the password's hash and ends the account's sessions. */
bool user_set_password(DbTx *tx, const char *login, const char *password_hash, int64_t now_ms,
                       GError **error);
/** Disables or enables an account; disabling ends its sessions. LAST_ADMIN as account_change(). */
bool user_set_disabled(DbTx *tx, const char *login, bool disabled, int64_t now_ms, GError **error);
/** The account's id, NULL with AUTH_ERROR_NOT_FOUND. */
char *user_find(DbTx *tx, const char *login, GError **error);
