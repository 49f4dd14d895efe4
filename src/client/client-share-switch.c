/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "client-source.h"

/* What is shown changes, or the camera in its corner: make the source (closed) → ask the relay →
 * show → number the frames. One after the other. When it cannot be shown the old content, which has
 * stayed on the stage, is announced again. */

static void begin_switch (ClientShare *self);

typedef struct
{
  ClientShowable *showable; /* (nullable): nothing in the corner any more */
  gboolean is_corner;
  gboolean is_withdrawn;    /* the camera was switched off again before it was open */
  /* the relay knows of no camera in the corner, though its state may be on its way */
  gboolean is_told;
  MediaSource *source;
  GError *error;            /* while the relay is told that the old content stays */
} Switch;

static void
switch_free (gpointer data)
{
  Switch *what = data;

  g_clear_pointer (&what->showable, client_showable_free);
  g_clear_object (&what->source);
  g_clear_error (&what->error);
  g_free (what);
}

/* Takes @error (nullable). */
static void
end_switch (GTask  *switch_task,
            GError *error)
{
  g_autoptr (GTask) task = switch_task;
  ClientShare *self = g_task_get_source_object (task);
  Switch *what = g_task_get_task_data (task);
  gboolean is_new = error == NULL && !what->is_corner;

  g_queue_remove (&self->switches, task);
  client_share_number_content (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  begin_switch (self);
  client_share_take_waiting_photos (self);
  if (is_new)
    client_share_note_shown (self);
  else
    client_share_tell_progress (self);

  /* The camera may have gone meanwhile, and nobody could say so then. */
  if (!what->is_told)
    client_share_settle_corner (self);
}

static GError *
new_withdrawn_error (void)
{
  return g_error_new_literal (CPM_ERROR, CPM_ERROR_CANCELLED,
                              "The camera was switched off before it was open.");
}

static void
end_not_shown (GTask *task)
{
  end_switch (task, g_error_new_literal (CPM_ERROR, CPM_ERROR_BAD_STATE,
                                         "Nothing is shown in this share now."));
}

/* Says that @showable is going to be shown. Whatever has a camera in its corner is more than that:
 * rights and devices are asked for both. */
static void
announce (GTask                *task,
          const ClientShowable *showable,
          gboolean              has_camera,
          GCancellable         *cancellable,
          GAsyncReadyCallback   callback)
{
  ClientShare *self = g_task_get_source_object (task);
  Switch *what = g_task_get_task_data (task);
  g_autoptr (CpmContent) content = client_showable_to_content (showable);
  JsonObject *body = client_share_new_body (self);

  what->is_told = !has_camera;
  content->has_camera = has_camera;
  content->has_audio |= has_camera && client_share_get_microphone (self);
  json_object_set_object_member (body, "content", cpm_content_to_json (content));
  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_SWITCH, NULL, body, cancellable,
                             callback, task);
}

static void
on_switched_back (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Switch *what = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!client_link_request_finish (CLIENT_LINK (source), result, &error))
    g_debug ("What is shown could not be announced again: %s", error->message);

  end_switch (task, g_steal_pointer (&what->error));
}

/* What the relay knows has to be right again, without @error (nullable, taken) or with it. */
static void
switch_back (GTask  *task,
             GError *error)
{
  ClientShare *self = g_task_get_source_object (task);
  Switch *what = g_task_get_task_data (task);

  what->error = error;
  what->is_told = TRUE; /* who has gone says no more */
  if (self->given_up || self->over)
    end_switch (task, g_steal_pointer (&what->error));
  else
    announce (task, self->showable, client_share_get_presenter (self), NULL, on_switched_back);
}

static void
on_content_shown (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  ClientShare *self = g_task_get_source_object (task);
  Switch *what = g_task_get_task_data (task);
  GError *error = NULL;

  if (!client_presenter_show_finish (CLIENT_PRESENTER (source), result, &error))
    {
      switch_back (task, error);
      return;
    }

  g_clear_pointer (&self->showable, client_showable_free);
  self->showable = client_showable_copy (what->showable);
  end_switch (task, NULL);
}

static void
on_corner_shown (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (client_presenter_set_corner_finish (CLIENT_PRESENTER (source), result, &error))
    end_switch (task, NULL);
  else
    switch_back (task, error);
}

static void
show (GTask *task)
{
  ClientShare *self = g_task_get_source_object (task);
  Switch *what = g_task_get_task_data (task);

  if (self->presenter == NULL)
    {
      end_not_shown (task);
    }
  else if (what->is_corner)
    {
      client_presenter_set_corner_async (self->presenter, what->source, on_corner_shown, task);
    }
  else
    {
      if (what->showable->mute)
        client_share_set_microphone (self, FALSE);

      client_presenter_show_async (self->presenter, what->showable, what->source, on_content_shown,
                                   task);
    }
}

static void
on_switch_allowed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Switch *what = g_task_get_task_data (task);
  GError *error = NULL;

  if (client_link_request_finish (CLIENT_LINK (source), result, &error))
    {
      if (what->is_withdrawn)
        switch_back (task, new_withdrawn_error ());
      else
        show (task);
      return;
    }

  what->is_told = FALSE;
  end_switch (task, error);
}

static void
on_switch_source (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  ClientShare *self = g_task_get_source_object (task);
  Switch *what = g_task_get_task_data (task);
  GError *error = NULL;

  what->source = client_source_make_finish (result, &error);
  if (what->source == NULL)
    end_switch (task, error);
  else if (what->is_withdrawn)
    end_switch (task, new_withdrawn_error ());
  else if (!what->is_corner)
    announce (task, what->showable, client_share_get_presenter (self),
              g_task_get_cancellable (task), on_switch_allowed);
  /* another camera, where one is allowed */
  else if (self->presenter == NULL || client_share_get_presenter (self))
    show (task);
  else
    announce (task, self->showable, TRUE, g_task_get_cancellable (task), on_switch_allowed);
}

static void
on_corner_empty (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GError *error = NULL;

  client_presenter_set_corner_finish (CLIENT_PRESENTER (source), result, &error);
  switch_back (user_data, error);
}

/* The camera closes at once, whatever the relay says to it. */
static void
empty_corner (GTask *task)
{
  ClientShare *self = g_task_get_source_object (task);

  if (self->presenter == NULL)
    end_not_shown (task);
  else if (client_share_get_presenter (self) || cpm_session_get_content (self->session)->has_camera)
    client_presenter_set_corner_async (self->presenter, NULL, on_corner_empty, task);
  else
    end_switch (task, NULL);
}

static void
begin_switch (ClientShare *self)
{
  GTask *task = g_queue_peek_head (&self->switches);
  Switch *what;

  if (task == NULL)
    return;

  what = g_task_get_task_data (task);
  if (what->is_withdrawn)
    end_switch (task, new_withdrawn_error ());
  else if (what->showable != NULL)
    client_source_make_async (self->world, what->showable, g_task_get_cancellable (task),
                              on_switch_source, task);
  else
    empty_corner (task);
}

/* Takes @task. */
static void
add_switch (ClientShare          *self,
            GTask                *task,
            const ClientShowable *showable,
            gboolean              is_corner)
{
  Switch *what = g_new0 (Switch, 1);

  what->showable = showable != NULL ? client_showable_copy (showable) : NULL;
  what->is_corner = is_corner;
  g_task_set_task_data (task, what, switch_free);

  g_queue_push_tail (&self->switches, task);
  if (g_queue_get_length (&self->switches) == 1)
    begin_switch (self);
}

void
client_share_switch_async (ClientShare          *self,
                           const ClientShowable *showable,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));
  g_return_if_fail (showable != NULL);

  if (client_showable_needs_camera (showable))
    client_world_set_camera (self->world, showable->device);
  if (showable->kind == CPM_CONTENT_CAMERA)
    client_world_set_microphone (self->world, !showable->mute);

  add_switch (
    self, client_share_new_task (self, cancellable, callback, user_data, client_share_switch_async),
    showable, FALSE);
}

/* What is under way may take long: a camera that is there does not wait for it, and one that is
 * still to come does not come any more. */
static void
empty_corner_meanwhile (ClientShare *self)
{
  for (GList *link = self->switches.head; link != NULL; link = link->next)
    {
      Switch *what = g_task_get_task_data (link->data);

      what->is_withdrawn |= what->is_corner && what->showable != NULL;
    }

  client_presenter_set_corner_async (self->presenter, NULL, NULL, NULL);
}

void
client_share_set_presenter_async (ClientShare         *self,
                                  gboolean             on,
                                  const char          *device,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (ClientShowable) showable = NULL;
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  task = client_share_new_task (self, cancellable, callback, user_data,
                                client_share_set_presenter_async);
  if (self->presenter == NULL)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_BAD_STATE,
                               "Nothing is shown in this share now: the camera stays closed.");
      g_object_unref (task);
      return;
    }

  if (on)
    showable = client_showable_new (CPM_CONTENT_CAMERA, NULL, device);
  else if (!g_queue_is_empty (&self->switches))
    empty_corner_meanwhile (self);

  add_switch (self, task, showable, TRUE);
}

gboolean
client_share_get_presenter (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->presenter != NULL && client_presenter_has_corner (self->presenter);
}

void
client_share_settle_corner (ClientShare *self)
{
  if (self->presenter != NULL && g_queue_is_empty (&self->switches)
      && cpm_session_get_content (self->session)->has_camera && !client_share_get_presenter (self))
    add_switch (self, client_share_new_task (self, NULL, NULL, NULL, client_share_settle_corner),
                NULL, TRUE);
}
