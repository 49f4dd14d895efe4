/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-run"

#include "config.h"

#include "cli-run.h"

#include "cli-command.h"
#include "cli-events.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES (64 * 1024)
#define MAX_LINE_BYTES (8 * 1024 * 1024)
#define ANSWERS_MS 5000   /* how long the end waits for answers */
#define FAREWELL_MS 3000  /* and for shares and cameras, */
#define FAREWELL_STEP_MS 20 /* at which it looks */

struct _CliRun
{
  Client *client;
  GMainLoop *loop;
  GInputStream *input;
  GCancellable *cancellable;
  GString *line;        /* what came of the line so far */
  gboolean too_long;    /* the rest of the line is dropped */
  int n_open;
  unsigned ending;      /* 0, or the stage of the end */
  GError *error;
};

Client *
cli_run_get_client (CliRun *self)
{
  return self->client;
}

static gboolean
on_farewell_over (gpointer data)
{
  CliRun *self = data;

  g_main_loop_quit (self->loop);

  return G_SOURCE_CONTINUE;
}

/* Out when no share is left and every camera is closed. */
static gboolean
on_farewell_check (gpointer data)
{
  CliRun *self = data;

  if (g_list_model_get_n_items (client_get_shares (self->client)) == 0
      && !client_is_camera_open (self->client))
    g_main_loop_quit (self->loop);

  return G_SOURCE_CONTINUE;
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  client_share_finish (CLIENT_SHARE (source), result, NULL);
}

static void
end_share (ClientShare *share)
{
  if (client_share_can (share, CPM_VERB_CANCEL))
    client_share_cancel_async (share, NULL, on_stopped, NULL);
  else if (client_share_can (share, CPM_VERB_DECLINE)
           && client_share_get_state (share) == CPM_SESSION_INVITING)
    client_share_decline_async (share, CPM_REASON_LATER, NULL, NULL, on_stopped, NULL);
  else if (client_share_is_outgoing (share))
    client_share_stop_async (share, NULL, on_stopped, NULL);
  else
    client_share_leave_async (share, NULL, on_stopped, NULL);
}

static void
say_farewell (CliRun *self)
{
  GListModel *shares = client_get_shares (self->client);

  if (self->ending >= 2)
    return;

  self->ending = 2;
  for (unsigned i = g_list_model_get_n_items (shares); i-- > 0;)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      end_share (share);
    }

  g_timeout_add (FAREWELL_MS, on_farewell_over, self);
  g_timeout_add (FAREWELL_STEP_MS, on_farewell_check, self);
}

static gboolean
on_answers_late (gpointer data)
{
  say_farewell (data);

  return G_SOURCE_REMOVE;
}

static gboolean
on_answered (gpointer data)
{
  CliRun *self = data;

  if (self->n_open == 0)
    say_farewell (self);

  return G_SOURCE_REMOVE;
}

void
cli_run_count (CliRun *self,
               int     n)
{
  self->n_open += n;
  if (self->n_open == 0 && self->ending == 1)
    g_idle_add (on_answered, self);
}

void
cli_run_quit (CliRun *self)
{
  if (self->ending > 0)
    return;

  self->ending = 1;
  g_cancellable_cancel (self->cancellable);
  g_timeout_add (ANSWERS_MS, on_answers_late, self);
  g_idle_add (on_answered, self);
}

static gboolean
on_signal (gpointer data)
{
  cli_run_quit (data);

  return G_SOURCE_CONTINUE;
}

/* stdin */

static void
take_line (CliRun *self)
{
  if (self->ending == 0 && (self->line->len > 0 || self->too_long))
    cli_command_take (self, self->line->str, self->line->len, self->too_long);

  g_string_truncate (self->line, 0);
  self->too_long = FALSE;
}

static void
take_block (CliRun     *self,
            const char *block,
            size_t      length)
{
  while (length > 0)
    {
      const char *end = memchr (block, '\n', length);
      size_t part = end != NULL ? (size_t) (end - block) : length;

      if (self->line->len + part > MAX_LINE_BYTES)
        self->too_long = TRUE;
      else
        g_string_append_len (self->line, block, (gssize) part);

      if (end == NULL)
        return;

      take_line (self);
      block += part + 1;
      length -= part + 1;
    }
}

static void read_block (CliRun *self);

static void
on_block (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  CliRun *self = user_data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               NULL);
  size_t length = 0;
  const char *block = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (self->ending > 0)
    return;

  if (length == 0)
    {
      /* The last line may lack its end. */
      take_line (self);
      cli_run_quit (self);
      return;
    }

  take_block (self, block, length);
  if (self->ending == 0)
    read_block (self);
}

static void
read_block (CliRun *self)
{
  g_input_stream_read_bytes_async (self->input, BLOCK_BYTES, G_PRIORITY_DEFAULT, self->cancellable,
                                   on_block, self);
}

/* The relay does not know this device any more: nothing will come of waiting. */
static void
on_connection_state (Client     *client,
                     GParamSpec *pspec,
                     CliRun     *self)
{
  if (client_get_connection_state (client) != CLIENT_REFUSED || self->error != NULL)
    return;

  self->error = g_error_new_literal (CPM_ERROR, CPM_ERROR_AUTH, client_get_error_text (client));
  g_main_loop_quit (self->loop);
}

static void
clear (CliRun *self)
{
  /* Sources, signals and reads of ours end with us. */
  g_signal_handlers_disconnect_by_data (self->client, self);
  while (g_source_remove_by_user_data (self))
    continue;

  g_cancellable_cancel (self->cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  g_clear_object (&self->input);
  g_clear_object (&self->cancellable);
  g_string_free (self->line, TRUE);
  g_main_loop_unref (self->loop);
}

gboolean
cli_run (Client  *client,
         GError **error)
{
  CliRun self = { .client = client };
  g_autoptr (CliEvents) events = NULL;

  if (client_get_account (client) == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_AUTH,
                           "There is no account in this folder: use sign-up or sign-in first.");
      return FALSE;
    }

  self.loop = g_main_loop_new (NULL, FALSE);
  self.line = g_string_new (NULL);
  self.cancellable = g_cancellable_new ();
  self.input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  events = cli_events_new (client);
  g_signal_connect (client, "notify::connection-state", G_CALLBACK (on_connection_state), &self);
  g_unix_signal_add (SIGTERM, on_signal, &self);
  g_unix_signal_add (SIGINT, on_signal, &self);

  client_connect (client);
  read_block (&self);
  g_main_loop_run (self.loop);
  client_disconnect (client);
  clear (&self);

  if (self.error == NULL)
    return TRUE;

  g_propagate_error (error, self.error);

  return FALSE;
}
