/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of TCP: the machine's, and that of cgroups with a limit. */
#include <config.h>

#include "doctor_lab.h"
#include "ports_lab.h"

enum { PID = 812, LIMIT = 4000000, PRESSURE = 400, MOST = 1000 };

static const char path[] = "/system.slice/hog.service";

/* A process of the cgroup that holds a connection; is_hidden: its descriptors cannot be read. */
static void
run_process(bool is_hidden, uint16_t netns)
{
	struct socket_row *const row =
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "2001:db8::9", 1000);
	struct process_row *process;

	row->netns = netns;
	sockets_hold(lab.model, row, PID, "hog");
	process = process_table_find(&lab.model->processes, PID);
	process->memory_cgroup = intern_add(lab.model->texts, text_of(path));
	if (!is_hidden)
		return;
	row->inode = 900000;
	process_table_set_error(&lab.model->processes, process, 13);
}

static int
use(uint8_t version, uint64_t usage, uint64_t sockets, bool is_hidden)
{
	struct message_cgroup_memory memory = {.path = text_of(path),
		.version = version,
		.known = CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE | CGROUP_MEMORY_SOCKETS,
		.limit_bytes = LIMIT,
		.usage_bytes = usage,
		.socket_bytes = sockets};
	struct feed feed;

	lab_again(&lab, "tcp-memory");
	feed = (struct feed){.model = lab.model, .realtime_ns = lab.model->now_ns};
	feed_message(&feed, MESSAGE_CGROUP_MEMORY, &memory);
	run_process(is_hidden, 0);
	lab_looks(&lab, 2);
	return lab_severity(&lab, "tcp-memory");
}

static void
test_cgroups(void **state)
{
	(void)state;
	assert_int_equal(use(1, LIMIT / 100 * 95 - 1, 0, false), LAB_NONE);
	assert_int_equal(use(1, LIMIT / 100 * 95, 0, false), SEVERITY_WARNING);
	lab_says(&lab, "tcp-memory",
		"the cgroup /system.slice/hog.service of hog (812) has used its 3.8M of TCP memory");
	assert_int_equal(lab_find(&lab, "tcp-memory")->sockets, 1);
	assert_string_equal(lab_find(&lab, "tcp-memory")->filter, "pid 812");
	/* A limit on all memory says little where sockets have little of it. */
	assert_int_equal(use(2, LIMIT, LIMIT / 4 - 1, false), LAB_NONE);
	assert_int_equal(use(2, LIMIT, LIMIT / 4, false), SEVERITY_WARNING);
	lab_says(&lab, "tcp-memory", "of memory, much of it for sockets");
	/* Whose sockets they are cannot be known: it is told, with the right that is missing. */
	assert_int_equal(use(1, LIMIT, 0, true), SEVERITY_WARNING);
	assert_non_null(strstr(lab_find(&lab, "tcp-memory")->needs, "CAP_SYS_PTRACE"));
	assert_int_equal(lab_find(&lab, "tcp-memory")->sockets, 0);
}

/* A full cgroup in which nobody holds a socket, and processes in others. */
static void
test_other_cgroups(void **state)
{
	struct message_cgroup_memory memory = {.path = text_of("/other"),
		.version = 1,
		.known = CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE,
		.limit_bytes = LIMIT,
		.usage_bytes = LIMIT};
	struct process_row *process;
	struct feed feed;

	(void)state;
	feed = (struct feed){.model = lab.model, .realtime_ns = lab.model->now_ns};
	feed_message(&feed, MESSAGE_CGROUP_MEMORY, &memory);
	memory.path = text_of(path);
	memory.usage_bytes = LIMIT / 2;
	feed_message(&feed, MESSAGE_CGROUP_MEMORY, &memory);
	run_process(false, 0);
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "tcp-memory"), LAB_NONE);
	/* One that cannot be looked into is in another, too. */
	process = process_table_get(&lab.model->processes, PID + 1);
	process_table_set_error(&lab.model->processes, process, 13);
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "tcp-memory"), LAB_NONE);
}

/* What is dropped is counted in the namespace of its sockets. */
static void
test_drops(void **state)
{
	static const struct lab_rate dropped = {COUNTER_RCV_Q_DROP, 1};
	const struct message_cgroup_memory memory = {.path = text_of(path),
		.version = 1,
		.known = CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE,
		.limit_bytes = LIMIT,
		.usage_bytes = LIMIT};
	const uint16_t other = lab_other_netns(&lab);
	struct feed feed;

	(void)state;
	feed = (struct feed){.model = lab.model, .realtime_ns = lab.model->now_ns};
	feed_message(&feed, MESSAGE_CGROUP_MEMORY, &memory);
	run_process(false, other);
	lab_run(&lab, 0, &dropped, 1, 8);
	assert_int_equal(lab_find(&lab, "tcp-memory")->netns, other);
	assert_null(strstr(lab_find(&lab, "tcp-memory")->title, "dropped"));
	lab_run(&lab, other, &dropped, 1, 8);
	lab_says(&lab, "tcp-memory", ": windows are closed and 1 segment a second dropped");
}

static int
machine(uint64_t pages, uint64_t aborts)
{
	const struct lab_rate rates[] = {{COUNTER_TCP_MEM, 0}, {COUNTER_ABORT_ON_MEMORY, aborts}};
	struct feed feed;

	lab_again(&lab, "tcp-memory");
	feed = (struct feed){.model = lab.model, .realtime_ns = lab.model->now_ns};
	feed_message(&feed, MESSAGE_SYSCTLS,
		&(struct message_sysctls){
			.netns = 0, .text = text_of("net.ipv4.tcp_mem=300\t400\t1000\n")});
	lab_count(&lab, COUNTER_TCP_MEM, pages);
	lab_run(&lab, 0, rates, 2, 8);
	return lab_severity(&lab, "tcp-memory");
}

static void
test_machine(void **state)
{
	(void)state;
	assert_int_equal(machine(PRESSURE, 0), LAB_NONE);
	assert_int_equal(machine(PRESSURE + 1, 0), SEVERITY_WARNING);
	lab_says(&lab, "tcp-memory",
		"the machine's TCP has 401 pages of memory: pressure begins at 400, the most is 1000");
	assert_int_equal(machine(MOST / 10 * 9, 0), SEVERITY_WARNING);
	assert_int_equal(machine(MOST / 10 * 9 + 1, 0), SEVERITY_CRITICAL);
	assert_int_equal(machine(1, 1), SEVERITY_CRITICAL);
	lab_says(&lab, "tcp-memory", "; connections are aborted for lack of it");
	/* In bytes too, where the size of a page is known. */
	lab.model->host.page_size = 4096;
	lab_look(&lab);
	lab_says(&lab, "tcp-memory", "the machine's TCP has 1 page of memory (4.0k): pressure");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cgroups, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_other_cgroups, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_drops, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_machine, open_lab, close_lab),
	};

	lab_page = "rule-memory";
	lab_rules = "tcp-memory";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
