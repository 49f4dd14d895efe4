/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-service"

#include "config.h"

#include "relay-picture-service.h"

#include "relay-folder.h"
#include "relay-home-pass.h"
#include "relay-http-request.h"
#include "relay-picture-answer.h"
#include "relay-picture-giver.h"
#include "relay-picture-receiver.h"

#include <string.h>

#define PATH "/pictures"
#define ASKER_KEY "relay-picture-asker"

struct _RelayPictureService
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  SoupServer *server;
  char *dir;
  RelayPictureReceiver *receiver;
};

G_DEFINE_FINAL_TYPE (RelayPictureService, relay_picture_service, G_TYPE_OBJECT)

/* Who asks to be given a picture: known when the head is here, answered when the request is. */
typedef struct
{
  RelayPictureService *service; /* (unowned): it outlives the server's requests */
  char *user;                   /* (nullable): when a home asks */
  RelayHomePass *pass;          /* (nullable): when a person asks */
} Asker;

static void
asker_free (Asker *asker)
{
  g_free (asker->user);
  g_clear_pointer (&asker->pass, relay_home_pass_free);
  g_free (asker);
}

/* (transfer full): @user and @pass. */
static void
add_asker (RelayPictureService *self,
           SoupServerMessage   *message,
           char                *user,
           RelayHomePass       *pass)
{
  Asker *asker = g_new0 (Asker, 1);

  asker->service = self;
  asker->user = user;
  asker->pass = pass;
  g_object_set_data_full (G_OBJECT (message), ASKER_KEY, asker, (GDestroyNotify) asker_free);
}

static char *
authorize (RelayPictureService *self,
           SoupServerMessage   *message)
{
  const char *header = soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "Authorization");
  char *user = NULL;

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    user = relay_accounts_check_bearer (self->context->accounts, header + 7);

  if (user == NULL)
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "WWW-Authenticate", "Bearer");
      relay_picture_refuse (message, SOUP_STATUS_UNAUTHORIZED, CPM_ERROR_AUTH,
                            "This device is not signed in");
    }

  return user;
}

/* Whether a home asks; then it has to prove itself when the request is complete. */
static gboolean
admit_home (RelayPictureService *self,
            SoupServerMessage   *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  RelayHomePass *pass = NULL;

  if (header != NULL && self->context->homes != NULL && !relay_http_request_has_body (message))
    pass = relay_home_pass_parse (header);

  if (pass != NULL)
    add_asker (self, message, NULL, pass);
  return pass != NULL;
}

static const char *
get_id (SoupServerMessage *message,
        const char        *path)
{
  const char *id = g_str_has_prefix (path, PATH "/") ? path + strlen (PATH "/") : NULL;

  if (cpm_id_is_valid (id))
    return id;

  relay_picture_refuse (message, SOUP_STATUS_NOT_FOUND, CPM_ERROR_NOT_FOUND,
                        "There is no such picture");
  return NULL;
}

static void
check_request (RelayPictureService *self,
               SoupServerMessage   *message,
               const char          *path)
{
  gboolean is_put = soup_server_message_get_method (message) == SOUP_METHOD_PUT;
  gboolean is_get = soup_server_message_get_method (message) == SOUP_METHOD_GET;
  g_autofree char *user = NULL;
  const char *id;

  if (!is_put && !is_get)
    {
      relay_picture_refuse (message, SOUP_STATUS_METHOD_NOT_ALLOWED, CPM_ERROR_UNSUPPORTED,
                            "Pictures are PUT and GET");
      return;
    }

  id = get_id (message, path);
  if (id != NULL && is_get && admit_home (self, message))
    return;

  user = id != NULL ? authorize (self, message) : NULL;
  if (user == NULL)
    return;

  if (is_put)
    relay_picture_receiver_begin (self->receiver, message, user, id);
  else if (relay_http_request_has_body (message))
    relay_picture_refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CPM_ERROR_TOO_BIG,
                          "A GET has no body");
  else
    add_asker (self, message, g_steal_pointer (&user), NULL);
}

/* The head is here, the body is not: all that can be refused is refused now. */
static void
on_early (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  if (!relay_http_request_check_head (message))
    return;

  check_request (user_data, message, path);
  if (soup_server_message_get_status (message) != 0)
    relay_http_request_refuse_body (message);
}

static void
give (SoupServerMessage *message)
{
  const Asker *asker = g_object_get_data (G_OBJECT (message), ASKER_KEY);
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));
  RelayPictureAsker who = { asker->user, NULL };

  if (asker->pass != NULL)
    who.home = relay_home_pass_get_domain (asker->pass);
  relay_picture_give (asker->service->context, asker->service->dir, message, &who,
                      path + strlen (PATH "/"));
}

static void
on_pass_checked (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (SoupServerMessage) message = user_data;

  if (relay_home_pass_check_finish (result, NULL))
    give (message);
  else
    relay_picture_refuse (message, SOUP_STATUS_UNAUTHORIZED, CPM_ERROR_AUTH,
                          "This home did not prove itself");
  soup_server_message_unpause (message);
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  const Asker *asker = g_object_get_data (G_OBJECT (message), ASKER_KEY);

  if (soup_server_message_get_status (message) != 0 || relay_picture_receiver_end (message) ||
      asker == NULL)
    return;

  if (asker->pass == NULL)
    {
      give (message);
      return;
    }

  soup_server_message_pause (message);
  relay_home_pass_check_async (asker->pass, asker->service->context, path + strlen (PATH "/"),
                               on_pass_checked, g_object_ref (message));
}

static void
relay_picture_service_finalize (GObject *object)
{
  RelayPictureService *self = RELAY_PICTURE_SERVICE (object);

  if (self->server != NULL)
    soup_server_remove_handler (self->server, PATH);
  g_clear_object (&self->server);
  g_clear_object (&self->receiver);
  g_clear_pointer (&self->dir, g_free);

  G_OBJECT_CLASS (relay_picture_service_parent_class)->finalize (object);
}

static void
relay_picture_service_class_init (RelayPictureServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_picture_service_finalize;
}

static void
relay_picture_service_init (RelayPictureService *self)
{
}

RelayPictureService *
relay_picture_service_new (RelayContext  *context,
                           SoupServer    *server,
                           GError       **error)
{
  g_autoptr (RelayPictureService) self = g_object_new (RELAY_TYPE_PICTURE_SERVICE, NULL);

  self->context = context;
  self->dir = relay_folder_dup_pictures (context->config->data);
  self->receiver = relay_picture_receiver_new (context, self->dir, error);
  if (self->receiver == NULL)
    return NULL;

  self->server = g_object_ref (server);
  soup_server_add_early_handler (server, PATH, on_early, self, NULL);
  soup_server_add_handler (server, PATH, on_request, self, NULL);

  return g_steal_pointer (&self);
}
