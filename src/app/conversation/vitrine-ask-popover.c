/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-ask-popover"

#include "config.h"

#include "vitrine-ask-popover.h"

struct _VitrineAskPopover
{
  GtkPopover parent_instance;

  GtkLabel *heading_label;
  GtkEditable *entry;
  GtkLabel *trouble_label;
  GtkButton *button;
  GtkButton *other_button;
};

enum
{
  PROP_0,
  PROP_HEADING,
  PROP_HINT,
  PROP_ENTRY_NAME,
  PROP_BUTTON_LABEL,
  PROP_OTHER_LABEL,
  PROP_OTHER_ACTION,
  N_PROPS
};

enum
{
  ANSWERED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineAskPopover, vitrine_ask_popover, GTK_TYPE_POPOVER)

static void
on_changed (VitrineAskPopover *self)
{
  vitrine_ask_popover_set_trouble (self, NULL);
}

static void
on_clicked (VitrineAskPopover *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  g_signal_emit (self, signals[ANSWERED], 0, text);
}

static void
vitrine_ask_popover_set_property (GObject      *object,
                                  unsigned      property_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  VitrineAskPopover *self = VITRINE_ASK_POPOVER (object);
  const char *text = g_value_get_string (value);

  switch (property_id)
    {
    case PROP_HEADING:
      gtk_label_set_label (self->heading_label, text != NULL ? text : "");
      break;

    case PROP_HINT:
      gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), text);
      break;

    case PROP_ENTRY_NAME:
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, text != NULL ? text : "", -1);
      break;

    case PROP_BUTTON_LABEL:
      gtk_button_set_label (self->button, text != NULL ? text : "");
      break;

    case PROP_OTHER_LABEL:
      gtk_button_set_label (self->other_button, text != NULL ? text : "");
      gtk_widget_set_visible (GTK_WIDGET (self->other_button), text != NULL);
      break;

    case PROP_OTHER_ACTION:
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->other_button), text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
vitrine_ask_popover_class_init (VitrineAskPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = vitrine_ask_popover_set_property;

  properties[PROP_HEADING] = g_param_spec_string ("heading", NULL, NULL, NULL, flags);
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  properties[PROP_ENTRY_NAME] = g_param_spec_string ("entry-name", NULL, NULL, NULL, flags);
  properties[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  properties[PROP_OTHER_LABEL] = g_param_spec_string ("other-label", NULL, NULL, NULL, flags);
  properties[PROP_OTHER_ACTION] = g_param_spec_string ("other-action", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ANSWERED] =
    g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-ask-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineAskPopover, heading_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineAskPopover, entry);
  gtk_widget_class_bind_template_child (widget_class, VitrineAskPopover, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineAskPopover, button);
  gtk_widget_class_bind_template_child (widget_class, VitrineAskPopover, other_button);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, gtk_popover_popdown);
}

static void
vitrine_ask_popover_init (VitrineAskPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
vitrine_ask_popover_set_trouble (VitrineAskPopover *self,
                                 const char        *trouble)
{
  g_return_if_fail (VITRINE_IS_ASK_POPOVER (self));

  gtk_label_set_label (self->trouble_label, trouble != NULL ? trouble : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_label), trouble != NULL);

  if (trouble != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

void
vitrine_ask_popover_done (VitrineAskPopover *self)
{
  g_return_if_fail (VITRINE_IS_ASK_POPOVER (self));

  gtk_editable_set_text (self->entry, "");
  gtk_popover_popdown (GTK_POPOVER (self));
}
