/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-join-page"

#include "config.h"

#include "app-town.h"
#include "vitrine-join-page.h"

typedef struct
{
  VitrineJoinPage *page;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->page = g_object_new (VITRINE_TYPE_JOIN_PAGE, NULL);
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 400, 800);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

/* The row of the form with this title. */
static GtkEditable *
row (Fixture    *fixture,
     const char *title)
{
  GtkWidget *widget = app_await_label (fixture->window, title);

  return GTK_EDITABLE (gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW));
}

static void
explain (Fixture    *fixture,
         GQuark      domain,
         int         code,
         const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, text);

  vitrine_join_page_explain (fixture->page, error);
}

static gboolean
is_wrong (Fixture    *fixture,
          const char *title)
{
  return gtk_widget_has_css_class (GTK_WIDGET (row (fixture, title)), "error");
}

static void
test_wrong_password (Fixture       *fixture,
                     gconstpointer  data)
{
  explain (fixture, CPM_ERROR, CPM_ERROR_AUTH, "The password is wrong.");

  g_assert_true (is_wrong (fixture, "Password"));
  g_assert_false (is_wrong (fixture, "Address of the relay"));
  app_await_label (fixture->window, "The address or the password is not right.");
}

static void
test_wrong_pin (Fixture       *fixture,
                gconstpointer  data)
{
  explain (fixture, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
           "The relay has another pin than the one you gave.");

  app_await_label (fixture->window, "The relay has another pin than the one you gave.");
  g_assert_true (is_wrong (fixture, "Pin"));
}

static void
test_unreachable (Fixture       *fixture,
                  gconstpointer  data)
{
  explain (fixture, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nothing answers at relay.test.");

  g_assert_true (is_wrong (fixture, "Address of the relay"));
  app_await_label (fixture->window, "Nothing answers at relay.test.");
}

static void
test_name_is_taken (Fixture       *fixture,
                    gconstpointer  data)
{
  explain (fixture, CPM_ERROR, CPM_ERROR_CONFLICT, "x");

  g_assert_true (is_wrong (fixture, "Your address"));
  app_await_label (fixture->window, "Somebody has this address already.");
}

/* Whoever mends the field is not scolded any longer. */
static void
test_trouble_goes_with_a_change (Fixture       *fixture,
                                 gconstpointer  data)
{
  explain (fixture, CPM_ERROR, CPM_ERROR_AUTH, "x");
  gtk_editable_set_text (row (fixture, "Password"), "better");

  g_assert_false (is_wrong (fixture, "Password"));
  app_await_no_label (fixture->window, "The address or the password is not right.");
}

static void
test_invitation_fills_the_fields (Fixture       *fixture,
                                  gconstpointer  data)
{
  gtk_editable_set_text (
    row (fixture, "Address of the relay"),
    "vitrine:join?relay=wss%3A%2F%2Frelay.test%3A7443&pin=ab12&account=emily%40a.test");

  g_assert_cmpstr (gtk_editable_get_text (row (fixture, "Address of the relay")), ==,
                   "wss://relay.test:7443");
  g_assert_cmpstr (gtk_editable_get_text (row (fixture, "Pin")), ==, "ab12");
  g_assert_cmpstr (gtk_editable_get_text (row (fixture, "Your address")), ==, "emily@a.test");
}

static void
test_buttons_have_names (Fixture       *fixture,
                         gconstpointer  data)
{
  GtkWidget *button = app_await_named (fixture->window, GTK_TYPE_BUTTON, "Paste an Invitation");

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_ROLE_BUTTON);
  app_await_named (fixture->window, GTK_TYPE_BUTTON, "Sign In");
  app_await_named (fixture->window, GTK_TYPE_BUTTON, "New Here? Create an Account");
  app_await_named (fixture->window, GTK_TYPE_TOGGLE_BUTTON, "Menu");
}

/* Through the relay: an account that is not there yet. */
static void
test_missing_fields_are_told (AppTown       *town,
                              gconstpointer  data)
{
  Fixture fixture;

  set_up (&fixture, NULL);
  vitrine_join_page_set_client (fixture.page, town->alice);

  app_press (fixture.window, "Sign In");
  g_assert_true (is_wrong (&fixture, "Address of the relay"));

  vitrine_join_page_prefill (fixture.page, "relay.test", NULL, "nobody");
  app_press (fixture.window, "Sign In");
  g_assert_true (is_wrong (&fixture, "Your address"));

  vitrine_join_page_prefill (fixture.page, NULL, NULL, "bob@a.test");
  app_press (fixture.window, "Sign In");
  app_await_label (fixture.window, "The password is missing.");

  gtk_editable_set_text (row (&fixture, "Password"), "short");
  app_press (fixture.window, "New Here? Create an Account");
  app_await_label (fixture.window, "at least eight characters");

  tear_down (&fixture, NULL);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/join-page/wrong-password", test_wrong_password },
    { "/join-page/wrong-pin", test_wrong_pin },
    { "/join-page/unreachable", test_unreachable },
    { "/join-page/name-is-taken", test_name_is_taken },
    { "/join-page/trouble-goes-with-a-change", test_trouble_goes_with_a_change },
    { "/join-page/invitation-fills-the-fields", test_invitation_fills_the_fields },
    { "/join-page/buttons-have-names", test_buttons_have_names },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);

  g_test_add ("/join-page/missing-fields-are-told", AppTown, NULL,
              app_town_set_up, test_missing_fields_are_told, app_town_tear_down);

  return g_test_run ();
}
