// SPDX-License-Identifier: Apache-2.0
/* The floor's error domain. Higher folders have their own domains; server/http/http_problem holds
 * the one table that maps all of them to HTTP problems and wire errors. Any thread. */
#pragma once
#include <glib.h>

#define BASE_ERROR (base_error_quark())
GQuark base_error_quark(void);

typedef enum {
    BASE_ERROR_FAILED,   /**< the system said no: disk, socket, library */
    BASE_ERROR_INVALID,  /**< bad input: a file, a value, a statement name */
    BASE_ERROR_CONFLICT, /**< a UNIQUE or CHECK constraint refused the row */
    BASE_ERROR_FULL,     /**< a bounded queue or a limit is reached; try again later */
    BASE_ERROR_CLOSED,   /**< the engine is stopping */
    BASE_ERROR_STORAGE,  /**< the disk is full or fails; nothing was written */
} BaseError;
