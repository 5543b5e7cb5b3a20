/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the list of network namespaces that are looked at, and opens what is needed in each.
 *
 *	namespaces_find.c  where namespaces are found
 *	namespaces_alive.c whether one that is not found any more is alive all the same
 *	idle.c             whether a namespace has no connections, so that its dump can be left out
 *	link_names.c       names of interfaces
 */
#include <config.h>

#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/number.h>
#include <sockwatch/stream/losses.h>

#include "collector/notice.h"

enum {
	LOOK_INTERVAL_S = 2,
	/* To look may take a hundredth of the time: it costs 7 us a process. */
	LOOK_SHARE = 100,
};

static void
close_netns(struct netns *netns)
{
	if (netns->diag >= 0)
		close(netns->diag);
	for (size_t i = 0; i < PROC_COUNTER_FILES; i++) {
		if (netns->counters[i] >= 0)
			close(netns->counters[i]);
	}
	digest_clear(&netns->tcp.known);
	digest_clear(&netns->udp.known);
	free(netns->name);
	free(netns);
}

static void
report(const struct namespaces *namespaces, const struct netns *netns, bool gone)
{
	const struct message_netns message = {
		.id = netns->id,
		.inode = netns->inode,
		.name = text_of(netns->name != NULL ? netns->name : ""),
		.pid = netns->pid,
		.gone = gone,
		.error = netns->error,
		.name_gone = netns->is_name_gone,
	};

	(void)stream_write_message(namespaces->writer, MESSAGE_NETNS, &message);
}

/* Opens the sockets and files of the namespace that this thread is in. */
static int
open_here(struct netns *netns)
{
	netns->diag =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
	if (netns->diag < 0)
		return -errno;
	/* Without counters every table is walked and no counter is reported: that still works. */
	(void)proc_counters_open(netns->counters);
	return 0;
}

/* -ENOTRECOVERABLE when the thread cannot come back. */
static int
open_inside(const struct namespaces *namespaces, struct netns *netns, const char *path)
{
	const int inside = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	int error = 0;

	if (inside < 0)
		return -errno;
	/* The process may be gone, and another one may have its pid. */
	if (fstat(inside, &status) != 0 || status.st_ino != netns->inode)
		error = -ESTALE;
	else if (setns(inside, CLONE_NEWNET) != 0)
		error = -errno;
	close(inside);
	if (error != 0)
		return error;
	error = open_here(netns);
	if (setns(namespaces->own, CLONE_NEWNET) != 0)
		return -ENOTRECOVERABLE;
	return error;
}

static int
append(struct namespaces *namespaces, struct netns *netns)
{
	struct netns **const list =
		realloc(namespaces->list, (namespaces->count + 1) * sizeof *namespaces->list);

	if (list == NULL)
		return -ENOMEM;
	namespaces->list = list;
	if (map_set(&namespaces->by_inode, netns->inode, (uint32_t)namespaces->count) != 0)
		return -ENOMEM;
	list[namespaces->count++] = netns;
	return 0;
}

/* Keeps those that cannot be entered too, so that they are tried and reported only once. */
static int
add(struct namespaces *namespaces, const struct netns_sight *sight)
{
	const bool is_own = sight->inode == namespaces->own_inode;
	struct netns *netns;
	int error;

	if (namespaces->count >= NAMESPACES_MAX) {
		namespaces->losses[LOSS_BOUNDED]++;
		return 0;
	}
	netns = calloc(1, sizeof *netns);
	if (netns == NULL)
		return -ENOMEM;
	netns->inode = sight->inode;
	netns->pid = sight->pid;
	netns->diag = -1;
	netns->seen = true;
	for (size_t i = 0; i < PROC_COUNTER_FILES; i++)
		netns->counters[i] = -1;
	if (sight->name != NULL)
		netns->name = strdup(sight->name);
	netns->seen_by_name = sight->name != NULL;
	error = is_own ? open_here(netns) : open_inside(namespaces, netns, sight->path);
	if (error == -ENOTRECOVERABLE || error == -ESTALE) {
		close_netns(netns);
		return error == -ESTALE ? 0 : error;
	}
	if (error == -EMFILE || error == -ENFILE)
		namespaces->losses[LOSS_BOUNDED]++;
	if (error == -EPERM || error == -EACCES)
		namespaces->refused++;
	netns->error = -error;
	netns->id = is_own ? NAMESPACES_OWN : ++namespaces->last_id;
	error = append(namespaces, netns);
	if (error != 0) {
		close_netns(netns);
		return error;
	}
	report(namespaces, netns, false);
	return 0;
}

static void
set_name_gone(const struct namespaces *namespaces, struct netns *netns, bool is_gone)
{
	if (netns->is_name_gone == is_gone)
		return;
	netns->is_name_gone = is_gone;
	report(namespaces, netns, false);
}

static int
on_sight(void *context, const struct netns_sight *sight)
{
	struct namespaces *const namespaces = context;
	struct netns *netns;
	uint32_t index;

	if (!map_find(&namespaces->by_inode, sight->inode, &index))
		return add(namespaces, sight);
	netns = namespaces->list[index];
	netns->seen = true;
	netns->seen_by_name |= sight->name != NULL;
	if (netns->is_name_gone && namespaces->mode == SUBSCRIPTION_NETNS_NAMED)
		set_name_gone(namespaces, netns, false);
	if ((sight->pid == 0 || netns->pid != 0) && (sight->name == NULL || netns->name != NULL))
		return 0;
	if (netns->pid == 0)
		netns->pid = sight->pid;
	if (netns->name == NULL && sight->name != NULL)
		netns->name = strdup(sight->name);
	report(namespaces, netns, false);
	return 0;
}

/*
 * `ip netns del` takes the name away, not the namespace: that lives as long as a process in it, or
 * a socket of it. Then it is looked at on, until the name that was asked for leads elsewhere.
 */
static bool
outlives_its_name(struct namespaces *namespaces, struct netns *netns)
{
	const uint32_t pid = netns->pid;

	if (namespaces->mode == SUBSCRIPTION_NETNS_OWN || netns->error != 0 ||
		(namespaces->mode == SUBSCRIPTION_NETNS_NAMED &&
			netns->inode != namespaces->wanted_inode) ||
		!namespaces_is_alive(netns, namespaces->viewer))
		return false;
	netns->seen = true;
	if (pid != netns->pid)
		report(namespaces, netns, false);
	if (namespaces->mode == SUBSCRIPTION_NETNS_NAMED)
		set_name_gone(namespaces, netns, true);
	return true;
}

/* Where all are looked at, those with a process are found without their names. */
static void
note_names(struct namespaces *namespaces)
{
	for (size_t i = 0; i < namespaces->count; i++) {
		struct netns *const netns = namespaces->list[i];

		if (namespaces->mode != SUBSCRIPTION_NETNS_ALL || netns->name == NULL)
			continue;
		/* The process that is named must be one that is there. */
		if (!netns->seen_by_name)
			(void)outlives_its_name(namespaces, netns);
		set_name_gone(namespaces, netns, !netns->seen_by_name);
	}
}

static void
drop_unseen(struct namespaces *namespaces)
{
	size_t kept = 0;

	for (size_t i = 0; i < namespaces->count; i++) {
		struct netns *const netns = namespaces->list[i];

		if (netns->seen || outlives_its_name(namespaces, netns)) {
			/* The key is there already, so this cannot fail. */
			(void)map_set(&namespaces->by_inode, netns->inode, (uint32_t)kept);
			namespaces->list[kept++] = netns;
			continue;
		}
		map_remove(&namespaces->by_inode, netns->inode);
		report(namespaces, netns, true);
		if (namespaces->proc != NULL)
			proc_lost_netns(namespaces->proc, netns->id);
		close_netns(netns);
	}
	namespaces->count = kept;
}

/* Each namespace takes seven descriptors. Without the right to more the old limit stays. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

int
namespaces_init(struct namespaces *namespaces, struct stream_writer *writer, uint64_t *losses,
	struct error *error)
{
	struct stat status;

	*namespaces = (struct namespaces){
		.own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC),
		.last_id = NAMESPACES_OWN,
		.writer = writer,
		.losses = losses,
	};
	map_init(&namespaces->by_inode);
	if (namespaces->own < 0 || fstat(namespaces->own, &status) != 0) {
		const int cause = errno;

		error_set(error, "cannot open /proc/thread-self/ns/net: %s%s", file_words(cause),
			cause == ENOENT ? "; is /proc mounted?" : "");
		return -cause;
	}
	namespaces->own_inode = status.st_ino;
	return 0;
}

void
namespaces_fini(struct namespaces *namespaces)
{
	for (size_t i = 0; i < namespaces->count; i++)
		close_netns(namespaces->list[i]);
	free(namespaces->list);
	map_fini(&namespaces->by_inode);
	if (namespaces->own >= 0)
		close(namespaces->own);
}

void
namespaces_subscribe(struct namespaces *namespaces, const struct message_subscription *subscription)
{
	const size_t len = subscription->netns.len < sizeof namespaces->wanted
				   ? subscription->netns.len
				   : sizeof namespaces->wanted - 1;

	namespaces->mode = subscription->netns_mode <= SUBSCRIPTION_NETNS_ALL
				   ? subscription->netns_mode
				   : SUBSCRIPTION_NETNS_OWN;
	if (len > 0)
		memcpy(namespaces->wanted, subscription->netns.data, len);
	namespaces->wanted[len] = '\0';
	namespaces->is_missing = false;
	namespaces->wanted_inode = 0;
	namespaces->next_look_ns = 0;
	if (namespaces->mode != SUBSCRIPTION_NETNS_OWN)
		raise_descriptor_limit();
}

/* The wanted one was found before, and is not gone. */
static bool
is_watched_on(struct namespaces *namespaces)
{
	uint32_t index;

	return namespaces->wanted_inode != 0 &&
	       map_find(&namespaces->by_inode, namespaces->wanted_inode, &index) &&
	       outlives_its_name(namespaces, namespaces->list[index]);
}

static int
look_for_named(struct namespaces *namespaces, struct error *error)
{
	char path[sizeof namespaces->wanted + 32];
	struct netns_sight sight;
	uint32_t index;
	int result = netns_find_named(namespaces->wanted, path, sizeof path, &sight, error);

	if ((result == -ENOENT || result == -EINVAL) && is_watched_on(namespaces))
		return 0;
	if (result == 0) {
		namespaces->wanted_inode = sight.inode;
		result = on_sight(namespaces, &sight);
	}
	if (result != 0 || !map_find(&namespaces->by_inode, sight.inode, &index))
		return result;
	result = -namespaces->list[index]->error;
	if (result == -EPERM) {
		error_set(error, "cannot enter network namespace %s: CAP_SYS_ADMIN is missing",
			namespaces->wanted);
	} else if (result != 0) {
		error_set(error, "cannot enter network namespace %s: %s", namespaces->wanted,
			strerror(-result));
	}
	return result;
}

static void
report_refused(const struct namespaces *namespaces)
{
	struct error sentence;

	if (namespaces->refused == 0)
		return;
	error_set(&sentence,
		"%u network namespace%s cannot be entered: that needs CAP_SYS_ADMIN, and CAP_SYS_PTRACE for those of other users' processes",
		namespaces->refused, number_plural(namespaces->refused));
	notice_write(namespaces->writer, SEVERITY_WARNING, sentence.text);
}

/* Without a socket in our own namespace nothing can be listed. */
static int
look_at_own(struct namespaces *namespaces, const struct netns_sight *own, struct error *error)
{
	uint32_t index;
	int result = on_sight(namespaces, own);

	if (result != 0 || !map_find(&namespaces->by_inode, own->inode, &index))
		return result;
	result = -namespaces->list[index]->error;
	if (result != 0)
		error_set(error, "cannot ask the kernel for its sockets: %s", strerror(-result));
	return result;
}

static int
look(struct namespaces *namespaces, struct error *error)
{
	struct netns_sight own = {.inode = namespaces->own_inode, .pid = (uint32_t)getpid()};
	int result;

	switch (namespaces->mode) {
	case SUBSCRIPTION_NETNS_OWN: return look_at_own(namespaces, &own, error);
	case SUBSCRIPTION_NETNS_NAMED: return look_for_named(namespaces, error);
	case SUBSCRIPTION_NETNS_ALL: break;
	}
	/* Our own is first, and there whatever else can be found. */
	own.pid = 0;
	namespaces->refused = 0;
	result = look_at_own(namespaces, &own, error);
	if (result == 0)
		result = namespaces_find_all(on_sight, namespaces);
	report_refused(namespaces);
	return result;
}

int
namespaces_look(struct namespaces *namespaces, struct error *error)
{
	const uint64_t start_ns = clock_monotonic_ns();
	uint64_t took_ns;
	int result;

	/* What was missing is looked for each time: why it still is has to be said. */
	if (start_ns < namespaces->next_look_ns && !namespaces->is_missing)
		return 0;
	for (size_t i = 0; i < namespaces->count; i++)
		namespaces->list[i]->seen = namespaces->list[i]->seen_by_name = false;
	error_set(error, "out of memory for network namespaces");
	result = look(namespaces, error);
	if (result == -ENOTRECOVERABLE) {
		error_set(error, "cannot go back to our own network namespace");
		return result;
	}
	drop_unseen(namespaces);
	note_names(namespaces);
	took_ns = clock_monotonic_ns() - start_ns;
	namespaces->next_look_ns =
		start_ns + LOOK_INTERVAL_S * CLOCK_NS_PER_S + took_ns * LOOK_SHARE;
	return result;
}

struct netns *
namespaces_find(const struct namespaces *namespaces, uint32_t id)
{
	for (size_t i = 0; i < namespaces->count; i++) {
		if (namespaces->list[i]->id == id)
			return namespaces->list[i];
	}
	return NULL;
}

void
namespaces_forget_sent(struct namespaces *namespaces)
{
	for (size_t i = 0; i < namespaces->count; i++) {
		namespaces->list[i]->tcp.is_reported = false;
		namespaces->list[i]->tcp.is_walked = false;
		namespaces->list[i]->tcp.mptcp_ns = 0;
		namespaces->list[i]->udp.is_reported = false;
	}
}

void
namespaces_report(const struct namespaces *namespaces)
{
	for (size_t i = 0; i < namespaces->count; i++)
		report(namespaces, namespaces->list[i], false);
}
