/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "vitrine-portal.h"

#include "media-fixture.h"

#include <signal.h>
#include <sys/prctl.h>

/* The real portals of GNOME, in a session without a screen (with-portal.sh). */
typedef struct
{
  Fixture fixture;
  GSettings *settings;
  VitrinePortal *portal;
  GPtrArray *programs; /* GSubprocess */
  GAsyncResult *result;
} Session;

static GSettings *
make_settings (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("VITRINE_BUILD"), "data", NULL);
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  source = g_settings_schema_source_new_from_directory (folder, NULL, FALSE, &error);
  g_assert_no_error (error);
  schema = g_settings_schema_source_lookup (source, APPLICATION_ID, FALSE);
  g_assert_nonnull (schema);

  return g_settings_new_full (schema, NULL, NULL);
}

static void
set_up (Session       *self,
        gconstpointer  unused)
{
  fixture_set_up (&self->fixture, NULL);
  self->settings = make_settings ();
  self->portal = vitrine_portal_new (self->settings);
  self->programs = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
end_programs (Session *self)
{
  for (unsigned i = 0; i < self->programs->len; i++)
    {
      g_subprocess_force_exit (self->programs->pdata[i]);
      g_subprocess_wait (self->programs->pdata[i], NULL, NULL);
    }
  g_ptr_array_set_size (self->programs, 0);
}

static void
tear_down (Session       *self,
           gconstpointer  unused)
{
  end_programs (self);
  g_ptr_array_unref (self->programs);
  g_clear_object (&self->result);
  g_object_unref (self->portal);
  g_object_unref (self->settings);
  fixture_tear_down (&self->fixture, NULL);
}

static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
launch (Session    *self,
        const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  program = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->programs, program);
}

static void
press (Session    *self,
       const char *button)
{
  g_autofree char *line = g_strdup_printf ("/usr/bin/python3 %s/tests/app/press.py %s",
                                           g_getenv ("VITRINE_SOURCE"), button);

  launch (self, line);
}

/* What the desktop's privacy settings would write down. An app outside of a sandbox has no name
 * there. */
static void
set_permission (const char *answer)
{
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  const char *answers[] = { answer, NULL };

  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (
    bus, "org.freedesktop.impl.portal.PermissionStore",
    "/org/freedesktop/impl/portal/PermissionStore", "org.freedesktop.impl.portal.PermissionStore",
    "SetPermission", g_variant_new ("(sbss^as)", "devices", TRUE, "camera", "", answers), NULL,
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Session *self = user_data;

  g_set_object (&self->result, result);
}

static int
open_camera (Session  *self,
             GError  **error)
{
  g_clear_object (&self->result);
  vitrine_portal_open_camera_async (self->portal, NULL, NULL, on_ready, self);
  fixture_wait_until (self->result != NULL);

  return vitrine_portal_open_camera_finish (self->portal, self->result, error);
}

static MediaScreen *
choose_screen (Session   *self,
               gboolean   as_before,
               GError   **error)
{
  g_clear_object (&self->result);
  vitrine_portal_choose_screen_async (self->portal, NULL, as_before, NULL, on_ready, self);
  fixture_wait_until (self->result != NULL);

  return vitrine_portal_choose_screen_finish (self->portal, self->result, error);
}

static void
test_camera_allowed (Session       *self,
                     gconstpointer  unused)
{
  g_autoptr (MediaDevices) devices = media_devices_new ();
  g_autoptr (MediaDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  set_permission ("yes");
  launch (
    self,
    "gst-launch-1.0 -q videotestsrc is-live=true pattern=white !"
    " video/x-raw,format=YUY2,width=640,height=480,framerate=30/1 "
    "! pipewiresink mode=provide "
    "stream-properties=props,media.class=Video/Source,media.role=Camera,node.name=Cam,node.description=Cam");
  fixture_wait_until ((device = media_devices_find (devices, "Cam")) != NULL);
  g_clear_object (&device);

  fd = open_camera (self, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  media_devices_set_pipewire_fd (devices, fd);
  g_assert_null (media_devices_find (devices, "Cam"));
  fixture_wait_until ((device = media_devices_find (devices, "Cam")) != NULL);

  g_assert_true (fixture_show (&self->fixture, media_source_camera_new (device), &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (&self->fixture).corner[0] > 200);
}

static void
test_camera_denied (Session       *self,
                    gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  set_permission ("no");
  g_assert_cmpint (open_camera (self, &error), ==, -1);
  g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED);
  g_assert_nonnull (strstr (error->message, "may not use the camera"));
}

static void
test_screen (Session       *self,
             gconstpointer  unused)
{
  g_autoptr (MediaScreen) screen = NULL;
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;

  press (self, "Share");
  screen = choose_screen (self, FALSE, &error);
  end_programs (self);
  g_assert_no_error (error);
  g_assert_false (media_screen_is_x11 (screen));
  g_assert_true (fixture_show (&self->fixture, media_source_screen_new (screen, FALSE), &error));
  g_assert_no_error (error);
  /* Nothing moves on it: it is not taken for one that is gone. */
  fixture_wait_frames (&self->fixture, 150);
  g_assert_cmpint (self->fixture.n_lost, ==, 0);
  g_clear_object (&screen);

  token = g_settings_get_string (self->settings, "screen-token");
  g_assert_cmpstr (token, !=, "");
  screen = choose_screen (self, TRUE, &error); /* and nobody presses */
  g_assert_no_error (error);
  g_assert_true (fixture_show (&self->fixture, media_source_screen_new (screen, FALSE), &error));
  g_assert_no_error (error);
}

static void
test_screen_not_chosen (Session       *self,
                        gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  press (self, "Cancel");
  g_assert_null (choose_screen (self, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (error->message, ==, "No screen was chosen.");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/portal/" name, Session, NULL, set_up, function, tear_down)
  ADD ("camera-allowed", test_camera_allowed);
  ADD ("camera-denied", test_camera_denied);
  ADD ("screen", test_screen);
  ADD ("screen-not-chosen", test_screen_not_chosen);
#undef ADD

  return g_test_run ();
}
