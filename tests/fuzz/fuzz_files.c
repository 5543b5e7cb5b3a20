/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of the user and of the box that are read as a whole: the history of filters (h),
 * /etc/services (s), and the files of sysctl.d(5) (y), each of which is a byte for its name and
 * directory, and a text that ends in NUL. The first byte chooses which.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/analysis/services.h>

#include "analysis/field/services.h"
#include "app/config/history_file.h"
#include "app/option/options.h"
#include "collector/proc/system/sysctl_files.h"
#include "fuzz.h"
#include "memory_user_file.h"

enum { WRITER_LIMIT = 1 << 20, SYSCTL_FILES = 4, TRIED_PORTS = 100, LINK = 0x40 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Read from its file, saved and read again it is the same. */
static void
check_history(const char *text, size_t len)
{
	static struct settings first, again;
	struct error error;

	memory_user_file.data = text;
	memory_user_file.len = len;
	history_file_load("/somewhere/config", &first);
	require(first.filter_count <= SETTINGS_FILTERS_MAX);
	for (size_t i = 0; i < first.filter_count; i++)
		require(strchr(first.filters[i], '\n') == NULL && first.filters[i][0] != '\0');
	require(history_file_save("/somewhere/config", &first, &error) == 0);
	memory_user_file.data = memory_user_file.written.data;
	memory_user_file.len = memory_user_file.written.len;
	history_file_load("/somewhere/other", &again);
	require(again.filter_count <= first.filter_count);
	for (size_t i = 0; i < again.filter_count; i++)
		free(again.filters[i]);
	for (size_t i = 0; i < first.filter_count; i++)
		free(first.filters[i]);
	first.filter_count = again.filter_count = 0;
}

/* Both ways: a name that is found by its port is found by its name. */
static void
check_services(const char *text, size_t len)
{
	struct services services;

	services_parse(&services, text, len);
	for (uint16_t port = 0; port < TRIED_PORTS; port++) {
		const struct text name = services_find_name(&services, port, IPPROTO_TCP);

		if (name.len != 0)
			require(services_find_port(&services, name) != 0);
		(void)services_find_name(&services, port, IPPROTO_UDP);
	}
	(void)services_find_port(&services, text_of("http"));
	(void)services_name(services_port("http", strlen("http")), IPPROTO_TCP);
	services_fini(&services);
}

static const char *const directories[SYSCTL_FILES] = {
	"etc/sysctl.d", "run/sysctl.d", "usr/lib/sysctl.d", "etc"};
static const char *const names[SYSCTL_FILES] = {
	"10-a.conf", "50-b.conf", "99-sysctl.conf", "sysctl.conf"};

/* Where they are read from; made once, removed at the end. */
static char root[PATH_MAX];

static void
remove_root(void)
{
	static const char *const folders[] = {"etc/sysctl.d", "run/sysctl.d", "usr/lib/sysctl.d",
		"etc", "run", "usr/lib", "usr", ""};
	char path[PATH_MAX + 64];

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", root, folders[i]);
		(void)rmdir(path);
	}
}

static void
make_root(void)
{
	static const char *const folders[] = {
		"etc", "run", "usr", "usr/lib", "etc/sysctl.d", "run/sysctl.d", "usr/lib/sysctl.d"};
	const char *const above = getenv("TMPDIR");
	char path[PATH_MAX + 64];

	if (root[0] != '\0')
		return;
	snprintf(root, sizeof root, "%s/sockwatch-fuzz-XXXXXX", above != NULL ? above : "/tmp");
	require(mkdtemp(root) != NULL && atexit(remove_root) == 0);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", root, folders[i]);
		require(mkdir(path, 0700) == 0);
	}
}

static void
path_of(uint8_t which, char path[PATH_MAX + 64])
{
	snprintf(path, PATH_MAX + 64, "%s/%s/%s", root, directories[which % SYSCTL_FILES],
		names[which / SYSCTL_FILES % SYSCTL_FILES]);
}

/* One file in each, or a link to another. */
static void
write_files(const char *text, size_t len)
{
	char path[PATH_MAX + 64];

	while (len > 0) {
		const char *const end = memchr(text + 1, '\0', len - 1);
		const size_t size = end != NULL ? (size_t)(end - text) - 1 : len - 1;
		int fd;

		path_of((uint8_t)text[0], path);
		if ((text[0] & LINK) != 0)
			fd = symlink("../sysctl.conf", path) == 0 ? -1 : -errno;
		else
			fd = open(
				path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0) {
			require(write(fd, text + 1, size) == (ssize_t)size);
			close(fd);
		}
		text += 1 + size + (end != NULL);
		len -= 1 + size + (end != NULL);
	}
}

static void
check_sysctl_files(const char *text, size_t len)
{
	static struct stream_writer *writer;
	struct sysctl_files files;
	char path[PATH_MAX + 64];

	make_root();
	if (writer == NULL)
		writer = stream_writer_new(open("/dev/null", O_WRONLY | O_CLOEXEC), WRITER_LIMIT);
	require(writer != NULL);
	write_files(text, len);
	sysctl_files_init(&files, root);
	sysctl_files_report(&files, writer);
	require(files.has_reported && stream_flush(writer) == 0);
	for (unsigned i = 0; i < SYSCTL_FILES * SYSCTL_FILES; i++) {
		path_of((uint8_t)i, path);
		(void)unlink(path);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *copy;

	if (len < 2)
		return 0;
	/* A copy of the exact size, so that a sanitizer sees a step too far. */
	copy = malloc(len - 1);
	require(copy != NULL);
	memcpy(copy, data + 1, len - 1);
	switch (data[0]) {
	case 'h': check_history(copy, len - 1); break;
	case 's': check_services(copy, len - 1); break;
	case 'y': check_sysctl_files(copy, len - 1); break;
	default: break;
	}
	free(copy);
	return 0;
}
