// SPDX-License-Identifier: Apache-2.0
/* The OpenAPI 3.0 document, made from the route tables so that it cannot disagree with them. */
#pragma once
#include <jansson.h>
#include "server/http/http_route.h"

/** The caller owns it. */
json_t *api_openapi(const HttpRouteTable *tables, unsigned n_tables);
