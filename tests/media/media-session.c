/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-session"

#include "config.h"

#include "media-session.h"

#include <signal.h>
#include <sys/prctl.h>

void
session_set_up (Session       *self,
                gconstpointer  unused)
{
  fixture_set_up (&self->fixture, NULL);
  self->devices = media_devices_new ();
  self->programs = g_ptr_array_new_with_free_func (g_object_unref);
}

void
session_tear_down (Session       *self,
                   gconstpointer  unused)
{
  for (unsigned i = 0; i < self->programs->len; i++)
    session_end (self->programs->pdata[i]);
  g_ptr_array_unref (self->programs);
  /* The next test does not meet what this one has left. */
  fixture_wait_until (g_list_model_get_n_items (G_LIST_MODEL (self->devices)) == 0);
  g_assert_finalize_object (self->devices);
  fixture_tear_down (&self->fixture, NULL);
}

/* A test that fails leaves no camera behind. */
static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  program = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);

  return program;
}

GSubprocess *
session_launch (Session    *self,
                const char *line)
{
  GSubprocess *program = spawn (line);

  g_ptr_array_add (self->programs, program);

  return program;
}

void
session_end (GSubprocess *program)
{
  g_subprocess_force_exit (program);
  g_subprocess_wait (program, NULL, NULL);
}

gboolean
session_try (const char *line)
{
  g_autoptr (GSubprocess) program = spawn (line);

  return g_subprocess_wait_check (program, NULL, NULL);
}

void
session_run (const char *line)
{
  g_autoptr (GSubprocess) program = spawn (line);
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check (program, NULL, &error);
  g_assert_no_error (error);
}

GSubprocess *
session_plug_in (Session    *self,
                 const char *name,
                 const char *pattern)
{
  g_autofree char *command = g_strdup_printf (
    "gst-launch-1.0 -q videotestsrc is-live=true pattern=%s !"
    " video/x-raw,format=YUY2,width=640,height=480,framerate=30/1 ! pipewiresink mode=provide "
    "stream-properties=props,media.class=Video/Source,media.role=Camera,node.name=%s,node.description=%s",
    pattern, name, name);

  return session_launch (self, command);
}

MediaDevice *
session_wait_for (Session    *self,
                  const char *name)
{
  g_autoptr (MediaDevice) device = NULL;

  fixture_wait_until ((device = media_devices_find (self->devices, name)) != NULL);

  return g_steal_pointer (&device);
}

uint32_t
session_get_node (MediaDevice *device)
{
  g_autoptr (GstStructure) properties =
    gst_device_get_properties (media_device_get_gst_device (device));

  return (uint32_t) g_ascii_strtoull (gst_structure_get_string (properties, "object.id"), NULL, 10);
}
