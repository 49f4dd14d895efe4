/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-policy"

#include "config.h"

#include "cpm-policy.h"

#include "cpm-address.h"

/* Which right each kind needs, and the words for it: "may not show ...". */
static const struct
{
  CpmRights share;
  CpmRights receive;
  const char *words;
} kinds[CPM_N_CONTENT_KINDS] = {
  [CPM_CONTENT_PICTURE] = { CPM_RIGHT_SHARE_PICTURE, CPM_RIGHT_RECEIVE_PICTURE, "pictures" },
  [CPM_CONTENT_CAMERA] = { CPM_RIGHT_SHARE_LIVE, CPM_RIGHT_RECEIVE_LIVE, "live video" },
  [CPM_CONTENT_FILE] = { CPM_RIGHT_SHARE_FILE, CPM_RIGHT_RECEIVE_FILE, "films" },
  [CPM_CONTENT_MUSIC] = { CPM_RIGHT_SHARE_MUSIC, CPM_RIGHT_RECEIVE_MUSIC, "music" },
  [CPM_CONTENT_SCREEN] = { CPM_RIGHT_SHARE_SCREEN, CPM_RIGHT_RECEIVE_SCREEN, "a screen" },
};

/* For what is shown beside the content itself. */
#define CORNER_WORDS "live video (the camera in the corner)"

/* What among all that @content needs is not one of the @allowed kinds, in words; %NULL when nothing
 * is. */
static const char *
find_forbidden (const CpmContent *content,
                unsigned          allowed)
{
  unsigned forbidden = cpm_content_get_needs (content) & ~allowed;

  if (forbidden & (1u << content->kind))
    return kinds[content->kind].words;

  return forbidden != 0 ? CORNER_WORDS : NULL;
}

/* What the home lets this person show, or be shown: 1 << #CpmContentKind each. */
static unsigned
list_allowed (const CpmPolicy *self,
              gboolean         receives)
{
  unsigned allowed = 0;

  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      if (self->rights & (receives ? kinds[kind].receive : kinds[kind].share))
        allowed |= 1u << kind;
    }

  return allowed;
}

static gboolean
is_remote (const CpmPolicy *self,
           const char      *other)
{
  return !g_str_equal (cpm_address_get_domain (self->who), cpm_address_get_domain (other));
}

static gboolean
is_listed (char       **list,
           const char  *other)
{
  const char * const *entries = (const char * const *) list;

  return entries != NULL && (g_strv_contains (entries, other) ||
                             g_strv_contains (entries, cpm_address_get_domain (other)));
}

static gboolean
takes_remote (const CpmPolicy *self)
{
  return self->remote && (self->rights & CPM_RIGHT_REMOTE);
}

/* For the person's own eyes, so it says whose will it is. @what: what may not be done. */
static gboolean
check_goes_remote (const CpmPolicy  *self,
                   const char       *what,
                   GError          **error)
{
  if (takes_remote (self))
    return TRUE;

  if (self->rights & CPM_RIGHT_REMOTE)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                         "You have chosen to have nothing to do with people of other domains.");
  else
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "You may not %s people of other domains.",
                 what);
  return FALSE;
}

CpmPolicy *
cpm_policy_new (const char *who)
{
  CpmPolicy *self = g_new0 (CpmPolicy, 1);

  g_return_val_if_fail (cpm_address_is_normal (who), self);

  self->who = g_strdup (who);
  self->rights = CPM_RIGHTS_ALL;
  self->max_viewers = CPM_MAX_VIEWERS;
  self->remote = TRUE;
  self->kinds = CPM_ALL_KINDS;

  return self;
}

void
cpm_policy_free (CpmPolicy *self)
{
  g_free (self->who);
  g_strfreev (self->blocked);
  g_strfreev (self->home_blocked);
  g_free (self);
}

gboolean
cpm_policy_check_show (const CpmPolicy     *self,
                       const char * const  *viewers,
                       const CpmContent    *content,
                       GError             **error)
{
  const char *forbidden = find_forbidden (content, list_allowed (self, FALSE));
  gboolean any_remote = FALSE;
  unsigned n_viewers = 0;

  for (; viewers[n_viewers] != NULL; n_viewers++)
    any_remote |= is_remote (self, viewers[n_viewers]);

  if (forbidden != NULL)
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "You may not show %s.", forbidden);
  else if (n_viewers > 1 && !(self->rights & CPM_RIGHT_SHARE_GROUP))
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                         "You may not show anything to more than one person at a time.");
  else if (n_viewers > self->max_viewers)
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                 "You may not show anything to more than %u people at a time.", self->max_viewers);
  else
    return !any_remote || check_goes_remote (self, "show anything to", error);

  return FALSE;
}

gboolean
cpm_policy_check_say (const CpmPolicy  *self,
                      const char       *other,
                      GError          **error)
{
  if (is_remote (self, other) && !check_goes_remote (self, "write to or invite", error))
    return FALSE;

  if (is_listed (self->home_blocked, other))
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                 "Your relay has blocked %s for all its people.", other);
  else if (is_listed (self->blocked, other))
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "You have blocked %s.", other);
  else
    return TRUE;

  return FALSE;
}

gboolean
cpm_policy_check_hear (const CpmPolicy  *self,
                       const char       *from,
                       gboolean          is_contact,
                       GError          **error)
{
  if (cpm_policy_blocks (self, from))
    g_set_error (error, CPM_ERROR, CPM_ERROR_BLOCKED, "%s does not take anything from you.",
                 self->who);
  else if (is_remote (self, from) && !takes_remote (self))
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                 "%s does not take anything from people of other domains.", self->who);
  else if (self->contacts_only && !is_contact)
    g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                 "%s takes messages and invitations only from the people in the own contacts.",
                 self->who);
  else
    return TRUE;

  return FALSE;
}

gboolean
cpm_policy_check_receive (const CpmPolicy   *self,
                          const char        *sharer,
                          gboolean           is_contact,
                          const CpmContent  *content,
                          GError           **error)
{
  const char *forbidden = find_forbidden (content, list_allowed (self, TRUE) & self->kinds);

  if (!cpm_policy_check_hear (self, sharer, is_contact, error))
    return FALSE;

  if (forbidden == NULL)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "%s does not receive %s.", self->who,
               forbidden);
  return FALSE;
}

gboolean
cpm_policy_shows_presence (const CpmPolicy *self,
                           const char      *other)
{
  return !cpm_policy_blocks (self, other) && (takes_remote (self) || !is_remote (self, other));
}

gboolean
cpm_policy_blocks (const CpmPolicy *self,
                   const char      *other)
{
  return is_listed (self->blocked, other) || is_listed (self->home_blocked, other);
}
