/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/proc/last_pid.h"
#include "collector/proc/pid_file.h"
#include "collector/proc/proc_view.h"
#include "unit.h"

/* What the folder lists instead of what is there, some at a time; NULL: what is there. */
static const char *const *listed;
static size_t listed_count, listed_at;
static int list_error;

/* Ours comes before that of libc. */
ssize_t
getdents64(int fd, void *buffer, size_t size)
{
	size_t len = 0;

	if (list_error != 0) {
		errno = list_error;
		return -1;
	}
	if (listed == NULL)
		return syscall(SYS_getdents64, fd, buffer, size);
	for (unsigned n = 0; n < 3 && listed_at < listed_count; n++) {
		struct dirent64 *const entry = (void *)((char *)buffer + len);
		const size_t name_len = strlen(listed[listed_at]);

		entry->d_reclen =
			(unsigned short)((offsetof(struct dirent64, d_name) + name_len + 8) / 8 *
					 8);
		memcpy(entry->d_name, listed[listed_at++], name_len + 1);
		len += entry->d_reclen;
	}
	return (ssize_t)len;
}

#define FIELDS_4_TO_21 "1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0"

static void
test_stat(void **state)
{
	static const struct {
		const char *text, *comm;
		uint32_t flags;
		uint64_t start_ticks;
	} cases[] = {
		{"42 (nginx) S " FIELDS_4_TO_21 " 98765 1 2\n", "nginx", 4194560, 98765},
		{"42 (a b) R (c) S " FIELDS_4_TO_21 " 7 1\n", "a b) R (c", 4194560, 7},
		{"42 (:-)) ) S " FIELDS_4_TO_21 " 8", ":-)) ", 4194560, 8},
		{"42 () S " FIELDS_4_TO_21 " 18446744073709551615 0", "", 4194560, UINT64_MAX},
		{"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 9 0", "kthreadd",
			2129984, 9},
	};

	(void)state;
	unit_each (i, cases) {
		struct pid_stat stat;

		assert_int_equal(pid_stat_parse(text_of(cases[i].text), &stat), 0);
		assert_true(text_equal(stat.comm, text_of(cases[i].comm)));
		assert_int_equal(stat.flags, cases[i].flags);
		assert_true(stat.start_ticks == cases[i].start_ticks);
	}
	assert_int_not_equal(2129984 & PID_STAT_KERNEL_THREAD, 0);
	assert_int_equal(4194560 & PID_STAT_KERNEL_THREAD, 0);
}

static void
test_limits(void **state)
{
	static const struct {
		const char *text;
		int status;
		uint32_t limit;
	} cases[] = {
		{"Limit                     Soft Limit           Hard Limit           Units     \n"
		 "Max cpu time              unlimited            unlimited            seconds   \n"
		 "Max open files            1024                 524288               files     \n"
		 "Max locked memory         8388608              8388608              bytes     \n",
			0, 1024},
		{"Max open files            0                    0                    files     \n",
			0, 0},
		{"Max open files            1073741816           1073741816           files", 0,
			1073741816},
		{"Max open files            unlimited            unlimited            files     \n",
			-EINVAL, 0},
		{"Max open files            4294967296           4294967296           files     \n",
			-EINVAL, 0},
		{"Max open files            4294967295           4294967296           files     \n",
			0, UINT32_MAX},
		{"Max open files ", -EINVAL, 0},
		{"Max open files", -EINVAL, 0},
		{"Max open files 8", 0, 8},
		{"Max open files -9", 0, 9},
		{"Max open files /9", -EINVAL, 0},
		{"Max open files :9", -EINVAL, 0},
		{"Max open filesystems      7                    7                    files     \n",
			-EINVAL, 0},
		{"", -EINVAL, 0},
	};

	(void)state;
	unit_each (i, cases) {
		uint32_t limit = 77;

		assert_int_equal(
			pid_limits_parse_files(text_of(cases[i].text), &limit), cases[i].status);
		assert_int_equal(limit, cases[i].status == 0 ? cases[i].limit : 77);
	}
}

static void
test_stat_bad(void **state)
{
	static const char *const cases[] = {
		"",
		"42",
		"42 (nginx",
		"42 )nginx( S 1",
		"42 (nginx)",
		"42 (nginx) S",
		"42 (nginx) S 1 42 42",
		"42 (nginx) S 1 x 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5",
	};

	(void)state;
	unit_each (i, cases) {
		/* Exactly that size, so that a sanitizer sees a read past the end. */
		const size_t len = strlen(cases[i]);
		char *const copy = malloc(len + 1);
		struct pid_stat stat;

		assert_non_null(copy);
		memcpy(copy, cases[i], len);
		assert_int_equal(pid_stat_parse((struct text){copy, len}, &stat), -EINVAL);
		free(copy);
	}
}

static void
test_path(void **state)
{
	char path[PID_FILE_PATH_SIZE];

	(void)state;
	pid_file_path(4194304, "cgroup", path);
	assert_string_equal(path, "4194304/cgroup");
	pid_file_path(1, "", path);
	assert_string_equal(path, "1");
	pid_file_path(UINT32_MAX, "sixteen-letters-", path);
	assert_string_equal(path, "4294967295/sixteen-letters-");
	assert_true(strlen(path) < sizeof path);
}

static void
test_list(void **state)
{
	const int directory = open("/proc", O_RDONLY | O_DIRECTORY);
	uint32_t *pids = NULL;
	size_t capacity = 0;
	bool found = false;

	(void)state;
	/* Twice: the second begins at the first entry again. */
	for (int round = 0; round < 2; round++) {
		const ssize_t count = pid_list(directory, &pids, &capacity);

		assert_true(count >= 1);
		found = false;
		for (ssize_t i = 0; i < count; i++) {
			found = found || pids[i] == (uint32_t)getpid();
			assert_true(i == 0 || pids[i - 1] < pids[i]);
		}
		assert_true(found);
	}
	free(pids);
	close(directory);
}

/* Names that are no pids, numbers at the bound, and an order that is none. */
static void
test_list_order(void **state)
{
	static const char *const names[] = {".", "..", "7", "5", "12a", "a12", "0", "4294967289",
		"4294967290", "4294967296", "99999999999", "6", "", "self", "10", "00", "9", ":",
		"/"};
	static const uint32_t pids[] = {5, 6, 7, 9, 10, 4294967289};
	const int directory = open("/proc", O_RDONLY | O_DIRECTORY);
	uint32_t *found = NULL;
	size_t capacity = 0;

	(void)state;
	listed = names;
	listed_count = UNIT_COUNT_OF(names);
	listed_at = 0;
	assert_int_equal(pid_list(directory, &found, &capacity), UNIT_COUNT_OF(pids));
	assert_memory_equal(found, pids, sizeof pids);
	listed = NULL;
	list_error = EIO;
	assert_int_equal(pid_list(directory, &found, &capacity), -EIO);
	list_error = 0;
	close(directory);
	assert_int_equal(pid_list(directory, &found, &capacity), -EBADF);
	free(found);
}

/* More than there is room for at first. */
static void
test_list_many(void **state)
{
	enum { COUNT = 1100 };
	static char room[COUNT][8];
	static const char *names[COUNT];
	const int directory = open("/proc", O_RDONLY | O_DIRECTORY);
	uint32_t *found = NULL;
	size_t capacity = 0;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(room[i], sizeof room[i], "%u", i + 1);
		names[i] = room[i];
	}
	listed = names;
	listed_count = COUNT;
	for (unsigned long n = unit_memory_can_fail() ? 3 : 1; n > 0; n--) {
		listed_at = 0;
		unit_memory_fails_at(n - 1);
		assert_int_equal(pid_list(directory, &found, &capacity), n > 1 ? -ENOMEM : COUNT);
		unit_memory_fails_at(0);
		if (n > 1) {
			free(found);
			found = NULL;
			capacity = 0;
		}
	}
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(found[i], i + 1);
	assert_int_equal(capacity, 2048);
	listed = NULL;
	free(found);
	close(directory);
}

static void
test_read(void **state)
{
	const int directory = open("/proc", O_PATH | O_DIRECTORY);
	const uint32_t own = (uint32_t)getpid();
	struct pid_stat stat;
	char text[1024];
	const ssize_t len = pid_file_read(directory, own, "stat", text, sizeof text);

	(void)state;
	assert_true(len > 0);
	assert_int_equal(pid_stat_parse((struct text){text, (size_t)len}, &stat), 0);
	assert_true(stat.start_ticks > 0);
	assert_int_equal(pid_file_read(directory, own, "stat", text, 3), 3);
	assert_int_equal(pid_file_read(directory, own, "nothing", text, 3), -ENOENT);
	assert_int_equal(pid_file_read(directory, own, "task", text, 3), -EISDIR);
	assert_int_equal(pid_file_read(directory, own, "stat", text, 0), 0);
	close(directory);
}

/* Which mount of /proc hides processes, and from whom. */
static void
test_mount(void **state)
{
	static const gid_t groups[] = {7, 1000};
	static const struct {
		const char *line;
		bool is_proc, is_hiding;
	} cases[] = {
		{"46 44 0:21 / /proc rw,relatime - proc proc rw", true, false},
		{"46 44 0:21 / /proc rw shared:5 - proc proc rw,hidepid=2", true, true},
		{"46 44 0:21 / /proc rw - proc proc rw,hidepid=invisible", true, true},
		{"46 44 0:21 / /proc rw - proc proc rw,hidepid=noaccess", true, true},
		{"46 44 0:21 / /proc rw - proc proc rw,hidepid=1", true, true},
		{"46 44 0:21 / /proc rw - proc proc rw,gid=7,hidepid=2", true, false},
		{"46 44 0:21 / /proc rw - proc proc rw,gid=8,hidepid=2", true, true},
		{"46 44 0:21 / /proc rw - proc proc rw,gid=7,hidepid=ptraceable", true, true},
		{"46 44 0:21 / /proc rw - proc proc rw,gid=,hidepid=2", true, true},
		{"46 44 0:21 / /mnt/proc rw - proc proc rw,hidepid=2", false, false},
		{"46 44 0:21 / /proc rw - tmpfs none rw", false, false},
		{"46 44", false, false},
	};

	(void)state;
	unit_each (i, cases) {
		bool is_hiding = false;

		assert_int_equal(
			proc_view_parse_mount(text_of(cases[i].line), groups, 2, &is_hiding),
			cases[i].is_proc);
		assert_int_equal(is_hiding, cases[i].is_hiding);
	}
}

static void
test_last_pid_text(void **state)
{
	static const struct {
		const char *text;
		uint32_t number;
	} cases[] = {
		{"0.00 0.01 0.05 1/123 4567\n", 4567},
		{"0.00 0.01 0.05 1/123 4194304", 4194304},
		{"0.00 0.01 0.05 1/123 4294967295\n", UINT32_MAX},
		{"0.00 0.01 0.05 1/123 4294967296\n", 0},
		{"0.00 0.01 0.05 1/123 99999999999999999999999\n", 0},
		{"0.00 0.01 0.05 1/123\n", 0},
		{"0.00 0.01 0.05 1/123 \n", 0},
		{"4567\n", 0},
		{"\n", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(last_pid_parse(text_of(cases[i].text)), cases[i].number);
}

/* A child shows. What tells nothing says each time that there may be one. */
static void
test_last_pid(void **state)
{
	const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct last_pid last, none = {.fd = -1};

	(void)state;
	assert_true(proc >= 0);
	assert_true(last_pid_moved(&none));
	assert_true(last_pid_moved(&none));
	if (!proc_view_is_own(proc))
		unit_skip("/proc is of another PID namespace");
	last_pid_open(&last, proc);
	(void)last_pid_moved(&last);
	for (int i = 0; i < 3; i++) {
		const pid_t child = fork();

		if (child == 0)
			_exit(0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_true(last_pid_moved(&last));
	}
	last_pid_close(&last);
	assert_int_equal(last.fd, -1);
	close(proc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stat_bad),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_mount),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_order),
		cmocka_unit_test(test_list_many),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_last_pid_text),
		cmocka_unit_test(test_last_pid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
