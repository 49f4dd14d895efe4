/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-group.h"
#include "cpm-json.h"

#include <string.h>

#define GROUP "0193a5c4-7d1e-7700-9abc-0123456789ab@a.test"
#define ID "0193a5c4-7d1e-700a-9abc-0123456789ab"
#define PICTURE "{\"picture\":\"" ID "\",\"sha256\":\"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f\"," \
                "\"bytes\":7,\"mime\":\"image/png\"}"
#define N_RUNS 300
#define N_STEPS 200
#define N_PEOPLE 56

static CpmMessage *
parse (const char *type,
       const char *from,
       const char *body)
{
  g_autofree char *text = g_strdup_printf ("{\"v\":1,\"t\":\"%s\",\"id\":\"" ID "\",\"to\":\"" GROUP
                                           "\",\"from\":\"%s\",\"ts\":1,"
                                           "\"body\":%s}",
                                           type, from, body);
  g_autoptr (GError) error = NULL;
  CpmMessage *message = cpm_message_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return message;
}

static CpmGroup *
create (const char *members)
{
  g_autofree char *body = g_strdup_printf ("{\"name\":\"Dresses\",\"members\":[%s]}", members);
  g_autoptr (CpmMessage) message = parse ("group.create", "alice@a.test", body);
  g_autoptr (GError) error = NULL;
  CpmGroup *group = cpm_group_new (message, "alice@a.test", &error);

  g_assert_no_error (error);
  return group;
}

/* Returns what came of it: "ok", "same", or the code of the error. */
static const char *
change (CpmGroup   *group,
        const char *who,
        const char *type,
        const char *body)
{
  g_autoptr (CpmMessage) message = parse (type, who, body);
  g_autoptr (CpmGroupChange) what = cpm_group_change_new (message);
  g_autoptr (GError) error = NULL;
  int64_t rev = group->rev;

  if (!cpm_group_apply (group, what, who, &error))
    {
      g_assert_cmpint (group->rev, ==, rev);
      return cpm_error_to_code (cpm_error_of (error));
    }

  g_assert_cmpint (group->rev, <=, rev + 1);
  return group->rev > rev ? "ok" : "same";
}

static char *
members_of (const CpmGroup *group)
{
  g_autoptr (GString) text = g_string_new ("");

  for (unsigned i = 0; i < group->members->len; i++)
    g_string_append_printf (text, "%s%.*s", i > 0 ? " " : "",
                            (int) strcspn (group->members->pdata[i], "@"),
                            (char *) group->members->pdata[i]);

  return g_strdup (text->str);
}

#define assert_members(group, expected) \
  G_STMT_START { \
    g_autofree char *found = members_of (group); \
    g_assert_cmpstr (found, ==, expected); \
  } G_STMT_END

static void
test_create (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\",\"carol@c.test\",\"alice@a.test\"");

  g_assert_cmpstr (group->address, ==, GROUP);
  g_assert_cmpstr (group->name, ==, "Dresses");
  g_assert_cmpstr (group->owner, ==, "alice@a.test");
  g_assert_cmpint (group->rev, ==, 1);
  g_assert_null (group->picture);
  assert_members (group, "alice emily carol");
}

static void
test_create_refused (void)
{
  g_autoptr (CpmMessage) person = NULL;
  g_autoptr (CpmMessage) nested = parse ("group.create", "alice@a.test",
                                         "{\"name\":\"x\",\"members\":[\"" GROUP "\"]}");
  g_autoptr (GError) error = NULL;
  const char *text = "{\"v\":1,\"t\":\"group.create\",\"id\":\"" ID "\",\"to\":\"bob@a.test\","
                     "\"body\":{\"name\":\"x\",\"members\":[\"emily@b.test\"]}}";

  person = cpm_message_parse (text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  g_assert_null (cpm_group_new (person, "alice@a.test", &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
  g_clear_error (&error);
  g_assert_null (cpm_group_new (nested, "alice@a.test", &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
}

static void
test_every_member_may (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\"");

  g_assert_cmpstr (change (group, "emily@b.test", "group.change", "{\"name\":\"Shoes\"}"), ==,
                   "ok");
  g_assert_cmpstr (group->name, ==, "Shoes");
  g_assert_cmpstr (change (group, "emily@b.test", "group.change", "{\"picture\":" PICTURE "}"), ==,
                   "ok");
  g_assert_cmpint (cpm_json_get_int (group->picture, "bytes", 0), ==, 7);
  g_assert_cmpstr (change (group, "emily@b.test", "group.change", "{\"add\":[\"carol@c.test\"]}"),
                   ==, "ok");
  assert_members (group, "alice emily carol");
  g_assert_cmpint (group->rev, ==, 4);
}

static void
test_stranger_may_nothing (void)
{
  static const char * const bodies[] = {
    "{\"name\":\"Mine\"}", "{\"picture\":" PICTURE "}", "{\"add\":[\"mallory@c.test\"]}",
    "{\"remove\":[\"alice@a.test\"]}", "{}", "{\"remove\":[\"mallory@c.test\"],\"name\":\"Mine\"}",
    "{\"remove\":[\"mallory@c.test\",\"emily@b.test\"]}",
  };
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\"");

  for (size_t i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_assert_cmpstr (change (group, "mallory@c.test", "group.change", bodies[i]), ==, "forbidden");
  assert_members (group, "alice emily");
}

static void
test_only_the_owner_removes (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\",\"carol@c.test\"");

  g_assert_cmpstr (
    change (group, "emily@b.test", "group.change", "{\"remove\":[\"carol@c.test\"]}"), ==,
    "forbidden");
  g_assert_cmpstr (
    change (group, "emily@b.test", "group.change", "{\"remove\":[\"alice@a.test\"]}"), ==,
    "forbidden");
  g_assert_cmpstr (change (group, "emily@b.test", "group.change",
                           "{\"name\":\"x\",\"remove\":[\"carol@c.test\"]}"),
                   ==, "forbidden");
  g_assert_cmpstr (group->name, ==, "Dresses");
  g_assert_cmpstr (
    change (group, "alice@a.test", "group.change", "{\"remove\":[\"carol@c.test\"]}"), ==, "ok");
  assert_members (group, "alice emily");
}

static void
test_leaving (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\",\"carol@c.test\"");

  g_assert_cmpstr (change (group, "emily@b.test", "group.leave", "{}"), ==, "ok");
  g_assert_cmpstr (group->owner, ==, "alice@a.test");
  g_assert_cmpstr (change (group, "emily@b.test", "group.leave", "{}"), ==, "same");
  g_assert_cmpstr (
    change (group, "carol@c.test", "group.change", "{\"remove\":[\"carol@c.test\"]}"), ==, "ok");
  assert_members (group, "alice");
}

static void
test_owner_leaves (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\",\"carol@c.test\"");

  /* Who came back has been in it for the shortest time. */
  g_assert_cmpstr (change (group, "emily@b.test", "group.leave", "{}"), ==, "ok");
  g_assert_cmpstr (change (group, "alice@a.test", "group.change", "{\"add\":[\"emily@b.test\"]}"),
                   ==, "ok");
  g_assert_cmpstr (change (group, "alice@a.test", "group.leave", "{}"), ==, "ok");
  g_assert_cmpstr (group->owner, ==, "carol@c.test");
  assert_members (group, "carol emily");
  g_assert_cmpstr (change (group, "carol@c.test", "group.leave", "{}"), ==, "ok");
  g_assert_cmpstr (group->owner, ==, "emily@b.test");
  g_assert_cmpstr (change (group, "emily@b.test", "group.leave", "{}"), ==, "ok");
  g_assert_true (cpm_group_is_empty (group));
}

static void
test_said_again (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\"");

  g_assert_cmpstr (change (group, "alice@a.test", "group.change", "{\"add\":[\"emily@b.test\"]}"),
                   ==, "same");
  g_assert_cmpstr (
    change (group, "alice@a.test", "group.change", "{\"remove\":[\"carol@c.test\"]}"), ==, "same");
  g_assert_cmpstr (
    change (group, "emily@b.test", "group.change", "{\"remove\":[\"carol@c.test\"]}"), ==, "same");
  g_assert_cmpstr (change (group, "alice@a.test", "group.change", "{\"name\":\"Dresses\"}"), ==,
                   "same");
  g_assert_cmpstr (change (group, "alice@a.test", "group.change", "{\"picture\":" PICTURE "}"), ==,
                   "ok");
  g_assert_cmpstr (change (group, "alice@a.test", "group.change", "{\"picture\":" PICTURE "}"), ==,
                   "same");
  g_assert_cmpstr (change (group, "alice@a.test", "group.change",
                           "{\"add\":[\"carol@c.test\"],\"remove\":[\"carol@c.test\"]}"),
                   ==, "bad-envelope");
}

static void
test_room_for_fifty (void)
{
  g_autoptr (GString) people = g_string_new ("\"p1@b.test\"");
  g_autoptr (CpmGroup) group = NULL;

  for (int i = 2; i < CPM_GROUP_MAX_MEMBERS; i++)
    g_string_append_printf (people, ",\"p%d@b.test\"", i);

  group = create (people->str);
  g_assert_cmpuint (group->members->len, ==, CPM_GROUP_MAX_MEMBERS);
  g_assert_cmpstr (change (group, "p7@b.test", "group.change", "{\"add\":[\"late@c.test\"]}"), ==,
                   "too-big");
  g_assert_cmpstr (change (group, "p7@b.test", "group.change", "{\"add\":[\"p8@b.test\"]}"), ==,
                   "same");
  g_assert_cmpstr (change (group, "alice@a.test", "group.change",
                           "{\"add\":[\"late@c.test\"],\"remove\":[\"p8@b.test\"]}"), ==, "ok");
  g_assert_cmpuint (group->members->len, ==, CPM_GROUP_MAX_MEMBERS);
}

static void
test_dropped_by_home (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\"");

  cpm_group_drop (group, "emily@b.test");
  g_assert_cmpint (group->rev, ==, 2);
  assert_members (group, "alice");
  cpm_group_drop (group, "emily@b.test");
  g_assert_cmpint (group->rev, ==, 2);
}

static void
test_json (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\"");
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (CpmGroup) back = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (change (group, "alice@a.test", "group.change", "{\"picture\":" PICTURE "}"), ==,
                   "ok");
  object = cpm_group_to_json (group);
  back = cpm_group_from_json (object, &error);
  g_assert_no_error (error);
  again = cpm_group_to_json (back);
  text = cpm_json_to_text (object);
  text_again = cpm_json_to_text (again);
  g_assert_cmpstr (text, ==,
                   "{\"conversation\":\"" GROUP
                   "\",\"rev\":2,\"name\":\"Dresses\",\"picture\":" PICTURE
                   ",\"owner\":\"alice@a.test\",\"members\":[\"alice@a.test\",\"emily@b.test\"]}");
  g_assert_cmpstr (text_again, ==, text);
}

static void
test_bad_json (void)
{
  static const char *const texts[] = {
    "{}",
    "{\"conversation\":\"c-00000000000000000000000000000000\",\"rev\":1,\"name\":\"x\",\"owner\":\"a@a.test\",\"members\":[\"a@a.test\"]}",
    "{\"conversation\":\"" GROUP
    "\",\"rev\":1,\"name\":\"x\",\"owner\":\"a@a.test\",\"members\":[\"b@a.test\"]}",
    "{\"conversation\":\"" GROUP
    "\",\"rev\":1,\"name\":\"x\",\"owner\":\"a@a.test\",\"members\":[\"a@a.test\",\"" GROUP "\"]}",
    "{\"conversation\":\"" GROUP
    "\",\"rev\":0,\"name\":\"x\",\"owner\":\"a@a.test\",\"members\":[\"a@a.test\"]}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = cpm_json_parse (texts[i], strlen (texts[i]),
                                                      CPM_JSON_MAX_BYTES, NULL);

      g_assert_null (cpm_group_from_json (object, &error));
      g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
    }
}

static void
test_picture_brings_nothing_else (void)
{
  g_autoptr (CpmGroup) group = create ("\"emily@b.test\"");
  g_autofree char *text = NULL;

  g_assert_cmpstr (
    change (group, "alice@a.test", "group.change",
            "{\"picture\":{\"more\":\"bytes\",\"picture\":\"" ID
            "\",\"bytes\":7,\"mime\":\"image/png\","
            "\"sha256\":\"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f\"}}"),
    ==, "ok");
  text = cpm_json_to_text (group->picture);
  g_assert_cmpstr (text, ==, PICTURE);
}

static void
test_signed_bytes (void)
{
  g_autoptr (CpmMessage) message = parse ("message.text", "emily@b.test",
                                          "{\"conversation\":\"" GROUP "\", \"text\":\"hello\"}");
  g_autoptr (GBytes) bytes = cpm_group_get_signed_bytes (message, GROUP);
  static const char expected[] = "vitrine-group-1\0emily@b.test\0" GROUP "\0" ID "\0"
                                 "1\0message.text\0"
                                 "{\"conversation\":\"" GROUP "\",\"text\":\"hello\"}";

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   sizeof expected - 1);
}

/* A second way to the same end: who is in, with the number of the step in which each came. */
typedef struct
{
  int since[N_PEOPLE]; /* 0: not in */
  int owner;
  int clock;
  int n;
} Model;

static void
model_remove (Model *model,
              int    who)
{
  int heir = -1;

  if (model->since[who] == 0)
    return;

  model->since[who] = 0;
  model->n--;
  if (model->owner != who)
    return;

  for (int i = 0; i < N_PEOPLE; i++)
    {
      if (model->since[i] != 0 && (heir < 0 || model->since[i] < model->since[heir]))
        heir = i;
    }
  if (heir >= 0)
    model->owner = heir;
}

/* One thing at a time: somebody adds, removes, or leaves. Returns what must come of it. */
static const char *
model_step (Model *model,
            int    who,
            int    other,
            int    verb)
{
  gboolean is_in = model->since[who] != 0;

  if (verb == 2)
    {
      model_remove (model, who);
      return is_in ? "ok" : "same";
    }

  if (!is_in)
    return verb == 1 && who == other ? "same" : "forbidden";

  if (verb == 1)
    {
      if (model->since[other] == 0)
        return "same";
      if (who != other && model->owner != who)
        return "forbidden";
      model_remove (model, other);
      return "ok";
    }

  if (model->since[other] != 0)
    return "same";
  if (model->n == CPM_GROUP_MAX_MEMBERS)
    return "too-big";
  model->since[other] = ++model->clock;
  model->n++;
  return "ok";
}

static void
check_model (const Model    *model,
             const CpmGroup *group)
{
  g_autofree char *owner = g_strdup_printf ("p%d@a.test", model->owner);
  int before = 0;

  g_assert_cmpuint (group->members->len, ==, model->n);
  if (model->n > 0)
    g_assert_cmpstr (group->owner, ==, owner);

  for (unsigned i = 0; i < group->members->len; i++)
    {
      int since = model->since[atoi ((char *) group->members->pdata[i] + 1)];

      g_assert_cmpint (since, >, before);
      before = since;
    }
}

static void
test_random_sequences (void)
{
  for (int run = 0; run < N_RUNS; run++)
    {
      g_autoptr (CpmMessage) message = parse ("group.create", "p0@a.test",
                                              "{\"name\":\"x\",\"members\":[\"p1@a.test\"]}");
      g_autoptr (CpmGroup) group = cpm_group_new (message, "p0@a.test", NULL);
      Model model = { .since = { 1, 2 }, .clock = 2, .n = 2 };
      int reach = run % 2 == 0 ? 5 : N_PEOPLE;

      for (int step = 0; step < N_STEPS; step++)
        {
          int who = g_test_rand_int_range (0, reach);
          int other = g_test_rand_int_range (0, reach);
          int dice = g_test_rand_int_range (0, 10);
          int verb = dice < 7 ? 0 : dice < 9 ? 1 : reach == 5 ? 2 : 0;
          g_autofree char *name = g_strdup_printf ("p%d@a.test", who);
          g_autofree char *body = verb == 2 ? g_strdup ("{}")
                                            : g_strdup_printf ("{\"%s\":[\"p%d@a.test\"]}",
                                                               verb == 0 ? "add" : "remove", other);
          const char *expected = model_step (&model, who, other, verb);

          g_assert_cmpstr (change (group, name, verb == 2 ? "group.leave" : "group.change", body),
                           ==, expected);
          check_model (&model, group);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/group/created-with-its-owner-first", test_create);
  g_test_add_func ("/group/created-of-people-at-an-id", test_create_refused);
  g_test_add_func ("/group/every-member-names-and-adds", test_every_member_may);
  g_test_add_func ("/group/strangers-change-nothing", test_stranger_may_nothing);
  g_test_add_func ("/group/only-the-owner-removes-others", test_only_the_owner_removes);
  g_test_add_func ("/group/everybody-may-leave", test_leaving);
  g_test_add_func ("/group/next-owner-is-in-it-longest", test_owner_leaves);
  g_test_add_func ("/group/said-again-changes-nothing", test_said_again);
  g_test_add_func ("/group/room-for-fifty", test_room_for_fifty);
  g_test_add_func ("/group/home-does-not-let-a-person-in", test_dropped_by_home);
  g_test_add_func ("/group/json-round-trip", test_json);
  g_test_add_func ("/group/bad-json-is-refused", test_bad_json);
  g_test_add_func ("/group/picture-is-four-members", test_picture_brings_nothing_else);
  g_test_add_func ("/group/signed-bytes", test_signed_bytes);
  g_test_add_func ("/group/random-sequences", test_random_sequences);

  return g_test_run ();
}
