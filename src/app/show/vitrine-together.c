/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-together"

#include "config.h"

#include "vitrine-together.h"

#include "vitrine-people.h"

#include <glib/gi18n.h>

struct _VitrineTogether
{
  GObject parent_instance;

  Client *client; /* (nullable) */
  ClientShare *share;
  VitrineCanvas *canvas;       /* (unowned) */
  VitrineReactions *reactions; /* (unowned) */
};

G_DEFINE_FINAL_TYPE (VitrineTogether, vitrine_together, G_TYPE_OBJECT)

static const char *
together_get_name (VitrineTogether *self,
                   const char      *who)
{
  if (self->client != NULL && g_strcmp0 (who, client_get_account (self->client)) == 0)
    /* Translators: below a reaction of one's own, where the names of the others stand */
    return _("You");

  return vitrine_people_get_name (client_share_get_conversation (self->share), who);
}

static void
on_reaction (VitrineTogether *self,
             const char      *who,
             const char      *emoji)
{
  vitrine_reactions_add (self->reactions, emoji, together_get_name (self, who));
}

static void
on_pointer (VitrineTogether *self,
            const char      *who,
            double           x,
            double           y,
            int64_t          moment)
{
  vitrine_canvas_point (self->canvas, who, together_get_name (self, who), x, y);
}

static void
on_pointed (VitrineTogether *self,
            double           x,
            double           y)
{
  client_share_point (self->share, x, y);
}

static void
together_update (VitrineTogether *self)
{
  vitrine_canvas_set_can_point (self->canvas,
                                client_share_get_state (self->share) == CPM_SESSION_ACTIVE);
}

static void
vitrine_together_finalize (GObject *object)
{
  VitrineTogether *self = VITRINE_TOGETHER (object);

  g_clear_object (&self->client);
  g_clear_object (&self->share);

  G_OBJECT_CLASS (vitrine_together_parent_class)->finalize (object);
}

static void
vitrine_together_class_init (VitrineTogetherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vitrine_together_finalize;
}

static void
vitrine_together_init (VitrineTogether *self)
{
}

VitrineTogether *
vitrine_together_new (Client           *client,
                      ClientShare      *share,
                      VitrineCanvas    *canvas,
                      VitrineReactions *reactions)
{
  VitrineTogether *self = g_object_new (VITRINE_TYPE_TOGETHER, NULL);

  g_set_object (&self->client, client);
  self->share = g_object_ref (share);
  self->canvas = canvas;
  self->reactions = reactions;

  g_signal_connect_object (share, "reaction", G_CALLBACK (on_reaction), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "pointer", G_CALLBACK (on_pointer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "notify", G_CALLBACK (together_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (canvas, "pointed", G_CALLBACK (on_pointed), self, G_CONNECT_SWAPPED);
  together_update (self);

  return self;
}
