/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-run.h"

G_BEGIN_DECLS

/**
 * CliCommand:
 *
 * One command from stdin while it is being carried out. Whoever has it answers it exactly once,
 * which also frees it.
 */
typedef struct _CliCommand CliCommand;

/* Takes a line; answers by itself what is no command. Else the table's function has the command.
 * @cut: there was more of the line than anybody should have to keep. */
void         cli_command_take             (CliRun      *run,
                                           const char  *line,
                                           size_t       length,
                                           gboolean     cut);

CliRun      *cli_command_get_run          (CliCommand  *self);
Client      *cli_command_get_client       (CliCommand  *self);
JsonObject  *cli_command_get_object       (CliCommand  *self);

/* The answers; both take @self, and ok takes @members (nullable). */
void         cli_command_ok               (CliCommand  *self,
                                           JsonObject  *members);
void         cli_command_fail             (CliCommand  *self,
                                           const GError *error);

/* A member that the command must have; else an error that names it. */
const char  *cli_command_get_string       (CliCommand  *self,
                                           const char  *member,
                                           GError     **error);

/* The texts of the array @member, at least one. (transfer full) */
GStrv        cli_command_get_texts        (CliCommand  *self,
                                           const char  *member,
                                           GError     **error);

/* The share or conversation that the command names: `share`, `conversation` or `to`. */
ClientShare *cli_command_get_share        (CliCommand  *self,
                                           GError     **error);
ClientConversation *cli_command_get_conversation (CliCommand  *self,
                                                  GError     **error);

G_END_DECLS
