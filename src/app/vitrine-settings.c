/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-settings"

#include "config.h"

#include "vitrine-settings.h"

struct _VitrineSettings
{
  GObject parent_instance;

  GSettings *store; /* (nullable): the schema is not installed */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineSettings, vitrine_settings, G_TYPE_OBJECT)

static void
on_changed (VitrineSettings *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
vitrine_settings_finalize (GObject *object)
{
  g_clear_object (&VITRINE_SETTINGS (object)->store);

  G_OBJECT_CLASS (vitrine_settings_parent_class)->finalize (object);
}

static void
vitrine_settings_class_init (VitrineSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vitrine_settings_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
vitrine_settings_init (VitrineSettings *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);

  if (schema == NULL)
    return;

  self->store = g_settings_new (APPLICATION_ID);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
}

static int
settings_get_int (VitrineSettings *self,
                  const char      *key)
{
  return self->store != NULL ? g_settings_get_int (self->store, key) : 0;
}

static void
settings_set_int (VitrineSettings *self,
                  const char      *key,
                  int              value)
{
  if (self->store != NULL)
    g_settings_set_int (self->store, key, value);
}

VitrineSettings *
vitrine_settings_new (void)
{
  return g_object_new (VITRINE_TYPE_SETTINGS, NULL);
}

GSettings *
vitrine_settings_get_store (VitrineSettings *self)
{
  g_return_val_if_fail (VITRINE_IS_SETTINGS (self), NULL);

  return self->store;
}

gboolean
vitrine_settings_get_crossfade (VitrineSettings *self)
{
  g_return_val_if_fail (VITRINE_IS_SETTINGS (self), FALSE);

  return self->store != NULL && g_settings_get_boolean (self->store, "crossfade");
}

void
vitrine_settings_set_crossfade (VitrineSettings *self,
                                gboolean         crossfade)
{
  g_return_if_fail (VITRINE_IS_SETTINGS (self));

  if (self->store != NULL)
    g_settings_set_boolean (self->store, "crossfade", crossfade);
}

int
vitrine_settings_get_lines (VitrineSettings *self)
{
  int lines;

  g_return_val_if_fail (VITRINE_IS_SETTINGS (self), 0);

  lines = settings_get_int (self, "lines");

  return lines == 360 || lines == 480 || lines == 720 || lines == 1080 ? lines : 0;
}

void
vitrine_settings_set_lines (VitrineSettings *self,
                            int              lines)
{
  g_return_if_fail (VITRINE_IS_SETTINGS (self));

  settings_set_int (self, "lines", lines);
}

int
vitrine_settings_get_frames (VitrineSettings *self)
{
  int frames;

  g_return_val_if_fail (VITRINE_IS_SETTINGS (self), 0);

  frames = settings_get_int (self, "frames");

  return frames == 30 || frames == 60 ? frames : 0;
}

void
vitrine_settings_set_frames (VitrineSettings *self,
                             int              frames)
{
  g_return_if_fail (VITRINE_IS_SETTINGS (self));

  settings_set_int (self, "frames", frames);
}

gboolean
vitrine_settings_get_preview_delayed (VitrineSettings *self)
{
  g_return_val_if_fail (VITRINE_IS_SETTINGS (self), FALSE);

  return self->store != NULL && g_settings_get_boolean (self->store, "preview-delayed");
}

void
vitrine_settings_set_preview_delayed (VitrineSettings *self,
                                      gboolean         delayed)
{
  g_return_if_fail (VITRINE_IS_SETTINGS (self));

  if (self->store != NULL)
    g_settings_set_boolean (self->store, "preview-delayed", delayed);
}
