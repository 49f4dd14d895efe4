/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-audience"

#include "config.h"

#include "vitrine-audience.h"

#include "vitrine-people.h"
#include "vitrine-person-row.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

#define WIDTH 300
#define MOST_HEIGHT 360

struct _VitrineAudience
{
  GtkPopover parent_instance;

  ClientShare *share; /* (nullable) */
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (VitrineAudience, vitrine_audience, GTK_TYPE_POPOVER)

static void
audience_add (VitrineAudience *self,
              const char      *who,
              const char      *state,
              const char      *sign)
{
  ClientConversation *conversation = client_share_get_conversation (self->share);
  GtkWidget *row = vitrine_person_row_new (who, vitrine_people_get_name (conversation, who));

  vitrine_person_row_set_state (VITRINE_PERSON_ROW (row), state);
  if (sign != NULL)
    vitrine_person_row_add_sign (VITRINE_PERSON_ROW (row), sign);
  gtk_list_box_append (self->list, row);
}

static void
audience_fill (VitrineAudience *self)
{
  CpmSession *session = self->share != NULL ? client_share_get_session (self->share) : NULL;
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  if (session == NULL)
    return;

  /* Translators: beside the name of whoever shows something to the others */
  audience_add (self, cpm_session_get_sharer (session), C_("person", "Showing"), NULL);
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);
      g_autofree char *state = vitrine_words_member (member);

      audience_add (
        self, member->who, state,
        vitrine_words_hindrance (client_share_get_hindrance_of (self->share, member->who)));
    }
}

/* The list is for those who look. */
static void
on_session_changed (VitrineAudience *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    audience_fill (self);
}

static void
vitrine_audience_show (GtkWidget *widget)
{
  audience_fill (VITRINE_AUDIENCE (widget));

  GTK_WIDGET_CLASS (vitrine_audience_parent_class)->show (widget);
}

static void
vitrine_audience_dispose (GObject *object)
{
  VitrineAudience *self = VITRINE_AUDIENCE (object);

  g_clear_object (&self->share);

  G_OBJECT_CLASS (vitrine_audience_parent_class)->dispose (object);
}

static void
vitrine_audience_class_init (VitrineAudienceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vitrine_audience_dispose;
  GTK_WIDGET_CLASS (klass)->show = vitrine_audience_show;
}

static void
vitrine_audience_init (VitrineAudience *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "audience");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Who Is Watching"), -1);

  g_object_set (scroller, "hscrollbar-policy", GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                "max-content-height", MOST_HEIGHT, "width-request", WIDTH, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_popover_set_child (GTK_POPOVER (self), scroller);
}

void
vitrine_audience_set_share (VitrineAudience *self,
                            ClientShare     *share)
{
  g_return_if_fail (VITRINE_IS_AUDIENCE (self));

  if (self->share != NULL)
    g_signal_handlers_disconnect_by_data (self->share, self);

  g_set_object (&self->share, share);
  if (share != NULL)
    {
      g_signal_connect_object (share, "notify::session", G_CALLBACK (on_session_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (share, "notify::slow", G_CALLBACK (on_session_changed), self,
                               G_CONNECT_SWAPPED);
    }

  on_session_changed (self);
}
