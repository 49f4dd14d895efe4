/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-preferences"

#include "config.h"

#include "app-town.h"
#include "vitrine-settings.h"

#define WINDOW(town) GTK_WIDGET ((town)->window)

static gboolean
privacy_is_known (gpointer user_data)
{
  return client_privacy_is_known (client_get_privacy (((AppTown *) user_data)->alice));
}

static GtkWidget *
open_preferences (AppTown *town)
{
  app_wait_until (privacy_is_known, town);
  app_town_open_window (town);
  gtk_widget_activate_action (WINDOW (town), "win.preferences", NULL);

  return app_await_window ("VitrinePreferencesWindow");
}

static GtkSwitch *
find_switch (GtkWidget  *preferences,
             const char *name)
{
  return GTK_SWITCH (app_await_switch (preferences, name));
}

static gboolean
contacts_only (gpointer user_data)
{
  return client_privacy_is_contacts_only (client_get_privacy (((AppTown *) user_data)->alice));
}

static gboolean
no_live_camera (gpointer user_data)
{
  ClientPrivacy *privacy = client_get_privacy (((AppTown *) user_data)->alice);

  return (client_privacy_get_kinds (privacy) & CLIENT_PRIVACY_KIND (CPM_CONTENT_CAMERA)) == 0;
}

static void
test_switches_go_to_the_home (AppTown       *town,
                              gconstpointer  unused)
{
  GtkWidget *preferences = open_preferences (town);

  gtk_switch_set_active (find_switch (preferences, "Only People You Know"), TRUE);
  app_wait_until (contacts_only, town);
  gtk_switch_set_active (find_switch (preferences, "Live camera"), FALSE);
  app_wait_until (no_live_camera, town);

  /* What was set first has stayed. */
  g_assert_true (contacts_only (town));
  g_assert_true (gtk_switch_get_active (find_switch (preferences, "Photographs")));
  gtk_window_close (GTK_WINDOW (preferences));
}

/* Without the home nothing can be set, and nothing is claimed. */
static void
test_nothing_to_set_without_connection (AppTown       *town,
                                        gconstpointer  unused)
{
  GtkWidget *preferences = open_preferences (town);

  client_disconnect (town->alice);
  g_assert_false (
    gtk_widget_is_sensitive (GTK_WIDGET (find_switch (preferences, "Only People You Know"))));
  gtk_window_close (GTK_WINDOW (preferences));
}

static gboolean
is_unblocked (gpointer user_data)
{
  return !client_privacy_is_blocked (client_get_privacy (((AppTown *) user_data)->alice),
                                     "bob@c.test");
}

static void
test_domain_is_blocked_and_unblocked (AppTown       *town,
                                      gconstpointer  unused)
{
  GtkWidget *preferences = open_preferences (town);

  gtk_editable_set_text (
    GTK_EDITABLE (app_await_named (preferences, GTK_TYPE_ENTRY, "Whom to Block")), "c.test");
  app_press (preferences, "Block");
  app_await_label (preferences, "Everybody there");
  app_await_named (preferences, GTK_TYPE_BUTTON, "Unblock c.test");
  g_assert_false (is_unblocked (town));

  app_press (preferences, "Unblock c.test");
  app_wait_until (is_unblocked, town);
  app_await_label (preferences, "Nobody");
  gtk_window_close (GTK_WINDOW (preferences));
}

static void
test_nonsense_is_explained (AppTown       *town,
                            gconstpointer  unused)
{
  GtkWidget *preferences = open_preferences (town);

  gtk_editable_set_text (
    GTK_EDITABLE (app_await_named (preferences, GTK_TYPE_ENTRY, "Whom to Block")),
    "not an address");
  app_press (preferences, "Block");
  app_await_label (preferences, "not an address");
  gtk_window_close (GTK_WINDOW (preferences));
}

static gboolean
emily_is_blocked (gpointer user_data)
{
  return client_privacy_is_blocked (client_get_privacy (((AppTown *) user_data)->alice),
                                    "emily@a.test");
}

static void
test_person_is_blocked_where_one_meets_them (AppTown       *town,
                                             gconstpointer  unused)
{
  GtkWidget *details;

  app_town_open_window (town);
  app_press (WINDOW (town), "About Emily");
  details = app_await_window ("VitrineDetailsWindow");
  app_await_label (details, "emily@a.test");
  app_press (details, "Block Emily");
  app_press (app_await_question (), "Block");

  app_wait_until (emily_is_blocked, town);
  app_await_named (details, GTK_TYPE_BUTTON, "Unblock Emily");
  gtk_window_close (GTK_WINDOW (details));
}

static gboolean
is_closed (gpointer user_data)
{
  return ((Person *) user_data)->is_closed;
}

static gboolean
has_two_devices (gpointer user_data)
{
  return g_list_model_get_n_items (
           G_LIST_MODEL (client_get_devices (((AppTown *) user_data)->alice))) == 2;
}

static void
test_device_is_signed_out (AppTown       *town,
                           gconstpointer  unused)
{
  Person *model = person_new (town->home, "alice");
  Person *other = person_on_device (model, "correct horse");
  GtkWidget *preferences;
  g_autoptr (ClientDevice) device = NULL;
  g_autofree char *button = NULL;

  app_wait_until (has_two_devices, town);
  preferences = open_preferences (town);
  adw_view_stack_set_visible_child_name (
    ADW_VIEW_STACK (app_find_of_type (preferences, "AdwViewStack")), "devices");
  app_await_label (preferences, "This device");
  app_await_label (preferences, "Connected now");

  device = g_list_model_get_item (G_LIST_MODEL (client_get_devices (town->alice)), 1);
  button = g_strdup_printf ("Sign Out %s", client_device_get_name (device));
  app_press (preferences, button);
  app_press (app_await_question (), "Sign Out");

  app_wait_until (is_closed, other);
  app_await_no_label (preferences, "Connected now");
  gtk_window_close (GTK_WINDOW (preferences));
  person_free (other);
  person_free (model);
}

/* Every part of the app sees the same setting. */
static void
test_fade_is_kept (AppTown       *town,
                   gconstpointer  data)
{
  g_autoptr (VitrineSettings) settings = vitrine_settings_new ();
  GtkWidget *preferences;

  app_town_open_window (town);
  g_assert_false (vitrine_settings_get_crossfade (settings));
  gtk_widget_activate_action (WINDOW (town), "win.preferences", NULL);
  preferences = app_await_window ("VitrinePreferencesWindow");
  adw_view_stack_set_visible_child_name (
    ADW_VIEW_STACK (app_find_of_type (preferences, "AdwViewStack")), "showing");
  gtk_switch_set_active (GTK_SWITCH (app_await_switch (preferences, "Fade Into What Comes Next")),
                         TRUE);
  g_assert_true (vitrine_settings_get_crossfade (settings));

  vitrine_settings_set_crossfade (settings, FALSE);
  gtk_window_close (GTK_WINDOW (preferences));
}

static void
test_size_is_kept (AppTown       *town,
                   gconstpointer  data)
{
  g_autoptr (VitrineSettings) settings = vitrine_settings_new ();
  GtkWidget *preferences;

  app_town_open_window (town);
  vitrine_settings_set_frames (settings, 60);
  gtk_widget_activate_action (WINDOW (town), "win.preferences", NULL);
  preferences = app_await_window ("VitrinePreferencesWindow");
  adw_view_stack_set_visible_child_name (
    ADW_VIEW_STACK (app_find_of_type (preferences, "AdwViewStack")), "showing");
  app_await_label (preferences, "60, very smooth");
  adw_combo_row_set_selected (ADW_COMBO_ROW (app_find_of_type (preferences, "AdwComboRow")), 4);
  gtk_switch_set_active (
    GTK_SWITCH (app_await_switch (preferences, "See It When the Others See It")), TRUE);
  g_assert_cmpint (vitrine_settings_get_lines (settings), ==, 1080);
  g_assert_cmpint (vitrine_settings_get_frames (settings), ==, 60);
  g_assert_true (vitrine_settings_get_preview_delayed (settings));

  vitrine_settings_set_lines (settings, 0);
  vitrine_settings_set_frames (settings, 0);
  vitrine_settings_set_preview_delayed (settings, FALSE);
  gtk_window_close (GTK_WINDOW (preferences));
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (AppTown *, gconstpointer);
  } tests[] = {
    { "/preferences/switches-go-to-the-home", test_switches_go_to_the_home },
    { "/preferences/nothing-to-set-without-connection", test_nothing_to_set_without_connection },
    { "/preferences/domain-is-blocked-and-unblocked", test_domain_is_blocked_and_unblocked },
    { "/preferences/nonsense-is-explained", test_nonsense_is_explained },
    { "/preferences/person-is-blocked-where-one-meets-them",
      test_person_is_blocked_where_one_meets_them },
    { "/preferences/device-is-signed-out", test_device_is_signed_out },
    { "/preferences/fade-is-kept", test_fade_is_kept },
    { "/preferences/size-is-kept", test_size_is_kept },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, AppTown, NULL, app_town_set_up, tests[i].test, app_town_tear_down);

  return g_test_run ();
}
