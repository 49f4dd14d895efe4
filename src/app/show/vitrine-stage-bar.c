/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage-bar"

#include "config.h"

#include "vitrine-stage-bar.h"

#include "vitrine-ask-popover.h"
#include "vitrine-names.h"
#include "vitrine-play-bar.h"
#include "vitrine-reaction-popover.h"
#include "vitrine-series-bar.h"
#include "vitrine-show-chooser.h"
#include "vitrine-toast.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineStageBar
{
  GtkWidget parent_instance;

  ClientShare *share; /* (nullable) */
  gboolean is_taking; /* a photograph is being taken */

  VitrineSeriesBar *series_bar;
  VitrinePlayBar *play_bar;
  GtkMenuButton *switch_button;
  VitrineShowChooser *chooser;
  GtkWidget *photo_button;
  GtkMenuButton *ask_button;
  VitrineAskPopover *ask_popover;
  GtkToggleButton *microphone_button;
  GtkImage *microphone_icon;
  GtkMenuButton *volume_button;
  GtkImage *volume_icon;
  GtkAdjustment *volume;
  GtkToggleButton *mute_button;
  GtkMenuButton *react_button;
  GtkWidget *fullscreen_button;
  GtkImage *fullscreen_icon;
  GtkMenuButton *more_button;
  GtkWidget *stop_button;
};

enum
{
  TAKING,
  REACTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineStageBar, vitrine_stage_bar, GTK_TYPE_WIDGET)

/* Films and music have a place that one can go to; the picture has its own time. */
static gboolean
has_progress (ClientShare *share)
{
  const CpmContent *content = client_share_get_content (share);

  return client_share_get_state (share) == CPM_SESSION_ACTIVE && content != NULL &&
         (content->kind == CPM_CONTENT_FILE || content->kind == CPM_CONTENT_MUSIC) &&
         client_share_get_position_us (share) >= 0;
}

static void
bar_update_progress (VitrineStageBar *self)
{
  const CpmContent *content = client_share_get_content (self->share);
  gboolean outgoing = client_share_is_outgoing (self->share);
  gboolean is_music = content != NULL && content->kind == CPM_CONTENT_MUSIC;
  gboolean shows_progress = has_progress (self->share);
  unsigned n_pages = client_share_get_n_pages (self->share);

  gtk_widget_set_visible (GTK_WIDGET (self->play_bar), shows_progress);
  gtk_widget_set_visible (GTK_WIDGET (self->series_bar), outgoing && n_pages > 1);

  if (shows_progress)
    {
      vitrine_play_bar_set_in_control (self->play_bar, outgoing);
      vitrine_play_bar_set_heading (self->play_bar,
                                    is_music ? client_share_get_artist (self->share) : NULL);
      vitrine_play_bar_set_progress (self->play_bar, client_share_is_playing (self->share),
                                     client_share_get_position_us (self->share),
                                     client_share_get_duration_us (self->share));
    }

  vitrine_series_bar_set_page (self->series_bar, client_share_get_page (self->share), n_pages);
  vitrine_series_bar_set_timer (self->series_bar, client_share_get_timer (self->share));
}

static void
on_microphone (VitrineStageBar *self)
{
  if (self->share != NULL)
    client_share_set_microphone (self->share,
                                 gtk_toggle_button_get_active (self->microphone_button));

  vitrine_stage_bar_update (self);
}

static void
bar_update_microphone (VitrineStageBar *self)
{
  const CpmContent *content = client_share_get_content (self->share);
  gboolean has_microphone = client_share_is_outgoing (self->share) && content != NULL &&
                            content->kind == CPM_CONTENT_CAMERA && content->has_audio;
  gboolean on = client_share_get_microphone (self->share);

  gtk_widget_set_visible (GTK_WIDGET (self->microphone_button), has_microphone);
  g_signal_handlers_block_by_func (self->microphone_button, on_microphone, self);
  gtk_toggle_button_set_active (self->microphone_button, on);
  g_signal_handlers_unblock_by_func (self->microphone_button, on_microphone, self);
  gtk_image_set_from_icon_name (self->microphone_icon, on ? "audio-input-microphone-symbolic"
                                                          : "microphone-disabled-symbolic");
}

/* Where photographs are expected: before the live camera, and where one takes them on the spot. */
static gboolean
offers_photo (ClientShare *share)
{
  const CpmContent *content = client_share_get_content (share);
  gboolean is_expected = content != NULL &&
                         (content->kind == CPM_CONTENT_CAMERA ||
                          (content->kind == CPM_CONTENT_PICTURE && content->title == NULL &&
                           client_share_get_n_pages (share) == 0));

  return client_share_is_outgoing (share) && (is_expected || client_share_is_camera_open (share));
}

static void
bar_update_buttons (VitrineStageBar *self)
{
  gboolean outgoing = client_share_is_outgoing (self->share);
  gboolean can_switch = client_share_can (self->share, CPM_VERB_SWITCH);
  gboolean can_stop = client_share_can (self->share, CPM_VERB_STOP) ||
                      client_share_can (self->share, CPM_VERB_CANCEL) ||
                      client_share_can (self->share, CPM_VERB_LEAVE);
  gboolean is_active = client_share_get_state (self->share) == CPM_SESSION_ACTIVE;

  gtk_widget_set_visible (GTK_WIDGET (self->switch_button), outgoing);
  gtk_widget_set_sensitive (GTK_WIDGET (self->switch_button), can_switch);
  gtk_widget_set_visible (self->photo_button, offers_photo (self->share));
  gtk_widget_set_sensitive (self->photo_button,
                            client_share_is_camera_open (self->share) && !self->is_taking);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), !outgoing);
  gtk_widget_set_visible (GTK_WIDGET (self->volume_button), !outgoing);
  gtk_widget_set_sensitive (GTK_WIDGET (self->react_button), is_active);
  gtk_widget_set_visible (self->fullscreen_button, !outgoing);
  gtk_widget_set_sensitive (self->stop_button, can_stop);
}

static void
on_photo_taken (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (VitrineStageBar) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_taking = FALSE;
  g_signal_emit (self, signals[TAKING], 0, FALSE);

  if (client_share_take_photo_finish (CLIENT_SHARE (source), result, &error) == NULL)
    vitrine_toast (GTK_WIDGET (self), error->message);

  vitrine_stage_bar_update (self);
}

static void
on_photo (VitrineStageBar *self)
{
  vitrine_stage_bar_take_photo (self, NULL);
}

static void
on_chosen (VitrineStageBar      *self,
           const ClientShowable *what)
{
  if (self->share != NULL)
    client_share_switch_async (self->share, what, NULL, vitrine_toast_share_error,
                               g_object_ref (self));
}

static void
on_ask (VitrineStageBar *self,
        const char      *text)
{
  g_autoptr (GError) error = NULL;

  if (self->share == NULL)
    return;

  if (client_conversation_request_photo (client_share_get_conversation (self->share),
                                         *text != '\0' ? text : NULL,
                                         client_share_get_id (self->share), &error) == NULL)
    vitrine_ask_popover_set_trouble (self->ask_popover, error->message);
  else
    vitrine_ask_popover_done (self->ask_popover);
}

static void
on_reaction (VitrineStageBar *self,
             const char      *emoji)
{
  g_signal_emit (self, signals[REACTED], 0, emoji);
}

static void
on_play (VitrineStageBar *self,
         gboolean         playing)
{
  if (self->share != NULL)
    client_share_set_playing (self->share, playing);
}

static void
on_seek (VitrineStageBar *self,
         int64_t          position_us)
{
  if (self->share != NULL)
    client_share_seek (self->share, position_us);
}

static void
on_previous (VitrineStageBar *self)
{
  vitrine_stage_bar_step (self, -1);
}

static void
on_next (VitrineStageBar *self)
{
  vitrine_stage_bar_step (self, 1);
}

static void
on_timer (VitrineStageBar *self,
          unsigned         seconds)
{
  if (self->share != NULL)
    client_share_set_timer (self->share, seconds);
}

static void
on_volume_changed (VitrineStageBar *self)
{
  double volume = gtk_adjustment_get_value (self->volume);

  if (gtk_toggle_button_get_active (self->mute_button))
    volume = 0.0;

  gtk_image_set_from_icon_name (self->volume_icon,
                                volume <= 0.0 ? "audio-volume-muted-symbolic"
                                : volume < 0.5 ? "audio-volume-low-symbolic"
                                : "audio-volume-high-symbolic");

  if (self->share != NULL && !client_share_is_outgoing (self->share))
    client_share_set_volume (self->share, volume);
}

static void
vitrine_stage_bar_dispose (GObject *object)
{
  VitrineStageBar *self = VITRINE_STAGE_BAR (object);
  GtkWidget *child;

  g_clear_object (&self->share);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_stage_bar_parent_class)->dispose (object);
}

static void
bar_class_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-stage-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, series_bar);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, play_bar);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, switch_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, chooser);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, photo_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, ask_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, ask_popover);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, microphone_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, microphone_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, volume_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, volume_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, volume);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, mute_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, react_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, fullscreen_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, fullscreen_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, more_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStageBar, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, on_ask);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_microphone);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_photo);
  gtk_widget_class_bind_template_callback (widget_class, on_play);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_reaction);
  gtk_widget_class_bind_template_callback (widget_class, on_seek);
  gtk_widget_class_bind_template_callback (widget_class, on_timer);
  gtk_widget_class_bind_template_callback (widget_class, on_volume_changed);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_stage_bar_stop);
}

static void
vitrine_stage_bar_class_init (VitrineStageBarClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_stage_bar_dispose;

  signals[TAKING] = g_signal_new ("taking", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[REACTED] = g_signal_new ("reacted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (VITRINE_TYPE_ASK_POPOVER);
  g_type_ensure (VITRINE_TYPE_PLAY_BAR);
  g_type_ensure (VITRINE_TYPE_REACTION_POPOVER);
  g_type_ensure (VITRINE_TYPE_SERIES_BAR);
  g_type_ensure (VITRINE_TYPE_SHOW_CHOOSER);

  bar_class_bind_template (GTK_WIDGET_CLASS (klass));
}

static void
vitrine_stage_bar_init (VitrineStageBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  vitrine_name_menu_button (self->switch_button, _("Show Something Else"));
  vitrine_name_menu_button (self->ask_button, _("Ask for a Photograph"));
  vitrine_name_menu_button (self->volume_button, _("Sound"));
  vitrine_name_menu_button (self->react_button, _("React"));
  vitrine_name_menu_button (self->more_button, _("More"));
}

void
vitrine_stage_bar_set_share (VitrineStageBar *self,
                             ClientShare     *share)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share != NULL)
    g_signal_handlers_disconnect_by_data (self->share, self);

  g_set_object (&self->share, share);
  self->is_taking = FALSE;
  if (share == NULL)
    return;

  vitrine_show_chooser_set_conversation (self->chooser, client_share_get_conversation (share));
  g_signal_connect_object (share, "progress-changed", G_CALLBACK (bar_update_progress), self,
                           G_CONNECT_SWAPPED);
  on_volume_changed (self);
}

void
vitrine_stage_bar_set_client (VitrineStageBar *self,
                              Client          *client,
                              const char      *device)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  vitrine_show_chooser_set_client (self->chooser, client, device);
}

void
vitrine_stage_bar_update (VitrineStageBar *self)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share == NULL)
    return;

  vitrine_show_chooser_set_current (self->chooser, client_share_get_content (self->share));
  bar_update_progress (self);
  bar_update_microphone (self);
  bar_update_buttons (self);
}

void
vitrine_stage_bar_set_fullscreen (VitrineStageBar *self,
                                  gboolean         fullscreen)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  gtk_image_set_from_icon_name (self->fullscreen_icon,
                                fullscreen ? "view-restore-symbolic" : "view-fullscreen-symbolic");
}

void
vitrine_stage_bar_stop (VitrineStageBar *self)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share == NULL)
    return;

  if (client_share_can (self->share, CPM_VERB_CANCEL))
    client_share_cancel_async (self->share, NULL, vitrine_toast_share_error, g_object_ref (self));
  else if (client_share_can (self->share, CPM_VERB_STOP))
    client_share_stop_async (self->share, NULL, vitrine_toast_share_error, g_object_ref (self));
  else if (client_share_can (self->share, CPM_VERB_LEAVE))
    client_share_leave_async (self->share, NULL, vitrine_toast_share_error, g_object_ref (self));
}

void
vitrine_stage_bar_take_photo (VitrineStageBar *self,
                              const char      *request)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share == NULL || !client_share_is_outgoing (self->share) || self->is_taking)
    return;

  self->is_taking = TRUE;
  g_signal_emit (self, signals[TAKING], 0, TRUE);
  vitrine_stage_bar_update (self);
  client_share_take_photo_async (self->share, request, NULL, on_photo_taken, g_object_ref (self));
}

void
vitrine_stage_bar_toggle_mute (VitrineStageBar *self)
{
  GtkToggleButton *button;

  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  button = gtk_widget_get_visible (GTK_WIDGET (self->microphone_button)) ? self->microphone_button
                                                                         : self->mute_button;
  gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

void
vitrine_stage_bar_toggle_play (VitrineStageBar *self)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share != NULL && client_share_is_outgoing (self->share) && has_progress (self->share))
    vitrine_play_bar_toggle (self->play_bar);
}

void
vitrine_stage_bar_step (VitrineStageBar *self,
                        int              by)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share == NULL || !client_share_is_outgoing (self->share))
    return;

  if (by < 0)
    client_share_previous (self->share);
  else
    client_share_next (self->share);
}

void
vitrine_stage_bar_react (VitrineStageBar *self)
{
  g_return_if_fail (VITRINE_IS_STAGE_BAR (self));

  if (self->share != NULL && gtk_widget_is_sensitive (GTK_WIDGET (self->react_button)))
    gtk_menu_button_popup (self->react_button);
}
