/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the arguments of some system calls must be: kinds of sockets, reading and not writing, no
 * code that was not there when the process started, requests to the terminal but none that types
 * into it.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>

#include "syscall_table.h"

#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C
#endif

enum {
	RIGHTS = K | C,
	/* Such a descriptor can change a file, or makes one. */
	WRITES = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY),
	TERMIOS2_BYTES = 44,
	SOCKET_TYPE = 0xf, /* without SOCK_CLOEXEC and SOCK_NONBLOCK */
	/* A child is a copy in the same namespaces, not a thread and nobody else's child. */
	CHILD_BOUND = CLONE_VM | CLONE_THREAD | CLONE_PARENT | CLONE_NEWNS | CLONE_NEWCGROUP |
		      CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
#ifdef __s390__
	CLONE_FLAGS = 1,
#else
	CLONE_FLAGS = 0,
#endif
};

#define WHOLE UINT32_MAX
#define IS(argument, value)                                                                        \
	{                                                                                          \
		argument, WHOLE, (uint32_t)(value)                                                 \
	}
#define HAS_NONE(argument, bits)                                                                   \
	{                                                                                          \
		argument, (uint32_t)(bits), 0                                                      \
	}
#define HAS(argument, bits)                                                                        \
	{                                                                                          \
		argument, (uint32_t)(bits), (uint32_t)(bits)                                       \
	}
#define IS_TYPE(argument, type)                                                                    \
	{                                                                                          \
		argument, SOCKET_TYPE, type                                                        \
	}
#define ALLOW(call, roles, ...)                                                                    \
	{                                                                                          \
		call, roles, 0,                                                                    \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define REFUSE(call, roles, error, ...)                                                            \
	{                                                                                          \
		call, roles, error,                                                                \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define ASKS(roles, request) ALLOW("ioctl", roles, IS(1, request))
#define MAY_SET(command)                                                                           \
	ALLOW("fcntl", V | RIGHTS | O, IS(1, command)),                                            \
		ALLOW("fcntl64", V | RIGHTS | O, IS(1, command))
#define SENDS(number) ALLOW("kill", C, IS(1, number)), ALLOW("pidfd_send_signal", C, IS(1, number))

const struct syscall_bound syscall_bounds[] = {
/* No new code. There are machines that pass the arguments of mmap in memory. */
#if !defined __s390__ && !defined __i386__
	ALLOW("mmap", V | RIGHTS | O, HAS_NONE(2, PROT_EXEC)),
	REFUSE("mmap", V | RIGHTS | O, EACCES, HAS(2, PROT_EXEC)),
#endif
	ALLOW("mmap2", V | RIGHTS | O, HAS_NONE(2, PROT_EXEC)),
	REFUSE("mmap2", V | RIGHTS | O, EACCES, HAS(2, PROT_EXEC)),
	ALLOW("mprotect", V | RIGHTS | O, HAS_NONE(2, PROT_EXEC)),
	REFUSE("mprotect", V | RIGHTS | O, EACCES, HAS(2, PROT_EXEC)),

	/* The halves with rights read files, and write none. */
	ALLOW("open", RIGHTS, HAS_NONE(1, WRITES)),
	ALLOW("openat", RIGHTS, HAS_NONE(2, WRITES)),
	ALLOW("open_by_handle_at", C, HAS_NONE(2, WRITES)),

	/*
	 * A viewer asks DNS servers. What a library asks the kernel or a daemon for beside that, it
	 * can do without.
	 */
	ALLOW("socket", V, IS(0, AF_INET), IS_TYPE(1, SOCK_DGRAM), IS(2, 0)),
	ALLOW("socket", V, IS(0, AF_INET), IS_TYPE(1, SOCK_DGRAM), IS(2, IPPROTO_UDP)),
	ALLOW("socket", V, IS(0, AF_INET), IS_TYPE(1, SOCK_STREAM), IS(2, 0)),
	ALLOW("socket", V, IS(0, AF_INET), IS_TYPE(1, SOCK_STREAM), IS(2, IPPROTO_TCP)),
	ALLOW("socket", V, IS(0, AF_INET6), IS_TYPE(1, SOCK_DGRAM), IS(2, 0)),
	ALLOW("socket", V, IS(0, AF_INET6), IS_TYPE(1, SOCK_DGRAM), IS(2, IPPROTO_UDP)),
	ALLOW("socket", V, IS(0, AF_INET6), IS_TYPE(1, SOCK_STREAM), IS(2, 0)),
	ALLOW("socket", V, IS(0, AF_INET6), IS_TYPE(1, SOCK_STREAM), IS(2, IPPROTO_TCP)),
#ifdef HAVE_CARES_RECORDS
	/* Such a c-ares asks for the number of a link, of which the C library asks such a socket.
	 */
	ALLOW("socket", V, IS(0, AF_UNIX), IS_TYPE(1, SOCK_DGRAM), IS(2, 0)),
	REFUSE("socket", V, EACCES, IS(0, AF_UNIX), IS_TYPE(1, SOCK_STREAM)),
#else
	REFUSE("socket", V, EACCES, IS(0, AF_UNIX)),
#endif
	REFUSE("socket", V, EAFNOSUPPORT, IS(0, AF_NETLINK)),
	ALLOW("socket", LOOKUP, IS(0, AF_INET)),
	ALLOW("socket", LOOKUP, IS(0, AF_INET6)),
	ALLOW("socket", LOOKUP, IS(0, AF_NETLINK)),
	ALLOW("socket", LOOKUP, IS(0, AF_UNIX)),
	ALLOW("socket", C, IS(0, AF_INET)),
	ALLOW("socket", C, IS(0, AF_INET6)),
	ALLOW("socket", C, IS(0, AF_NETLINK)),
	ALLOW("socket", C, IS(0, AF_PACKET)),
	ALLOW("socket", C, IS(0, AF_UNIX), IS_TYPE(1, SOCK_DGRAM)),
	ALLOW("socketpair", K, IS(0, AF_UNIX)),

	/* The terminal: its mode and size, never input for it (TIOCSTI, TIOCLINUX). */
	ASKS(LOOKUP | V | C, TCGETS),
	ASKS(LOOKUP | V, TCSETS),
	ASKS(LOOKUP | V, TCSETSW),
	ASKS(LOOKUP | V, TCSETSF),
#ifdef TCGETS2 /* glibc 2.42; the struct has no header that goes together with termios.h */
	ASKS(LOOKUP | V | C, _IOC(_IOC_READ, 'T', 0x2a, TERMIOS2_BYTES)),
	ASKS(LOOKUP | V, _IOC(_IOC_WRITE, 'T', 0x2b, TERMIOS2_BYTES)),
	ASKS(LOOKUP | V, _IOC(_IOC_WRITE, 'T', 0x2c, TERMIOS2_BYTES)),
	ASKS(LOOKUP | V, _IOC(_IOC_WRITE, 'T', 0x2d, TERMIOS2_BYTES)),
#endif
	ASKS(LOOKUP | V, TCFLSH),
	ASKS(LOOKUP | V, TIOCOUTQ),
	ASKS(LOOKUP | V | C, TIOCGWINSZ),
	ASKS(LOOKUP | V, TIOCGPGRP),
	ASKS(LOOKUP | V | C, FIONREAD),
	ASKS(LOOKUP | V | C, FIONBIO),
	ASKS(LOOKUP | V | C, SIOCGIFINDEX),
	ASKS(LOOKUP | V | C, SIOCGIFNAME),
	ASKS(C, SIOCGIFHWADDR),
	ASKS(C, SIOCGIFFLAGS),
	ASKS(C, SIOCGIFMTU),
	ASKS(C, SIOCGSKNS),
	/* It also changes devices; libpcap asks for kinds of time stamps. */
	REFUSE("ioctl", C, EOPNOTSUPP, IS(1, SIOCETHTOOL)),

	/* Whom a descriptor signals is chosen only in a collector that begins (lifeline.h). */
	ALLOW("fcntl", K, IS(1, F_SETOWN)),
	ALLOW("fcntl", K, IS(1, F_SETSIG), IS(2, SIGKILL)),
	ALLOW("fcntl64", K, IS(1, F_SETOWN)),
	ALLOW("fcntl64", K, IS(1, F_SETSIG), IS(2, SIGKILL)),
	MAY_SET(F_DUPFD),
	MAY_SET(F_DUPFD_CLOEXEC),
	MAY_SET(F_GETFD),
	MAY_SET(F_SETFD),
	MAY_SET(F_GETFL),
	MAY_SET(F_SETFL),
	MAY_SET(F_GETPIPE_SZ),
	MAY_SET(F_SETPIPE_SZ),
	MAY_SET(F_SETLKW),

	/* A viewer stops with the job that it is of; a collector sends what the viewer may order.
	 */
	ALLOW("kill", LOOKUP | V, IS(0, 0), IS(1, SIGTSTP)),
	SENDS(0),
	SENDS(SIGHUP),
	SENDS(SIGINT),
	SENDS(SIGQUIT),
	SENDS(SIGKILL),
	SENDS(SIGUSR1),
	SENDS(SIGUSR2),
	SENDS(SIGTERM),
	SENDS(SIGCONT),
	SENDS(SIGSTOP),

	/* Rights */
	ALLOW("setns", C, IS(1, CLONE_NEWNET)),
	ALLOW("clone", K, HAS_NONE(CLONE_FLAGS, CHILD_BOUND)),
	ALLOW("prctl", RIGHTS, IS(0, PR_CAPBSET_READ)),
	ALLOW("prctl", RIGHTS, IS(0, PR_CAP_AMBIENT)),
	ALLOW("prctl", RIGHTS, IS(0, PR_GET_SECUREBITS)),
	ALLOW("prctl", RIGHTS, IS(0, PR_SET_NO_NEW_PRIVS)),
	ALLOW("prctl", K, IS(0, PR_SET_NAME)),
	ALLOW("prctl", K, IS(0, PR_SET_PDEATHSIG)),
	ALLOW("prctl", K, IS(0, PR_SET_SECCOMP)),
	ALLOW("prctl", V | C, IS(0, PR_SET_DUMPABLE)),
#ifdef PR_SET_VMA /* glibc names its heaps, where it is told to */
	ALLOW("prctl", V | C, IS(0, PR_SET_VMA)),
#endif
};

const size_t syscall_bound_count = sizeof syscall_bounds / sizeof *syscall_bounds;
