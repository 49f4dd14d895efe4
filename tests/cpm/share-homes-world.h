/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session-private.h"
#include "cpm-share-replica.h"

G_BEGIN_DECLS

#define SHARER "alice@a.test"
#define VIEWER "emily@b.test"
#define FAR_US (1000 * G_USEC_PER_SEC)
#define N_DEVICES 2

/* What the viewer's home asks of the owner. */
typedef enum
{
  ASK_VERB,
  ASK_SYNC,
  ASK_REFUSE
} AskKind;

typedef struct
{
  AskKind kind;
  CpmSessionVerb verb;
  int device;          /* index, or -1 */
  gboolean is_done;    /* the owner has answered, and the answer is on its way */
  gboolean is_awaited; /* else the viewer's home has given up on it */
  unsigned entrance;   /* by which the owner is going to answer it, or 0 */
  int code;            /* of the answer: a CpmError + 1, or 0 */
} Ask;

/* Who wants to come in while the owner asks the viewer's home about it. */
typedef struct
{
  unsigned number;
  int device;
  unsigned n_goings;
} Entrance;

/**
 * World:
 *
 * A share between two homes: the sharer's, which owns it, and that of the viewer, who has two
 * devices, with the links between them, one in each direction, which lose what is on its way when
 * they break, and of which neither knows what the other has delivered. Requests may be late, may be
 * carried out though no answer comes back, or may be asked again. Either home may be restarted.
 *
 * What happens in it is done by the functions below; those that return %FALSE could not happen, or
 * changed nothing.
 */
typedef struct
{
  CpmSession *owner;      /* (nullable): NULL when it was restarted */
  CpmShareReplica *guest;
  GPtrArray *states;      /* of CpmSession: on their way to the viewer's home */
  GArray *asks;           /* of Ask */
  GArray *entrances;      /* of Entrance */
  unsigned n_entrances;   /* so far */
  gboolean is_link_up;    /* from the owner */
  gboolean is_back_up;    /* from the viewer's home */
  gboolean is_here[N_DEVICES];
  gboolean rings[N_DEVICES];
  gboolean carries[N_DEVICES]; /* has got the media */
  gboolean may_receive;   /* what the viewer's home thinks of it */
  gboolean is_admitted;   /* at the owner */
  gboolean was_told;
  /* the viewer has said so, and nothing else since, and was not told that it went wrong */
  gboolean has_gone;
} World;

/* It has just been shown to the viewer, and all is well. */
World   *world_new            (gboolean     has_company);

/* ... to somebody else, too, who is in; the viewer has declined. */
World   *world_new_left       (void);
World   *world_copy           (const World *world);
void     world_free           (World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* What tells it from others. Without what only counts up. (transfer full) */
char    *world_make_key       (const World *world);
gboolean world_viewer_is_in   (CpmSession *session);
int      world_find_device    (const char *device);

gboolean world_deliver_state   (World *world);
gboolean world_deliver_ask     (World *world);
gboolean world_deliver_answer  (World *world);
gboolean world_give_up_ask     (World *world, unsigned i);
gboolean world_answer_entrance (World *world, gboolean is_late);
gboolean world_break_link      (World *world);
gboolean world_mend_link       (World *world);
gboolean world_break_back      (World *world);
gboolean world_mend_back       (World *world);
gboolean world_guest_checks    (World *world, int64_t now_us);
gboolean world_device_says     (World *world, CpmSessionVerb verb, unsigned device);
gboolean world_device_goes     (World *world, unsigned device);
gboolean world_device_comes    (World *world, unsigned device);
gboolean world_restart_owner   (World *world);
gboolean world_restart_guest   (World *world);
void     world_owner_sees      (World *world, CpmSessionVerb verb, const char *who, int64_t now_us);

G_END_DECLS
