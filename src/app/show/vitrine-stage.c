/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage"

#include "config.h"

#include "vitrine-stage.h"

#include "vitrine-ask-popover.h"
#include "vitrine-audience.h"
#include "vitrine-names.h"
#include "vitrine-seat.h"
#include "vitrine-show-chooser.h"
#include "vitrine-stage-words.h"
#include "vitrine-turn-card.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

#define BAR_HEIGHT 52
#define BUTTONS_HEIGHT 80

/* In full screen the bars stay for so long after the pointer came to rest. */
#define BARS_STAY_MS 3000

struct _VitrineStage
{
  GtkWidget parent_instance;

  ClientShare *share; /* (nullable) */
  VitrineSeat *seat;  /* (unowned) (nullable): of this share */
  unsigned tick_id;
  unsigned hide_id;
  gboolean is_fullscreen;
  gboolean is_taking; /* a photograph is being taken */
  char *trouble;      /* (nullable): what was shown cannot go on, and why */

  GtkWidget *top_space;
  GtkWidget *bottom_space;
  GtkPicture *picture;
  GtkWidget *waiting;
  GtkSpinner *spinner;
  GtkLabel *waiting_label;
  GtkLabel *waiting_details;
  GtkRevealer *badge_revealer;
  GtkLabel *badge;
  GtkRevealer *top_revealer;
  GtkImage *kind_icon;
  GtkLabel *title;
  GtkLabel *people;
  GtkMenuButton *people_button;
  VitrineAudience *audience;
  GtkLabel *elapsed;
  VitrineTurnCard *turn_card;
  GtkRevealer *bottom_revealer;
  GtkMenuButton *switch_button;
  VitrineShowChooser *chooser;
  GtkWidget *photo_button;
  GtkMenuButton *ask_button;
  VitrineAskPopover *ask_popover;
  GtkMenuButton *volume_button;
  GtkImage *volume_icon;
  GtkAdjustment *volume;
  GtkToggleButton *mute_button;
  GtkImage *fullscreen_icon;
  GtkWidget *stop_button;
};

G_DEFINE_FINAL_TYPE (VitrineStage, vitrine_stage, GTK_TYPE_WIDGET)

static void
stage_toast (VitrineStage *self,
             const char   *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
stage_update_waiting (VitrineStage *self)
{
  g_autofree char *label = NULL;
  g_autofree char *details = NULL;
  gboolean is_busy = vitrine_stage_words_waiting (self->share, self->seat, &label, &details);

  gtk_widget_set_visible (self->waiting, label != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_label_set_label (self->waiting_label, label != NULL ? label : "");
  gtk_label_set_label (self->waiting_details, details != NULL ? details : "");
}

static void
stage_update_buttons (VitrineStage *self)
{
  gboolean outgoing = client_share_is_outgoing (self->share);
  gboolean can_switch = client_share_can (self->share, CPM_VERB_SWITCH);
  gboolean can_stop = client_share_can (self->share, CPM_VERB_STOP) ||
                      client_share_can (self->share, CPM_VERB_CANCEL) ||
                      client_share_can (self->share, CPM_VERB_LEAVE);
  gboolean camera_open = FALSE;

  g_object_get (self->share, "camera-open", &camera_open, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->switch_button), outgoing);
  gtk_widget_set_sensitive (GTK_WIDGET (self->switch_button), can_switch);
  gtk_widget_set_visible (self->photo_button, outgoing);
  gtk_widget_set_sensitive (self->photo_button, camera_open && !self->is_taking);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), !outgoing);
  gtk_widget_set_visible (GTK_WIDGET (self->volume_button), !outgoing);
  gtk_widget_set_sensitive (self->stop_button, can_stop);
}

static void
stage_update_elapsed (VitrineStage *self)
{
  g_autofree char *elapsed = NULL;

  if (self->seat->began_us > 0)
    elapsed = vitrine_words_elapsed (g_get_monotonic_time () - self->seat->began_us);

  gtk_label_set_label (self->elapsed, elapsed != NULL ? elapsed : "");
  gtk_widget_set_visible (GTK_WIDGET (self->elapsed), elapsed != NULL);
}

static void
stage_update (VitrineStage *self)
{
  const CpmContent *content;
  g_autofree char *title = NULL;
  g_autofree char *people = NULL;
  g_autofree char *trouble = NULL;

  if (self->share == NULL)
    return;

  content = client_share_get_content (self->share);

  if (self->seat->began_us == 0 && client_share_get_state (self->share) != CPM_SESSION_INVITING)
    self->seat->began_us = g_get_monotonic_time ();

  if (content != NULL)
    {
      title = vitrine_words_content (content);
      gtk_image_set_from_icon_name (self->kind_icon, vitrine_words_kind_icon (content->kind));
    }

  people = vitrine_stage_words_people (self->share);
  trouble = vitrine_stage_words_trouble (self->share, self->seat, self->trouble);

  gtk_label_set_label (self->title, title != NULL ? title : "");
  gtk_label_set_label (self->people, people);
  gtk_label_set_label (self->badge, trouble != NULL ? trouble : "");
  gtk_revealer_set_reveal_child (self->badge_revealer, trouble != NULL);

  vitrine_show_chooser_set_current (self->chooser, content);
  stage_update_waiting (self);
  stage_update_buttons (self);
  stage_update_elapsed (self);
}

static gboolean
on_tick (gpointer user_data)
{
  stage_update_elapsed (user_data);

  return G_SOURCE_CONTINUE;
}

static void
on_content_changed (VitrineStage *self,
                    unsigned      n)
{
  g_clear_pointer (&self->trouble, g_free);
  self->seat->n_pictures = vitrine_seat_count_pictures (self->share);
  stage_update (self);
}

static void
on_content_gone (VitrineStage *self,
                 GError       *error)
{
  g_free (self->trouble);
  self->trouble = g_strdup (error->message);
  stage_update (self);
}

/* One thing asked of the share, with the button that must not be pressed twice. */
typedef struct
{
  VitrineStage *stage;
  ClientShare *share;
} Order;

static Order *
order_new (VitrineStage *self)
{
  Order *order = g_new0 (Order, 1);

  order->stage = g_object_ref (self);
  order->share = g_object_ref (self->share);

  return order;
}

static void
order_free (Order *order)
{
  g_object_unref (order->stage);
  g_object_unref (order->share);
  g_free (order);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

static void
on_order_done (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Order) order = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (order->share, result, &error))
    stage_toast (order->stage, error->message);
}

static void
on_photo_taken (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Order) order = user_data;
  g_autoptr (GError) error = NULL;

  order->stage->is_taking = FALSE;
  gtk_widget_remove_css_class (GTK_WIDGET (order->stage), "flash");

  if (client_share_take_photo_finish (order->share, result, &error) == NULL)
    stage_toast (order->stage, error->message);

  stage_update (order->stage);
}

static void
on_photo (VitrineStage *self)
{
  vitrine_stage_take_photo (self, NULL);
}

static void
on_chosen (VitrineStage         *self,
           const ClientShowable *what)
{
  if (self->share != NULL)
    client_share_switch_async (self->share, what, NULL, on_order_done, order_new (self));
}

static void
on_ask (VitrineStage *self,
        const char   *text)
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
on_volume_changed (VitrineStage *self)
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
stage_show_bars (VitrineStage *self,
                 gboolean      show)
{
  gtk_revealer_set_reveal_child (self->top_revealer, show);
  gtk_revealer_set_reveal_child (self->bottom_revealer, show);
}

static gboolean
on_hide_bars (gpointer user_data)
{
  VitrineStage *self = user_data;

  self->hide_id = 0;

  /* Not under somebody's hands. */
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->bottom_revealer)) == NULL)
    stage_show_bars (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
on_motion (VitrineStage *self)
{
  g_clear_handle_id (&self->hide_id, g_source_remove);
  stage_show_bars (self, TRUE);

  if (self->is_fullscreen)
    self->hide_id = g_timeout_add (BARS_STAY_MS, on_hide_bars, self);
}

static void
on_pressed (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            VitrineStage    *self)
{
  on_motion (self);

  if (n_press == 2)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.fullscreen", NULL);
}

static void
stage_disconnect (VitrineStage *self)
{
  if (self->share != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->share, self);
      g_signal_handlers_disconnect_by_data (client_share_get_conversation (self->share), self);
    }

  if (self->seat != NULL)
    g_signal_handlers_disconnect_by_data (self->seat->paintable, self);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->trouble, g_free);
  gtk_picture_set_paintable (self->picture, NULL);
  vitrine_audience_set_share (self->audience, NULL);
  vitrine_turn_card_set_share (self->turn_card, NULL);
  self->seat = NULL;

  if (self->share != NULL && client_share_get_state (self->share) == CPM_SESSION_ENDED)
    vitrine_seat_give_up (self->share);

  g_clear_object (&self->share);
  self->is_taking = FALSE;
}

static void
stage_connect (VitrineStage *self,
               ClientShare  *share)
{
  self->share = g_object_ref (share);
  self->seat = vitrine_seat_of (share);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->seat->paintable));
  vitrine_show_chooser_set_conversation (self->chooser, client_share_get_conversation (share));
  vitrine_audience_set_share (self->audience, share);
  vitrine_turn_card_set_share (self->turn_card, share);
  gtk_widget_set_visible (GTK_WIDGET (self->people_button),
                          client_conversation_get_group (client_share_get_conversation (share)) != NULL);

  g_signal_connect_object (share, "notify", G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "member-changed", G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->seat->paintable, "invalidate-size", G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "first-frame", G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "content-changed", G_CALLBACK (on_content_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client_share_get_conversation (share), "items-changed",
                           G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "content-gone", G_CALLBACK (on_content_gone), self, G_CONNECT_SWAPPED);

  self->tick_id = g_timeout_add_seconds (1, on_tick, self);
  on_volume_changed (self);
}

static void
vitrine_stage_dispose (GObject *object)
{
  VitrineStage *self = VITRINE_STAGE (object);
  GtkWidget *child;

  if (self->picture != NULL)
    stage_disconnect (self);

  g_clear_handle_id (&self->hide_id, g_source_remove);
  self->picture = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_stage_parent_class)->dispose (object);
}

static void
vitrine_stage_class_init (VitrineStageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_stage_dispose;

  g_type_ensure (VITRINE_TYPE_ASK_POPOVER);
  g_type_ensure (VITRINE_TYPE_AUDIENCE);
  g_type_ensure (VITRINE_TYPE_SHOW_CHOOSER);
  g_type_ensure (VITRINE_TYPE_TURN_CARD);

  gtk_widget_class_set_template_from_resource (widget_class, "/app/vitrine/Vitrine/vitrine-stage.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, top_space);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, bottom_space);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, picture);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, waiting);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, spinner);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, waiting_details);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, badge_revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, badge);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, top_revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, kind_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, people);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, people_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, audience);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, turn_card);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, elapsed);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, bottom_revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, switch_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, chooser);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, photo_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, ask_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, ask_popover);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, volume_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, volume_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, volume);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, mute_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, fullscreen_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, on_ask);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_motion);
  gtk_widget_class_bind_template_callback (widget_class, on_photo);
  gtk_widget_class_bind_template_callback (widget_class, on_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_volume_changed);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_stage_stop);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
vitrine_stage_init (VitrineStage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_widget_set_size_request (self->top_space, -1, BAR_HEIGHT);
  gtk_widget_set_size_request (self->bottom_space, -1, BUTTONS_HEIGHT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Stage"), -1);
  vitrine_name_menu_button (self->switch_button, _("Show Something Else"));
  vitrine_name_menu_button (self->people_button, _("Who Is Watching"));
  vitrine_name_menu_button (self->ask_button, _("Ask for a Photograph"));
  vitrine_name_menu_button (self->volume_button, _("Sound"));
}

void
vitrine_stage_set_share (VitrineStage *self,
                         ClientShare  *share)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  if (self->share == share)
    return;

  stage_disconnect (self);

  if (share != NULL)
    stage_connect (self, share);

  stage_update (self);
}

ClientShare *
vitrine_stage_get_share (VitrineStage *self)
{
  g_return_val_if_fail (VITRINE_IS_STAGE (self), NULL);

  return self->share;
}

void
vitrine_stage_set_client (VitrineStage *self,
                          Client       *client,
                          const char   *device)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  vitrine_show_chooser_set_client (self->chooser, client, device);
}

void
vitrine_stage_set_fullscreen (VitrineStage *self,
                              gboolean      fullscreen)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  self->is_fullscreen = fullscreen;
  gtk_widget_set_visible (self->top_space, !fullscreen);
  gtk_widget_set_visible (self->bottom_space, !fullscreen);
  gtk_image_set_from_icon_name (self->fullscreen_icon,
                                fullscreen ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  on_motion (self);
}

void
vitrine_stage_stop (VitrineStage *self)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  if (self->share == NULL)
    return;

  if (client_share_can (self->share, CPM_VERB_CANCEL))
    client_share_cancel_async (self->share, NULL, on_order_done, order_new (self));
  else if (client_share_can (self->share, CPM_VERB_STOP))
    client_share_stop_async (self->share, NULL, on_order_done, order_new (self));
  else if (client_share_can (self->share, CPM_VERB_LEAVE))
    client_share_leave_async (self->share, NULL, on_order_done, order_new (self));
}

void
vitrine_stage_take_photo (VitrineStage *self,
                          const char   *request)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  if (self->share == NULL || !client_share_is_outgoing (self->share) || self->is_taking)
    return;

  self->is_taking = TRUE;
  gtk_widget_add_css_class (GTK_WIDGET (self), "flash");
  stage_update (self);
  client_share_take_photo_async (self->share, request, NULL, on_photo_taken, order_new (self));
}

void
vitrine_stage_toggle_mute (VitrineStage *self)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  gtk_toggle_button_set_active (self->mute_button, !gtk_toggle_button_get_active (self->mute_button));
}
