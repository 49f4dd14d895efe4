/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-fence"

#include "config.h"

#include "media-fence.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What kernels can that are younger than the headers may be. */
#define ACCESS_REFER (UINT64_C (1) << 13)     /* from the second version on */
#define ACCESS_TRUNCATE (UINT64_C (1) << 14)  /* 3 */
#define ACCESS_IOCTL_DEV (UINT64_C (1) << 15) /* 5 */
#define SCOPE_ABSTRACT_UNIX_SOCKET (UINT64_C (1) << 0) /* 6 */
#define SCOPE_SIGNAL (UINT64_C (1) << 1)               /* 6 */

/* Everything that the first version knows: its rights are the first 13. */
#define ACCESS_FIRST ((UINT64_C (1) << 13) - 1)
#define ACCESS_FILE \
  (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
   ACCESS_IOCTL_DEV)

/* The other program is the one that looks at plugins, before the filter is closed. */
#define READ \
  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
#define DRIVE \
  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE | \
   ACCESS_IOCTL_DEV)

/* struct landlock_ruleset_attr has grown. An older kernel takes it as long as it has nothing to do
 * with what it does not know. */
typedef struct
{
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
  uint64_t scoped;
} Ruleset;

/* Programs, plugins, fonts, certificates; what there is of processors and cards. In /proc other
 * processes tell no secrets: Landlock takes their memory, environment and descriptors away from us
 * (hook_ptrace_access_check() in the kernel). */
static const char *const SYSTEM[] = {
  "/usr",
  "/lib",
  "/lib64",
  "/etc",
  "/opt",
  "/app",
  "/nix/store",
  "/gnu/store",
  "/proc",
  "/sys",
  "/proc/self/exe",
  "/run/host",
  "/run/opengl-driver",
  "/var/cache/fontconfig",
  "/var/lib/ca-certificates",
  "/dev/random",
  "/dev/urandom",
  "/dev/dri",
  /* Where names of cameras are looked up. */
  "/run/systemd/resolve",
  "/run/resolvconf",
  "/run/NetworkManager",
};

/* Where the environment puts the same. */
static const char *const NAMED[] = {
  "GST_REGISTRY",        "GST_REGISTRY_1_0",       "GST_PLUGIN_PATH",
  "GST_PLUGIN_PATH_1_0", "GST_PLUGIN_SYSTEM_PATH", "GST_PLUGIN_SYSTEM_PATH_1_0",
  "GIO_EXTRA_MODULES",   "LD_LIBRARY_PATH",        "LIBVA_DRIVERS_PATH",
  "FONTCONFIG_FILE",     "FONTCONFIG_PATH",        "SSL_CERT_FILE",
  "SSL_CERT_DIR",
};

/* Hardware decoders that are video devices (V4L2, on small boards) are not among them: so are
 * cameras. A decoder in software is found instead. */
static const char *const DEVICES[] = { "/dev/null", "/dev/zero", "/dev/dri/renderD*",
                                       "/dev/nvidia*" };

static void
allow (int         ruleset,
       const char *path,
       uint64_t    rights)
{
  struct landlock_path_beneath_attr rule = { .allowed_access = rights };
  struct stat info;

  rule.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return;

  if (fstat (rule.parent_fd, &info) == 0 && !S_ISDIR (info.st_mode))
    rule.allowed_access &= ACCESS_FILE;
  if (syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    g_debug ("The decoder may not open %s: %s", path, g_strerror (errno));
  close (rule.parent_fd);
}

static void
allow_system (int ruleset)
{
  for (size_t i = 0; i < G_N_ELEMENTS (SYSTEM); i++)
    allow (ruleset, SYSTEM[i], READ);

  for (size_t i = 0; i < G_N_ELEMENTS (NAMED); i++)
    {
      const char *value = g_getenv (NAMED[i]);
      g_auto (GStrv) paths = g_strsplit (value != NULL ? value : "", G_SEARCHPATH_SEPARATOR_S, -1);

      for (char **path = paths; *path != NULL; path++)
        allow (ruleset, *path, READ);
    }
}

/* What a person has installed for themselves, and what is known of plugins and fonts already. */
static void
allow_own (int ruleset)
{
  const char *const places[][2] = {
    { g_get_user_data_dir (), "gstreamer-1.0" },  { g_get_user_data_dir (), "fonts" },
    { g_get_user_cache_dir (), "gstreamer-1.0" }, { g_get_user_cache_dir (), "fontconfig" },
    { g_get_user_config_dir (), "fontconfig" },   { g_get_home_dir (), ".fonts" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (places[i][0], places[i][1], NULL);

      allow (ruleset, path, READ);
    }
}

static void
allow_devices (int      ruleset,
               uint64_t rights)
{
  for (size_t i = 0; i < G_N_ELEMENTS (DEVICES); i++)
    {
      glob_t found = { 0 };

      if (glob (DEVICES[i], 0, NULL, &found) == 0)
        {
          for (size_t j = 0; j < found.gl_pathc; j++)
            allow (ruleset, found.gl_pathv[j], rights);
        }
      globfree (&found);
    }
}

gboolean
media_fence_close (void)
{
  long version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  Ruleset rules = { .handled_access_fs = ACCESS_FIRST };
  gboolean is_closed;
  int ruleset;

  if (version >= 2)
    rules.handled_access_fs |= ACCESS_REFER;
  if (version >= 3)
    rules.handled_access_fs |= ACCESS_TRUNCATE;
  if (version >= 5)
    rules.handled_access_fs |= ACCESS_IOCTL_DEV;
  if (version >= 6)
    rules.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;

  ruleset = version >= 1 ? (int) syscall (SYS_landlock_create_ruleset, &rules, sizeof rules, 0)
                         : -1;
  if (ruleset < 0)
    {
      g_debug ("This kernel has no Landlock: %s", g_strerror (errno));
      return FALSE;
    }

  allow_system (ruleset);
  allow_own (ruleset);
  allow_devices (ruleset, DRIVE & rules.handled_access_fs);
  /* The kernel wants that first: no program that is started may gain rights. */
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  is_closed = syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
  if (!is_closed)
    g_debug ("The decoder runs without a fence: %s", g_strerror (errno));
  close (ruleset);

  return is_closed;
}
