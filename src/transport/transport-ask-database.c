/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-ask-database"

#include "config.h"

#include "transport-ask-database.h"

struct _TransportAskDatabase
{
  GTlsDatabase parent_instance;
};

G_DEFINE_FINAL_TYPE (TransportAskDatabase, transport_ask_database, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
verify_chain (GTlsDatabase             *database,
              GTlsCertificate          *chain,
              const char               *purpose,
              GSocketConnectable       *identity,
              GTlsInteraction          *interaction,
              GTlsDatabaseVerifyFlags   flags,
              GCancellable             *cancellable,
              GError                  **error)
{
  return G_TLS_CERTIFICATE_UNKNOWN_CA;
}

static void
transport_ask_database_class_init (TransportAskDatabaseClass *klass)
{
  G_TLS_DATABASE_CLASS (klass)->verify_chain = verify_chain;
}

static void
transport_ask_database_init (TransportAskDatabase *self)
{
}

GTlsDatabase *
transport_ask_database_new (void)
{
  return g_object_new (TRANSPORT_TYPE_ASK_DATABASE, NULL);
}
