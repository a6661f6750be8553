// SPDX-License-Identifier: Apache-2.0
/* Inside of directory_edit alone: the row of one service. Inside a job. */
#pragma once
#include "scheduling/clinic/directory_practitioner.h"

/** Holds a service against the database and writes it; edited->id is set. */
bool directory_service_put(DirectoryPut *put, GError **error);
