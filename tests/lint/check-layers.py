#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/lint/check-layers.py [ROOT]

Refuses what the table of the layers (src/README.md) does not grant: an include of another
layer's header, of an outside library's header, or a dependency in a layer's meson.build.
The compiler refuses most of it too; this says why, and sees what a compiler cannot: that a
library is for certain files only.
"""

import pathlib
import re
import sys

# The layers that a layer may use besides itself. A list of headers instead of '*' grants only these.
VALUES = ['cpm-address.h', 'cpm-capabilities.h', 'cpm-clock.h', 'cpm-content.h', 'cpm-error.h',
          'cpm-json.h', 'cpm-rights.h', 'cpm-uuid.h']
LAYERS = {
    'cpm': {},
    'transport': {'cpm': '*'},
    'media': {},
    'client': {'cpm': '*', 'transport': '*', 'media': '*'},
    'relay': {'cpm': '*', 'transport': '*'},
    # cpm-session.h: a share's state, which the client hands out as it is.
    'app': {'cpm': [*VALUES, 'cpm-session.h'], 'client': '*',
            'media': ['media-device.h', 'media-error.h', 'media-frame-stamp.h', 'media-init.h', 'media-picture.h',
                      'media-picture-decode.h', 'media-screen.h', 'media-viewer.h']},
    'cli': {'cpm': VALUES, 'client': '*', 'media': '*'},
}

# The outside libraries, by how their headers begin.
LIBRARIES = {
    'glib': r'glib(-object)?\.h|glib/.*|gmodule\.h|glib-unix\.h',
    'gio': r'gio/.*',
    'json-glib': r'json-glib/.*',
    'libsoup': r'libsoup/.*',
    'sqlite': r'sqlite3\.h',
    'libsodium': r'sodium(/.*|\.h)',
    'gnutls': r'gnutls/.*',
    'libsecret': r'libsecret/.*',
    'gstreamer': r'gst/(?!gst\.h).*',
    'gstreamer-core': r'gst/gst\.h',
    'gtk': r'gtk/.*|gdk/.*|gsk/.*|graphene\.h',
    'libadwaita': r'adwaita\.h',
    'libportal': r'libportal.*',
    'pipewire': r'pipewire/.*|spa/.*',
    'x11': r'X11/.*',
    'libheif': r'libheif/.*',
}

# What of it a layer may include, and in which of its files (a pattern of the path below src/).
EVERYWHERE = r'.*'
GRANTS = {
    'cpm': {'glib': EVERYWHERE, 'json-glib': EVERYWHERE},
    'transport': {'glib': EVERYWHERE, 'gio': EVERYWHERE, 'json-glib': EVERYWHERE,
                  'libsoup': EVERYWHERE},
    'media': {'glib': EVERYWHERE, 'gio': EVERYWHERE, 'gstreamer': EVERYWHERE,
              'gstreamer-core': EVERYWHERE, 'x11': r'media/media-x11\.c', 'libheif': r'media/decoder/media-heif\.c',
              'pipewire': r'media/media-(pipewire|computer)[a-z-]*\.[ch]'},
    'client': {'glib': EVERYWHERE, 'gio': EVERYWHERE, 'json-glib': EVERYWHERE,
               'libsoup': r'client/client-picture[a-z-]*\.c',
               'sqlite': r'client/(store/|client-store|client-keeper)[^/]*',
               'libsecret': r'client/client-[a-z-]*(secret|keyring|token)[a-z-]*\.c',
               # What media hands out and takes: the sink of the app goes on to the viewer.
               'gstreamer-core': EVERYWHERE},
    'relay': {'glib': EVERYWHERE, 'gio': EVERYWHERE, 'json-glib': EVERYWHERE,
              'libsoup': EVERYWHERE, 'libsodium': EVERYWHERE, 'gnutls': EVERYWHERE,
              'sqlite': r'relay/(store/|relay-store)[^/]*',
              'gstreamer': r'relay/media/.*'},
    'app': {'glib': EVERYWHERE, 'gio': EVERYWHERE, 'gtk': EVERYWHERE, 'libadwaita': EVERYWHERE,
            'libportal': r'app/portal/.*', 'gstreamer': r'app/.*paintable\.[ch]',
            'gstreamer-core': r'app/.*paintable\.[ch]'},
    'cli': {'glib': EVERYWHERE, 'gio': EVERYWHERE, 'json-glib': EVERYWHERE},
}

# The dependencies of meson.build that belong to a library.
DEPENDENCIES = {
    'soup_dep': 'libsoup', 'sqlite_dep': 'sqlite', 'sodium_dep': 'libsodium',
    'gnutls_dep': 'gnutls', 'secret_dep': 'libsecret', 'json_glib_dep': 'json-glib',
    'gst_dep': 'gstreamer', 'gtk_dep': 'gtk',
    'adwaita_dep': 'libadwaita', 'gio_dep': 'gio', 'x11_dep': 'x11',
    'pipewire_dep': 'pipewire', 'heif_dep': 'libheif',
    'portal_dep': 'libportal', 'portal_gtk_dep': 'libportal',
}

# cpm has no socket, no clock and no thread: of the C headers only those that compute.
COMPUTING = {'ctype.h', 'errno.h', 'float.h', 'inttypes.h', 'limits.h', 'math.h', 'stdarg.h',
             'stdbool.h', 'stddef.h', 'stdint.h', 'stdio.h', 'stdlib.h', 'string.h'}
C_HEADER = re.compile(r'(sys|netinet|arpa|linux|net)/[a-z0-9_]+\.h|[a-z0-9_]+\.h')

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
GENERATED = re.compile(r'config\.h|[a-z-]+-resources\.h')


def library_of(header):
    return next((name for name, pattern in LIBRARIES.items() if re.fullmatch(pattern, header)), None)


def check_project_include(layer, header, owners):
    """Why this layer may not include this header of ours, or None."""
    if '..' in header.split('/'):
        return 'climbs out of its folder; include by plain name'
    owner = owners.get(header.split('/')[-1])
    if owner is None:
        return None if GENERATED.fullmatch(header) else 'is no header of this project'
    if '/' in header:
        return 'is included by a path; include by plain name'
    if owner == layer:
        return None
    granted = LAYERS[layer].get(owner)
    if granted is None:
        return f'belongs to {owner}, and {layer} may not use {owner}'
    if granted != '*' and header not in granted:
        return f'is not among the headers of {owner} that {layer} may use'
    return None


def check_outside_include(layer, path, header):
    library = library_of(header)
    if library is not None:
        where = GRANTS[layer].get(library)
        if where is None:
            return f'is of {library}, and {layer} may not use {library}'
        if not re.fullmatch(where, path):
            return f'is of {library}, which in {layer} is only for {where}'
        return None
    if layer == 'cpm':
        return None if header in COMPUTING else 'gives sockets, clocks or threads, and cpm has none'
    return None if C_HEADER.fullmatch(header) else f'is of no library that {layer} may use'


def check_meson(layer, text):
    for name in sorted(set(re.findall(r'\b[a-z_]+_dep\b', text))):
        library = DEPENDENCIES.get(name)
        if library is None and name.startswith('gst_'):
            library = 'gstreamer'
        owner = name.removesuffix('_dep')
        if library is not None and library not in GRANTS[layer]:
            yield f'{name}: {layer} may not use {library}'
        elif owner in LAYERS and owner != layer and owner not in LAYERS[layer]:
            yield f'{name}: {layer} may not use {owner}'


def check(root):
    source = root / 'src'
    owners = {header.name: header.relative_to(source).parts[0] for header in source.rglob('*.h')}
    for path in sorted(source.rglob('*')):
        below = path.relative_to(source)
        layer = below.parts[0]
        if layer not in LAYERS or not path.is_file():
            continue
        if path.name == 'meson.build':
            text = path.read_text(encoding='utf-8')
            yield from (f'src/{below}: {why}' for why in check_meson(layer, text))
        if path.suffix not in ('.c', '.h'):
            continue
        text = path.read_text(encoding='utf-8')
        for kind, header in INCLUDE.findall(text):
            why = (check_project_include(layer, header, owners) if kind == '"'
                   else check_outside_include(layer, str(below), header))
            if why:
                yield f'src/{below}: {header} {why}'
    for path in sorted((root / 'tests').rglob('*.[ch]')):
        for kind, header in INCLUDE.findall(path.read_text(encoding='utf-8')):
            if kind == '"' and '..' in header.split('/'):
                yield f'{path.relative_to(root)}: {header} climbs out of its folder'


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.').resolve()
    wrong = list(check(root))
    print('\n'.join(wrong) or 'Every include is within the table.')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
