/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-address"

#include "config.h"

#include "relay-home-address.h"

#include <stdint.h>
#include <string.h>

typedef struct
{
  uint8_t bytes[16];
  unsigned n_bits;
} Range;

/* IANA's registry of special-purpose addresses, as far as it is not global. */
static const Range ipv4_ranges[] = {
  { { 0 }, 8 },
  { { 10 }, 8 },
  { { 100, 64 }, 10 },
  { { 127 }, 8 },
  { { 169, 254 }, 16 },
  { { 172, 16 }, 12 },
  { { 192, 0, 0 }, 24 },
  { { 192, 0, 2 }, 24 },
  { { 192, 88, 99 }, 24 },
  { { 192, 168 }, 16 },
  { { 198, 18 }, 15 },
  { { 198, 51, 100 }, 24 },
  { { 203, 0, 113 }, 24 },
  { { 224 }, 3 }, /* multicast, reserved, broadcast */
};

/* Of what is inside 2000::/3; all outside is not public anyway. Teredo and 6to4 lead to IPv4
 * addresses of anybody's choice. */
static const Range ipv6_ranges[] = {
  { { 0x20, 0x01, 0x00 }, 23 }, /* with Teredo, benchmarking, ORCHID */
  { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
  { { 0x20, 0x02 }, 16 },
  { { 0x3f, 0xff }, 20 },
};

static const Range ipv6_global = { { 0x20 }, 3 };
static const Range ipv6_nat64 = { { 0x00, 0x64, 0xff, 0x9b }, 96 };

static gboolean
is_in (const uint8_t *bytes,
       const Range   *range)
{
  unsigned n_whole = range->n_bits / 8;
  unsigned n_rest = range->n_bits % 8;
  uint8_t mask = (uint8_t) (0xff << (8 - n_rest));

  return memcmp (bytes, range->bytes, n_whole) == 0
         && (n_rest == 0 || (bytes[n_whole] & mask) == (range->bytes[n_whole] & mask));
}

static gboolean
is_in_any (const uint8_t *bytes,
           const Range   *ranges,
           size_t         n_ranges)
{
  for (size_t i = 0; i < n_ranges; i++)
    {
      if (is_in (bytes, &ranges[i]))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_public_ipv4 (const uint8_t *bytes)
{
  return !is_in_any (bytes, ipv4_ranges, G_N_ELEMENTS (ipv4_ranges));
}

gboolean
relay_home_address_is_public (GInetAddress *address)
{
  const uint8_t *bytes;

  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  bytes = g_inet_address_to_bytes (address);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return is_public_ipv4 (bytes);

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return FALSE;

  /* A network without IPv4 reaches the rest of the world by such addresses. */
  if (is_in (bytes, &ipv6_nat64))
    return is_public_ipv4 (bytes + 12);

  return is_in (bytes, &ipv6_global) && !is_in_any (bytes, ipv6_ranges, G_N_ELEMENTS (ipv6_ranges));
}
