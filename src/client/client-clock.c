/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-clock"

#include "config.h"

#include "client-clock.h"

#include "cpm-json.h"
#include "media-clock-probe.h"

#define N_AT_FIRST 10
#define FIRST_PAUSE_US (G_USEC_PER_SEC / 20)
#define PAUSE_US G_USEC_PER_SEC
#define PROBED_PAUSE_US (5 * G_USEC_PER_SEC) /* while UDP tells more exactly */

struct _ClientClock
{
  GObject parent_instance;

  ClientWorld *world;
  char *share;
  MediaClock *clock;
  MediaClockProbe *probe; /* (nullable) */
  char *host;             /* (nullable): of the probe */
  unsigned port;
  unsigned n_asked;
  unsigned timeout;
};

G_DEFINE_FINAL_TYPE (ClientClock, client_clock, G_TYPE_OBJECT)

static int64_t
get_now_ns (ClientClock *self)
{
  return cpm_clock_get_monotonic_us (self->world->clock) * 1000;
}

typedef struct
{
  MediaClock *clock;
  CpmClock *local;
  int64_t sent_ns;
} Question;

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) answer = client_link_ask_finish (CLIENT_LINK (source), result, &error);
  int64_t time_ns = answer != NULL ? cpm_json_get_int (cpm_message_get_body (answer), "time", -1)
                                   : -1;

  if (time_ns >= 0)
    media_clock_observe (question->clock, question->sent_ns, time_ns,
                         cpm_clock_get_monotonic_us (question->local) * 1000);
  else
    g_debug ("the time is not known: %s", error != NULL ? error->message : "the answer is not one");

  media_clock_unref (question->clock);
  g_object_unref (question->local);
  g_free (question);
}

static void
ask (ClientClock *self)
{
  Question *question = g_new0 (Question, 1);
  JsonObject *body = json_object_new ();

  self->n_asked++;
  question->clock = media_clock_ref (self->clock);
  question->local = g_object_ref (self->world->clock);
  question->sent_ns = get_now_ns (self);
  json_object_set_string_member (body, "share", self->share);
  json_object_set_int_member (body, "t", question->sent_ns);
  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_CLOCK, NULL, body, NULL,
                             on_answered, question);
}

static int64_t
get_pause_us (ClientClock *self)
{
  if (self->n_asked < N_AT_FIRST)
    return FIRST_PAUSE_US;

  return self->probe != NULL && media_clock_probe_is_answered (self->probe) ? PROBED_PAUSE_US
                                                                            : PAUSE_US;
}

static gboolean
on_time_to_ask (gpointer user_data)
{
  ClientClock *self = user_data;

  ask (self);
  self->timeout = cpm_clock_add_timeout (self->world->clock, get_pause_us (self), on_time_to_ask,
                                         self, NULL);

  return G_SOURCE_REMOVE;
}

static void
client_clock_dispose (GObject *object)
{
  ClientClock *self = CLIENT_CLOCK (object);

  if (self->world != NULL)
    client_clock_stop (self);
  g_clear_pointer (&self->clock, media_clock_unref);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_clock_parent_class)->dispose (object);
}

static void
client_clock_finalize (GObject *object)
{
  ClientClock *self = CLIENT_CLOCK (object);

  g_free (self->share);
  g_free (self->host);

  G_OBJECT_CLASS (client_clock_parent_class)->finalize (object);
}

static void
client_clock_class_init (ClientClockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_clock_dispose;
  G_OBJECT_CLASS (klass)->finalize = client_clock_finalize;
}

static void
client_clock_init (ClientClock *self)
{
  self->clock = media_clock_new ();
}

ClientClock *
client_clock_new (ClientWorld *world,
                  const char  *share)
{
  ClientClock *self = g_object_new (CLIENT_TYPE_CLOCK, NULL);

  self->world = client_world_ref (world);
  self->share = g_strdup (share);
  on_time_to_ask (self);

  return self;
}

void
client_clock_set_address (ClientClock *self,
                          const char  *host,
                          unsigned     port)
{
  g_return_if_fail (CLIENT_IS_CLOCK (self));

  if (g_strcmp0 (self->host, host) == 0 && self->port == port)
    return;

  g_clear_pointer (&self->probe, media_clock_probe_free);
  g_free (self->host);
  self->host = g_strdup (host);
  self->port = port;
  if (host != NULL && port != 0)
    self->probe = media_clock_probe_new (self->clock, host, (uint16_t) port);
}

MediaClock *
client_clock_get_media_clock (ClientClock *self)
{
  g_return_val_if_fail (CLIENT_IS_CLOCK (self), NULL);

  return self->clock;
}

void
client_clock_stop (ClientClock *self)
{
  g_return_if_fail (CLIENT_IS_CLOCK (self));

  cpm_clock_clear_timeout (self->world->clock, &self->timeout);
  g_clear_pointer (&self->probe, media_clock_probe_free);
}
