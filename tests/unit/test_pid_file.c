/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/proc/pid_file.h"
#include "unit.h"

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
	close(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_stat_bad),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
