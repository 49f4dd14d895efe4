/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-message"

#include "config.h"

#include "client-message-internal.h"

#include "cpm-json.h"

#include <string.h>

ClientOutcome *
client_outcome_new (const char     *who,
                    CpmMemberState  state,
                    CpmReason       reason,
                    const char     *text)
{
  ClientOutcome *self = g_new0 (ClientOutcome, 1);

  self->who = g_strdup (who);
  self->state = state;
  self->reason = reason;
  self->text = g_strdup (text);

  return self;
}

void
client_outcome_free (ClientOutcome *self)
{
  g_free (self->who);
  g_free (self->text);
  g_free (self);
}

void
client_message_set_outcomes (ClientMessage *self,
                             GPtrArray     *outcomes)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  g_clear_pointer (&self->outcomes, g_ptr_array_unref);
  self->outcomes = outcomes;
}

unsigned
client_message_get_n_outcomes (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->outcomes != NULL ? self->outcomes->len : 0;
}

const ClientOutcome *
client_message_get_outcome (ClientMessage *self,
                            unsigned       index)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (self->outcomes != NULL && index < self->outcomes->len, NULL);

  return g_ptr_array_index (self->outcomes, index);
}

static JsonObject *
outcome_to_json (const ClientOutcome *outcome)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "who", outcome->who);
  json_object_set_string_member (object, "state", cpm_member_state_to_string (outcome->state));
  json_object_set_string_member (object, "reason", cpm_reason_to_string (outcome->reason));
  if (outcome->text != NULL)
    json_object_set_string_member (object, "text", outcome->text);

  return object;
}

char *
client_message_outcomes_to_text (ClientMessage *self)
{
  g_autoptr (JsonObject) object = NULL;
  JsonArray *viewers;

  if (self->outcomes == NULL)
    return NULL;

  object = json_object_new ();
  viewers = json_array_new ();
  for (unsigned i = 0; i < self->outcomes->len; i++)
    json_array_add_object_element (viewers,
                                   outcome_to_json (g_ptr_array_index (self->outcomes, i)));

  json_object_set_array_member (object, "viewers", viewers);

  return cpm_json_to_text (object);
}

/* %NULL for what is none: the text comes from a disk that may be damaged. */
static ClientOutcome *
outcome_from_node (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *who = cpm_json_get_string (object, "who", NULL);
  CpmMemberState state;
  CpmReason reason;

  if (who == NULL
      || !cpm_member_state_from_string (cpm_json_get_string (object, "state", ""), &state)
      || !cpm_reason_from_string (cpm_json_get_string (object, "reason", ""), &reason))
    return NULL;

  return client_outcome_new (who, state, reason, cpm_json_get_string (object, "text", NULL));
}

void
client_message_set_outcomes_text (ClientMessage *self,
                                  const char    *text)
{
  g_autoptr (JsonObject) object =
    text != NULL ? cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, NULL) : NULL;
  JsonArray *viewers = cpm_json_get_array (object, "viewers");
  GPtrArray *outcomes;

  if (viewers == NULL)
    return;

  outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) client_outcome_free);
  for (unsigned i = 0; i < json_array_get_length (viewers); i++)
    {
      ClientOutcome *outcome = outcome_from_node (json_array_get_element (viewers, i));

      if (outcome != NULL)
        g_ptr_array_add (outcomes, outcome);
    }

  client_message_set_outcomes (self, outcomes);
}
