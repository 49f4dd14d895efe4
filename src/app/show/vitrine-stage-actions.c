/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage-actions"

#include "config.h"

#include "vitrine-stage-actions.h"

#include "vitrine-compat.h"
#include "vitrine-float-window.h"
#include "vitrine-seat.h"
#include "vitrine-toast.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include <unistd.h>

struct _VitrineStageActions
{
  GObject parent_instance;

  GtkWidget *widget;   /* (unowned) */
  Client *client;      /* (nullable) */
  ClientShare *share;  /* (nullable) */
  char *device;        /* (nullable) */
  GSimpleActionGroup *group;
};

G_DEFINE_FINAL_TYPE (VitrineStageActions, vitrine_stage_actions, G_TYPE_OBJECT)

static GtkWindow *
actions_window (VitrineStageActions *self)
{
  return GTK_WINDOW (gtk_widget_get_root (self->widget));
}

static GSimpleAction *
actions_get (VitrineStageActions *self,
             const char          *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->group), name));
}

static void
actions_set (VitrineStageActions *self,
             const char          *name,
             gboolean             enabled,
             gboolean             state)
{
  GSimpleAction *action = actions_get (self, name);

  g_simple_action_set_enabled (action, enabled);
  if (g_action_get_state_type (G_ACTION (action)) != NULL)
    g_simple_action_set_state (action, g_variant_new_boolean (state));
}

/* One recording, from the button to the toast. */
typedef struct
{
  GtkWidget *widget;
  char *path;
} Recording;

static void
recording_free (gpointer data)
{
  Recording *recording = data;

  g_object_unref (recording->widget);
  g_free (recording->path);
  g_free (recording);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recording, recording_free)

static void
on_record_stopped (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (Recording) recording = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (client_share_finish (CLIENT_SHARE (source), result, &error))
    {
      name = g_filename_display_name (recording->path);
      /* Translators: %s is a file with its folders */
      text = g_strdup_printf (_("The recording was saved: %s"), name);
    }

  vitrine_toast (recording->widget, text != NULL ? text : error->message);
}

static void
actions_record_to (const char *path,
                   gpointer    user_data)
{
  VitrineStageActions *self = user_data;
  g_autoptr (GError) error = NULL;

  if (path == NULL || self->share == NULL)
    return;

  if (client_share_record_start (self->share, path, &error))
    g_object_set_data_full (G_OBJECT (self->share), "recording-path", g_strdup (path), g_free);
  else
    vitrine_toast (self->widget, error->message);
}

/* Into the folder for videos, where people look for it; where there is none, or it cannot be
 * written, the person is asked. */
static void
actions_record (VitrineStageActions *self)
{
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_VIDEOS);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* Translators: the name of the file of a recording; the codes are the date and the time, see
   * g_date_time_format() */
  g_autofree char *name = g_date_time_format (now, _("Vitrine %Y-%m-%d %H-%M-%S.mkv"));
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL && g_access (folder, W_OK) == 0)
    actions_record_to (path, self);
  else
    vitrine_compat_save_file (actions_window (self), _("Record To"), name, actions_record_to,
                              g_object_ref (self), g_object_unref);
}

static void
actions_end_recording (VitrineStageActions *self)
{
  Recording *recording = g_new0 (Recording, 1);

  recording->widget = g_object_ref (self->widget);
  recording->path = g_strdup (g_object_get_data (G_OBJECT (self->share), "recording-path"));
  client_share_record_stop_async (self->share, NULL, on_record_stopped, recording);
}

static void
on_record (GSimpleAction *action,
           GVariant      *value,
           gpointer       user_data)
{
  VitrineStageActions *self = user_data;

  if (self->share == NULL)
    return;

  if (client_share_is_recording (self->share))
    actions_end_recording (self);
  else
    actions_record (self);
}

static void
on_presenter (GSimpleAction *action,
              GVariant      *value,
              gpointer       user_data)
{
  VitrineStageActions *self = user_data;

  if (self->share != NULL)
    client_share_set_presenter_async (self->share, g_variant_get_boolean (value), self->device,
                                      NULL, vitrine_toast_share_error, g_object_ref (self->widget));
}

static void
on_allow (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  VitrineStageActions *self = user_data;
  CpmAllow flag = g_str_equal (g_action_get_name (G_ACTION (action)), "allow-watch")
                    ? CPM_ALLOW_WATCH
                    : CPM_ALLOW_SNAPSHOT;
  CpmAllow allow;

  if (self->share == NULL)
    return;

  allow = client_share_get_allow (self->share);
  allow = g_variant_get_boolean (value) ? allow | flag : allow & ~flag;
  client_share_set_allow_async (self->share, allow, NULL, vitrine_toast_share_error,
                                g_object_ref (self->widget));
}

static void
on_float (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  VitrineStageActions *self = user_data;

  if (self->share != NULL)
    gtk_window_present (
      vitrine_float_window_new (actions_window (self), self->client, self->share));
}

static void
on_snapshot_saved (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;
  gboolean saved = G_IS_FILE (source) ? g_file_copy_finish (G_FILE (source), result, &error)
                                      : client_share_snapshot_finish (CLIENT_SHARE (source), result,
                                                                      NULL, NULL, NULL, &error);

  vitrine_toast (widget, saved ? _("The picture was saved") : error->message);
}

/* A photograph is saved as it came; of a video, what is seen now. */
static void
on_snapshot_path (const char *path,
                  gpointer    user_data)
{
  VitrineStageActions *self = user_data;
  const char *still;

  if (path == NULL || self->share == NULL)
    return;

  still = client_share_get_still (self->share);
  if (still != NULL)
    {
      g_autoptr (GFile) from = g_file_new_for_path (still);
      g_autoptr (GFile) to = g_file_new_for_path (path);

      g_file_copy_async (from, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                         G_PRIORITY_DEFAULT, NULL, NULL, NULL, on_snapshot_saved,
                         g_object_ref (self->widget));
      return;
    }

  client_share_snapshot_async (self->share, path, NULL, on_snapshot_saved,
                               g_object_ref (self->widget));
}

static void
on_snapshot (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  VitrineStageActions *self = user_data;
  const char *still = self->share != NULL ? client_share_get_still (self->share) : NULL;
  const char *ending = still != NULL ? strrchr (still, '.') : NULL;
  /* Translators: the suggested name of a picture that is saved, without its ending */
  g_autofree char *name = g_strconcat (_("Picture from Vitrine"), ending != NULL ? ending : ".png",
                                       NULL);

  if (self->share != NULL)
    vitrine_compat_save_file (actions_window (self), _("Save the Picture"), name, on_snapshot_path,
                              g_object_ref (self), g_object_unref);
}

static void
on_watch_url (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = client_share_get_watch_url_finish (CLIENT_SHARE (source), result, &error);

  if (url != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), url);

  vitrine_toast (
    widget,
    url != NULL
      ? _(
          "The address was copied: open it in a player such as mpv or VLC. It is good until the"
          " share ends.")
      : error->message);
}

static void
on_watch (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  VitrineStageActions *self = user_data;

  if (self->share != NULL)
    client_share_get_watch_url_async (self->share, NULL, on_watch_url, g_object_ref (self->widget));
}

static void
vitrine_stage_actions_finalize (GObject *object)
{
  VitrineStageActions *self = VITRINE_STAGE_ACTIONS (object);

  g_clear_object (&self->client);
  g_clear_object (&self->share);
  g_clear_object (&self->group);
  g_free (self->device);

  G_OBJECT_CLASS (vitrine_stage_actions_parent_class)->finalize (object);
}

static void
vitrine_stage_actions_class_init (VitrineStageActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vitrine_stage_actions_finalize;
}

static void
vitrine_stage_actions_init (VitrineStageActions *self)
{
  static const GActionEntry entries[] = {
    { "record", NULL, NULL, "false", on_record },
    { "presenter", NULL, NULL, "false", on_presenter },
    { "allow-snapshot", NULL, NULL, "false", on_allow },
    { "allow-watch", NULL, NULL, "false", on_allow },
    { "float", on_float },
    { "snapshot", on_snapshot },
    { "watch", on_watch },
  };

  self->group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->group), entries, G_N_ELEMENTS (entries),
                                   self);
}

VitrineStageActions *
vitrine_stage_actions_new (GtkWidget *widget)
{
  VitrineStageActions *self = g_object_new (VITRINE_TYPE_STAGE_ACTIONS, NULL);

  self->widget = widget;
  gtk_widget_insert_action_group (widget, "stage", G_ACTION_GROUP (self->group));
  vitrine_stage_actions_update (self);

  return self;
}

void
vitrine_stage_actions_set_share (VitrineStageActions *self,
                                 ClientShare         *share)
{
  g_return_if_fail (VITRINE_IS_STAGE_ACTIONS (self));

  g_set_object (&self->share, share);
  vitrine_stage_actions_update (self);
}

void
vitrine_stage_actions_set_client (VitrineStageActions *self,
                                  Client              *client,
                                  const char          *device)
{
  g_return_if_fail (VITRINE_IS_STAGE_ACTIONS (self));

  g_set_object (&self->client, client);
  g_free (self->device);
  self->device = g_strdup (device);
}

void
vitrine_stage_actions_update (VitrineStageActions *self)
{
  gboolean is_active, is_mine, is_theirs, sees;
  CpmAllow allow;
  const CpmContent *content;

  g_return_if_fail (VITRINE_IS_STAGE_ACTIONS (self));

  is_active = self->share != NULL && client_share_get_state (self->share) == CPM_SESSION_ACTIVE;
  is_mine = is_active && client_share_is_outgoing (self->share);
  is_theirs = is_active && !is_mine;
  sees = is_active && vitrine_video_paintable_has_frame (vitrine_seat_of (self->share)->paintable);
  allow = is_active ? client_share_get_allow (self->share) : CPM_ALLOW_NONE;
  content = is_active ? client_share_get_content (self->share) : NULL;

  actions_set (self, "record", is_mine, is_mine && client_share_is_recording (self->share));
  actions_set (self, "presenter", is_mine && content != NULL && content->kind != CPM_CONTENT_CAMERA,
               is_mine && client_share_get_presenter (self->share));
  actions_set (self, "allow-snapshot", is_mine, (allow & CPM_ALLOW_SNAPSHOT) != 0);
  actions_set (self, "allow-watch", is_mine, (allow & CPM_ALLOW_WATCH) != 0);
  actions_set (self, "float", sees, FALSE);
  actions_set (self, "snapshot", is_theirs && sees && (allow & CPM_ALLOW_SNAPSHOT) != 0, FALSE);
  actions_set (self, "watch", is_theirs && (allow & CPM_ALLOW_WATCH) != 0, FALSE);
}
