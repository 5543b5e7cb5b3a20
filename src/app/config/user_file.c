/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and replaces small files of the user, and refuses those of other users. */
#include <config.h>

#include "user_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/opener.h>
#include <sockwatch/privilege/user.h>

static int
fail(struct error *error, const char *what, const char *path, int code)
{
	error_set(error, "%s cannot be %s: %s", path, what, file_words(code));
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

/* Without blocking, since the name may be that of a fifo. A descriptor, or negative errno. */
static int
open_to_read(const char *path)
{
	int fd;

	if (opener_runs())
		return opener_read(path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd >= 0 ? fd : -errno;
}

int
user_file_read(const char *path, struct buffer *out, struct error *error)
{
	const int fd = open_to_read(path);
	struct stat facts;
	int result;

	if (fd < 0)
		return fail(error, "opened", path, -fd);
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

/* What the user linked to is replaced where it is; the opener sees to that by itself. */
int
user_file_write(const char *path, const void *data, size_t len, struct error *error)
{
	char real[PATH_MAX];
	struct whole_file file;
	int result = 0;

	if (strlen(path) >= sizeof real)
		return fail(error, "written", path, ENAMETOOLONG);
	if (opener_runs() || realpath(path, real) == NULL)
		memcpy(real, path, strlen(path) + 1);
	if (!opener_runs())
		result = whole_file_make_directories(real, error);
	if (result == 0)
		result = whole_file_open(&file, real, error);
	if (result != 0)
		return result;
	(void)whole_file_write(&file, data, len);
	return whole_file_commit(&file, true, error);
}

static const char *
own_directory(const char *path)
{
	struct stat facts;

	if (path == NULL || path[0] != '/')
		return NULL;
	if (stat(path, &facts) == 0 && facts.st_uid != user_owner())
		return NULL;
	return path;
}

/* What else may know a user than /etc/passwd is not asked as root. */
static const char *
home_of_user(char *room, size_t size)
{
	const struct passwd *user;

	if (user_home(room, size))
		return room;
	user = geteuid() != 0 ? getpwuid(geteuid()) : NULL;
	return user != NULL ? user->pw_dir : NULL;
}

int
user_file_path(const char *name, char *out, size_t size, struct error *error)
{
	const char *const config = own_directory(getenv("XDG_CONFIG_HOME"));
	const char *home = own_directory(getenv("HOME"));
	char room[PATH_MAX];
	int len;

	if (config != NULL) {
		len = snprintf(out, size, "%s/sockwatch/%s", config, name);
	} else {
		if (home == NULL)
			home = home_of_user(room, sizeof room);
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
