/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and reads the tracing program and passes on which process opened or closed a connection.
 *
 *	bpf_trace.c       the program by libbpf: load, attach, read its ring
 *	bpf_trace_none.c  stands in where sockwatch is built without libbpf
 *	callers.bpf.c     the program, which runs in the kernel
 *	bpf_kernel.h      what it reads of the kernel
 *	bpf_record.h      what it hands over
 */
#include <config.h>

#include "bpf_callers.h"

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/losses.h>

#include "bpf_trace.h"

enum {
	/* To wake up for each record would cost three times the CPU, and a storm a third of its
	 * rate. */
	RHYTHM_MS = 20,
	SET_BACK_S = 10,
	/* After so many reads in vain the reader sleeps until the next record wakes it. */
	IDLE_READS = 5,
	PENDING_MAX = 4 * 1024 * 1024, /* of the stream: above it the ring keeps what comes */
};

struct bpf_callers {
	struct stream_writer *writer;
	uint64_t *losses;
	struct loop *loop;
	struct loop_source *timer;
	struct loop_source *ring; /* wakes the reader; NULL: not loaded, or only the timer does */
	struct bpf_trace *trace;  /* NULL: not loaded */
	bool is_running;
	bool is_refused;  /* not tried again: the rights for it are gone */
	uint64_t refused; /* callers for whom the stream had no room */
	struct message_callers_state reported;
	const struct namespaces *namespaces;
	/* The namespace of the previous record: most records follow one of the same. */
	uint32_t last_inode, last_netns;
	uint64_t count;   /* callers passed on */
	unsigned in_vain; /* reads in a row, up to IDLE_READS */
	uint64_t read_ns; /* CLOCK_REALTIME: what came before is passed on */
	size_t held;      /* of batch */
	struct caller batch[MESSAGE_CALLERS_MAX];
};

uint32_t
bpf_callers_rights(void)
{
	return bpf_trace_rights();
}

static void
write_batch(struct bpf_callers *callers)
{
	const struct message_callers message = {
		.callers = {.data = callers->batch, .count = callers->held}};

	if (callers->held == 0)
		return;
	if (stream_write_message(callers->writer, MESSAGE_CALLERS, &message) == 0)
		callers->count += callers->held;
	else
		callers->refused += callers->held;
	callers->held = 0;
}

/* The stream's number for the namespace with this inode; 0: it is not looked at. */
static uint32_t
find_netns(struct bpf_callers *callers, uint32_t inode)
{
	uint32_t index;

	if (inode == callers->last_inode)
		return callers->last_netns;
	callers->last_inode = inode;
	callers->last_netns = 0;
	if (map_find(&callers->namespaces->by_inode, inode, &index) &&
		index < callers->namespaces->count)
		callers->last_netns = callers->namespaces->list[index]->id;
	return callers->last_netns;
}

static void
on_record(void *context, const struct caller_record *record)
{
	struct bpf_callers *const callers = context;
	const uint32_t netns = find_netns(callers, record->netns);
	struct caller *caller;

	if (netns == 0)
		return;
	if (callers->held == MESSAGE_CALLERS_MAX)
		write_batch(callers);
	caller = &callers->batch[callers->held++];
	*caller = (struct caller){
		.local = address_from_v6(record->local),
		.remote = address_from_v6(record->remote),
		.local_port = record->local_port,
		.remote_port = record->remote_port,
		.netns = netns,
		.pid = record->pid,
	};
	memcpy(caller->comm, record->comm, sizeof caller->comm);
}

static void
read_all(struct bpf_callers *callers)
{
	/* Namespaces come and go between two reads. */
	callers->last_inode = 0;
	callers->read_ns = clock_realtime_ns();
	bpf_trace_read(callers->trace, on_record, callers);
	write_batch(callers);
	callers->losses[LOSS_CALLERS] = bpf_trace_lost(callers->trace) + callers->refused;
}

static void
read_some(struct bpf_callers *callers)
{
	if (callers->is_running && stream_pending(callers->writer) < PENDING_MAX)
		read_all(callers);
}

void
bpf_callers_read_until(struct bpf_callers *callers, uint64_t time_ns)
{
	/* Or the clock was set back since: no packet waits that long. */
	if (time_ns >= callers->read_ns || callers->read_ns - time_ns > SET_BACK_S * CLOCK_NS_PER_S)
		read_some(callers);
}

/* Reads by the clock. The ring wakes nobody: it would at each record that is not read yet. */
static void
poll_ring(struct bpf_callers *callers)
{
	if (callers->ring != NULL)
		(void)loop_change(callers->ring, 0);
	callers->in_vain = 0;
	loop_arm(callers->timer, RHYTHM_MS * CLOCK_NS_PER_MS, RHYTHM_MS * CLOCK_NS_PER_MS);
}

/*
 * A record that comes at this very moment may wake nobody. It is read with the next one, before the
 * next packet, or in the next refresh.
 */
static void
sleep_until_record(struct bpf_callers *callers)
{
	if (callers->ring == NULL)
		return;
	bpf_trace_sleep(callers->trace);
	if (loop_change(callers->ring, LOOP_READ) == 0)
		loop_arm(callers->timer, 0, 0);
}

static void
on_timer(void *context, uint64_t times)
{
	struct bpf_callers *const callers = context;
	const uint64_t before = callers->count + callers->refused;

	(void)times;
	read_some(callers);
	if (callers->count + callers->refused != before)
		callers->in_vain = 0;
	else if (++callers->in_vain >= IDLE_READS)
		sleep_until_record(callers);
}

static void
on_record_waits(void *context, unsigned events)
{
	struct bpf_callers *const callers = context;

	(void)events;
	poll_ring(callers);
	read_some(callers);
}

static void
report(struct bpf_callers *callers, int error, const char *text)
{
	const struct message_callers_state message = {.running = callers->is_running,
		.error = error,
		.text = text_of(text),
		.reported = callers->count};

	if (message.running == callers->reported.running &&
		message.error == callers->reported.error &&
		message.reported == callers->reported.reported)
		return;
	if (stream_write_message(callers->writer, MESSAGE_CALLERS_STATE, &message) == 0)
		callers->reported = (struct message_callers_state){.running = message.running,
			.error = message.error,
			.reported = message.reported};
}

/* The rights serve this alone: they are given up whether it works or not. */
static int
load(struct bpf_callers *callers, struct error *error)
{
	const uint32_t rights = bpf_trace_rights();
	int result;

	result = privileges_raise(rights);
	if (result == 0)
		result = bpf_trace_load(&callers->trace, error);
	else
		error_set(error, "CAP_BPF and CAP_PERFMON are missing (run as root)");
	(void)privileges_forget(rights);
	return result;
}

static void
start(struct bpf_callers *callers)
{
	struct error error = {.position = -1};
	int result = 0;

	if (callers->is_refused)
		return;
	if (callers->trace == NULL)
		result = load(callers, &error);
	if (result == 0 && callers->ring == NULL)
		callers->ring = loop_add(callers->loop, bpf_trace_wait_fd(callers->trace), 0,
			on_record_waits, callers);
	if (result == 0)
		result = bpf_trace_attach(callers->trace, &error);
	callers->is_refused = result != 0;
	callers->is_running = result == 0;
	if (callers->is_running)
		poll_ring(callers);
	report(callers, -result, result != 0 ? error.text : "");
}

/* What the ring still holds happened while it was subscribed to, so it is passed on. */
static void
stop(struct bpf_callers *callers)
{
	bpf_trace_detach(callers->trace);
	read_all(callers);
	callers->is_running = false;
	if (callers->ring != NULL)
		(void)loop_change(callers->ring, 0);
	loop_arm(callers->timer, 0, 0);
	report(callers, 0, "");
}

void
bpf_callers_sync(
	struct bpf_callers *callers, bool is_subscribed, const struct namespaces *namespaces)
{
	callers->namespaces = namespaces;
	if (is_subscribed && !callers->is_running)
		start(callers);
	else if (!is_subscribed && callers->is_running)
		stop(callers);
	if (!callers->is_running)
		return;
	bpf_trace_set_netns(
		callers->trace, namespaces->count == 1 ? (uint32_t)namespaces->list[0]->inode : 0);
	read_some(callers);
	report(callers, 0, "");
}

struct bpf_callers *
bpf_callers_new(struct loop *loop, struct stream_writer *writer, uint64_t *losses)
{
	struct bpf_callers *const callers = calloc(1, sizeof *callers);

	if (callers == NULL)
		return NULL;
	callers->loop = loop;
	callers->writer = writer;
	callers->losses = losses;
	callers->timer = loop_add_timer(loop, on_timer, callers);
	if (callers->timer == NULL) {
		free(callers);
		return NULL;
	}
	return callers;
}

void
bpf_callers_free(struct bpf_callers *callers)
{
	if (callers == NULL)
		return;
	if (callers->ring != NULL)
		loop_remove(callers->ring);
	bpf_trace_free(callers->trace);
	loop_remove(callers->timer);
	free(callers);
}
