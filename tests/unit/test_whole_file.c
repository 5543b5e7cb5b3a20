/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files are written whole or not at all, for their user alone, and never through a link. */
#include <config.h>

#include <sockwatch/base/whole_file.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>

#include "unit.h"

enum { NOBODY = 65534 };

static char directory[64];

static const char *
path_of(const char *name)
{
	static char path[2][128];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", directory, name);
	return path[turn];
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof directory, "/tmp/sockwatch-whole-XXXXXX");
	return mkdtemp(directory) != NULL ? 0 : -1;
}

/* Removes all; how many files there were. */
static int
clear(void)
{
	DIR *const list = opendir(directory);
	const struct dirent *entry;
	int count = 0;

	assert_non_null(list);
	while ((entry = readdir(list)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		unlinkat(dirfd(list), entry->d_name, 0);
	}
	closedir(list);
	return count;
}

static int
tear_down(void **state)
{
	(void)state;
	clear();
	return rmdir(directory);
}

static int
write_one(const char *name, const char *text, bool replaces, struct error *error)
{
	struct whole_file file;
	const int result = whole_file_open(&file, path_of(name), error);

	if (result != 0)
		return result;
	(void)whole_file_write(&file, text, strlen(text));
	return whole_file_commit(&file, replaces, error);
}

static void
assert_holds(const char *name, const char *text)
{
	char got[64] = "";
	const int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, got, sizeof got - 1) >= 0);
	close(fd);
	assert_string_equal(got, text);
}

static void
assert_refused(int result, int number, const struct error *error, const char *name)
{
	assert_int_equal(result, -number);
	assert_non_null(strstr(error->text, path_of(name)));
}

static void
a_file_is_of_its_user_alone(void **state)
{
	const mode_t before = umask(0);
	struct error error = {.position = -1};
	struct stat facts;

	(void)state;
	assert_int_equal(write_one("new", "one", false, &error), 0);
	umask(before);
	assert_holds("new", "one");
	assert_int_equal(stat(path_of("new"), &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0600);
	assert_refused(write_one("new", "two", false, &error), EEXIST, &error, "new");
	assert_holds("new", "one");
	assert_int_equal(write_one("new", "three", true, &error), 0);
	assert_holds("new", "three");
	assert_int_equal(clear(), 1);
}

static void
a_link_is_not_followed(void **state)
{
	struct error error = {.position = -1};

	(void)state;
	assert_int_equal(write_one("target", "old", false, &error), 0);
	assert_int_equal(symlink("target", path_of("link")), 0);
	assert_refused(write_one("link", "new", true, &error), ELOOP, &error, "link");
	assert_non_null(strstr(error.text, file_words(ELOOP)));
	assert_holds("target", "old");
	assert_int_equal(clear(), 2);
	/* Neither is one that somebody makes meanwhile, also under the temporary name. */
	assert_int_equal(symlink("/nonexistent/x", path_of("dangling")), 0);
	assert_refused(write_one("dangling", "new", false, &error), ELOOP, &error, "dangling");
	assert_int_equal(clear(), 1);
}

static void
a_link_that_comes_meanwhile_is_replaced(void **state)
{
	struct error error = {.position = -1};
	struct whole_file file;

	(void)state;
	assert_int_equal(write_one("target", "old", false, &error), 0);
	assert_int_equal(whole_file_open(&file, path_of("out"), &error), 0);
	assert_int_equal(whole_file_write(&file, "new", 3), 0);
	assert_int_equal(symlink("target", path_of("out")), 0);
	assert_int_equal(whole_file_commit(&file, true, &error), 0);
	assert_holds("target", "old");
	assert_holds("out", "new");
	clear();
}

static void
what_is_no_file_is_refused(void **state)
{
	struct error error = {.position = -1};

	(void)state;
	assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
	assert_refused(write_one("fifo", "x", true, &error), EINVAL, &error, "fifo");
	assert_refused(write_one("no/where", "x", true, &error), ENOENT, &error, "no/where");
	assert_refused(write_one("fifo/x", "x", true, &error), ENOTDIR, &error, "fifo/x");
	assert_refused(write_one("", "x", true, &error), EISDIR, &error, "");
	assert_int_equal(clear(), 1);
}

static void
what_belongs_to_others_is_refused(void **state)
{
	struct error error = {.position = -1};

	(void)state;
	if (geteuid() != 0)
		unit_skip("only root can make a file of somebody else");
	assert_int_equal(write_one("theirs", "old", false, &error), 0);
	assert_int_equal(chown(path_of("theirs"), NOBODY, NOBODY), 0);
	assert_refused(write_one("theirs", "new", true, &error), EPERM, &error, "theirs");
	assert_non_null(strstr(error.text, "65534"));
	assert_holds("theirs", "old");
	assert_int_equal(chown(directory, NOBODY, NOBODY), 0);
	assert_refused(write_one("mine", "new", true, &error), EPERM, &error, "mine");
	assert_int_equal(chown(directory, 0, 0), 0);
	assert_int_equal(clear(), 1);
}

static void
what_fails_leaves_the_old_file(void **state)
{
	const struct rlimit small = {.rlim_cur = 4, .rlim_max = RLIM_INFINITY};
	struct rlimit before;
	struct error error = {.position = -1};
	int result;

	(void)state;
	assert_int_equal(write_one("out", "old", false, &error), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	result = write_one("out", "too long", true, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_refused(result, EFBIG, &error, "out");
	assert_non_null(strstr(error.text, "ulimit -f"));
	assert_holds("out", "old");
	assert_int_equal(clear(), 1);
}

static void
no_descriptor_is_no_lack_of_memory(void **state)
{
	struct rlimit before, none;
	struct error error = {.position = -1};
	int result;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	result = write_one("out", "x", true, &error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_refused(result, EMFILE, &error, "out");
	assert_non_null(strstr(error.text, "ulimit -n"));
	assert_int_equal(clear(), 0);
}

static void
directories_above_a_file_are_made(void **state)
{
	struct error error;
	struct stat facts;

	(void)state;
	/* A name that ends in slashes is that of a directory, and not one above it. */
	assert_int_equal(whole_file_make_directories(path_of("a//b/c//"), &error), 0);
	assert_int_equal(stat(path_of("a/b"), &facts), 0);
	assert_int_equal(facts.st_mode, S_IFDIR | 0700);
	assert_int_equal(access(path_of("a/b/c"), F_OK), -1);
	assert_int_equal(whole_file_make_directories(path_of("a/b/file"), &error), 0);
	assert_int_equal(access(path_of("a/b/file"), F_OK), -1);
	assert_int_equal(whole_file_make_directories("", &error), 0);
	assert_int_equal(whole_file_make_directories("/file", &error), 0);
	assert_int_equal(rmdir(path_of("a/b")), 0);
	assert_int_equal(rmdir(path_of("a")), 0);
	close(open(path_of("a"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(whole_file_make_directories(path_of("a/b/file"), &error), -ENOTDIR);
	assert_non_null(
		strstr(error.text, "/a/b cannot be made: part of the path is not a directory"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_of_its_user_alone),
		cmocka_unit_test(a_link_is_not_followed),
		cmocka_unit_test(a_link_that_comes_meanwhile_is_replaced),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(what_belongs_to_others_is_refused),
		cmocka_unit_test(what_fails_leaves_the_old_file),
		cmocka_unit_test(no_descriptor_is_no_lack_of_memory),
		cmocka_unit_test(directories_above_a_file_are_made),
	};

	return cmocka_run_group_tests_name("whole_file", tests, set_up, tear_down);
}
