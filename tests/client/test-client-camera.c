/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-book.h"
#include "client-source.h"
#include "leaks.h"
#include "media-init.h"
#include "media-source-private.h"
#include "transport-system-clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>

#define LIMIT_US (30 * G_USEC_PER_SEC)

/* A person with a real PipeWire (with-pipewire.sh), whose cameras are programs. */
typedef struct
{
  char *folder;
  ClientWorld *world;
  GPtrArray *programs; /* GSubprocess */
  GAsyncResult *result;
} Fixture;

static void
open_world (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientStore) store = client_store_new (self->folder, &error);
  g_autoptr (CpmClock) clock = transport_system_clock_new ();
  g_autoptr (ClientOutbox) outbox = client_outbox_new (store, clock);
  g_autoptr (ClientBook) book = client_book_new (store, outbox, clock);

  g_assert_no_error (error);
  self->world = client_world_new (clock, store, book);
}

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  self->folder = g_dir_make_tmp ("vitrine-camera-XXXXXX", NULL);
  self->programs = g_ptr_array_new_with_free_func (g_object_unref);
  open_world (self);
}

static void
unplug (GSubprocess *program)
{
  g_subprocess_force_exit (program);
  g_subprocess_wait (program, NULL, NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }

  g_remove (path);
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  for (unsigned i = 0; i < self->programs->len; i++)
    unplug (self->programs->pdata[i]);
  g_ptr_array_unref (self->programs);
  client_world_unref (self->world);
  remove_all (self->folder);
  g_free (self->folder);
}

#define wait_until(condition) \
  G_STMT_START { \
    int64_t limit = g_get_monotonic_time () + LIMIT_US; \
    while (!(condition)) \
      { \
        g_usleep (1000); \
        g_main_context_iteration (NULL, FALSE); \
        if (g_get_monotonic_time () > limit) \
          g_error ("%s:%d: waited in vain for %s", __FILE__, __LINE__, #condition); \
      } \
  } G_STMT_END

static gboolean
has_camera (Fixture    *self,
            const char *name)
{
  g_autoptr (MediaDevice) device = media_devices_find (client_world_get_devices (self->world),
                                                       name);

  return device != NULL;
}

/* A test that fails leaves no camera behind. */
static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
plug_in (Fixture    *self,
         const char *name)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *line = g_strdup_printf (
    "gst-launch-1.0 -q videotestsrc is-live=true !"
    " video/x-raw,format=YUY2,width=640,height=480,framerate=30/1 ! pipewiresink mode=provide "
    "stream-properties=props,media.class=Video/Source,media.role=Camera,node.name=%s,node.description=%s",
    name, name);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  program = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->programs, program);
  wait_until (has_camera (self, name));

  return program;
}

static void
on_made (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_set_object (&((Fixture *) user_data)->result, result);
}

/* Which camera is taken when @device is asked for. */
static void
expect_camera (Fixture    *self,
               const char *device,
               const char *name)
{
  g_autoptr (ClientShowable) showable = client_showable_new (CPM_CONTENT_CAMERA, NULL, device);
  g_autoptr (MediaSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) words = NULL;

  client_world_set_camera (self->world, device);
  client_source_make_async (self->world, showable, NULL, on_made, self);
  wait_until (self->result != NULL);
  source = client_source_make_finish (self->result, &error);
  g_clear_object (&self->result);
  g_assert_no_error (error);
  /* It says its name when it brings nothing. */
  words = media_source_explain_timeout (source);
  g_assert_nonnull (strstr (words->message, name));
}

/* The one that was chosen is meant from then on, also after a restart; while it is gone any other
 * will do. */
static void
test_remembered (Fixture       *self,
                 gconstpointer  unused)
{
  GSubprocess *rear;

  plug_in (self, "FrontCam");
  rear = plug_in (self, "RearCam");
  expect_camera (self, NULL, "FrontCam");
  expect_camera (self, "RearCam", "RearCam");
  expect_camera (self, NULL, "RearCam");

  client_world_unref (self->world);
  open_world (self);
  expect_camera (self, NULL, "RearCam");

  unplug (rear);
  wait_until (!has_camera (self, "RearCam"));
  expect_camera (self, NULL, "FrontCam");

  plug_in (self, "RearCam");
  expect_camera (self, NULL, "RearCam");
}

/* What is only played for a camera is not taken for one later. */
static void
test_made_up_is_forgotten (Fixture       *self,
                           gconstpointer  unused)
{
  g_autofree char *last = NULL;

  client_world_set_camera (self->world, "test");
  last = client_world_dup_camera (self->world);
  g_assert_cmpstr (last, ==, "test");
  plug_in (self, "FrontCam");
  expect_camera (self, NULL, "FrontCam");
}

static void
test_microphone (Fixture       *self,
                 gconstpointer  unused)
{
  g_assert_true (client_world_get_microphone (self->world));
  client_world_set_microphone (self->world, FALSE);
  client_world_unref (self->world);
  open_world (self);
  g_assert_false (client_world_get_microphone (self->world));
  client_world_set_microphone (self->world, TRUE);
  g_assert_true (client_world_get_microphone (self->world));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  leaks_look_away (); /* GStreamer's registry has thousands of names */
  g_assert_true (media_init (&error));
  leaks_look_again ();
  g_assert_no_error (error);

  g_test_add ("/camera/remembered", Fixture, NULL, set_up, test_remembered, tear_down);
  g_test_add ("/camera/made-up-is-forgotten", Fixture, NULL, set_up, test_made_up_is_forgotten,
              tear_down);
  g_test_add ("/camera/microphone", Fixture, NULL, set_up, test_microphone, tear_down);

  return g_test_run ();
}
