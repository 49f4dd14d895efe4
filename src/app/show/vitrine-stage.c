/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage"

#include "config.h"

#include "vitrine-stage.h"

#include "vitrine-audience.h"
#include "vitrine-canvas.h"
#include "vitrine-names.h"
#include "vitrine-reactions.h"
#include "vitrine-seat.h"
#include "vitrine-settings.h"
#include "vitrine-stage-actions.h"
#include "vitrine-stage-bar.h"
#include "vitrine-stage-foot.h"
#include "vitrine-stage-words.h"
#include "vitrine-together.h"
#include "vitrine-turn-card.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

#define BAR_HEIGHT 52

/* Where the person wants one: long enough to be seen, and too short to be waited for. */
#define CROSSFADE_MS 400

/* In full screen the bars stay for so long after the pointer came to rest. */
#define BARS_STAY_MS 3000

struct _VitrineStage
{
  GtkWidget parent_instance;

  ClientShare *share; /* (nullable) */
  VitrineSeat *seat;  /* (unowned) (nullable): of this share */
  VitrineStageActions *actions;
  VitrineTogether *together; /* (nullable): while there is a share */
  VitrineSettings *settings;
  Client *client;     /* (nullable) */
  unsigned tick_id;
  unsigned hide_id;
  gboolean is_fullscreen;
  char *trouble;      /* (nullable): what was shown cannot go on, and why */

  GtkWidget *top_space;
  GtkWidget *bottom_space;
  VitrineCanvas *canvas;
  GtkWidget *waiting;
  GtkSpinner *spinner;
  GtkLabel *waiting_label;
  GtkLabel *waiting_details;
  VitrineReactions *reactions;
  GtkRevealer *badge_revealer;
  GtkLabel *badge;
  GtkLabel *hindrance_sign;
  GtkRevealer *top_revealer;
  GtkImage *kind_icon;
  GtkLabel *title;
  GtkLabel *people;
  GtkMenuButton *people_button;
  VitrineAudience *audience;
  GtkLabel *slow_sign;
  GtkWidget *record_sign;
  GtkLabel *elapsed;
  VitrineTurnCard *turn_card;
  GtkRevealer *bottom_revealer;
  VitrineStageBar *bar;
};

G_DEFINE_FINAL_TYPE (VitrineStage, vitrine_stage, GTK_TYPE_WIDGET)

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
stage_update_elapsed (VitrineStage *self)
{
  g_autofree char *elapsed = NULL;

  if (self->seat->began_us > 0)
    elapsed = vitrine_words_elapsed (g_get_monotonic_time () - self->seat->began_us);

  gtk_label_set_label (self->elapsed, elapsed != NULL ? elapsed : "");
  gtk_widget_set_visible (GTK_WIDGET (self->elapsed), elapsed != NULL);
}

/* Who sees it, and how well. (transfer full) */
static char *
stage_dup_people (VitrineStage *self)
{
  g_autofree char *people = vitrine_stage_words_people (self->share);
  g_autofree char *spread = vitrine_stage_words_spread (self->share);

  return spread != NULL ? g_strdup_printf ("%s · %s", people, spread) : g_steal_pointer (&people);
}

/* What is wrong stands large above the picture; what only makes it look worse, small below it,
 * where it hides least. */
static void
stage_update_badge (VitrineStage *self)
{
  g_autofree char *trouble = vitrine_stage_words_trouble (self->share, self->seat, self->trouble);
  g_autofree char *hindrance = vitrine_stage_words_hindrance (self->share);

  gtk_label_set_label (self->badge, trouble != NULL ? trouble : "");
  gtk_revealer_set_reveal_child (self->badge_revealer, trouble != NULL);
  gtk_label_set_label (self->hindrance_sign, hindrance != NULL ? hindrance : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hindrance_sign), hindrance != NULL && trouble == NULL);
}

static void
stage_update (VitrineStage *self)
{
  const CpmContent *content;
  g_autofree char *title = NULL;
  g_autofree char *people = NULL;
  g_autofree char *slow = NULL;
  g_autofree char *slow_details = NULL;

  if (self->share == NULL)
    return;

  content = client_share_get_content (self->share);

  if (self->seat->began_us == 0 && client_share_get_state (self->share) != CPM_SESSION_INVITING)
    self->seat->began_us = g_get_monotonic_time ();

  if (content != NULL)
    gtk_image_set_from_icon_name (self->kind_icon, vitrine_words_kind_icon (content->kind));

  title = vitrine_stage_words_title (self->share);
  people = stage_dup_people (self);
  slow = vitrine_stage_words_slow (self->share, &slow_details);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->people, people);
  gtk_label_set_label (self->slow_sign, slow != NULL ? slow : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->slow_sign), slow_details);
  gtk_widget_set_visible (GTK_WIDGET (self->slow_sign), slow != NULL);
  stage_update_badge (self);
  vitrine_canvas_set_still (self->canvas, client_share_get_still (self->share));
  gtk_widget_set_visible (self->record_sign, client_share_is_recording (self->share));

  vitrine_stage_bar_update (self->bar);
  vitrine_stage_actions_update (self->actions);
  stage_update_waiting (self);
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

static void
on_taking (VitrineStage *self,
           gboolean      is_taking)
{
  if (is_taking)
    gtk_widget_add_css_class (GTK_WIDGET (self), "flash");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "flash");
}

static void
on_reacted (VitrineStage *self,
            const char   *emoji)
{
  if (self->share != NULL)
    client_share_react (self->share, emoji);
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
  g_clear_object (&self->together);
  vitrine_canvas_set_video (self->canvas, NULL);
  vitrine_canvas_set_still (self->canvas, NULL);
  vitrine_canvas_clear_dots (self->canvas);
  vitrine_reactions_clear (self->reactions);
  vitrine_stage_bar_set_share (self->bar, NULL);
  vitrine_stage_actions_set_share (self->actions, NULL);
  vitrine_audience_set_share (self->audience, NULL);
  vitrine_turn_card_set_share (self->turn_card, NULL);
  self->seat = NULL;

  if (self->share != NULL && client_share_get_state (self->share) == CPM_SESSION_ENDED)
    vitrine_seat_give_up (self->share);

  g_clear_object (&self->share);
  on_taking (self, FALSE);
}

/* How it is shown; of a share by somebody else that is not for us to say. */
static void
stage_follow_settings (VitrineStage *self)
{
  if (self->share == NULL || !client_share_is_outgoing (self->share))
    return;

  client_share_set_crossfade (self->share,
                              vitrine_settings_get_crossfade (self->settings) ? CROSSFADE_MS : 0);
  client_share_set_preview_delayed (self->share,
                                    vitrine_settings_get_preview_delayed (self->settings));
}

static void
stage_connect (VitrineStage *self,
               ClientShare  *share)
{
  self->share = g_object_ref (share);
  self->seat = vitrine_seat_of (share);
  self->together = vitrine_together_new (self->client, share, self->canvas, self->reactions);
  vitrine_canvas_set_video (self->canvas, GDK_PAINTABLE (self->seat->paintable));
  vitrine_stage_bar_set_share (self->bar, share);
  vitrine_stage_actions_set_share (self->actions, share);
  vitrine_audience_set_share (self->audience, share);
  vitrine_turn_card_set_share (self->turn_card, share);
  gtk_widget_set_visible (GTK_WIDGET (self->people_button),
                          client_conversation_get_group (client_share_get_conversation (share)) !=
                            NULL);

  g_signal_connect_object (share, "notify", G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "member-changed", G_CALLBACK (stage_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->seat->paintable, "invalidate-size", G_CALLBACK (stage_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "first-frame", G_CALLBACK (stage_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "content-changed", G_CALLBACK (on_content_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client_share_get_conversation (share), "items-changed",
                           G_CALLBACK (stage_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "content-gone", G_CALLBACK (on_content_gone), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "progress-changed", G_CALLBACK (stage_update), self,
                           G_CONNECT_SWAPPED);

  stage_follow_settings (self);

  self->tick_id = g_timeout_add_seconds (1, on_tick, self);
}

static void
vitrine_stage_dispose (GObject *object)
{
  VitrineStage *self = VITRINE_STAGE (object);
  GtkWidget *child;

  if (self->canvas != NULL)
    stage_disconnect (self);

  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_clear_object (&self->actions);
  g_clear_object (&self->settings);
  g_clear_object (&self->client);
  self->canvas = NULL;

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

  g_type_ensure (VITRINE_TYPE_AUDIENCE);
  g_type_ensure (VITRINE_TYPE_CANVAS);
  g_type_ensure (VITRINE_TYPE_REACTIONS);
  g_type_ensure (VITRINE_TYPE_STAGE_BAR);
  g_type_ensure (VITRINE_TYPE_STAGE_FOOT);
  g_type_ensure (VITRINE_TYPE_TURN_CARD);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-stage.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, top_space);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, bottom_space);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, canvas);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, waiting);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, spinner);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, waiting_details);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, reactions);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, badge_revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, badge);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, hindrance_sign);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, top_revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, kind_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, people);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, people_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, audience);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, turn_card);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, slow_sign);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, record_sign);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, elapsed);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, bottom_revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineStage, bar);
  gtk_widget_class_bind_template_callback (widget_class, on_motion);
  gtk_widget_class_bind_template_callback (widget_class, on_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_reacted);
  gtk_widget_class_bind_template_callback (widget_class, on_taking);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
vitrine_stage_init (VitrineStage *self)
{
  g_autoptr (GtkSizeGroup) lower_edge = gtk_size_group_new (GTK_SIZE_GROUP_VERTICAL);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = vitrine_settings_new ();
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (stage_follow_settings), self,
                           G_CONNECT_SWAPPED);
  self->actions = vitrine_stage_actions_new (GTK_WIDGET (self));

  gtk_widget_set_size_request (self->top_space, -1, BAR_HEIGHT);
  gtk_size_group_add_widget (lower_edge, self->bottom_space);
  gtk_size_group_add_widget (lower_edge, GTK_WIDGET (self->bar));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Stage"),
                                  -1);
  vitrine_name_menu_button (self->people_button, _("Who Is Watching"));
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

  g_set_object (&self->client, client);
  vitrine_stage_bar_set_client (self->bar, client, device);
  vitrine_stage_actions_set_client (self->actions, client, device);
}

void
vitrine_stage_set_fullscreen (VitrineStage *self,
                              gboolean      fullscreen)
{
  g_return_if_fail (VITRINE_IS_STAGE (self));

  self->is_fullscreen = fullscreen;
  gtk_widget_set_visible (self->top_space, !fullscreen);
  gtk_widget_set_visible (self->bottom_space, !fullscreen);
  vitrine_stage_bar_set_fullscreen (self->bar, fullscreen);
  on_motion (self);
}

VitrineStageBar *
vitrine_stage_get_bar (VitrineStage *self)
{
  g_return_val_if_fail (VITRINE_IS_STAGE (self), NULL);

  return self->bar;
}

gboolean
vitrine_stage_contains (VitrineStage *self,
                        double        x,
                        double        y)
{
  g_return_val_if_fail (VITRINE_IS_STAGE (self), FALSE);

  return self->share != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
         gtk_widget_contains (GTK_WIDGET (self), x, y);
}
