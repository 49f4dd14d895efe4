#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The use case on two homes: Alice lives at a.test, Emily at b.test."""

import unittest

import story
from tap import main
from town import Streets


class NormalFlow(story.NormalFlow):
    homes = ('a.test', 'b.test')


class NewSession(story.NewSession):
    homes = ('a.test', 'b.test')


class Rights(story.Rights):
    homes = ('a.test', 'b.test')


class Devices(story.Devices):
    homes = ('a.test', 'b.test')


class Capabilities(story.Capabilities):
    homes = ('a.test', 'b.test')


@unittest.skipIf(Streets.missing(), Streets.missing())
class Apart(story.NormalFlow):
    """The normal flow once more, between machines: everybody has a network address of their own."""

    homes = ('a.test', 'b.test')
    apart = True


if __name__ == '__main__':
    main()
