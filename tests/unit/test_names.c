/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of users, cgroups, interfaces; counters. */
#include <config.h>

#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/netns/link_names.h"
#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/mountinfo.h"
#include "collector/proc/proc_counters.h"
#include "collector/proc/user_names.h"
#include "stream_echo.h"
#include "unit.h"

static char heard[1024];

/* Each message as "uid=name ", "link=name ", "counters=source ". */
static void
hear(void *context, const struct message *message)
{
	const size_t len = strlen(heard);
	char *const out = heard + len;
	const size_t size = sizeof heard - len;

	(void)context;
	if (message->type == MESSAGE_USER)
		snprintf(out, size, "%u=%.*s ", message->body.user.uid,
			(int)message->body.user.name.len, message->body.user.name.data);
	else if (message->type == MESSAGE_LINK)
		snprintf(out, size, "%u/%u=%.*s ", message->body.link.netns,
			message->body.link.ifindex, (int)message->body.link.name.len,
			message->body.link.name.data);
	else if (message->type == MESSAGE_COUNTERS)
		snprintf(out, size, "%u:%u=%.*s ", message->body.counters.netns,
			message->body.counters.source, (int)message->body.counters.text.len,
			message->body.counters.text.data);
	else
		fail_msg("message %d", message->type);
}

static const char *
heard_of(struct stream_echo *echo)
{
	heard[0] = '\0';
	stream_echo_read(echo, hear, NULL);
	return heard;
}

/* Writes the file with a modification time that no other call gave it. */
static void
write_file(const char *path, const char *text)
{
	static time_t modified = 1000;
	const struct timespec times[] = {{.tv_sec = modified}, {.tv_sec = modified}};
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(futimens(fd, times), 0);
	modified++;
	close(fd);
}

static void
test_users(void **state)
{
	char path[] = "/tmp/test_names.XXXXXX";
	const int made = mkstemp(path);
	struct user_names names;
	struct stream_echo echo;

	(void)state;
	assert_true(made >= 0);
	close(made);
	stream_echo_open(&echo);
	write_file(path, "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/:\ntoor:x:0:0::/:\n");
	assert_int_equal(user_names_init(&names, path), 0);
	user_names_saw(&names, 33);
	user_names_saw(&names, 33);
	user_names_saw(&names, 4000);
	assert_int_equal(user_names_report(&names, echo.writer), 0);
	assert_string_equal(heard_of(&echo), "33=www ");
	assert_int_equal(user_names_report(&names, echo.writer), 0);
	assert_string_equal(heard_of(&echo), "");
	user_names_saw(&names, 0);
	assert_int_equal(user_names_report(&names, echo.writer), 0);
	assert_string_equal(heard_of(&echo), "0=root ");

	/* The file changes: only what changed is reported; a name that is gone is empty. */
	write_file(path, "root:x:0:0:root:/root:/bin/sh\nlate:x:4000:33::/:\n");
	user_names_saw(&names, 33);
	assert_int_equal(user_names_report(&names, echo.writer), 0);
	(void)heard_of(&echo);
	assert_non_null(strstr(heard, "33= "));
	assert_non_null(strstr(heard, "4000=late "));
	assert_null(strstr(heard, "root"));
	/* And may be no more itself. */
	unlink(path);
	assert_int_equal(user_names_report(&names, echo.writer), 0);
	(void)heard_of(&echo);
	assert_non_null(strstr(heard, "0= "));
	user_names_fini(&names);
	stream_echo_close(&echo);
}

static void
test_mounts(void **state)
{
	static const struct {
		const char *line, *point;
	} cases[] = {
		{"31 23 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw",
			"/sys/fs/cgroup"},
		{"31 23 0:27 / /a\\040b\\134 rw - cgroup2 none rw", "/a b\\"},
		{"31 23 0:27 / /u rw shared:1 master:2 - cgroup2 none rw", "/u"},
		/* Not its whole, not of version 2, not a line */
		{"31 23 0:27 /docker /sys/fs/cgroup rw - cgroup2 cgroup2 rw", NULL},
		{"31 23 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu", NULL},
		{"31 23 0:27 / /cgroup2 rw", NULL},
		{"", NULL},
	};
	char point[PATH_MAX];

	(void)state;
	unit_each (i, cases) {
		const bool found =
			cgroup_names_parse_mount(text_of(cases[i].line), point, sizeof point);

		assert_int_equal(found, cases[i].point != NULL);
		if (found)
			assert_string_equal(point, cases[i].point);
	}
	/* A path that does not fit is none. */
	assert_false(cgroup_names_parse_mount(text_of(cases[0].line), point, 5));
}

static void
test_mountinfo(void **state)
{
	const struct mountinfo mount = mountinfo_parse(
		text_of("36 35 0:4 net:[4026532301] /run/a\\040b rw shared:1 - nsfs nsfs rw\n"));
	char point[16];

	(void)state;
	assert_true(text_equal(mount.root, text_of("net:[4026532301]")));
	assert_true(text_equal(mount.type, text_of("nsfs")));
	assert_true(mountinfo_unescape(mount.point, point, sizeof point));
	assert_string_equal(point, "/run/a b");
	assert_false(mountinfo_unescape(mount.point, point, 8));
	/* A line that ends early has empty fields. */
	assert_int_equal(mountinfo_parse(text_of("36 35")).type.len, 0);
}

static void
test_links(void **state)
{
	struct link_names names;
	struct stream_echo echo;
	char name[IF_NAMESIZE];

	(void)state;
	if (if_indextoname(1, name) == NULL)
		unit_skip("there is no interface 1 here");
	stream_echo_open(&echo);
	link_names_init(&names, NULL, NULL);
	link_names_saw(&names, 1, 0);
	link_names_saw(&names, 1, 1);
	link_names_saw(&names, 1, 1);
	link_names_saw(&names, 1, 2000000000);
	link_names_saw(&names, 1, 1);
	assert_int_equal(link_names_report(&names, echo.writer), 0);
	(void)heard_of(&echo);
	assert_memory_equal(heard, "1/1=", 4);
	assert_memory_equal(heard + 4, name, strlen(name));
	assert_int_equal(strlen(heard), 4 + strlen(name) + 1);
	assert_int_equal(link_names_report(&names, echo.writer), 0);
	assert_string_equal(heard_of(&echo), "");

	/* Renamed: as if it had been reported under another name. */
	strcpy(names.links[0].name, "old");
	assert_int_equal(link_names_report(&names, echo.writer), 0);
	assert_memory_equal(heard_of(&echo), "1/1=", 4);
	link_names_lost_netns(&names, 1);
	assert_int_equal(names.count, 0);
	assert_int_equal(link_names_report(&names, echo.writer), 0);
	link_names_fini(&names);
	stream_echo_close(&echo);
}

static uint64_t unchanged_ns, monotonic_ns;

static void
take_times(void *context, const struct message *message)
{
	(void)context;
	unchanged_ns = message->body.counters.unchanged_ns;
	monotonic_ns = message->body.counters.monotonic_ns;
}

/* Readings that found nothing new are not reported, but the one before the change is told. */
static void
test_counters_say_until_when_nothing_changed(void **state)
{
	char path[] = "/tmp/test_names.XXXXXX";
	int fds[PROC_COUNTER_FILES] = {-1, -1, mkstemp(path), -1, -1, -1};
	struct proc_counters counters;
	struct stream_echo echo;
	uint64_t reported_ns;

	(void)state;
	assert_true(fds[COUNTER_SNMP] >= 0);
	unlink(path);
	stream_echo_open(&echo);
	proc_counters_init(&counters);
	assert_int_equal(pwrite(fds[COUNTER_SNMP], "one", 3, 0), 3);
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	stream_echo_read(&echo, take_times, NULL);
	assert_int_equal(unchanged_ns, 0);
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	stream_echo_read(&echo, take_times, NULL);
	reported_ns = monotonic_ns;
	usleep(20000);
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	usleep(20000);
	assert_int_equal(pwrite(fds[COUNTER_SNMP], "two", 3, 0), 3);
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	stream_echo_read(&echo, take_times, NULL);
	/* Between the reading that was not reported and this one, to a tenth of a millisecond. */
	assert_true(unchanged_ns >= reported_ns + 19000000);
	assert_true(unchanged_ns + 19000000 <= monotonic_ns);
	proc_counters_fini(&counters);
	stream_echo_close(&echo);
	close(fds[COUNTER_SNMP]);
}

static void
test_counters(void **state)
{
	char path[] = "/tmp/test_names.XXXXXX";
	char path6[] = "/tmp/test_names.XXXXXX";
	static const char snmp6[] =
		"Ip6InReceives\t9\nUdp6InErrors\t1\nUdp6NoPorts\t2\nUdpLite6InErrors\t3\n";
	int fds[PROC_COUNTER_FILES] = {-1, -1, mkstemp(path), -1, -1, -1};
	struct proc_counters counters;
	struct stream_echo echo;

	(void)state;
	assert_true(fds[COUNTER_SNMP] >= 0);
	unlink(path);
	stream_echo_open(&echo);
	proc_counters_init(&counters);
	assert_int_equal(pwrite(fds[COUNTER_SNMP], "one", 3, 0), 3);
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	assert_string_equal(heard_of(&echo), "7:2=one ");
	/* Once more, for a rate of zero; then it is no news. */
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	assert_string_equal(heard_of(&echo), "7:2=one ");
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	assert_string_equal(heard_of(&echo), "");
	/* Another namespace is another reading; so is the same number after the first is gone. */
	proc_counters_report(&counters, echo.writer, 8, fds, false);
	assert_string_equal(heard_of(&echo), "8:2=one ");
	proc_counters_lost_netns(&counters, 7);
	proc_counters_report(&counters, echo.writer, 7, fds, false);
	assert_string_equal(heard_of(&echo), "7:2=one ");
	assert_int_equal(pwrite(fds[COUNTER_SNMP], "two", 3, 0), 3);
	proc_counters_report(&counters, echo.writer, 8, fds, false);
	assert_string_equal(heard_of(&echo), "8:2=two ");
	/* Of this file only the lines of UDP are news. */
	close(fds[COUNTER_SNMP]);
	fds[COUNTER_SNMP] = -1;
	fds[COUNTER_SNMP6] = mkstemp(path6);
	assert_true(fds[COUNTER_SNMP6] >= 0);
	unlink(path6);
	assert_int_equal(pwrite(fds[COUNTER_SNMP6], snmp6, strlen(snmp6), 0), strlen(snmp6));
	proc_counters_report(&counters, echo.writer, 8, fds, false);
	assert_string_equal(heard_of(&echo), "8:4=Udp6InErrors\t1\nUdp6NoPorts\t2 ");
	proc_counters_report(&counters, echo.writer, 8, fds, true);
	assert_non_null(strstr(heard_of(&echo), "8:4=Ip6InReceives\t9\n"));
	proc_counters_report(&counters, echo.writer, 8, fds, false);
	proc_counters_report(&counters, echo.writer, 8, fds, false);
	assert_int_equal(pwrite(fds[COUNTER_SNMP6], "Ip6InReceives\t8", 15, 0), 15);
	(void)heard_of(&echo);
	proc_counters_report(&counters, echo.writer, 8, fds, false);
	assert_string_equal(heard_of(&echo), "");
	proc_counters_fini(&counters);
	stream_echo_close(&echo);
	close(fds[COUNTER_SNMP6]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_mounts),
		cmocka_unit_test(test_mountinfo),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_counters_say_until_when_nothing_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
