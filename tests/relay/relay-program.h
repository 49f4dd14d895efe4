/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayProgram:
 *
 * The real vitrine-relay as a process of its own, in a folder of its own, on any free ports of the
 * loopback.
 */
typedef struct
{
  GSubprocess *process;
  char *folder;      /* kept from one start to the next */
  unsigned port;
  unsigned rtsp_port;
  char *pin;
} RelayProgram;

/* A folder; nothing runs yet. */
RelayProgram *relay_program_new   (void);

/* Kills what runs, and removes the folder. */
void          relay_program_free  (RelayProgram *self);

/* Starts it and waits until it serves. @options (nullable) are those beyond the usual ones. */
void          relay_program_start (RelayProgram       *self,
                                   const char * const *options);

/* The same with at most @max_files descriptors. */
void          relay_program_start_limited (RelayProgram *self,
                                           unsigned      max_files);

/* The same, but no file may become longer: as if the disk were full. */
void          relay_program_start_cramped (RelayProgram *self,
                                           unsigned      max_file_bytes);

/* Runs with exactly these arguments until it ends; returns its status. @out_complaint gets its
 * stderr. */
int           relay_program_run   (const char * const  *arguments,
                                   char               **out_output,
                                   char               **out_complaint);

/* SIGTERM; returns the exit status. */
int           relay_program_stop  (RelayProgram *self);

/* kill -9. */
void          relay_program_kill  (RelayProgram *self);

gboolean      relay_program_is_running (RelayProgram *self);

/* Resident memory in KiB; of a program built with the sanitizers it says nothing, and is 0. */
unsigned      relay_program_get_memory_kib (RelayProgram *self);

G_END_DECLS
