/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-portal"

#include "config.h"

#include "vitrine-portal.h"

#include "media-error.h"

#include <glib/gi18n.h>
#include <libportal-gtk4/portal-gtk4.h>
#include <libportal/portal.h>

#define TOKEN_KEY "screen-token"

struct _VitrinePortal
{
  GObject parent_instance;

  XdpPortal *portal;
  GSettings *settings; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (VitrinePortal, vitrine_portal, G_TYPE_OBJECT)

/* Whether it says that there is no portal, as opposed to one that said no. */
static gboolean
is_missing (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}

static XdpParent *
make_parent (GtkWindow *window)
{
  return window != NULL ? xdp_parent_new_gtk (window) : NULL;
}

/* --- camera --------------------------------------------------------------- */

static void
return_no_camera (GTask        *task,
                  const GError *error)
{
  if (is_missing (error))
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                             _("This desktop has no way to give the camera to an app."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (
      task, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED,
      _("Vitrine may not use the camera. You can allow it in the system’s privacy settings."));
  else
    /* Translators: %s is what the desktop says */
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                             _("The desktop did not give the camera: %s"), error->message);
}

static void
on_camera_allowed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  int fd;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (!xdp_portal_access_camera_finish (XDP_PORTAL (source), result, &error))
    {
      return_no_camera (task, error);
      return;
    }

  fd = xdp_portal_open_pipewire_remote_for_camera (XDP_PORTAL (source));
  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                             _("There is no camera: is it plugged in?"));
}

gboolean
vitrine_portal_is_needed_for_camera (void)
{
  return xdp_portal_running_under_sandbox ();
}

void
vitrine_portal_open_camera_async (VitrinePortal       *self,
                                  GtkWindow           *parent,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (XdpParent) xdp_parent = NULL;
  GTask *task;

  g_return_if_fail (VITRINE_IS_PORTAL (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vitrine_portal_open_camera_async);
  xdp_parent = make_parent (parent);
  xdp_portal_access_camera (self->portal, xdp_parent, XDP_CAMERA_FLAG_NONE, cancellable,
                            on_camera_allowed, task);
}

int
vitrine_portal_open_camera_finish (VitrinePortal  *self,
                                   GAsyncResult   *result,
                                   GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return (int) g_task_propagate_int (G_TASK (result), error);
}

/* --- screen --------------------------------------------------------------- */

typedef struct
{
  GtkWindow *parent; /* (nullable) */
  XdpSession *session;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_clear_object (&choice->parent);
  g_clear_object (&choice->session);
  g_free (choice);
}

/* Under Wayland there is an X11 display too, and nothing but black on it. */
static gboolean
is_x11_session (void)
{
  return g_getenv ("WAYLAND_DISPLAY") == NULL && g_getenv ("DISPLAY") != NULL;
}

static void
return_no_screen (GTask        *task,
                  const GError *error)
{
  if (is_missing (error) && is_x11_session ())
    g_task_return_pointer (task, media_screen_new_x11 (NULL, 0, NULL), g_object_unref);
  else if (is_missing (error))
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                             _("This desktop has no way to show the screen to others."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("No screen was chosen."));
  else
    /* Translators: %s is what the desktop says */
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                             _("The desktop did not give the screen: %s"), error->message);
}

static void
keep_token (VitrinePortal *self,
            XdpSession    *session)
{
  g_autofree char *token = xdp_session_get_restore_token (session);

  if (self->settings != NULL)
    g_settings_set_string (self->settings, TOKEN_KEY, token != NULL ? token : "");
}

static void
close_session (gpointer data)
{
  xdp_session_close (data);
  g_object_unref (data);
}

/* (transfer full) (nullable) */
static MediaScreen *
take_stream (XdpSession *session)
{
  GVariant *streams = xdp_session_get_streams (session); /* borrowed */
  MediaScreen *screen;
  uint32_t node;
  int fd;

  if (streams == NULL || g_variant_n_children (streams) == 0)
    return NULL;

  g_variant_get_child (streams, 0, "(u@a{sv})", &node, NULL);
  fd = xdp_session_open_pipewire_remote (session);
  if (fd < 0)
    return NULL;

  screen = media_screen_new_stream (fd, node, NULL);
  g_signal_connect_object (session, "closed", G_CALLBACK (media_screen_end), screen,
                           G_CONNECT_SWAPPED);
  /* The desktop shows the person that the screen is seen for as long as the session is there. */
  g_object_set_data_full (G_OBJECT (screen), "session", g_object_ref (session), close_session);

  return screen;
}

static void
on_screen_started (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XdpSession *session = XDP_SESSION (source);
  g_autoptr (GError) error = NULL;
  MediaScreen *screen;

  if (!xdp_session_start_finish (session, result, &error))
    {
      return_no_screen (task, error);
      return;
    }

  keep_token (g_task_get_source_object (task), session);
  screen = take_stream (session);
  if (screen == NULL)
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                             _("The desktop gave no picture of the screen."));
  else
    g_task_return_pointer (task, screen, g_object_unref);
}

static void
on_session_created (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Choice *choice = g_task_get_task_data (task);
  g_autoptr (XdpParent) parent = NULL;
  g_autoptr (GError) error = NULL;

  choice->session = xdp_portal_create_screencast_session_finish (XDP_PORTAL (source), result,
                                                                 &error);
  if (choice->session == NULL)
    {
      return_no_screen (task, error);
      return;
    }

  parent = make_parent (choice->parent);
  xdp_session_start (choice->session, parent, g_task_get_cancellable (task), on_screen_started,
                     g_object_ref (task));
}

void
vitrine_portal_choose_screen_async (VitrinePortal       *self,
                                    GtkWindow           *parent,
                                    gboolean             as_before,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autofree char *token = NULL;
  Choice *choice;
  GTask *task;

  g_return_if_fail (VITRINE_IS_PORTAL (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vitrine_portal_choose_screen_async);
  choice = g_new0 (Choice, 1);
  choice->parent = parent != NULL ? g_object_ref (parent) : NULL;
  g_task_set_task_data (task, choice, choice_free);

  if (as_before && self->settings != NULL)
    token = g_settings_get_string (self->settings, TOKEN_KEY);

  xdp_portal_create_screencast_session (
    self->portal, XDP_OUTPUT_MONITOR | XDP_OUTPUT_WINDOW, XDP_SCREENCAST_FLAG_NONE,
    XDP_CURSOR_MODE_EMBEDDED, XDP_PERSIST_MODE_PERSISTENT,
    token != NULL && *token != '\0' ? token : NULL, cancellable, on_session_created, task);
}

MediaScreen *
vitrine_portal_choose_screen_finish (VitrinePortal  *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the object ----------------------------------------------------------- */

static void
vitrine_portal_dispose (GObject *object)
{
  VitrinePortal *self = VITRINE_PORTAL (object);

  g_clear_object (&self->portal);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (vitrine_portal_parent_class)->dispose (object);
}

static void
vitrine_portal_class_init (VitrinePortalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vitrine_portal_dispose;
}

static void
vitrine_portal_init (VitrinePortal *self)
{
  self->portal = xdp_portal_new ();
}

VitrinePortal *
vitrine_portal_new (GSettings *settings)
{
  VitrinePortal *self = g_object_new (VITRINE_TYPE_PORTAL, NULL);

  g_set_object (&self->settings, settings);

  return self;
}
