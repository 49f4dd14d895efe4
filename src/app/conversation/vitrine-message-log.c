/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-message-log"

#include "config.h"

#include "vitrine-message-log.h"

#include "vitrine-message-row.h"
#include "vitrine-words.h"

#include <adwaita.h>

#define N_ROWS_AT_ONCE 100

/* How near to the beginning (pixels) one has come when earlier rows are fetched. */
#define BEGINNING_SLACK 240.0

/* Rows of one person that are nearer in time than this belong together. */
#define GROUP_US (3 * 60 * G_USEC_PER_SEC)

/* How near to the end (pixels) still counts as the end. */
#define END_SLACK 24.0

struct _VitrineMessageLog
{
  GtkWidget parent_instance;

  ClientConversation *conversation; /* (nullable) */
  char *me;
  GtkSliceListModel *slice;
  gboolean is_at_end;
  gboolean was_filled;  /* earlier rows were asked for, since there was room for them */
  gboolean keeps_place; /* earlier rows are coming in above what is read now */
  double extent; /* of the list when it was last laid out, and */
  double shift;  /* by how much what is read has moved down meanwhile */
  double page;   /* how much of it is seen: tells scrolling by a person from another layout */
  unsigned scroll_id;

  GtkScrolledWindow *scroller;
  GtkWidget *earlier_button;
  GtkSpinner *spinner;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (VitrineMessageLog, vitrine_message_log, GTK_TYPE_WIDGET)

static gboolean
is_note (ClientMessage *message)
{
  return client_message_get_kind (message) == CLIENT_MESSAGE_SHARE ||
         client_message_get_kind (message) == CLIENT_MESSAGE_SHARE_MISSED;
}

static gboolean
belongs_to (ClientMessage *message,
            ClientMessage *before)
{
  int64_t apart_us = client_message_get_timestamp_us (message) -
                     client_message_get_timestamp_us (before);

  return !is_note (message) && !is_note (before) &&
         client_message_is_outgoing (message) == client_message_is_outgoing (before) &&
         g_strcmp0 (client_message_get_from (message), client_message_get_from (before)) == 0 &&
         ABS (apart_us) < GROUP_US;
}

/* A heading where a new day begins; and rows that belong together move together. */
static void
update_header (GtkListBoxRow *row,
               GtkListBoxRow *before,
               gpointer       user_data)
{
  ClientMessage *message = vitrine_message_row_get_message (VITRINE_MESSAGE_ROW (row));
  int64_t now_us = g_get_real_time ();
  g_autofree char *day = vitrine_words_day (client_message_get_timestamp_us (message), now_us);
  g_autofree char *day_before = NULL;
  ClientMessage *earlier = NULL;
  GtkWidget *heading;

  if (before != NULL)
    {
      earlier = vitrine_message_row_get_message (VITRINE_MESSAGE_ROW (before));
      day_before = vitrine_words_day (client_message_get_timestamp_us (earlier), now_us);
    }

  if (g_strcmp0 (day, day_before) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      vitrine_message_row_set_grouped (VITRINE_MESSAGE_ROW (row), belongs_to (message, earlier));
      return;
    }

  heading = gtk_label_new (day);
  gtk_widget_add_css_class (heading, "day-heading");
  gtk_list_box_row_set_header (row, heading);
  vitrine_message_row_set_grouped (VITRINE_MESSAGE_ROW (row), FALSE);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  VitrineMessageLog *self = user_data;

  return vitrine_message_row_new (self->conversation, item, self->me);
}

/* The newest message from the other person, if it is unread and on the screen. */
static void
log_mark_displayed (VitrineMessageLog *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  unsigned n_items;

  if (self->conversation == NULL || !self->is_at_end || native == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      client_conversation_get_n_unread (self->conversation) == 0)
    return;

  if (gdk_toplevel_get_state (GDK_TOPLEVEL (gtk_native_get_surface (native))) &
      GDK_TOPLEVEL_STATE_MINIMIZED)
    return;

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->conversation));

  for (unsigned i = n_items; i > 0; i--)
    {
      g_autoptr (ClientMessage) message = g_list_model_get_item (G_LIST_MODEL (self->conversation),
                                                                 i - 1);

      if (!client_message_is_outgoing (message))
        {
          client_conversation_mark_displayed (self->conversation, message);
          return;
        }
    }
}

/* Later, since the marking changes the very model that may be telling us of a change; but not after
 * the drawing of a film, which may never leave a moment free. */
static gboolean
on_idle_mark (gpointer user_data)
{
  log_mark_displayed (user_data);

  return G_SOURCE_REMOVE;
}

static void
log_queue_mark (VitrineMessageLog *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_mark, g_object_ref (self), g_object_unref);
}

/* Whether there are rows that are not on the page. */
static gboolean
log_has_earlier (VitrineMessageLog *self)
{
  return gtk_slice_list_model_get_offset (self->slice) > 0 ||
         client_conversation_has_older (self->conversation);
}

static void
log_update_earlier (VitrineMessageLog *self)
{
  gboolean is_loading = client_conversation_is_loading_older (self->conversation);

  gtk_widget_set_visible (self->earlier_button, log_has_earlier (self));
  gtk_widget_set_sensitive (self->earlier_button, !is_loading);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_loading);
  gtk_spinner_set_spinning (self->spinner, is_loading);
}

static void
log_load_earlier (VitrineMessageLog *self)
{
  unsigned offset;

  if (self->conversation == NULL || !log_has_earlier (self) || self->keeps_place)
    return;

  offset = gtk_slice_list_model_get_offset (self->slice);
  if (offset > 0)
    {
      self->keeps_place = !self->is_at_end;
      gtk_slice_list_model_set_offset (self->slice, offset - MIN (offset, N_ROWS_AT_ONCE));
    }
  else
    {
      client_conversation_load_older (self->conversation);
    }

  log_update_earlier (self);
}

/* What is read stays where it is, and the earlier rows come in above it. */
static void
on_earlier (VitrineMessageLog *self)
{
  self->is_at_end = FALSE;
  log_load_earlier (self);
}

/* There is room for more than this device has. */
static gboolean
on_idle_fill (gpointer user_data)
{
  log_load_earlier (user_data);

  return G_SOURCE_REMOVE;
}

static void
log_scroll_to_end (VitrineMessageLog *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

/* Later: not in the middle of a layout. */
static gboolean
on_idle_earlier (gpointer user_data)
{
  VitrineMessageLog *self = user_data;

  self->scroll_id = 0;
  on_earlier (self);

  return G_SOURCE_REMOVE;
}

static void
on_scrolled (VitrineMessageLog *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  gboolean was_at_end = self->is_at_end;

  if (gtk_adjustment_get_upper (adjustment) != self->extent ||
      gtk_adjustment_get_page_size (adjustment) != self->page)
    return;

  self->is_at_end = gtk_adjustment_get_value (adjustment) >= end - END_SLACK;

  /* Whoever reads upwards need not press anything. */
  if (gtk_adjustment_get_value (adjustment) < BEGINNING_SLACK && !self->is_at_end &&
      !self->keeps_place && self->shift == 0 && self->scroll_id == 0)
    self->scroll_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_earlier, self, NULL);

  if (self->is_at_end && !was_at_end)
    log_queue_mark (self);
}

/* Later, since in the middle of a layout the viewport does not move its child any more. */
static gboolean
on_idle_place (gpointer user_data)
{
  VitrineMessageLog *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->scroll_id = 0;

  if (self->is_at_end)
    log_scroll_to_end (self);
  else if (self->shift != 0)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + self->shift);

  self->shift = 0;

  return G_SOURCE_REMOVE;
}

/* More rows, or another height: whoever was at the end stays there, and so does whoever reads
 * further up. */
static void
on_extent_changed (VitrineMessageLog *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (self->keeps_place && gtk_adjustment_get_upper (adjustment) != self->extent)
    {
      self->shift += gtk_adjustment_get_upper (adjustment) - self->extent;
      self->keeps_place = FALSE;
    }

  self->extent = gtk_adjustment_get_upper (adjustment);
  self->page = gtk_adjustment_get_page_size (adjustment);

  if (self->conversation != NULL && self->extent <= self->page && !self->was_filled &&
      log_has_earlier (self))
    {
      self->was_filled = TRUE;
      g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_fill, g_object_ref (self), g_object_unref);
    }

  if ((self->is_at_end || self->shift != 0) && self->scroll_id == 0)
    self->scroll_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_place, self, NULL);
}

static void
on_items_changed (VitrineMessageLog *self,
                  unsigned           position,
                  unsigned           n_removed,
                  unsigned           n_added)
{
  unsigned n_items = g_list_model_get_n_items (G_LIST_MODEL (self->conversation));

  /* Earlier rows that the relay had: on the page at once. */
  if (n_added > 0 && position == 0 && n_added < n_items && !self->is_at_end)
    self->keeps_place = TRUE;

  /* What I say myself brings me back to the end. */
  if (n_added > 0 && position + n_added == n_items)
    {
      g_autoptr (ClientMessage) last = g_list_model_get_item (G_LIST_MODEL (self->conversation),
                                                              n_items - 1);

      if (client_message_is_outgoing (last))
        self->is_at_end = TRUE;
    }

  log_queue_mark (self);
}

static void
vitrine_message_log_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (vitrine_message_log_parent_class)->map (widget);

  log_queue_mark (VITRINE_MESSAGE_LOG (widget));
}

static void
vitrine_message_log_dispose (GObject *object)
{
  VitrineMessageLog *self = VITRINE_MESSAGE_LOG (object);
  GtkWidget *child;

  vitrine_message_log_set_conversation (self, NULL, NULL);
  g_clear_handle_id (&self->scroll_id, g_source_remove);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  g_clear_object (&self->slice);

  G_OBJECT_CLASS (vitrine_message_log_parent_class)->dispose (object);
}

static void
vitrine_message_log_class_init (VitrineMessageLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_message_log_dispose;
  widget_class->map = vitrine_message_log_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-message-log.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageLog, scroller);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageLog, earlier_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageLog, spinner);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageLog, list);
  gtk_widget_class_bind_template_callback (widget_class, on_earlier);
}

static void
vitrine_message_log_init (VitrineMessageLog *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->is_at_end = TRUE;
  gtk_list_box_set_header_func (self->list, update_header, NULL, NULL);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_extent_changed),
                           self, G_CONNECT_SWAPPED);
}

void
vitrine_message_log_set_conversation (VitrineMessageLog  *self,
                                      ClientConversation *conversation,
                                      const char         *me)
{
  unsigned n_items;

  g_return_if_fail (VITRINE_IS_MESSAGE_LOG (self));

  if (self->conversation == conversation)
    return;

  if (self->conversation != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->conversation, self);
      gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
      g_clear_object (&self->slice);
      g_clear_object (&self->conversation);
      g_clear_pointer (&self->me, g_free);
    }

  if (conversation == NULL)
    return;

  self->conversation = g_object_ref (conversation);
  self->me = g_strdup (me);
  self->is_at_end = TRUE;
  self->was_filled = FALSE;
  self->keeps_place = FALSE;
  self->shift = 0;

  n_items = g_list_model_get_n_items (G_LIST_MODEL (conversation));
  self->slice = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (conversation)),
                                          n_items > N_ROWS_AT_ONCE ? n_items - N_ROWS_AT_ONCE : 0,
                                          G_MAXUINT);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row, self, NULL);
  log_update_earlier (self);

  g_signal_connect_object (conversation, "items-changed", G_CALLBACK (on_items_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::has-older", G_CALLBACK (log_update_earlier), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::loading-older", G_CALLBACK (log_update_earlier),
                           self, G_CONNECT_SWAPPED);
  log_queue_mark (self);
}

gboolean
vitrine_message_log_is_at_end (VitrineMessageLog *self)
{
  g_return_val_if_fail (VITRINE_IS_MESSAGE_LOG (self), FALSE);

  return self->is_at_end && gtk_widget_get_mapped (GTK_WIDGET (self));
}
