/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-allow"

#include "config.h"

#include "cpm-session-private.h"

static const struct
{
  CpmAllow allow;
  const char *name;
} names[] = {
  { CPM_ALLOW_WATCH, "watch" },
  { CPM_ALLOW_SNAPSHOT, "snapshot" },
};

JsonArray *
cpm_allow_to_json (CpmAllow self)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (self & names[i].allow)
        json_array_add_string_element (array, names[i].name);
    }

  return array;
}

CpmAllow
cpm_allow_from_json (JsonArray *array)
{
  unsigned allow = CPM_ALLOW_NONE;

  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *name = json_node_get_value_type (node) == G_TYPE_STRING
                           ? json_node_get_string (node)
                           : NULL;

      for (size_t n = 0; n < G_N_ELEMENTS (names); n++)
        {
          if (g_strcmp0 (name, names[n].name) == 0)
            allow |= names[n].allow;
        }
    }

  return (CpmAllow) allow;
}

gboolean
cpm_session_allow (CpmSession  *self,
                   const char  *who,
                   CpmAllow     allow,
                   GPtrArray   *actions,
                   GError     **error)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), FALSE);
  g_return_val_if_fail (actions != NULL, FALSE);

  if (!cpm_session_involves (self, who))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share.");
      return FALSE;
    }

  if (g_strcmp0 (self->sharer, who) != 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "Only who shares may do this.");
      return FALSE;
    }

  if (self->state == CPM_SESSION_ENDED)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE, "The share has ended.");
      return FALSE;
    }

  if (self->allow == allow)
    return TRUE;

  self->allow = allow;
  self->rev++;
  cpm_session_add_action (actions, CPM_ACTION_TELL, NULL);

  return TRUE;
}

CpmAllow
cpm_session_get_allow (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), CPM_ALLOW_NONE);

  return self->allow;
}
