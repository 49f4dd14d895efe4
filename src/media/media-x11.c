/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-x11"

#include "config.h"

#include "media-x11.h"

#include "media-error.h"

#include <X11/Xlib.h>

/* In units of 32 bits: more than this is not a list of windows, nor a title. */

struct _MediaX11
{
  Display *display;
};

static int
on_x_error (Display     *display,
            XErrorEvent *event)
{
  g_debug ("X error %d of request %d", event->error_code, event->request_code);

  return 0;
}

static int
on_x_io_error (Display *display)
{
  g_debug ("The connection to an X server is lost");

  return 0;
}

/* Xlib ends the program at the first error that nobody takes. */
static gpointer
make_errors_harmless (gpointer unused)
{
  XErrorHandler present = XSetErrorHandler (NULL);
  XErrorHandler fatal = XSetErrorHandler (NULL);
  XIOErrorHandler present_io = XSetIOErrorHandler (NULL);
  XIOErrorHandler fatal_io = XSetIOErrorHandler (NULL);

  XSetErrorHandler (present == fatal ? on_x_error : present);
  XSetIOErrorHandler (present_io == fatal_io ? on_x_io_error : present_io);

  return NULL;
}

/* After the handler for all, Xlib ends the program for each display of its own. From now on there
 * is nothing to be seen of this one. */
static void
on_lost (Display *display,
         void    *user_data)
{
}

MediaX11 *
media_x11_open (const char  *display,
                GError     **error)
{
  static GOnce once = G_ONCE_INIT;
  MediaX11 *self;
  Display *connection;

  g_once (&once, make_errors_harmless, NULL);

  connection = XOpenDisplay (display);
  if (connection == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no X11 screen “%s”.",
                   XDisplayName (display));
      return NULL;
    }

  self = g_new0 (MediaX11, 1);
  self->display = connection;
  XSetIOErrorExitHandler (connection, on_lost, NULL);

  return self;
}

void
media_x11_close (MediaX11 *self)
{
  if (self == NULL)
    return;

  XCloseDisplay (self->display);
  g_free (self);
}

MediaX11Window
media_x11_look_at (MediaX11 *self,
                   uint64_t  window)
{
  XWindowAttributes attributes;

  if (!XGetWindowAttributes (self->display, (Window) window, &attributes))
    return MEDIA_X11_WINDOW_GONE;

  return attributes.map_state == IsViewable ? MEDIA_X11_WINDOW_SEEN : MEDIA_X11_WINDOW_HIDDEN;
}
