// SPDX-License-Identifier: Apache-2.0
/* Patients who may have been taken down twice: found, compared, merged; a NIK that comes later. */
#include "server/http/api_tables.h"

#include "scheduling/people/pair.h"

static json_t *entry_json(const PairEntry *entry)
{
    json_t *people = json_array();
    for (unsigned i = 0; i < G_N_ELEMENTS(entry->initials); i++)
        json_array_append_new(people, json_pack("{s:s, s:s}", "initials", entry->initials[i],
                                                "birth_date", entry->birth_date[i]));
    return json_pack("{s:s, s:I, s:s, s:o}", "id", entry->id, "found_at_ms",
                     (json_int_t)entry->found_at_ms, "certainty",
                     pair_certainty_name(entry->certainty), "people", people);
}

static void on_list(GPtrArray *pairs, bool has_more, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *list = json_array();
    for (unsigned i = 0; i < pairs->len; i++)
        json_array_append_new(list, entry_json(pairs->pdata[i]));
    http_reply_json(call->request, 200, json_pack("{s:o, s:b}", "pairs", list, "more", has_more));
}

static void get_pairs(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    PairState state = PAIR_STATE_OPEN;
    const char *name = http_request_query(request, "state");
    api_actor(request, &actor);
    /* The schema's values are names of states. */
    g_assert(!name || pair_state_parse(name, &state));
    pair_list(api->scheduling, state, http_request_query(request, "before"), &actor, on_list,
              api_call_new(api, request));
}

static json_t *side_json(const PairSide *side)
{
    return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:I, s:I, s:s?, s:s?}", "patient",
                     side->patient_id, "name", side->name, "birth_date", side->birth_date, "sex",
                     side->sex, "nik_masked", side->nik_masked, "phone_masked", side->phone_masked,
                     "visits", (json_int_t)side->n_visits, "rows", (json_int_t)side->n_rows,
                     "first_visit", side->first_visit, "last_visit", side->last_visit);
}

static json_t *events_json(const Pair *pair)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < pair->events->len; i++) {
        const PairEvent *event = pair->events->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s?, s:s?, s:s, s:I}", "kind", event->kind, "kept",
                                        event->kept_id, "merged", event->merged_id, "reason",
                                        event->reason, "at_ms", (json_int_t)event->at_ms));
    }
    return list;
}

static void on_pair(const Pair *pair, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error) {
        http_reply_error(call->request, error);
        return;
    }
    json_t *sides = json_array();
    for (unsigned i = 0; i < G_N_ELEMENTS(pair->sides); i++)
        json_array_append_new(sides, side_json(&pair->sides[i]));
    http_reply_json(call->request, 200,
                    json_pack("{s:s, s:s, s:s, s:I, s:o, s:o}", "id", pair->id, "state",
                              pair_state_name(pair->state), "certainty",
                              pair_certainty_name(pair->certainty), "found_at_ms",
                              (json_int_t)pair->found_at_ms, "people", sides, "events",
                              events_json(pair)));
}

static void get_pair(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    pair_get(api->scheduling, http_request_path_parameter(request, "pair"), &actor, on_pair,
             api_call_new(api, request));
}

static void decide(HttpRequest *request, Api *api, PairStep step)
{
    Actor actor;
    const PairDecision decision = {
        .step = step,
        .keep = step == PAIR_MERGE ? http_request_string(request, "keep") : NULL,
        .reason = http_request_string(request, "reason"),
    };
    api_actor(request, &actor);
    pair_decide(api->scheduling, http_request_path_parameter(request, "pair"), &decision, &actor,
                api_reply_checked, api_call_new(api, request));
}

static void post_merge(HttpRequest *request, gpointer context)
{
    decide(request, context, PAIR_MERGE);
}

static void post_apart(HttpRequest *request, gpointer context)
{
    decide(request, context, PAIR_KEEP_APART);
}

static void post_undo(HttpRequest *request, gpointer context)
{
    decide(request, context, PAIR_UNDO);
}

static void on_nik(const NikGiven *given, const GError *error, gpointer user_data)
{
    g_autoptr(ApiCall) call = user_data;
    if (error)
        api_reply_refusal(call->request, given->faults, error);
    else
        http_reply_json(
            call->request, 200,
            json_pack("{s:I, s:o}", "pairs", (json_int_t)given->n_pairs, "warnings",
                      http_faults_json(given->warnings, http_request_language(call->request))));
}

static void post_nik(HttpRequest *request, gpointer context)
{
    Api *api = context;
    Actor actor;
    api_actor(request, &actor);
    person_give_nik(api->scheduling, http_request_path_parameter(request, "visit"),
                    http_request_string(request, "nik"), &actor, on_nik,
                    api_call_new(api, request));
}

static const HttpField pairs_query[] = {
    {.name = "state",
     .type = HTTP_FIELD_ENUM,
     .values = "open|merged|different",
     .help = "absent: open"},
    {.name = "before", .type = HTTP_FIELD_ID, .help = "only pairs older than this one"},
    {0},
};
#define REASON                                                                                     \
    {                                                                                              \
        .name = "reason", .type = HTTP_FIELD_STRING, .required = true, .min = 3, .max = 200,       \
        .help = "kept with the decision"                                                           \
    }
static const HttpField merge_fields[] = {
    {.name = "keep",
     .type = HTTP_FIELD_ID,
     .required = true,
     .help = "which of the two patients everything shows from now on"},
    REASON,
    {0},
};
static const HttpField reason_fields[] = {REASON, {0}};
static const HttpField nik_fields[] = {
    {.name = "nik", .type = HTTP_FIELD_STRING, .required = true, .min = 1, .max = 32},
    {0},
};

const HttpRoute api_people_routes[] = {
    {
        .method = "GET",
        .path = "/api/v1/patient-pairs",
        .operation_id = "listPatientPairs",
        .summary = "Patients of the desk's facility who may be one person",
        .roles = HTTP_ROLE_DESK,
        .query = pairs_query,
        .success_status = 200,
        .response = "Initials, birth dates, how certain; the newest 50, and whether there are more",
        .handler = get_pairs,
    },
    {
        .method = "GET",
        .path = "/api/v1/patient-pairs/{pair}",
        .operation_id = "getPatientPair",
        .summary = "The two side by side, and what was decided of them; each look is written down",
        .roles = HTTP_ROLE_DESK,
        .success_status = 200,
        .response = "Both, and the decisions, the oldest first",
        .handler = get_pair,
    },
    {
        .method = "POST",
        .path = "/api/v1/patient-pairs/{pair}/merge",
        .operation_id = "mergePatients",
        .summary = "The two are one person: visits, notes and letters of both stand together",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 2048,
        .body = merge_fields,
        .success_status = 204,
        .response = "They are one",
        .handler = post_merge,
    },
    {
        .method = "POST",
        .path = "/api/v1/patient-pairs/{pair}/keep-apart",
        .operation_id = "keepPatientsApart",
        .summary = "The two are two people: the pair is offered no more",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 2048,
        .body = reason_fields,
        .success_status = 204,
        .response = "It is written down",
        .handler = post_apart,
    },
    {
        .method = "POST",
        .path = "/api/v1/patient-pairs/{pair}/undo",
        .operation_id = "undoPatientPair",
        .summary = "Takes the last decision back; each visit again shows whom it was booked for",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 2048,
        .body = reason_fields,
        .success_status = 204,
        .response = "The pair is open again",
        .handler = post_undo,
    },
    {
        .method = "POST",
        .path = "/api/v1/visits/{visit}/nik",
        .operation_id = "giveNik",
        .summary = "The NIK of a patient who was booked without one",
        .roles = HTTP_ROLE_DESK,
        .rate = HTTP_RATE_WRITE,
        .max_body = 1024,
        .body = nik_fields,
        .success_status = 200,
        .response = "What the NIK says otherwise, and how many pairs there are to look at",
        .handler = post_nik,
    },
};
const unsigned api_people_n_routes = G_N_ELEMENTS(api_people_routes);
