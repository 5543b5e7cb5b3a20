/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The refreshes of the collector in several namespaces, which are those of children of this
 * process. */
#include <config.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule_watch.h"
#include "unit.h"

enum { CHILDREN = 3 };

/* The place of the first dump of this table; the test fails when there is none. */
static size_t
dump_of(uint32_t netns, uint8_t protocol)
{
	for (size_t i = 0; i < seen.dump_count; i++)
		if (seen.dumps[i].netns == netns && seen.dumps[i].protocols == protocol)
			return i;
	fail_msg("no dump of namespace %u, protocol %u", netns, protocol);
	return 0;
}

/* A process in a namespace of its own, with a connection to itself there. */
struct child {
	pid_t pid;
	uint64_t inode;
};

static bool
connect_here(void)
{
	struct ifreq lo = {.ifr_flags = IFF_UP | IFF_RUNNING};
	struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof here;
	const int listener = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);

	snprintf(lo.ifr_name, sizeof lo.ifr_name, "lo");
	return ioctl(fd, SIOCSIFFLAGS, &lo) == 0 &&
	       bind(listener, (const struct sockaddr *)&here, len) == 0 &&
	       listen(listener, 8) == 0 &&
	       getsockname(listener, (struct sockaddr *)&here, &len) == 0 &&
	       connect(fd, (const struct sockaddr *)&here, len) == 0;
}

/* One that our own namespace will not have. */
static void
set_sysctl(void)
{
	const int fd = open("/proc/sys/net/ipv4/tcp_fin_timeout", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "17", 2) != 2)
		fprintf(stderr, "the sysctl cannot be set\n");
	close(fd);
}

static void
live(int ready)
{
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	byte = unshare(CLONE_NEWNET) == 0 && connect_here() ? 1 : 0;
	set_sysctl();
	if (write(ready, &byte, 1) == 1)
		pause();
	_exit(0);
}

/* false: this process may not make namespaces. */
static bool
bear(struct child *child)
{
	int ready[2];
	struct stat status;
	char path[64], byte = 0;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (child->pid == 0)
		live(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)child->pid);
	assert_int_equal(stat(path, &status), 0);
	child->inode = status.st_ino;
	close(ready[0]);
	close(ready[1]);
	return byte == 1;
}

static void
bury(const struct child *child)
{
	kill(child->pid, SIGKILL);
	assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
}

static uint32_t
id_of(const struct child *child)
{
	for (uint32_t id = 0; id < NETNS_MAX; id++)
		if (inodes[id] == child->inode)
			return id;
	fail_msg("the namespace was not reported");
	return 0;
}

static void
need_namespaces(void)
{
	struct child child;
	const bool may = bear(&child);

	bury(&child);
	if (!may && geteuid() == 0)
		fail_msg("root cannot make a network namespace");
	if (!may)
		unit_skip("needs the right to make network namespaces");
}

/* One namespace by the pid of a process in it. */
static void
test_named(void **state)
{
	struct message_subscription subscription = listeners(60000);
	struct child child;
	char pid[16];

	(void)state;
	need_namespaces();
	(void)bear(&child);
	snprintf(pid, sizeof pid, "%d", (int)child.pid);
	subscription.netns_mode = SUBSCRIPTION_NETNS_NAMED;
	subscription.netns = text_of(pid);
	subscription.needs |= NEED_COUNTERS | NEED_SYSCTLS;
	subscribe(subscription);
	assert_int_equal(refresh_on(), SCHEDULE_IDLE);
	assert_int_equal(seen.notices, 0);
	assert_int_equal(seen.dump_count, 2);
	assert_int_equal(seen.dumps[0].netns, id_of(&child));
	/* Its listener, and both ends of its connection. */
	assert_int_equal(seen.dump_ends[0].listed, 3);
	assert_true(seen.counters >= 3);
	if (access("/proc/sys/net/ipv4/tcp_fin_timeout", W_OK) == 0)
		assert_non_null(strstr(sysctl_texts[id_of(&child)], "tcp_fin_timeout=17\n"));
	bury(&child);
}

/* All namespaces: ours first, then each other one, once. */
static void
test_all(void **state)
{
	struct message_subscription subscription = listeners(60000);
	struct child children[CHILDREN];
	size_t others = 0;

	(void)state;
	need_namespaces();
	for (size_t i = 0; i < CHILDREN; i++)
		(void)bear(&children[i]);
	subscription.netns_mode = SUBSCRIPTION_NETNS_ALL;
	subscribe(subscription);
	(void)refresh_on();
	assert_int_equal(seen.dumps[0].netns, NAMESPACES_OWN);
	for (size_t i = 0; i < CHILDREN; i++) {
		const size_t at = dump_of(id_of(&children[i]), PROTOCOL_TCP);

		assert_int_equal(seen.dump_ends[at].listed, 3);
		assert_int_equal(seen.dump_ends[at].complete, 1);
		(void)dump_of(id_of(&children[i]), PROTOCOL_UDP);
	}
	for (uint32_t id = 0; id < NETNS_MAX; id++)
		others += inodes[id] != 0 &&
			  namespaces_find(schedule_namespaces(schedule), id)->diag >= 0;
	assert_int_equal(seen.dump_count, 2 * others);
	for (size_t i = 0; i < CHILDREN; i++)
		bury(&children[i]);
}

/* A refresh in which the first walk in the namespace of `slow` takes so long. */
static void
refresh_slowly(uint32_t slow, uint64_t ms)
{
	seen = (struct seen){.begins = 0};
	schedule_hurry(schedule);
	/* So short that each step does one thing. */
	do {
		assert_int_equal(step(0), SCHEDULE_MORE);
		drain();
	} while (seen.dump_count == 0 || seen.dumps[seen.dump_count - 1].netns != slow);
	assert_true(schedule_is_dumping(schedule));
	assert_true(seen.dump_end_count < seen.dump_count);
	pause_ms(ms);
	(void)refresh_on();
}

/* Of namespaces that cannot be left out, how many were postponed; *first: the first of them. */
static size_t
postponed(const struct child *children, uint32_t *first)
{
	size_t count = 0;

	*first = 0;
	for (size_t i = 0; i < seen.dump_end_count; i++) {
		const struct message_dump_end *const end = &seen.dump_ends[i];
		bool is_ours = false;

		for (size_t k = 0; k < CHILDREN; k++)
			is_ours |= id_of(&children[k]) == end->netns;
		if (!is_ours || end->complete != 0 || end->protocols != PROTOCOL_TCP)
			continue;
		if (count++ == 0)
			*first = end->netns;
	}
	return count;
}

/* Where walks in other namespaces take more than a quarter of the interval, the rest of them waits
 * for the next refresh, which begins with the first that waited. */
static void
test_share(void **state)
{
	struct message_subscription subscription = listeners(800);
	struct child children[CHILDREN];
	uint32_t slow = UINT32_MAX, first;
	size_t place = 0;

	(void)state;
	need_namespaces();
	for (size_t i = 0; i < CHILDREN; i++)
		(void)bear(&children[i]);
	subscription.netns_mode = SUBSCRIPTION_NETNS_ALL;
	subscribe(subscription);
	(void)refresh_on();
	/* That of our children whose turn is first. */
	for (size_t i = seen.dump_count; i-- > 0;)
		for (size_t k = 0; k < CHILDREN; k++)
			if (seen.dumps[i].netns == id_of(&children[k]))
				slow = seen.dumps[i].netns;
	refresh_slowly(slow, 210);
	assert_int_equal(postponed(children, &first), CHILDREN - 1);
	assert_true(first != slow);
	assert_int_equal(seen.dumps[0].netns, NAMESPACES_OWN);
	/* The one that waited is first now, and all of it is well within the share. */
	(void)refresh();
	while (seen.dumps[place].netns == NAMESPACES_OWN)
		place++;
	for (uint32_t id; place < seen.dump_count; place++) {
		bool is_ours = false;

		id = seen.dumps[place].netns;
		for (size_t k = 0; k < CHILDREN; k++)
			is_ours |= id_of(&children[k]) == id;
		if (is_ours)
			break;
	}
	assert_int_equal(seen.dumps[place].netns, first);
	for (size_t i = 0; i < CHILDREN; i++)
		bury(&children[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_named, start, stop),
		cmocka_unit_test_setup_teardown(test_all, start, stop),
		cmocka_unit_test_setup_teardown(test_share, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
