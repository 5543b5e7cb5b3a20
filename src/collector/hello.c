/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says who speaks: the host, its boot, the kernel, the rights of this collector. */
#include <config.h>

#include "hello.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/message.h>

enum {
	BOOT_ID_SIZE = 37,    /* a UUID and the end of its line */
	MACHINE_ID_SIZE = 33, /* 32 digits and the end of their line */
	MACHINE_TEXT_SIZE = 17,
};

static_assert(sizeof MESSAGE_KEY_MARK == MESSAGE_KEY_MARK_BYTES + 1, "the mark has its length");

static uint64_t
boot_ns(void)
{
	struct timespec since_boot = {0};

	clock_gettime(CLOCK_BOOTTIME, &since_boot);
	return clock_realtime_ns() - (uint64_t)since_boot.tv_sec * CLOCK_NS_PER_S -
	       (uint64_t)since_boot.tv_nsec;
}

/* Empty where it cannot be read. */
static struct text
read_line(const char *path, char *out, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, out, size) : -1;

	if (fd >= 0)
		close(fd);
	if (len > 0 && out[len - 1] == '\n')
		len--;
	return (struct text){out, len > 0 ? (size_t)len : 0};
}

/* FNV-1a: the same in every process, unlike the keyed hashes of maps. */
static uint64_t
hash_of(struct text text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (uint8_t)text.data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* A hash with half of its bits: the id itself is to be kept from strangers, see machine-id(5). */
static struct text
machine_id(char *out, size_t size)
{
	char line[MACHINE_ID_SIZE];
	const struct text id = read_line("/etc/machine-id", line, sizeof line);

	if (id.len == 0)
		return id;
	snprintf(out, size, "%016" PRIx64, hash_of(id));
	return text_of(out);
}

static int32_t
utc_offset_s(void)
{
	const time_t now = time(NULL);
	struct tm local;

	return localtime_r(&now, &local) != NULL ? (int32_t)local.tm_gmtoff : 0;
}

void
hello_write(struct stream_writer *writer, bool again)
{
	char boot_id[BOOT_ID_SIZE], machine[MACHINE_TEXT_SIZE];
	struct utsname names = {0};
	struct message_hello hello;

	uname(&names);
	hello = (struct message_hello){
		.format = MESSAGE_FORMAT,
		.version = text_of(PACKAGE_VERSION),
		.host = text_of(names.nodename),
		.kernel = text_of(names.release),
		.boot_ns = boot_ns(),
		.page_size = (uint32_t)sysconf(_SC_PAGESIZE),
		.clock_ticks = (uint32_t)sysconf(_SC_CLK_TCK),
		.uid = getuid(),
		.rights = privileges_get(),
		.pid = (uint32_t)getpid(),
		.boot_id = read_line("/proc/sys/kernel/random/boot_id", boot_id, sizeof boot_id),
		.again = again,
		.mark = {MESSAGE_KEY_MARK, MESSAGE_KEY_MARK_BYTES},
		.utc_offset_s = utc_offset_s(),
		.machine_id = machine_id(machine, sizeof machine),
		.format_least = MESSAGE_FORMAT_LEAST,
	};
	(void)stream_write_message(writer, MESSAGE_HELLO, &hello);
}
