/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-group-talk"

#include "config.h"

#include "relay-store-group-talk.h"

#include "relay-store-groups.h"
#include "relay-store-inbox.h"
#include "relay-store-outbox.h"
#include "relay-store-pictures.h"

#include "cpm-address.h"
#include "cpm-rights.h"

#include <string.h>

#define ID_TIME_CHARS 13

gboolean
relay_store_group_is_ours (const RelayWrite *write,
                           const char       *who)
{
  return g_str_equal (cpm_address_get_domain (who), cpm_address_get_domain (write->conversation));
}

char *
relay_store_group_derive_id (const char *id,
                             const char *more)
{
  g_autofree char *both = g_strconcat (id, "\n", more, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);

  /* The time of the one, and version and variant of RFC 9562. */
  return g_strdup_printf ("%.*s-7%.3s-%c%.3s-%.12s", ID_TIME_CHARS, id, hash,
                          "89ab"[g_ascii_xdigit_value (hash[3]) & 3], hash + 4, hash + 7);
}

/* @message as @who gets it, as a write of its own; it is the sender's row, or with @sender that
 * one's. */
static gboolean
put (RelayStatements  *statements,
     RelayWrite       *write,
     CpmMessage       *message,
     const char       *who,
     const char       *device,
     GError          **error)
{
  g_autoptr (RelayWrite) part = relay_write_new (write->kind, cpm_message_get_from (message),
                                                 write->now_us);
  const char *home = cpm_address_get_domain (who);

  part->id = g_strdup (cpm_message_get_id (message));
  part->conversation = g_strdup (write->conversation);
  part->text = g_strdup (cpm_message_get_text (message));
  if (relay_store_group_is_ours (write, who))
    {
      relay_write_add_told (write, who);
      return relay_store_put_inbox (statements, part, who, device, error);
    }

  relay_write_add_told (write, home);
  return relay_store_put_outbox (statements, part, home, who, part->text, error);
}

gboolean
relay_store_group_give (RelayStatements  *statements,
                        RelayWrite       *write,
                        CpmMessage       *message,
                        const char       *who,
                        GError          **error)
{
  g_autoptr (CpmMessage) copy = cpm_message_copy (message);

  cpm_message_set_to (copy, who);
  return put (statements, write, copy, who, NULL, error);
}

gboolean
relay_store_group_tell_failure (RelayStatements  *statements,
                                RelayWrite       *write,
                                const char       *author,
                                const char       *id,
                                const char       *who,
                                const GError     *why,
                                GError          **error)
{
  g_autofree char *failed_id = relay_store_group_derive_id (id, who);
  g_autoptr (CpmMessage) err = cpm_message_new_err (id, why);
  g_autoptr (CpmMessage) failed = NULL;
  JsonObject *said = cpm_message_get_body (err);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", write->conversation);
  json_object_set_string_member (body, "message", id);
  json_object_set_string_member (body, "who", who);
  json_object_set_string_member (body, "code", json_object_get_string_member (said, "code"));
  json_object_set_int_member (body, "status", json_object_get_int_member (said, "status"));
  json_object_set_string_member (body, "text", json_object_get_string_member (said, "text"));

  failed = cpm_message_new (CPM_MESSAGE_FAILED, failed_id, author, body);
  cpm_message_stamp (failed, write->conversation, write->now_us);
  return put (statements, write, failed, author, NULL, error);
}

gboolean
relay_store_group_refuse (RelayStatements  *statements,
                          RelayWrite       *write,
                          const GError     *why,
                          GError          **error)
{
  if (write->origin != NULL)
    return relay_store_note_refusal (statements, write, why, error);

  g_propagate_error (error, g_error_copy (why));
  return FALSE;
}

gboolean
relay_store_group_refuse_unknown (RelayStatements  *statements,
                                  RelayWrite       *write,
                                  GError          **error)
{
  g_autoptr (GError) why = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND,
                                                "There is no such group, or you are not in it");

  return relay_store_group_refuse (statements, write, why, error);
}

/* Whether @who, one of ours, is to be shown what @author says in a group: not when @who, or the
 * relay, has blocked that one; and people who may not deal with other homes hear nothing from
 * there. */
static gboolean
hears (RelayStatements *statements,
       const char      *who,
       const char      *author)
{
  const char *domain = cpm_address_get_domain (author);
  gboolean is_remote = !g_str_equal (domain, cpm_address_get_domain (who));

  if (relay_statements_get_number (
        statements, 0, "SELECT count (*) FROM block WHERE user IN (?1, '') AND other IN (?2, ?3)",
        "sss", who, author, domain) > 0)
    return FALSE;

  return !is_remote || relay_statements_get_number (statements, 0,
                                                    "SELECT denied & ? FROM account WHERE user = ?",
                                                    "is", (int64_t) CPM_RIGHT_REMOTE, who) == 0;
}

/* One who has no room left misses it, and the author is told: nobody can stop a group by staying
 * away. */
static gboolean
give_or_tell (RelayStatements  *statements,
              RelayWrite       *write,
              CpmMessage       *message,
              const char       *who,
              GError          **error)
{
  g_autoptr (GError) full = NULL;
  gboolean has_room = relay_store_group_is_ours (write, who)
                      ? relay_store_check_inbox (statements, who, &full)
                      : relay_store_check_outbox (statements, cpm_address_get_domain (who), &full);

  if (!has_room)
    return relay_store_group_tell_failure (statements, write, write->user, write->id, who, full,
                                           error);

  /* Those who live here read to whom it was said: to the group. */
  return relay_store_group_is_ours (write, who)
           ? put (statements, write, message, who, NULL, error)
           : relay_store_group_give (statements, write, message, who, error);
}

static gboolean
say_to (RelayStatements  *statements,
        RelayWrite       *write,
        CpmMessage       *message,
        const char       *who,
        GError          **error)
{
  gboolean is_ours = relay_store_group_is_ours (write, who);

  if (is_ours && g_str_equal (who, write->user))
    return put (statements, write, message, who, write->device, error);

  if (is_ours && !hears (statements, who, write->user))
    return TRUE;

  return give_or_tell (statements, write, message, who, error) &&
         relay_store_show_picture (statements, write, who, error);
}

/* What is said in a group that is kept here: to all, in one order. */
gboolean
relay_store_group_say (RelayStatements  *statements,
                       RelayWrite       *write,
                       GError          **error)
{
  g_autoptr (CpmMessage) message = cpm_message_parse (write->text, strlen (write->text), NULL,
                                                      error);
  g_autoptr (CpmGroup) group = NULL;

  if (message == NULL || !relay_store_arrive (statements, write, error))
    return FALSE;

  write->was_there = relay_store_is_said (statements, write, write->conversation);
  if (write->was_there)
    return TRUE;

  group = relay_store_group_find (statements, write->conversation);
  if (group == NULL || !cpm_group_has (group, write->user))
    return relay_store_group_refuse_unknown (statements, write, error);

  if (!relay_store_note_said (statements, write, write->conversation, &write->was_there, error))
    return FALSE;

  for (unsigned i = 0; i < group->members->len; i++)
    {
      if (!say_to (statements, write, message, group->members->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

/* All who are in it may see the picture, also those whose home will ask for it. */
static gboolean
show_to_all (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  g_autoptr (CpmGroup) group = write->picture != NULL
                                 ? relay_store_group_find (statements, write->conversation)
                                 : NULL;

  for (unsigned i = 0; group != NULL && i < group->members->len; i++)
    {
      if (!relay_store_show_picture (statements, write, group->members->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

/* What one of ours says in a group that is kept elsewhere: to that home. It comes back from there,
 * in its place among what the others say, for the other devices of who said it. */
gboolean
relay_store_group_send (RelayStatements  *statements,
                        RelayWrite       *write,
                        GError          **error)
{
  if (!relay_store_note_said (statements, write, write->conversation, &write->was_there, error))
    return FALSE;
  if (write->was_there)
    return TRUE;

  /* Who has left may say so again; its home knows. */
  if (write->device != NULL &&
      !relay_store_group_has (statements, write->conversation, write->user))
    return relay_store_group_refuse_unknown (statements, write, error);

  relay_write_add_told (write, write->home);
  return relay_store_check_outbox (statements, write->home, error) &&
         relay_store_put_outbox (statements, write, write->home, write->conversation, write->text,
                                 error) &&
         (write->device == NULL ||
          relay_statements_run (
            statements, NULL, error,
            "INSERT OR REPLACE INTO group_echo (user, id, device, ts) VALUES (?, ?, ?, ?)", "sssi",
            write->user, write->id, write->device, write->now_us)) &&
         show_to_all (statements, write, error);
}

static char *
steal_echo (RelayStatements  *statements,
            RelayWrite       *write,
            GError          **error)
{
  char *device = NULL;
  sqlite3_stmt *statement = relay_statements_bind (
    statements, error, "SELECT device FROM group_echo WHERE user = ? AND id = ?", "ss", write->user,
    write->id);

  if (statement == NULL)
    return NULL;

  if (sqlite3_step (statement) == SQLITE_ROW)
    device = relay_statements_dup_text (statement, 0);
  relay_statements_done (statement);
  relay_statements_run (statements, NULL, error, "DELETE FROM group_echo WHERE user = ? AND id = ?",
                        "ss", write->user, write->id);

  return device;
}

/* What the group's home has put into its place, for one of ours who said it. */
static gboolean
hear_oneself (RelayStatements  *statements,
              RelayWrite       *write,
              GError          **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *device = NULL;

  if (!relay_store_is_said (statements, write, write->conversation))
    {
      why = g_error_new (CPM_ERROR, CPM_ERROR_FORBIDDEN, "%s has not said that", write->user);
      return relay_store_group_refuse (statements, write, why, error);
    }

  device = steal_echo (statements, write, &why);
  if (why != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }

  return relay_store_note_said (statements, write, write->other, &write->was_there, error) &&
         relay_store_put_inbox (statements, write, write->other, device, error);
}

static gboolean
is_between_members (RelayStatements *statements,
                    RelayWrite      *write)
{
  g_autoptr (CpmGroup) group = relay_store_group_find (statements, write->conversation);

  return group != NULL && cpm_group_has (group, write->user) &&
         relay_store_group_has (statements, write->conversation, write->other);
}

/* What was said in a group that is kept elsewhere, for one of ours. */
gboolean
relay_store_group_hear (RelayStatements  *statements,
                        RelayWrite       *write,
                        GError          **error)
{
  g_autoptr (GError) full = NULL;

  if (!relay_store_arrive (statements, write, error))
    return FALSE;

  write->was_there = relay_store_is_said (statements, write, write->other);
  if (write->was_there)
    return TRUE;

  if (!is_between_members (statements, write))
    return relay_store_group_refuse_unknown (statements, write, error);

  relay_write_add_told (write, write->other);
  if (g_str_equal (write->user, write->other))
    return hear_oneself (statements, write, error);
  if (!hears (statements, write->other, write->user))
    return TRUE;
  if (!relay_store_check_inbox (statements, write->other, &full))
    return relay_store_group_refuse (statements, write, full, error);

  return relay_store_note_said (statements, write, write->other, &write->was_there, error) &&
         relay_store_put_inbox (statements, write, write->other, NULL, error) &&
         relay_store_show_picture (statements, write, write->other, error);
}
