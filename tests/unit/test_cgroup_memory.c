/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of cgroups: the collector reads made trees of both versions, the model takes it in. */
#include <config.h>

#include <sockwatch/model/cgroup_memory.h>

#include "cgroup_tree.h"
#include "feed.h"
#include "unit.h"

/* What is known of the cgroup of this path; UINT8_MAX: there is no row. */
static uint8_t
known_of(const struct model *model, uint32_t path)
{
	for (size_t i = 0; i < model_cgroup_memory_count(model); i++)
		if (model_cgroup_memory_at(model, i)->path == path)
			return model_cgroup_memory_at(model, i)->known;
	return UINT8_MAX;
}

/* The limit stands above the cgroup of the process. */
static void
reads_version_2(void **state)
{
	struct cgroup_memory memory;

	(void)state;
	make_directory("app.slice");
	make_directory("app.slice/web.service");
	write_file("app.slice/memory.max", "4194304\n");
	write_file("app.slice/memory.current", "4000000\n");
	write_file("app.slice/memory.stat", "anon 5\nfile 6\nsocket 1\nsock 3900000\n");
	write_file("app.slice/memory.events", "low 0\nhigh 0\nmax 17\noom 0\nsock_throttled 3\n");
	write_file("app.slice/web.service/memory.max", "max\n");
	memory = open_tree("cgroup2", "");
	assert_int_equal(memory.version, 2);
	assert_true(text_equal(cgroup_memory_path(&memory, text_of("1:name=systemd:/x\n0::/a/b\n")),
		text_of("/a/b")));
	cgroup_memory_saw(&memory, text_of("/app.slice/web.service"));
	assert_int_equal(report(&memory), 2);
	assert_string_equal(paths[0], "/app.slice/web.service");
	assert_int_equal(messages[0].known, CGROUP_MEMORY_UNLIMITED);
	assert_string_equal(paths[1], "/app.slice");
	assert_int_equal(messages[1].version, 2);
	assert_int_equal(messages[1].known, CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE |
						    CGROUP_MEMORY_SOCKETS | CGROUP_MEMORY_HITS |
						    CGROUP_MEMORY_THROTTLED);
	assert_int_equal(messages[1].limit_bytes, 4194304);
	assert_int_equal(messages[1].usage_bytes, 4000000);
	assert_int_equal(messages[1].socket_bytes, 3900000);
	assert_int_equal(messages[1].limit_hits, 17);
	assert_int_equal(messages[1].throttled, 3);
	assert_int_equal(report(&memory), 0);
	write_file("app.slice/memory.events", "low 0\nmax 18\n");
	assert_int_equal(report(&memory), 1);
	assert_int_equal(messages[0].limit_hits, 18);
	assert_int_equal(messages[0].known & CGROUP_MEMORY_THROTTLED, 0);
	/* Not before its time, but for one that is new. */
	write_file("app.slice/memory.events", "max 19\n");
	make_directory("b.slice");
	write_file("b.slice/memory.max", "1\n");
	cgroup_memory_saw(&memory, text_of("/b.slice"));
	message_count = 0;
	assert_int_equal(cgroup_memory_report(&memory, echo.writer), 0);
	stream_echo_read(&echo, keep, NULL);
	assert_int_equal(message_count, 1);
	assert_string_equal(paths[0], "/b.slice");
	assert_int_equal(messages[0].known, CGROUP_MEMORY_LIMIT);
	/* Gone, and said once. */
	remove_tree();
	assert_int_equal(report(&memory), 3);
	assert_int_equal(messages[0].gone, 1);
	assert_int_equal(report(&memory), 0);
	cgroup_memory_fini(&memory);
}

static void
reads_version_1(void **state)
{
	struct cgroup_memory memory;

	(void)state;
	make_directory("hog");
	make_directory("free");
	write_file("hog/memory.kmem.tcp.limit_in_bytes", "4194304\n");
	write_file("hog/memory.kmem.tcp.usage_in_bytes", "4194304\n");
	write_file("hog/memory.kmem.tcp.failcnt", "0\n");
	write_file("free/memory.kmem.tcp.limit_in_bytes", "9223372036854771712\n");
	memory = open_tree("cgroup", ",memory");
	assert_int_equal(memory.version, 1);
	assert_true(text_equal(
		cgroup_memory_path(&memory, text_of("5:cpu:/c\n4:hugetlb,memory:/hog\n0::/a\n")),
		text_of("/hog")));
	assert_int_equal(cgroup_memory_path(&memory, text_of("4:memoryx:/hog\n")).len, 0);
	cgroup_memory_saw(&memory, text_of("/hog"));
	cgroup_memory_saw(&memory, text_of("/free"));
	/* Neither the root nor what is out of sight, nor one without the files. */
	cgroup_memory_saw(&memory, text_of("/"));
	cgroup_memory_saw(&memory, text_of(""));
	cgroup_memory_saw(&memory, text_of("/../hog"));
	cgroup_memory_saw(&memory, text_of("/none"));
	assert_int_equal(report(&memory), 2);
	assert_string_equal(paths[0], "/hog");
	assert_int_equal(messages[0].limit_bytes, 4194304);
	assert_int_equal(messages[0].usage_bytes, 4194304);
	assert_int_equal(messages[0].socket_bytes, 4194304);
	assert_int_equal(messages[0].known, CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE |
						    CGROUP_MEMORY_SOCKETS | CGROUP_MEMORY_HITS);
	assert_string_equal(paths[1], "/free");
	assert_int_equal(messages[1].known, CGROUP_MEMORY_UNLIMITED);
	assert_int_equal(messages[1].limit_bytes, 0);
	cgroup_memory_fini(&memory);
}

/* Version 1 of another controller beside version 2: the memory controller is that of version 2. */
static void
chooses_the_hierarchy_with_the_memory_controller(void **state)
{
	struct cgroup_memory memory;

	(void)state;
	cgroup_memory_init(&memory, text_of("30 24 0:26 / / rw - cgroup cgroup rw,cpu\n"
					    "31 24 0:27 /part / rw - cgroup cgroup rw,memory\n"
					    "32 24 0:28 / / rw - cgroup2 cgroup2 rw\n"));
	assert_int_equal(memory.version, 2);
	cgroup_memory_fini(&memory);
	cgroup_memory_init(&memory, text_of("32 24 0:28 / / rw - cgroup2 cgroup2 rw\n"
					    "31 24 0:27 / / rw - cgroup cgroup rw,memory\n"));
	assert_int_equal(memory.version, 1);
	cgroup_memory_fini(&memory);
	/* A part of a hierarchy, and what is none at all. */
	cgroup_memory_init(&memory, text_of("31 24 0:27 /part / rw - cgroup cgroup rw,memory\n"
					    "32 24 0:28 /part / rw - cgroup2 cgroup2 rw\n"
					    "33 24 0:29 / / rw - tmpfs tmpfs rw,memory\n"));
	assert_int_equal(memory.version, 0);
	assert_int_equal(memory.mount, -1);
	cgroup_memory_init(&memory, text_of(""));
	assert_int_equal(memory.version, 0);
	cgroup_memory_saw(&memory, text_of("/x"));
	assert_int_equal(report(&memory), 0);
	cgroup_memory_fini(&memory);
}

/* Those beyond the bound are counted, each once. */
static void
is_bounded(void **state)
{
	struct cgroup_memory memory;
	char path[32];

	(void)state;
	memory = open_tree("cgroup2", "");
	for (int turn = 0; turn < 2; turn++)
		for (int i = 0; i < CGROUP_MEMORY_MAX + 7; i++) {
			snprintf(path, sizeof path, "/c%d", i);
			cgroup_memory_saw(&memory, text_of(path));
		}
	assert_int_equal(memory.count, CGROUP_MEMORY_MAX);
	assert_int_equal(report(&memory), 1);
	assert_string_equal(paths[0], "");
	assert_int_equal(messages[0].left_out, 7);
	assert_int_equal(report(&memory), 0);
	cgroup_memory_fini(&memory);
}

static void
finds_numbers_by_whole_names(void **state)
{
	uint64_t number = 5;

	(void)state;
	assert_true(cgroup_memory_find(text_of("sockets 1\nsock 2\nsock 3\n"), "sock", &number));
	assert_int_equal(number, 2);
	assert_false(cgroup_memory_find(text_of("sockets 1\nxsock 2\n"), "sock", &number));
	assert_false(cgroup_memory_find(text_of("sock -2\n"), "sock", &number));
	assert_false(cgroup_memory_find(text_of("sock"), "sock", &number));
	/* A name without its number is another line. */
	assert_true(cgroup_memory_find(text_of("sock\nsock \nsock 7\n"), "sock", &number));
	assert_int_equal(number, 7);
	assert_true(cgroup_memory_find(
		text_of("sock 00000000000000000000000000000000\nsock 8"), "sock", &number));
	assert_int_equal(number, 8);
	assert_true(cgroup_memory_find(text_of("sock 00018446744073709551615\n"), "sock", &number));
	assert_true(number == UINT64_MAX);
	assert_false(cgroup_memory_find(
		text_of("sock 99999999999999999999999999999999\n"), "sock", &number));
}

static void
take(struct feed *feed, const char *path, uint64_t usage, uint64_t limit, uint64_t hits)
{
	const struct message_cgroup_memory message = {.path = text_of(path),
		.version = 2,
		.known = limit != 0 ? CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE | CGROUP_MEMORY_HITS
				    : CGROUP_MEMORY_UNLIMITED,
		.limit_bytes = limit,
		.usage_bytes = usage,
		.limit_hits = hits};

	feed_message(feed, MESSAGE_CGROUP_MEMORY, &message);
}

static void
the_model_finds_the_limit_that_matters(void **state)
{
	struct feed feed = feed_new();
	const struct message_process process = {.pid = 7,
		.start_ticks = 1,
		.comm = text_of("nginx"),
		.cgroup = text_of("/other"),
		.memory_cgroup = text_of("/app/web/a")};
	const struct message_cgroup_memory gone = {.path = text_of("/app"), .gone = 1};
	const struct message_cgroup_memory left_out = {.left_out = 9};
	const struct cgroup_memory_usage *row;
	uint32_t cgroup;

	(void)state;
	feed_message(&feed, MESSAGE_PROCESS, &process);
	cgroup = process_table_find(&feed.model->processes, 7)->memory_cgroup;
	assert_string_equal(model_text(feed.model, cgroup), "/app/web/a");
	assert_null(model_cgroup_memory_nearest(feed.model, cgroup));
	take(&feed, "/app/web/a", 0, 0, 0);
	assert_null(model_cgroup_memory_nearest(feed.model, cgroup));
	take(&feed, "/app", 50, 100, 1);
	take(&feed, "/app/we", 99, 100, 0); /* is not above it */
	row = model_cgroup_memory_nearest(feed.model, cgroup);
	assert_non_null(row);
	assert_string_equal(model_text(feed.model, row->path), "/app");
	take(&feed, "/app/web", 60, 100, 0);
	row = model_cgroup_memory_nearest(feed.model, cgroup);
	assert_string_equal(model_text(feed.model, row->path), "/app/web");
	/* The report before is kept for rates. */
	feed_wait(&feed, 2000);
	take(&feed, "/app", 90, 100, 11);
	row = model_cgroup_memory_nearest(feed.model, cgroup);
	assert_int_equal(row->limit_hits, 11);
	assert_int_equal(row->previous_limit_hits, 1);
	assert_int_equal(row->changed_ns - row->previous_ns, UINT64_C(2000000000));
	assert_int_equal(model_cgroup_memory_count(feed.model), 4);
	feed_message(&feed, MESSAGE_CGROUP_MEMORY, &gone);
	assert_int_equal(model_cgroup_memory_count(feed.model), 3);
	row = model_cgroup_memory_nearest(feed.model, cgroup);
	assert_string_equal(model_text(feed.model, row->path), "/app/web");
	assert_int_equal(known_of(feed.model, cgroup), CGROUP_MEMORY_UNLIMITED);
	feed_message(&feed, MESSAGE_CGROUP_MEMORY, &left_out);
	assert_int_equal(model_cgroup_memory_left_out(feed.model), 9);
	feed_hello(&feed, "box", 0, 0);
	assert_int_equal(model_cgroup_memory_count(feed.model), 0);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_version_2, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_version_1, setup, teardown),
		cmocka_unit_test_setup_teardown(
			chooses_the_hierarchy_with_the_memory_controller, setup, teardown),
		cmocka_unit_test_setup_teardown(is_bounded, setup, teardown),
		cmocka_unit_test(finds_numbers_by_whole_names),
		cmocka_unit_test(the_model_finds_the_limit_that_matters),
	};

	return cmocka_run_group_tests_name("cgroup_memory", tests, NULL, NULL);
}
