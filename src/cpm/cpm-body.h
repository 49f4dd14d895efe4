/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-schema.h"

G_BEGIN_DECLS

/* The bodies of all messages, as tables; which message has which says cpm-message-schema.c. Only
 * this layer uses them. */

/* cpm-body.c: what stands in several */
extern const CpmSchema cpm_body_capability;
extern const CpmSchema cpm_body_address;
extern const CpmSchema cpm_body_kind;
extern const CpmSchema cpm_body_nothing[];
extern const CpmSchema cpm_body_content[];

/* cpm-body-connection.c: how a connection of a client or of a home begins and ends, and how it
 * answers */
extern const CpmSchema cpm_body_hello[];
extern const CpmSchema cpm_body_welcome[];
extern const CpmSchema cpm_body_bye[];
extern const CpmSchema cpm_body_ack[];
extern const CpmSchema cpm_body_err[];
extern const CpmSchema cpm_body_got[];
extern const CpmSchema cpm_body_home_challenge[];
extern const CpmSchema cpm_body_home_hello[];
extern const CpmSchema cpm_body_home_welcome[];

/* cpm-body-person.c: what a person keeps at their home: contacts, devices, privacy, history */
extern const CpmSchema cpm_body_contact_list[];
extern const CpmSchema cpm_body_presence[];
extern const CpmSchema cpm_body_device_list[];
extern const CpmSchema cpm_body_device_revoke[];
extern const CpmSchema cpm_body_privacy_set[];
extern const CpmSchema cpm_body_privacy_block[];
extern const CpmSchema cpm_body_privacy_state[];
extern const CpmSchema cpm_body_history_ask[];
extern const CpmSchema cpm_body_history_page[];

/* cpm-body-conversation.c: what people say to each other, and groups */
extern const CpmSchema cpm_body_text[];
extern const CpmSchema cpm_body_picture[];
extern const CpmSchema cpm_body_receipt[];
extern const CpmSchema cpm_body_photo_request[];
extern const CpmSchema cpm_body_photo_answer[];
extern const CpmSchema cpm_body_failed[];
extern const CpmSchema cpm_body_group_create[];
extern const CpmSchema cpm_body_group_change[];
extern const CpmSchema cpm_body_group_state[];

/* cpm-body-share.c: the share session */
extern const CpmSchema cpm_body_share_missed[];
extern const CpmSchema cpm_body_share[];
extern const CpmSchema cpm_body_share_invite[];
extern const CpmSchema cpm_body_share_decline[];
extern const CpmSchema cpm_body_share_refuse[];
extern const CpmSchema cpm_body_share_hand_over[];
extern const CpmSchema cpm_body_share_switch[];
extern const CpmSchema cpm_body_share_state[];
extern const CpmSchema cpm_body_share_taken[];
extern const CpmSchema cpm_body_share_allow[];

/* cpm-body-seen.c: what goes with a share while it is seen */
extern const CpmSchema cpm_body_share_clock[];
extern const CpmSchema cpm_body_share_time[];
extern const CpmSchema cpm_body_share_report[];
extern const CpmSchema cpm_body_share_pace[];
extern const CpmSchema cpm_body_share_reaction[];
extern const CpmSchema cpm_body_share_pointer[];
extern const CpmSchema cpm_body_share_progress[];
extern const CpmSchema cpm_body_share_watching[];

G_END_DECLS
