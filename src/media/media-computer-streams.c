/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-computer-streams"

#include "config.h"

#include "media-computer-streams.h"

#include <pipewire/extensions/metadata.h>
#include <pipewire/pipewire.h>

#include <stdlib.h>

/* What the session manager makes up where there is no loudspeaker: also on a computer whose sound
 * is PulseAudio's. */
#define STAND_IN "auto_null"

typedef enum
{
  SIDE_LEFT,
  SIDE_RIGHT,
  N_SIDES
} Side;

struct _MediaComputerStreams
{
  struct pw_core *core;
  struct pw_registry *registry;
  struct spa_hook listener;
  GHashTable *streams; /* id -> Stream */
  GHashTable *ports;   /* id -> Port: of streams */
  GHashTable *links;   /* id -> id of a port: what the session manager has linked */
  uint32_t node;            /* SPA_ID_INVALID: not known yet, like its ports */
  uint32_t inputs[N_SIDES];
  gboolean has_session_manager;
  gboolean has_loudspeaker;
};

/* What plays. */
typedef struct
{
  MediaComputerStreams *owner;
  uint32_t id;
  struct pw_node *proxy;
  struct spa_hook listener;
  gboolean is_known; /* whose it is */
  gboolean is_heard;
} Stream;

/* One channel of it. */
typedef struct
{
  uint32_t id;
  uint32_t stream;
  gboolean has_side[N_SIDES];
  struct pw_proxy *links[N_SIDES]; /* (nullable): to us */
} Port;

/* --- links ---------------------------------------------------------------- */

static void
unlink_port (Port *port)
{
  for (int side = 0; side < N_SIDES; side++)
    g_clear_pointer (&port->links[side], pw_proxy_destroy);
}

static gboolean
plays (MediaComputerStreams *self,
       Port                 *port)
{
  GHashTableIter iter;
  gpointer linked;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &linked))
    {
      if (GPOINTER_TO_UINT (linked) == port->id)
        return TRUE;
    }

  return FALSE;
}

static struct pw_proxy *
link_side (MediaComputerStreams *self,
           Port                 *port,
           Side                  side)
{
  /* Passive: that we listen keeps no loudspeaker awake. */
  struct pw_properties *properties = pw_properties_new (PW_KEY_OBJECT_LINGER, "false",
                                                        PW_KEY_LINK_PASSIVE, "true", NULL);
  struct pw_proxy *proxy;

  pw_properties_setf (properties, PW_KEY_LINK_OUTPUT_NODE, "%u", port->stream);
  pw_properties_setf (properties, PW_KEY_LINK_OUTPUT_PORT, "%u", port->id);
  pw_properties_setf (properties, PW_KEY_LINK_INPUT_NODE, "%u", self->node);
  pw_properties_setf (properties, PW_KEY_LINK_INPUT_PORT, "%u", self->inputs[side]);
  proxy = pw_core_create_object (self->core, "link-factory", PW_TYPE_INTERFACE_Link,
                                 PW_VERSION_LINK, &properties->dict, 0);
  pw_properties_free (properties);

  return proxy;
}

/* Only once the session manager has linked it to a loudspeaker. Until then that may change its
 * ports, and in PipeWire 0.3.65 a link that comes between makes an error of the stream: its program
 * would be silent from then on. */
static void
link_port (MediaComputerStreams *self,
           Port                 *port)
{
  Stream *stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (port->stream));

  if (stream == NULL || !stream->is_heard || !plays (self, port))
    return;

  for (int side = 0; side < N_SIDES; side++)
    {
      if (port->has_side[side] && port->links[side] == NULL && self->inputs[side] != SPA_ID_INVALID)
        port->links[side] = link_side (self, port, side);
    }
}

static void
link_all (MediaComputerStreams *self)
{
  GHashTableIter iter;
  gpointer port;

  g_hash_table_iter_init (&iter, self->ports);
  while (g_hash_table_iter_next (&iter, NULL, &port))
    link_port (self, port);
}

static void
unlink_side (MediaComputerStreams *self,
             Side                  side)
{
  GHashTableIter iter;
  gpointer value;

  self->inputs[side] = SPA_ID_INVALID;
  g_hash_table_iter_init (&iter, self->ports);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Port *port = value;

      g_clear_pointer (&port->links[side], pw_proxy_destroy);
    }
}

/* It was linked to something else than us. */
static void
add_link (MediaComputerStreams  *self,
          uint32_t               id,
          const struct spa_dict *properties)
{
  const char *output = spa_dict_lookup (properties, PW_KEY_LINK_OUTPUT_PORT);
  const char *input = spa_dict_lookup (properties, PW_KEY_LINK_INPUT_NODE);
  Port *port = output != NULL
                 ? g_hash_table_lookup (self->ports, GUINT_TO_POINTER (strtoul (output, NULL, 10)))
                 : NULL;

  if (port == NULL || input == NULL || strtoul (input, NULL, 10) == self->node)
    return;

  g_hash_table_insert (self->links, GUINT_TO_POINTER (id), GUINT_TO_POINTER (port->id));
  link_port (self, port);
}

static void
remove_link (MediaComputerStreams *self,
             uint32_t              id)
{
  Port *port = g_hash_table_lookup (self->ports,
                                    g_hash_table_lookup (self->links, GUINT_TO_POINTER (id)));

  g_hash_table_remove (self->links, GUINT_TO_POINTER (id));
  if (port != NULL && !plays (self, port))
    unlink_port (port);
}

/* --- ports ---------------------------------------------------------------- */

static void
port_free (gpointer data)
{
  unlink_port (data);
  g_free (data);
}

/* Left, right, or in the middle: on both sides. What shakes the floor is left out. */
static void
find_sides (const char *channel,
            gboolean    out_has_side[N_SIDES])
{
  static const char *const LEFT[] = { "FL", "SL", "RL", "FLC", "TFL", "TRL", "AUX0", NULL };
  static const char *const RIGHT[] = { "FR", "SR", "RR", "FRC", "TFR", "TRR", "AUX1", NULL };
  static const char *const BOTH[] = { "MONO", "FC", "RC", "TC", "TFC", "TRC", NULL };
  gboolean is_both = channel == NULL || g_strv_contains (BOTH, channel);

  out_has_side[SIDE_LEFT] = is_both || g_strv_contains (LEFT, channel);
  out_has_side[SIDE_RIGHT] = is_both || g_strv_contains (RIGHT, channel);
}

static void
add_our_port (MediaComputerStreams *self,
              uint32_t              id,
              const char           *channel)
{
  gboolean has_side[N_SIDES];

  find_sides (channel, has_side);
  for (int side = 0; side < N_SIDES; side++)
    {
      if (has_side[side])
        self->inputs[side] = id;
    }
  link_all (self);
}

static void
add_port (MediaComputerStreams  *self,
          uint32_t               id,
          const struct spa_dict *properties)
{
  const char *node = spa_dict_lookup (properties, PW_KEY_NODE_ID);
  const char *direction = spa_dict_lookup (properties, PW_KEY_PORT_DIRECTION);
  const char *monitor = spa_dict_lookup (properties, PW_KEY_PORT_MONITOR);
  const char *channel = spa_dict_lookup (properties, PW_KEY_AUDIO_CHANNEL);
  uint32_t node_id;
  Port *port;

  if (node == NULL || direction == NULL || (monitor != NULL && pw_properties_parse_bool (monitor)))
    return;

  node_id = strtoul (node, NULL, 10);
  if (node_id == self->node && g_str_equal (direction, "in"))
    add_our_port (self, id, channel);
  if (!g_str_equal (direction, "out") ||
      !g_hash_table_contains (self->streams, GUINT_TO_POINTER (node_id)))
    return;

  port = g_new0 (Port, 1);
  port->id = id;
  port->stream = node_id;
  find_sides (channel, port->has_side);
  g_hash_table_replace (self->ports, GUINT_TO_POINTER (id), port);
}

/* --- streams -------------------------------------------------------------- */

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  spa_hook_remove (&stream->listener);
  pw_proxy_destroy ((struct pw_proxy *) stream->proxy);
  g_free (stream);
}

/* One in a group passes on what was played to its other end (a filter, an equaliser, a loopback):
 * the programs' own streams are heard already, and ours may be in it. */
static void
on_node_info (void                      *data,
              const struct pw_node_info *info)
{
  Stream *stream = data;
  const char *ours;

  if (stream->is_known || info->props == NULL)
    return;

  ours = spa_dict_lookup (info->props, MEDIA_COMPUTER_STREAMS_OURS);
  stream->is_known = TRUE;
  stream->is_heard = (ours == NULL || !pw_properties_parse_bool (ours))
                     && spa_dict_lookup (info->props, PW_KEY_NODE_LINK_GROUP) == NULL;
  g_debug ("Stream %u is %s", stream->id, stream->is_heard ? "heard" : "left out");
  link_all (stream->owner);
}

static const struct pw_node_events NODE_EVENTS = {
  PW_VERSION_NODE_EVENTS,
  .info = on_node_info,
};

static void
add_stream (MediaComputerStreams *self,
            uint32_t              id)
{
  struct pw_node *proxy = pw_registry_bind (self->registry, id, PW_TYPE_INTERFACE_Node,
                                            PW_VERSION_NODE, 0);
  Stream *stream;

  if (proxy == NULL)
    return;

  stream = g_new0 (Stream, 1);
  stream->owner = self;
  stream->id = id;
  stream->proxy = proxy;
  pw_node_add_listener (proxy, &stream->listener, &NODE_EVENTS, stream);
  g_hash_table_replace (self->streams, GUINT_TO_POINTER (id), stream);
}

/* --- the registry --------------------------------------------------------- */

static void
on_global (void                  *data,
           uint32_t               id,
           uint32_t               permissions,
           const char            *type,
           uint32_t               version,
           const struct spa_dict *properties)
{
  MediaComputerStreams *self = data;
  const char *kind = properties != NULL ? spa_dict_lookup (properties, PW_KEY_MEDIA_CLASS) : NULL;

  if (properties == NULL)
    return;

  if (g_str_equal (type, PW_TYPE_INTERFACE_Metadata))
    self->has_session_manager = TRUE;
  else if (g_str_equal (type, PW_TYPE_INTERFACE_Port))
    add_port (self, id, properties);
  else if (g_str_equal (type, PW_TYPE_INTERFACE_Link))
    add_link (self, id, properties);
  else if (g_str_equal (type, PW_TYPE_INTERFACE_Node) &&
           g_strcmp0 (kind, "Stream/Output/Audio") == 0)
    add_stream (self, id);
  else if (g_str_equal (type, PW_TYPE_INTERFACE_Node) && g_strcmp0 (kind, "Audio/Sink") == 0
           && g_strcmp0 (spa_dict_lookup (properties, PW_KEY_NODE_NAME), STAND_IN) != 0)
    self->has_loudspeaker = TRUE;
}

static void
on_global_remove (void     *data,
                  uint32_t  id)
{
  MediaComputerStreams *self = data;

  for (int side = 0; side < N_SIDES; side++)
    {
      if (self->inputs[side] == id)
        unlink_side (self, side);
    }
  remove_link (self, id);
  g_hash_table_remove (self->ports, GUINT_TO_POINTER (id));
  g_hash_table_remove (self->streams, GUINT_TO_POINTER (id));
}

static const struct pw_registry_events REGISTRY_EVENTS = {
  PW_VERSION_REGISTRY_EVENTS,
  .global = on_global,
  .global_remove = on_global_remove,
};

MediaComputerStreams *
media_computer_streams_new (struct pw_core *core)
{
  MediaComputerStreams *self = g_new0 (MediaComputerStreams, 1);

  self->core = core;
  self->node = SPA_ID_INVALID;
  self->inputs[SIDE_LEFT] = self->inputs[SIDE_RIGHT] = SPA_ID_INVALID;
  self->streams = g_hash_table_new_full (NULL, NULL, NULL, stream_free);
  self->ports = g_hash_table_new_full (NULL, NULL, NULL, port_free);
  self->links = g_hash_table_new (NULL, NULL);
  self->registry = pw_core_get_registry (core, PW_VERSION_REGISTRY, 0);
  pw_registry_add_listener (self->registry, &self->listener, &REGISTRY_EVENTS, self);

  return self;
}

void
media_computer_streams_free (MediaComputerStreams *self)
{
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->ports);
  g_hash_table_unref (self->streams);
  spa_hook_remove (&self->listener);
  pw_proxy_destroy ((struct pw_proxy *) self->registry);
  g_free (self);
}

void
media_computer_streams_set_node (MediaComputerStreams *self,
                                 uint32_t              node)
{
  self->node = node;
}

gboolean
media_computer_streams_has_sound (MediaComputerStreams *self)
{
  return self->has_session_manager && self->has_loudspeaker;
}
