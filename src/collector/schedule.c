/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A refresh goes through its phases in order. Each has a handler that works until the given time
 * and returns a status. DUMPS visits each subscribed table of each namespace. In namespaces other
 * than our own, walks that cannot be left out get a share of the interval; where that ends, the
 * next refresh goes on.
 *
 *	SCHEDULE_PHASE_REST -> LOOK -> DUMPS -> OWNERS -> COUNTERS -> END -> REST
 */
#include <config.h>

#include "schedule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/enter.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>

#include "hello.h"
#include "notice.h"
#include "subscription.h"
#include "walk.h"

enum schedule_phase {
	SCHEDULE_PHASE_REST,
	SCHEDULE_PHASE_LOOK,
	SCHEDULE_PHASE_DUMPS,
	SCHEDULE_PHASE_OWNERS,
	SCHEDULE_PHASE_COUNTERS,
	SCHEDULE_PHASE_END,
};

enum {
	/* Walks in other namespaces get a quarter of the interval, but at least this. */
	WALKS_SHARE = 4,
	WALKS_MIN_MS = 20,
	/* After each refresh comes a rest of at least this part of the time that it took. */
	REST_SHARE = 4,
	INTERVAL_MIN_MS = 50,
	INTERVAL_MAX_MS = 24 * 3600 * 1000,
};

struct schedule {
	struct stream_writer *writer;
	struct namespaces namespaces;
	struct proc *proc;
	struct subscription subscription; /* in force */
	struct subscription next;         /* from the next refresh on, when has_next */
	bool has_subscription, has_next;
	bool is_urgent; /* refresh without waiting for the interval */
	/* The refresh under way is a key frame: all is told, whatever was told before. */
	bool is_key;
	bool is_key_whole; /* as far as it got */
	uint64_t refused;  /* messages of the writer, when it began */
	bool is_ended;
	enum schedule_phase phase;
	uint32_t snapshot;              /* number */
	uint32_t sequence;              /* of netlink requests */
	uint64_t started_ns, rested_ns; /* CLOCK_MONOTONIC: when the refresh began and ended */
	/* DUMPS and COUNTERS: which namespace is next, and where the walk stands. */
	size_t visited;
	size_t first;      /* namespace after our own, rotated so that all are reached */
	bool has_rotated;  /* `first` of the next refresh is set */
	uint8_t protocols; /* still to do in this namespace */
	bool is_walking;
	struct walk walk;
	uint64_t walks_ns; /* spent on walks in other namespaces */
	uint64_t losses[LOSS_COUNT], reported_losses[LOSS_COUNT];
	uint8_t buffer[DUMP_BUFFER] __attribute__((aligned(8)));
};

static struct dump_sink
sink_of(struct schedule *schedule)
{
	return (struct dump_sink){
		.writer = schedule->writer,
		.proc = schedule->proc,
		.losses = schedule->losses,
		.buffer = schedule->buffer,
	};
}

static int
netns_socket(void *context, uint32_t id)
{
	struct schedule *const schedule = context;
	const struct netns *const netns = namespaces_find(&schedule->namespaces, id);

	return netns != NULL ? netns->diag : -1;
}

struct schedule *
schedule_new(struct stream_writer *writer, struct error *error)
{
	struct schedule *const schedule = calloc(1, sizeof *schedule);

	if (schedule == NULL) {
		error_set(error, "out of memory");
		return NULL;
	}
	schedule->writer = writer;
	schedule->proc = proc_new(&(struct proc_options){
		.writer = writer, .netns_socket = netns_socket, .context = schedule});
	if (schedule->proc == NULL) {
		error_set(error, "out of memory");
		free(schedule);
		return NULL;
	}
	if (namespaces_init(&schedule->namespaces, writer, schedule->losses, error) != 0) {
		schedule_free(schedule);
		return NULL;
	}
	schedule->namespaces.proc = schedule->proc;
	return schedule;
}

void
schedule_free(struct schedule *schedule)
{
	if (schedule == NULL)
		return;
	namespaces_fini(&schedule->namespaces);
	proc_free(schedule->proc);
	free(schedule->walk.queues);
	free(schedule);
}

void
schedule_subscribe(struct schedule *schedule, const struct message_subscription *subscription)
{
	const struct message_subscription *const before =
		schedule->has_next ? &schedule->next.body : &schedule->subscription.body;

	if (!schedule->has_subscription || subscription_asks_more(before, subscription) ||
		before->key != subscription->key)
		schedule->is_urgent = true;
	subscription_set(&schedule->next, subscription);
	schedule->has_next = true;
	schedule->has_subscription = true;
}

static void
take_next_subscription(struct schedule *schedule)
{
	bool is_other;

	if (!schedule->has_next)
		return;
	schedule->is_key = schedule->snapshot == 0 ||
			   schedule->next.body.key != schedule->subscription.body.key;
	is_other = schedule->snapshot == 0 ||
		   subscription_is_other_dump(&schedule->subscription.body, &schedule->next.body);
	if (is_other)
		namespaces_subscribe(&schedule->namespaces, &schedule->next.body);
	if (is_other || schedule->is_key)
		namespaces_forget_sent(&schedule->namespaces);
	subscription_set(&schedule->subscription, &schedule->next.body);
	schedule->has_next = false;
}

static uint64_t
interval_ns(const struct schedule *schedule)
{
	uint64_t interval_ms = schedule->has_next ? schedule->next.body.interval_ms
						  : schedule->subscription.body.interval_ms;

	if (interval_ms < INTERVAL_MIN_MS)
		interval_ms = INTERVAL_MIN_MS;
	if (interval_ms > INTERVAL_MAX_MS)
		interval_ms = INTERVAL_MAX_MS;
	return interval_ms * CLOCK_NS_PER_MS;
}

uint64_t
schedule_next_ns(const struct schedule *schedule)
{
	const struct message_subscription *const subscription =
		schedule->has_next ? &schedule->next.body : &schedule->subscription.body;
	uint64_t next_ns, rest_ns;

	if (!schedule->has_subscription || (subscription->paused != 0 && subscription->once == 0))
		return UINT64_MAX;
	if (schedule->is_urgent)
		return 0;
	next_ns = schedule->started_ns + interval_ns(schedule);
	rest_ns = (schedule->rested_ns - schedule->started_ns) / REST_SHARE;
	if (rest_ns > interval_ns(schedule))
		rest_ns = interval_ns(schedule);
	return next_ns > schedule->rested_ns + rest_ns ? next_ns : schedule->rested_ns + rest_ns;
}

/* In a refresh: it was asked for as a key frame. The first is one too, and goes by its share. */
static bool
tells_again(const struct schedule *schedule)
{
	return schedule->is_key && schedule->snapshot > 1;
}

/* A key frame begins with who speaks and what is collected, like the stream. */
static void
introduce(struct schedule *schedule)
{
	schedule->refused = stream_refused(schedule->writer);
	schedule->is_key_whole = true;
	if (schedule->snapshot != 0)
		hello_write(schedule->writer, true);
	(void)stream_write_message(
		schedule->writer, MESSAGE_SUBSCRIPTION, &schedule->subscription.body);
}

/* What the other parts told once. */
static void
forget_sent(struct schedule *schedule)
{
	proc_forget_sent(schedule->proc);
	memset(schedule->reported_losses, 0, sizeof schedule->reported_losses);
	namespaces_report(&schedule->namespaces);
}

static void
begin_refresh(struct schedule *schedule)
{
	struct message_snapshot_begin begin;

	take_next_subscription(schedule);
	schedule->is_urgent = false;
	schedule->started_ns = clock_monotonic_ns();
	if (schedule->is_key)
		introduce(schedule);
	begin = (struct message_snapshot_begin){
		.sequence = ++schedule->snapshot, .monotonic_ns = schedule->started_ns};
	(void)stream_write_message(schedule->writer, MESSAGE_SNAPSHOT_BEGIN, &begin);
	proc_begin(schedule->proc, (uint32_t)schedule->subscription.body.needs,
		schedule->subscription.body.once != 0);
	if (tells_again(schedule))
		forget_sent(schedule);
	schedule->phase = SCHEDULE_PHASE_LOOK;
}

static enum schedule_status
look(struct schedule *schedule, struct error *error)
{
	struct namespaces *const namespaces = &schedule->namespaces;
	const int result = namespaces_look(namespaces, error);

	if (result == -ENOTRECOVERABLE || (result != 0 && schedule->subscription.body.once != 0))
		return SCHEDULE_FAILED;
	if (result != 0 && !namespaces->is_missing)
		notice_write(schedule->writer, SEVERITY_CRITICAL, error->text);
	namespaces->is_missing = result != 0;
	schedule->visited = 0;
	schedule->protocols = dump_request_protocols(&schedule->subscription.body);
	schedule->walks_ns = 0;
	schedule->has_rotated = false;
	schedule->phase = SCHEDULE_PHASE_DUMPS;
	return SCHEDULE_MORE;
}

/* Index of the n-th namespace of this refresh: our own first, then round from `first`. */
static size_t
index_of_nth(const struct schedule *schedule, size_t n)
{
	const size_t others = schedule->namespaces.count - 1;

	if (n == 0 || others == 0)
		return n;
	return 1 + (n - 1 + schedule->first) % others;
}

static bool
is_walk_allowed(const struct schedule *schedule, const struct netns *netns)
{
	uint64_t share_ns = interval_ns(schedule) / WALKS_SHARE;

	if (share_ns < WALKS_MIN_MS * CLOCK_NS_PER_MS)
		share_ns = WALKS_MIN_MS * CLOCK_NS_PER_MS;
	return schedule->subscription.body.once != 0 || tells_again(schedule) ||
	       netns->id == NAMESPACES_OWN || schedule->walks_ns < share_ns;
}

/* A subscription to bound sockets without connections skips nothing: idle namespaces have them. */
static bool
may_skip(const struct schedule *schedule, const struct netns *netns)
{
	const uint32_t states = dump_request_states(&schedule->subscription.body);

	return schedule->namespaces.mode == SUBSCRIPTION_NETNS_ALL && netns->id != NAMESPACES_OWN &&
	       ((states & REQUEST_STATE_ESTABLISHED) != 0 || (states & REQUEST_STATE_BOUND) == 0);
}

static void
start_walk(struct schedule *schedule, struct netns *netns)
{
	const uint8_t protocol =
		(schedule->protocols & PROTOCOL_TCP) != 0 ? PROTOCOL_TCP : PROTOCOL_UDP;
	const struct walk_options options = {
		.subscription = &schedule->subscription.body,
		.may_skip = may_skip(schedule, netns),
		.is_allowed = is_walk_allowed(schedule, netns),
	};
	const struct dump_sink sink = sink_of(schedule);

	schedule->protocols &= (uint8_t)~protocol;
	schedule->is_walking = true;
	walk_start(&schedule->walk, netns, protocol, &options, &sink, &schedule->sequence);
}

static void
end_walk(struct schedule *schedule)
{
	const struct walk *const walk = &schedule->walk;

	schedule->is_walking = false;
	schedule->is_key_whole = schedule->is_key_whole && walk_is_complete(walk);
	if (walk->netns->id != NAMESPACES_OWN && walk->is_full && walk->protocol == PROTOCOL_TCP)
		schedule->walks_ns += clock_monotonic_ns() - walk->start_ns;
	if (!walk->is_postponed || schedule->has_rotated)
		return;
	schedule->has_rotated = true;
	schedule->first = index_of_nth(schedule, schedule->visited) - 1;
}

static enum schedule_status
dumps(struct schedule *schedule, uint64_t until_ns)
{
	const struct dump_sink sink = sink_of(schedule);
	enum dump_status status;
	struct netns *netns;

	if (!schedule->is_walking) {
		if (schedule->visited >= schedule->namespaces.count) {
			schedule->phase = SCHEDULE_PHASE_OWNERS;
			return SCHEDULE_MORE;
		}
		netns = schedule->namespaces.list[index_of_nth(schedule, schedule->visited)];
		if (schedule->protocols == 0 || netns->diag < 0) {
			schedule->visited++;
			schedule->protocols = dump_request_protocols(&schedule->subscription.body);
			return SCHEDULE_MORE;
		}
		start_walk(schedule, netns);
	}
	status = walk_step(&schedule->walk, &sink, until_ns);
	switch (status) {
	case DUMP_BLOCKED: return SCHEDULE_BLOCKED;
	case DUMP_WAIT: return SCHEDULE_WAIT;
	case DUMP_DONE: end_walk(schedule); break;
	case DUMP_MORE: break;
	}
	return SCHEDULE_MORE;
}

static enum schedule_status
owners(struct schedule *schedule, uint64_t until_ns)
{
	const uint64_t now_ns = clock_monotonic_ns();

	if (now_ns < until_ns && !proc_step(schedule->proc, until_ns - now_ns)) {
		schedule->visited = 0;
		schedule->phase = SCHEDULE_PHASE_COUNTERS;
	}
	return SCHEDULE_MORE;
}

/* Where a sysctl is read: its namespace has been entered. */
struct sysctls_place {
	struct proc *proc;
	struct netns *netns;
};

static int
read_sysctls(void *context)
{
	const struct sysctls_place *const place = context;

	proc_sysctls(place->proc, place->netns->id);
	(void)proc_counters_open_missing(place->netns->counters);
	return 0;
}

/* false: the thread cannot come back. One that cannot be entered keeps its sysctls unknown. */
static bool
sysctls(struct schedule *schedule, struct netns *netns)
{
	struct sysctls_place place = {schedule->proc, netns};

	if (netns->diag < 0 || !proc_sysctls_are_due(schedule->proc, netns->id))
		return true;
	if (netns->id != NAMESPACES_OWN)
		return enter_and_open(netns->diag, schedule->namespaces.own, read_sysctls,
			       &place) != -ENOTRECOVERABLE;
	return read_sysctls(&place) == 0;
}

static void
sysctls_of_machine(const struct schedule *schedule)
{
	if ((schedule->subscription.body.needs & NEED_SYSCTLS) != 0 &&
		proc_sysctls_are_due(schedule->proc, PROC_MACHINE))
		proc_sysctls(schedule->proc, PROC_MACHINE);
	if ((schedule->subscription.body.needs & NEED_SYSCTL_FILES) != 0)
		proc_sysctl_files(schedule->proc);
}

/* Counters and sysctls of one namespace after the other. */
static enum schedule_status
counters(struct schedule *schedule, struct error *error)
{
	const uint64_t needs = schedule->subscription.body.needs;
	struct netns *netns;

	if ((needs & (NEED_COUNTERS | NEED_SYSCTLS)) == 0 ||
		schedule->visited >= schedule->namespaces.count) {
		sysctls_of_machine(schedule);
		schedule->phase = SCHEDULE_PHASE_END;
		return SCHEDULE_MORE;
	}
	netns = schedule->namespaces.list[schedule->visited++];
	if ((needs & NEED_COUNTERS) != 0)
		proc_counters(
			schedule->proc, netns->id, netns->counters, (needs & NEED_SNMP6) != 0);
	if ((needs & NEED_SYSCTLS) == 0 || sysctls(schedule, netns))
		return SCHEDULE_MORE;
	error_set(error, "cannot go back to our own network namespace");
	return SCHEDULE_FAILED;
}

static void
report_losses(struct schedule *schedule)
{
	for (uint8_t what = 0; what < LOSS_COUNT; what++) {
		const struct message_loss loss = {.what = what, .count = schedule->losses[what]};

		if (loss.count == schedule->reported_losses[what])
			continue;
		if (stream_write_message(schedule->writer, MESSAGE_LOSS, &loss) == 0)
			schedule->reported_losses[what] = loss.count;
	}
}

static uint64_t
cpu_us(void)
{
	struct timespec spent = {0};

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	return (uint64_t)spent.tv_sec * 1000000 + (uint64_t)spent.tv_nsec / CLOCK_NS_PER_US;
}

static enum schedule_status
end_refresh(struct schedule *schedule)
{
	struct message_snapshot_end end = {.sequence = schedule->snapshot};

	report_losses(schedule);
	proc_end(schedule->proc, &end);
	end.monotonic_ns = schedule->rested_ns = clock_monotonic_ns();
	end.cpu_us = cpu_us();
	end.key = schedule->is_key && schedule->is_key_whole &&
		  stream_refused(schedule->writer) == schedule->refused;
	schedule->is_key = false;
	(void)stream_write_message(schedule->writer, MESSAGE_SNAPSHOT_END, &end);
	schedule->phase = SCHEDULE_PHASE_REST;
	schedule->is_ended = schedule->subscription.body.once != 0;
	return schedule->is_ended ? SCHEDULE_ENDED : SCHEDULE_IDLE;
}

static enum schedule_status
step_phase(struct schedule *schedule, uint64_t until_ns, struct error *error)
{
	switch (schedule->phase) {
	case SCHEDULE_PHASE_REST:
		if (schedule->is_ended)
			return SCHEDULE_ENDED;
		if (clock_monotonic_ns() < schedule_next_ns(schedule))
			return SCHEDULE_IDLE;
		begin_refresh(schedule);
		return SCHEDULE_MORE;
	case SCHEDULE_PHASE_LOOK: return look(schedule, error);
	case SCHEDULE_PHASE_DUMPS: return dumps(schedule, until_ns);
	case SCHEDULE_PHASE_OWNERS: return owners(schedule, until_ns);
	case SCHEDULE_PHASE_COUNTERS: return counters(schedule, error);
	case SCHEDULE_PHASE_END: return end_refresh(schedule);
	}
	return SCHEDULE_FAILED;
}

enum schedule_status
schedule_step(struct schedule *schedule, uint64_t budget_ns, struct error *error)
{
	const uint64_t until_ns = clock_monotonic_ns() + budget_ns;
	enum schedule_status status;

	do {
		if (stream_pending(schedule->writer) >= DUMP_PENDING_MAX &&
			stream_flush(schedule->writer) != 0)
			return SCHEDULE_BLOCKED;
		status = step_phase(schedule, until_ns, error);
	} while (status == SCHEDULE_MORE && clock_monotonic_ns() < until_ns);
	return status;
}

void
schedule_hurry(struct schedule *schedule)
{
	schedule->is_urgent = true;
}

struct proc *
schedule_proc(const struct schedule *schedule)
{
	return schedule->proc;
}

int
schedule_wait_fd(const struct schedule *schedule)
{
	return schedule->walk.dump.fd;
}

bool
schedule_is_dumping(const struct schedule *schedule)
{
	return schedule->is_walking;
}

struct namespaces *
schedule_namespaces(struct schedule *schedule)
{
	return &schedule->namespaces;
}

uint64_t *
schedule_losses(struct schedule *schedule)
{
	return schedule->losses;
}
