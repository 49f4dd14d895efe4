/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-accounts"

#include "config.h"

#include "relay-accounts.h"

#include "relay-throttle.h"

#include "cpm-address.h"
#include "cpm-capabilities.h"
#include "cpm-error.h"
#include "cpm-json.h"

#include <sodium.h>

#include <string.h>

/* argon2id: 23 ms of one core, 19 MiB (OWASP's second choice of 2023). */
#define HASH_PASSES 2
#define HASH_BYTES (19 * 1024 * 1024)
#define HASH_THREADS 2
#define MAX_WAITING 64
#define TOKEN_HASH_BYTES 32
/* Wrong passwords of one address. */
#define FAILURE_BURST 10
#define FAILURE_PERIOD_US (6 * G_USEC_PER_SEC)
/* New accounts of one address: a whole class may register at once. */
#define CREATE_BURST 100
#define CREATE_PERIOD_US (10 * G_USEC_PER_SEC)

struct _RelayAccounts
{
  GObject parent_instance;

  const RelayConfig *config;
  RelayStore *store;
  CpmClock *clock;
  GThreadPool *pool;  /* of GTask */
  unsigned n_waiting;
  char *dummy_hash;   /* of no password: what an unknown user is compared with */
  RelayThrottle *failures;
  RelayThrottle *creations;
};

G_DEFINE_FINAL_TYPE (RelayAccounts, relay_accounts, G_TYPE_OBJECT)

/* One sign-in on its way: first the hash in a thread, then the writes. */
typedef struct
{
  CpmMessage *hello;
  char *address;
  char *user;
  char *token;     /* (nullable): new */
  gboolean create;
  gboolean is_known;

  /* what the thread needs and finds; nobody else touches it meanwhile */
  char *password;
  char hash[crypto_pwhash_STRBYTES];
  gboolean is_right;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  g_clear_object (&sign_in->hello);
  g_free (sign_in->address);
  g_free (sign_in->user);
  if (sign_in->token != NULL)
    sodium_memzero (sign_in->token, strlen (sign_in->token));
  g_free (sign_in->token);
  if (sign_in->password != NULL)
    sodium_memzero (sign_in->password, strlen (sign_in->password));
  g_free (sign_in->password);
  g_free (sign_in);
}

static char *
hash_token (const char *token)
{
  uint8_t hash[TOKEN_HASH_BYTES];
  char hex[TOKEN_HASH_BYTES * 2 + 1];

  crypto_generichash (hash, sizeof hash, (const uint8_t *) token, strlen (token), NULL, 0);
  return g_strdup (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash));
}

static gboolean
is_token_of (const RelayDevice *device,
             const char        *token)
{
  g_autofree char *hash = hash_token (token);

  return strlen (device->token_hash) == strlen (hash) &&
         sodium_memcmp (device->token_hash, hash, strlen (hash)) == 0;
}

static void
hash_in_thread (gpointer data,
                gpointer user_data)
{
  g_autoptr (GTask) task = data;
  SignIn *sign_in = g_task_get_task_data (task);
  size_t length = strlen (sign_in->password);

  if (sign_in->create)
    sign_in->is_right = crypto_pwhash_str (sign_in->hash, sign_in->password, length, HASH_PASSES,
                                           HASH_BYTES) == 0;
  else
    sign_in->is_right = crypto_pwhash_str_verify (sign_in->hash, sign_in->password, length) == 0;

  g_task_return_boolean (task, TRUE);
}

static void
on_device_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayAccounts *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (relay_store_write_finish (self->store, result, &error) == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* The last step: the device is known from now on. */
static void
write_device (RelayAccounts *self,
              GTask         *task)
{
  SignIn *sign_in = g_task_get_task_data (task);
  JsonObject *body = cpm_message_get_body (sign_in->hello);
  JsonArray *capabilities = cpm_json_get_array (body, "capabilities");
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_DEVICE, sign_in->user,
                                       cpm_clock_get_real_us (self->clock));

  write->device = g_strdup (cpm_json_get_string (body, "device", NULL));
  write->text = g_strdup (cpm_json_get_string (body, "device_name", NULL));
  write->number = capabilities != NULL ? cpm_capabilities_from_json (capabilities) : 0;
  write->other = sign_in->token != NULL ? hash_token (sign_in->token) : NULL;
  relay_store_write_async (self->store, write, on_device_written, g_object_ref (task));
}

static void
on_account_written (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayAccounts *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (relay_store_write_finish (self->store, result, &error) == NULL)
    g_task_return_error (task, error);
  else
    write_device (self, task);
}

static void
write_account (RelayAccounts *self,
               GTask         *task)
{
  SignIn *sign_in = g_task_get_task_data (task);
  RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_ACCOUNT, sign_in->user,
                                       cpm_clock_get_real_us (self->clock));

  write->text = g_strdup (sign_in->hash);
  relay_throttle_spend (self->creations, sign_in->address);
  relay_store_write_async (self->store, write, on_account_written, g_object_ref (task));
}

static gboolean
check_enabled (RelayAccounts  *self,
               const char     *user,
               GError        **error)
{
  g_autoptr (RelayAccount) account = relay_store_find_account (self->store, user);

  if (account != NULL && !account->disabled)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
               "The account %s is disabled; ask the operator of the relay", user);
  return FALSE;
}

static void
on_hashed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayAccounts *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  self->n_waiting--;

  if (sign_in->create && sign_in->is_right)
    {
      sign_in->token = cpm_clock_new_secret (self->clock);
      write_account (self, task);
    }
  else if (sign_in->create)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_INTERNAL,
                               "The relay has no memory for this now; try again");
    }
  else if (!sign_in->is_right || !sign_in->is_known)
    {
      relay_throttle_spend (self->failures, sign_in->address);
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_AUTH,
                               "The name or the password is wrong");
    }
  else if (!check_enabled (self, sign_in->user, &error))
    {
      g_task_return_error (task, error);
    }
  else
    {
      sign_in->token = cpm_clock_new_secret (self->clock);
      write_device (self, task);
    }
}

static gboolean
check_may_hash (RelayAccounts  *self,
                const SignIn   *sign_in,
                GError        **error)
{
  if (sign_in->create && !self->config->open_registration)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                         "This relay does not let people make accounts; ask its operator for one");
  else if (sign_in->create && sign_in->is_known)
    g_set_error (error, CPM_ERROR, CPM_ERROR_CONFLICT, "The name %s is taken already",
                 sign_in->user);
  else if (!relay_throttle_check (sign_in->create ? self->creations : self->failures,
                                  sign_in->address))
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                         "Too many attempts; wait a minute and try again");
  else if (self->n_waiting >= MAX_WAITING)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                         "Too many people sign in just now; try again in a moment");
  else
    return TRUE;

  return FALSE;
}

/* The hash runs as a task of its own, whose end the main thread sees in on_hashed(). It holds no
 * reference to @self, lest the thread drops the last one. */
static void
sign_in_by_password (RelayAccounts *self,
                     GTask         *task,
                     const char    *password)
{
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr (RelayAccount) account = relay_store_find_account (self->store, sign_in->user);
  GError *error = NULL;
  GTask *hashing;

  sign_in->is_known = account != NULL;
  if (!check_may_hash (self, sign_in, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  sign_in->password = g_strdup (password);
  g_strlcpy (sign_in->hash, account != NULL ? account->password_hash : self->dummy_hash,
             sizeof sign_in->hash);

  hashing = g_task_new (NULL, NULL, on_hashed, g_object_ref (task));
  g_task_set_task_data (hashing, sign_in, NULL);
  self->n_waiting++;
  g_thread_pool_push (self->pool, hashing, NULL);
}

static void
sign_in_by_token (RelayAccounts *self,
                  GTask         *task,
                  const char    *token)
{
  SignIn *sign_in = g_task_get_task_data (task);
  const char *id = cpm_json_get_string (cpm_message_get_body (sign_in->hello), "device", "");
  g_autoptr (GPtrArray) devices = relay_store_find_devices (self->store, id);
  gboolean is_right = FALSE;
  GError *error = NULL;

  for (unsigned i = 0; i < devices->len; i++)
    {
      const RelayDevice *device = devices->pdata[i];

      is_right |= g_str_equal (device->user, sign_in->user) && is_token_of (device, token);
    }

  if (!is_right)
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_TOKEN_EXPIRED,
                             "This device has to sign in again");
  else if (!check_enabled (self, sign_in->user, &error))
    g_task_return_error (task, error);
  else
    write_device (self, task);
}

/* A hash (43 characters) with its salt (22) that no password has: to find that out costs as much as
 * with a true one, but to make it costs nothing. */
static char *
make_dummy_hash (CpmClock *clock)
{
  g_autofree char *salt = cpm_clock_new_secret (clock);
  g_autofree char *hash = cpm_clock_new_secret (clock);

  /* In the alphabet of the hash's own text; the last character of each holds fewer than six
   * bits. */
  g_strdelimit (salt, "-_", '+');
  g_strdelimit (hash, "-_", '+');
  salt[21] = 'A';
  salt[22] = '\0';

  return g_strdup_printf ("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", HASH_BYTES / 1024, HASH_PASSES,
                          salt, hash);
}

static void
relay_accounts_finalize (GObject *object)
{
  RelayAccounts *self = RELAY_ACCOUNTS (object);

  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_clear_pointer (&self->dummy_hash, g_free);
  g_clear_pointer (&self->failures, relay_throttle_free);
  g_clear_pointer (&self->creations, relay_throttle_free);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (relay_accounts_parent_class)->finalize (object);
}

static void
relay_accounts_class_init (RelayAccountsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_accounts_finalize;
}

static void
relay_accounts_init (RelayAccounts *self)
{
  self->pool = g_thread_pool_new (hash_in_thread, NULL, HASH_THREADS, FALSE, NULL);
}

RelayAccounts *
relay_accounts_new (const RelayConfig *config,
                    RelayStore        *store,
                    CpmClock          *clock)
{
  RelayAccounts *self = g_object_new (RELAY_TYPE_ACCOUNTS, NULL);

  self->config = config;
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->failures = relay_throttle_new (clock, FAILURE_BURST, FAILURE_PERIOD_US);
  self->creations = relay_throttle_new (clock, CREATE_BURST, CREATE_PERIOD_US);
  self->dummy_hash = make_dummy_hash (clock);

  return self;
}

void
relay_accounts_sign_in_async (RelayAccounts       *self,
                              CpmMessage          *hello,
                              const char          *address,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  JsonObject *body = cpm_message_get_body (hello);
  const char *password = cpm_json_get_string (body, "password", NULL);
  SignIn *sign_in = g_new0 (SignIn, 1);

  g_return_if_fail (RELAY_IS_ACCOUNTS (self));

  sign_in->hello = g_object_ref (hello);
  sign_in->address = g_strdup (address);
  sign_in->user = g_strdup (cpm_json_get_string (body, "account", ""));
  sign_in->create = cpm_json_get_boolean (body, "create", FALSE);
  g_task_set_source_tag (task, relay_accounts_sign_in_async);
  g_task_set_task_data (task, sign_in, (GDestroyNotify) sign_in_free);

  if (g_strcmp0 (cpm_address_get_domain (sign_in->user), self->config->domain) != 0)
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                             "This relay is the home of %s, not of %s", self->config->domain,
                             cpm_address_get_domain (sign_in->user));
  else if (password != NULL)
    sign_in_by_password (self, task, password);
  else
    sign_in_by_token (self, task, cpm_json_get_string (body, "token", ""));
}

gboolean
relay_accounts_sign_in_finish (RelayAccounts  *self,
                               GAsyncResult   *result,
                               char          **out_token,
                               GError        **error)
{
  SignIn *sign_in = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *out_token = g_strdup (sign_in->token);
  return TRUE;
}

char *
relay_accounts_check_bearer (RelayAccounts *self,
                             const char    *bearer)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) devices = NULL;

  g_return_val_if_fail (RELAY_IS_ACCOUNTS (self), NULL);

  parts = g_strsplit (bearer, ".", 2);
  if (g_strv_length (parts) != 2 || !cpm_id_is_valid (parts[0]))
    return NULL;

  devices = relay_store_find_devices (self->store, parts[0]);
  for (unsigned i = 0; i < devices->len; i++)
    {
      const RelayDevice *device = devices->pdata[i];

      if (is_token_of (device, parts[1]) && check_enabled (self, device->user, NULL))
        return g_strdup (device->user);
    }

  return NULL;
}

char *
relay_accounts_hash_password (const char  *password,
                              GError     **error)
{
  char hash[crypto_pwhash_STRBYTES];

  if (sodium_init () >= 0 &&
      crypto_pwhash_str (hash, password, strlen (password), HASH_PASSES, HASH_BYTES) == 0)
    return g_strdup (hash);

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_STORE,
                       "There is not enough memory to hash a password");
  return NULL;
}
