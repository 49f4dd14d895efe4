#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The use case on one home, where Alice and Emily both live."""

import story
from tap import main


class NormalFlow(story.NormalFlow):
    homes = ('a.test',)


class NewSession(story.NewSession):
    homes = ('a.test',)


class Rights(story.Rights):
    homes = ('a.test',)


class Devices(story.Devices):
    homes = ('a.test',)


class Capabilities(story.Capabilities):
    homes = ('a.test',)


if __name__ == '__main__':
    main()
