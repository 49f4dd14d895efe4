/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-groups-homes"

#include "config.h"

#include "relay-groups-private.h"

#include "relay-homes.h"
#include "relay-mail.h"
#include "relay-rights.h"

#include "cpm-address.h"
#include "cpm-group.h"
#include "cpm-json.h"

/* Something that another home said, while it is being written. */
typedef struct
{
  RelayGroups *groups;
  RelayVisitor *visitor;
  CpmMessage *message;
  GError *refusal; /* (nullable): found before */
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->groups);
  g_object_unref (arrival->visitor);
  g_object_unref (arrival->message);
  g_clear_error (&arrival->refusal);
  g_free (arrival);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

static const char *
get_conversation (CpmMessage *message)
{
  return cpm_json_get_string (cpm_message_get_body (message), "conversation",
                              cpm_message_get_to (message));
}

static gboolean
check_from_group (CpmMessage  *message,
                  GError     **error)
{
  if (g_strcmp0 (cpm_message_get_from (message), get_conversation (message)) == 0)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                       "Only the group itself says what it is");
  return FALSE;
}

static gboolean
check_ours (RelayGroups  *self,
            const char   *who,
            GError      **error)
{
  g_autoptr (RelayAccount) account = relay_store_find_account (self->context->store, who);

  if (account != NULL && !account->disabled)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is nobody called %s here", who);
  return FALSE;
}

/* Whether one of ours lets itself be added. The group's home may say by whom, and is believed when
 * that is one of its own; for anybody else it could say that of whom it likes, so it is asked, too,
 * whether the group itself might write. */
static gboolean
check_may_add (RelayGroups  *self,
               CpmMessage   *state,
               GError      **error)
{
  const char *group = cpm_message_get_from (state);
  const char *who = cpm_message_get_to (state);
  const char *by = cpm_json_get_string (cpm_message_get_body (state), "by", group);
  g_auto (GStrv) groups = relay_store_list_groups (self->context->store, who);

  if (g_strv_length (groups) >= RELAY_MAX_GROUPS)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_QUOTA,
                   "%s is in as many groups as there is room for", who);
      return FALSE;
    }

  if (g_str_equal (by, who))
    by = group;

  return relay_rights_check_write (self->context, by, who, error) &&
         (g_str_equal (cpm_address_get_domain (by), cpm_address_get_domain (group)) ||
          relay_rights_check_write (self->context, group, who, error));
}

/* What its people say will come by the group's home, signed by theirs, which may be gone by
 * then. */
static void
learn_homes (RelayGroups    *self,
             const CpmGroup *group)
{
  for (unsigned i = 0; i < group->members->len; i++)
    {
      const char *who = group->members->pdata[i];
      const char *domain = cpm_address_get_domain (who);

      if (!relay_groups_is_ours (self, who) &&
          !g_str_equal (domain, cpm_address_get_domain (group->address)))
        relay_homes_learn (self->context->homes, domain);
    }
}

static RelayWrite *
prepare_state (RelayGroups  *self,
               CpmMessage   *message,
               GError      **error)
{
  const char *to = cpm_message_get_to (message);
  g_autoptr (CpmGroup) group = cpm_group_from_json (cpm_message_get_body (message), error);
  RelayWrite *write;

  if (group == NULL || !check_from_group (message, error) || !check_ours (self, to, error))
    return NULL;

  if (cpm_group_has (group, to) &&
      !relay_store_is_in_group (self->context->store, group->address, to) &&
      !check_may_add (self, message, error))
    return NULL;

  learn_homes (self, group);
  write = relay_groups_new_write (self, RELAY_WRITE_GROUP_TAKE, message);
  g_free (write->conversation);
  write->conversation = g_strdup (group->address);
  write->other = g_strdup (to);
  return write;
}

/* What people of other homes say in a group that is kept here; it has to bear their home's
 * signature for those of third homes. */
static RelayWrite *
prepare_said (RelayGroups  *self,
              CpmMessage   *message,
              GError      **error)
{
  if (g_str_equal (get_conversation (message), cpm_message_get_to (message)) &&
      cpm_message_get_signature (message) != NULL)
    return relay_groups_new_write (self, RELAY_WRITE_GROUP_SAY, message);

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "What is said in a group is signed, and says in which");
  return NULL;
}

/* What its home says that somebody has said in a group that is kept there. */
static RelayWrite *
prepare_heard (RelayGroups  *self,
               CpmMessage   *message,
               const char   *home,
               GError      **error)
{
  const char *group = get_conversation (message);
  const char *to = cpm_message_get_to (message);
  g_autoptr (CpmMessage) to_group = NULL;
  RelayWrite *write;

  if (!g_str_equal (cpm_address_get_domain (group), home))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "%s does not keep this group", home);
      return NULL;
    }

  /* As those read it who live where the group is. */
  to_group = cpm_message_copy (message);
  cpm_message_set_to (to_group, group);
  write = relay_groups_new_write (self, RELAY_WRITE_GROUP_HEAR, to_group);
  write->other = g_strdup (to);
  return write;
}

/* Something about what one of ours said, or missed, in a group: from person to person. Its sender's
 * home may know better than we who is in it. */
static RelayWrite *
prepare_aside (RelayGroups  *self,
               CpmMessage   *message,
               GError      **error)
{
  const char *to = cpm_message_get_to (message);

  if (relay_groups_is_member (self, get_conversation (message), to))
    return relay_post_new_delivery (self->context->post, message, to, NULL);

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "%s is not in this group", to);
  return NULL;
}

static RelayWrite *
prepare_failed (RelayGroups  *self,
                CpmMessage   *message,
                GError      **error)
{
  return check_from_group (message, error)
           ? relay_post_new_delivery (self->context->post, message, cpm_message_get_to (message),
                                      NULL)
           : NULL;
}

static RelayWrite *
prepare_change (RelayGroups  *self,
                CpmMessage   *message,
                GError      **error)
{
  return relay_groups_new_write (self, RELAY_WRITE_GROUP_CHANGE, message);
}

static const struct
{
  CpmMessageType type;
  RelayWrite *(*prepare) (RelayGroups *self, CpmMessage *message, GError **error);
} special[] = {
  { CPM_MESSAGE_GROUP_STATE, prepare_state },
  { CPM_MESSAGE_GROUP_CHANGE, prepare_change },
  { CPM_MESSAGE_GROUP_LEAVE, prepare_change },
  { CPM_MESSAGE_FAILED, prepare_failed },
  { CPM_MESSAGE_RECEIPT, prepare_aside },
  { CPM_MESSAGE_SHARE_MISSED, prepare_aside },
};

static RelayWrite *
prepare (RelayGroups  *self,
         CpmMessage   *message,
         const char   *home,
         GError      **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (special); i++)
    {
      if (special[i].type == cpm_message_get_message_type (message))
        return special[i].prepare (self, message, error);
    }

  return cpm_address_is_group (cpm_message_get_to (message))
           ? prepare_said (self, message, error)
           : prepare_heard (self, message, home, error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Arrival) arrival = user_data;
  RelayContext *context = arrival->groups->context;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (context->store, result, &error);
  const GError *refusal = write != NULL && write->refusal != NULL ? write->refusal
                                                                  : arrival->refusal;

  relay_mail_answer (context->mail, arrival->visitor, arrival->message, refusal, error);
  if (write != NULL && refusal == NULL)
    relay_groups_follow (arrival->groups, write);
}

void
relay_groups_take (RelayGroups  *self,
                   RelayVisitor *visitor,
                   CpmMessage   *message)
{
  Arrival *arrival = g_new0 (Arrival, 1);
  g_autoptr (CpmMessage) bare = NULL;
  RelayWrite *write;

  g_return_if_fail (RELAY_IS_GROUPS (self));

  arrival->groups = g_object_ref (self);
  arrival->visitor = g_object_ref (visitor);
  arrival->message = g_object_ref (message);

  bare = cpm_message_copy (message);
  cpm_message_set_n (bare, 0);
  write = prepare (self, bare, relay_visitor_get_domain (visitor), &arrival->refusal);
  if (write == NULL)
    write = relay_write_new (RELAY_WRITE_REFUSE, cpm_message_get_from (message),
                             cpm_clock_get_real_us (self->context->clock));

  relay_mail_stamp (self->context->mail, visitor, message, write);
  relay_store_write_async (self->context->store, write, on_written, arrival);
}
