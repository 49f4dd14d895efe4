/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-config"

#include "config.h"

#include "relay-config.h"

#include "cpm-address.h"

#include <gio/gio.h>

#include <string.h>

typedef enum
{
  SETTING_TEXT,
  SETTING_DOMAIN,
  SETTING_NUMBER,
  SETTING_SWITCH,
  SETTING_HOME,    /* said once for each */
  SETTING_MODE,
  SETTING_ALLOWED, /* domains */
  SETTING_BLOCKED,
  SETTING_PRIVATE
} SettingType;

typedef struct
{
  const char *name;
  const char *placeholder; /* of its value in the help; NULL for a switch */
  SettingType type;
  size_t offset;
  unsigned min;
  unsigned max;
} Setting;

#define FIELD(member) G_STRUCT_OFFSET (RelayConfig, member)

static const Setting settings[] = {
  { "domain", "NAME", SETTING_DOMAIN, FIELD (domain), 0, 0 },
  { "data", "FOLDER", SETTING_TEXT, FIELD (data), 0, 0 },
  { "listen", "ADDRESS", SETTING_TEXT, FIELD (listen), 0, 0 },
  { "public-host", "HOST", SETTING_TEXT, FIELD (public_host), 0, 0 },
  { "port", "PORT", SETTING_NUMBER, FIELD (port), 0, 65535 },
  { "rtsp-port", "PORT", SETTING_NUMBER, FIELD (rtsp_port), 0, 65535 },
  { "clock-port", "PORT", SETTING_NUMBER, FIELD (clock_port), 0, 65535 },
  { "cert", "FILE", SETTING_TEXT, FIELD (certificate), 0, 0 },
  { "key", "FILE", SETTING_TEXT, FIELD (key), 0, 0 },
  { "open-registration", NULL, SETTING_SWITCH, FIELD (open_registration), 0, 0 },
  { "max-connections", "N", SETTING_NUMBER, FIELD (max_connections), 1, 100000 },
  { "max-connections-per-address", "N", SETTING_NUMBER, FIELD (max_connections_per_address), 1,
    100000 },
  { "login-seconds", "N", SETTING_NUMBER, FIELD (login_seconds), 1, 120 },
  { "quota-mib", "N", SETTING_NUMBER, FIELD (quota_mib), 1, 1024 * 1024 },
  { "home-quota-mib", "N", SETTING_NUMBER, FIELD (home_quota_mib), 1, 1024 * 1024 },
  { "history-days", "N", SETTING_NUMBER, FIELD (history_days), 7, 3650 },
  { "federation", "off|allow|open", SETTING_MODE, 0, 0, 0 },
  { "federate-with", "DOMAIN=wss://HOST:PORT#PIN", SETTING_HOME, 0, 0, 0 },
  { "federation-allow", "DOMAIN …", SETTING_ALLOWED, 0, 0, 0 },
  { "federation-block", "DOMAIN …", SETTING_BLOCKED, 0, 0, 0 },
  { "federation-ca", "FILE", SETTING_TEXT, FIELD (homes_ca), 0, 0 },
  { "federation-private-addresses", NULL, SETTING_PRIVATE, 0, 0, 0 },
  { "home-endpoint", "wss://HOST:PORT/home", SETTING_TEXT, FIELD (endpoint), 0, 0 },
};

RelayConfig *
relay_config_new (void)
{
  RelayConfig *self = g_new0 (RelayConfig, 1);

  self->port = 7443;
  self->rtsp_port = 7322;
  self->max_connections = 4096;
  self->max_connections_per_address = 256;
  self->login_seconds = 10;
  self->quota_mib = 2048;
  self->home_quota_mib = 4096;
  self->history_days = 30;
  self->homes = relay_home_policy_new ();

  return self;
}

void
relay_config_free (RelayConfig *self)
{
  g_free (self->domain);
  g_free (self->data);
  g_free (self->listen);
  g_free (self->public_host);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->homes_ca);
  g_free (self->endpoint);
  relay_home_policy_free (self->homes);
  g_free (self);
}

static const char * const modes[] = { "off", "allow", "open" };

static const Setting *
find_setting (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      if (g_str_equal (settings[i].name, name))
        return &settings[i];
    }

  return NULL;
}

static gboolean
set_text (const Setting  *setting,
          char          **field,
          const char     *value,
          GError        **error)
{
  if (*value == '\0' || !g_utf8_validate (value, -1, NULL))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG, "“%s” needs a value", setting->name);
      return FALSE;
    }

  g_free (*field);
  *field = g_strdup (value);
  return TRUE;
}

static gboolean
set_domain (const Setting  *setting,
            char          **field,
            const char     *value,
            GError        **error)
{
  g_autofree char *address = g_strconcat ("a@", value, NULL);
  g_autofree char *normal = cpm_address_normalize (address, NULL);

  if (normal == NULL)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG,
                   "“%s” is not a domain name, such as example.org", value);
      return FALSE;
    }

  g_free (*field);
  *field = g_strdup (cpm_address_get_domain (normal));
  return TRUE;
}

static gboolean
set_number (const Setting  *setting,
            unsigned       *field,
            const char     *value,
            GError        **error)
{
  uint64_t number;

  if (!g_ascii_string_to_unsigned (value, 10, setting->min, setting->max, &number, NULL))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG,
                   "“%s” must be a number from %u to %u, not “%s”", setting->name, setting->min,
                   setting->max, value);
      return FALSE;
    }

  *field = (unsigned) number;
  return TRUE;
}

static gboolean
set_switch (const Setting  *setting,
            gboolean       *field,
            const char     *value,
            GError        **error)
{
  if (!g_str_equal (value, "true") && !g_str_equal (value, "false"))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG, "“%s” must be true or false, not “%s”",
                   setting->name, value);
      return FALSE;
    }

  *field = g_str_equal (value, "true");
  return TRUE;
}

static gboolean
set_home (RelayConfig  *self,
          const char   *value,
          GError      **error)
{
  g_autoptr (GError) local_error = NULL;

  if (relay_home_policy_configure (self->homes, value, &local_error))
    return TRUE;

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_CONFIG, local_error->message);
  return FALSE;
}

static gboolean
set_mode (RelayConfig  *self,
          const char   *value,
          GError      **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      if (g_str_equal (value, modes[i]))
        {
          self->homes->mode = (RelayHomePolicyMode) i;
          return TRUE;
        }
    }

  g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG,
               "“federation” must be off, allow or open, not “%s”", value);
  return FALSE;
}

static gboolean
add_domains (GHashTable  *domains,
             const char  *value,
             GError     **error)
{
  g_auto (GStrv) words = g_strsplit_set (value, " \t,", -1);

  for (unsigned i = 0; words[i] != NULL; i++)
    {
      g_autofree char *domain = g_ascii_strdown (words[i], -1);

      if (*domain == '\0')
        continue;

      if (!cpm_address_is_domain (domain))
        {
          g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG,
                       "“%s” is not a domain name, such as example.org", words[i]);
          return FALSE;
        }

      g_hash_table_add (domains, g_steal_pointer (&domain));
    }

  return TRUE;
}

gboolean
relay_config_set (RelayConfig  *self,
                  const char   *name,
                  const char   *value,
                  GError      **error)
{
  const Setting *setting = find_setting (name);

  if (setting == NULL)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG, "There is no setting “%s”", name);
      return FALSE;
    }

  switch (setting->type)
    {
    case SETTING_TEXT:
      return set_text (setting, &G_STRUCT_MEMBER (char *, self, setting->offset), value, error);
    case SETTING_DOMAIN:
      return set_domain (setting, &G_STRUCT_MEMBER (char *, self, setting->offset), value, error);
    case SETTING_NUMBER:
      return set_number (setting, &G_STRUCT_MEMBER (unsigned, self, setting->offset), value, error);
    case SETTING_HOME:
      return set_home (self, value, error);
    case SETTING_MODE:
      return set_mode (self, value, error);
    case SETTING_ALLOWED:
      return add_domains (self->homes->allowed, value, error);
    case SETTING_BLOCKED:
      return add_domains (self->homes->blocked, value, error);
    case SETTING_PRIVATE:
      return set_switch (setting, &self->homes->allows_private, value, error);
    case SETTING_SWITCH:
    default:
      return set_switch (setting, &G_STRUCT_MEMBER (gboolean, self, setting->offset), value, error);
    }
}

static gboolean
load_line (RelayConfig  *self,
           char         *line,
           GHashTable   *but,
           GError      **error)
{
  char *value;

  g_strstrip (line);
  if (*line == '\0' || *line == '#')
    return TRUE;

  value = strchr (line, '=');
  if (value == NULL)
    {
      g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_CONFIG,
                           "It is not of the form “name = value”");
      return FALSE;
    }

  *value++ = '\0';
  g_strchomp (line);
  g_strchug (value);

  if (but != NULL && g_hash_table_contains (but, line) && find_setting (line) != NULL)
    return TRUE;

  return relay_config_set (self, line, value, error);
}

gboolean
relay_config_load (RelayConfig  *self,
                   const char   *path,
                   GHashTable   *but,
                   GError      **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &local_error))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG, "The configuration cannot be read: %s",
                   local_error->message);
      return FALSE;
    }

  lines = g_strsplit (text, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      if (!load_line (self, lines[i], but, &local_error))
        {
          g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG, "%s, line %u: %s",
                       path, i + 1, local_error->message);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
is_endpoint (const char *text)
{
  g_autoptr (RelayHome) home = relay_home_new ("a.test", text, NULL, NULL);

  return home != NULL;
}

gboolean
relay_config_check (RelayConfig  *self,
                    GError      **error)
{
  const char *wrong = NULL;

  if (self->domain == NULL)
    wrong =
      "The domain is missing: say --domain example.org, or domain = example.org in the"
      " configuration";
  else if (self->data == NULL)
    wrong = "The data folder is missing: say --data FOLDER, or data = FOLDER in the configuration";
  else if ((self->certificate == NULL) != (self->key == NULL))
    wrong = "A certificate needs its key, and a key its certificate: set both, or neither";
  else if (self->port != 0 && self->port == self->rtsp_port)
    wrong = "port and rtsp-port must not be the same";
  else if (g_hash_table_contains (self->homes->configured, self->domain))
    wrong = "federate-with names this home itself";
  else if (self->endpoint != NULL && !is_endpoint (self->endpoint))
    wrong = "home-endpoint must be of the form wss://HOST:PORT/home";

  if (wrong == NULL)
    return TRUE;

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_CONFIG, wrong);
  return FALSE;
}

gboolean
relay_config_describe (unsigned     index,
                       const char **out_name,
                       const char **out_placeholder)
{
  if (index >= G_N_ELEMENTS (settings))
    return FALSE;

  *out_name = settings[index].name;
  *out_placeholder = settings[index].placeholder;
  return TRUE;
}
