/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-requests"

#include "config.h"

#include "relay-home-requests.h"

#include "cpm-error.h"
#include "cpm-json.h"

#include <string.h>

#define MAX_REQUESTS 1024
#define MAX_BYTES (1024 * 1024)

typedef struct
{
  RelayHomeRequests *requests; /* (unowned) */
  CpmMessage *message;
  GTask *task;
  unsigned timeout;
} Request;

struct _RelayHomeRequests
{
  GObject parent_instance;

  char *domain;
  CpmClock *clock;
  GQueue list; /* of Request, in the order in which they came */
  size_t bytes;
};

G_DEFINE_FINAL_TYPE (RelayHomeRequests, relay_home_requests, G_TYPE_OBJECT)

static size_t
get_bytes (const Request *request)
{
  return strlen (cpm_message_get_text (request->message));
}

/* Takes it out and returns its task. (transfer full) */
static GTask *
take (RelayHomeRequests *self,
      Request           *request)
{
  GTask *task = request->task;

  g_queue_remove (&self->list, request);
  self->bytes -= get_bytes (request);
  cpm_clock_clear_timeout (self->clock, &request->timeout);
  g_object_unref (request->message);
  g_free (request);

  return task;
}

static gboolean
on_limit (gpointer user_data)
{
  Request *request = user_data;
  RelayHomeRequests *self = request->requests;
  g_autoptr (GTask) task = NULL;

  request->timeout = 0;
  task = take (self, request);
  g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE, "%s does not answer.",
                           self->domain);

  return G_SOURCE_REMOVE;
}

static Request *
find (RelayHomeRequests *self,
      const char        *id)
{
  for (GList *i = self->list.head; i != NULL && id != NULL; i = i->next)
    {
      Request *request = i->data;

      if (g_strcmp0 (cpm_message_get_id (request->message), id) == 0)
        return request;
    }

  return NULL;
}

static void
relay_home_requests_dispose (GObject *object)
{
  RelayHomeRequests *self = RELAY_HOME_REQUESTS (object);
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                                                  "This home is closing.");

  relay_home_requests_fail (self, error);

  G_OBJECT_CLASS (relay_home_requests_parent_class)->dispose (object);
}

static void
relay_home_requests_finalize (GObject *object)
{
  RelayHomeRequests *self = RELAY_HOME_REQUESTS (object);

  g_clear_object (&self->clock);
  g_free (self->domain);

  G_OBJECT_CLASS (relay_home_requests_parent_class)->finalize (object);
}

static void
relay_home_requests_class_init (RelayHomeRequestsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = relay_home_requests_dispose;
  object_class->finalize = relay_home_requests_finalize;
}

static void
relay_home_requests_init (RelayHomeRequests *self)
{
  g_queue_init (&self->list);
}

RelayHomeRequests *
relay_home_requests_new (const char *domain,
                         CpmClock   *clock)
{
  RelayHomeRequests *self = g_object_new (RELAY_TYPE_HOME_REQUESTS, NULL);

  self->domain = g_strdup (domain);
  self->clock = g_object_ref (clock);

  return self;
}

gboolean
relay_home_requests_add (RelayHomeRequests *self,
                         CpmMessage        *message,
                         int64_t            limit_us,
                         GTask             *task)
{
  const char *id = cpm_message_get_id (message);
  Request *request;

  g_return_val_if_fail (RELAY_IS_HOME_REQUESTS (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (find (self, id) != NULL)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_CONFLICT,
                               "The same was asked of %s already.", self->domain);
      return FALSE;
    }

  if (self->list.length >= MAX_REQUESTS || self->bytes >= MAX_BYTES)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                               "%s has not answered too many questions.", self->domain);
      return FALSE;
    }

  request = g_new0 (Request, 1);
  request->requests = self;
  request->message = g_object_ref (message);
  request->task = g_object_ref (task);
  request->timeout = cpm_clock_add_timeout (self->clock, limit_us, on_limit, request, NULL);
  g_queue_push_tail (&self->list, request);
  self->bytes += get_bytes (request);
  return TRUE;
}

gboolean
relay_home_requests_answer (RelayHomeRequests *self,
                            CpmMessage        *answer)
{
  CpmMessageType type = cpm_message_get_message_type (answer);
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_val_if_fail (RELAY_IS_HOME_REQUESTS (self), FALSE);

  if (type != CPM_MESSAGE_ACK && type != CPM_MESSAGE_ERR)
    return FALSE;

  request = find (self, cpm_json_get_string (cpm_message_get_body (answer), "re", NULL));
  if (request == NULL)
    return FALSE;

  task = take (self, request);
  if (type == CPM_MESSAGE_ACK)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, cpm_message_to_error (answer));

  return TRUE;
}

void
relay_home_requests_say_all (RelayHomeRequests *self,
                             RelayHomeSay       say,
                             gpointer           user_data)
{
  g_return_if_fail (RELAY_IS_HOME_REQUESTS (self));

  for (GList *i = self->list.head; i != NULL; i = i->next)
    {
      Request *request = i->data;

      say (request->message, user_data);
    }
}

void
relay_home_requests_fail (RelayHomeRequests *self,
                          const GError      *error)
{
  g_return_if_fail (RELAY_IS_HOME_REQUESTS (self));

  while (!g_queue_is_empty (&self->list))
    {
      g_autoptr (GTask) task = take (self, g_queue_peek_head (&self->list));

      g_task_return_error (task, g_error_copy (error));
    }
}

unsigned
relay_home_requests_get_n (RelayHomeRequests *self)
{
  g_return_val_if_fail (RELAY_IS_HOME_REQUESTS (self), 0);

  return self->list.length;
}
