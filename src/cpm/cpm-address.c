/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-address"

#include "config.h"

#include "cpm-address.h"

#include "cpm-clock.h"
#include "cpm-error.h"

#include <string.h>

#define MAX_USER_CHARS 64
#define MAX_DOMAIN_CHARS 253
#define MAX_LABEL_CHARS 63
#define CONVERSATION_HEX_DIGITS 32

static gboolean
is_letter_or_digit (char c)
{
  return g_ascii_islower (c) || g_ascii_isdigit (c);
}

/* Whether the @length characters at @text begin and end with a letter or digit,
 * and have only those and @inside between. */
static gboolean
is_word (const char *text,
         size_t      length,
         const char *inside)
{
  if (length == 0 || !is_letter_or_digit (text[0]) || !is_letter_or_digit (text[length - 1]))
    return FALSE;

  for (size_t i = 0; i < length; i++)
    {
      if (!is_letter_or_digit (text[i]) && (text[i] == '\0' || strchr (inside, text[i]) == NULL))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_domain (const char *text)
{
  size_t length = strlen (text);

  if (length == 0 || length > MAX_DOMAIN_CHARS)
    return FALSE;

  for (const char *label = text;; )
    {
      size_t label_length = strcspn (label, ".");

      if (label_length > MAX_LABEL_CHARS || !is_word (label, label_length, "-"))
        return FALSE;

      if (label[label_length] == '\0')
        return TRUE;

      label += label_length + 1;
    }
}

/* What is wrong with @address, as the end of a sentence, or %NULL. */
static const char *
find_fault (const char *address)
{
  const char *at = strchr (address, '@');
  size_t user_length;

  if (at == NULL)
    return "it has no @; it should look like emily@example.org";

  user_length = (size_t) (at - address);
  if (user_length == 0)
    return "the name before the @ is missing";

  if (user_length > MAX_USER_CHARS)
    return "the name before the @ is longer than 64 characters";

  if (!is_word (address, user_length, "._-"))
    return "the name before the @ may have only letters a-z, digits, and . _ - inside";

  if (at[1] == '\0')
    return "the domain after the @ is missing";

  if (!is_domain (at + 1))
    return "what stands after the @ is not the name of a domain";

  return NULL;
}

char *
cpm_address_normalize (const char  *text,
                       GError     **error)
{
  g_autofree char *address = NULL;
  const char *fault;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  address = g_ascii_strdown (text != NULL ? text : "", -1);
  g_strstrip (address);
  fault = find_fault (address);
  if (fault != NULL)
    {
      /* The text itself is not repeated: it may be huge, or no text at all. */
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "This is not an address: %s.", fault);
      return NULL;
    }

  return g_steal_pointer (&address);
}

gboolean
cpm_address_is_normal (const char *text)
{
  return text != NULL && find_fault (text) == NULL;
}

const char *
cpm_address_get_domain (const char *address)
{
  g_return_val_if_fail (cpm_address_is_normal (address), NULL);

  return strchr (address, '@') + 1;
}

char *
cpm_address_dup_user (const char *address)
{
  g_return_val_if_fail (cpm_address_is_normal (address), NULL);

  return g_strndup (address, strcspn (address, "@"));
}

gboolean
cpm_address_is_domain (const char *text)
{
  return text != NULL && is_domain (text);
}

gboolean
cpm_address_is_group (const char *text)
{
  g_autofree char *user = NULL;

  if (!cpm_address_is_normal (text))
    return FALSE;

  user = cpm_address_dup_user (text);
  return cpm_id_is_valid (user);
}

char *
cpm_address_conversation_id (const char *address,
                             const char *other)
{
  g_autofree char *both = NULL;
  g_autofree char *hash = NULL;
  gboolean in_order;

  g_return_val_if_fail (cpm_address_is_normal (address), NULL);
  g_return_val_if_fail (cpm_address_is_normal (other), NULL);

  in_order = strcmp (address, other) <= 0;
  both = g_strconcat (in_order ? address : other, "\n", in_order ? other : address, NULL);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);

  return g_strdup_printf ("c-%.*s", CONVERSATION_HEX_DIGITS, hash);
}
