/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-screen.h"
#include "media-x11.h"

#include <X11/Xlib.h>
#include <glib-unix.h>
#include <unistd.h>

/* An X server of its own without a window manager (with-screen.sh), and windows that are ours. */
typedef struct
{
  Fixture fixture;
  Display *display;
  Window window;
} Session;

#define WHITE 0xffffff
#define BLUE 0x0000ff

static void
paint (Session       *self,
       unsigned long  colour)
{
  XSetWindowBackground (self->display, self->window, colour);
  XClearWindow (self->display, self->window);
  XSync (self->display, False);
}

static void
set_up (Session       *self,
        gconstpointer  unused)
{
  fixture_set_up (&self->fixture, NULL);
  self->display = XOpenDisplay (NULL);
  g_assert_nonnull (self->display);
  self->window = XCreateSimpleWindow (self->display, DefaultRootWindow (self->display), 100, 100,
                                      320, 180, 0, 0, WHITE);
  XMapWindow (self->display, self->window);
  XSync (self->display, False);
  paint (self, WHITE);
}

static void
tear_down (Session       *self,
           gconstpointer  unused)
{
  fixture_tear_down (&self->fixture, NULL);
  XCloseDisplay (self->display);
}

static void
show (Session  *self,
      uint64_t  window)
{
  g_autoptr (MediaScreen) screen = media_screen_new_x11 (NULL, window, "Notes");
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (&self->fixture, media_source_screen_new (screen, FALSE), &error));
  g_assert_no_error (error);
}

static gboolean
is_white (Session *self)
{
  return fixture_see (&self->fixture).corner[0] > 200;
}

static gboolean
is_blue (Session *self)
{
  OutputFrame frame = fixture_see (&self->fixture);

  return frame.corner[0] < 100 && frame.corner[1] > 200;
}

static void
test_whole_screen (Session       *self,
                   gconstpointer  unused)
{
  XMoveResizeWindow (self->display, self->window, 0, 0, (unsigned) DisplayWidth (self->display, 0),
                     (unsigned) DisplayHeight (self->display, 0));
  paint (self, WHITE);
  show (self, 0);
  fixture_wait_until (is_white (self));
  paint (self, BLUE);
  fixture_wait_until (is_blue (self));
  fixture_assert_continuous (&self->fixture);
}

static void
test_window (Session       *self,
             gconstpointer  unused)
{
  show (self, self->window);
  fixture_wait_until (is_white (self));
  paint (self, BLUE);
  fixture_wait_until (is_blue (self));
  g_assert_false (media_source_has_audio (media_stage_get_source (self->fixture.stage)));
}

/* A square window stands between two black bars on the wide canvas: at the right there is nothing
 * any more. */
static void
test_window_changes_its_size (Session       *self,
                              gconstpointer  unused)
{
  show (self, self->window);
  fixture_wait_until (is_white (self));

  XResizeWindow (self->display, self->window, 90, 180);
  XSync (self->display, False);
  fixture_wait_until (fixture_see (&self->fixture).corner[0] < 50);

  XResizeWindow (self->display, self->window, 640, 360);
  XSync (self->display, False);
  fixture_wait_until (is_white (self));
  g_assert_cmpint (self->fixture.n_lost, ==, 0);
  fixture_assert_continuous (&self->fixture);
}

/* There are words in the middle while it is minimised; what stood in the window stays. */
static void
test_window_minimised (Session       *self,
                       gconstpointer  unused)
{
  show (self, self->window);
  fixture_wait_until (is_white (self));

  XUnmapWindow (self->display, self->window);
  XSync (self->display, False);
  fixture_wait_until (fixture_see (&self->fixture).centre < 200);

  XMapWindow (self->display, self->window);
  paint (self, BLUE);
  fixture_wait_until (is_blue (self));
  g_assert_cmpint (self->fixture.n_lost, ==, 0);
  fixture_assert_continuous (&self->fixture);
}

static void
test_window_closed (Session       *self,
                    gconstpointer  unused)
{
  show (self, self->window);
  fixture_wait_until (is_white (self));

  XDestroyWindow (self->display, self->window);
  XSync (self->display, False);
  fixture_wait_until (self->fixture.n_lost == 1);
  g_assert_error (self->fixture.lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_cmpstr (self->fixture.lost_error->message, ==, "The window “Notes” was closed.");
  fixture_wait_frames (&self->fixture, 5);
  fixture_assert_continuous (&self->fixture);
}

/* ximagesrc by itself would show the whole screen instead. */
static void
test_no_such_window (Session       *self,
                     gconstpointer  unused)
{
  g_autoptr (MediaScreen) window = media_screen_new_x11 (NULL, 0x7fffff, NULL);
  g_autoptr (MediaScreen) display = media_screen_new_x11 (":no-such-display", 0, NULL);
  g_autoptr (MediaScreen) ended = media_screen_new_x11 (NULL, 0, NULL);

  fixture_wait_frames (&self->fixture, 1);
  fixture_expect_error (&self->fixture, media_source_screen_new (window, FALSE),
                        MEDIA_ERROR_NOT_FOUND, "The window is not there any more");
  fixture_expect_error (&self->fixture, media_source_screen_new (display, FALSE),
                        MEDIA_ERROR_NOT_FOUND, "There is no X11 screen “:no-such-display”");
  media_screen_end (ended);
  fixture_expect_error (&self->fixture, media_source_screen_new (ended, FALSE),
                        MEDIA_ERROR_NOT_FOUND, "does not show this screen any more");
}

static void
test_stopped_by_the_desktop (Session       *self,
                             gconstpointer  unused)
{
  g_autoptr (MediaScreen) screen = media_screen_new_x11 (NULL, 0, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (&self->fixture, media_source_screen_new (screen, FALSE), &error));
  g_assert_no_error (error);
  media_screen_end (screen);
  fixture_wait_until (self->fixture.n_lost == 1);
  g_assert_error (self->fixture.lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_nonnull (strstr (self->fixture.lost_error->message, "has stopped to show the screen"));
}

/* An X server besides the one of the test, and what it is called. (transfer full) */
static GSubprocess *
start_server (char **out_display)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  GSubprocess *server;
  char number[16] = "";
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, &error));
  g_subprocess_launcher_take_fd (launcher, ends[1], 3);
  server = g_subprocess_launcher_spawn (launcher, &error, "Xvfb", "-displayfd", "3", "-screen", "0",
                                        "640x480x24", "-nolisten", "tcp", "-noreset", NULL);
  g_assert_no_error (error);
  g_clear_object (&launcher);
  for (size_t n = 0; strchr (number, '\n') == NULL; n++)
    {
      g_assert_cmpuint (n, <, sizeof number - 1);
      g_assert_cmpint (read (ends[0], number + n, 1), ==, 1);
    }
  close (ends[0]);
  *out_display = g_strdup_printf (":%s", g_strchomp (number));

  return server;
}

/* Xlib ends a program that has lost its server, if it may. */
static void
test_server_dies (void)
{
  g_autofree char *display = NULL;
  g_autoptr (GSubprocess) server = start_server (&display);
  g_autoptr (MediaX11) x11 = NULL;
  g_autoptr (GError) error = NULL;
  Display *other = XOpenDisplay (display);
  uint64_t root;

  g_assert_nonnull (other);
  root = DefaultRootWindow (other);
  XCloseDisplay (other);
  x11 = media_x11_open (display, &error);
  g_assert_no_error (error);
  g_assert_cmpint (media_x11_look_at (x11, root), ==, MEDIA_X11_WINDOW_SEEN);

  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
  g_assert_cmpint (media_x11_look_at (x11, root), ==, MEDIA_X11_WINDOW_GONE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/source-screen/" name, Session, NULL, set_up, function, tear_down)
  ADD ("whole-screen", test_whole_screen);
  ADD ("window", test_window);
  ADD ("window-changes-its-size", test_window_changes_its_size);
  ADD ("window-minimised", test_window_minimised);
  ADD ("window-closed", test_window_closed);
  ADD ("no-such-window", test_no_such_window);
  ADD ("stopped-by-the-desktop", test_stopped_by_the_desktop);
#undef ADD
  g_test_add_func ("/source-screen/server-dies", test_server_dies);

  return g_test_run ();
}
