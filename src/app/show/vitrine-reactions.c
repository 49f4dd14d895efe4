/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-reactions"

#include "config.h"

#include "vitrine-reactions.h"

#define LIFE_US (3200 * 1000)

/* Of that: how long it fades at the end. */
#define FADE_US (900 * 1000)

/* A crowd that applauds: the oldest make room. */
#define MOST 16

struct _VitrineReactions
{
  GtkWidget parent_instance;

  GQueue floats; /* of Float, oldest first */
  unsigned tick_id;
};

typedef struct
{
  GtkWidget *widget;
  int64_t began_us;
  double place; /* from left to right, 0 to 1 */
} Float;

G_DEFINE_FINAL_TYPE (VitrineReactions, vitrine_reactions, GTK_TYPE_WIDGET)

static void
float_free (gpointer data)
{
  Float *item = data;

  gtk_widget_unparent (item->widget);
  g_free (item);
}

static gboolean
may_move (VitrineReactions *self)
{
  gboolean may = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &may, NULL);

  return may;
}

/* Around once for all, so that they do not lie on each other. */
static double
next_place (VitrineReactions *self)
{
  const Float *newest = g_queue_peek_tail (&self->floats);

  return newest != NULL ? newest->place + 0.38 - (newest->place > 0.62 ? 1.0 : 0.0) : 0.5;
}

static gboolean
on_tick (gpointer user_data)
{
  VitrineReactions *self = user_data;
  int64_t now_us = g_get_monotonic_time ();
  Float *oldest;

  while ((oldest = g_queue_peek_head (&self->floats)) != NULL &&
         now_us - oldest->began_us >= LIFE_US)
    float_free (g_queue_pop_head (&self->floats));

  gtk_widget_queue_allocate (GTK_WIDGET (self));

  if (!g_queue_is_empty (&self->floats))
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;

  return G_SOURCE_REMOVE;
}

static void
vitrine_reactions_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  VitrineReactions *self = VITRINE_REACTIONS (widget);
  int64_t now_us = g_get_monotonic_time ();
  gboolean moves = may_move (self);

  for (GList *iter = self->floats.head; iter != NULL; iter = iter->next)
    {
      Float *item = iter->data;
      int64_t age_us = MIN (now_us - item->began_us, LIFE_US);
      double risen = moves ? (double) age_us / LIFE_US : 0.5;
      int item_width, item_height;
      graphene_point_t origin;

      gtk_widget_measure (item->widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &item_width, NULL,
                          NULL);
      gtk_widget_measure (item->widget, GTK_ORIENTATION_VERTICAL, item_width, NULL, &item_height,
                          NULL, NULL);
      graphene_point_init (&origin,
                           (width - item_width) * (0.1 + 0.8 * item->place),
                           (height - item_height) * (0.9 - 0.75 * risen));
      gtk_widget_allocate (item->widget, item_width, item_height, -1,
                           gsk_transform_translate (NULL, &origin));
      gtk_widget_set_opacity (
        item->widget, moves ? CLAMP ((double) (LIFE_US - age_us) / FADE_US, 0.0, 1.0) : 1.0);
    }
}

static void
vitrine_reactions_dispose (GObject *object)
{
  vitrine_reactions_clear (VITRINE_REACTIONS (object));

  G_OBJECT_CLASS (vitrine_reactions_parent_class)->dispose (object);
}

static void
vitrine_reactions_class_init (VitrineReactionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_reactions_dispose;
  widget_class->size_allocate = vitrine_reactions_size_allocate;

  /* Screen readers say what is new in it. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LOG);
}

static void
vitrine_reactions_init (VitrineReactions *self)
{
  g_queue_init (&self->floats);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
vitrine_reactions_add (VitrineReactions *self,
                       const char       *emoji,
                       const char       *name)
{
  Float *item;
  GtkWidget *sign;
  GtkWidget *label;

  g_return_if_fail (VITRINE_IS_REACTIONS (self));

  if (g_queue_get_length (&self->floats) >= MOST)
    float_free (g_queue_pop_head (&self->floats));

  item = g_new0 (Float, 1);
  item->began_us = g_get_monotonic_time ();
  item->place = next_place (self);
  item->widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  sign = gtk_label_new (emoji);
  label = gtk_label_new (name);
  gtk_widget_add_css_class (sign, "reaction");
  gtk_widget_add_css_class (label, "pointer-name");
  gtk_widget_set_halign (label, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (item->widget), sign);
  gtk_box_append (GTK_BOX (item->widget), label);
  gtk_widget_set_parent (item->widget, GTK_WIDGET (self));
  g_queue_push_tail (&self->floats, item);

  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (may_move (self) ? 16 : 200, on_tick, self);

  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
vitrine_reactions_clear (VitrineReactions *self)
{
  g_return_if_fail (VITRINE_IS_REACTIONS (self));

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_queue_clear_full (&self->floats, float_free);
}
