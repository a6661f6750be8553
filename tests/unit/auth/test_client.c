// SPDX-License-Identifier: Apache-2.0
/* Other systems: their names, their secrets, how often they may come. */
#include "server/auth/client.h"
#include "tests/unit/auth/fixture.h"

typedef struct {
    Fixture *fixture;
    ClientNew client;
    char *secret; /* of the last one that was added */
} Add;

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    Add *add = data;
    g_clear_pointer(&add->secret, secret_text_free);
    return client_add(tx, add->fixture->box, &add->client, 1, &add->secret, error);
}

static bool revoke_job(DbTx *tx, gpointer data, GError **error)
{
    return client_revoke(tx, data, 2, error);
}

/* "a:f1 b: c-: ": name, facility; with a minus the revoked. */
static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    GString *text = data;
    g_autoptr(GPtrArray) clients = client_list(tx, error);
    for (unsigned i = 0; clients && i < clients->len; i++) {
        const Client *client = clients->pdata[i];
        g_string_append_printf(text, "%s%s:%s ", client->name, client->is_revoked ? "-" : "",
                               client->facility_id ? client->facility_id : "");
    }
    return clients != NULL;
}

typedef struct {
    Fixture *fixture;
    char *name, *facility_id;
} Found;

static void found_clear(Found *found)
{
    g_clear_pointer(&found->name, g_free);
    g_clear_pointer(&found->facility_id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static void on_found(const Client *client, const GError *error, gpointer user_data)
{
    Found *found = user_data;
    Fixture *fixture = found->fixture;
    g_clear_error(&fixture->error);
    fixture->error = error ? g_error_copy(error) : NULL;
    fixture->n_waiting--;
    found_clear(found);
    if (!client)
        return;
    found->name = g_strdup(client->name);
    found->facility_id = g_strdup(client->facility_id);
}

static bool find(Fixture *fixture, const char *secret, Found *found)
{
    found->fixture = fixture;
    fixture->n_waiting++;
    auth_find_client(fixture->auth, secret, on_found, found);
    while (fixture->n_waiting > 0)
        g_main_context_iteration(NULL, TRUE);
    return found->name != NULL;
}

static void a_secret_opens_until_it_is_revoked(void **state)
{
    Fixture *fixture = *state;
    g_auto(Found) found = {0};
    Add add = {fixture, {"portal-gorontalo", "01hzzzzzzzzzzzzzzzzzzzzzzz"}, NULL};
    assert_true(fixture_run(fixture, add_job, &add));
    assert_true(client_secret_is_valid(add.secret));
    assert_false(client_secret_is_valid("huyula_"));
    assert_false(client_secret_is_valid(add.secret + 7)); /* the form of a join token */
    assert_true(find(fixture, add.secret, &found));
    assert_string_equal(found.name, "portal-gorontalo");
    assert_string_equal(found.facility_id, "01hzzzzzzzzzzzzzzzzzzzzzzz");
    assert_false(find(fixture, "huyula_0000000000000000000000", &found));
    assert_null(fixture->error);
    assert_true(fixture_run_on(fixture, revoke_job, "portal-gorontalo"));
    assert_false(find(fixture, add.secret, &found));
    assert_null(fixture->error);
    assert_false(fixture_run_on(fixture, revoke_job, "portal-gorontalo"));
    fixture_expect_refusal(fixture, AUTH_ERROR_NOT_FOUND);
    secret_text_free(add.secret);
}

static void a_name_is_of_one_system_for_ever(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GString) names = g_string_new(NULL);
    Add add = {fixture, {"simrs", NULL}, NULL};
    static const char *const wrong[] = {"", "ab", "Portal", "dua kata", "system:x"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        Add other = {fixture, {wrong[i], NULL}, NULL};
        assert_false(fixture_run(fixture, add_job, &other));
        fixture_expect_refusal(fixture, AUTH_ERROR_INVALID);
    }
    assert_true(fixture_run(fixture, add_job, &add));
    assert_true(fixture_run_on(fixture, revoke_job, "simrs"));
    assert_false(fixture_run(fixture, add_job, &add));
    fixture_expect_refusal(fixture, AUTH_ERROR_EXISTS);
    add.client = (ClientNew){"portal", "f1"};
    assert_true(fixture_run(fixture, add_job, &add));
    assert_true(fixture_run(fixture, list_job, names));
    assert_string_equal(names->str, "portal:f1 simrs-: ");
    secret_text_free(add.secret);
}

static void each_has_its_own_share(void **state)
{
    Fixture *fixture = *state;
    g_auto(Found) found = {0};
    Add busy = {fixture, {"ramai", NULL}, NULL}, quiet = {fixture, {"sepi", NULL}, NULL};
    assert_true(fixture_run(fixture, add_job, &busy));
    assert_true(fixture_run(fixture, add_job, &quiet));
    for (unsigned i = 0; i < 100; i++)
        assert_true(find(fixture, busy.secret, &found));
    assert_false(find(fixture, busy.secret, &found));
    fixture_expect_refusal(fixture, AUTH_ERROR_TOO_MANY);
    assert_string_equal(fixture->error->message, "1");
    assert_true(find(fixture, quiet.secret, &found));
    clock_advance(fixture->clock, 1000);
    assert_true(find(fixture, busy.secret, &found));
    secret_text_free(busy.secret);
    secret_text_free(quiet.secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
        TEST(a_secret_opens_until_it_is_revoked),
        TEST(a_name_is_of_one_system_for_ever),
        TEST(each_has_its_own_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
