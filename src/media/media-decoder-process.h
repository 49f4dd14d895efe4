/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <glib.h>

G_BEGIN_DECLS

/* The processes that decode (decoder/main.c), each for one film, one stream, or pictures one after
 * the other. It takes long to start one, so one can be kept ready: started, with its plugins
 * loaded, and restrained, before it is told anything. All of them are killed with ours, however
 * that ends. Any thread. */

/* With its socket (media-decoder-message.h). Only one that was started @with_network may make
 * connections, and none of those is kept ready. Blocks for a moment. @out_socket_fd (transfer
 * full). 0 on error. */
GPid media_decoder_process_start     (gboolean   with_network,
                                      int       *out_socket_fd,
                                      GError   **error);

/* Kills it, and waits for its end. */
void media_decoder_process_end       (GPid pid);

/* For pictures, of which many come at once and each is quickly done: one that has decoded another
 * just now, and that whoever had it gave to the next instead of ending it. 0 when there is none. It
 * ends when nobody wants it for a few seconds. */
GPid media_decoder_process_reuse     (int  *out_socket_fd);
void media_decoder_process_pass_on   (GPid  pid,
                                      int   socket_fd); /* (transfer full) */

/* As long as somebody holds it, one is kept ready; the next a moment after one was taken.
 * Nested. */
void media_decoder_process_hold      (void);
void media_decoder_process_release   (void);

/* The one that is ready; 0 while there is none. For tests. */
GPid media_decoder_process_get_ready (void);

G_END_DECLS
