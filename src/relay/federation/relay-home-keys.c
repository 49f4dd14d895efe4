/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-keys"

#include "config.h"

#include "relay-home-keys.h"

#include "cpm-json.h"

#include <sodium.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_NAME "home-keys.json"
#define MAX_FILE_BYTES (16 * 1024)
#define SIGNS_AFTER_US (15 * 60 * (int64_t) G_USEC_PER_SEC)
#define OLD_FOR_US (8 * 24 * 3600 * (int64_t) G_USEC_PER_SEC)

/* The most that are shown at a time; more changes than that in eight days push the oldest out. */
#define MAX_KEYS 4

typedef struct
{
  char *id;
  uint8_t seed[crypto_sign_SEEDBYTES];
  uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
  uint8_t secret[crypto_sign_SECRETKEYBYTES];
  int64_t made_us;
  int64_t until_us;
} Key;

struct _RelayHomeKeys
{
  GObject parent_instance;

  CpmClock *clock;
  char *path;      /* (nullable) */
  GPtrArray *keys; /* of Key, the oldest first */
  struct timespec changed; /* of the file that was read, */
  /* and which file it was: each change makes a new one, maybe within a tick of the file system's
   * clock */
  ino_t inode;
};

G_DEFINE_FINAL_TYPE (RelayHomeKeys, relay_home_keys, G_TYPE_OBJECT)

static void
key_free (Key *key)
{
  sodium_memzero (key->seed, sizeof key->seed);
  sodium_memzero (key->secret, sizeof key->secret);
  g_free (key->id);
  g_free (key);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, key_free)

static char *
encode (const uint8_t *bytes,
        size_t         length)
{
  size_t size = sodium_base64_encoded_len (length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = g_malloc (size);

  return sodium_bin2base64 (text, size, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static Key *
key_new (const char *id)
{
  Key *key = g_new0 (Key, 1);

  key->id = g_strdup (id);

  return key;
}

static void
key_derive (Key *key)
{
  crypto_sign_seed_keypair (key->public_key, key->secret, key->seed);
}

static Key *
key_from_json (JsonObject *object)
{
  const char *id = cpm_json_get_string (object, "id", "");
  const char *seed = cpm_json_get_string (object, "seed", "");
  g_autoptr (Key) key = key_new (id);
  size_t length = 0;

  if (*id == '\0' || strlen (id) > 64
      || sodium_base642bin (key->seed, sizeof key->seed, seed, strlen (seed), NULL, &length, NULL,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0
      || length != sizeof key->seed)
    return NULL;

  key->made_us = cpm_json_get_int (object, "made", 0);
  key->until_us = cpm_json_get_int (object, "until", 0);
  key_derive (key);
  return g_steal_pointer (&key);
}

static JsonObject *
key_to_json (Key *key)
{
  JsonObject *object = json_object_new ();
  g_autofree char *seed = encode (key->seed, sizeof key->seed);

  json_object_set_string_member (object, "id", key->id);
  json_object_set_string_member (object, "seed", seed);
  json_object_set_int_member (object, "made", key->made_us);
  if (key->until_us != 0)
    json_object_set_int_member (object, "until", key->until_us);

  return object;
}

static GPtrArray *
parse_keys (const char *text,
            size_t      length)
{
  g_autoptr (JsonObject) object = cpm_json_parse (text, length, MAX_FILE_BYTES, NULL);
  JsonArray *array = object != NULL ? cpm_json_get_array (object, "keys") : NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) key_free);

  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      Key *key = JSON_NODE_HOLDS_OBJECT (node) ? key_from_json (json_node_get_object (node)) : NULL;

      if (key == NULL)
        return NULL;
      g_ptr_array_add (keys, key);
    }

  return keys->len > 0 ? g_steal_pointer (&keys) : NULL;
}

static gboolean
load (RelayHomeKeys  *self,
      GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GPtrArray) keys = NULL;
  g_autofree char *text = NULL;
  size_t length;

  if (!g_file_get_contents (self->path, &text, &length, &local_error))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE,
                   "The keys of this home cannot be read: %s", local_error->message);
      return FALSE;
    }

  keys = parse_keys (text, length);
  sodium_memzero (text, length);
  if (keys == NULL)
    {
      g_set_error (
        error, RELAY_ERROR, RELAY_ERROR_STORE,
        "The file %s does not hold the keys of a home; put it back from a copy, or remove it to"
        " get new ones",
        self->path);
      return FALSE;
    }

  g_ptr_array_unref (self->keys);
  self->keys = g_steal_pointer (&keys);
  return TRUE;
}

static gboolean
save (RelayHomeKeys  *self,
      GError        **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  JsonArray *array;

  if (self->path == NULL)
    return TRUE;

  array = json_array_new ();
  for (unsigned i = 0; i < self->keys->len; i++)
    json_array_add_object_element (array, key_to_json (self->keys->pdata[i]));
  json_object_set_array_member (object, "keys", array);
  text = cpm_json_to_text (object);

  if (g_file_set_contents_full (self->path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &local_error))
    return TRUE;

  g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "The keys of this home cannot be written: %s",
               local_error->message);
  return FALSE;
}

/* The admin program may have changed the file. What cannot be read now leaves the keys as they
 * were. */
static void
refresh (RelayHomeKeys *self)
{
  g_autoptr (GError) error = NULL;
  struct stat info;

  if (self->path == NULL || stat (self->path, &info) != 0
      || (info.st_ino == self->inode && info.st_mtim.tv_sec == self->changed.tv_sec
          && info.st_mtim.tv_nsec == self->changed.tv_nsec))
    return;

  self->changed = info.st_mtim;
  self->inode = info.st_ino;
  if (!load (self, &error))
    g_message ("%s", error->message);
}

static gboolean
has_id (RelayHomeKeys *self,
        const char    *id)
{
  for (unsigned i = 0; i < self->keys->len; i++)
    {
      const Key *key = self->keys->pdata[i];

      if (g_str_equal (key->id, id))
        return TRUE;
    }

  return FALSE;
}

static void
add_key (RelayHomeKeys *self)
{
  uint8_t random[4];
  g_autofree char *id = NULL;
  Key *key;

  /* By chance: an id must not come back, since others keep what they know of it. */
  do
    {
      cpm_clock_fill_random (self->clock, random, sizeof random);
      g_free (id);
      id = g_strdup_printf ("k%02x%02x%02x%02x", random[0], random[1], random[2], random[3]);
    }
  while (has_id (self, id));

  key = key_new (id);
  cpm_clock_fill_random (self->clock, key->seed, sizeof key->seed);
  key->made_us = cpm_clock_get_real_us (self->clock);
  key_derive (key);
  g_ptr_array_add (self->keys, key);
}

static void
relay_home_keys_finalize (GObject *object)
{
  RelayHomeKeys *self = RELAY_HOME_KEYS (object);

  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_object (&self->clock);
  g_free (self->path);

  G_OBJECT_CLASS (relay_home_keys_parent_class)->finalize (object);
}

static void
relay_home_keys_class_init (RelayHomeKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_home_keys_finalize;
}

static void
relay_home_keys_init (RelayHomeKeys *self)
{
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) key_free);
}

RelayHomeKeys *
relay_home_keys_new (const char  *data_dir,
                     CpmClock    *clock,
                     GError     **error)
{
  g_autoptr (RelayHomeKeys) self = g_object_new (RELAY_TYPE_HOME_KEYS, NULL);

  if (sodium_init () < 0)
    {
      g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_STORE,
                           "libsodium finds no source of randomness");
      return NULL;
    }

  self->clock = g_object_ref (clock);
  self->path = data_dir != NULL ? g_build_filename (data_dir, FILE_NAME, NULL) : NULL;
  if (self->path != NULL && g_file_test (self->path, G_FILE_TEST_EXISTS))
    return load (self, error) ? g_steal_pointer (&self) : NULL;

  add_key (self);
  return save (self, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
relay_home_keys_rotate (RelayHomeKeys  *self,
                        GError        **error)
{
  int64_t now_us;

  g_return_val_if_fail (RELAY_IS_HOME_KEYS (self), FALSE);

  now_us = cpm_clock_get_real_us (self->clock);
  for (unsigned i = self->keys->len; i > 0; i--)
    {
      Key *key = self->keys->pdata[i - 1];

      if (key->until_us == 0)
        key->until_us = now_us + OLD_FOR_US;
      else if (key->until_us <= now_us)
        g_ptr_array_remove_index (self->keys, i - 1);
    }

  while (self->keys->len >= MAX_KEYS)
    g_ptr_array_remove_index (self->keys, 0);
  add_key (self);
  return save (self, error);
}

/* The newest that everybody can know of; else the oldest. */
static Key *
get_signing (RelayHomeKeys *self)
{
  int64_t now_us = cpm_clock_get_real_us (self->clock);

  for (unsigned i = self->keys->len; i > 1; i--)
    {
      Key *key = self->keys->pdata[i - 1];

      if (now_us - key->made_us >= SIGNS_AFTER_US)
        return key;
    }

  return self->keys->pdata[0];
}

char *
relay_home_keys_sign (RelayHomeKeys *self,
                      GBytes        *statement)
{
  uint8_t signature[crypto_sign_BYTES];
  g_autofree char *text = NULL;
  const uint8_t *bytes;
  size_t length;
  Key *key;

  g_return_val_if_fail (RELAY_IS_HOME_KEYS (self), NULL);

  refresh (self);
  key = get_signing (self);
  bytes = g_bytes_get_data (statement, &length);
  crypto_sign_detached (signature, NULL, bytes, length, key->secret);
  text = encode (signature, sizeof signature);

  return g_strconcat (key->id, ":", text, NULL);
}

void
relay_home_keys_show (RelayHomeKeys *self,
                      RelayHome     *home)
{
  int64_t now_us;

  g_return_if_fail (RELAY_IS_HOME_KEYS (self));

  refresh (self);
  now_us = cpm_clock_get_real_us (self->clock);
  for (unsigned i = 0; i < self->keys->len; i++)
    {
      const Key *key = self->keys->pdata[i];

      if (key->until_us == 0 || now_us < key->until_us)
        relay_home_add_key (home, key->id, key->public_key, key->until_us);
    }
}
