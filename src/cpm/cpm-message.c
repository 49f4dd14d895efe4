/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-message"

#include "config.h"

#include "cpm-message.h"

#include "cpm-address.h"
#include "cpm-clock.h"
#include "cpm-json.h"
#include "cpm-message-schema.h"

#include <string.h>

/* Some texts are written longer than they came (0.1 takes 19 bytes for three), but never
 * by more than this. */
#define MAX_GROWTH 7

#define MAX_ERROR_TEXT_CHARS 1000
#define MAX_SIGNATURE_CHARS 160

struct _CpmMessage
{
  GObject parent_instance;

  CpmMessageType type;
  char *id;
  char *to;
  char *from;
  int64_t ts_us;
  int64_t seq;
  int64_t n;
  gboolean is_old;
  char *signature;
  JsonObject *body;

  /* What travels: the body's part is shared by all copies, so that fan-out to many
   * writes a new envelope only. */
  GRefString *body_text;
  char *text;
};

G_DEFINE_FINAL_TYPE (CpmMessage, cpm_message, G_TYPE_OBJECT)

static const CpmSchema envelope[] = {
  { "v", CPM_SCHEMA_INTEGER, CPM_SCHEMA_REQUIRED, .min = G_MININT64, .max = G_MAXINT64 },
  { "t", CPM_SCHEMA_STRING, CPM_SCHEMA_REQUIRED, CPM_FORMAT_LINE, CPM_SCHEMA_CHARS, 1, 64 },
  { "id", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_ID },
  { "to", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_ADDRESS },
  { "from", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_ADDRESS },
  { "ts", CPM_SCHEMA_INTEGER, CPM_SCHEMA_OPTIONAL, .min = 0, .max = G_MAXINT64 },
  { "seq", CPM_SCHEMA_INTEGER, CPM_SCHEMA_OPTIONAL, .min = 1, .max = G_MAXINT64 },
  { "n", CPM_SCHEMA_INTEGER, CPM_SCHEMA_OPTIONAL, .min = 1, .max = G_MAXINT64 },
  { "old", CPM_SCHEMA_BOOLEAN, CPM_SCHEMA_OPTIONAL },
  { "sig", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_SIGNATURE, CPM_SCHEMA_CHARS, 1,
    MAX_SIGNATURE_CHARS },
  { "body", CPM_SCHEMA_OBJECT, CPM_SCHEMA_OPTIONAL, .members = (const CpmSchema[]){ { NULL } } },
  { NULL }
};

static const char *
get_body_text (CpmMessage *self)
{
  if (self->body_text == NULL)
    {
      g_autofree char *text = cpm_json_to_text (self->body);

      self->body_text = g_ref_string_new (text);
    }

  return self->body_text;
}

static gboolean
check_envelope (JsonObject      *object,
                CpmMessageType  *out_type,
                GError         **error)
{
  if (!cpm_schema_check (envelope, "message", object, error))
    return FALSE;

  if (json_object_get_int_member (object, "v") != CPM_PROTOCOL_VERSION)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_VERSION,
                   "The message is of a version of the protocol that is not spoken here; "
                   "version %d is.", CPM_PROTOCOL_VERSION);
      return FALSE;
    }

  if (!cpm_message_schema_find (json_object_get_string_member (object, "t"), out_type))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED,
                           "The message is of a type that is not known here.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_message (CpmMessage  *self,
               GError     **error)
{
  const CpmMessageSchema *schema = cpm_message_schema_get (self->type);

  if (schema->has_id && self->id == NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "%s needs an id.", schema->name);
      return FALSE;
    }

  if (schema->has_to && self->to == NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "%s must say to whom it goes.", schema->name);
      return FALSE;
    }

  if (!cpm_message_schema_check_body (self->type, self->body, error))
    {
      g_prefix_error (error, "%s: ", schema->name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_size (CpmMessage  *self,
            size_t       length,
            GError     **error)
{
  if (length * MAX_GROWTH <= CPM_MESSAGE_MAX_BODY_BYTES
      || strlen (get_body_text (self)) <= CPM_MESSAGE_MAX_BODY_BYTES)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG,
               "The body of the message is larger than %d bytes.", CPM_MESSAGE_MAX_BODY_BYTES);
  return FALSE;
}

static CpmMessage *
new_from_envelope (CpmMessageType  type,
                   JsonObject     *object)
{
  CpmMessage *self = g_object_new (CPM_TYPE_MESSAGE, NULL);
  JsonObject *body = cpm_json_get_object (object, "body");

  self->type = type;
  self->id = g_strdup (cpm_json_get_string (object, "id", NULL));
  self->to = g_strdup (cpm_json_get_string (object, "to", NULL));
  self->from = g_strdup (cpm_json_get_string (object, "from", NULL));
  self->ts_us = cpm_json_get_int (object, "ts", 0);
  self->seq = cpm_json_get_int (object, "seq", 0);
  self->n = cpm_json_get_int (object, "n", 0);
  self->is_old = cpm_json_get_boolean (object, "old", FALSE);
  self->signature = g_strdup (cpm_json_get_string (object, "sig", NULL));
  self->body = body != NULL ? json_object_ref (body) : json_object_new ();

  return self;
}

static void
cpm_message_finalize (GObject *object)
{
  CpmMessage *self = CPM_MESSAGE (object);

  g_free (self->id);
  g_free (self->to);
  g_free (self->from);
  g_free (self->signature);
  g_free (self->text);
  g_clear_pointer (&self->body, json_object_unref);
  g_clear_pointer (&self->body_text, g_ref_string_release);

  G_OBJECT_CLASS (cpm_message_parent_class)->finalize (object);
}

static void
cpm_message_class_init (CpmMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cpm_message_finalize;
}

static void
cpm_message_init (CpmMessage *self)
{
}

const char *
cpm_message_type_to_string (CpmMessageType type)
{
  g_return_val_if_fail (type < CPM_N_MESSAGE_TYPES, NULL);

  return cpm_message_schema_get (type)->name;
}

gboolean
cpm_message_type_is_durable (CpmMessageType type)
{
  g_return_val_if_fail (type < CPM_N_MESSAGE_TYPES, FALSE);

  return cpm_message_schema_get (type)->durable;
}

CpmMessage *
cpm_message_parse (const char  *text,
                   size_t       length,
                   char       **out_id,
                   GError     **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (CpmMessage) self = NULL;
  CpmMessageType type;
  const char *id;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (out_id != NULL)
    *out_id = NULL;

  object = cpm_json_parse (text, length, CPM_JSON_MAX_BYTES, error);
  if (object == NULL)
    return NULL;

  id = cpm_json_get_string (object, "id", NULL);
  if (out_id != NULL && cpm_id_is_valid (id))
    *out_id = g_strdup (id);

  if (!check_envelope (object, &type, error))
    return NULL;

  self = new_from_envelope (type, object);
  if (!check_message (self, error) || !check_size (self, length, error))
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
cpm_message_check_sender (CpmMessage        *self,
                          CpmMessageSender   sender,
                          GError           **error)
{
  const CpmMessageSchema *schema;

  g_return_val_if_fail (CPM_IS_MESSAGE (self), FALSE);

  schema = cpm_message_schema_get (self->type);
  if (!(schema->senders & sender))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED, "A %s does not send %s.",
                   sender == CPM_MESSAGE_SENDER_CLIENT ? "client"
                   : sender == CPM_MESSAGE_SENDER_HOME ? "home" : "relay", schema->name);
      return FALSE;
    }

  if (sender == CPM_MESSAGE_SENDER_CLIENT
      && (self->from != NULL || self->ts_us != 0 || self->seq != 0 || self->n != 0 || self->is_old
          || self->signature != NULL))
    {
      g_set_error_literal (
        error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
        "A client does not say from, ts, seq, n, old or sig: the relay knows them.");
      return FALSE;
    }

  return TRUE;
}

gboolean
cpm_message_check_home (CpmMessage  *self,
                        const char  *peer,
                        const char  *own,
                        const char **out_author,
                        GError     **error)
{
  const char *conversation;
  const char *author;

  g_return_val_if_fail (CPM_IS_MESSAGE (self), FALSE);

  *out_author = NULL;
  if (!cpm_message_check_sender (self, CPM_MESSAGE_SENDER_HOME, error))
    return FALSE;

  /* What the two homes say to each other about the link itself. */
  if (self->from == NULL && self->to == NULL)
    return TRUE;

  if (self->from == NULL || self->to == NULL ||
      !g_str_equal (cpm_address_get_domain (self->to), own))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "Only messages to people of %s are taken here.", own);
      return FALSE;
    }

  author = cpm_address_get_domain (self->from);
  if (g_str_equal (author, peer))
    return TRUE;

  conversation = cpm_json_get_string (self->body, "conversation", NULL);
  if (!cpm_address_is_group (conversation) ||
      !g_str_equal (cpm_address_get_domain (conversation), peer) || self->signature == NULL ||
      !cpm_message_type_is_durable (self->type))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "%s does not speak for %s.", peer,
                   author);
      return FALSE;
    }

  *out_author = author;
  return TRUE;
}

CpmMessage *
cpm_message_new (CpmMessageType  type,
                 const char     *id,
                 const char     *to,
                 JsonObject     *body)
{
  g_autoptr (CpmMessage) self = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (type < CPM_N_MESSAGE_TYPES, NULL);
  g_return_val_if_fail (id == NULL || cpm_id_is_valid (id), NULL);
  g_return_val_if_fail (to == NULL || cpm_address_is_normal (to), NULL);
  g_return_val_if_fail (body != NULL, NULL);

  self = g_object_new (CPM_TYPE_MESSAGE, NULL);
  self->type = type;
  self->id = g_strdup (id);
  self->to = g_strdup (to);
  self->body = body;

  if (!check_message (self, &error))
    g_error ("A message was built wrongly: %s", error->message);

  return g_steal_pointer (&self);
}

CpmMessage *
cpm_message_new_ack (const char *re,
                     int64_t     ts_us)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "re", re);
  json_object_set_int_member (body, "ts", ts_us);

  return cpm_message_new (CPM_MESSAGE_ACK, NULL, NULL, body);
}

/* Errors of other domains are our own affair: their text may name files of this host. */
static char *
dup_error_text (const GError *error)
{
  g_autofree char *clean = NULL;

  if (error->domain != CPM_ERROR)
    return g_strdup ("Something went wrong inside the relay.");

  clean = cpm_text_clean (error->message);

  return g_utf8_strlen (clean, -1) > MAX_ERROR_TEXT_CHARS
         ? g_utf8_substring (clean, 0, MAX_ERROR_TEXT_CHARS)
         : g_steal_pointer (&clean);
}

CpmMessage *
cpm_message_new_err (const char   *re,
                     const GError *error)
{
  g_autofree char *text = NULL;
  JsonObject *body;
  CpmError code;

  g_return_val_if_fail (error != NULL, NULL);

  text = dup_error_text (error);
  code = cpm_error_of (error);
  body = json_object_new ();
  if (re != NULL)
    json_object_set_string_member (body, "re", re);
  json_object_set_string_member (body, "code", cpm_error_to_code (code));
  json_object_set_int_member (body, "status", cpm_error_to_status (code));
  json_object_set_string_member (body, "text", text);

  return cpm_message_new (CPM_MESSAGE_ERR, NULL, NULL, body);
}

CpmMessage *
cpm_message_copy (CpmMessage *self)
{
  CpmMessage *copy;

  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  get_body_text (self);

  copy = g_object_new (CPM_TYPE_MESSAGE, NULL);
  copy->type = self->type;
  copy->id = g_strdup (self->id);
  copy->to = g_strdup (self->to);
  copy->from = g_strdup (self->from);
  copy->ts_us = self->ts_us;
  copy->seq = self->seq;
  copy->n = self->n;
  copy->is_old = self->is_old;
  copy->signature = g_strdup (self->signature);
  copy->body = json_object_ref (self->body);
  copy->body_text = g_ref_string_acquire (self->body_text);

  return copy;
}

static void
append_string (GString    *text,
               const char *member,
               const char *value)
{
  if (value != NULL)
    g_string_append_printf (text, ",\"%s\":\"%s\"", member, value);
}

static void
append_int (GString    *text,
            const char *member,
            int64_t     value)
{
  if (value != 0)
    g_string_append_printf (text, ",\"%s\":%" G_GINT64_FORMAT, member, value);
}

const char *
cpm_message_get_text (CpmMessage *self)
{
  const char *body_text;
  GString *text;

  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  if (self->text != NULL)
    return self->text;

  /* No member of the envelope can hold a character that JSON has to escape. */
  body_text = get_body_text (self);
  text = g_string_sized_new (strlen (body_text) + 256);
  g_string_append_printf (text, "{\"v\":%d", CPM_PROTOCOL_VERSION);
  append_string (text, "t", cpm_message_type_to_string (self->type));
  append_string (text, "id", self->id);
  append_string (text, "to", self->to);
  append_string (text, "from", self->from);
  append_int (text, "ts", self->ts_us);
  append_int (text, "seq", self->seq);
  append_int (text, "n", self->n);
  if (self->is_old)
    g_string_append (text, ",\"old\":true");
  append_string (text, "sig", self->signature);
  g_string_append (text, ",\"body\":");
  g_string_append (text, body_text);
  g_string_append_c (text, '}');
  self->text = g_string_free (text, FALSE);

  return self->text;
}

CpmMessageType
cpm_message_get_message_type (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), CPM_MESSAGE_ERR);

  return self->type;
}

const char *
cpm_message_get_id (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  return self->id;
}

const char *
cpm_message_get_to (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  return self->to;
}

const char *
cpm_message_get_from (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  return self->from;
}

int64_t
cpm_message_get_ts_us (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), 0);

  return self->ts_us;
}

int64_t
cpm_message_get_seq (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), 0);

  return self->seq;
}

int64_t
cpm_message_get_n (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), 0);

  return self->n;
}

gboolean
cpm_message_is_old (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), FALSE);

  return self->is_old;
}

const char *
cpm_message_get_signature (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  return self->signature;
}

JsonObject *
cpm_message_get_body (CpmMessage *self)
{
  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);

  return self->body;
}

void
cpm_message_prune (CpmMessage *self)
{
  const CpmMessageSchema *schema;

  g_return_if_fail (CPM_IS_MESSAGE (self));

  schema = cpm_message_schema_get (self->type);
  if (schema->durable)
    return;

  cpm_schema_prune (schema->body, self->body);
  g_clear_pointer (&self->text, g_free);
}

void
cpm_message_stamp (CpmMessage *self,
                   const char *from,
                   int64_t     ts_us)
{
  g_return_if_fail (CPM_IS_MESSAGE (self));
  g_return_if_fail (cpm_address_is_normal (from));
  g_return_if_fail (ts_us >= 0);

  if (g_strcmp0 (self->from, from) != 0)
    {
      g_free (self->from);
      self->from = g_strdup (from);
    }

  self->ts_us = ts_us;
  g_clear_pointer (&self->text, g_free);
}

void
cpm_message_set_seq (CpmMessage *self,
                     int64_t     seq)
{
  g_return_if_fail (CPM_IS_MESSAGE (self));
  g_return_if_fail (seq >= 0);

  self->seq = seq;
  g_clear_pointer (&self->text, g_free);
}

void
cpm_message_set_n (CpmMessage *self,
                   int64_t     n)
{
  g_return_if_fail (CPM_IS_MESSAGE (self));
  g_return_if_fail (n >= 0);

  self->n = n;
  g_clear_pointer (&self->text, g_free);
}

void
cpm_message_set_old (CpmMessage *self,
                     gboolean    is_old)
{
  g_return_if_fail (CPM_IS_MESSAGE (self));

  self->is_old = is_old;
  g_clear_pointer (&self->text, g_free);
}

void
cpm_message_set_signature (CpmMessage *self,
                           const char *signature)
{
  g_return_if_fail (CPM_IS_MESSAGE (self));

  g_free (self->signature);
  self->signature = g_strdup (signature);
  g_clear_pointer (&self->text, g_free);
}

void
cpm_message_set_to (CpmMessage *self,
                    const char *to)
{
  g_return_if_fail (CPM_IS_MESSAGE (self));
  g_return_if_fail (cpm_address_is_normal (to));

  g_free (self->to);
  self->to = g_strdup (to);
  g_clear_pointer (&self->text, g_free);
}

GError *
cpm_message_to_error (CpmMessage *self)
{
  g_autofree char *text = NULL;
  CpmError code;

  g_return_val_if_fail (CPM_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (self->type == CPM_MESSAGE_ERR, NULL);

  /* A code of a newer peer: its sentence still says what is wrong. */
  if (!cpm_error_from_code (cpm_json_get_string (self->body, "code", NULL), &code))
    code = CPM_ERROR_INTERNAL;

  text = cpm_text_clean (cpm_json_get_string (self->body, "text", ""));

  return g_error_new_literal (CPM_ERROR, code, text);
}
