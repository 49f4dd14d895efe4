/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineJoinPage:
 *
 * The first start: which relay, who you are, and a password. What is wrong is said by the field
 * that is wrong, with what to do.
 *
 * Signal: "joined".
 */
#define VITRINE_TYPE_JOIN_PAGE (vitrine_join_page_get_type ())
G_DECLARE_FINAL_TYPE (VitrineJoinPage, vitrine_join_page, VITRINE, JOIN_PAGE, AdwBin)

void vitrine_join_page_set_client (VitrineJoinPage *self,
                                   Client          *client);

/* Fills the fields beforehand; what is %NULL stays as it is. */
void vitrine_join_page_prefill    (VitrineJoinPage *self,
                                   const char      *relay,
                                   const char      *pin,
                                   const char      *account);

/* Shows at the field in question what went wrong. Public for the tests. */
void vitrine_join_page_explain    (VitrineJoinPage *self,
                                   const GError    *error);

G_END_DECLS
