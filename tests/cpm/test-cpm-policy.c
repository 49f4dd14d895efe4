/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-policy.h"

#include <string.h>

/* Everything that can be asked is asked, and compared with tables that were written from
 * docs/protocol.md and not from the code: a row for each verdict, with one character for each fact:
 * 1, 0, or ? for one that must not matter. */

#define MAX_FACTS 12
#define YES (-1)

typedef struct
{
  const char *facts;
  int verdict; /* a CpmError, or YES */
  const char *sentence;
} Row;

/* The one row that fits; that it is the only one is part of the test. */
static const Row *
look_up (const Row      *rows,
         size_t          n_rows,
         const gboolean *facts)
{
  const Row *found = NULL;

  for (size_t i = 0; i < n_rows; i++)
    {
      gboolean fits = TRUE;

      for (size_t n = 0; rows[i].facts[n] != '\0'; n++)
        fits &= rows[i].facts[n] == '?' || (rows[i].facts[n] == '1') == facts[n];

      if (fits)
        {
          g_assert_null (found);
          found = &rows[i];
        }
    }

  g_assert_nonnull (found);
  return found;
}

static void
compare (const Row    *expected,
         gboolean      answer,
         const GError *error,
         const char   *argument)
{
  g_assert_cmpint (answer, ==, expected->verdict == YES);
  if (expected->verdict == YES)
    {
      g_assert_no_error (error);
    }
  else
    {
      g_autofree char *sentence = NULL;
      g_auto (GStrv) parts = g_strsplit (expected->sentence, "%s", 2);

      sentence = g_strjoinv (argument, parts);
      g_assert_error (error, CPM_ERROR, expected->verdict);
      g_assert_cmpstr (error->message, ==, sentence);
    }
}

typedef struct
{
  CpmContentKind kind;
  CpmRights share;
  CpmRights receive;
  const char *words;
} Kind;

static const Kind kinds[] = {
  { CPM_CONTENT_PICTURE, CPM_RIGHT_SHARE_PICTURE, CPM_RIGHT_RECEIVE_PICTURE, "pictures" },
  { CPM_CONTENT_CAMERA, CPM_RIGHT_SHARE_LIVE, CPM_RIGHT_RECEIVE_LIVE, "live video" },
  { CPM_CONTENT_FILE, CPM_RIGHT_SHARE_FILE, CPM_RIGHT_RECEIVE_FILE, "films" },
  { CPM_CONTENT_MUSIC, CPM_RIGHT_SHARE_MUSIC, CPM_RIGHT_RECEIVE_MUSIC, "music" },
  { CPM_CONTENT_SCREEN, CPM_RIGHT_SHARE_SCREEN, CPM_RIGHT_RECEIVE_SCREEN, "a screen" },
};

/* Each kind is asked for without a camera in its corner, and then with one, which takes what live
 * video takes, too. */
#define N_CONTENTS (2 * G_N_ELEMENTS (kinds))

static const CpmContent contents[N_CONTENTS] = {
  { .kind = CPM_CONTENT_PICTURE },
  { .kind = CPM_CONTENT_CAMERA },
  { .kind = CPM_CONTENT_FILE },
  { .kind = CPM_CONTENT_MUSIC },
  { .kind = CPM_CONTENT_SCREEN },
  { .kind = CPM_CONTENT_PICTURE, .has_camera = TRUE },
  { .kind = CPM_CONTENT_CAMERA, .has_camera = TRUE },
  { .kind = CPM_CONTENT_FILE, .has_camera = TRUE },
  { .kind = CPM_CONTENT_MUSIC, .has_camera = TRUE },
  { .kind = CPM_CONTENT_SCREEN, .has_camera = TRUE },
};

static const Kind *
get_kind (size_t content)
{
  return &kinds[content % G_N_ELEMENTS (kinds)];
}

/* For a refusal of the kind itself, and of the camera in its corner. */
static const char *
get_words (size_t   content,
           gboolean kind_is_allowed)
{
  return kind_is_allowed ? "live video (the camera in the corner)" : get_kind (content)->words;
}

/* Facts: has the rights to the content | more than one | has share.group | too many | somebody
 * remote | has remote | wants remote */
static const Row show_rows[] = {
  { "0??????", CPM_ERROR_FORBIDDEN, "You may not show %s." },
  { "110????", CPM_ERROR_FORBIDDEN,
    "You may not show anything to more than one person at a time." },
  { "1111???", CPM_ERROR_FORBIDDEN, "You may not show anything to more than 3 people at a time." },
  { "10?1???", CPM_ERROR_INTERNAL, "" }, /* cannot be */
  { "1110110", CPM_ERROR_FORBIDDEN,
    "You have chosen to have nothing to do with people of other domains." },
  { "10?0110", CPM_ERROR_FORBIDDEN,
    "You have chosen to have nothing to do with people of other domains." },
  { "111010?", CPM_ERROR_FORBIDDEN, "You may not show anything to people of other domains." },
  { "10?010?", CPM_ERROR_FORBIDDEN, "You may not show anything to people of other domains." },
  { "1110111", YES },
  { "10?0111", YES },
  { "11100??", YES },
  { "10?00??", YES },
};

static const char * const audiences[][6] = {
  { "emily@a.test", NULL },
  { "emily@b.test", NULL },
  { "emily@a.test", "bob@a.test", NULL },
  { "emily@a.test", "bob@b.test", NULL },
  { "emily@b.test", "bob@a.test", "carol@a.test", NULL },
  { "emily@a.test", "bob@a.test", "carol@a.test", NULL },
  { "emily@a.test", "bob@a.test", "carol@a.test", "dan@a.test", NULL },
  { "emily@a.test", "bob@a.test", "carol@a.test", "dan@a.test", "eve@a.test.b.test", NULL },
  { "emily@xa.test", NULL },
};

static void
test_show (void)
{
  for (unsigned rights = 0; rights <= CPM_RIGHTS_ALL; rights++)
    for (size_t c = 0; c < N_CONTENTS; c++)
      for (size_t a = 0; a < G_N_ELEMENTS (audiences); a++)
        for (unsigned wants_remote = 0; wants_remote <= 1; wants_remote++)
          {
            char who[] = "alice@a.test";
            CpmPolicy policy = {
              who, (CpmRights) rights, 3, FALSE, (gboolean) wants_remote, CPM_ALL_KINDS, NULL, NULL
            };
            g_autoptr (GError) error = NULL;
            gboolean facts[MAX_FACTS] = { 0 };
            gboolean answer, has_kind;
            unsigned count = 0;

            for (; audiences[a][count] != NULL; count++)
              facts[4] |= !g_str_has_suffix (audiences[a][count], "@a.test");
            has_kind = (rights & get_kind (c)->share) != 0;
            facts[0] = has_kind && (!contents[c].has_camera || (rights & CPM_RIGHT_SHARE_LIVE));
            facts[1] = count > 1;
            facts[2] = (rights & CPM_RIGHT_SHARE_GROUP) != 0;
            facts[3] = count > 3;
            facts[5] = (rights & CPM_RIGHT_REMOTE) != 0;
            facts[6] = (gboolean) wants_remote;

            answer = cpm_policy_check_show (&policy, audiences[a], &contents[c], &error);
            compare (look_up (show_rows, G_N_ELEMENTS (show_rows), facts), answer, error,
                     get_words (c, has_kind));
          }
}

/* The limit of the home, to the number. */
static void
test_viewers (void)
{
  char *viewers[CPM_MAX_VIEWERS + 1] = { NULL };

  for (unsigned count = 1; count <= CPM_MAX_VIEWERS; count++)
    {
      viewers[count - 1] = g_strdup_printf ("viewer%u@a.test", count);
      for (unsigned limit = 1; limit <= CPM_MAX_VIEWERS; limit++)
        {
          g_autoptr (CpmPolicy) policy = cpm_policy_new ("alice@a.test");

          policy->max_viewers = limit;
          g_assert_cmpint (cpm_policy_check_show (policy, (const char *const *) viewers,
                                                  &contents[CPM_CONTENT_MUSIC], NULL),
                           ==, count <= limit);
        }
    }

  for (unsigned i = 0; i < CPM_MAX_VIEWERS; i++)
    g_free (viewers[i]);
}

/* Of whom the lists speak: the person by name, or by the domain, and nobody else who looks
 * alike. */
static const struct
{
  const char *list[4];
  gboolean local;  /* whether it says something about emily@a.test, */
  gboolean remote; /* about emily@b.test */
} lists[] = {
  { { NULL }, FALSE, FALSE },
  { { "emily@a.test", NULL }, TRUE, FALSE },
  { { "emily@b.test", NULL }, FALSE, TRUE },
  { { "a.test", NULL }, TRUE, FALSE },
  { { "b.test", NULL }, FALSE, TRUE },
  { { "test", "emily", "x.b.test", NULL }, FALSE, FALSE },
  { { "milya@a.test", "xb.test", "emily@b.test.b.test", NULL }, FALSE, FALSE },
  { { "zoe@a.test", "c.test", "emily@b.test", NULL }, FALSE, TRUE },
};

static const char * const others[] = { "emily@a.test", "emily@b.test" };

/* Facts: remote | has remote | wants remote | home has blocked | has blocked */
static const Row say_rows[] = {
  { "10???", CPM_ERROR_FORBIDDEN, "You may not write to or invite people of other domains." },
  { "110??", CPM_ERROR_FORBIDDEN,
    "You have chosen to have nothing to do with people of other domains." },
  { "0??1?", CPM_ERROR_FORBIDDEN, "Your relay has blocked %s for all its people." },
  { "1111?", CPM_ERROR_FORBIDDEN, "Your relay has blocked %s for all its people." },
  { "0??01", CPM_ERROR_FORBIDDEN, "You have blocked %s." },
  { "11101", CPM_ERROR_FORBIDDEN, "You have blocked %s." },
  { "0??00", YES },
  { "11100", YES },
};

/* Facts: home has blocked | has blocked | remote | has remote | wants remote | contacts only | is
 * contact */
static const Row hear_rows[] = {
  { "1??????", CPM_ERROR_BLOCKED, "%s does not take anything from you." },
  { "01?????", CPM_ERROR_BLOCKED, "%s does not take anything from you." },
  { "0010???", CPM_ERROR_FORBIDDEN, "%s does not take anything from people of other domains." },
  { "00110??", CPM_ERROR_FORBIDDEN, "%s does not take anything from people of other domains." },
  { "000??10", CPM_ERROR_FORBIDDEN,
    "%s takes messages and invitations only from the people in the own contacts." },
  { "0011110", CPM_ERROR_FORBIDDEN,
    "%s takes messages and invitations only from the people in the own contacts." },
  { "000??11", YES },
  { "000??0?", YES },
  { "0011111", YES },
  { "001110?", YES },
};

/* The same seven, and: has the rights to the content | wants it. %s is here what is refused in
 * words. */
static const Row receive_rows[] = {
  { "1????????", CPM_ERROR_BLOCKED, "alice@a.test does not take anything from you." },
  { "01???????", CPM_ERROR_BLOCKED, "alice@a.test does not take anything from you." },
  { "0010?????", CPM_ERROR_FORBIDDEN,
    "alice@a.test does not take anything from people of other domains." },
  { "00110????", CPM_ERROR_FORBIDDEN,
    "alice@a.test does not take anything from people of other domains." },
  { "000??10??", CPM_ERROR_FORBIDDEN,
    "alice@a.test takes messages and invitations only from the people in the own contacts." },
  { "0011110??", CPM_ERROR_FORBIDDEN,
    "alice@a.test takes messages and invitations only from the people in the own contacts." },
  { "000??110?", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "000??1110", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "000??0?0?", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "000??0?10", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "00111110?", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "001111110", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "001110?0?", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "001110?10", CPM_ERROR_FORBIDDEN, "alice@a.test does not receive %s." },
  { "000??1111", YES },
  { "000??0?11", YES },
  { "001111111", YES },
  { "001110?11", YES },
};

/* Facts: home has blocked | has blocked | remote | has remote | wants remote */
static const Row presence_rows[] = {
  { "1????", FALSE },
  { "01???", FALSE },
  { "0010?", FALSE },
  { "00110", FALSE },
  { "000??", TRUE },
  { "00111", TRUE },
};

typedef void (*Ask) (const CpmPolicy *policy,
                     const char      *other,
                     gboolean         is_contact,
                     const gboolean  *facts);

static void
ask_say (const CpmPolicy *policy,
         const char      *other,
         gboolean         is_contact,
         const gboolean  *facts)
{
  const gboolean said[MAX_FACTS] = { facts[2], facts[3], facts[4], facts[0], facts[1] };
  g_autoptr (GError) error = NULL;
  gboolean answer = cpm_policy_check_say (policy, other, &error);

  compare (look_up (say_rows, G_N_ELEMENTS (say_rows), said), answer, error, other);
}

static void
ask_hear (const CpmPolicy *policy,
          const char      *other,
          gboolean         is_contact,
          const gboolean  *facts)
{
  g_autoptr (GError) error = NULL;
  gboolean answer = cpm_policy_check_hear (policy, other, is_contact, &error);

  compare (look_up (hear_rows, G_N_ELEMENTS (hear_rows), facts), answer, error, "alice@a.test");
}

static void
ask_receive (const CpmPolicy *policy,
             const char      *other,
             gboolean         is_contact,
             const gboolean  *facts)
{
  gboolean may_live = (policy->rights & CPM_RIGHT_RECEIVE_LIVE) != 0;
  gboolean wants_live = (policy->kinds & (1u << CPM_CONTENT_CAMERA)) != 0;

  for (size_t c = 0; c < N_CONTENTS; c++)
    {
      g_autoptr (GError) error = NULL;
      gboolean may_kind = (policy->rights & get_kind (c)->receive) != 0;
      gboolean wants_kind = (policy->kinds & (1u << get_kind (c)->kind)) != 0;
      gboolean more[MAX_FACTS] = { 0 };
      gboolean answer;

      memcpy (more, facts, 7 * sizeof *facts);
      more[7] = may_kind && (!contents[c].has_camera || may_live);
      more[8] = wants_kind && (!contents[c].has_camera || wants_live);
      answer = cpm_policy_check_receive (policy, other, is_contact, &contents[c], &error);
      compare (look_up (receive_rows, G_N_ELEMENTS (receive_rows), more), answer, error,
               get_words (c, may_kind && wants_kind));
    }
}

static void
ask_presence (const CpmPolicy *policy,
              const char      *other,
              gboolean         is_contact,
              const gboolean  *facts)
{
  g_assert_cmpint (cpm_policy_shows_presence (policy, other), ==,
                   look_up (presence_rows, G_N_ELEMENTS (presence_rows), facts)->verdict);
  g_assert_cmpint (cpm_policy_blocks (policy, other), ==, facts[0] || facts[1]);
}

/* All combinations of two of the first @n_lists lists, people, contact or not, and wishes. */
static void
ask_all (CpmRights rights,
         unsigned  wanted_kinds,
         size_t    n_lists,
         Ask       ask)
{
  for (size_t own = 0; own < n_lists; own++)
    for (size_t home = 0; home < n_lists; home++)
      for (unsigned bits = 0; bits < 16; bits++)
        {
          char who[] = "alice@a.test";
          gboolean is_remote = bits & 1;
          gboolean is_contact = (bits >> 1) & 1;
          CpmPolicy policy = {
            who,
            rights,
            CPM_MAX_VIEWERS,
            (bits >> 2) & 1,
            (bits >> 3) & 1,
            wanted_kinds,
            own > 0 ? (char **) lists[own].list : NULL,
            home > 0 ? (char **) lists[home].list : NULL,
          };
          const gboolean facts[MAX_FACTS] = {
            is_remote ? lists[home].remote : lists[home].local,
            is_remote ? lists[own].remote : lists[own].local,
            is_remote,
            (rights & CPM_RIGHT_REMOTE) != 0,
            policy.remote,
            policy.contacts_only,
            is_contact,
          };

          ask (&policy, others[is_remote], is_contact, facts);
        }
}

static void
test_say (void)
{
  ask_all (CPM_RIGHTS_ALL, CPM_ALL_KINDS, G_N_ELEMENTS (lists), ask_say);
  ask_all (0, 0, G_N_ELEMENTS (lists), ask_say);
  for (unsigned right = 1; right & CPM_RIGHTS_ALL; right <<= 1)
    {
      ask_all ((CpmRights) right, CPM_ALL_KINDS, G_N_ELEMENTS (lists), ask_say);
      ask_all ((CpmRights) (CPM_RIGHTS_ALL & ~right), CPM_ALL_KINDS, G_N_ELEMENTS (lists), ask_say);
    }
}

static void
test_hear (void)
{
  ask_all (CPM_RIGHTS_ALL, CPM_ALL_KINDS, G_N_ELEMENTS (lists), ask_hear);
  ask_all (0, 0, G_N_ELEMENTS (lists), ask_hear);
  for (unsigned right = 1; right & CPM_RIGHTS_ALL; right <<= 1)
    {
      ask_all ((CpmRights) right, 0, G_N_ELEMENTS (lists), ask_hear);
      ask_all ((CpmRights) (CPM_RIGHTS_ALL & ~right), CPM_ALL_KINDS, G_N_ELEMENTS (lists),
               ask_hear);
    }
}

/* Every set of the rights to receive, with and without remote, with every set of wanted kinds. */
static void
test_receive (void)
{
  ask_all (CPM_RIGHTS_ALL, CPM_ALL_KINDS, G_N_ELEMENTS (lists), ask_receive);

  for (unsigned set = 0; set < 64; set++)
    for (unsigned wanted_kinds = 0; wanted_kinds <= CPM_ALL_KINDS; wanted_kinds++)
      {
        CpmRights rights = set & 32 ? CPM_RIGHT_REMOTE : 0;

        for (size_t k = 0; k < G_N_ELEMENTS (kinds); k++)
          rights |= (set >> k) & 1 ? kinds[k].receive : kinds[k].share;
        ask_all (rights, wanted_kinds, 4, ask_receive);
      }
}

static void
test_presence (void)
{
  ask_all (CPM_RIGHTS_ALL, CPM_ALL_KINDS, G_N_ELEMENTS (lists), ask_presence);
  ask_all (CPM_RIGHT_REMOTE, 0, G_N_ELEMENTS (lists), ask_presence);
  ask_all ((CpmRights) (CPM_RIGHTS_ALL & ~CPM_RIGHT_REMOTE), CPM_ALL_KINDS, G_N_ELEMENTS (lists),
           ask_presence);
}

static void
test_at_first (void)
{
  g_autoptr (CpmPolicy) policy = cpm_policy_new ("alice@a.test");
  const char * const everybody[] = { "emily@b.test", "bob@a.test", NULL };

  for (size_t c = 0; c < N_CONTENTS; c++)
    {
      g_assert_true (cpm_policy_check_show (policy, everybody, &contents[c], NULL));
      g_assert_true (cpm_policy_check_receive (policy, "emily@b.test", FALSE, &contents[c], NULL));
    }

  g_assert_true (cpm_policy_check_say (policy, "emily@b.test", NULL));
  g_assert_true (cpm_policy_check_hear (policy, "emily@b.test", FALSE, NULL));
  g_assert_true (cpm_policy_shows_presence (policy, "emily@b.test"));
  g_assert_cmpuint (policy->max_viewers, ==, 50);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/at-first", test_at_first);
  g_test_add_func ("/policy/show", test_show);
  g_test_add_func ("/policy/viewers", test_viewers);
  g_test_add_func ("/policy/say", test_say);
  g_test_add_func ("/policy/hear", test_hear);
  g_test_add_func ("/policy/receive", test_receive);
  g_test_add_func ("/policy/presence", test_presence);

  return g_test_run ();
}
