#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing is lost, and a share survives, on two homes."""

import delivery
from tap import main


class Delivery(delivery.Delivery):
    homes = ('a.test', 'b.test')


class Faults(delivery.Faults):
    homes = ('a.test', 'b.test')


if __name__ == '__main__':
    main()
