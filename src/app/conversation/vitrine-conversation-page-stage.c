/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-page"

#include "config.h"

#include "vitrine-conversation-page-private.h"

/* What can be done with that which is on the stage, wherever the focus is: by keys, and by whoever
 * activates the action. */

static void
take_photo (VitrineStageBar *bar)
{
  vitrine_stage_bar_take_photo (bar, NULL);
}

static void
go_on (VitrineStageBar *bar)
{
  vitrine_stage_bar_step (bar, 1);
}

static void
go_back (VitrineStageBar *bar)
{
  vitrine_stage_bar_step (bar, -1);
}

static const struct
{
  const char *name;
  void (*act) (VitrineStageBar *bar);
} actions[] = {
  { "conversation.stop", vitrine_stage_bar_stop },
  { "conversation.photo", take_photo },
  { "conversation.mute", vitrine_stage_bar_toggle_mute },
  { "conversation.play", vitrine_stage_bar_toggle_play },
  { "conversation.next", go_on },
  { "conversation.previous", go_back },
  { "conversation.react", vitrine_stage_bar_react },
};

static void
on_action (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  VitrineStageBar *bar = vitrine_stage_get_bar (VITRINE_CONVERSATION_PAGE (widget)->stage);

  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_equal (actions[i].name, action_name))
        actions[i].act (bar);
    }
}

void
vitrine_conversation_page_class_install_stage_actions (GtkWidgetClass *widget_class)
{
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, on_action);
}
