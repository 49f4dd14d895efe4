/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-history.h"
#include "town-media.h"
#include "town-net.h"
#include "town-store.h"

#include "relay-home-keys.h"
#include "relay-server.h"

G_BEGIN_DECLS

/**
 * Town:
 *
 * A whole town in one process and one thread: relays and the devices of people, on one time, one
 * network and one seed. The same seed gives the same run, frame for frame.
 */
typedef struct
{
  uint32_t seed;
  TownTime *time;
  TownLog *log;
  TownNet *net;
  TownHistory *history;
  GRand *rand;        /* of who decides what happens */
  GPtrArray *relays;  /* of TownRelay */
  GPtrArray *devices; /* of TownDevice */
} Town;

/**
 * TownRelay:
 *
 * A home: the database that lives on, and the relay that comes and goes.
 */
typedef struct
{
  Town *town;
  char *domain;            /* and its place in the net */
  RelayConfig *config;
  TownClock *clock;
  TownStore *store;        /* lives on */
  RelayHomeKeys *keys;     /* live on */
  unsigned n_lives;
  GHashTable *seen;        /* what its rights were looked at for */
  /* "share who" → int64_t: since when somebody is in it who is not in its group */
  GHashTable *outsiders;
  unsigned n_checked_changes;
  unsigned last_words;     /* timer: it has been told to stop */

  /* NULL while it is dead */
  TownMedia *media;
  RelayServer *server;
} TownRelay;

TownRelay  *town_relay_new         (Town       *town,
                                    const char *domain);
void        town_relay_free        (TownRelay *self);
void        town_relay_start       (TownRelay *self);

/* As by kill -9. */
void        town_relay_kill        (TownRelay *self);

/* As by systemctl stop: says good bye, and is gone a moment later. */
void        town_relay_shut_down   (TownRelay *self);
gboolean    town_relay_accept      (TransportConnection *end,
                                    const char          *from,
                                    gpointer             relay);
gboolean    town_relay_accept_home (TransportConnection *end,
                                    const char          *from,
                                    gpointer             relay);
RelayHomeDialer *town_relay_new_dialer (TownRelay *self);

/* What the program of the operator does, past the running relay. */
void        town_relay_add_account (TownRelay  *self,
                                    const char *user);
void        town_relay_add_device  (TownRelay  *self,
                                    const char *user,
                                    const char *device,
                                    const char *token);
void        town_relay_write       (TownRelay      *self,
                                    RelayWriteKind  kind,
                                    const char     *user,
                                    int64_t         number);

/* Whether what the relay does with shares is allowed and complete at this moment. */
void        town_relay_check       (TownRelay *self);

/* Whether it has come to rest: nothing rings, is lost or held, and everybody knows how each share
 * stands. @ended: there is none. */
void        town_relay_check_rest  (TownRelay *self,
                                    gboolean   ended);

/* Long after everybody has gone: whether it has forgotten all that is over. */
void        town_relay_check_empty (TownRelay *self);

/* Whether @who may receive @content from @sharer, or could until a moment ago: it is asked across
 * the net, and what was answered may have changed when it is known. */
gboolean    town_relay_could_receive (TownRelay        *self,
                                      const char       *who,
                                      const char       *sharer,
                                      const CpmContent *content);

/* Whether it lives, at its owner. */
gboolean    town_relay_has_share   (TownRelay  *self,
                                    const char *share);

/**
 * TownDevice:
 *
 * Somebody's device: its place in the net, what it keeps, and what runs on it. TownThin speaks the
 * protocol by itself and shares; TownReal is the #Client of the app, without media.
 */
typedef struct _TownDevice TownDevice;

typedef struct
{
  void     (*start)   (TownDevice *self);
  void     (*kill)    (TownDevice *self);
  void     (*say)     (TownDevice *self,
                       const char *to,
                       const char *text);
  /* One thing of its own choice that concerns shares. */
  void     (*act)     (TownDevice *self);
  /* The newest it knows of a share, or 0. */
  int64_t  (*get_rev) (TownDevice *self,
                       const char *share);
  /* Ends what it takes part in. */
  void     (*finish)  (TownDevice *self);
  /* Asks its relay for something that concerns the person, with @body (transfer full). (nullable):
   * it never does. */
  void     (*ask)     (TownDevice     *self,
                       CpmMessageType  type,
                       JsonObject     *body);
  /* Says yes to the oldest share of which it is asked. (nullable) */
  void     (*accept)  (TownDevice *self);
  /* Makes a group, or changes one, or leaves it. (nullable) */
  void     (*change_group) (TownDevice *self);
  /* Whether it takes itself to be in the group, or -1: it does not tell. (nullable) */
  int      (*is_in_group)  (TownDevice *self,
                            const char *address);
  /* Blames itself for what is not done, when it should be. @ended: all shares were. */
  void     (*check)   (TownDevice *self,
                       gboolean    ended);
  void     (*free)    (TownDevice *self);
} TownDeviceOps;

struct _TownDevice
{
  const TownDeviceOps *ops;
  Town *town;
  TownRelay *relay;
  char *user;
  char *place;
  char *id;
  char *token;
  TownClock *clock;
  gboolean is_up;
  gboolean is_leaving;  /* it was asked to revoke it: it begins nothing any more */
  int64_t revoked_us;   /* since when it is, or 0 */
};

/* Fills what all have in common, with an account and a token in the relay's database. */
void        town_device_init       (TownDevice          *self,
                                    const TownDeviceOps *ops,
                                    TownRelay           *relay,
                                    const char          *user,
                                    unsigned             number,
                                    gboolean             only_rows);
void        town_device_clear      (TownDevice *self);
TransportConnector *town_device_new_connector (TownDevice *self);

/* Whether it has been revoked by now. */
gboolean    town_device_is_revoked (TownDevice *self);

/* What people do that concerns themselves: town-people.c. */
void        town_people_change_rights  (Town *self);
void        town_people_block          (Town *self);
void        town_people_change_privacy (Town *self);
void        town_people_revoke_device  (Town *self);
void        town_people_accept_at_once (Town *self);
void        town_people_change_group   (Town *self);

/* All homes and all devices know the same of all groups: town-gatherings.c. */
void        town_check_groups          (Town *self);

/* Who was revoked is out of everything. After each step. */
void        town_people_check          (Town *self);

/* Of those that are there to do something. (nullable) */
TownDevice *town_pick_device       (Town *self);

TownDevice *town_thin_new          (TownRelay  *relay,
                                    const char *user,
                                    unsigned    number);
TownDevice *town_real_new          (TownRelay  *relay,
                                    const char *user,
                                    unsigned    number);

/* Between 0 and @n - 1, of the town's chance. */
unsigned    town_pick              (Town     *self,
                                    unsigned  n);

/* The relay that is the home of @address. */
TownRelay  *town_find_home         (Town       *self,
                                    const char *address);

/* Runs the town of @seed from its first day to its last. (transfer full) (nullable): what was
 * wrong. */
char       *town_run               (uint32_t  seed,
                                    gboolean  verbose,
                                    uint64_t *out_sum);

G_END_DECLS
