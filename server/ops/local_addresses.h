// SPDX-License-Identifier: Apache-2.0
/* The machine's own addresses. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/** Appends the IPv4 addresses of the interfaces that are up, loopback left out, as owned strings.
 */
void local_addresses_append(GPtrArray *addresses);
bool local_addresses_has_ipv6_loopback(void);
