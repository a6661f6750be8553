// SPDX-License-Identifier: Apache-2.0
/* A throw-away clinic in one folder: keys, certificate, database, accounts. `huyula serve --demo
 * DIR` makes it when it is not there and serves it on loopback, or on the local network when asked.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/config.h"

typedef struct {
    const char *dir;
    bool lan;            /**< serve the machine's own addresses too */
    bool is_empty;       /**< neither clinic nor accounts: as a new installation is */
    uint16_t http_port;  /**< 0: any free one */
    uint16_t media_port; /**< 0: any free ones */
} DemoClinicOptions;

/** Makes what is missing: folder (0700), keys, certificate, settings, database, clinic, accounts
 * with random passwords (kept in DIR/accounts, mode 0600). */
bool demo_clinic_prepare(const DemoClinicOptions *options, GError **error);

/** The configuration of a clinic that demo_clinic_prepare() has made. */
bool demo_clinic_configure(const char *dir, Config *config, GPtrArray *faults);

/** Prints addresses, accounts and one patient link that is ready to be opened. HTTP_PORT is the
 * bound one. */
bool demo_clinic_print(const char *dir, unsigned http_port, GError **error);
