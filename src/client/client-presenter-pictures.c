/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-presenter"

#include "config.h"

#include "client-presenter-internal.h"

#define MAX_PAGES 65535

/* The same picture keeps its page for as long as the share lives, whatever is shown in between. */
static unsigned
ensure_page (ClientPresenter *self,
             const char      *path)
{
  unsigned page = GPOINTER_TO_UINT (g_hash_table_lookup (self->pages, path));

  if (page == 0 && self->last_page < MAX_PAGES)
    {
      page = ++self->last_page;
      g_hash_table_insert (self->pages, g_strdup (path), GUINT_TO_POINTER (page));
    }

  return page;
}

/* The picture at @path (nullable: what is no picture) is on the stage. */
static void
take_page (ClientPresenter *self,
           const char      *path)
{
  self->page = path != NULL ? ensure_page (self, path) : 0;
  g_free (self->picture);
  self->picture = g_strdup (path);
  client_presenter_number_frames (self);

  if (self->page != 0)
    g_signal_emit_by_name (self, "picture-shown", path, self->page);
}

typedef struct
{
  ClientPresenter *self;
  char *path;
} Slide;

static Slide *
slide_new (ClientPresenter *self,
           const char      *path)
{
  Slide *slide = g_new0 (Slide, 1);

  slide->self = g_object_ref (self);
  slide->path = g_strdup (path);

  return slide;
}

/* The next one is decoded while this one is looked at. */
static void
prepare_next (ClientPresenter *self)
{
  g_clear_object (&self->ahead);
  if (self->series == NULL || client_series_get_n_pages (self->series) < 2)
    return;

  self->ahead_path = client_series_peek (self->series, 1);
  self->ahead = media_source_picture_new (self->ahead_path);
  media_source_prepare (self->ahead, media_stage_get_canvas (self->stage)->width,
                        media_stage_get_canvas (self->stage)->height);
}

void
client_presenter_drop_series (ClientPresenter *self)
{
  g_clear_object (&self->ahead);
  g_clear_pointer (&self->series, client_series_free);
  self->is_held = FALSE;
}

/* @slide ends here; when it is on the stage, the frames say its page from now on. Gives the
 * reference that it held. (transfer full) */
static ClientPresenter *
finish_slide (Slide         *slide,
              GObject       *stage,
              GAsyncResult  *result,
              GError       **error)
{
  ClientPresenter *self = slide->self;
  g_autofree char *path = slide->path;

  g_free (slide);
  if (media_stage_show_finish (MEDIA_STAGE (stage), result, error))
    {
      self->slate_stands = FALSE;
      take_page (self, path);
    }

  return self;
}

static void
on_slide_shown (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientPresenter) self = finish_slide (user_data, source, result, &error);

  if (error != NULL)
    g_debug ("a picture is left out: %s", error->message);

  if (!g_error_matches (error, MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED))
    prepare_next (self);
}

static void
show_slide (const char *path,
            gpointer    user_data)
{
  ClientPresenter *self = user_data;
  g_autoptr (MediaSource) source = NULL;

  self->is_held = self->n_shows > 0;
  if (self->is_held)
    return;

  if (self->ahead != NULL && g_str_equal (self->ahead_path, path))
    source = g_steal_pointer (&self->ahead);
  else
    source = media_source_picture_new (path);

  media_stage_show_async (self->stage, source, NULL, on_slide_shown, slide_new (self, path));
}

void
client_presenter_go_on (ClientPresenter *self)
{
  if (self->is_held && !self->stopped)
    show_slide (client_series_peek (self->series, 0), self);
}

/* The picture that is shown first, or %NULL. */
static const char *
get_picture (const ClientShowable *showable)
{
  if (showable->kind != CPM_CONTENT_PICTURE)
    return NULL;

  return showable->paths != NULL ? showable->paths[0] : showable->path;
}

void
client_presenter_take_shown (ClientPresenter      *self,
                             const ClientShowable *showable,
                             gboolean              by_finder)
{
  g_clear_pointer (&self->shown, client_showable_free);
  self->shown = client_showable_copy (showable);

  client_presenter_drop_series (self);
  if (showable->paths != NULL)
    self->series = client_series_new (self->world->clock, (const char *const *) showable->paths,
                                      showable->seconds, show_slide, self);
  prepare_next (self);

  take_page (self, by_finder ? NULL : get_picture (showable));
}

static void
on_photo_shown (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientPresenter) self = finish_slide (user_data, source, result, &error);

  if (error != NULL && !self->stopped &&
      !g_error_matches (error, MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED))
    g_signal_emit_by_name (self, "gone", error);
}

unsigned
client_presenter_reserve_page (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), 0);

  return !self->stopped && self->finder != NULL && self->last_page < MAX_PAGES ? ++self->last_page
                                                                               : 0;
}

void
client_presenter_show_photo (ClientPresenter *self,
                             const char      *path,
                             unsigned         page)
{
  g_autoptr (MediaSource) source = NULL;
  Slide *slide;

  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  if (self->stopped || self->finder == NULL)
    return;

  if (page != 0)
    g_hash_table_insert (self->pages, g_strdup (path), GUINT_TO_POINTER (page));

  if (self->n_shows > 0)
    return;

  slide = slide_new (self, path);
  source = media_source_picture_new (path);
  media_stage_show_async (self->stage, source, NULL, on_photo_shown, slide);
}

const char *
client_presenter_get_picture (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), NULL);

  return self->stopped || self->slate_stands || self->corner != NULL ? NULL : self->picture;
}

gboolean
client_presenter_step (ClientPresenter *self,
                       int              by)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  if (self->series == NULL)
    return FALSE;

  client_series_step (self->series, by);

  return TRUE;
}

gboolean
client_presenter_set_timer (ClientPresenter *self,
                            unsigned         seconds)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  if (self->series == NULL)
    return FALSE;

  client_series_set_timer (self->series, seconds);

  return TRUE;
}

const ClientSeries *
client_presenter_get_series (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), NULL);

  return self->series;
}

void
client_presenter_get_words (ClientPresenter  *self,
                            char            **out_title,
                            char            **out_artist)
{
  MediaSource *source = self->stopped ? NULL : media_stage_get_source (self->stage);
  g_autofree char *title = source != NULL ? media_source_get_title (source) : NULL;
  g_autofree char *artist = source != NULL ? media_source_get_artist (source) : NULL;

  *out_title = cpm_content_clean_title (title);
  *out_artist = cpm_content_clean_title (artist);
}

void
client_presenter_get_place (ClientPresenter *self,
                            int64_t         *out_position_us,
                            int64_t         *out_duration_us)
{
  MediaSource *source = self->stopped ? NULL : media_stage_get_source (self->stage);

  *out_position_us = source != NULL ? media_source_get_position_us (source) : -1;
  *out_duration_us = source != NULL ? media_source_get_duration_us (source) : -1;
}
