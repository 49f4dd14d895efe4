/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"
#include "relay-home-policy.h"

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayConfig:
 *
 * The settings of a relay, from a file (data/relay.conf explains each) and from
 * options, which win. Filled once in main(), then only read.
 */
typedef struct
{
  char *domain;          /* of the addresses of this relay's users */
  char *data;            /* the folder that holds everything */
  char *listen;          /* (nullable): the address to listen on; all when %NULL */
  char *public_host;     /* (nullable): the host name by which clients reach the relay */
  char *certificate;     /* (nullable): PEM file; with @key */
  char *key;             /* (nullable) */
  unsigned port;         /* 0: any free one */
  unsigned rtsp_port;    /* 0: any free one */
  unsigned clock_port;   /* UDP; 0: any free one */
  gboolean open_registration;
  unsigned max_connections;
  unsigned max_connections_per_address;
  unsigned login_seconds;    /* for TLS, upgrade and hello together */
  unsigned quota_mib;        /* of pictures, for each user */
  unsigned home_quota_mib;   /* of pictures, for each other home */
  /* how long messages are kept for a person's other devices, fetched or not */
  unsigned history_days;
  RelayHomePolicy *homes;    /* with which other homes this one speaks */
  /* (nullable): PEM file with the authorities of their certificates; the system's when %NULL */
  char *homes_ca;
  /* (nullable): where other homes reach this one, wss://HOST:PORT/home */
  char *endpoint;
} RelayConfig;

RelayConfig *relay_config_new  (void);
void         relay_config_free (RelayConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayConfig, relay_config_free)

/* Sets one setting by its name in the file ("rtsp-port"). Sets %RELAY_ERROR_CONFIG. */
gboolean     relay_config_set  (RelayConfig  *self,
                                const char   *name,
                                const char   *value,
                                GError      **error);

/* Reads the file at @path; the error names the line. Settings whose name is in @but (nullable) keep
 * their value. */
gboolean     relay_config_load (RelayConfig  *self,
                                const char   *path,
                                GHashTable   *but,
                                GError      **error);

/* Whether what must be there is there, and fits together. */
gboolean     relay_config_check (RelayConfig  *self,
                                 GError      **error);

/* The settings, one by one, for the list of options; @out_placeholder is %NULL for one that is on
 * or off. */
gboolean     relay_config_describe (unsigned     index,
                                    const char **out_name,
                                    const char **out_placeholder);

G_END_DECLS
