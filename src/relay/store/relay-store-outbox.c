/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-outbox"

#include "config.h"

#include "relay-store-outbox.h"

#include "relay-store-inbox.h"

#include "cpm-error.h"

#define MAX_WAITING 10000
/* How many the other home has on their way: what is further behind was answered, and the answer
 * taken in. */
#define WINDOW 256

gboolean
relay_store_check_outbox (RelayStatements  *statements,
                          const char       *home,
                          GError          **error)
{
  int64_t waiting =
    relay_statements_get_number (statements, 0,
                                 "SELECT h.n + 1 - (SELECT min (n) FROM outbox WHERE domain = ?1)"
                                 " FROM home h WHERE h.domain = ?1",
                                 "s", home);

  if (waiting < MAX_WAITING)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_QUEUE_FULL,
               "%s has not taken messages for long; no more can be kept for it", home);
  return FALSE;
}

gboolean
relay_store_put_outbox (RelayStatements  *statements,
                        RelayWrite       *write,
                        const char       *home,
                        const char       *recipient,
                        const char       *text,
                        GError          **error)
{
  return relay_statements_run (
           statements, NULL, error,
           "INSERT INTO home (domain, n) VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1", "s",
           home) &&
         relay_statements_run (statements, NULL, error,
                               "INSERT INTO outbox (domain, n, ts, sender, id, recipient, text)"
                               " SELECT domain, n, ?2, ?3, ?4, ?5, ?6 FROM home WHERE domain = ?1",
                               "sissss", home, write->now_us, write->user, write->id, recipient,
                               text);
}

static gboolean
check_chain (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  int64_t arrived = relay_statements_get_number (
    statements, 0, "SELECT arrived FROM home WHERE domain = ?", "s", write->origin);

  if (write->n_before <= arrived)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "What %s said before could not be stored",
               write->origin);
  return FALSE;
}

/* The first on a link is the first that the other home still has: what was refused before that is
 * known there. */
gboolean
relay_store_arrive (RelayStatements  *statements,
                    RelayWrite       *write,
                    GError          **error)
{
  if (write->origin == NULL)
    return TRUE;

  return check_chain (statements, write, error) &&
         relay_statements_run (
           statements, NULL, error,
           "INSERT INTO home (domain, arrived) VALUES (?, ?)"
           " ON CONFLICT DO UPDATE SET arrived = max (arrived, excluded.arrived)",
           "si", write->origin, write->n) &&
         relay_statements_run (statements, NULL, error,
                               "DELETE FROM refused WHERE domain = ? AND n < ?", "si",
                               write->origin, write->n_before == 0 ? write->n : write->n - WINDOW);
}

gboolean
relay_store_note_refusal (RelayStatements  *statements,
                          RelayWrite       *write,
                          const GError     *why,
                          GError          **error)
{
  write->refusal = g_error_copy (why);

  return relay_statements_run (statements, NULL, error,
                               "INSERT OR IGNORE INTO refused (domain, n) VALUES (?, ?)", "si",
                               write->origin, write->n);
}

gboolean
relay_store_refuse (RelayStatements  *statements,
                    RelayWrite       *write,
                    GError          **error)
{
  return relay_store_arrive (statements, write, error) &&
         relay_statements_run (statements, NULL, error,
                               "INSERT OR IGNORE INTO refused (domain, n) VALUES (?, ?)", "si",
                               write->origin, write->n);
}

/* The other home has more of us than we have said: our data come from an older copy. What waits is
 * numbered anew, lest it be taken for something that is known there. Each row moves further than
 * there are rows, so that no two meet. */
static gboolean
number_anew (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  int64_t first = relay_statements_get_number (
    statements, 0,
    "SELECT ifnull ((SELECT min (n) FROM outbox WHERE domain = ?1), n + 1)"
    " FROM home WHERE domain = ?1",
    "s", write->home);
  int64_t by = write->number - first + 1;

  return relay_statements_run (statements, NULL, error,
                               "UPDATE outbox SET n = n + ? WHERE domain = ?", "is", by,
                               write->home) &&
         relay_statements_run (
           statements, NULL, error,
           "INSERT INTO home (domain, n) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET n = n + ?3",
           "sii", write->home, write->number, by);
}

gboolean
relay_store_clear_outbox (RelayStatements  *statements,
                          RelayWrite       *write,
                          GError          **error)
{
  int64_t said = relay_statements_get_number (statements, 0, "SELECT n FROM home WHERE domain = ?",
                                              "s", write->home);

  if (write->number > said)
    return number_anew (statements, write, error);

  return relay_statements_run (statements, NULL, error,
                               "DELETE FROM outbox WHERE domain = ? AND n <= ?", "si", write->home,
                               write->number);
}

/* It was not said after all: the same id may be said again. */
static gboolean
forget_said (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  return relay_statements_run (
    statements, NULL, error,
    "DELETE FROM said WHERE (sender, id, recipient) IN"
    " (SELECT sender, id, recipient FROM outbox WHERE domain = ? AND n = ?)",
    "si", write->home, write->n);
}

gboolean
relay_store_bounce (RelayStatements  *statements,
                    RelayWrite       *write,
                    GError          **error)
{
  int changes = 0;

  if (!forget_said (statements, write, error) ||
      !relay_statements_run (statements, &changes, error,
                             "DELETE FROM outbox WHERE domain = ? AND n = ?", "si", write->home,
                             write->n))
    return FALSE;

  write->was_there = changes == 0;
  write->was_copied = changes > 0 && write->text != NULL;
  return !write->was_copied || relay_store_put_inbox (statements, write, write->user, NULL, error);
}
