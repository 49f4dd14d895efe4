/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes every critical end the program, but for those that are known and not ours.
 * G_DEBUG=fatal-criticals knows no exception, so this is loaded into the programs of a test
 * instead, as a module of GIO's (GIO_EXTRA_MODULES). */

#include <gio/gio.h>

#include <string.h>

/* rtspsrc that is closed at the moment at which the server ends the stream gives an event that it
 * has no more a number (GStreamer 1.22 to 1.26). It does no harm. */
static const char * const known[] = { "gst_event_set_seqnum: assertion" };

G_MODULE_EXPORT void g_io_module_load (GIOModule *module);
G_MODULE_EXPORT void g_io_module_unload (GIOModule *module);
G_MODULE_EXPORT char **g_io_module_query (void);

static gboolean
is_known (const GLogField *fields,
          size_t           n_fields)
{
  for (size_t i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      for (size_t k = 0; k < G_N_ELEMENTS (known); k++)
        if (strstr (fields[i].value, known[k]) != NULL)
          return TRUE;

  return FALSE;
}

static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           size_t           n_fields,
           gpointer         user_data)
{
  GLogWriterOutput written = g_log_writer_default (level, fields, n_fields, NULL);

  if ((level & G_LOG_LEVEL_CRITICAL) && !is_known (fields, n_fields))
    g_abort ();

  return written;
}

void
g_io_module_load (GIOModule *module)
{
  g_type_module_use (G_TYPE_MODULE (module));
  g_log_set_writer_func (write_log, NULL, NULL);
}

void
g_io_module_unload (GIOModule *module)
{
}

char **
g_io_module_query (void)
{
  return g_new0 (char *, 1);
}
