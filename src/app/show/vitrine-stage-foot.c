/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage-foot"

#include "config.h"

#include "vitrine-stage-foot.h"

struct _VitrineStageFoot
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (VitrineStageFoot, vitrine_stage_foot, GTK_TYPE_BOX)

/* Of itself: GTK asks its children first. */
static gboolean
vitrine_stage_foot_contains (GtkWidget *widget,
                             double     x,
                             double     y)
{
  return FALSE;
}

static void
vitrine_stage_foot_class_init (VitrineStageFootClass *klass)
{
  GTK_WIDGET_CLASS (klass)->contains = vitrine_stage_foot_contains;
}

static void
vitrine_stage_foot_init (VitrineStageFoot *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
}
