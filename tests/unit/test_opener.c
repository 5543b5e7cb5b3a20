/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that writes files for a viewer who is somebody else: what it writes, and what not. */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/opener.h>

static char home[] = "/tmp/sockwatch-opener-XXXXXX";
static char start[PATH_MAX];
static char config[PATH_MAX], history[PATH_MAX];

static int
set_up(void **state)
{
	(void)state;
	memcpy(home + strlen(home) - 6, "XXXXXX", 6);
	assert_non_null(getcwd(start, sizeof start));
	assert_non_null(mkdtemp(home));
	assert_int_equal(chdir(home), 0);
	snprintf(config, sizeof config, "%s/deep/er/config", home);
	snprintf(history, sizeof history, "%s/deep/er/history", home);
	return 0;
}

static int
tear_down(void **state)
{
	char command[PATH_MAX + 16];

	(void)state;
	opener_stop();
	assert_int_equal(chdir(start), 0);
	snprintf(command, sizeof command, "rm -rf '%s'", home);
	return system(command);
}

static void
start_opener(void)
{
	const char *const files[OPENER_FILES_MAX] = {config, history, ""};
	struct error error;

	assert_int_equal(opener_start(files, &error), 0);
	assert_true(opener_runs());
}

/* 0, or why it was not written. */
static int
put(const char *path, const char *text, bool replaces, struct error *error)
{
	struct whole_file file;
	int result = whole_file_open(&file, path, error);

	if (result != 0)
		return result;
	(void)whole_file_write(&file, text, strlen(text));
	return whole_file_commit(&file, replaces, error);
}

static void
assert_holds(const char *path, const char *text)
{
	char found[64] = "";
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;

	assert_true(fd >= 0);
	assert_true(read(fd, found, sizeof found - 1) >= 0);
	assert_int_equal(fstat(fd, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0600);
	close(fd);
	assert_string_equal(found, text);
}

/* Their directories are made, they are replaced, and a link to them is followed. */
static void
test_listed(void **state)
{
	struct error error;
	char target[PATH_MAX];
	int fd;

	(void)state;
	start_opener();
	assert_int_equal(put(config, "one", true, &error), 0);
	assert_holds(config, "one");
	assert_int_equal(put(config, "two", true, &error), 0);
	assert_holds(config, "two");
	snprintf(target, sizeof target, "%s/elsewhere", home);
	assert_int_equal(rename(config, target), 0);
	assert_int_equal(symlink(target, config), 0);
	assert_int_equal(put(config, "three", true, &error), 0);
	assert_holds(target, "three");
	assert_int_equal(put(history, "h", true, &error), 0);
	assert_holds(history, "h");
	/* They are opened to be read, and no others are. */
	fd = opener_read(config);
	assert_int_equal(read(fd, target, sizeof target), 5);
	close(fd);
	assert_int_equal(opener_read("/etc/passwd"), -EPERM);
	assert_int_equal(opener_read(""), -EPERM);
	assert_int_equal(unlink(history), 0);
	assert_int_equal(opener_read(history), -ENOENT);
}

/* New files in the directory of the start, by a bounded name, and nothing else. */
static void
test_exports(void **state)
{
	static const char *const refused[] = {"name", ".txt", ".hidden.txt", "a b.txt", "a;b.txt",
		"-x.txt", "crontab", "x.txt.sh", "x.sh", "\303\274.txt", "a\nb.txt", ""};
	char path[PATH_MAX];
	struct error error;

	(void)state;
	start_opener();
	assert_int_equal(put("shown.txt", "page", false, &error), 0);
	assert_holds("shown.txt", "page");
	snprintf(path, sizeof path, "%s/with-path.txt", home);
	assert_int_equal(put(path, "page", false, &error), 0);
	assert_holds("with-path.txt", "page");
	/* What is there already never gives way, whatever the viewer says. */
	assert_int_equal(put("shown.txt", "other", true, &error), -EEXIST);
	assert_holds("shown.txt", "page");
	assert_int_equal(symlink("/etc/passwd", "link.txt"), 0);
	assert_int_not_equal(put("link.txt", "other", true, &error), 0);
	for (size_t i = 0; i < UNIT_COUNT_OF(refused); i++) {
		assert_int_equal(put(refused[i], "x", true, &error), -EPERM);
		assert_non_null(strstr(error.text, "as root, w writes NAME.txt"));
	}
	assert_int_equal(access("name", F_OK), -1);
}

/* In other directories this process writes itself, as the user that it is. */
static void
test_elsewhere(void **state)
{
	char path[PATH_MAX];
	struct error error;

	(void)state;
	start_opener();
	assert_int_equal(mkdir("other", 0700), 0);
	snprintf(path, sizeof path, "%s/other/any", home);
	assert_int_equal(put(path, "mine", false, &error), 0);
	assert_holds(path, "mine");
	assert_int_equal(put("other/../other/name.txt", "mine", false, &error), 0);
	assert_holds("other/name.txt", "mine");
}

static size_t
count_files(void)
{
	FILE *const list = popen("ls -A | wc -l", "r");
	char text[16] = "";

	assert_non_null(list);
	assert_non_null(fgets(text, sizeof text, list));
	pclose(list);
	return strtoul(text, NULL, 10);
}

/* What was not written whole leaves nothing, nor does a file that is never finished. */
static void
test_failures(void **state)
{
	struct whole_file file;
	struct error error;

	(void)state;
	start_opener();
	assert_int_equal(whole_file_open(&file, "half.txt", &error), 0);
	(void)whole_file_write(&file, "half", 4);
	file.result = -ENOSPC;
	assert_int_equal(whole_file_commit(&file, false, &error), -ENOSPC);
	assert_int_equal(count_files(), 0);
	/* Another is begun before the first is finished. */
	assert_int_equal(whole_file_open(&file, "first.txt", &error), 0);
	close(file.fd);
	assert_int_equal(put("second.txt", "2", false, &error), 0);
	assert_int_equal(count_files(), 1);
	/* The viewer goes in the middle. */
	assert_int_equal(whole_file_open(&file, "third.txt", &error), 0);
	close(file.fd);
	opener_stop();
	for (int i = 0; i < 1000 && count_files() != 1; i++)
		usleep(1000);
	assert_int_equal(count_files(), 1);
	/* Without it this process writes. */
	assert_int_equal(put("plain", "3", false, &error), 0);
}

/* The answer comes all the same, and the next one is not taken for it. */
static void
test_no_descriptor(void **state)
{
	struct rlimit limit, none;
	struct error error;
	int fd;

	(void)state;
	start_opener();
	assert_int_equal(put(config, "one", true, &error), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	close(fd);
	none = (struct rlimit){.rlim_cur = (rlim_t)fd, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(put("none.txt", "page", false, &error), -EMFILE);
	assert_string_equal(error.text,
		"none.txt cannot be written: this process has no descriptor left (ulimit -n)");
	assert_int_equal(opener_read(config), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(put("some.txt", "page", false, &error), 0);
	assert_holds("some.txt", "page");
	assert_int_equal(access("none.txt", F_OK), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_exports, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_failures, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_descriptor, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
