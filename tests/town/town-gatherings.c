/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include "cpm-group.h"

/* When all has come to rest: what the home of a group has, all others have, too. */

static void
check_device (TownDevice     *device,
              const char     *address,
              const CpmGroup *group)
{
  gboolean is_in = group != NULL && cpm_group_has (group, device->user);
  TownGroups *groups = town_history_get_groups (device->town->history);
  int64_t rev;

  if (device->ops->is_in_group != NULL)
    {
      if (device->ops->is_in_group (device, address) != is_in)
        town_log_blame (device->town->log, "%s takes itself for being %s group %s, but is %s.",
                        device->place, is_in ? "out of" : "in", address, is_in ? "in" : "out");
      return;
    }

  rev = town_groups_get_rev (groups, address, device->place);
  if (rev != (is_in ? group->rev : 0))
    town_log_blame (device->town->log,
                    "%s was told of rev %d of group %s, which for it is at rev %d.", device->place,
                    (int) rev, address, is_in ? (int) group->rev : 0);
}

static void
check_home (TownDevice     *device,
            const char     *address,
            const CpmGroup *group)
{
  RelayStore *store = town_store_get (device->relay->store);
  gboolean is_in = group != NULL && cpm_group_has (group, device->user);
  g_autoptr (CpmGroup) known = relay_store_find_group (store, address);

  if (relay_store_is_in_group (store, address, device->user) != is_in)
    town_log_blame (device->town->log, "%s takes %s for being %s group %s.", device->relay->domain,
                    device->user, is_in ? "out of" : "in", address);
  if (is_in && (known == NULL || known->rev != group->rev))
    town_log_blame (device->town->log, "%s knows rev %d of group %s, which is at rev %d.",
                    device->relay->domain, known != NULL ? (int) known->rev : 0, address,
                    (int) group->rev);
}

void
town_check_groups (Town *self)
{
  GPtrArray *addresses = town_groups_list (town_history_get_groups (self->history));

  for (unsigned i = 0; i < addresses->len; i++)
    {
      TownRelay *home = town_find_home (self, addresses->pdata[i]);
      g_autoptr (CpmGroup) group = relay_store_find_group (town_store_get (home->store),
                                                           addresses->pdata[i]);

      for (unsigned n = 0; n < self->devices->len; n++)
        {
          TownDevice *device = self->devices->pdata[n];

          check_home (device, addresses->pdata[i], group);
          if (!town_device_is_revoked (device))
            check_device (device, addresses->pdata[i], group);
        }
    }
}
