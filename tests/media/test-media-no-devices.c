/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-device.h"
#include "media-fixture.h"

#include <glib/gstdio.h>

/* Without a PipeWire to ask, the list is empty: no error, no waiting. */
static void
test_empty (void)
{
  for (int i = 0; i < 20; i++)
    {
      MediaDevices *devices = media_devices_new ();

      fixture_iterate ();
      g_assert_null (media_devices_find (devices, "no such camera"));
      g_assert_finalize_object (devices);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("vitrine-none-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("PIPEWIRE_RUNTIME_DIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  fixture_init ();
  g_test_add_func ("/no-devices/empty", test_empty);
  status = g_test_run ();
  g_rmdir (folder);

  return status;
}
