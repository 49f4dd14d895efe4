/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RelayPictureAsker:
 * @user: (nullable): a person of this home
 * @home: (nullable): else a home that has proved itself, which asks for its people
 *
 * Who wants a picture.
 */
typedef struct
{
  const char *user;
  const char *home;
} RelayPictureAsker;

/* Answers @message with the picture @id, or with the part of it that a Range header names: when
 * @asker owns it, or its owner has shown it to them. Nobody else gets to know whether there is one.
 * The picture is read from the folder @dir piece by piece, as fast as it is taken. Main thread. */
void relay_picture_give (RelayContext            *context,
                         const char              *dir,
                         SoupServerMessage       *message,
                         const RelayPictureAsker *asker,
                         const char              *id);

G_END_DECLS
