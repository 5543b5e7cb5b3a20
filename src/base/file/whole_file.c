/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Works in the directory as it was opened, so that nobody can exchange it meanwhile. The temporary
 * file is made with O_EXCL, which follows no link; renaming replaces a link and never follows it.
 */
#include <config.h>

#include <sockwatch/base/whole_file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

static const struct whole_file_writer *writer;

void
whole_file_set_writer(const struct whole_file_writer *of_files)
{
	writer = of_files;
}

static int
refuse(const struct whole_file *file, int number, struct error *error)
{
	error_set(error, "%s cannot be written: %s", file->path, file_words(number));
	return -number;
}

static int
refuse_owner(const struct whole_file *file, const char *what, uid_t owner, struct error *error)
{
	error_set(error, "%s is not written: %s belongs to user %u, and sockwatch runs as user %u",
		file->path, what, (unsigned)owner, (unsigned)geteuid());
	return -EPERM;
}

/* Opens the directory of the path and notes the name in it. */
static int
open_directory(struct whole_file *file, struct error *error)
{
	const char *const slash = strrchr(file->path, '/');
	const char *const name = slash != NULL ? slash + 1 : file->path;
	const size_t len = slash == NULL ? 0 : (size_t)(slash - file->path) + 1;
	char directory[PATH_MAX] = ".";
	struct stat facts;

	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return refuse(file, EISDIR, error);
	if (len >= sizeof directory || strlen(name) >= sizeof file->name)
		return refuse(file, ENAMETOOLONG, error);
	if (len > 0)
		snprintf(directory, sizeof directory, "%.*s", (int)len, file->path);
	memcpy(file->name, name, strlen(name) + 1);
	file->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->directory < 0 || fstat(file->directory, &facts) != 0)
		return refuse(file, errno, error);
	if (facts.st_uid != geteuid() && facts.st_uid != 0)
		return refuse_owner(file, "its directory", facts.st_uid, error);
	return 0;
}

/* Whether what has the name, if anything, may give way. */
static int
check_old(const struct whole_file *file, struct error *error)
{
	struct stat facts;

	if (fstatat(file->directory, file->name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : refuse(file, errno, error);
	if (S_ISLNK(facts.st_mode))
		return refuse(file, ELOOP, error);
	if (!S_ISREG(facts.st_mode)) {
		error_set(error, "%s is not a regular file", file->path);
		return -EINVAL;
	}
	return facts.st_uid == geteuid() ? 0 : refuse_owner(file, "it", facts.st_uid, error);
}

bool
whole_file_is_scraped(const char *path)
{
	const size_t len = strlen(path);

	return len > 5 && strcmp(path + len - 5, ".prom") == 0;
}

static int
open_temporary(struct whole_file *file, struct error *error)
{
	snprintf(file->temporary, sizeof file->temporary, ".%.200s.%ld.new", file->name,
		(long)getpid());
	/* Left by a process that was killed. */
	(void)unlinkat(file->directory, file->temporary, 0);
	file->fd = openat(file->directory, file->temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	/* Whatever the umask. */
	if (file->fd >= 0 && whole_file_is_scraped(file->name))
		(void)fchmod(file->fd, 0644);
	return file->fd >= 0 ? 0 : refuse(file, errno, error);
}

static int
refuse_directory(const char *path, int number, struct error *error)
{
	error_set(error, "%s cannot be made: %s", path, file_words(number));
	return -number;
}

int
whole_file_make_directories(const char *path, struct error *error)
{
	char part[PATH_MAX];

	if (strlen(path) >= sizeof part)
		return refuse_directory(path, ENAMETOOLONG, error);
	for (size_t i = 1; path[0] != '\0' && path[i] != '\0'; i++) {
		/* Where the name of something within it begins. */
		if (path[i] != '/' || path[i + 1] == '/' || path[i + 1] == '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return refuse_directory(part, errno, error);
	}
	return 0;
}

int
whole_file_open(struct whole_file *file, const char *path, struct error *error)
{
	int result;

	*file = (struct whole_file){.path = path, .directory = -1, .fd = -1};
	file->is_elsewhere = writer != NULL && writer->takes(path);
	if (file->is_elsewhere)
		return writer->open(file, error);
	result = open_directory(file, error);
	if (result == 0)
		result = check_old(file, error);
	if (result == 0)
		result = open_temporary(file, error);
	if (result != 0 && file->directory >= 0)
		close(file->directory);
	return result;
}

int
whole_file_write(struct whole_file *file, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0 && file->result == 0) {
		const ssize_t written = write(file->fd, at, len);

		if (written > 0) {
			at += written;
			len -= (size_t)written;
		} else if (written == 0 || errno != EINTR) {
			file->result = written == 0 ? -EIO : -errno;
		}
	}
	return file->result;
}

/* Some filesystems cannot rename without replacing; between look and rename nobody is likely. */
static int
rename_new(const struct whole_file *file)
{
	struct stat facts;

	if (syscall(SYS_renameat2, file->directory, file->temporary, file->directory, file->name,
		    RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (fstatat(file->directory, file->name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(file->directory, file->temporary, file->directory, file->name) == 0
		       ? 0
		       : -errno;
}

static int
take_name(const struct whole_file *file, bool replaces)
{
	if (!replaces)
		return rename_new(file);
	return renameat(file->directory, file->temporary, file->directory, file->name) == 0
		       ? 0
		       : -errno;
}

int
whole_file_commit(struct whole_file *file, bool replaces, struct error *error)
{
	int result = file->result;

	if (file->is_elsewhere)
		return writer->commit(file, replaces, error);
	if (result == 0 && fsync(file->fd) != 0)
		result = -errno;
	if (close(file->fd) != 0 && result == 0)
		result = -errno;
	file->fd = -1;
	if (result == 0)
		result = take_name(file, replaces);
	if (result != 0)
		(void)unlinkat(file->directory, file->temporary, 0);
	else
		(void)fsync(file->directory); /* the name too; not all filesystems can */
	close(file->directory);
	return result == 0 ? 0 : refuse(file, -result, error);
}
