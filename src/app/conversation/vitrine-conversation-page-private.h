/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "vitrine-conversation-page.h"

#include "vitrine-ask-popover.h"
#include "vitrine-composer.h"
#include "vitrine-connection-banner.h"
#include "vitrine-message-log.h"
#include "vitrine-show-chooser.h"
#include "vitrine-stage-layout.h"
#include "vitrine-stage.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* For the files of VitrineConversationPage only: -page.c (the conversation and its stage),
 * -pictures.c (pictures that are sent, asked for and answered with), -files.c (what is dropped and
 * pasted) and -shares.c (shares that are begun, changed, joined and taken over). */

struct _VitrineConversationPage
{
  GtkWidget parent_instance;

  Client *client;
  char *device;                     /* (nullable) */
  ClientConversation *conversation; /* (nullable) */
  ClientShare *expected;            /* (nullable): being accepted */
  /* (nullable): whose sharer has given us the turn, and we have to choose */
  ClientShare *given;
  gboolean is_folded;
  GPtrArray *pasted;                /* of paths: pictures that were pasted, as files of ours */

  AdwHeaderBar *header_bar;
  GtkWidget *title_button;
  AdwWindowTitle *title;
  GtkWidget *back_button;
  GtkMenuButton *show_button;
  GtkWidget *show_icon;
  VitrineShowChooser *chooser;
  VitrineConnectionBanner *banner;
  GtkStack *stack;
  VitrineStageLayout *layout;
  VitrineStage *stage;
  GtkWidget *chat;
  GtkStack *log_stack;
  VitrineMessageLog *log;
  AdwStatusPage *nothing_page;
  VitrineComposer *composer;
  GtkWidget *left_label;
  GtkWidget *blocked_bar;
  GtkLabel *blocked_label;
  VitrineAskPopover *ask_popover;
  GtkDropTarget *drop_target;
};

void vitrine_conversation_page_toast            (VitrineConversationPage *self,
                                                 const char              *text);

/* @conversation need not be the one that is open: the picture goes to the people for whom it was
 * chosen. @request (nullable) */
void vitrine_conversation_page_send_picture     (VitrineConversationPage *self,
                                                 ClientConversation      *conversation,
                                                 const char              *path,
                                                 const char              *request);

/* What the template connects. */
void     vitrine_conversation_page_on_picture   (VitrineConversationPage *self,
                                                 const char              *path);
void     vitrine_conversation_page_on_texture   (VitrineConversationPage *self,
                                                 GdkTexture              *texture);
gboolean vitrine_conversation_page_on_drop      (GtkDropTarget           *target,
                                                 const GValue            *value,
                                                 double                   x,
                                                 double                   y,
                                                 VitrineConversationPage *self);

void     vitrine_conversation_page_on_chosen    (VitrineConversationPage *self,
                                                 const ClientShowable    *what);

/* Once, when there is a client. */
void     vitrine_conversation_page_follow_turns (VitrineConversationPage *self);

/* The actions "conversation.send-picture", "conversation.take-photo" ... */
void     vitrine_conversation_page_class_install_file_actions    (GtkWidgetClass *widget_class);
void     vitrine_conversation_page_class_install_picture_actions (GtkWidgetClass *widget_class);
void     vitrine_conversation_page_class_install_share_actions   (GtkWidgetClass *widget_class);
void     vitrine_conversation_page_class_install_stage_actions   (GtkWidgetClass *widget_class);

G_END_DECLS
