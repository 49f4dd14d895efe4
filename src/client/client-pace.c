/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-pace"

#include "config.h"

#include "client-pace.h"

#include "cpm-json.h"
#include "cpm-pace.h"

struct _ClientPace
{
  GObject parent_instance;

  ClientWorld *world;
  char *share;
  ClientPresenter *presenter; /* (nullable) */
  int delay_ms;
  CpmHindrance hindrance;
};

G_DEFINE_FINAL_TYPE (ClientPace, client_pace, G_TYPE_OBJECT)

enum
{
  SIGNAL_HINDRANCE_CHANGED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void
client_pace_dispose (GObject *object)
{
  ClientPace *self = CLIENT_PACE (object);

  if (self->world != NULL)
    client_pace_stop (self);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_pace_parent_class)->dispose (object);
}

static void
client_pace_finalize (GObject *object)
{
  g_free (CLIENT_PACE (object)->share);

  G_OBJECT_CLASS (client_pace_parent_class)->finalize (object);
}

static void
client_pace_class_init (ClientPaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_pace_dispose;
  G_OBJECT_CLASS (klass)->finalize = client_pace_finalize;

  signals[SIGNAL_HINDRANCE_CHANGED] =
    g_signal_new ("hindrance-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
client_pace_init (ClientPace *self)
{
  self->delay_ms = -1;
}

ClientPace *
client_pace_new (ClientWorld *world,
                 const char  *share)
{
  ClientPace *self = g_object_new (CLIENT_TYPE_PACE, NULL);

  self->world = client_world_ref (world);
  self->share = g_strdup (share);

  return self;
}

void
client_pace_set_presenter (ClientPace      *self,
                           ClientPresenter *presenter)
{
  g_return_if_fail (CLIENT_IS_PACE (self));

  g_set_object (&self->presenter, presenter);
}

/* What the relay says of this person. */
static CpmHindrance
find_own (ClientPace *self,
          JsonArray  *slow)
{
  CpmHindrance hindrance = CPM_HINDRANCE_NONE;

  for (unsigned i = 0; slow != NULL && i < json_array_get_length (slow); i++)
    {
      JsonObject *entry = json_array_get_object_element (slow, i);

      if (g_strcmp0 (cpm_json_get_string (entry, "who", NULL), self->world->account) == 0)
        cpm_hindrance_from_string (cpm_json_get_string (entry, "hindrance", NULL), &hindrance);
    }

  return hindrance;
}

void
client_pace_take (ClientPace *self,
                  JsonObject *body)
{
  CpmHindrance hindrance = find_own (self, cpm_json_get_array (body, "slow"));

  g_return_if_fail (CLIENT_IS_PACE (self));

  self->delay_ms = (int) cpm_json_get_int (body, "delay_ms", 0);
  if (self->presenter != NULL)
    client_presenter_set_pace (self->presenter, (unsigned) self->delay_ms, (unsigned) cpm_json_get_int (body, "kbits", 1),
                               (unsigned) cpm_json_get_int (body, "renditions", 1));

  if (hindrance == self->hindrance)
    return;

  self->hindrance = hindrance;
  g_signal_emit (self, signals[SIGNAL_HINDRANCE_CHANGED], 0, cpm_hindrance_to_string (hindrance));
}

int
client_pace_get_delay_ms (ClientPace *self)
{
  g_return_val_if_fail (CLIENT_IS_PACE (self), -1);

  return self->delay_ms;
}

void
client_pace_stop (ClientPace *self)
{
  g_return_if_fail (CLIENT_IS_PACE (self));

  g_clear_object (&self->presenter);
}
