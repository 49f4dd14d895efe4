/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-pipewire"

#include "config.h"

#include "media-pipewire.h"

#include "media-pipewire-device.h"

#include <pipewire/extensions/metadata.h>
#include <pipewire/pipewire.h>

#include <errno.h>
#include <time.h>

/* Of a millisecond each. */
#define DATA_THREAD_TRIES 200

/* A PipeWire that was there and has gone is being started again, as a rule. */
#define RETRY_SECONDS 1

/* All of it is touched in PipeWire's thread alone, but for what makes and ends that. */
struct _MediaPipewire
{
  MediaPipewireFunc func;
  gpointer user_data;

  struct pw_thread_loop *loop;
  struct spa_source *timer; /* connects */
  struct pw_context *context;
  struct pw_core *core;
  struct spa_hook core_listener;
  struct pw_registry *registry;
  struct spa_hook registry_listener;
  GHashTable *nodes; /* id -> Node */
  int first_seq;     /* comes back when all that is there has been named */
  gboolean has_session_manager;
  gboolean is_lost;
};

/* A camera or microphone, and one that is still asked for its formats. */
typedef struct
{
  MediaPipewire *owner;
  uint64_t serial;
  const char *kind;
  struct pw_node *proxy;
  struct spa_hook listener;
  struct pw_node_info *info;
  GstCaps *caps; /* (nullable) */
  int seq;       /* comes back when it has told all; -1: nothing was asked */
  GstDevice *device; /* (nullable): until it is told of */
} Node;

static void
node_free (gpointer data)
{
  Node *node = data;

  if (node->device != NULL)
    {
      node->owner->func (MEDIA_PIPEWIRE_REMOVED, node->device, node->owner->user_data);
      gst_object_unref (node->device);
    }
  spa_hook_remove (&node->listener);
  pw_proxy_destroy ((struct pw_proxy *) node->proxy);
  if (node->info != NULL)
    pw_node_info_free (node->info);
  gst_clear_caps (&node->caps);
  g_free (node);
}

static void
tell_device (Node *node)
{
  MediaPipewire *self = node->owner;

  node->device = media_pipewire_device_new (node->serial, node->kind, node->info->props,
                                            node->caps);
  gst_object_ref_sink (node->device);
  self->func (MEDIA_PIPEWIRE_ADDED, node->device, self->user_data);
}

/* --- nodes ---------------------------------------------------------------- */

static void
ask_for_formats (Node *node)
{
  for (uint32_t i = 0; i < node->info->n_params; i++)
    {
      const struct spa_param_info *param = &node->info->params[i];

      if (param->id == SPA_PARAM_EnumFormat && (param->flags & SPA_PARAM_INFO_READ) &&
          node->caps == NULL)
        {
          node->caps = gst_caps_new_empty ();
          pw_node_enum_params (node->proxy, 0, SPA_PARAM_EnumFormat, 0, UINT32_MAX, NULL);
        }
    }
}

static void
on_node_info (void                      *data,
              const struct pw_node_info *info)
{
  Node *node = data;

  node->info = pw_node_info_update (node->info, info);
  if (node->device != NULL || node->info == NULL || node->info->props == NULL)
    return;

  if (g_str_equal (node->kind, "Video/Source"))
    ask_for_formats (node);
  node->seq = pw_core_sync (node->owner->core, PW_ID_CORE, 0);
}

static void
on_node_param (void                 *data,
               int                   seq,
               uint32_t              id,
               uint32_t              index,
               uint32_t              next,
               const struct spa_pod *param)
{
  Node *node = data;
  GstCaps *caps = id == SPA_PARAM_EnumFormat ? media_pipewire_device_parse_format (param) : NULL;

  if (caps == NULL)
    return;

  if (node->caps != NULL && node->device == NULL)
    gst_caps_append (node->caps, caps);
  else
    gst_caps_unref (caps);
}

static const struct pw_node_events NODE_EVENTS = {
  PW_VERSION_NODE_EVENTS,
  .info = on_node_info,
  .param = on_node_param,
};

static void
add_node (MediaPipewire         *self,
          uint32_t               id,
          const char            *kind,
          const struct spa_dict *properties)
{
  const char *serial = spa_dict_lookup (properties, PW_KEY_OBJECT_SERIAL);
  struct pw_node *proxy = pw_registry_bind (self->registry, id, PW_TYPE_INTERFACE_Node,
                                            PW_VERSION_NODE, 0);
  Node *node;

  if (proxy == NULL)
    return;

  node = g_new0 (Node, 1);
  node->owner = self;
  node->kind = kind;
  node->serial = serial != NULL ? g_ascii_strtoull (serial, NULL, 10) : id;
  node->proxy = proxy;
  node->seq = -1;
  pw_node_add_listener (proxy, &node->listener, &NODE_EVENTS, node);
  g_hash_table_replace (self->nodes, GUINT_TO_POINTER (id), node);
}

/* --- the registry and the core -------------------------------------------- */

static void
on_global (void                  *data,
           uint32_t               id,
           uint32_t               permissions,
           const char            *type,
           uint32_t               version,
           const struct spa_dict *properties)
{
  MediaPipewire *self = data;
  const char *kind;

  if (properties == NULL)
    return;

  /* What it thinks are the defaults, a session manager says in this way. */
  if (g_str_equal (type, PW_TYPE_INTERFACE_Metadata))
    self->has_session_manager = TRUE;
  if (!g_str_equal (type, PW_TYPE_INTERFACE_Node))
    return;

  kind = spa_dict_lookup (properties, PW_KEY_MEDIA_CLASS);
  if (g_strcmp0 (kind, "Video/Source") == 0)
    add_node (self, id, "Video/Source", properties);
  else if (kind != NULL && g_str_has_prefix (kind, "Audio/Source"))
    add_node (self, id, "Audio/Source", properties);
}

static void
on_global_remove (void     *data,
                  uint32_t  id)
{
  MediaPipewire *self = data;

  g_hash_table_remove (self->nodes, GUINT_TO_POINTER (id));
}

static const struct pw_registry_events REGISTRY_EVENTS = {
  PW_VERSION_REGISTRY_EVENTS,
  .global = on_global,
  .global_remove = on_global_remove,
};

static void
tell_first (MediaPipewire *self)
{
  self->first_seq = -1;
  self->func (self->has_session_manager ? MEDIA_PIPEWIRE_READY : MEDIA_PIPEWIRE_MISSING, NULL,
              self->user_data);
}

static void
on_done (void     *data,
         uint32_t  id,
         int       seq)
{
  MediaPipewire *self = data;
  GHashTableIter iter;
  gpointer value;

  if (id != PW_ID_CORE)
    return;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Node *node = value;

      if (node->seq == seq && node->device == NULL)
        tell_device (node);
    }

  if (seq == self->first_seq)
    tell_first (self);
}

static void
on_error (void       *data,
          uint32_t    id,
          int         seq,
          int         result,
          const char *message)
{
  MediaPipewire *self = data;
  struct timespec delay = { .tv_sec = RETRY_SECONDS };

  g_debug ("PipeWire, object %u: %s", id, message);
  if (id != PW_ID_CORE || result != -EPIPE || self->is_lost)
    return;

  /* Inside of it the connection cannot be closed. */
  self->is_lost = TRUE;
  g_hash_table_remove_all (self->nodes);
  pw_loop_update_timer (pw_thread_loop_get_loop (self->loop), self->timer, &delay, NULL, false);
}

static const struct pw_core_events CORE_EVENTS = {
  PW_VERSION_CORE_EVENTS,
  .done = on_done,
  .error = on_error,
};

/* --- the connection ------------------------------------------------------- */

static void
disconnect (MediaPipewire *self)
{
  g_hash_table_remove_all (self->nodes);
  if (self->registry != NULL)
    {
      spa_hook_remove (&self->registry_listener);
      pw_proxy_destroy ((struct pw_proxy *) g_steal_pointer (&self->registry));
    }
  if (self->core != NULL)
    {
      spa_hook_remove (&self->core_listener);
      pw_core_disconnect (g_steal_pointer (&self->core));
    }
}

static gboolean
connect_to_session (MediaPipewire *self)
{
  if (self->context == NULL)
    self->context = pw_context_new (pw_thread_loop_get_loop (self->loop), NULL, 0);
  if (self->context == NULL)
    return FALSE;

  self->core = pw_context_connect (self->context, NULL, 0);
  if (self->core == NULL)
    return FALSE;

  self->is_lost = FALSE;
  self->has_session_manager = FALSE;
  pw_core_add_listener (self->core, &self->core_listener, &CORE_EVENTS, self);
  self->registry = pw_core_get_registry (self->core, PW_VERSION_REGISTRY, 0);
  pw_registry_add_listener (self->registry, &self->registry_listener, &REGISTRY_EVENTS, self);
  /* Answered after all the globals have come, whose nodes ask for themselves. */
  self->first_seq = pw_core_sync (self->core, PW_ID_CORE, 0);

  return TRUE;
}

static void
on_timer (void     *data,
          uint64_t  expirations)
{
  MediaPipewire *self = data;
  struct timespec delay = { .tv_sec = RETRY_SECONDS };

  disconnect (self);
  if (connect_to_session (self))
    return;

  if (self->is_lost)
    pw_loop_update_timer (pw_thread_loop_get_loop (self->loop), self->timer, &delay, NULL, false);
  else
    self->func (MEDIA_PIPEWIRE_MISSING, NULL, self->user_data);
}

/* In the thread of the data, or in ours when that one does not run yet. */
static int
note_thread (struct spa_loop *loop,
             bool             is_async,
             uint32_t         seq,
             const void      *data,
             size_t           size,
             void            *user_data)
{
  GThread **thread = user_data;

  *thread = g_thread_self ();

  return 0;
}

/* Who stops the thread of a context's data (PipeWire 0.3.65) just when it begins waits for it for
 * ever: it is let begin first. */
static void
await_data_thread (struct pw_context *context)
{
  GThread *thread = g_thread_self ();

  for (int i = 0; i < DATA_THREAD_TRIES && thread == g_thread_self (); i++)
    {
      pw_data_loop_invoke (pw_context_get_data_loop (context), note_thread, 0, NULL, 0, true,
                           &thread);
      if (thread == g_thread_self ())
        g_usleep (1000);
    }
}

MediaPipewire *
media_pipewire_new (MediaPipewireFunc func,
                    gpointer          user_data)
{
  MediaPipewire *self = g_new0 (MediaPipewire, 1);
  struct timespec at_once = { .tv_nsec = 1 };

  pw_init (NULL, NULL);
  self->func = func;
  self->user_data = user_data;
  self->first_seq = -1;
  self->nodes = g_hash_table_new_full (NULL, NULL, NULL, node_free);
  self->loop = pw_thread_loop_new ("media-pipewire", NULL);
  self->timer = pw_loop_add_timer (pw_thread_loop_get_loop (self->loop), on_timer, self);
  pw_loop_update_timer (pw_thread_loop_get_loop (self->loop), self->timer, &at_once, NULL, false);
  pw_thread_loop_start (self->loop);

  return self;
}

void
media_pipewire_free (MediaPipewire *self)
{
  pw_thread_loop_stop (self->loop);

  /* From here on there is no other thread. */
  disconnect (self);
  if (self->context != NULL)
    media_pipewire_destroy_context (self->context);
  pw_loop_destroy_source (pw_thread_loop_get_loop (self->loop), self->timer);
  pw_thread_loop_destroy (self->loop);
  g_hash_table_unref (self->nodes);
  g_free (self);
}

void
media_pipewire_destroy_context (struct pw_context *context)
{
  await_data_thread (context);
  pw_context_destroy (context);
}
