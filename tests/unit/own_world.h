/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An empty /etc, a network with nothing but lo and a host name that are this process's alone. */
#ifndef SOCKWATCH_TESTS_UNIT_OWN_WORLD_H
#define SOCKWATCH_TESTS_UNIT_OWN_WORLD_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

static bool may, is_made, was_root, has_v6;

static inline bool
raise_lo(void)
{
	struct ifreq lo = {.ifr_flags = IFF_UP | IFF_RUNNING};
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_up;

	snprintf(lo.ifr_name, sizeof lo.ifr_name, "lo");
	is_up = ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	close(fd);
	return is_up;
}

/* fe80::1 on lo; false: this kernel has no IPv6. */
static inline bool
add_v6(void)
{
	struct {
		struct in6_addr address;
		uint32_t prefix;
		int ifindex;
	} request = {.prefix = 64, .ifindex = 1};
	const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_added;

	inet_pton(AF_INET6, "fe80::1", &request.address);
	is_added = fd >= 0 && ioctl(fd, SIOCSIFADDR, &request) == 0;
	if (fd >= 0)
		close(fd);
	return is_added;
}

static inline bool
write_map(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const bool is_written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return is_written;
}

/* In a namespace of users. */
static inline bool
become_root(void)
{
	char user[32], group[32];

	snprintf(user, sizeof user, "0 %u 1", (unsigned)geteuid());
	snprintf(group, sizeof group, "0 %u 1", (unsigned)getegid());
	return unshare(CLONE_NEWUSER) == 0 && write_map("/proc/self/setgroups", "deny") &&
	       write_map("/proc/self/uid_map", user) && write_map("/proc/self/gid_map", group);
}

/* For good: nothing brings this process back. */
static inline void
make_world(void)
{
	if (is_made)
		return;
	is_made = true;
	was_root = geteuid() == 0;
	may = (geteuid() == 0 || become_root()) &&
	      unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS) == 0 &&
	      mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	      mount("none", "/etc", "tmpfs", 0, NULL) == 0 && raise_lo();
	has_v6 = may && add_v6();
}

static inline void
need_world(void)
{
	if (!may && was_root)
		fail_msg("root cannot make namespaces");
	if (!may)
		unit_skip("needs the right to make namespaces");
}

#endif
