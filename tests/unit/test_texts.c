/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of a model: named late, dropped when nothing names them, kept where something does. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/model/cgroup_memory.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/stream.h>

#include "feed.h"
#include "model/model_private.h"
#include "unit.h"

static void
cgroups_may_be_named_late(void **state)
{
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	const struct feed_socket sockets[] = {
		{.cookie = 1, .state = 1, .cgroup = 70},
		{.cookie = 2, .state = 1, .cgroup = 71},
		{.cookie = 3, .state = 1, .cgroup = 72},
	};

	(void)state;
	feed_message(&feed, MESSAGE_CGROUP,
		&(struct message_cgroup){.id = 72, .path = text_of("/early")});
	feed_snapshot(&feed, true, sockets, 3);
	assert_string_equal(model_text(model, feed_row(&feed, 1)->cgroup), "");
	assert_string_equal(model_text(model, feed_row(&feed, 3)->cgroup), "/early");
	feed_message(&feed, MESSAGE_CGROUP,
		&(struct message_cgroup){.id = 70, .path = text_of("/late")});
	feed_snapshot(&feed, false, NULL, 0);
	assert_string_equal(model_text(model, feed_row(&feed, 1)->cgroup), "/late");
	assert_string_equal(model_text(model, feed_row(&feed, 2)->cgroup), "");
	assert_string_equal(model_text(model, feed_row(&feed, 3)->cgroup), "/early");
	feed_free(&feed);
}

static void
texts_are_dropped_when_nothing_names_them(void **state)
{
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	const struct feed_socket socket = {
		.cookie = 1, .state = 1, .inode = 5, .congestion = "mine", .cgroup = 70};
	const struct message_process first = {.pid = 1,
		.start_ticks = 1,
		.comm = text_of("init"),
		.cmdline = text_of("/sbin/init"),
		.cgroup = text_of("/init.scope"),
		.unit = text_of("init.scope"),
		.container = text_of("4f5e6d7c8b9a"),
		.container_name = text_of("db"),
		.memory_cgroup = text_of("/memory/of/init")};
	const struct process_row *row;
	uint32_t most = 0;

	(void)state;
	feed_message(
		&feed, MESSAGE_CGROUP, &(struct message_cgroup){.id = 70, .path = text_of("/a")});
	feed_message(&feed, MESSAGE_USER, &(struct message_user){.uid = 9, .name = text_of("ann")});
	feed_message(&feed, MESSAGE_PROCESS, &first);
	feed_message(&feed, MESSAGE_LINK,
		&(struct message_link){.netns = FEED_NETNS, .ifindex = 2, .name = text_of("eth0")});
	feed_message(&feed, MESSAGE_CGROUP_MEMORY,
		&(struct message_cgroup_memory){.path = text_of("/memory"), .version = 2});
	feed_snapshot(&feed, true, &socket, 1);
	/* Processes come and go, each with a name of its own. */
	for (uint32_t i = 0; i < 60000; i++) {
		char comm[16];

		snprintf(comm, sizeof comm, "job-%u", i);
		feed_process(&feed, 1000 + i, i + 1, comm);
		feed_message(&feed, MESSAGE_PROCESS_GONE,
			&(struct message_process_gone){.pids = {&(uint32_t){1000 + i}, 1}});
		if (i % 1000 == 0)
			feed_snapshot(&feed, false, NULL, 0);
		if (intern_count(model->texts) > most)
			most = intern_count(model->texts);
	}
	assert_true(model->text_generation >= 3);
	assert_true(most < 20000);
	assert_string_equal(model_text(model, feed_row(&feed, 1)->cgroup), "/a");
	assert_string_equal(model_text(model, feed_row(&feed, 1)->congestion), "mine");
	assert_string_equal(model_user(model, 9), "ann");
	row = process_table_find(&model->processes, 1);
	assert_string_equal(model_text(model, row->comm), "init");
	assert_string_equal(model_text(model, row->cmdline), "/sbin/init");
	assert_string_equal(model_text(model, row->cgroup), "/init.scope");
	assert_string_equal(model_text(model, row->unit), "init.scope");
	assert_string_equal(model_text(model, row->container), "4f5e6d7c8b9a");
	assert_string_equal(model_text(model, row->container_name), "db");
	assert_string_equal(model_text(model, row->memory_cgroup), "/memory/of/init");
	assert_string_equal(model_link_name(model, 0, 2).data, "eth0");
	assert_string_equal(model_text(model, model_cgroup_memory_at(model, 0)->path), "/memory");
	feed_snapshot(&feed, false, &socket, 1);
	assert_string_equal(model_text(model, feed_row(&feed, 1)->congestion), "mine");
	assert_string_equal(model_text(model, feed_row(&feed, 1)->cgroup), "/a");
	feed_free(&feed);
}

/* A row has 16 bits for the name of its congestion control: the kernel's own are known always. */
static void
known_congestion_control_has_a_name(void **state)
{
	static const char *const congestions[] = {"cubic", "yeah", "bbr", "mine"};
	struct feed feed = feed_new();

	(void)state;
	for (uint32_t uid = 1; uid <= UINT16_MAX + 1; uid++) {
		char name[16];

		snprintf(name, sizeof name, "user-%u", uid);
		feed_message(&feed, MESSAGE_USER,
			&(struct message_user){.uid = uid, .name = text_of(name)});
	}
	unit_each (i, congestions) {
		const struct feed_socket socket = {.cookie = i + 1,
			.state = 1,
			.local_port = (uint16_t)(i + 1),
			.congestion = congestions[i]};

		feed_snapshot(&feed, false, &socket, 1);
		assert_string_equal(model_text(feed.model, feed_row(&feed, i + 1)->congestion),
			i < 3 ? congestions[i] : "");
	}
	feed_free(&feed);
}

/* As many cgroups have a name as we keep; one more has none, now and later. */
static void
cgroups_are_bounded(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {{.cookie = 1, .state = 1, .cgroup = MODEL_NAMES_MAX},
		{.cookie = 2, .state = 1, .cgroup = MODEL_NAMES_MAX + 1}};

	(void)state;
	for (uint64_t id = 1; id <= MODEL_NAMES_MAX; id++)
		feed_message(&feed, MESSAGE_CGROUP,
			&(struct message_cgroup){.id = id, .path = text_of("/one")});
	feed_snapshot(&feed, true, sockets, 2);
	assert_string_equal(model_text(feed.model, feed_row(&feed, 1)->cgroup), "/one");
	assert_int_equal(feed_row(&feed, 2)->cgroup, 0);
	feed_message(&feed, MESSAGE_CGROUP,
		&(struct message_cgroup){.id = MODEL_NAMES_MAX + 1, .path = text_of("/other")});
	feed_message(&feed, MESSAGE_CGROUP,
		&(struct message_cgroup){.id = MODEL_NAMES_MAX, .path = text_of("/again")});
	feed_snapshot(&feed, true, sockets, 2);
	assert_string_equal(model_text(feed.model, feed_row(&feed, 1)->cgroup), "/again");
	assert_int_equal(feed_row(&feed, 2)->cgroup, 0);
	feed_free(&feed);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cgroups_may_be_named_late),
		cmocka_unit_test(texts_are_dropped_when_nothing_names_them),
		cmocka_unit_test(known_congestion_control_has_a_name),
		cmocka_unit_test(cgroups_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
