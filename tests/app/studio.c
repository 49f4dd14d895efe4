/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "screenshots"

#include "config.h"

#include "studio.h"

#define SETTLE_MS 400
#define MAX_TRIES 20

static gboolean
on_time (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

void
studio_settle (void)
{
  gboolean is_time = FALSE;

  g_timeout_add (SETTLE_MS, on_time, &is_time);
  while (!is_time)
    g_main_context_iteration (NULL, TRUE);
}

void
studio_shoot (Studio     *self,
              GtkWidget  *widget,
              const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s-%d%s.png", name, self->width,
                                           self->dark ? "-dark" : "");
  g_autofree char *path = g_build_filename (self->folder, file, NULL);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  int width, height;

  /* On a busy machine it may not have been drawn yet. */
  for (int i = 0; i < MAX_TRIES && node == NULL; i++)
    {
      g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
      GtkSnapshot *snapshot = gtk_snapshot_new ();

      studio_settle ();
      width = gtk_widget_get_width (widget);
      height = gtk_widget_get_height (widget);
      gdk_paintable_snapshot (paintable, snapshot, width, height);
      node = gtk_snapshot_free_to_node (snapshot);
    }

  if (node == NULL)
    g_error ("%s was never drawn", name);

  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)),
                                         node, &GRAPHENE_RECT_INIT (0, 0, width, height));

  if (!gdk_texture_save_to_png (texture, path))
    g_error ("%s cannot be written", path);
}
