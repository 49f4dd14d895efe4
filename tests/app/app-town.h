/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home.h"
#include "vitrine-window.h"

#include "client.h"
#include "cpm-address.h"

G_BEGIN_DECLS

/**
 * AppTown:
 *
 * Alice has the app: a real client with a home folder, connected by a wire in memory to a real
 * relay without sockets (relay-home.h). Emily is a #Person of that relay who says what the test
 * wants. There is no media: the session has all its states, but no picture comes.
 */
typedef struct
{
  Home *home;
  char *folder;
  Client *alice;
  Person *emily;
  ClientConversation *conversation; /* (unowned): of the two */
  VitrineWindow *window;            /* (unowned) (nullable) */
  unsigned tick_id;                 /* lets the clock of all run with that of the machine */
} AppTown;

/* main() calls it first. */
void       app_town_init        (int           *argc,
                                 char        ***argv);

/* For g_test_add(): both are signed in and know each other. With @today (anything but %NULL) the
 * clock shows the present time; else the first of some January. */
void       app_town_set_up      (AppTown       *self,
                                 gconstpointer  today);
void       app_town_tear_down   (AppTown       *self,
                                 gconstpointer  unused);

/* Opens the window on the conversation with Emily. */
void       app_town_open_window (AppTown       *self);

/* Emily writes. */
void       app_town_emily_says  (AppTown       *self,
                                 const char    *text);

/* Emily invites Alice to see @kind. Returns the id of the share. (transfer full) */
char      *app_town_emily_shows (AppTown       *self,
                                 const char    *kind);

/* Alice wants to show the test camera or another kind to Emily; returns when Emily has been asked.
 * Returns the id. (transfer full) */
char      *app_town_alice_shows (AppTown        *self,
                                 CpmContentKind  kind);

/* A group of Alice, Emily and @other (nullable), made by Alice; returns when all have been told.
 * (transfer none) */
ClientConversation *app_town_make_group (AppTown    *self,
                                         const char *name,
                                         Person     *other);

/* Removes a folder and what is in it. */
void       app_remove_folder    (const char    *path);

typedef gboolean (*AppTownFunc) (gpointer user_data);

/* Goes round in the main loop until @condition is true; fails after ten seconds. */
void       app_wait_until       (AppTownFunc  condition,
                                 gpointer     user_data,
                                 const char  *what);
#define app_wait_until(condition, user_data) \
  app_wait_until ((AppTownFunc) (condition), (user_data), #condition)

/* Looking at a window. What is not mapped is not found. */

/* The widget with this accessible name, of this type. (nullable) */
GtkWidget *app_find_named       (GtkWidget     *root,
                                 GType          type,
                                 const char    *name);

/* A label that has @text in it. (nullable) */
GtkWidget *app_find_label       (GtkWidget     *root,
                                 const char    *text);

/* Any widget of the type of that name. (nullable) */
GtkWidget *app_find_of_type     (GtkWidget     *root,
                                 const char    *type_name);

/* The same, but wait until it is there, or gone. */
GtkWidget *app_await_named      (GtkWidget     *root,
                                 GType          type,
                                 const char    *name);
GtkWidget *app_await_of_type    (GtkWidget     *root,
                                 const char    *type_name);
GtkWidget *app_await_label      (GtkWidget     *root,
                                 const char    *text);
void       app_await_no_label   (GtkWidget     *root,
                                 const char    *text);

/* What is switched or ticked by the row with this title: the row gives it its name, so it has none
 * of its own. */
GtkWidget *app_await_switch     (GtkWidget     *root,
                                 const char    *title);

/* The window of that type that is on the screen: dialogs are windows. */
GtkWidget *app_await_window     (const char    *type_name);
/* Something that is asked before it is done. */
GtkWidget *app_await_question   (void);

/* Presses a button by its accessible name, when it can be pressed. */
void       app_press            (GtkWidget     *root,
                                 const char    *name);

G_END_DECLS
