/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-command"

#include "config.h"

#include "cli-command.h"

#include "cli-output.h"
#include "cli-verbs.h"
#include "cpm-json.h"

#include <stdlib.h>

/* A line may be longer than a message, so that one that is too long is told so by its id. */
#define MAX_LINE_BYTES (4 * 1024 * 1024)

struct _CliCommand
{
  CliRun *run;
  JsonObject *object;
};

typedef struct
{
  const char *name;
  void (*run) (CliCommand *command);
} Verb;

/* Sorted by name. */
static const Verb verbs[] = {
  { "accept", cli_verb_accept },
  { "allow", cli_verb_allow },
  { "allow-photos", cli_verb_allow_photos },
  { "answer-photo-request", cli_verb_answer_photo_request },
  { "block", cli_verb_block },
  { "cancel", cli_verb_cancel },
  { "crossfade", cli_verb_crossfade },
  { "decline", cli_verb_decline },
  { "delay-preview", cli_verb_delay_preview },
  { "devices", cli_verb_devices },
  { "displayed", cli_verb_displayed },
  { "group", cli_verb_group },
  { "group-add", cli_verb_group_add },
  { "group-leave", cli_verb_group_leave },
  { "group-picture", cli_verb_group_picture },
  { "group-remove", cli_verb_group_remove },
  { "group-rename", cli_verb_group_rename },
  { "hand-over", cli_verb_hand_over },
  { "history", cli_verb_history },
  { "join", cli_verb_join },
  { "leave", cli_verb_leave },
  { "message", cli_verb_message },
  { "microphone", cli_verb_microphone },
  { "next", cli_verb_next },
  { "pause", cli_verb_pause },
  { "photo", cli_verb_photo },
  { "play", cli_verb_play },
  { "point", cli_verb_point },
  { "presenter", cli_verb_presenter },
  { "previous", cli_verb_previous },
  { "privacy", cli_verb_privacy },
  { "quit", cli_verb_quit },
  { "react", cli_verb_react },
  { "record", cli_verb_record },
  { "record-stop", cli_verb_record_stop },
  { "request-photo", cli_verb_request_photo },
  { "request-turn", cli_verb_request_turn },
  { "revoke", cli_verb_revoke },
  { "seek", cli_verb_seek },
  { "send-picture", cli_verb_send_picture },
  { "share", cli_verb_share },
  { "snapshot", cli_verb_snapshot },
  { "stats", cli_verb_stats },
  { "status", cli_verb_status },
  { "stop", cli_verb_stop },
  { "switch", cli_verb_switch },
  { "timer", cli_verb_timer },
  { "unblock", cli_verb_unblock },
  { "watch-url", cli_verb_watch_url },
};

static int
compare_verbs (const void *name,
               const void *verb)
{
  return g_strcmp0 (name, ((const Verb *) verb)->name);
}

static void
cli_command_free (CliCommand *self)
{
  CliRun *run = self->run;

  json_object_unref (self->object);
  g_free (self);
  cli_run_count (run, -1);
}

/* The command's own id, whatever kind of value it is, or null. */
static void
set_id (CliCommand *self,
        JsonObject *answer)
{
  JsonNode *id = json_object_get_member (self->object, "id");

  json_object_set_member (answer, "id",
                          id != NULL ? json_node_copy (id) : json_node_new (JSON_NODE_NULL));
}

void
cli_command_take (CliRun     *run,
                  const char *line,
                  size_t      length,
                  gboolean    cut)
{
  g_autoptr (GError) error = NULL;
  CliCommand *self = g_new0 (CliCommand, 1);
  const char *name;
  const Verb *verb;

  cli_run_count (run, 1);
  self->run = run;
  self->object = cut ? NULL : cpm_json_parse (line, length, MAX_LINE_BYTES, &error);
  if (self->object == NULL)
    {
      if (error == NULL)
        error = g_error_new_literal (CPM_ERROR, CPM_ERROR_TOO_BIG, "The line is too long.");

      self->object = json_object_new ();
      cli_command_fail (self, error);
      return;
    }

  name = cli_command_get_string (self, "do", &error);
  verb = name != NULL
         ? bsearch (name, verbs, G_N_ELEMENTS (verbs), sizeof verbs[0], compare_verbs) : NULL;
  if (verb == NULL)
    {
      if (error == NULL)
        error = g_error_new_literal (CPM_ERROR, CPM_ERROR_UNSUPPORTED, "There is no such command.");

      cli_command_fail (self, error);
      return;
    }

  verb->run (self);
}

CliRun *
cli_command_get_run (CliCommand *self)
{
  return self->run;
}

Client *
cli_command_get_client (CliCommand *self)
{
  return cli_run_get_client (self->run);
}

JsonObject *
cli_command_get_object (CliCommand *self)
{
  return self->object;
}

void
cli_command_ok (CliCommand *self,
                JsonObject *members)
{
  JsonObject *answer = members != NULL ? members : json_object_new ();

  json_object_set_string_member (answer, "event", "ok");
  set_id (self, answer);
  cli_output_write (answer);
  cli_command_free (self);
}

void
cli_command_fail (CliCommand   *self,
                  const GError *error)
{
  JsonObject *answer = cli_output_new_event ("error");

  set_id (self, answer);
  cli_output_set_error (answer, error);
  cli_output_write (answer);
  cli_command_free (self);
}

const char *
cli_command_get_string (CliCommand  *self,
                        const char  *member,
                        GError     **error)
{
  const char *text = cpm_json_get_string (self->object, member, NULL);

  if (text == NULL)
    g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                 "The command needs “%s”, and it must be a text.", member);

  return text;
}

GStrv
cli_command_get_texts (CliCommand  *self,
                       const char  *member,
                       GError     **error)
{
  JsonArray *array = cpm_json_get_array (self->object, member);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  unsigned n = array != NULL ? json_array_get_length (array) : 0;

  for (unsigned i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        {
          n = 0;
          break;
        }

      g_strv_builder_add (builder, json_node_get_string (node));
    }

  if (n == 0)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "The command needs “%s”, an array of at least one address.", member);
      return NULL;
    }

  return g_strv_builder_end (builder);
}

ClientShare *
cli_command_get_share (CliCommand  *self,
                       GError     **error)
{
  const char *id = cli_command_get_string (self, "share", error);
  ClientShare *share = id != NULL ? client_find_share (cli_command_get_client (self), id) : NULL;

  if (id != NULL && share == NULL)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                         "There is no such share now: it has ended, or there never was one.");

  return share;
}

/* `to` is an address, a conversation's id, or an array with one address. */
static ClientConversation *
find_by_to (CliCommand  *self,
            GError     **error)
{
  JsonArray *several = cpm_json_get_array (self->object, "to");
  const char *to = cpm_json_get_string (self->object, "to", NULL);
  ClientConversation *conversation;

  if (several != NULL)
    {
      JsonNode *first = json_array_get_length (several) == 1 ? json_array_get_element (several, 0)
                                                             : NULL;

      if (first == NULL || json_node_get_value_type (first) != G_TYPE_STRING)
        {
          g_set_error_literal (
            error, CPM_ERROR, CPM_ERROR_UNSUPPORTED,
            "“to” must hold one address here; for several, make a group and name its"
            " conversation.");
          return NULL;
        }

      to = json_node_get_string (first);
    }

  conversation = client_find_conversation (cli_command_get_client (self), to);

  return conversation != NULL ? conversation
                              : client_open_conversation (cli_command_get_client (self), to, error);
}

ClientConversation *
cli_command_get_conversation (CliCommand  *self,
                              GError     **error)
{
  ClientConversation *conversation = NULL;
  const char *id;

  if (json_object_has_member (self->object, "share"))
    {
      ClientShare *share = cli_command_get_share (self, error);

      return share != NULL ? client_share_get_conversation (share) : NULL;
    }

  if (json_object_has_member (self->object, "to"))
    return find_by_to (self, error);

  id = cli_command_get_string (self, "conversation", error);
  if (id != NULL)
    {
      conversation = client_find_conversation (cli_command_get_client (self), id);
      if (conversation == NULL)
        g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                             "There is no such conversation.");
    }

  return conversation;
}
