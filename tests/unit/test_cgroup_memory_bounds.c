/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of cgroups: when it is read and forgotten, and what is no number, limit or path. */
#include <config.h>

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <time.h>

#include <sockwatch/base/clock.h>

#include "cgroup_tree.h"

/* Where the clock stands; 0: it goes. */
static uint64_t stopped_ns;

/* Ours comes before that of libc. */
int
clock_gettime(clockid_t id, struct timespec *now)
{
	if (stopped_ns == 0)
		return (int)syscall(SYS_clock_gettime, id, now);
	now->tv_sec = (time_t)(stopped_ns / CLOCK_NS_PER_S);
	now->tv_nsec = (long)(stopped_ns % CLOCK_NS_PER_S);
	return 0;
}

static size_t
report_now(struct cgroup_memory *memory)
{
	message_count = 0;
	assert_int_equal(cgroup_memory_report(memory, echo.writer), 0);
	stream_echo_read(&echo, keep, NULL);
	return message_count;
}

/* Read again after two seconds; a new one at once. */
static void
reads_when_it_is_time(void **state)
{
	struct cgroup_memory memory;

	(void)state;
	make_directory("a");
	make_directory("b");
	write_file("a/memory.max", "1000\n");
	write_file("b/memory.max", "2000\n");
	stopped_ns = UINT64_C(5000000000000);
	memory = open_tree("cgroup2", "");
	cgroup_memory_saw(&memory, text_of("/a"));
	assert_int_equal(report_now(&memory), 1);
	write_file("a/memory.max", "1001\n");
	stopped_ns += 2 * CLOCK_NS_PER_S - 1;
	assert_int_equal(report_now(&memory), 0);
	cgroup_memory_saw(&memory, text_of("/b"));
	assert_int_equal(report_now(&memory), 1);
	assert_string_equal(paths[0], "/b");
	assert_int_equal(report_now(&memory), 0);
	stopped_ns++;
	assert_int_equal(report_now(&memory), 1);
	assert_string_equal(paths[0], "/a");
	assert_int_equal(messages[0].limit_bytes, 1001);
	cgroup_memory_fini(&memory);
	stopped_ns = 0;
}

/* Two minutes after a process in it was seen last a cgroup is left, and no other. */
static void
forgets(void **state)
{
	static const char *const names[] = {"/a", "/b", "/c"};
	struct cgroup_memory memory;

	(void)state;
	make_directory("a");
	make_directory("b");
	make_directory("c");
	write_file("a/memory.max", "1000\n");
	write_file("c/memory.max", "3000\n");
	stopped_ns = UINT64_C(5000000000000);
	memory = open_tree("cgroup2", "");
	unit_each (i, names)
		cgroup_memory_saw(&memory, text_of(names[i]));
	assert_int_equal(report_now(&memory), 2);
	stopped_ns += 120 * CLOCK_NS_PER_S;
	cgroup_memory_saw(&memory, text_of("/c"));
	assert_int_equal(report_now(&memory), 0);
	assert_int_equal(memory.count, 3);
	stopped_ns++;
	assert_int_equal(report_now(&memory), 1);
	assert_string_equal(paths[0], "/a");
	assert_int_equal(messages[0].gone, 1);
	/* That of /b was never reported, and so its end is not. */
	assert_int_equal(memory.count, 1);
	write_file("c/memory.max", "3001\n");
	stopped_ns += 5 * CLOCK_NS_PER_S;
	assert_int_equal(report_now(&memory), 1);
	assert_string_equal(paths[0], "/c");
	/* Seen again, it is told again. */
	cgroup_memory_saw(&memory, text_of("/a"));
	assert_int_equal(report_now(&memory), 1);
	assert_string_equal(paths[0], "/a");
	assert_int_equal(messages[0].gone, 0);
	cgroup_memory_fini(&memory);
	stopped_ns = 0;
}

/* What the writer has no room for is reported later. */
static void
waits_for_room(void **state)
{
	struct stream_writer *const small = stream_writer_new(-1, 24);
	struct cgroup_memory memory;

	(void)state;
	make_directory("a");
	write_file("a/memory.max", "1000\n");
	memory = open_tree("cgroup2", "");
	cgroup_memory_saw(&memory, text_of("/a"));
	assert_int_equal(cgroup_memory_report(&memory, small), -ENOBUFS);
	assert_int_equal(report(&memory), 1);
	assert_int_equal(report(&memory), 0);
	remove_tree();
	assert_int_equal(mkdir(tree, 0700), 0);
	memory.due_ns = 0;
	assert_int_equal(cgroup_memory_report(&memory, small), -ENOBUFS);
	assert_int_equal(report(&memory), 1);
	assert_int_equal(messages[0].gone, 1);
	assert_int_equal(report(&memory), 0);
	stream_writer_free(small);
	cgroup_memory_fini(&memory);
}

/* Where nothing limits it, usage is not read; in either version. */
static void
unlimited(void **state)
{
	const int mount = open(tree, O_PATH | O_CLOEXEC);

	(void)state;
	for (int version = 1; version <= 2; version++) {
		struct message_cgroup_memory read = {.known = 0};

		(void)mkdirat(mount, "a", 0700);
		write_file("a/memory.max", "max\n");
		write_file("a/memory.current", "1\n");
		write_file("a/memory.kmem.tcp.limit_in_bytes", "9223372036854771712\n");
		write_file("a/memory.kmem.tcp.usage_in_bytes", "1\n");
		assert_int_equal(cgroup_memory_read(mount, version, "a", &read), 0);
		assert_int_equal(read.known, CGROUP_MEMORY_UNLIMITED);
		/* A limit that cannot be read. */
		read.known = 0;
		write_file("a/memory.max", "?\n");
		write_file("a/memory.kmem.tcp.limit_in_bytes", "?\n");
		assert_int_equal(cgroup_memory_read(mount, version, "a", &read), -EINVAL);
		assert_int_equal(read.known, 0);
		assert_int_equal(cgroup_memory_read(mount, version, "b", &read), -ENOENT);
	}
	close(mount);
}

/* Paths that are not those of a cgroup that we see. */
static void
paths_that_are_watched(void **state)
{
	static char longest[PATH_MAX];
	static const struct {
		const char *path;
		size_t count;
	} cases[] = {
		{"", 0},
		{"/", 0},
		{"/a", 1},
		{"a/b", 0},
		{"/../a", 0},
		{"/a/..", 0},
		{"/a/b/c", 3},
		{"/a/bc", 2},
	};
	struct cgroup_memory memory;

	(void)state;
	unit_each (i, cases) {
		memory = open_tree("cgroup2", "");
		cgroup_memory_saw(&memory, text_of(cases[i].path));
		assert_int_equal(memory.count, cases[i].count);
		cgroup_memory_fini(&memory);
	}
	memset(longest, 'x', sizeof longest);
	longest[0] = '/';
	for (size_t more = 0; more < 2; more++) {
		memory = open_tree("cgroup2", "");
		cgroup_memory_saw(&memory, (struct text){longest, PATH_MAX - 65 + more});
		assert_int_equal(memory.count, more == 0);
		cgroup_memory_fini(&memory);
	}
}

/* Each figure alone is enough to be reported again. */
static void
each_figure_is_news(void **state)
{
	static const struct {
		const char *file, *text;
	} cases[] = {
		{"a/memory.current", "2\n"},
		{"a/memory.stat", "sock 2\n"},
		{"a/memory.events", "max 2\nsock_throttled 1\n"},
		{"a/memory.events", "max 2\nsock_throttled 2\n"},
		{"a/memory.max", "9001\n"},
		{"a/memory.current", "no number\n"},
	};
	struct cgroup_memory memory;

	(void)state;
	make_directory("a");
	write_file("a/memory.max", "9000\n");
	write_file("a/memory.current", "1\n");
	write_file("a/memory.stat", "sock 1\n");
	write_file("a/memory.events", "max 1\nsock_throttled 1\n");
	memory = open_tree("cgroup2", "");
	cgroup_memory_saw(&memory, text_of("/a"));
	assert_int_equal(report(&memory), 1);
	unit_each (i, cases) {
		write_file(cases[i].file, cases[i].text);
		assert_int_equal(report(&memory), 1);
		assert_int_equal(report(&memory), 0);
	}
	cgroup_memory_fini(&memory);
}

static void
limits(void **state)
{
	static const struct {
		const char *text;
		uint64_t limit;
		uint8_t known;
	} cases[] = {
		{"0\n", 0, CGROUP_MEMORY_LIMIT},
		{"4611686018427387903\n", UINT64_C(4611686018427387903), CGROUP_MEMORY_LIMIT},
		{"4611686018427387904\n", 0, CGROUP_MEMORY_UNLIMITED},
		{"9223372036854771712", 0, CGROUP_MEMORY_UNLIMITED},
		{"18446744073709551616\n", 0, 0},
		{"max\n", 0, CGROUP_MEMORY_UNLIMITED},
		{"-1\n", 0, 0},
		{"5 \n", 0, 0},
		{"/5\n", 0, 0},
		{":5\n", 0, 0},
		{"", 0, 0},
	};

	(void)state;
	make_directory("a");
	unit_each (i, cases) {
		struct message_cgroup_memory read = {.known = 0};
		const int mount = open(tree, O_PATH | O_CLOEXEC);

		write_file("a/memory.max", cases[i].text);
		assert_int_equal(
			cgroup_memory_read(mount, 2, "a", &read) == 0, cases[i].known != 0);
		assert_int_equal(read.known, cases[i].known);
		if (cases[i].known != 0)
			assert_true(read.limit_bytes == cases[i].limit);
		close(mount);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_when_it_is_time, setup, teardown),
		cmocka_unit_test_setup_teardown(forgets, setup, teardown),
		cmocka_unit_test_setup_teardown(waits_for_room, setup, teardown),
		cmocka_unit_test_setup_teardown(each_figure_is_news, setup, teardown),
		cmocka_unit_test_setup_teardown(limits, setup, teardown),
		cmocka_unit_test_setup_teardown(unlimited, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_that_are_watched, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
