/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-jail"

#include "config.h"

#include "media-jail.h"

#include "media-fence.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of addresses: threads and files that are mapped take them without using memory. */
#define LIMIT_ADDRESSES ((rlim_t) 8 << 30)
#define LIMIT_FILES 256

#if defined (__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined (__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined (__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#define REFUSE (SECCOMP_RET_ERRNO | EACCES)

static void
limit (int    what,
       rlim_t value)
{
  struct rlimit limits;

  if (getrlimit (what, &limits) != 0 ||
      (limits.rlim_max != RLIM_INFINITY && limits.rlim_max < value))
    return;

  limits.rlim_cur = limits.rlim_max = value;
  setrlimit (what, &limits);
}

void
media_jail_enter (void)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  limit (RLIMIT_NOFILE, LIMIT_FILES);
#ifndef __SANITIZE_ADDRESS__ /* it maps terabytes */
  limit (RLIMIT_AS, LIMIT_ADDRESSES);
#endif
  media_fence_close ();
}

#ifdef ARCHITECTURE

#define REFUSE_CALL(number) \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
  BPF_STMT (BPF_RET | BPF_K, REFUSE)
/* No call has that number. */
#define NOTHING UINT32_MAX

/* seccomp(2), and linux/filter.h: one comparison after the other. */
void
media_jail_close (gboolean with_network)
{
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    BPF_STMT (BPF_RET | BPF_K, REFUSE),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    /* The same calls by other numbers (x32). */
    BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, REFUSE),
    /* Another program. */
    REFUSE_CALL (SYS_execve),
    REFUSE_CALL (SYS_execveat),
    /* Another process's memory, and what it has open. */
    REFUSE_CALL (SYS_ptrace),
    REFUSE_CALL (SYS_process_vm_readv),
    REFUSE_CALL (SYS_process_vm_writev),
    REFUSE_CALL (SYS_pidfd_getfd),
    /* A way around this. */
    REFUSE_CALL (SYS_io_uring_setup),
    /* The network, and this machine's own sockets: the session's bus would start any program. */
    REFUSE_CALL (with_network ? NOTHING : SYS_socket),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { G_N_ELEMENTS (filter), filter };

  if (syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
    g_debug ("The decoder runs without a filter: %s", g_strerror (errno));
}

#else

void
media_jail_close (gboolean with_network)
{
}

#endif
