/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-show"

#include "config.h"

#include "cli-verbs.h"

#include "cpm-json.h"

/* What is done with what is shown, while it is seen. */

static void
fail (CliCommand *command,
      CpmError    code,
      const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, code, sentence);

  cli_command_fail (command, error);
}

/* (nullable): then the command was answered. */
static ClientShare *
take_share (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);

  if (share == NULL)
    cli_command_fail (command, error);

  return share;
}

static gboolean
has_boolean (CliCommand *command,
             const char *member)
{
  JsonNode *node = json_object_get_member (cli_command_get_object (command), member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
}

/* A series */

static void
answer_step (CliCommand  *command,
             ClientShare *share,
             gboolean     done)
{
  JsonObject *members;

  if (!done)
    {
      fail (command, CPM_ERROR_BAD_STATE, "No series of pictures is shown in this share.");
      return;
    }

  members = json_object_new ();
  json_object_set_int_member (members, "page", client_share_get_page (share));
  json_object_set_int_member (members, "pages", client_share_get_n_pages (share));
  cli_command_ok (command, members);
}

void
cli_verb_next (CliCommand *command)
{
  ClientShare *share = take_share (command);

  if (share != NULL)
    answer_step (command, share, client_share_next (share));
}

void
cli_verb_previous (CliCommand *command)
{
  ClientShare *share = take_share (command);

  if (share != NULL)
    answer_step (command, share, client_share_previous (share));
}

void
cli_verb_timer (CliCommand *command)
{
  ClientShare *share = take_share (command);
  int64_t seconds = cpm_json_get_int (cli_command_get_object (command), "seconds", -1);

  if (share == NULL)
    return;

  if (seconds < 0 || seconds > 3600)
    fail (command, CPM_ERROR_BAD_ENVELOPE, "The command needs “seconds”, a number from 0 to 3600.");
  else
    answer_step (command, share, client_share_set_timer (share, (unsigned) seconds));
}

/* Sound, looks, the corner, the record */

static void
turn (CliCommand *command,
      void      (*switch_on) (ClientShare *share, gboolean on))
{
  ClientShare *share = take_share (command);

  if (share == NULL)
    return;

  if (!has_boolean (command, "on"))
    {
      fail (command, CPM_ERROR_BAD_ENVELOPE, "The command needs “on”: true or false.");
      return;
    }

  switch_on (share, cpm_json_get_boolean (cli_command_get_object (command), "on", TRUE));
  cli_command_ok (command, NULL);
}

void
cli_verb_microphone (CliCommand *command)
{
  turn (command, client_share_set_microphone);
}

void
cli_verb_delay_preview (CliCommand *command)
{
  turn (command, client_share_set_preview_delayed);
}

void
cli_verb_crossfade (CliCommand *command)
{
  ClientShare *share = take_share (command);
  int64_t ms = cpm_json_get_int (cli_command_get_object (command), "ms", -1);

  if (share == NULL)
    return;

  if (ms < 0 || ms > 5000)
    {
      fail (command, CPM_ERROR_BAD_ENVELOPE, "The command needs “ms”, a number from 0 to 5000.");
      return;
    }

  client_share_set_crossfade (share, (unsigned) ms);
  cli_command_ok (command, NULL);
}

void
cli_verb_presenter (CliCommand *command)
{
  JsonObject *object = cli_command_get_object (command);
  ClientShare *share = take_share (command);

  if (share == NULL)
    return;

  if (!has_boolean (command, "on"))
    fail (command, CPM_ERROR_BAD_ENVELOPE, "The command needs “on”: true or false.");
  else
    client_share_set_presenter_async (share, cpm_json_get_boolean (object, "on", TRUE),
                                      cpm_json_get_string (object, "device", NULL), NULL,
                                      cli_on_share_done, command);
}

void
cli_verb_record (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *path = cli_command_get_string (command, "path", &error);
  ClientShare *share = path != NULL ? cli_command_get_share (command, &error) : NULL;

  if (share != NULL && client_share_record_start (share, path, &error))
    cli_command_ok (command, NULL);
  else
    cli_command_fail (command, error);
}

void
cli_verb_record_stop (CliCommand *command)
{
  ClientShare *share = take_share (command);

  if (share != NULL)
    client_share_record_stop_async (share, NULL, cli_on_share_done, command);
}

/* What viewers may do */

void
cli_verb_allow (CliCommand *command)
{
  ClientShare *share = take_share (command);
  JsonArray *array = cpm_json_get_array (cli_command_get_object (command), "allow");

  if (share == NULL)
    return;

  if (array == NULL)
    fail (command, CPM_ERROR_BAD_ENVELOPE,
          "The command needs “allow”: a list of “watch” and “snapshot”.");
  else
    client_share_set_allow_async (share, cpm_allow_from_json (array), NULL, cli_on_share_done,
                                  command);
}

static void
on_watch_url (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = client_share_get_watch_url_finish (CLIENT_SHARE (source), result, &error);
  JsonObject *members;

  if (url == NULL)
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_string_member (members, "url", url);
  cli_command_ok (command, members);
}

void
cli_verb_watch_url (CliCommand *command)
{
  ClientShare *share = take_share (command);

  if (share != NULL)
    client_share_get_watch_url_async (share, NULL, on_watch_url, command);
}

/* What all may say */

void
cli_verb_react (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *reaction = cli_command_get_string (command, "reaction", &error);
  ClientShare *share = reaction != NULL ? cli_command_get_share (command, &error) : NULL;

  if (share == NULL)
    cli_command_fail (command, error);
  else if (client_share_react (share, reaction))
    cli_command_ok (command, NULL);
  else
    fail (command, CPM_ERROR_BAD_STATE,
          "A reaction of 1 to 16 characters can be said while something is shown.");
}

void
cli_verb_point (CliCommand *command)
{
  JsonObject *object = cli_command_get_object (command);
  ClientShare *share = take_share (command);

  if (share == NULL)
    return;

  client_share_point (share, cpm_json_get_double (object, "x", -1),
                      cpm_json_get_double (object, "y", -1));
  cli_command_ok (command, NULL);
}
