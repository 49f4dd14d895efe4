/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-clock"

#include "config.h"

#include "cpm-clock.h"

#include <string.h>

#define UUID_BYTES 16
#define UUID_CHARS 36
#define SECRET_BYTES 32

G_DEFINE_INTERFACE (CpmClock, cpm_clock, G_TYPE_OBJECT)

static void
cpm_clock_default_init (CpmClockInterface *iface)
{
}

int64_t
cpm_clock_get_real_us (CpmClock *self)
{
  g_return_val_if_fail (CPM_IS_CLOCK (self), 0);

  return CPM_CLOCK_GET_IFACE (self)->get_real_us (self);
}

int64_t
cpm_clock_get_monotonic_us (CpmClock *self)
{
  g_return_val_if_fail (CPM_IS_CLOCK (self), 0);

  return CPM_CLOCK_GET_IFACE (self)->get_monotonic_us (self);
}

unsigned
cpm_clock_add_timeout (CpmClock       *self,
                       int64_t         delay_us,
                       GSourceFunc     callback,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  g_return_val_if_fail (CPM_IS_CLOCK (self), 0);
  g_return_val_if_fail (callback != NULL, 0);

  return CPM_CLOCK_GET_IFACE (self)->add_timeout (self, MAX (delay_us, 0),
                                                  callback, user_data, destroy);
}

void
cpm_clock_clear_timeout (CpmClock *self,
                         unsigned *timeout_id)
{
  unsigned id;

  g_return_if_fail (CPM_IS_CLOCK (self));
  g_return_if_fail (timeout_id != NULL);

  if (*timeout_id == 0)
    return;

  id = *timeout_id;
  *timeout_id = 0;
  CPM_CLOCK_GET_IFACE (self)->remove_timeout (self, id);
}

void
cpm_clock_fill_random (CpmClock *self,
                       uint8_t  *buffer,
                       size_t    length)
{
  g_return_if_fail (CPM_IS_CLOCK (self));
  g_return_if_fail (buffer != NULL || length == 0);

  CPM_CLOCK_GET_IFACE (self)->fill_random (self, buffer, length);
}

char *
cpm_clock_new_id (CpmClock *self)
{
  uint8_t bytes[UUID_BYTES];
  uint64_t now_ms;
  GString *id;

  g_return_val_if_fail (CPM_IS_CLOCK (self), NULL);

  cpm_clock_fill_random (self, bytes, sizeof bytes);

  /* RFC 9562, 5.7: 48 bits of milliseconds, big endian, then chance. */
  now_ms = (uint64_t) MAX (cpm_clock_get_real_us (self), 0) / 1000;
  for (int i = 0; i < 6; i++)
    bytes[i] = (uint8_t) (now_ms >> (40 - 8 * i));

  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;

  id = g_string_sized_new (UUID_CHARS);
  for (int i = 0; i < UUID_BYTES; i++)
    g_string_append_printf (id, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);

  return g_string_free (id, FALSE);
}

char *
cpm_clock_new_secret (CpmClock *self)
{
  uint8_t bytes[SECRET_BYTES];
  char *secret;

  g_return_val_if_fail (CPM_IS_CLOCK (self), NULL);

  cpm_clock_fill_random (self, bytes, sizeof bytes);
  secret = g_base64_encode (bytes, sizeof bytes);
  explicit_bzero (bytes, sizeof bytes);

  /* base64url (RFC 4648, 5), without the padding that 32 bytes always need. */
  g_strdelimit (secret, "+", '-');
  g_strdelimit (secret, "/", '_');
  secret[strcspn (secret, "=")] = '\0';

  return secret;
}

gboolean
cpm_id_is_valid (const char *id)
{
  static const char form[] = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx";

  if (id == NULL || strnlen (id, UUID_CHARS + 1) != UUID_CHARS)
    return FALSE;

  for (int i = 0; i < UUID_CHARS; i++)
    {
      const char *allowed = form[i] == 'x' ? "0123456789abcdef"
                          : form[i] == 'v' ? "89ab"
                          : form[i] == '7' ? "7" : "-";

      if (strchr (allowed, id[i]) == NULL)
        return FALSE;
    }

  return TRUE;
}
