/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "two-homes.h"

#include "relay-shares.h"

#include "cpm-rights.h"

/* Alice at one home, Emily and Bob at another, and a share of Alice's with them. @data of
 * fixture_set_up() may name the home of the two; it may be Alice's. */
typedef struct
{
  Homes *homes;
  Person *alice;  /* a.test */
  Person *emily;  /* b.test, */
  Person *bob;    /* b.test, when nothing else is said */
  char *share;
} Fixture;

void fixture_renew (Fixture *fixture);
void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
RelayShares *get_shares (Fixture *fixture, const char *domain);
/* Who stays silent for too long is taken for gone. */
void pass (Fixture *fixture, int64_t seconds);
const char *say (Fixture *fixture, Person *person, CpmMessageType type);
const char *invite_with (Fixture *fixture, const char *viewers, const char *kind);
const char *invite (Fixture *fixture);
void media_up (Fixture *fixture, Person *person);
void change_right (Fixture *fixture, RelayWriteKind kind, Person *person, CpmRights right);
/* Emily watches. */
void begin (Fixture *fixture);
unsigned count_sessions (Fixture *fixture, const char *domain);
const char *switch_to (Fixture *fixture, const char *kind);
/* @content in JSON. */
const char *switch_to_content (Fixture *fixture, const char *content);
void come_again (Fixture *fixture, Person **person);
/* A new device that can show little takes the place of Emily's. */
void sign_in_with (Fixture *fixture, CpmCapability capabilities);

#define assert_state(person, state_, reason_) \
  G_STMT_START { \
    g_autoptr (JsonObject) body_ = person_take_share (person); \
    g_assert_cmpstr (cpm_json_get_string (body_, "state", NULL), ==, state_); \
    g_assert_cmpstr (cpm_json_get_string (body_, "reason", NULL), ==, reason_); \
  } G_STMT_END

/* Of the viewer at @index; @code_ is that of its error, or of what it cannot be shown. */
#define assert_member(person, index, state_, code_) \
  G_STMT_START { \
    g_autoptr (JsonObject) body_ = person_take_share (person); \
    JsonArray *members_ = cpm_json_get_array (body_, "members"); \
    JsonObject *member_ = json_array_get_object_element (members_, index); \
    JsonObject *error_ = cpm_json_get_object (member_, "error"); \
    if (error_ == NULL) \
      error_ = cpm_json_get_object (member_, "content_error"); \
    g_assert_cmpstr (cpm_json_get_string (member_, "state", NULL), ==, state_); \
    g_assert_cmpstr (error_ != NULL ? cpm_json_get_string (error_, "code", NULL) : NULL, ==, \
                     code_); \
  } G_STMT_END
