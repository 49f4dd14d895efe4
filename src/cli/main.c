/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli"

#include "config.h"

#include "cli-program.h"

#include <locale.h>

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");

  return cli_program_run (argc, argv);
}
