/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and replaces small files of the user, and refuses those of other users. */
#include <config.h>

#include "user_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
fail(struct error *error, const char *what, const char *path, int code)
{
	error_set(error, "%s cannot be %s: %s", path, what, strerror(code));
	return -code;
}

static int
refuse_owner(struct error *error, const char *path, const struct stat *facts)
{
	error_set(error, "%s is not used: it belongs to user %u, and sockwatch runs as user %u",
		path, (unsigned)facts->st_uid, (unsigned)geteuid());
	return -EPERM;
}

static int
read_all(int fd, const char *path, struct buffer *out, struct error *error)
{
	enum { PIECE = 16384 };

	for (size_t total = 0;;) {
		void *const room = buffer_reserve(out, PIECE);
		ssize_t len;

		if (room == NULL)
			return fail(error, "read", path, ENOMEM);
		len = read(fd, room, PIECE);
		if (len < 0)
			return fail(error, "read", path, errno);
		if (len == 0)
			return 0;
		out->len += (size_t)len;
		total += (size_t)len;
		if (total > STORE_MAX)
			return fail(error, "read", path, EFBIG);
	}
}

int
user_file_read(const char *path, struct buffer *out, struct error *error)
{
	/* Opened without blocking, since the name may be that of a fifo. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat facts;
	int result;

	if (fd < 0)
		return fail(error, "opened", path, errno);
	if (fstat(fd, &facts) != 0) {
		result = fail(error, "read", path, errno);
	} else if (!S_ISREG(facts.st_mode)) {
		error_set(error, "%s is not a regular file", path);
		result = -EINVAL;
	} else if (facts.st_uid != geteuid() && facts.st_uid != 0) {
		result = refuse_owner(error, path, &facts);
	} else {
		result = read_all(fd, path, out, error);
	}
	close(fd);
	return result;
}

static int
make_directories(const char *path, struct error *error)
{
	char part[PATH_MAX];
	const size_t len = strlen(path);

	if (len >= sizeof part)
		return fail(error, "made", path, ENAMETOOLONG);
	memcpy(part, path, len + 1);
	for (size_t i = 1; i <= len; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return fail(error, "made", part, errno);
		if (i < len)
			part[i] = '/';
	}
	return 0;
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		const ssize_t written = write(fd, data, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		data += written;
		len -= (size_t)written;
	}
	return fsync(fd) == 0 ? 0 : -errno;
}

/* Works in the directory that is open, so that nobody can exchange it meanwhile. */
static int
replace_in(int directory, const char *name, const void *data, size_t len)
{
	char temporary[NAME_MAX + 1];
	int result;
	int fd;

	snprintf(temporary, sizeof temporary, ".%.200s.%ld.new", name, (long)getpid());
	unlinkat(directory, temporary, 0); /* left by a process that was killed */
	fd = openat(
		directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	result = write_all(fd, data, len);
	if (close(fd) != 0 && result == 0)
		result = -errno;
	if (result == 0 && renameat(directory, temporary, directory, name) != 0)
		result = -errno;
	if (result != 0)
		unlinkat(directory, temporary, 0);
	else
		fsync(directory); /* the name too; some filesystems cannot, which is no failure */
	return result;
}

static int
write_into(const char *directory_path, const char *name, const char *path, const void *data,
	size_t len, struct error *error)
{
	const int directory = open(directory_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat facts;
	int result;

	if (directory < 0)
		return fail(error, "opened", directory_path, errno);
	if (fstat(directory, &facts) != 0)
		result = fail(error, "read", directory_path, errno);
	else if (facts.st_uid != geteuid() && facts.st_uid != 0)
		result = refuse_owner(error, directory_path, &facts);
	else {
		result = replace_in(directory, name, data, len);
		if (result != 0)
			fail(error, "written", path, -result);
	}
	close(directory);
	return result;
}

int
user_file_write(const char *path, const void *data, size_t len, struct error *error)
{
	char real[PATH_MAX];
	char parent[PATH_MAX];
	char name[PATH_MAX];
	struct stat facts;
	int result;

	if (strlen(path) >= sizeof real)
		return fail(error, "written", path, ENAMETOOLONG);
	if (realpath(path, real) == NULL) {
		memcpy(real, path, strlen(path) + 1);
	} else if (stat(real, &facts) == 0) {
		if (!S_ISREG(facts.st_mode)) {
			error_set(error, "%s is not a regular file", path);
			return -EINVAL;
		}
		if (facts.st_uid != geteuid())
			return refuse_owner(error, path, &facts);
	}
	/* dirname and basename change their argument. */
	memcpy(parent, real, strlen(real) + 1);
	memcpy(name, real, strlen(real) + 1);
	result = make_directories(dirname(parent), error);
	if (result != 0)
		return result;
	memcpy(parent, real, strlen(real) + 1);
	return write_into(dirname(parent), basename(name), path, data, len, error);
}

static const char *
own_directory(const char *path)
{
	struct stat facts;

	if (path == NULL || path[0] != '/')
		return NULL;
	if (stat(path, &facts) == 0 && facts.st_uid != geteuid())
		return NULL;
	return path;
}

int
user_file_path(const char *name, char *out, size_t size, struct error *error)
{
	const char *const config = own_directory(getenv("XDG_CONFIG_HOME"));
	const char *home = own_directory(getenv("HOME"));
	const struct passwd *user;
	int len;

	if (config != NULL) {
		len = snprintf(out, size, "%s/sockwatch/%s", config, name);
	} else {
		if (home == NULL) {
			user = getpwuid(geteuid());
			home = user != NULL ? user->pw_dir : NULL;
		}
		if (home == NULL || home[0] != '/') {
			error_set(error,
				"there is no home directory to keep settings in; name a file with --config");
			return -ENOENT;
		}
		len = snprintf(out, size, "%s/.config/sockwatch/%s", home, name);
	}
	if (len < 0 || (size_t)len >= size) {
		error_set(error, "the path of the configuration directory is too long");
		return -ENAMETOOLONG;
	}
	return 0;
}
