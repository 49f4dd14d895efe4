/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-reaction-popover"

#include "config.h"

#include "vitrine-reaction-popover.h"

#include "vitrine-names.h"

#include <glib/gi18n.h>

struct _VitrineReactionPopover
{
  GtkPopover parent_instance;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineReactionPopover, vitrine_reaction_popover, GTK_TYPE_POPOVER)

/* Translators: these are read by screen readers and shown when the pointer rests on a picture */
static const struct { const char *emoji, *name; } reactions[] = {
  { "❤️", N_("Love it") },
  { "👏", N_("Applause") },
  { "😂", N_("Laughing") },
  { "😮", N_("Astonished") },
  { "👍", N_("Thumbs up") },
  { "🎉", N_("Hooray") },
};

static void
on_clicked (VitrineReactionPopover *self,
            GtkButton              *button)
{
  const char *emoji = g_object_get_data (G_OBJECT (button), "emoji");

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, emoji);
}

static void
vitrine_reaction_popover_class_init (VitrineReactionPopoverClass *klass)
{
  signals[CHOSEN] =
    g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
vitrine_reaction_popover_init (VitrineReactionPopover *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);

  for (size_t i = 0; i < G_N_ELEMENTS (reactions); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (reactions[i].emoji);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "reaction-button");
      gtk_widget_set_tooltip_text (button, _(reactions[i].name));
      vitrine_name_button (GTK_BUTTON (button), _(reactions[i].name));
      g_object_set_data (G_OBJECT (button), "emoji", (gpointer) reactions[i].emoji);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_clicked), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), button);
    }

  gtk_popover_set_child (GTK_POPOVER (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "reaction-popover");
}
