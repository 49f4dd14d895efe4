/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-groups"

#include "config.h"

#include "relay-store-groups.h"

#include "relay-store-group-talk.h"
#include "relay-store-inbox.h"
#include "relay-store-outbox.h"
#include "relay-store-pictures.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <string.h>

static CpmMessage *
parse_message (RelayWrite  *write,
               GError     **error)
{
  return cpm_message_parse (write->text, strlen (write->text), NULL, error);
}

static gboolean
forget_group (RelayStatements  *statements,
              const char       *address,
              GError          **error)
{
  return relay_statements_run (statements, NULL, error, "DELETE FROM chat_group WHERE address = ?",
                               "s", address) &&
         relay_statements_run (statements, NULL, error,
                               "DELETE FROM group_member WHERE address = ?", "s", address);
}

static gboolean
save_text (RelayStatements  *statements,
           const CpmGroup   *group,
           GError          **error)
{
  g_autoptr (JsonObject) object = cpm_group_to_json (group);
  g_autofree char *text = cpm_json_to_text (object);

  return relay_statements_run (
    statements, NULL, error,
    "INSERT OR REPLACE INTO chat_group (address, rev, text) VALUES (?, ?, ?)", "sis",
    group->address, group->rev, text);
}

static gboolean
save_member (RelayStatements  *statements,
             const char       *address,
             const char       *who,
             gboolean          is_in,
             GError          **error)
{
  if (is_in)
    return relay_statements_run (statements, NULL, error,
                                 "INSERT OR IGNORE INTO group_member (user, address) VALUES (?, ?)",
                                 "ss", who, address);

  return relay_statements_run (statements, NULL, error,
                               "DELETE FROM group_member WHERE user = ? AND address = ?", "ss", who,
                               address);
}

/* A group that is kept here; @old (nullable) is what it was. */
static gboolean
save (RelayStatements  *statements,
      RelayWrite       *write,
      const CpmGroup   *group,
      const CpmGroup   *old,
      GError          **error)
{
  if (cpm_group_is_empty (group))
    return forget_group (statements, group->address, error);

  for (unsigned i = 0; old != NULL && i < old->members->len; i++)
    {
      const char *who = old->members->pdata[i];

      if (!cpm_group_has (group, who) &&
          !save_member (statements, group->address, who, FALSE, error))
        return FALSE;
    }

  for (unsigned i = 0; i < group->members->len; i++)
    {
      const char *who = group->members->pdata[i];

      if (relay_store_group_is_ours (write, who) &&
          !save_member (statements, group->address, who, TRUE, error))
        return FALSE;
    }

  return save_text (statements, group, error);
}

/* All who are in it may see its picture; which comes from @source, who made it the group's, or the
 * group itself. */
static gboolean
show_picture (RelayStatements  *statements,
              const CpmGroup   *group,
              const char       *source,
              int64_t           now_us,
              GError          **error)
{
  const char *picture = group->picture != NULL
                          ? cpm_json_get_string (group->picture, "picture", NULL)
                          : NULL;

  if (picture == NULL)
    return TRUE;

  for (unsigned i = 0; i < group->members->len; i++)
    {
      if (!relay_store_show_to_member (statements, picture, group->members->pdata[i], error))
        return FALSE;
    }

  return relay_store_want_picture (statements, picture, source,
                                   cpm_json_get_string (group->picture, "sha256", ""),
                                   cpm_json_get_string (group->picture, "mime", ""),
                                   cpm_json_get_int (group->picture, "bytes", 0), now_us, error);
}

static CpmMessage *
new_state (RelayWrite     *write,
           const CpmGroup *group,
           const char     *by)
{
  g_autofree char *rev = g_strdup_printf ("state %" G_GINT64_FORMAT, group->rev);
  g_autofree char *id = relay_store_group_derive_id (write->id, rev);
  JsonObject *body = cpm_group_to_json (group);
  CpmMessage *state;

  if (by != NULL)
    {
      json_object_set_string_member (body, "by", by);
      json_object_set_string_member (body, "change", write->id);
    }

  state = cpm_message_new (CPM_MESSAGE_GROUP_STATE, id, group->address, body);
  cpm_message_stamp (state, group->address, write->now_us);
  return state;
}

/* All who are in it now, and those who were until now. */
static gboolean
tell_state (RelayStatements  *statements,
            RelayWrite       *write,
            const CpmGroup   *group,
            const CpmGroup   *old,
            const char       *by,
            GError          **error)
{
  g_autoptr (CpmMessage) state = new_state (write, group, by);

  for (unsigned i = 0; i < group->members->len; i++)
    {
      if (!relay_store_group_give (statements, write, state, group->members->pdata[i], error))
        return FALSE;
    }

  for (unsigned i = 0; old != NULL && i < old->members->len; i++)
    {
      const char *who = old->members->pdata[i];

      if (!cpm_group_has (group, who) &&
          !relay_store_group_give (statements, write, state, who, error))
        return FALSE;
    }

  return show_picture (statements, group, by != NULL ? by : group->address, write->now_us, error);
}

static gboolean
tell_failures (RelayStatements  *statements,
               RelayWrite       *write,
               GError          **error)
{
  for (unsigned i = 0; write->failures != NULL && i < write->failures->len; i++)
    {
      const RelayWriteFailure *failure = write->failures->pdata[i];

      if (!relay_store_group_tell_failure (statements, write, write->user, write->id, failure->who,
                                           failure->error, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_failed (const RelayWrite *write,
            const char       *who)
{
  for (unsigned i = 0; write->failures != NULL && i < write->failures->len; i++)
    {
      if (g_str_equal (((const RelayWriteFailure *) write->failures->pdata[i])->who, who))
        return TRUE;
    }

  return FALSE;
}

gboolean
relay_store_group_create (RelayStatements  *statements,
                          RelayWrite       *write,
                          GError          **error)
{
  g_autoptr (CpmMessage) message = parse_message (write, error);
  g_autoptr (CpmGroup) group = NULL;
  g_autoptr (CpmGroup) there = NULL;

  if (message == NULL ||
      !relay_store_note_said (statements, write, write->conversation, &write->was_there, error))
    return FALSE;
  if (write->was_there)
    return TRUE;

  there = relay_store_group_find (statements, write->conversation);
  if (there != NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                           "There is a group with this address already");
      return FALSE;
    }

  group = cpm_group_new (message, write->user, error);
  if (group == NULL)
    return FALSE;

  for (unsigned i = 0; write->failures != NULL && i < write->failures->len; i++)
    cpm_group_drop (group, ((const RelayWriteFailure *) write->failures->pdata[i])->who);
  group->rev = 1;

  return save (statements, write, group, NULL, error) &&
         tell_state (statements, write, group, NULL, write->user, error) &&
         tell_failures (statements, write, error);
}

/* Leaves out who cannot be added. */
static void
filter_added (RelayWrite     *write,
              CpmGroupChange *change)
{
  unsigned n = 0;

  for (unsigned i = 0; change->add != NULL && change->add[i] != NULL; i++)
    {
      if (has_failed (write, change->add[i]))
        g_free (change->add[i]);
      else
        change->add[n++] = change->add[i];
    }

  if (change->add != NULL)
    change->add[n] = NULL;
}

static gboolean
apply (RelayStatements  *statements,
       RelayWrite       *write,
       CpmGroup         *group,
       CpmMessage       *message,
       GError          **error)
{
  g_autoptr (CpmGroupChange) change = cpm_group_change_new (message);
  g_autoptr (CpmGroup) old = cpm_group_copy (group);
  g_autoptr (GError) why = NULL;

  filter_added (write, change);
  if (!cpm_group_apply (group, change, write->user, &why))
    return relay_store_group_refuse (statements, write, why, error);

  if (!relay_store_note_said (statements, write, write->conversation, &write->was_there, error) ||
      !tell_failures (statements, write, error))
    return FALSE;

  return group->rev == old->rev ||
         (save (statements, write, group, old, error) &&
          tell_state (statements, write, group, old, write->user, error));
}

gboolean
relay_store_group_change (RelayStatements  *statements,
                          RelayWrite       *write,
                          GError          **error)
{
  g_autoptr (CpmMessage) message = parse_message (write, error);
  g_autoptr (CpmGroup) group = NULL;

  if (message == NULL || !relay_store_arrive (statements, write, error))
    return FALSE;

  write->was_there = relay_store_is_said (statements, write, write->conversation);
  if (write->was_there)
    return TRUE;

  group = relay_store_group_find (statements, write->conversation);
  if (group == NULL)
    return relay_store_group_refuse_unknown (statements, write, error);

  return apply (statements, write, group, message, error);
}

/* The group itself is who does it. */
static gboolean
take_out (RelayStatements  *statements,
          RelayWrite       *write,
          const char       *who,
          GError          **error)
{
  g_autoptr (CpmGroup) group = relay_store_group_find (statements, write->conversation);
  g_autoptr (CpmGroup) old = NULL;

  if (group == NULL || !cpm_group_has (group, who))
    return TRUE;

  old = cpm_group_copy (group);
  cpm_group_drop (group, who);
  return save (statements, write, group, old, error) &&
         tell_state (statements, write, group, old, NULL, error);
}

gboolean
relay_store_group_drop (RelayStatements  *statements,
                        RelayWrite       *write,
                        GError          **error)
{
  const RelayWriteFailure *failure = write->failures->pdata[0];
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "DELETE FROM outbox WHERE domain = ? AND n = ?", "si", write->home,
                             write->n) ||
      (write->number != 0 && !take_out (statements, write, failure->who, error)))
    return FALSE;

  return changes == 0 || write->other == NULL ||
         relay_store_group_tell_failure (statements, write, write->other, write->id, failure->who,
                                         failure->error, error);
}

static gboolean
has_anybody (RelayStatements *statements,
             const char      *address)
{
  return relay_statements_get_number (
           statements, 0, "SELECT count (*) FROM group_member WHERE address = ?", "s", address) > 0;
}

/* What the group's home says of it. */
static gboolean
take_state (RelayStatements  *statements,
            RelayWrite       *write,
            const CpmGroup   *group,
            GError          **error)
{
  g_autoptr (CpmGroup) old = relay_store_group_find (statements, group->address);

  if (!save_member (statements, group->address, write->other, cpm_group_has (group, write->other),
                    error))
    return FALSE;
  if (!has_anybody (statements, group->address))
    return forget_group (statements, group->address, error);

  return (old != NULL && old->rev > group->rev) ||
         (save_text (statements, group, error) &&
          show_picture (statements, group, group->address, write->now_us, error));
}

gboolean
relay_store_group_take (RelayStatements  *statements,
                        RelayWrite       *write,
                        GError          **error)
{
  g_autoptr (CpmMessage) message = parse_message (write, error);
  g_autoptr (CpmGroup) group = message != NULL
                                 ? cpm_group_from_json (cpm_message_get_body (message), error)
                                 : NULL;

  if (group == NULL || !relay_store_arrive (statements, write, error) ||
      !relay_store_note_said (statements, write, write->other, &write->was_there, error))
    return FALSE;

  /* Nobody need hear of being thrown out of where one never was. */
  if (write->was_there || (!cpm_group_has (group, write->other) &&
                           !relay_store_group_has (statements, group->address, write->other)))
    return TRUE;

  relay_write_add_told (write, write->other);
  return take_state (statements, write, group, error) &&
         relay_store_put_inbox (statements, write, write->other, NULL, error);
}

CpmGroup *
relay_store_group_find (RelayStatements *statements,
                        const char      *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;
  CpmGroup *group = NULL;
  sqlite3_stmt *statement = relay_statements_bind (
    statements, &error, "SELECT text FROM chat_group WHERE address = ?", "s", address);

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    text = relay_statements_dup_text (statement, 0);
  if (statement != NULL)
    relay_statements_done (statement);

  object = text != NULL ? cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, &error) : NULL;
  group = object != NULL ? cpm_group_from_json (object, &error) : NULL;
  if (error != NULL)
    g_warning ("The group %s cannot be read: %s", address, error->message);

  return group;
}

gboolean
relay_store_group_has (RelayStatements *statements,
                       const char      *address,
                       const char      *user)
{
  return relay_statements_get_number (
           statements, 0, "SELECT count (*) FROM group_member WHERE user = ? AND address = ?", "ss",
           user, address) > 0;
}

GStrv
relay_store_group_list (RelayStatements *statements,
                        const char      *user)
{
  return relay_statements_list_texts (
    statements, "SELECT address FROM group_member WHERE user = ? ORDER BY address", "s", user);
}
