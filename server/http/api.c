// SPDX-License-Identifier: Apache-2.0
#include "server/http/api.h"

#include "scheduling/booking/token.h"
#include "server/auth/client.h"
#include "server/base/error.h"
#include "server/http/api_tables.h"
#include "server/http/http_problem.h"

const HttpPage api_pages[] = {
    {"/", "public.html", false},
    {"/v/{token}", "patient.html", true},
    {"/pindah", "move.html", true},
    {"/tunggu", "wait.html", true},
    {"/tunggu/{token}", "wait.html", true},
    {"/surat-saya", "letters.html", false},
    {"/cek/{letter}", "check.html", true},
    {"/papan", "board.html", false},
    {"/papan/{clinic}", "board.html", false},
    {"/masuk", "staff.html", false},
    {"/mulai", "setup.html", false},
    {"/dokter", "doctor.html", false},
    {"/dokter/{visit}", "doctor.html", false},
    {"/kelompok", "group.html", false},
    {"/kelompok/{group}", "group.html", false},
    {"/loket", "desk.html", false},
    {"/loket/daftar", "register.html", false},
    {"/pasien-ganda", "people.html", false},
    {"/kecamatan", "counter.html", false},
    {"/pos", "outreach.html", false},
    {"/kantor", "office.html", false},
    {"/jadwal", "hours.html", false},
    {"/pengaturan", "settings.html", false},
    {"/kejadian", "incidents.html", false},
    {"/tanya", "ask.html", false},
    {"/tanya/{consult}", "ask.html", false},
    {NULL, NULL, false},
};

HttpRouteTable *api_tables(Api *api, unsigned *ret_n)
{
    const HttpRouteTable tables[] = {
        {api_session_routes, api_session_n_routes, api},
        {api_booking_routes, api_booking_n_routes, api},
        {api_join_routes, api_join_n_routes, api},
        {api_visit_routes, api_visit_n_routes, api},
        {api_board_routes, api_board_n_routes, api},
        {api_hold_routes, api_hold_n_routes, api},
        {api_consent_routes, api_consent_n_routes, api},
        {api_consult_routes, api_consult_n_routes, api},
        {api_consult_read_routes, api_consult_read_n_routes, api},
        {api_move_routes, api_move_n_routes, api},
        {api_extra_routes, api_extra_n_routes, api},
        {api_wait_routes, api_wait_n_routes, api},
        {api_wait_list_routes, api_wait_list_n_routes, api},
        {api_queue_routes, api_queue_n_routes, api},
        {api_counter_routes, api_counter_n_routes, api},
        {api_desk_routes, api_desk_n_routes, api},
        {api_client_routes, api_client_n_routes, api},
        {api_people_routes, api_people_n_routes, api},
        {api_late_routes, api_late_n_routes, api},
        {api_follow_up_routes, api_follow_up_n_routes, api},
        {api_series_routes, api_series_n_routes, api},
        {api_group_routes, api_group_n_routes, api},
        {api_nurse_routes, api_nurse_n_routes, api},
        {api_icd10_routes, api_icd10_n_routes, api},
        {api_incident_routes, api_incident_n_routes, api},
        {api_unanswered_routes, api_unanswered_n_routes, api},
        {api_jobs_routes, api_jobs_n_routes, api},
        {api_hours_routes, api_hours_n_routes, api},
        {api_hours_edit_routes, api_hours_edit_n_routes, api},
        {api_hours_hits_routes, api_hours_hits_n_routes, api},
        {api_holiday_routes, api_holiday_n_routes, api},
        {api_policy_routes, api_policy_n_routes, api},
        {api_setup_routes, api_setup_n_routes, api},
        {api_account_routes, api_account_n_routes, api},
        {api_directory_routes, api_directory_n_routes, api},
        {api_directory_table_routes, api_directory_table_n_routes, api},
        {api_letter_routes, api_letter_n_routes, api},
        {api_letter_issue_routes, api_letter_issue_n_routes, api},
        {api_note_routes, api_note_n_routes, api},
        {api_outreach_routes, api_outreach_n_routes, api},
        {api_outreach_take_routes, api_outreach_take_n_routes, api},
        {api_report_routes, api_report_n_routes, api},
        {api_whip_routes, api_whip_n_routes, api},
        {api_ops_routes, api_ops_n_routes, api},
    };
    *ret_n = G_N_ELEMENTS(tables);
    return g_memdup2(tables, sizeof tables);
}

/* Who comes: a join token as Bearer, or the session's cookie. */

static HttpRole staff_role(UserRole role)
{
    switch (role) {
    case USER_ROLE_DOCTOR:
        return HTTP_ROLE_DOCTOR;
    case USER_ROLE_DESK:
        return HTTP_ROLE_DESK;
    case USER_ROLE_OFFICE:
        return HTTP_ROLE_OFFICE;
    case USER_ROLE_ADMIN:
        return HTTP_ROLE_ADMIN;
    case USER_ROLE_COORDINATOR:
        return HTTP_ROLE_COORDINATOR;
    case USER_ROLE_OFFICER:
        return HTTP_ROLE_OFFICER;
    }
    g_assert_not_reached();
}

static void on_token(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    g_autoptr(HttpRequest) request = user_data;
    if (error) {
        http_authentication_failed(request, error);
        return;
    }
    /* A doctor's join token is for the socket and for devices: it opens no route by itself. */
    if (grant->kind != TOKEN_KIND_VISIT || grant->role == VISIT_ROLE_DOCTOR) {
        http_authenticated(request, NULL);
        return;
    }
    HttpIdentity identity = {
        .kind = HTTP_IDENTITY_TOKEN,
        .role = grant->role == VISIT_ROLE_GUEST ? HTTP_ROLE_GUEST_TOKEN : HTTP_ROLE_PATIENT_TOKEN,
        .user_id = grant->participant_id,
        .token_id = grant->id,
        .visit_id = grant->view->id,
    };
    http_authenticated(request, &identity);
}

static void on_session(const AuthSession *session, const GError *error, gpointer user_data)
{
    g_autoptr(HttpRequest) request = user_data;
    if (error) {
        http_authentication_failed(request, error);
        return;
    }
    if (!session) {
        http_authenticated(request, NULL);
        return;
    }
    HttpIdentity identity = {
        .kind = HTTP_IDENTITY_SESSION,
        .role = staff_role(session->role),
        .user_id = session->user_id,
        .name = session->name,
        .facility_id = session->facility_id,
        .session_id = session->session_id,
        .csrf = session->csrf,
    };
    http_authenticated(request, &identity);
}

static void on_client(const Client *client, const GError *error, gpointer user_data)
{
    g_autoptr(HttpRequest) request = user_data;
    if (error) {
        bool is_open = http_request_route(request)->roles & HTTP_ROLE_ANYONE;
        if (!is_open && g_error_matches(error, AUTH_ERROR, AUTH_ERROR_TOO_MANY))
            http_reply_header(request, "Retry-After", error->message);
        http_authentication_failed(request, error);
        return;
    }
    if (!client) {
        http_authenticated(request, NULL);
        return;
    }
    g_autofree char *who = g_strconcat("system:", client->name, NULL);
    const HttpIdentity identity = {
        .kind = HTTP_IDENTITY_CLIENT,
        .role = HTTP_ROLE_CLIENT,
        .user_id = who,
        .facility_id = client->facility_id,
    };
    http_authenticated(request, &identity);
}

void api_authenticate(HttpRequest *request, gpointer context)
{
    Api *api = context;
    const char *bearer = http_request_bearer(request);
    const char *cookie = http_request_cookie(request, API_SESSION_COOKIE);
    if (bearer && client_secret_is_valid(bearer))
        auth_find_client(api->auth, bearer, on_client, http_request_ref(request));
    else if (bearer)
        token_authorize(api->scheduling, bearer, on_token, http_request_ref(request));
    else if (cookie)
        auth_find_session(api->auth, cookie, on_session, http_request_ref(request));
    else
        http_authenticated(request, NULL);
}

void api_actor(const HttpRequest *request, Actor *ret_actor)
{
    const HttpIdentity *identity = http_request_identity(request);
    static const struct {
        HttpRole from;
        ActorRole to;
    } roles[] = {
        {HTTP_ROLE_PATIENT_TOKEN, ACTOR_PATIENT},
        {HTTP_ROLE_DOCTOR, ACTOR_DOCTOR},
        {HTTP_ROLE_DESK, ACTOR_DESK},
        {HTTP_ROLE_OFFICE, ACTOR_OFFICE},
        {HTTP_ROLE_ADMIN, ACTOR_ADMIN},
        {HTTP_ROLE_COORDINATOR, ACTOR_COORDINATOR},
        {HTTP_ROLE_OFFICER, ACTOR_OFFICER},
        {HTTP_ROLE_CLIENT, ACTOR_CLIENT},
    };
    bool is_token = identity->kind == HTTP_IDENTITY_TOKEN;
    *ret_actor = (Actor){
        .role = ACTOR_PATIENT,
        .user_id = is_token ? NULL : identity->user_id,
        .participant_id = is_token ? identity->user_id : NULL,
        .facility_id = identity->facility_id,
        .address = http_request_address(request),
        .bound_to = identity->session_id,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (roles[i].from == identity->role)
            ret_actor->role = roles[i].to;
    }
}

void api_map_errors(void)
{
    static const struct {
        int code;
        HttpProblem problem;
    } scheduling[] = {
        {SCHEDULING_ERROR_INVALID_FIELDS, HTTP_PROBLEM_INVALID_FIELDS},
        {SCHEDULING_ERROR_SLOT_TAKEN, HTTP_PROBLEM_SLOT_TAKEN},
        {SCHEDULING_ERROR_SLOT_NOT_OFFERED, HTTP_PROBLEM_SLOT_NOT_OFFERED},
        {SCHEDULING_ERROR_TOO_SOON, HTTP_PROBLEM_TOO_SOON},
        {SCHEDULING_ERROR_PAIR_DECIDED, HTTP_PROBLEM_PAIR_DECIDED},
        {SCHEDULING_ERROR_TWO_PEOPLE, HTTP_PROBLEM_TWO_PEOPLE},
        {SCHEDULING_ERROR_NOT_FOUND, HTTP_PROBLEM_NOT_FOUND},
        /* Somebody else's visit is not told from one that does not exist. */
        {SCHEDULING_ERROR_FORBIDDEN, HTTP_PROBLEM_NOT_FOUND},
        {SCHEDULING_ERROR_CHANGED, HTTP_PROBLEM_CHANGED_MEANWHILE},
        {SCHEDULING_ERROR_BOOKINGS_HIT, HTTP_PROBLEM_BOOKINGS_HIT},
        {SCHEDULING_ERROR_TOO_MANY, HTTP_PROBLEM_TOO_MANY_REQUESTS},
        {SCHEDULING_ERROR_TOO_LATE, HTTP_PROBLEM_TOO_LATE},
        {SCHEDULING_ERROR_DOCTOR_BUSY, HTTP_PROBLEM_DOCTOR_BUSY},
        {SCHEDULING_ERROR_ALREADY_WAITING, HTTP_PROBLEM_ALREADY_WAITING},
        {SCHEDULING_ERROR_LIST_FULL, HTTP_PROBLEM_LIST_FULL},
        {SCHEDULING_ERROR_OFFER_OVER, HTTP_PROBLEM_OFFER_OVER},
        {SCHEDULING_ERROR_OWN_BOOKING, HTTP_PROBLEM_OWN_BOOKING},
        {SCHEDULING_ERROR_NOT_TODAY, HTTP_PROBLEM_NOT_TODAY},
        {SCHEDULING_ERROR_DOCTOR_TAKEN, HTTP_PROBLEM_DOCTOR_TAKEN},
        {SCHEDULING_ERROR_NOT_MET, HTTP_PROBLEM_NOT_MET},
        {SCHEDULING_ERROR_LINK_OVER, HTTP_PROBLEM_LINK_OVER},
        {SCHEDULING_ERROR_NO_PHONE, HTTP_PROBLEM_NO_PHONE},
        {SCHEDULING_ERROR_BOOKINGS_FULL, HTTP_PROBLEM_BOOKINGS_FULL},
        {SCHEDULING_ERROR_ADDRESS_FULL, HTTP_PROBLEM_ADDRESS_FULL},
        {SCHEDULING_ERROR_MOVED_OFTEN, HTTP_PROBLEM_MOVED_OFTEN},
        {SCHEDULING_ERROR_PERMIT_OVER, HTTP_PROBLEM_PERMIT_OVER},
        {SCHEDULING_ERROR_LETTER_REVOKED, HTTP_PROBLEM_LETTER_REVOKED},
        {SCHEDULING_ERROR_BAD_STATE, HTTP_PROBLEM_WRONG_STATE},
        {SCHEDULING_ERROR_LINK_INVALID, HTTP_PROBLEM_LINK_INVALID},
        {SCHEDULING_ERROR_LINK_EXPIRED, HTTP_PROBLEM_LINK_EXPIRED},
        {SCHEDULING_ERROR_TOO_EARLY, HTTP_PROBLEM_TOO_EARLY},
        {SCHEDULING_ERROR_VISIT_CANCELLED, HTTP_PROBLEM_VISIT_CANCELLED},
        {SCHEDULING_ERROR_VISIT_ENDED, HTTP_PROBLEM_VISIT_ENDED},
        {SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH, HTTP_PROBLEM_IDEMPOTENCY_MISMATCH},
        {SCHEDULING_ERROR_NOTE_STALE, HTTP_PROBLEM_NOTE_STALE},
        {SCHEDULING_ERROR_NOTE_SIGNED, HTTP_PROBLEM_NOTE_SIGNED},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(scheduling); i++)
        http_problem_map(SCHEDULING_ERROR, scheduling[i].code, scheduling[i].problem);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_WRONG_PASSWORD, HTTP_PROBLEM_WRONG_PASSWORD);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_DISABLED, HTTP_PROBLEM_ACCOUNT_DISABLED);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_TOO_MANY, HTTP_PROBLEM_TOO_MANY_REQUESTS);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_NOT_FOUND, HTTP_PROBLEM_NOT_FOUND);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_CHANGED, HTTP_PROBLEM_CHANGED_MEANWHILE);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_LAST_ADMIN, HTTP_PROBLEM_LAST_ADMIN);
    http_problem_map(AUTH_ERROR, AUTH_ERROR_ALREADY_SET_UP, HTTP_PROBLEM_ALREADY_SET_UP);
    http_problem_map(SIGNALING_ERROR, SIGNALING_ERROR_BAD_OFFER, HTTP_PROBLEM_BAD_OFFER);
    http_problem_map(SIGNALING_ERROR, SIGNALING_ERROR_FULL, HTTP_PROBLEM_ROOM_FULL);
    http_problem_map(SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, HTTP_PROBLEM_NOT_FOUND);
    http_problem_map(SIGNALING_ERROR, SIGNALING_ERROR_BAD_STATE, HTTP_PROBLEM_WRONG_STATE);
    http_problem_map(SIGNALING_ERROR, SIGNALING_ERROR_FORBIDDEN, HTTP_PROBLEM_FORBIDDEN);
    http_problem_map(BASE_ERROR, BASE_ERROR_FULL, HTTP_PROBLEM_BUSY);
    http_problem_map(BASE_ERROR, BASE_ERROR_CLOSED, HTTP_PROBLEM_STOPPING);
    http_problem_map(BASE_ERROR, BASE_ERROR_STORAGE, HTTP_PROBLEM_STORAGE);
}
