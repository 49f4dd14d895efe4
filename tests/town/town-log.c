/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-log.h"

#include <stdarg.h>
#include <stdio.h>

#define N_KEPT 60
/* FNV-1a, 64 bits. */
#define SUM_START 0xcbf29ce484222325u
#define SUM_PRIME 0x100000001b3u

struct _TownLog
{
  TownTime *time; /* (unowned) */
  gboolean verbose;
  GQueue kept;    /* of char * */
  uint64_t sum;
  unsigned n_lines;
  char *blame;
  gboolean is_over;
};

TownLog *
town_log_new (TownTime *time,
              gboolean  verbose)
{
  TownLog *self = g_new0 (TownLog, 1);

  self->time = time;
  self->verbose = verbose;
  self->sum = SUM_START;
  g_queue_init (&self->kept);

  return self;
}

void
town_log_free (TownLog *self)
{
  g_queue_clear_full (&self->kept, g_free);
  g_free (self->blame);
  g_free (self);
}

void
town_log_mix (TownLog    *self,
              const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    self->sum = (self->sum ^ (uint8_t) *at) * SUM_PRIME;
}

static void
add_line (TownLog    *self,
          const char *format,
          va_list     args)
{
  char text[512];
  char line[600];
  int64_t now_us = town_time_get_us (self->time);

  g_vsnprintf (text, sizeof text, format, args);
  g_snprintf (line, sizeof line, "%4d.%06d  %s", (int) (now_us / G_USEC_PER_SEC),
              (int) (now_us % G_USEC_PER_SEC), text);
  town_log_mix (self, line);
  self->n_lines++;
  if (self->verbose)
    printf ("# %s\n", line);

  /* What comes after the fault, and the heartbeat, tell nothing. */
  if (self->is_over || g_str_has_suffix (line, " ping") || g_str_has_suffix (line, " pong"))
    return;

  g_queue_push_tail (&self->kept, g_strdup (line));
  if (self->kept.length > N_KEPT)
    g_free (g_queue_pop_head (&self->kept));
}

void
town_log (TownLog    *self,
          const char *format,
          ...)
{
  va_list args;

  va_start (args, format);
  add_line (self, format, args);
  va_end (args);
}

void
town_log_blame (TownLog    *self,
                const char *format,
                ...)
{
  va_list args;

  if (self->blame != NULL)
    return;

  va_start (args, format);
  self->blame = g_strdup_vprintf (format, args);
  va_end (args);
  town_log (self, "WRONG: %s", self->blame);
  self->is_over = TRUE;
}

const char *
town_log_get_blame (TownLog *self)
{
  return self->blame;
}

uint64_t
town_log_get_sum (TownLog *self)
{
  return self->sum;
}

unsigned
town_log_get_n_lines (TownLog *self)
{
  return self->n_lines;
}

void
town_log_print (TownLog *self)
{
  for (GList *at = self->kept.head; at != NULL; at = at->next)
    printf ("# %s\n", (const char *) at->data);
}
