/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bench-table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

void
bench_row (const char *table,
           const char *row,
           ...)
{
  const char *key;
  va_list pairs;

  printf ("{\"table\": \"%s\", \"row\": \"%s\"", table, row);
  va_start (pairs, row);
  while ((key = va_arg (pairs, const char *)) != NULL)
    {
      double value = va_arg (pairs, double);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      printf (", \"%s\": %s", key,
              isfinite (value) ? g_ascii_formatd (number, sizeof number, "%.4g", value) : "null");
    }
  va_end (pairs);
  printf ("}\n");
  fflush (stdout);
}

static double
read_clock_s (clockid_t clock)
{
  struct timespec now;

  return clock_gettime (clock, &now) == 0 ? now.tv_sec + now.tv_nsec / 1e9 : 0;
}

/* Of those that run, by the thread that started each. */
static double
get_children_s (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;
  double sum = 0;

  while ((task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", task, "children", NULL);
      g_autofree char *contents = NULL;
      g_auto (GStrv) pids = NULL;

      if (!g_file_get_contents (path, &contents, NULL, NULL))
        continue;
      pids = g_strsplit (g_strstrip (contents), " ", -1);
      for (unsigned i = 0; pids[i] != NULL; i++)
        {
          clockid_t clock;

          if (clock_getcpuclockid (atoi (pids[i]), &clock) == 0)
            sum += read_clock_s (clock);
        }
    }

  return sum;
}

double
bench_cpu_s (void)
{
  struct rusage ended;

  getrusage (RUSAGE_CHILDREN, &ended);

  return read_clock_s (CLOCK_PROCESS_CPUTIME_ID) + get_children_s () + ended.ru_utime.tv_sec +
         ended.ru_stime.tv_sec + (ended.ru_utime.tv_usec + ended.ru_stime.tv_usec) / 1e6;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_quantile (GArray *values,
                double  q)
{
  if (values->len == 0)
    return NAN;

  g_array_sort (values, compare);

  return g_array_index (values, double, (unsigned) ((values->len - 1) * q));
}
