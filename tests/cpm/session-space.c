/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "session-space.h"

#include "cpm-json.h"

#include <string.h>

const char * const viewers[MAX_VIEWERS + 1] = { "b@a.test", "c@a.test", "d@a.test", NULL };

static void
free_state (State *state)
{
  g_free (state->text);
  g_free (state);
}

/* Times count from now, and have no meaning after the end. */
static int64_t
shift_time (int64_t at_us,
            int64_t shift_us)
{
  return MAX (at_us - shift_us, NOW_US);
}

static void
shift_times (JsonObject *object,
             int64_t     shift_us)
{
  static const char * const times[] = { "expires", "grace" };

  for (size_t i = 0; i < G_N_ELEMENTS (times); i++)
    {
      int64_t at_us = cpm_json_get_int (object, times[i], 0);

      if (at_us != 0)
        json_object_set_int_member (object, times[i], shift_time (at_us, shift_us));
    }
}

static void
append_int (GString *key,
            int64_t  value)
{
  if (value >= 0 && value <= 9)
    g_string_append_c (key, (char) ('0' + value));
  else
    g_string_append_printf (key, "%" G_GINT64_FORMAT, value);
}

/* Whether @name says what is the same in all states, only counts up, or has a place of its own. */
static gboolean
is_left_out (const char *name)
{
  static const char * const names[] = {
    "share", "rev", "sharer", "by", "n", "content", "members", "who", "next", NULL
  };

  return g_strv_contains (names, name);
}

/* It stands for the text, which takes far longer to make. */
static void
append_key (GString    *key,
            JsonObject *object,
            int64_t     shift_us)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      if (is_left_out (name))
        continue;

      g_string_append_c (key, ' ');
      g_string_append (key, name);
      g_string_append_c (key, ':');
      if (JSON_NODE_HOLDS_OBJECT (node))
        append_key (key, json_node_get_object (node), shift_us);
      else if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append (key, json_node_get_string (node));
      else if (g_str_equal (name, "expires") || g_str_equal (name, "grace"))
        append_int (key, shift_time (json_node_get_int (node), shift_us) - NOW_US);
      else
        append_int (key, json_node_get_int (node));
    }
}

typedef struct
{
  unsigned index;
  char *key;
} SortedMember;

static int
compare_members (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (((const SortedMember *) a)->key, ((const SortedMember *) b)->key);
}

/* The key of the state; @sorted is set to its members in their canonical order. */
static char *
make_key (Space        *self,
          JsonObject   *object,
          int64_t       shift_us,
          const Told   *told,
          SortedMember *sorted)
{
  const char *by = cpm_json_get_string (object, "by", NULL);
  JsonArray *members = cpm_json_get_array (object, "members");
  GString *key = g_string_new (NULL);

  for (unsigned i = 0; i < self->n_viewers; i++)
    {
      JsonObject *member = json_array_get_object_element (members, i);
      GString *member_key = g_string_new (NULL);

      append_key (member_key, member, shift_us);
      append_int (member_key, told->said_yes[i]);
      append_int (member_key, told->admitted[i]);
      append_int (member_key, g_strcmp0 (by, viewers[i]) == 0);
      sorted[i].index = i;
      sorted[i].key = g_string_free (member_key, FALSE);
    }

  qsort (sorted, self->n_viewers, sizeof sorted[0], compare_members);

  append_key (key, object, shift_us);
  append_int (key, told->media_open);
  append_int (key, g_strcmp0 (by, SHARER) == 0);
  for (unsigned i = 0; i < self->n_viewers; i++)
    {
      g_string_append_c (key, '|');
      g_string_append (key, sorted[i].key);
    }

  return g_string_free (key, FALSE);
}

/* Puts the members into their canonical order, and gives them the names that belong to it. */
static State *
make_state (Space              *self,
            JsonObject         *object,
            int64_t             shift_us,
            const Told         *told,
            const SortedMember *sorted)
{
  State *state = g_new0 (State, 1);
  g_autofree char *by = g_strdup (cpm_json_get_string (object, "by", NULL));
  JsonArray *members = cpm_json_get_array (object, "members");
  JsonArray *sorted_members = json_array_new ();

  state->told.media_open = told->media_open;
  for (unsigned i = 0; i < self->n_viewers; i++)
    {
      unsigned index = sorted[i].index;
      JsonObject *member = json_array_get_object_element (members, index);

      if (g_strcmp0 (by, viewers[index]) == 0)
        json_object_set_string_member (object, "by", viewers[i]);

      json_object_set_string_member (member, "who", viewers[i]);
      shift_times (member, shift_us);
      json_array_add_object_element (sorted_members, json_object_ref (member));
      state->told.said_yes[i] = told->said_yes[index];
      state->told.admitted[i] = told->admitted[index];
      state->is_twin[i] = i > 0 && g_str_equal (sorted[i].key, sorted[i - 1].key);
    }

  shift_times (object, shift_us);
  json_object_set_int_member (object, "rev", 1);
  json_object_set_int_member (object, "n", 1);
  json_object_set_array_member (object, "members", sorted_members);
  state->text = cpm_json_to_text (object);

  return state;
}

void
space_init (Space    *self,
            unsigned  n_viewers)
{
  self->n_viewers = n_viewers;
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) free_state);
  self->ended = g_array_new (FALSE, FALSE, sizeof (unsigned));
}

void
space_clear (Space *self)
{
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_clear_pointer (&self->states, g_ptr_array_unref);
  g_clear_pointer (&self->ended, g_array_unref);
}

unsigned
space_add (Space      *self,
           CpmSession *session,
           int64_t     time_passed_us,
           const Told *told,
           unsigned    depth)
{
  State *state;
  gboolean ended = cpm_session_get_state (session) == CPM_SESSION_ENDED;
  g_autoptr (JsonObject) object = cpm_session_to_json (session);
  SortedMember sorted[MAX_VIEWERS];
  int64_t shift_us = ended ? G_MAXINT64 : time_passed_us;
  g_autofree char *key = make_key (self, object, shift_us, told, sorted);
  unsigned number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, key));

  if (number == 0)
    {
      state = make_state (self, object, shift_us, told, sorted);
      state->depth = depth;
      g_ptr_array_add (self->states, state);
      number = self->states->len;
      g_hash_table_insert (self->numbers, g_steal_pointer (&key), GUINT_TO_POINTER (number));
      if (ended)
        {
          unsigned index = number - 1;

          g_array_append_val (self->ended, index);
        }
    }

  for (unsigned i = 0; i < self->n_viewers; i++)
    g_free (sorted[i].key);

  return number - 1;
}

CpmSession *
space_load_session (JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  CpmSession *session = cpm_session_new_from_json (object, &error);

  g_assert_no_error (error);
  return session;
}

const State *
space_get (const Space *self,
           unsigned     number)
{
  return g_ptr_array_index (self->states, number);
}
