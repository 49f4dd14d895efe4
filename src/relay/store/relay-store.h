/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"

#include "cpm-group.h"
#include "cpm-policy.h"

#include <gio/gio.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayStore:
 *
 * What the relay must not forget: accounts, devices, contacts, blocks, inboxes, outboxes for other
 * homes, pictures. Reads are short and at once; a write is queued, and its callback comes in the
 * main context after the COMMIT: whoever acknowledges to a client does it there.
 *
 * Implementations: RelayStoreSqlite (a file, or memory). Main thread only.
 */
#define RELAY_TYPE_STORE (relay_store_get_type ())
G_DECLARE_INTERFACE (RelayStore, relay_store, RELAY, STORE, GObject)

typedef enum
{
  RELAY_WRITE_ADD_ACCOUNT,    /* user, text = hash of the password; CPM_ERROR_CONFLICT when taken */
  RELAY_WRITE_SET_PASSWORD,   /* user, text = hash */
  RELAY_WRITE_SET_DISABLED,   /* user, number = 0 or 1 */
  RELAY_WRITE_ALLOW,          /* user, number = CpmRights to add */
  RELAY_WRITE_DENY,           /* user, number = CpmRights to take away */
  /* user, device, text = name, other = hash of the token (%NULL: as before), number =
   * capabilities */
  RELAY_WRITE_SET_DEVICE,
  RELAY_WRITE_ADD_CONTACT,    /* user, other */
  RELAY_WRITE_REMOVE_CONTACT, /* user, other */
  /* user (NULL: the relay itself), other (or a domain), number = 0 or 1 */
  RELAY_WRITE_SET_BLOCK,
  RELAY_WRITE_DELIVER,        /* below */
  /* user, device, number = seq: this device has stored everything up to here */
  RELAY_WRITE_GOT,
  RELAY_WRITE_ADD_PICTURE,    /* id, user, text = sha256, other = mime, number = bytes */
  RELAY_WRITE_EXPIRE,         /* number = days of history: forgets what is older than its time */
  RELAY_WRITE_SET_PRIVACY,    /* user, privacy */
  RELAY_WRITE_SET_VIEWERS,    /* user, number = how many may look at once */
  RELAY_WRITE_REMOVE_DEVICE,  /* user, device; CPM_ERROR_NOT_FOUND */
  /* origin, n, n_before: what came as n from that home is refused for good */
  RELAY_WRITE_REFUSE,
  RELAY_WRITE_OUTBOX_GOT,     /* home, number: that home has everything up to here */
  /* home, n: this row of the outbox is given up; text (nullable): what its sender, user, is told */
  RELAY_WRITE_BOUNCE,
  RELAY_WRITE_GROUP_CREATE,   /* these seven: below */
  RELAY_WRITE_GROUP_CHANGE,
  RELAY_WRITE_GROUP_DROP,
  RELAY_WRITE_GROUP_SAY,
  RELAY_WRITE_GROUP_SEND,
  RELAY_WRITE_GROUP_HEAR,
  RELAY_WRITE_GROUP_TAKE,
  RELAY_WRITE_REMOVE_PICTURE, /* id */
  RELAY_WRITE_END_FETCH,      /* as ADD_PICTURE: it was fetched from its home */
  RELAY_WRITE_DELAY_FETCH,    /* id, number = real time of the next try, 0: it is gone */
  RELAY_N_WRITE_KINDS
} RelayWriteKind;

/* Somebody for whom something cannot be done, and why. */
typedef struct
{
  char *who;
  GError *error;
} RelayWriteFailure;

/**
 * RelayWrite:
 * @kind: which of the above, with the members it uses
 * @now_us: real time
 *
 * One change. %RELAY_WRITE_DELIVER puts the message @text (without `seq`) with @id, which @user
 * said on @device (nullable) in @conversation (nullable), into the inbox of @other; or, when @other
 * lives at another @home, into the outbox for that one. With @device it goes into the inbox of
 * @user, too, for the person's other devices, also future ones. @picture (nullable) is one that
 * @other may see from then on. A message that was delivered before changes nothing and sets
 * @was_there. %CPM_ERROR_QUEUE_FULL when @other, or that home, has too much that was not fetched.
 *
 * What came from another home says @origin, its place @n there, and the place @n_before of what
 * came before it by the same link (0 for the first): how far we have everything from there advances
 * in the same transaction, and never over something that could not be stored. When it is refused
 * for good, @refusal says why; that is no failure of the write, and durable, too.
 *
 * Groups: @conversation is the address, @text the message that @user said with @id. Here are kept
 * those whose address says so: CREATE, CHANGE and SAY do in one transaction what it says, and what
 * all people of the group are told of it. @failures (nullable) are those who cannot be added; @user
 * is told. DROP: the row @n of the outbox for @home was refused for the one in @failures; @other
 * (nullable), who had said @id, is told; with @number 1 the one is not in the group any more. Of
 * groups kept elsewhere: SEND puts what @user said into the outbox for @home; HEAR gives @other
 * what @user has said there; TAKE gives @other what has become of the group. %CPM_ERROR_NOT_FOUND
 * when there is no such group or one is not in it; %CPM_ERROR_FORBIDDEN, _CONFLICT, _TOO_BIG.
 */
typedef struct
{
  RelayWriteKind kind;
  char *user;
  char *other;
  char *device;
  char *id;
  char *text;
  char *picture;
  char *conversation;
  char *home;
  char *origin;
  int64_t n;
  int64_t n_before;
  int64_t number;
  int64_t now_us;
  struct
  {
    gboolean contacts_only;
    gboolean remote;
    unsigned kinds;
  } privacy;            /* as in CpmPolicy */
  GPtrArray *failures;  /* of RelayWriteFailure */

  /* what came of it */
  gboolean was_there;   /* the message, the contact, the block */
  gboolean was_copied;  /* into the sender's own inbox */
  gboolean is_contact_new;
  GError *refusal;      /* (nullable) */
  /* (nullable): addresses with something new in the inbox, and homes with something new in the
   * outbox */
  GPtrArray *told;
} RelayWrite;

RelayWrite *relay_write_new  (RelayWriteKind  kind,
                              const char     *user,
                              int64_t         now_us);
void        relay_write_free (RelayWrite *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayWrite, relay_write_free)

/* @error is (transfer full). */
void        relay_write_add_failure (RelayWrite *self,
                                     const char *who,
                                     GError     *error);
void        relay_write_add_told    (RelayWrite *self,
                                     const char *whom);

typedef struct
{
  char *user;
  char *password_hash;
  gboolean disabled;
  unsigned rights;       /* CpmRights */
  unsigned max_viewers;
  int64_t seq;           /* the newest in the inbox */
} RelayAccount;

typedef struct
{
  char *user;
  char *device;
  char *name;            /* (nullable) */
  char *token_hash;      /* hex */
  unsigned capabilities; /* CpmCapability */
  int64_t got;
  int64_t seen_us;
} RelayDevice;

typedef struct
{
  int64_t seq;
  char *origin;          /* (nullable): the device of the same user that said it */
  char *text;
} RelayInboxRow;

/* What waits for another home. */
typedef struct
{
  char *home;
  int64_t n;
  int64_t ts_us;
  char *sender;
  char *id;
  char *recipient;
  char *text;
} RelayOutboxRow;

typedef struct
{
  char *id;
  char *owner;
  char *sha256;
  char *mime;
  int64_t bytes;
} RelayPicture;

/* A picture of another home, not here yet. */
typedef struct
{
  char *id;
  char *owner;           /* at whose home it is: a person, or a group */
  char *sha256;
  char *mime;
  int64_t bytes;
  int64_t ts_us;
  unsigned tries;
  gboolean is_gone;      /* given up */
} RelayFetch;

void relay_fetch_free     (RelayFetch *self);
void relay_account_free   (RelayAccount *self);
void relay_device_free    (RelayDevice *self);
void relay_inbox_row_free (RelayInboxRow *self);
void relay_outbox_row_free (RelayOutboxRow *self);
void relay_picture_free   (RelayPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAccount, relay_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayDevice, relay_device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayInboxRow, relay_inbox_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayOutboxRow, relay_outbox_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayFetch, relay_fetch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPicture, relay_picture_free)

struct _RelayStoreInterface
{
  GTypeInterface parent_iface;

  void (*write_async) (RelayStore *self,
                       RelayWrite *write,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  void           (*flush)         (RelayStore *self);

  RelayAccount * (*find_account)  (RelayStore *self, const char *user);
  GPtrArray    * (*list_accounts) (RelayStore *self);
  GPtrArray    * (*list_devices)  (RelayStore *self, const char *user);
  GPtrArray    * (*find_devices)  (RelayStore *self, const char *device);
  gboolean       (*may_stay)      (RelayStore *self, const char *user, const char *device);
  GStrv          (*list_contacts) (RelayStore *self, const char *user, gboolean mutual);
  CpmPolicy *(*find_policy) (RelayStore *self,
                             const char *user,
                             const char *other,
                             gboolean *out_is_contact);
  gboolean       (*is_blocked)    (RelayStore *self, const char *user, const char *who);
  GStrv          (*list_blocked)  (RelayStore *self, const char *user);
  gboolean (*was_said) (RelayStore *self,
                        const char *sender,
                        const char *id,
                        const char *recipient);
  GPtrArray *(*read_inbox) (RelayStore *self, const char *user, int64_t after, unsigned limit);
  GPtrArray *(*read_history) (
    RelayStore *self, const char *user, int64_t before, unsigned limit, const char *conversation);
  GPtrArray *(*read_outbox) (RelayStore *self, const char *home, int64_t after, unsigned limit);
  GPtrArray    * (*read_stale)    (RelayStore *self, int64_t before_us, unsigned limit);
  GStrv          (*list_outboxes) (RelayStore *self);
  int64_t        (*count_outbox)  (RelayStore *self, const char *home);
  int64_t        (*get_arrived)   (RelayStore *self, const char *home);
  CpmGroup     * (*find_group)    (RelayStore *self, const char *address);
  gboolean       (*is_in_group)   (RelayStore *self, const char *address, const char *user);
  GStrv          (*list_groups)   (RelayStore *self, const char *user);
  RelayPicture * (*find_picture)  (RelayStore *self, const char *id);
  GPtrArray *(*read_fetches) (RelayStore *self, const char *id, int64_t due_us, unsigned limit);
  GStrv          (*list_viewers)  (RelayStore *self, const char *picture, const char *owner);
  GStrv (*list_old_pictures) (RelayStore *self,
                              const char *domain,
                              int64_t before_us,
                              unsigned limit);
  int64_t        (*get_home_bytes) (RelayStore *self, const char *domain);
  gboolean       (*may_see)       (RelayStore *self, const char *picture, const char *user);
  int64_t        (*get_used_bytes) (RelayStore *self, const char *user);
  int64_t        (*get_version)   (RelayStore *self);
};

/* Queues @write (transfer full). Errors: %CPM_ERROR_STORAGE when it could not be made durable, and
 * those of the kind. */
void              relay_store_write_async   (RelayStore           *self,
                                             RelayWrite           *write,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);

/* The write with what came of it; valid as long as @result. (transfer none) */
const RelayWrite *relay_store_write_finish  (RelayStore    *self,
                                             GAsyncResult  *result,
                                             GError       **error);

/* Returns when everything queued is committed, or has failed. For the end of the program. */
void              relay_store_flush         (RelayStore *self);

RelayAccount     *relay_store_find_account  (RelayStore *self,
                                             const char *user);      /* (nullable) */
GPtrArray        *relay_store_list_accounts (RelayStore *self);      /* of RelayAccount */
GPtrArray        *relay_store_list_devices  (RelayStore *self,
                                             const char *user);      /* of RelayDevice */
/* The devices with this id: one for each account that uses it. */
GPtrArray        *relay_store_find_devices  (RelayStore *self,
                                             const char *device);
/* Whether @user is not disabled, and @device one of that person's. */
gboolean          relay_store_may_stay      (RelayStore *self,
                                             const char *user,
                                             const char *device);
/* Sorted; with @mutual only those who have @user as a contact too. */
GStrv             relay_store_list_contacts (RelayStore *self,
                                             const char *user,
                                             gboolean    mutual);
/* What @user may and wants, with the blocks that concern @other (nullable), and whether @user has
 * @other as a contact. %NULL when there is no such account, or it is disabled. */
CpmPolicy        *relay_store_find_policy   (RelayStore *self,
                                             const char *user,
                                             const char *other,
                                             gboolean   *out_is_contact);
/* Whether @user (%NULL: the relay itself) has blocked exactly @who, a person or a domain. */
gboolean          relay_store_is_blocked    (RelayStore *self,
                                             const char *user,
                                             const char *who);
/* The people and domains that @user (%NULL: the relay itself) has blocked, sorted. */
GStrv             relay_store_list_blocked  (RelayStore *self,
                                             const char *user);
/* Whether the message @id was delivered to @recipient before. */
gboolean          relay_store_was_said      (RelayStore *self,
                                             const char *sender,
                                             const char *id,
                                             const char *recipient);
GPtrArray        *relay_store_read_inbox    (RelayStore *self,
                                             const char *user,
                                             int64_t     after,
                                             unsigned    limit);     /* of RelayInboxRow */
/* The newest @limit rows below @before, the oldest of them first; of @conversation (nullable)
 * only. */
GPtrArray        *relay_store_read_history  (RelayStore *self,
                                             const char *user,
                                             int64_t     before,
                                             unsigned    limit,
                                             const char *conversation); /* of RelayInboxRow */
GPtrArray        *relay_store_read_outbox   (RelayStore *self,
                                             const char *home,
                                             int64_t     after,
                                             unsigned    limit);     /* of RelayOutboxRow */
/* Rows of all outboxes that are older than @before_us, the oldest first. */
GPtrArray        *relay_store_read_stale    (RelayStore *self,
                                             int64_t     before_us,
                                             unsigned    limit);     /* of RelayOutboxRow */
/* The homes for which something waits. */
GStrv             relay_store_list_outboxes (RelayStore *self);
/* How many messages wait for @home. */
int64_t           relay_store_count_outbox  (RelayStore *self,
                                             const char *home);
/* The `n` up to which @home need not say anything again. */
int64_t           relay_store_get_arrived   (RelayStore *self,
                                             const char *home);
/* What is known of the group; @is_in_group and @list_groups are about people of this home only. */
CpmGroup         *relay_store_find_group    (RelayStore *self,
                                             const char *address);   /* (nullable) */
gboolean          relay_store_is_in_group   (RelayStore *self,
                                             const char *address,
                                             const char *user);
GStrv             relay_store_list_groups   (RelayStore *self,
                                             const char *user);
RelayPicture     *relay_store_find_picture  (RelayStore *self,
                                             const char *id);        /* (nullable) */
/* What is to be fetched: @id, also when it was given up; or, when it is %NULL, what is due. */
GPtrArray        *relay_store_read_fetches  (RelayStore *self,
                                             const char *id,
                                             int64_t     due_us,
                                             unsigned    limit);     /* of RelayFetch */
/* To whom @picture of @owner was shown: people, and groups. */
GStrv             relay_store_list_viewers  (RelayStore *self,
                                             const char *picture,
                                             const char *owner);
/* Of all homes but @domain. */
GStrv             relay_store_list_old_pictures (RelayStore *self,
                                                 const char *domain,
                                                 int64_t     before_us,
                                                 unsigned    limit);
/* How much the pictures of @domain take. */
int64_t           relay_store_get_home_bytes (RelayStore *self,
                                              const char *domain);
gboolean          relay_store_may_see       (RelayStore *self,
                                             const char *picture,
                                             const char *user);
int64_t           relay_store_get_used_bytes (RelayStore *self,
                                              const char *user);
/* Changes when another process (the admin program) has written. */
int64_t           relay_store_get_version   (RelayStore *self);

G_END_DECLS
