/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-inbox"

#include "config.h"

#include "relay-store-inbox.h"

#include "relay-store-outbox.h"
#include "relay-store-pictures.h"

#include "cpm-address.h"
#include "cpm-error.h"

#define DAY_US (24 * 3600 * (int64_t) G_USEC_PER_SEC)
/* So many wait for somebody who fetches nothing; and so many are kept as history, whatever their
 * age. */
#define MAX_WAITING 10000
#define MAX_HISTORY 50000
/* What was said once is known for longer than any sender tries again. */
#define SAID_DAYS 30
/* The list of contacts has to fit into one message: its addresses, each with quotes and a comma. */
#define MAX_CONTACTS 500
#define MAX_CONTACT_BYTES (60 * 1024)

gboolean
relay_store_add_contact (RelayStatements  *statements,
                         RelayWrite       *write,
                         GError          **error)
{
  int changes = 0;

  /* Mostly it is there: each message comes by here. */
  if (relay_statements_get_number (statements, 0,
                                   "SELECT 1 FROM contact WHERE user = ? AND other = ?", "ss",
                                   write->user, write->other) > 0)
    return TRUE;

  if (
    !relay_statements_run (
      statements, &changes, error,
      "INSERT INTO contact (user, other) SELECT ?1, ?2"
      " WHERE (SELECT count (*) < ?3 AND ifnull (sum (length (other) + 3), 0) + length (?2) + 3 <="
      " ?4"
      " FROM contact WHERE user = ?1)",
      "ssii", write->user, write->other, (int64_t) MAX_CONTACTS, (int64_t) MAX_CONTACT_BYTES))
    return FALSE;

  write->is_contact_new = changes > 0;
  return TRUE;
}

gboolean
relay_store_note_said (RelayStatements  *statements,
                       RelayWrite       *write,
                       const char       *recipient,
                       gboolean         *out_was_there,
                       GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (
        statements, &changes, error,
        "INSERT OR IGNORE INTO said (sender, id, recipient, ts) VALUES (?, ?, ?, ?)", "sssi",
        write->user, write->id, recipient, write->now_us))
    return FALSE;

  *out_was_there = changes == 0;
  return TRUE;
}

gboolean
relay_store_check_inbox (RelayStatements  *statements,
                         const char       *user,
                         GError          **error)
{
  int64_t waiting = relay_statements_get_number (
    statements, 0,
    "SELECT seq - ifnull ((SELECT max (got) FROM device WHERE user = ?1), 0)"
    " FROM account WHERE user = ?1",
    "s", user);

  if (waiting < MAX_WAITING)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_QUEUE_FULL,
               "%s has not fetched messages for long; no more can be kept", user);
  return FALSE;
}

gboolean
relay_store_put_inbox (RelayStatements  *statements,
                       RelayWrite       *write,
                       const char       *user,
                       const char       *origin,
                       GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "UPDATE account SET seq = seq + 1 WHERE user = ?", "s", user) &&
         relay_statements_run (statements, NULL, error,
                               "INSERT INTO inbox (user, seq, ts, origin, text, conversation)"
                               " SELECT user, seq, ?2, ?3, ?4, ?5 FROM account WHERE user = ?1",
                               "sisss", user, write->now_us, origin, write->text,
                               write->conversation);
}

static gboolean
check_room (RelayStatements  *statements,
            RelayWrite       *write,
            GError          **error)
{
  return write->home != NULL ? relay_store_check_outbox (statements, write->home, error)
                             : relay_store_check_inbox (statements, write->other, error);
}

static gboolean
put (RelayStatements  *statements,
     RelayWrite       *write,
     GError          **error)
{
  return write->home != NULL ? relay_store_put_outbox (statements, write, write->home, write->other,
                                                       write->text, error)
                             : relay_store_put_inbox (statements, write, write->other, NULL, error);
}

/* For the person's other devices, also those that come later. */
static gboolean
copy_to_sender (RelayStatements  *statements,
                RelayWrite       *write,
                GError          **error)
{
  write->was_copied = write->device != NULL;

  return !write->was_copied ||
         relay_store_put_inbox (statements, write, write->user, write->device, error);
}

gboolean
relay_store_is_said (RelayStatements  *statements,
                     const RelayWrite *write,
                     const char       *recipient)
{
  return relay_statements_get_number (
           statements, 0, "SELECT 1 FROM said WHERE sender = ? AND id = ? AND recipient = ?", "sss",
           write->user, write->id, recipient) > 0;
}

/* Who writes to somebody has that person as a contact from then on; but a receipt in a group
 * befriends nobody. */
static gboolean
befriend (RelayStatements  *statements,
          RelayWrite       *write,
          GError          **error)
{
  return write->origin != NULL || cpm_address_is_group (write->conversation) ||
         relay_store_add_contact (statements, write, error);
}

gboolean
relay_store_deliver (RelayStatements  *statements,
                     RelayWrite       *write,
                     GError          **error)
{
  g_autoptr (GError) full = NULL;

  if (!relay_store_arrive (statements, write, error))
    return FALSE;

  write->was_there = relay_store_is_said (statements, write, write->other);
  if (write->was_there)
    return TRUE;

  if (!check_room (statements, write, &full))
    {
      if (write->origin != NULL)
        return relay_store_note_refusal (statements, write, full, error);
      g_propagate_error (error, g_steal_pointer (&full));
      return FALSE;
    }

  return relay_store_note_said (statements, write, write->other, &write->was_there, error) &&
         put (statements, write, error) &&
         copy_to_sender (statements, write, error) &&
         befriend (statements, write, error) &&
         relay_store_show_picture (statements, write, write->other, error);
}

gboolean
relay_store_keep_got (RelayStatements  *statements,
                      RelayWrite       *write,
                      GError          **error)
{
  return relay_statements_run (
    statements, NULL, error,
    "UPDATE device SET got = max (got, ?), seen = ? WHERE user = ? AND device = ?", "iiss",
    write->number, write->now_us, write->user, write->device);
}

gboolean
relay_store_expire (RelayStatements  *statements,
                    RelayWrite       *write,
                    GError          **error)
{
  return relay_statements_run (statements, NULL, error, "DELETE FROM inbox WHERE ts < ?", "i",
                               write->now_us - write->number * DAY_US) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM fetch WHERE ts < ?", "i",
                               write->now_us - write->number * DAY_US) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM said WHERE ts < ?", "i",
                               write->now_us - SAID_DAYS * DAY_US) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM group_echo WHERE ts < ?", "i",
                               write->now_us - SAID_DAYS * DAY_US) &&
         relay_statements_run (
           statements, NULL, error,
           "DELETE FROM inbox WHERE (user, seq) IN"
           " (SELECT i.user, i.seq FROM account a JOIN inbox i ON i.user = a.user AND i.seq <="
           " a.seq - ?)",
           "i", (int64_t) MAX_HISTORY);
}
