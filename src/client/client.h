/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-devices.h"
#include "client-privacy.h"
#include "client-share.h"
#include "cpm-clock.h"
#include "transport-connector.h"

G_BEGIN_DECLS

/**
 * ClientAccountInfo:
 *
 * How to sign in: filled by the first-start page or by the command line.
 */
typedef struct
{
  const char *relay;       /* wss://HOST:PORT, or HOST[:PORT] (port 7443) */
  const char *pin;         /* (nullable) */
  const char *ca_file;     /* (nullable) */
  const char *account;     /* alice@a.test */
  const char *password;
  gboolean create;         /* sign up first */
} ClientAccountInfo;

/**
 * ClientConnectionState:
 */
typedef enum
{
  CLIENT_SIGNED_OUT,   /* no account in this home yet */
  CLIENT_OFFLINE,      /* not connected; tries again by itself */
  CLIENT_CONNECTING,
  CLIENT_ONLINE,
  CLIENT_REFUSED       /* the relay refused for good: revoked, disabled; see "error-text" */
} ClientConnectionState;

#define CLIENT_TYPE_CONNECTION_STATE (client_connection_state_get_type ())
GType client_connection_state_get_type (void);

/**
 * Client:
 *
 * One account and its world. Everything that this person has is in one folder: account, history
 * (SQLite), pictures. Lives in the main thread.
 *
 * Properties with notify: "account" (address or %NULL), "connection-state", "error-text" (why not
 * online, a sentence, or %NULL), "conversations" (GListModel of ClientConversation, newest first),
 * "contacts" (GListModel of ClientContact, by name), "shares" (GListModel of ClientShare that have
 * not ended), "cameras" (GListModel of MediaDevice), "camera-open" (whether any camera of this
 * machine is open through this client, as the devices really are), "devices" (ClientDevices: those
 * of this person), "privacy" (ClientPrivacy).
 *
 * Signals: "invited" (ClientShare *share): somebody wants to show something: ring;
 * "message-received" (ClientConversation *, ClientMessage *): new, from somebody else; "receipt"
 * (ClientMessage *, const char *who, ClientMessageState state: how far it has come to @who; in a
 * group the row may be behind); "message-failed" (ClientConversation *, ClientMessage * or %NULL,
 * const char *who, GError *): what the relay had taken could not be delivered to @who;
 * "group-changed" (ClientConversation *): its home has said how a group is now; "share-missed"
 * (ClientConversation *, ClientMessage *); "picture-received" (ClientMessage *): its file is here;
 * "turn-requested" (ClientShare *, const char *who): a viewer of our share would like to show
 * something; "turn-given" (ClientShare *share): the sharer gave us the turn, and we had not said
 * what we would show: ask, then client_take_turn_async(); "share-continued" (ClientShare *old,
 * ClientShare *share): @share continues @old (which may have left the list) and was accepted, or
 * begun, by itself: nothing rings; "welcomed": signed in at the relay, anew after each reconnect.
 */
#define CLIENT_TYPE_CLIENT (client_get_type ())
G_DECLARE_FINAL_TYPE (Client, client, CLIENT, CLIENT, GObject)

/* Opens (or makes) the home folder @directory. Fails with a sentence when it cannot be written or
 * is in use by another process. @clock is the world's time (%NULL: the real one; with another one
 * there is no thread for the disk either, so that all is repeatable); @agent names the program. */
Client                *client_new                  (const char  *directory,
                                                    CpmClock    *clock,
                                                    const char  *agent,
                                                    GError     **error);

/* Waits until what has been said and done so far is on stable storage, and outlives a power cut.
 * %CPM_ERROR_STORAGE. */
void                   client_keep_async           (Client              *self,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean               client_keep_finish          (Client        *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);

/* Makes connections by @connector instead of the network (tests). */
void                   client_set_connector        (Client             *self,
                                                    TransportConnector *connector);

/* Whether sound is played on the system's output (a headless client only measures). */
void                   client_set_play_audio       (Client   *self,
                                                    gboolean  play_audio);

/* How large the pictures of new shares are, and how many there are in a second, as far as this
 * machine can: 360, 480, 720 or 1080 @lines, and 30 or 60 @fps; 0 for either, as at first: as suits
 * what is shown first. */
void                   client_set_size             (Client   *self,
                                                    int       lines,
                                                    int       fps);

/* What this device can do; found out from the system by default. */
void                   client_set_capabilities     (Client        *self,
                                                    CpmCapability  capabilities);

/* Signs up or in and keeps the device's token in the home folder (mode 0600), or in the keyring
 * where the app asked for it by client_use_keyring(). */
void                   client_sign_in_async        (Client                  *self,
                                                    const ClientAccountInfo *info,
                                                    GCancellable            *cancellable,
                                                    GAsyncReadyCallback      callback,
                                                    gpointer                 user_data);
gboolean               client_sign_in_finish       (Client        *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);
void                   client_use_keyring          (Client *self);

/* Connects with the kept token, and stays connected from then on. */
void                   client_connect              (Client *self);
void                   client_disconnect           (Client *self);

gboolean               client_is_camera_open       (Client *self);
const char            *client_get_account          (Client *self); /* (nullable) */
ClientDevices         *client_get_devices          (Client *self);
ClientPrivacy         *client_get_privacy          (Client *self);
ClientConnectionState  client_get_connection_state (Client *self);
const char            *client_get_error_text       (Client *self); /* (nullable) */
GListModel            *client_get_conversations    (Client *self);
GListModel            *client_get_contacts         (Client *self);
GListModel            *client_get_shares           (Client *self);
GListModel            *client_get_cameras          (Client *self);
/* Whether this person had the microphone on when it was last said, also before a restart. */
gboolean               client_get_microphone       (Client *self);

/* The conversation with @address, made when there is none; adds the contact. Fails for what is no
 * address, oneself, and (later, by a FAILED row) an unknown user. (transfer none) */
ClientConversation    *client_open_conversation    (Client      *self,
                                                    const char  *address,
                                                    GError     **error);
ClientConversation    *client_find_conversation    (Client      *self,
                                                    const char  *id); /* (nullable) */
ClientShare           *client_find_share           (Client      *self,
                                                    const char  *id); /* (nullable) */

/* Anybody of whom we know: contacts, members of groups, oneself. (transfer none) (nullable) */
ClientContact         *client_find_contact         (Client      *self,
                                                    const char  *address);

/* The row @id of any conversation, and its conversation (*@out_conversation, nullable). (transfer
 * none) (nullable) */
ClientMessage         *client_find_message         (Client              *self,
                                                    const char          *id,
                                                    ClientConversation **out_conversation);

/* Asks the people of @conversation whether they want to see @what. The share object exists at once,
 * in state inviting; it ends with a reason when the relay refuses; the refusal is the operation's
 * error. (transfer none) by the finish function. */
void                   client_share_with_async     (Client                *self,
                                                    ClientConversation    *conversation,
                                                    const ClientShowable  *what,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
ClientShare           *client_share_with_finish    (Client        *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);

/* Late, or again: comes into the share @id, which we missed, declined or left, as long as it goes
 * on. Fails with the relay's error; when it goes well, the share appears in the list. The share is
 * (transfer none). */
void                   client_join_share_async     (Client                *self,
                                                    const char            *id,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
ClientShare           *client_join_share_finish    (Client        *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);

/* After "turn-given": invites the people of @share, which has ended, to what we show. The result is
 * that of client_share_with_finish(). */
void                   client_take_turn_async      (Client                *self,
                                                    ClientShare           *share,
                                                    const ClientShowable  *what,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/* Takes a photograph with @device (as of a ClientShowable) outside of any share and sends it in
 * @conversation: CLI.md's `photo`, the answer to a request after the share has ended. @request
 * (nullable). The result is the #ClientMessage (transfer none). */
void                   client_take_photo_async     (Client              *self,
                                                    ClientConversation  *conversation,
                                                    const char          *device,
                                                    const char          *request,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
ClientMessage         *client_take_photo_finish    (Client        *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);

/* Whether requests for a photograph by @contact are answered by themselves from now on, while a
 * camera is shown to that person: with this camera. Without one, they wait for an answer as always.
 * Kept in the home folder. */
gboolean               client_allow_photos         (Client         *self,
                                                    ClientContact  *contact,
                                                    gboolean        allowed,
                                                    GError        **error);

/* Our own share in @conversation that goes on, whose camera it will be if it has one. (transfer
 * none) (nullable) */
ClientShare           *client_find_own_share       (Client              *self,
                                                    ClientConversation  *conversation);

/* Groups. A new one is there, with its people, when the operation ends; what else is asked for is
 * seen when the group's home has said it to all (#ClientGroup); its refusal is the operation's
 * error. @members and @addresses are addresses as people type them, %NULL-terminated. */
void                   client_create_group_async   (Client               *self,
                                                    const char           *name,
                                                    const char * const   *members,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
ClientConversation    *client_create_group_finish  (Client               *self,
                                                    GAsyncResult         *result,
                                                    /* (transfer none) */
                                                    GError              **error);
void                   client_rename_group_async   (Client               *self,
                                                    ClientGroup          *group,
                                                    const char           *name,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void                   client_picture_group_async  (Client               *self,
                                                    ClientGroup          *group,
                                                    const char           *path,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void                   client_add_to_group_async   (Client               *self,
                                                    ClientGroup          *group,
                                                    const char * const   *addresses,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void                   client_remove_from_group_async (Client            *self,
                                                    ClientGroup          *group,
                                                    const char * const   *addresses,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void                   client_leave_group_async    (Client               *self,
                                                    ClientGroup          *group,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

/* This person: devices and privacy. @who is an address, or a whole domain. */
void                   client_revoke_device_async  (Client               *self,
                                                    const char           *device,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void                   client_set_privacy_async    (Client               *self,
                                                    gboolean              contacts_only,
                                                    gboolean              remote,
                                                    unsigned              kinds,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void                   client_block_async          (Client               *self,
                                                    const char           *who,
                                                    gboolean              blocked,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

/* Of the operations on groups (but for the making of one), devices and privacy. */
gboolean               client_request_finish       (Client               *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
