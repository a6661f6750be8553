// SPDX-License-Identifier: Apache-2.0
#include "server/http/api_tables.h"

char *api_link(const Api *api, const char *token)
{
    return g_strconcat(api->public_url, "/v/", token, NULL);
}

json_t *api_time(int64_t at_ms)
{
    return at_ms ? json_integer(at_ms) : json_null();
}

ApiCall *api_call_new(Api *api, HttpRequest *request)
{
    ApiCall *call = g_new(ApiCall, 1);
    *call = (ApiCall){.api = api, .request = http_request_ref(request)};
    return call;
}

void api_call_free(ApiCall *call)
{
    if (!call)
        return;
    http_request_unref(call->request);
    g_free(call);
}
