/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock by its three system calls. Structs and bits are those of linux/landlock.h: the installed
 * header may be older than the kernel that the program runs on, or be missing.
 */
#include <config.h>

#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule       445
#define __NR_landlock_restrict_self  446
#endif

enum { GET_VERSION = 1, RULE_PATH = 1, RULE_PORT = 2 };

enum {
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_FOLDER = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_FOLDER = 1 << 7,
	MAKE_FILE = 1 << 8,
	TRUNCATE = 1 << 14,

	OF_FILES = 1 << 0 | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15, /* not only of folders */
	READING = READ_FILE | READ_FOLDER,
	WRITING = READING | WRITE_FILE | REMOVE_FILE | MAKE_FILE | MAKE_FOLDER | TRUNCATE,

	CONNECT_TCP = 1 << 1,
	BIND_OR_CONNECT = 1 << 0 | CONNECT_TCP,
	ABSTRACT_SOCKETS = 1 << 0,
};

/* Which rights on files there are since which version. */
static const struct {
	int abi;
	uint64_t rights;
} file_rights[] = {
	{1, 0x1fff}, {2, 1 << 13},   /* to move between folders */
	{3, TRUNCATE}, {5, 1 << 15}, /* ioctl() of devices that are opened later */
};

enum { ABI_PORTS = 4, ABI_SCOPES = 6 };

struct ruleset {
	uint64_t handled_files, handled_ports, scoped;
};

struct path_rule {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed, port;
};

static uint64_t
known_rights(int abi)
{
	uint64_t rights = 0;

	for (size_t i = 0; i < sizeof file_rights / sizeof *file_rights; i++)
		rights |= abi >= file_rights[i].abi ? file_rights[i].rights : 0;
	return rights;
}

int
landlock_abi(void)
{
	const long abi = syscall(__NR_landlock_create_ruleset, NULL, (size_t)0, GET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

int
landlock_begin(struct landlock *landlock, bool are_ports_bounded)
{
	const int abi = landlock_abi();
	const struct ruleset rules = {
		.handled_files = known_rights(abi),
		.handled_ports = are_ports_bounded && abi >= ABI_PORTS ? BIND_OR_CONNECT : 0,
		.scoped = abi >= ABI_SCOPES ? ABSTRACT_SOCKETS : 0,
	};
	/* An older kernel knows a shorter struct. */
	const size_t size = abi >= ABI_SCOPES  ? sizeof rules
			    : abi >= ABI_PORTS ? offsetof(struct ruleset, scoped)
					       : offsetof(struct ruleset, handled_ports);

	*landlock = (struct landlock){.fd = -1, .abi = abi};
	if (abi == 0)
		return -ENOSYS;
	landlock->fd = (int)syscall(__NR_landlock_create_ruleset, &rules, size, 0);
	return landlock->fd >= 0 ? 0 : -errno;
}

/* A rule that cannot be added allows less; who needs the file sees it refused. */
static void
allow_path(const struct landlock *landlock, const char *path, uint64_t rights)
{
	struct path_rule rule = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
	struct stat status;

	if (rule.parent_fd < 0)
		return;
	rule.allowed = rights & known_rights(landlock->abi);
	if (fstat(rule.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode))
		rule.allowed &= OF_FILES;
	(void)syscall(__NR_landlock_add_rule, landlock->fd, RULE_PATH, &rule, 0);
	close(rule.parent_fd);
}

void
landlock_allow_reading(const struct landlock *landlock, const char *path)
{
	allow_path(landlock, path, READING);
}

void
landlock_allow_writing(const struct landlock *landlock, const char *path)
{
	allow_path(landlock, path, WRITING);
}

void
landlock_allow_port(const struct landlock *landlock, uint16_t port)
{
	const struct port_rule rule = {.allowed = CONNECT_TCP, .port = port};

	if (landlock->abi >= ABI_PORTS)
		(void)syscall(__NR_landlock_add_rule, landlock->fd, RULE_PORT, &rule, 0);
}

int
landlock_enforce(struct landlock *landlock)
{
	const int result = syscall(__NR_landlock_restrict_self, landlock->fd, 0) == 0 ? 0 : -errno;

	close(landlock->fd);
	landlock->fd = -1;
	return result;
}
