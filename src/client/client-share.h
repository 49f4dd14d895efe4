/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"
#include "client-showable.h"
#include "cpm-session.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * ClientShare:
 *
 * One share as this person takes part in it, as sharer or as viewer: the session (rules), the stage
 * and the publisher or the viewer (media) joined. The camera is opened only after the first accept
 * and closed when the share ends.
 *
 * Properties with notify: "session" (CpmSession, a new snapshot at each change), "state"
 * (CpmSessionState), "outgoing", "reason" (CpmReason), "by" (address or %NULL), "content"
 * (CpmContent), "camera-open" (this side's camera, as the device really is), "stalled" (nothing
 * comes), "sees-slate" (viewer: pictures come, but they are the empty stage: a camera was
 * unplugged, or no photograph was taken yet), "answered-elsewhere", "answered-by" (the name of the
 * device that answered, or %NULL).
 *
 * What goes with it while it is seen, also with notify: "playing" (%FALSE only while a film or
 * music is paused), "position-us" and "duration-us" (of a film or music, at the last word about it;
 * -1 where there is none: see client_share_get_position_us()), "allow" (CpmAllow, as a uint: what
 * the sharer allows viewers), "still" (the path of the full-resolution picture of which the frames
 * shown now are the video, or %NULL: show that instead), "page" and "n-pages" (sharer of a series:
 * which picture is shown, from 1; 0 otherwise), "microphone" (sharer), "presenter" (sharer: whether
 * the camera is in the picture), "preview-delayed" and "recording" (sharer), "spread-ms" (double:
 * how far apart the viewers see a frame; -1 unknown), "n-viewers" (uint: who see it and say so),
 * "hindrance" ("none", "network", "computer" or "clock": what keeps this person from seeing it
 * well), "slow" (GStrv: viewers who are hindered, never %NULL).
 *
 * A share that another device of this person answered ends here too, with state as it is and
 * "answered-elsewhere" set.
 *
 * A share may be handed over: a viewer asks for the turn (client_share_request_turn_async()), the
 * sharer gives it (client_share_hand_over_async()), and the share ends with %CPM_REASON_HANDED_OVER
 * while another one, that of the new sharer, continues it without ringing: see #Client's
 * "share-continued" and "turn-given".
 *
 * Signals: "first-frame" (unsigned n, int64_t ms): viewer: the first frame of content number n was
 * shown, ms after the accept or the switch was known. The number travels with the frames themselves
 * (docs/protocol.md, "The number of the content"), so this is about what was seen, not about what
 * was announced; "member-changed" (const char *who); "content-changed" (unsigned n); "content-gone"
 * (GError *error): sharer: what was shown cannot go on (unplugged, broken); the slate stands, the
 * share lives; "turn-requested" (const char *who): sharer: a viewer would like to show something;
 * "ended"; "reaction" (const char *who, const char *emoji), also one's own; "pointer" (const char
 * *who, double x, double y, int64_t moment): somebody points at this place of the canvas (0.0-1.0;
 * x < 0: no more, or what was pointed at is not shown any more), on the frame that is shown now;
 * its @moment in ns of the share's clock, or -1; "progress-changed": "playing", "position-us" or
 * "duration-us" were told anew, and what it calls itself; "recording-failed" (GError *error): the
 * sharer: the record has ended by itself; what was recorded until then is in the file.
 */
#define CLIENT_TYPE_SHARE (client_share_get_type ())
G_DECLARE_FINAL_TYPE (ClientShare, client_share, CLIENT, SHARE, GObject)

const char         *client_share_get_id           (ClientShare *self);
CpmSession         *client_share_get_session      (ClientShare *self);
CpmSessionState     client_share_get_state        (ClientShare *self);
gboolean            client_share_is_outgoing      (ClientShare *self);
ClientConversation *client_share_get_conversation (ClientShare *self);
const CpmContent   *client_share_get_content      (ClientShare *self);
const char         *client_share_get_sharer       (ClientShare *self);

/* Whether this person may do it now; for buttons ("state" notifies). */
gboolean            client_share_can              (ClientShare    *self,
                                                   CpmSessionVerb  verb);

/* Viewer. What they ask for happens when the relay says so; a refusal comes by the finish function
 * as a #CpmError with a sentence. */
void                client_share_accept_async     (ClientShare         *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
void                client_share_decline_async    (ClientShare         *self,
                                                   CpmReason            reason,
                                                   const char          *text,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
/* Asks the sharer for the turn. @what is shown when the turn is given: then this client invites the
 * same people by itself. */
void                client_share_request_turn_async (ClientShare          *self,
                                                     const ClientShowable *what,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
void                client_share_leave_async      (ClientShare         *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);

/* Sharer. A switch is asked of the relay first (rights), then the new content is opened, and the
 * old one stays until the new one has its first frame; the error of either step comes back and the
 * old content stays. */
void                client_share_cancel_async     (ClientShare         *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
void                client_share_switch_async     (ClientShare          *self,
                                                   const ClientShowable *what,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);

/* For everybody: it is one stage. %FALSE when what is shown cannot be paused or moved. */
gboolean            client_share_set_playing      (ClientShare *self, gboolean playing);
gboolean            client_share_seek             (ClientShare *self, int64_t position_us);

/* Of a series: the next picture or the one before, after the last the first; %FALSE when no series
 * is shown. @seconds: how long each stands, 1-3600, or 0: until somebody goes on. */
gboolean            client_share_next             (ClientShare *self);
gboolean            client_share_previous         (ClientShare *self);
gboolean            client_share_set_timer        (ClientShare *self, unsigned seconds);
unsigned            client_share_get_timer        (ClientShare *self);
unsigned            client_share_get_page         (ClientShare *self);
unsigned            client_share_get_n_pages      (ClientShare *self);

/* The sharer's microphone, of this and of what is shown next. On at first, unless what is shown
 * says otherwise. */
void                client_share_set_microphone   (ClientShare *self, gboolean on);
gboolean            client_share_get_microphone   (ClientShare *self);

/* How a switch looks: 0, as at first, cuts. */
void                client_share_set_crossfade    (ClientShare *self, unsigned ms);

/* Whether the sharer sees the stage at the moment at which the viewers do: the presentation delay
 * later. Off at first. */
void                client_share_set_preview_delayed (ClientShare *self, gboolean delayed);
gboolean            client_share_get_preview_delayed (ClientShare *self);

/* The sharer's camera in the corner of what is shown, now and after the next switches: @device as
 * of a #ClientShowable (%NULL: the one chosen last, or the first). It is live video, so the relay
 * is asked first: refused, the camera stays closed and what is shown stays. Takes the camera out
 * again with @on %FALSE, at once and without asking. While it is there a switch is asked for with
 * it, as one thing: refused, both stay. */
void                client_share_set_presenter_async (ClientShare         *self,
                                                      gboolean             on,
                                                      const char          *device,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
gboolean            client_share_get_presenter    (ClientShare *self);

/* Records what the viewers get, without encoding it again: Matroska or MP4, as the path's end
 * (.mkv, .mp4) says. A file that exists is not written over. */
gboolean            client_share_record_start     (ClientShare  *self,
                                                   const char   *path,
                                                   GError      **error);
void                client_share_record_stop_async (ClientShare         *self,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean            client_share_is_recording     (ClientShare *self);

/* What viewers may do: snapshots, as long as the sharer says nothing else. */
void                client_share_set_allow_async  (ClientShare         *self,
                                                   CpmAllow             allow,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);

/* Gives the turn to the viewer @to: this share ends, and theirs continues it. Fails for one who is
 * not in the share. */
void                client_share_hand_over_async  (ClientShare         *self,
                                                   const char          *to,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);

/* Takes a photograph with the camera that is shown (or the one of a picture share), sends it as a
 * picture in the conversation, and in a picture share shows it on the stage. @request (nullable):
 * the photo request that it answers. The result is the #ClientMessage (transfer none). */
void                client_share_take_photo_async (ClientShare         *self,
                                                   const char          *request,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
ClientMessage      *client_share_take_photo_finish (ClientShare   *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);

/* Anyone. */
void                client_share_stop_async       (ClientShare         *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);

CpmAllow            client_share_get_allow        (ClientShare *self);

/* To all others who take part. %FALSE when it cannot be said now, or too much was said already. */
gboolean            client_share_react            (ClientShare *self, const char *emoji);

/* @x and @y are 0.0-1.0 of the canvas; @x < 0 takes the pointer away. Of what is pointed at more
 * often than 30 times a second the newest goes. */
void                client_share_point            (ClientShare *self, double x, double y);

/* For all of the above but take_photo. */
gboolean            client_share_finish           (ClientShare   *self,
                                                   GAsyncResult  *result,
                                                   GError       **error);

/* Viewer: where any RTSP player may watch, when the sharer allows it: a URL with the credentials in
 * it, good until the share ends or the permission does. (transfer full) */
void                client_share_get_watch_url_async (ClientShare         *self,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
char               *client_share_get_watch_url_finish (ClientShare   *self,
                                                       GAsyncResult  *result,
                                                       GError       **error);

/* Of the film or music that is shown. The position is that of now, as far as is known; -1 when it
 * has none. */
gboolean            client_share_is_playing       (ClientShare *self);
int64_t             client_share_get_position_us  (ClientShare *self);
int64_t             client_share_get_duration_us  (ClientShare *self);

/* What it calls itself, where that is known. (nullable) */
const char         *client_share_get_title        (ClientShare *self);
const char         *client_share_get_artist       (ClientShare *self);

const char         *client_share_get_still        (ClientShare *self); /* (nullable) */
double              client_share_get_spread_ms    (ClientShare *self); /* -1 unknown */
unsigned            client_share_get_n_viewers    (ClientShare *self);
const char         *client_share_get_hindrance    (ClientShare *self);
const char * const *client_share_get_slow         (ClientShare *self);

/* What keeps the viewer @who from seeing it well, as the relay says; %NULL: nothing that is
 * known. */
const char         *client_share_get_hindrance_of (ClientShare *self, const char *who);

gboolean            client_share_is_camera_open   (ClientShare *self);
gboolean            client_share_is_stalled       (ClientShare *self);
gboolean            client_share_sees_slate       (ClientShare *self);
gboolean            client_share_is_answered_elsewhere (ClientShare *self);

const char         *client_share_get_answered_by  (ClientShare *self); /* (nullable) */

/* Where the picture goes: the viewer's video or the sharer's own view of the stage. It must be set
 * before accept (viewer; of a share that continues another one: in "share-continued") or may be set
 * at any time (sharer). A GStreamer sink that does not block. */
void                client_share_set_video_sink   (ClientShare *self, GstElement *sink);
void                client_share_set_volume       (ClientShare *self, double volume);

/* Viewer: the frame now shown, as PNG. %CPM_ERROR_FORBIDDEN when the sharer does not allow it. What
 * comes out is (nullable). */
void                client_share_snapshot_async   (ClientShare         *self,
                                                   const char          *path,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean            client_share_snapshot_finish  (ClientShare   *self,
                                                   GAsyncResult  *result,
                                                   int           *out_width,
                                                   int           *out_height,
                                                   int64_t       *out_pts_us,
                                                   GError       **error);

/* The members of CLI.md's `stats`, as a JSON object. (transfer full) */
JsonObject         *client_share_get_stats        (ClientShare *self);

G_END_DECLS
