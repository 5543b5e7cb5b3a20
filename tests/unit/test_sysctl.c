/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sysctls: what the model makes of the messages, and what the collector reads of /proc/sys. */
#include <config.h>

#include <sockwatch/model/sysctl.h>

#include <stdio.h>
#include <string.h>

#include "collector/proc/proc.h"
#include "collector/proc/system/sysctl_read.h"
#include "feed.h"
#include "stream_echo.h"
#include "unit.h"

static void
take(struct feed *feed, uint32_t netns, const char *lines)
{
	const struct message_sysctls message = {.netns = netns, .text = text_of(lines)};

	feed_message(feed, MESSAGE_SYSCTLS, &message);
}

static void
known_absent_and_not_read(void **state)
{
	struct feed feed = feed_new();
	const struct model *const model = feed.model;
	uint64_t value = 7;

	(void)state;
	assert_int_equal(model_sysctl_state(model, 0, SYSCTL_SYNCOOKIES), SYSCTL_NOT_READ);
	take(&feed, FEED_NETNS,
		"net.ipv4.tcp_syncookies=1\nnet.ipv4.tcp_tw_recycle\nno.such=1\n\n");
	assert_int_equal(model_sysctl_state(model, 0, SYSCTL_SYNCOOKIES), SYSCTL_KNOWN);
	assert_true(model_sysctl(model, 0, SYSCTL_SYNCOOKIES, &value));
	assert_int_equal(value, 1);
	assert_int_equal(model_sysctl_state(model, 0, SYSCTL_TW_RECYCLE), SYSCTL_ABSENT);
	assert_false(model_sysctl(model, 0, SYSCTL_TW_RECYCLE, &value));
	assert_null(model_sysctl_text(model, 0, SYSCTL_TW_RECYCLE));
	/* Nothing else was read, and what has no such name is none of ours. */
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if (i != SYSCTL_SYNCOOKIES && i != SYSCTL_TW_RECYCLE)
			assert_int_equal(
				model_sysctl_state(model, 0, (enum sysctl)i), SYSCTL_NOT_READ);
	assert_int_equal(model_sysctl_state(model, 9, SYSCTL_SYNCOOKIES), SYSCTL_NOT_READ);
	assert_int_equal(value, 1);
	/* A module is loaded; a value changes; the others stay. */
	take(&feed, FEED_NETNS, "net.netfilter.nf_conntrack_max\n");
	take(&feed, FEED_NETNS,
		"net.netfilter.nf_conntrack_max=262144\nnet.ipv4.tcp_syncookies=0\n");
	assert_true(model_sysctl(model, 0, SYSCTL_CONNTRACK_MAX, &value));
	assert_int_equal(value, 262144);
	assert_true(model_sysctl(model, 0, SYSCTL_SYNCOOKIES, &value));
	assert_int_equal(value, 0);
	assert_int_equal(model_sysctl_state(model, 0, SYSCTL_TW_RECYCLE), SYSCTL_ABSENT);
	feed_free(&feed);
}

/* What the machine has once is the same whatever namespace is asked for. */
static void
of_namespaces_and_of_the_machine(void **state)
{
	struct feed feed = feed_new();
	const struct message_netns other = {.id = 2, .inode = 99};
	uint64_t value, mem[4];

	(void)state;
	feed_message(&feed, MESSAGE_NETNS, &other);
	take(&feed, FEED_NETNS, "net.core.somaxconn=4096\n");
	take(&feed, 2, "net.core.somaxconn=128\n");
	take(&feed, 0, "net.ipv4.tcp_mem=287898\t383865\t575796\n");
	assert_true(model_sysctl(feed.model, 0, SYSCTL_SOMAXCONN, &value));
	assert_int_equal(value, 4096);
	assert_true(model_sysctl(feed.model, 1, SYSCTL_SOMAXCONN, &value));
	assert_int_equal(value, 128);
	for (uint16_t netns = 0; netns < 3; netns++) {
		assert_int_equal(
			model_sysctl_numbers(feed.model, netns, SYSCTL_TCP_MEM, mem, 4), 3);
		assert_int_equal(mem[2], 575796);
	}
	/* A collector that was started again reads them again, perhaps with other rights. */
	feed_hello(&feed, "box", 0, 0);
	assert_int_equal(model_sysctl_state(feed.model, 0, SYSCTL_TCP_MEM), SYSCTL_NOT_READ);
	assert_int_equal(model_sysctl_state(feed.model, 0, SYSCTL_SOMAXCONN), SYSCTL_NOT_READ);
	feed_free(&feed);
}

static void
numbers_texts_and_ports(void **state)
{
	struct feed feed = feed_new();
	uint64_t numbers[3] = {0};
	struct sysctl_ports ports;
	struct text rest;

	(void)state;
	take(&feed, FEED_NETNS,
		"net.ipv4.ip_local_port_range=32768\t60999\n"
		"net.ipv4.ip_local_reserved_ports=8080,x,9000-9010,70000,1-,65535\n"
		"net.ipv4.tcp_congestion_control=cubic\n"
		"net.ipv4.tcp_wmem=4096 16384\t99999999999999999999\n");
	assert_int_equal(
		model_sysctl_numbers(feed.model, 0, SYSCTL_LOCAL_PORT_RANGE, numbers, 3), 2);
	assert_int_equal(numbers[0], 32768);
	assert_int_equal(numbers[1], 60999);
	assert_int_equal(
		model_sysctl_numbers(feed.model, 0, SYSCTL_LOCAL_PORT_RANGE, numbers, 1), 1);
	assert_int_equal(model_sysctl_numbers(feed.model, 0, SYSCTL_TCP_WMEM, numbers, 3), 2);
	assert_string_equal(model_sysctl_text(feed.model, 0, SYSCTL_CONGESTION_CONTROL), "cubic");
	assert_false(model_sysctl(feed.model, 0, SYSCTL_CONGESTION_CONTROL, numbers));
	rest = text_of(model_sysctl_text(feed.model, 0, SYSCTL_LOCAL_RESERVED_PORTS));
	assert_true(sysctl_next_ports(&rest, &ports));
	assert_int_equal(ports.first, 8080);
	assert_int_equal(ports.last, 8080);
	assert_true(sysctl_next_ports(&rest, &ports));
	assert_int_equal(ports.first, 9000);
	assert_int_equal(ports.last, 9010);
	assert_true(sysctl_next_ports(&rest, &ports));
	assert_int_equal(ports.first, 1);
	assert_true(sysctl_next_ports(&rest, &ports));
	assert_int_equal(ports.first, 65535);
	assert_false(sysctl_next_ports(&rest, &ports));
	assert_false(sysctl_is_cut(""));
	assert_false(sysctl_is_cut("1-5"));
	assert_true(sysctl_is_cut("1-5,"));
	feed_free(&feed);
}

static struct stream_echo echo;
static char lines[65536];
static size_t messages;

static void
keep(void *context, const struct message *message)
{
	(void)context;
	assert_int_equal(message->type, MESSAGE_SYSCTLS);
	text_add(lines, sizeof lines, strlen(lines), "%.*s", (int)message->body.sysctls.text.len,
		message->body.sysctls.text.data);
	messages++;
}

static void
read_again(struct sysctl_read *sysctls, uint32_t netns)
{
	lines[0] = '\0';
	messages = 0;
	sysctl_read_report(sysctls, echo.writer, netns);
	stream_echo_read(&echo, keep, NULL);
}

/* A line for each, with what its file says; then nothing, because nothing changed. */
static void
reads_what_the_kernel_prints(void **state)
{
	struct sysctl_read sysctls;
	char expected[128];
	FILE *file;
	int value;

	(void)state;
	stream_echo_open(&echo);
	sysctl_read_init(&sysctls);
	assert_true(sysctl_read_is_due(&sysctls, 1));
	read_again(&sysctls, 1);
	assert_false(sysctl_read_is_due(&sysctls, 1));
	assert_true(sysctl_read_is_due(&sysctls, 2));
	file = fopen("/proc/sys/net/core/somaxconn", "re");
	if (file != NULL) {
		assert_int_equal(fscanf(file, "%d", &value), 1);
		fclose(file);
		snprintf(expected, sizeof expected, "net.core.somaxconn=%d\n", value);
		assert_non_null(strstr(lines, expected));
		assert_non_null(strstr(lines, "net.ipv4.tcp_tw_recycle"));
	}
	assert_null(strstr(lines, "tcp_max_orphans"));
	/* Each has a line of its own, with or without a value. */
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if (file != NULL && sysctl_scope((enum sysctl)i) != SYSCTL_OF_MACHINE &&
			strstr(lines, sysctl_name((enum sysctl)i)) == NULL)
			fail_msg("%s is in none of the folders of sysctl_read.c",
				sysctl_name((enum sysctl)i));
	read_again(&sysctls, 1);
	/* Connections that are tracked come and go. */
	assert_true(messages == 0 || strstr(lines, "nf_conntrack_count") == lines + 14);
	read_again(&sysctls, PROC_MACHINE);
	assert_null(strstr(lines, "somaxconn"));
	assert_true(file == NULL || strstr(lines, "net.ipv4.tcp_max_orphans") != NULL);
	/* Another namespace of the same number is reported whole. */
	sysctl_read_lost_netns(&sysctls, 1);
	assert_true(sysctl_read_is_due(&sysctls, 1));
	read_again(&sysctls, 1);
	assert_true(file == NULL || strstr(lines, "net.core.somaxconn=") != NULL);
	sysctl_read_fini(&sysctls);
	stream_echo_close(&echo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_absent_and_not_read),
		cmocka_unit_test(of_namespaces_and_of_the_machine),
		cmocka_unit_test(numbers_texts_and_ports),
		cmocka_unit_test(reads_what_the_kernel_prints),
	};

	return cmocka_run_group_tests_name("sysctl", tests, NULL, NULL);
}
