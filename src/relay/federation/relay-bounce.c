/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-bounce"

#include "config.h"

#include "relay-bounce.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-message.h"

#include <string.h>

/* What people said themselves, and would miss. */
static const CpmMessageType missed_types[] = {
  CPM_MESSAGE_TEXT, CPM_MESSAGE_PICTURE, CPM_MESSAGE_PHOTO_REQUEST, CPM_MESSAGE_PHOTO_ANSWER,
  CPM_MESSAGE_GROUP_CHANGE, CPM_MESSAGE_GROUP_LEAVE,
};

static gboolean
is_missed (CpmMessage *message)
{
  for (size_t i = 0; i < G_N_ELEMENTS (missed_types); i++)
    {
      if (cpm_message_get_message_type (message) == missed_types[i])
        return TRUE;
    }

  return FALSE;
}

/* What is said to a group has the group's address as its conversation, also where the body does not
 * repeat it. */
static const char *
get_conversation (CpmMessage *message)
{
  return cpm_json_get_string (cpm_message_get_body (message), "conversation",
                              cpm_message_get_to (message));
}

static CpmMessage *
new_failed (RelayContext         *context,
            const RelayOutboxRow *row,
            CpmMessage           *message,
            const GError         *why)
{
  g_autofree char *id = cpm_clock_new_id (context->clock);
  CpmError code = cpm_error_of (why);
  JsonObject *body = json_object_new ();
  CpmMessage *failed;

  json_object_set_string_member (body, "conversation", get_conversation (message));
  json_object_set_string_member (body, "message", row->id);
  json_object_set_string_member (body, "who", row->recipient);
  json_object_set_string_member (body, "code", cpm_error_to_code (code));
  json_object_set_int_member (body, "status", cpm_error_to_status (code));
  json_object_set_string_member (body, "text", why->message);

  failed = cpm_message_new (CPM_MESSAGE_FAILED, id, row->sender, body);
  cpm_message_stamp (failed, row->recipient, cpm_clock_get_real_us (context->clock));
  return failed;
}

static gboolean
is_ours (RelayContext *context,
         const char   *address)
{
  return g_str_equal (cpm_address_get_domain (address), context->config->domain);
}

/* Whether the group is kept here in which it was said, by somebody of another home or by the group
 * itself. */
static gboolean
is_of_our_group (RelayContext         *context,
                 const RelayOutboxRow *row,
                 CpmMessage           *message)
{
  const char *conversation = get_conversation (message);

  return cpm_address_is_group (conversation) && is_ours (context, conversation) &&
         (cpm_message_get_message_type (message) == CPM_MESSAGE_GROUP_STATE ||
          (is_missed (message) && !is_ours (context, row->sender)));
}

/* Who said it is told by the group. When somebody's home does not let that one be in it, the one is
 * out again, and who had added it is told. */
static RelayWrite *
new_drop (RelayContext         *context,
          const RelayOutboxRow *row,
          CpmMessage           *message,
          const GError         *why)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_GROUP_DROP, row->sender,
                                       cpm_clock_get_real_us (context->clock));
  JsonObject *body = cpm_message_get_body (message);
  gboolean is_state = cpm_message_get_message_type (message) == CPM_MESSAGE_GROUP_STATE;

  write->home = g_strdup (row->home);
  write->n = row->n;
  write->number = is_state;
  write->id = g_strdup (is_state ? cpm_json_get_string (body, "change", row->id) : row->id);
  write->other = g_strdup (is_state ? cpm_json_get_string (body, "by", NULL) : row->sender);
  write->conversation = g_strdup (get_conversation (message));
  relay_write_add_failure (write, row->recipient, g_error_copy (why));

  return write;
}

RelayWrite *
relay_bounce_new (RelayContext         *context,
                  const RelayOutboxRow *row,
                  const GError         *why)
{
  g_autoptr (CpmMessage) message = cpm_message_parse (row->text, strlen (row->text), NULL, NULL);
  RelayWrite *write;

  if (message != NULL && is_of_our_group (context, row, message))
    return new_drop (context, row, message, why);

  write = relay_write_new (RELAY_WRITE_BOUNCE, row->sender, cpm_clock_get_real_us (context->clock));
  write->home = g_strdup (row->home);
  write->n = row->n;
  write->id = g_strdup (row->id);
  write->other = g_strdup (row->recipient);
  if (message != NULL && is_missed (message) &&
      is_ours (context, row->sender))
    {
      g_autoptr (CpmMessage) failed = new_failed (context, row, message, why);

      write->text = g_strdup (cpm_message_get_text (failed));
      write->conversation = g_strdup (get_conversation (message));
    }

  return write;
}
