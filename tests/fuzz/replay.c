/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: fuzz-NAME FOLDER...
 *
 * Stands in for libFuzzer in the ordinary build: gives each file of the folders to the
 * fuzz target, whole, and cut off at each of its first bytes. */

#include "fuzz.h"

#include <glib.h>
#include <stdio.h>

#define MAX_CUTS 2000

static unsigned
replay_folder (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  unsigned count = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      size_t length;

      if (g_str_has_suffix (name, ".schema.json"))
        continue;

      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      LLVMFuzzerTestOneInput ((const uint8_t *) data, length);
      count++;

      /* A copy of exactly this size, so that a sanitizer sees a step too far. */
      for (size_t cut = 0; cut < length && cut < MAX_CUTS; cut++)
        {
          g_autofree uint8_t *part = g_memdup2 (data, cut);

          LLVMFuzzerTestOneInput (part, cut);
        }
    }

  return count;
}

int
main (int    argc,
      char **argv)
{
  unsigned count = 0;

  for (int i = 1; i < argc; i++)
    count += replay_folder (argv[i]);

  printf ("%u inputs were replayed\n", count);
  return count > 0 ? 0 : 1;
}
