// SPDX-License-Identifier: Apache-2.0
#include "server/base/error.h"

G_DEFINE_QUARK(huyula - base - error, base_error)
