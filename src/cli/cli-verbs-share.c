/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-share"

#include "config.h"

#include "cli-verbs.h"

#include "cli-content.h"
#include "cli-gathering.h"
#include "cpm-json.h"

static void
on_invited (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;
  ClientShare *share = client_share_with_finish (CLIENT_CLIENT (source), result, &error);
  JsonObject *members;

  if (share == NULL)
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_string_member (members, "share", client_share_get_id (share));
  cli_command_ok (command, members);
}

static void
on_gathered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = cli_gathering_find_finish (CLIENT_CLIENT (source), result,
                                                                &error);
  g_autoptr (ClientShowable) what =
    conversation != NULL ? cli_content_parse (cli_command_get_object (command), &error) : NULL;

  if (what == NULL)
    cli_command_fail (command, error);
  else
    client_share_with_async (CLIENT_CLIENT (source), conversation, what, NULL, on_invited, command);
}

/* With several people at once: they are a group then. */
static void
share_with_several (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) addresses = cli_command_get_texts (command, "to", &error);

  if (addresses == NULL)
    cli_command_fail (command, error);
  else
    cli_gathering_find_async (cli_command_get_client (command), (const char *const *) addresses,
                              on_gathered, command);
}

void
cli_verb_share (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientShowable) what = cli_content_parse (cli_command_get_object (command), &error);
  JsonArray *to = cpm_json_get_array (cli_command_get_object (command), "to");
  ClientConversation *conversation;

  if (what != NULL && to != NULL && json_array_get_length (to) > 1)
    {
      share_with_several (command);
      return;
    }

  conversation = what != NULL ? cli_command_get_conversation (command, &error) : NULL;
  if (conversation == NULL)
    cli_command_fail (command, error);
  else
    client_share_with_async (cli_command_get_client (command), conversation, what, NULL, on_invited,
                             command);
}

void
cli_on_share_done (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;

  if (client_share_finish (CLIENT_SHARE (source), result, &error))
    cli_command_ok (command, NULL);
  else
    cli_command_fail (command, error);
}

typedef void (*ShareVerb) (ClientShare         *share,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data);

static void
say (CliCommand *command,
     ShareVerb   verb)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);

  if (share == NULL)
    cli_command_fail (command, error);
  else
    verb (share, NULL, cli_on_share_done, command);
}

void
cli_verb_accept (CliCommand *command)
{
  say (command, client_share_accept_async);
}

void
cli_verb_leave (CliCommand *command)
{
  say (command, client_share_leave_async);
}

void
cli_verb_cancel (CliCommand *command)
{
  say (command, client_share_cancel_async);
}

void
cli_verb_stop (CliCommand *command)
{
  say (command, client_share_stop_async);
}

void
cli_verb_decline (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = cli_command_get_object (command);
  const char *said = cpm_json_get_string (object, "reason", "no");
  ClientShare *share = cli_command_get_share (command, &error);
  CpmReason reason = g_str_equal (said, "busy") ? CPM_REASON_BUSY
                   : g_str_equal (said, "later") ? CPM_REASON_LATER : CPM_REASON_DECLINED;

  if (share != NULL && reason == CPM_REASON_DECLINED && !g_str_equal (said, "no")
      && !g_str_equal (said, "declined"))
    {
      error = g_error_new_literal (CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                                   "The reason is one of “busy”, “later” and “no”.");
      share = NULL;
    }

  if (share == NULL)
    cli_command_fail (command, error);
  else
    client_share_decline_async (share, reason, cpm_json_get_string (object, "text", NULL), NULL,
                                cli_on_share_done, command);
}

static void
on_switched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *members;

  if (!client_share_finish (CLIENT_SHARE (source), result, &error))
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_int_member (
    members, "n", cpm_session_get_content_n (client_share_get_session (CLIENT_SHARE (source))));
  cli_command_ok (command, members);
}

void
cli_verb_switch (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);
  g_autoptr (ClientShowable) what =
    share != NULL ? cli_content_parse (cli_command_get_object (command), &error) : NULL;

  if (what == NULL)
    cli_command_fail (command, error);
  else
    client_share_switch_async (share, what, NULL, on_switched, command);
}

static void
on_joined (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;

  if (client_join_share_finish (CLIENT_CLIENT (source), result, &error) != NULL)
    cli_command_ok (command, NULL);
  else
    cli_command_fail (command, error);
}

/* Into a share that was missed, declined or left: it is not among those of now. */
void
cli_verb_join (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *share = cli_command_get_string (command, "share", &error);

  if (share == NULL)
    cli_command_fail (command, error);
  else
    client_join_share_async (cli_command_get_client (command), share, NULL, on_joined, command);
}

void
cli_verb_request_turn (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);
  g_autoptr (ClientShowable) what =
    share != NULL ? cli_content_parse (cli_command_get_object (command), &error) : NULL;

  if (what == NULL)
    cli_command_fail (command, error);
  else
    client_share_request_turn_async (share, what, NULL, cli_on_share_done, command);
}

void
cli_verb_hand_over (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *to = cli_command_get_string (command, "to", &error);
  ClientShare *share = to != NULL ? cli_command_get_share (command, &error) : NULL;

  if (share == NULL)
    cli_command_fail (command, error);
  else
    client_share_hand_over_async (share, to, NULL, cli_on_share_done, command);
}

/* pause, play and seek are done at once, or cannot be done with what is shown. */
static void
answer_control (CliCommand *command,
                gboolean    done)
{
  g_autoptr (GError) error = NULL;

  if (done)
    {
      cli_command_ok (command, NULL);
      return;
    }

  error =
    g_error_new_literal (CPM_ERROR, CPM_ERROR_BAD_STATE,
                         "What is shown in this share cannot be paused or moved: only films can.");
  cli_command_fail (command, error);
}

static void
set_playing (CliCommand *command,
             gboolean    playing)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);

  if (share == NULL)
    cli_command_fail (command, error);
  else
    answer_control (command, client_share_set_playing (share, playing));
}

void
cli_verb_pause (CliCommand *command)
{
  set_playing (command, FALSE);
}

void
cli_verb_play (CliCommand *command)
{
  set_playing (command, TRUE);
}

void
cli_verb_seek (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);
  double position_s = cpm_json_get_double (cli_command_get_object (command), "position_s", -1);

  if (share != NULL && !(position_s >= 0 && position_s < 1e6))
    {
      error = g_error_new_literal (CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                                   "The command needs “position_s”, a number of seconds.");
      share = NULL;
    }

  if (share == NULL)
    cli_command_fail (command, error);
  else
    answer_control (command, client_share_seek (share, (int64_t) (position_s * G_USEC_PER_SEC)));
}

static void
on_snapshot (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *members;
  int width;
  int height;
  int64_t pts_us;

  if (!client_share_snapshot_finish (CLIENT_SHARE (source), result, &width, &height, &pts_us,
                                     &error))
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_int_member (members, "width", width);
  json_object_set_int_member (members, "height", height);
  json_object_set_int_member (members, "pts_us", pts_us);
  cli_command_ok (command, members);
}

void
cli_verb_snapshot (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *path = cli_command_get_string (command, "path", &error);
  ClientShare *share = path != NULL ? cli_command_get_share (command, &error) : NULL;

  if (share == NULL)
    cli_command_fail (command, error);
  else
    client_share_snapshot_async (share, path, NULL, on_snapshot, command);
}

void
cli_verb_stats (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = cli_command_get_share (command, &error);

  if (share == NULL)
    cli_command_fail (command, error);
  else
    cli_command_ok (command, client_share_get_stats (share));
}
