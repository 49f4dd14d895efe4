/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: print-protocol types | schema TYPE | diagram
 *
 * Prints what the tables in src/cpm say, for build-aux/update-protocol: the names of all types
 * of message, one a line; one type as JSON Schema (draft 2020-12); the life of a share
 * as a Mermaid diagram. */

#include "cpm-message-schema.h"
#include "cpm-session.h"

#include <stdio.h>

#define USER "[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?"
#define ID "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
#define LABEL "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

static const char * const patterns[] = {
  [CPM_FORMAT_ANY] = NULL,
  [CPM_FORMAT_LINE] = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
  [CPM_FORMAT_TEXT] = "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$",
  [CPM_FORMAT_ADDRESS] = "^" USER "@" LABEL "(\\." LABEL ")*$",
  [CPM_FORMAT_ID] = "^" ID "$",
  [CPM_FORMAT_CONVERSATION] = "^(c-[0-9a-f]{32}|" ID "@" LABEL "(\\." LABEL ")*)$",
  [CPM_FORMAT_HEX64] = "^[0-9a-f]{64}$",
  [CPM_FORMAT_SIGNATURE] = "^[A-Za-z0-9_:.-]*$",
  [CPM_FORMAT_ENUM] = NULL,
};

static void add_schema (JsonBuilder     *builder,
                        const CpmSchema *schema);

static void
set_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
set_int (JsonBuilder *builder,
         const char  *name,
         int64_t      value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
set_boolean (JsonBuilder *builder,
             const char  *name,
             gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_string (JsonBuilder     *builder,
            const CpmSchema *schema)
{
  set_string (builder, "type", "string");
  if (patterns[schema->format] != NULL)
    set_string (builder, "pattern", patterns[schema->format]);

  if (schema->values != NULL)
    {
      json_builder_set_member_name (builder, "enum");
      json_builder_begin_array (builder);
      for (const char * const *value = schema->values; *value != NULL; value++)
        json_builder_add_string_value (builder, *value);
      json_builder_end_array (builder);
    }

  /* JSON Schema counts characters; what the table limits in bytes is said beside it. */
  if (schema->min > 0)
    set_int (builder, schema->unit == CPM_SCHEMA_BYTES ? "x-minBytes" : "minLength", schema->min);
  if (schema->max > 0)
    set_int (builder, "maxLength", schema->max);
  if (schema->max > 0 && schema->unit == CPM_SCHEMA_BYTES)
    set_int (builder, "x-maxBytes", schema->max);
}

static gboolean
add_required (JsonBuilder     *builder,
              const CpmSchema *members)
{
  gboolean any = FALSE;

  for (const CpmSchema *member = members; member->name != NULL; member++)
    any |= member->presence == CPM_SCHEMA_REQUIRED;

  if (!any)
    return FALSE;

  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  for (const CpmSchema *member = members; member->name != NULL; member++)
    {
      if (member->presence == CPM_SCHEMA_REQUIRED)
        json_builder_add_string_value (builder, member->name);
    }
  json_builder_end_array (builder);

  return TRUE;
}

/* Returns whether any member is required. */
static gboolean
add_members (JsonBuilder     *builder,
             const CpmSchema *members)
{
  gboolean any_required;

  set_string (builder, "type", "object");
  any_required = add_required (builder, members);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  for (const CpmSchema *member = members; member->name != NULL; member++)
    {
      json_builder_set_member_name (builder, member->name);
      add_schema (builder, member);
    }
  json_builder_end_object (builder);

  return any_required;
}

static void
add_array (JsonBuilder     *builder,
           const CpmSchema *schema)
{
  set_string (builder, "type", "array");
  set_int (builder, "minItems", schema->min);
  set_int (builder, "maxItems", schema->max);
  if (schema->unique)
    set_boolean (builder, "uniqueItems", TRUE);
  json_builder_set_member_name (builder, "items");
  add_schema (builder, schema->element);
}

static void
add_schema (JsonBuilder     *builder,
            const CpmSchema *schema)
{
  json_builder_begin_object (builder);
  switch (schema->kind)
    {
    case CPM_SCHEMA_STRING:
      add_string (builder, schema);
      break;

    case CPM_SCHEMA_INTEGER:
      set_string (builder, "type", "integer");
      set_int (builder, "minimum", schema->min);
      set_int (builder, "maximum", schema->max);
      break;

    case CPM_SCHEMA_BOOLEAN:
      set_string (builder, "type", "boolean");
      break;

    case CPM_SCHEMA_OBJECT:
      add_members (builder, schema->members);
      break;

    case CPM_SCHEMA_ARRAY:
    default:
      add_array (builder, schema);
      break;
    }
  json_builder_end_object (builder);
}

/* Exactly one of two members. */
static void
add_either (JsonBuilder        *builder,
            const char * const *names)
{
  json_builder_set_member_name (builder, "oneOf");
  json_builder_begin_array (builder);
  for (int i = 0; i < 2; i++)
    {
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "required");
      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, names[i]);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* What the envelope holds beside the body. */
static void
add_envelope (JsonBuilder            *builder,
              const CpmMessageSchema *schema)
{
  static const CpmSchema id = { "id", CPM_SCHEMA_STRING, .format = CPM_FORMAT_ID };
  static const CpmSchema address = { "to", CPM_SCHEMA_STRING, .format = CPM_FORMAT_ADDRESS };
  static const CpmSchema ts = { "ts", CPM_SCHEMA_INTEGER, .min = 0, .max = G_MAXINT64 };
  static const CpmSchema seq = { "seq", CPM_SCHEMA_INTEGER, .min = 1, .max = G_MAXINT64 };
  static const CpmSchema n = { "n", CPM_SCHEMA_INTEGER, .min = 1, .max = G_MAXINT64 };
  static const CpmSchema old = { "old", CPM_SCHEMA_BOOLEAN };
  static const CpmSchema signature = { "sig", CPM_SCHEMA_STRING, .format = CPM_FORMAT_SIGNATURE,
                                       .min = 1, .max = 160 };
  static const struct
  {
    const char *name;
    const CpmSchema *schema;
    CpmMessageSender senders;
  } of_relay[] = {
    { "from", &address, CPM_MESSAGE_SENDER_RELAY | CPM_MESSAGE_SENDER_HOME },
    { "ts", &ts, CPM_MESSAGE_SENDER_RELAY | CPM_MESSAGE_SENDER_HOME },
    { "seq", &seq, CPM_MESSAGE_SENDER_RELAY },
    { "old", &old, CPM_MESSAGE_SENDER_RELAY },
    { "n", &n, CPM_MESSAGE_SENDER_HOME },
    { "sig", &signature, CPM_MESSAGE_SENDER_HOME },
  };

  json_builder_set_member_name (builder, "v");
  json_builder_begin_object (builder);
  set_int (builder, "const", CPM_PROTOCOL_VERSION);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "t");
  json_builder_begin_object (builder);
  set_string (builder, "const", schema->name);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "id");
  add_schema (builder, &id);
  json_builder_set_member_name (builder, "to");
  add_schema (builder, &address);

  /* Only a relay says these. */
  for (size_t i = 0; i < G_N_ELEMENTS (of_relay); i++)
    {
      json_builder_set_member_name (builder, of_relay[i].name);
      if (schema->senders & of_relay[i].senders)
        add_schema (builder, of_relay[i].schema);
      else
        json_builder_add_boolean_value (builder, FALSE);
    }
}

static void
add_senders (JsonBuilder            *builder,
             const CpmMessageSchema *schema)
{
  json_builder_set_member_name (builder, "x-senders");
  json_builder_begin_array (builder);
  if (schema->senders & CPM_MESSAGE_SENDER_CLIENT)
    json_builder_add_string_value (builder, "client");
  if (schema->senders & CPM_MESSAGE_SENDER_RELAY)
    json_builder_add_string_value (builder, "relay");
  if (schema->senders & CPM_MESSAGE_SENDER_HOME)
    json_builder_add_string_value (builder, "home");
  json_builder_end_array (builder);
  set_boolean (builder, "x-durable", schema->durable);
}

static void
add_message (JsonBuilder            *builder,
             const CpmMessageSchema *schema)
{
  g_autofree char *urn = g_strconcat ("urn:vitrine:protocol:1:", schema->name, NULL);
  gboolean needs_body;

  json_builder_begin_object (builder);
  set_string (builder, "$schema", "https://json-schema.org/draft/2020-12/schema");
  set_string (builder, "$id", urn);
  set_string (builder, "title", schema->name);
  add_senders (builder, schema);
  set_string (builder, "type", "object");
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  add_envelope (builder, schema);
  json_builder_set_member_name (builder, "body");
  json_builder_begin_object (builder);
  needs_body = add_members (builder, schema->body);
  if (schema->either[0] != NULL)
    add_either (builder, schema->either);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, "v");
  json_builder_add_string_value (builder, "t");
  if (schema->has_id)
    json_builder_add_string_value (builder, "id");
  if (schema->has_to)
    json_builder_add_string_value (builder, "to");
  if (needs_body)
    json_builder_add_string_value (builder, "body");
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static int
print_schema (const char *name)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  CpmMessageType type;

  if (!cpm_message_schema_find (name, &type))
    {
      fprintf (stderr, "print-protocol: there is no message %s\n", name);
      return 1;
    }

  add_message (builder, cpm_message_schema_get (type));
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  puts (text);
  return 0;
}

int
main (int    argc,
      char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "types"))
    {
      for (int type = 0; type < CPM_N_MESSAGE_TYPES; type++)
        puts (cpm_message_type_to_string ((CpmMessageType) type));
      return 0;
    }

  if (argc == 2 && g_str_equal (argv[1], "diagram"))
    {
      g_autofree char *diagram = cpm_session_table_to_diagram ();

      fputs (diagram, stdout);
      return 0;
    }

  if (argc == 3 && g_str_equal (argv[1], "schema"))
    return print_schema (argv[2]);

  fprintf (stderr, "usage: print-protocol types | schema TYPE | diagram\n");
  return 2;
}
