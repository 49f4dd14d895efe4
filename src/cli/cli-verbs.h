/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-command.h"

G_BEGIN_DECLS

/* One function for each verb: takes the command and answers it, now or later. By family: */

/* cli-verbs-group.c */
void cli_verb_group                (CliCommand *command);
void cli_verb_group_add            (CliCommand *command);
void cli_verb_group_leave          (CliCommand *command);
void cli_verb_group_picture        (CliCommand *command);
void cli_verb_group_remove         (CliCommand *command);
void cli_verb_group_rename         (CliCommand *command);

/* cli-verbs-message.c */
void cli_verb_displayed            (CliCommand *command);
void cli_verb_history              (CliCommand *command);
void cli_verb_message              (CliCommand *command);

/* cli-verbs-person.c */
void cli_verb_block                (CliCommand *command);
void cli_verb_devices              (CliCommand *command);
void cli_verb_privacy              (CliCommand *command);
void cli_verb_revoke               (CliCommand *command);
void cli_verb_unblock              (CliCommand *command);

/* cli-verbs-picture.c */
void cli_verb_allow_photos         (CliCommand *command);
void cli_verb_answer_photo_request (CliCommand *command);
void cli_verb_photo                (CliCommand *command);
void cli_verb_request_photo        (CliCommand *command);
void cli_verb_send_picture         (CliCommand *command);

/* cli-verbs-share.c */
void cli_verb_accept               (CliCommand *command);
void cli_verb_cancel               (CliCommand *command);
void cli_verb_decline              (CliCommand *command);
void cli_verb_hand_over            (CliCommand *command);
void cli_verb_join                 (CliCommand *command);
void cli_verb_leave                (CliCommand *command);
void cli_verb_pause                (CliCommand *command);
void cli_verb_play                 (CliCommand *command);
void cli_verb_request_turn         (CliCommand *command);
void cli_verb_seek                 (CliCommand *command);
void cli_verb_share                (CliCommand *command);
void cli_verb_snapshot             (CliCommand *command);
void cli_verb_stats                (CliCommand *command);
void cli_verb_stop                 (CliCommand *command);
void cli_verb_switch               (CliCommand *command);

/* cli-verbs-show.c */
void cli_verb_allow                (CliCommand *command);
void cli_verb_crossfade            (CliCommand *command);
void cli_verb_delay_preview        (CliCommand *command);
void cli_verb_microphone           (CliCommand *command);
void cli_verb_next                 (CliCommand *command);
void cli_verb_point                (CliCommand *command);
void cli_verb_presenter            (CliCommand *command);
void cli_verb_previous             (CliCommand *command);
void cli_verb_react                (CliCommand *command);
void cli_verb_record               (CliCommand *command);
void cli_verb_record_stop          (CliCommand *command);
void cli_verb_timer                (CliCommand *command);
void cli_verb_watch_url            (CliCommand *command);

/* cli-verbs-status.c */
void cli_verb_quit                 (CliCommand *command);
void cli_verb_status               (CliCommand *command);

/* Answers when the home has answered: for what ends in client_request_finish(). @user_data is the
 * command. */
void cli_on_requested              (GObject       *source,
                                    GAsyncResult  *result,
                                    gpointer       user_data);

/* Answers with `members` (nullable) once what was done is on stable storage. Takes both. */
void cli_answer_when_kept          (CliCommand    *command,
                                    JsonObject    *members);

/* Answers with `members` once the row has left this device (or with the relay's refusal); when
 * there is no connection, as soon as it is on stable storage, since the row goes by itself then.
 * Takes both. */
void cli_answer_when_sent          (CliCommand    *command,
                                    ClientMessage *message,
                                    JsonObject    *members);

/* Ends the command @user_data with what client_share_finish() says. */
void cli_on_share_done             (GObject       *source,
                                    GAsyncResult  *result,
                                    gpointer       user_data);

G_END_DECLS
