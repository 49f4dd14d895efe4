/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage-layout"

#include "config.h"

#include "vitrine-stage-layout.h"

/* From this width on they stand beside each other. */
#define BESIDE_WIDTH 820
#define CHAT_WIDTH 340

struct _VitrineStageLayout
{
  GtkWidget parent_instance;

  GtkWidget *stage;
  GtkWidget *chat;
  gboolean is_only_stage;
};

enum
{
  PROP_0,
  PROP_STAGE,
  PROP_CHAT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (VitrineStageLayout, vitrine_stage_layout, GTK_TYPE_WIDGET)

static gboolean
is_shown (GtkWidget *child)
{
  return child != NULL && gtk_widget_should_layout (child);
}

/* The smallest size is that of one above the other: beside each other they stand only where there
 * is plenty. */
static void
vitrine_stage_layout_measure (GtkWidget      *widget,
                              GtkOrientation  orientation,
                              int             for_size,
                              int            *minimum,
                              int            *natural,
                              int            *minimum_baseline,
                              int            *natural_baseline)
{
  VitrineStageLayout *self = VITRINE_STAGE_LAYOUT (widget);
  GtkWidget *children[] = { self->stage, self->chat };

  *minimum = *natural = 0;

  for (size_t i = 0; i < G_N_ELEMENTS (children); i++)
    {
      int child_minimum, child_natural;

      if (!is_shown (children[i]))
        continue;

      gtk_widget_measure (children[i], orientation, -1, &child_minimum, &child_natural, NULL, NULL);

      if (orientation == GTK_ORIENTATION_HORIZONTAL)
        {
          *minimum = MAX (*minimum, child_minimum);
          *natural = MAX (*natural, child_natural);
        }
      else
        {
          *minimum += child_minimum;
          *natural += child_natural;
        }
    }
}

/* A good height for the stage above the conversation: the shape of a film and its bars, but the
 * conversation keeps its room. */
static int
stage_height (VitrineStageLayout *self,
              int                 width,
              int                 height)
{
  int stage_minimum, chat_minimum, wanted, most;

  gtk_widget_measure (self->stage, GTK_ORIENTATION_VERTICAL, -1, &stage_minimum, NULL, NULL, NULL);
  gtk_widget_measure (self->chat, GTK_ORIENTATION_VERTICAL, -1, &chat_minimum, NULL, NULL, NULL);

  wanted = width * 9 / 16 + 132;
  most = MIN (height - chat_minimum, height * 2 / 3);

  return MAX (stage_minimum, MIN (wanted, most));
}

static void
vitrine_stage_layout_size_allocate (GtkWidget *widget,
                                    int        width,
                                    int        height,
                                    int        baseline)
{
  VitrineStageLayout *self = VITRINE_STAGE_LAYOUT (widget);
  gboolean has_stage = is_shown (self->stage);
  gboolean has_chat = is_shown (self->chat);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation stage = { 0, 0, width, height };
  GtkAllocation chat = { 0, 0, width, height };

  if (has_stage && has_chat && width >= BESIDE_WIDTH)
    {
      stage.width = width - CHAT_WIDTH;
      chat.width = CHAT_WIDTH;
      stage.x = is_rtl ? CHAT_WIDTH : 0;
      chat.x = is_rtl ? 0 : stage.width;
    }
  else if (has_stage && has_chat)
    {
      stage.height = stage_height (self, width, height);
      chat.y = stage.height;
      chat.height = height - stage.height;
    }

  if (has_stage)
    gtk_widget_size_allocate (self->stage, &stage, -1);

  if (has_chat)
    gtk_widget_size_allocate (self->chat, &chat, -1);
}

static void
vitrine_stage_layout_set_property (GObject      *object,
                                   unsigned      property_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  VitrineStageLayout *self = VITRINE_STAGE_LAYOUT (object);

  switch (property_id)
    {
    case PROP_STAGE:
      self->stage = g_value_get_object (value);
      gtk_widget_set_parent (self->stage, GTK_WIDGET (self));
      break;

    case PROP_CHAT:
      self->chat = g_value_get_object (value);
      gtk_widget_set_parent (self->chat, GTK_WIDGET (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
vitrine_stage_layout_dispose (GObject *object)
{
  VitrineStageLayout *self = VITRINE_STAGE_LAYOUT (object);

  g_clear_pointer (&self->stage, gtk_widget_unparent);
  g_clear_pointer (&self->chat, gtk_widget_unparent);

  G_OBJECT_CLASS (vitrine_stage_layout_parent_class)->dispose (object);
}

static void
vitrine_stage_layout_class_init (VitrineStageLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = vitrine_stage_layout_dispose;
  object_class->set_property = vitrine_stage_layout_set_property;

  widget_class->measure = vitrine_stage_layout_measure;
  widget_class->size_allocate = vitrine_stage_layout_size_allocate;

  properties[PROP_STAGE] = g_param_spec_object ("stage", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, GTK_TYPE_WIDGET, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vitrine_stage_layout_init (VitrineStageLayout *self)
{
}

void
vitrine_stage_layout_set_only_stage (VitrineStageLayout *self,
                                     gboolean            only_stage)
{
  g_return_if_fail (VITRINE_IS_STAGE_LAYOUT (self));

  if (self->is_only_stage == only_stage)
    return;

  self->is_only_stage = only_stage;
  gtk_widget_set_visible (self->chat, !only_stage);
}
