/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The half with rights: asks the kernel for what is subscribed to and writes it to the stream. This
 * file connects the parts by one event loop, drops rights and obeys requests.
 *
 *	schedule.c      what is done when: a refresh and its phases, in slices
 *	walk.c          one table of one namespace in one refresh
 *	subscription.c  the subscription in force, and what a new one changes
 *	commands.c      closing sockets and signalling processes for the viewer
 *	hello.c         who speaks
 *	notice.c        sentences for the viewer
 *	netlink/        sock_diag: dumps, ended sockets, closing one
 *	netns/          network namespaces, and names of their interfaces
 *	proc/           processes, owners of sockets, users, cgroups, counters
 *	packet/         captures by libpcap
 *	bpf/            which process opened or closed a connection
 *	probe/          probing of paths
 */
#include <config.h>

#include <sockwatch/collector/collector.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/privilege/lock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/privilege/sandbox.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>
#include <sockwatch/stream/rights.h>
#include <sockwatch/stream/stream.h>

#include "collector/bpf/bpf_callers.h"
#include "collector/netlink/dump.h"
#include "collector/packet/packet.h"
#include "collector/probe/probe.h"
#include "commands.h"
#include "hello.h"
#include "notice.h"
#include "schedule.h"
#include "subscription.h"

enum {
	/* Dumps stop at DUMP_PENDING_MAX; the rest is for sources that cannot be stopped. */
	WRITER_LIMIT = 16 * 1024 * 1024,
	SLICE_MS = 10,
};

struct collector {
	struct loop *loop;
	struct loop_source *out_source; /* NULL: a file, which is always ready */
	struct loop_source *in_source;
	struct loop_source *timer;
	struct loop_source *wait_source; /* netlink socket that has not answered yet */
	struct stream_writer *writer;
	struct stream_reader *reader;
	struct schedule *schedule;
	struct packet *packet;
	struct probe_engine *probes;
	struct commands commands;
	const char *netns;  /* that may be subscribed to */
	bool is_in_watched; /* the end of `in` ends the run, once something came */
	bool has_heard;     /* something came from `in` */
	bool is_draining;   /* only what waits in the writer is left to do */
	struct error *error;
};

/*
 * The rights (enum right) that these options need: those for owners, packets and callers when they
 * are subscribed to or may be later, CAP_KILL for actions, CAP_SYS_ADMIN for namespaces.
 */
static uint32_t
rights_of(const struct collector_options *options)
{
	const uint32_t needs = options->in >= 0 ? ~options->without : options->subscription.needs;
	uint32_t rights = RIGHT_NET_ADMIN;

	if (options->only_probes)
		return RIGHT_NET_RAW;
	if ((needs & NEED_OWNERS) != 0)
		rights |= RIGHT_SYS_PTRACE | RIGHT_DAC_READ_SEARCH;
	if ((needs & NEED_PACKETS) != 0)
		rights |= RIGHT_NET_RAW;
	if ((needs & NEED_CLOSINGS) != 0)
		rights |= bpf_callers_rights();
	if (options->actions)
		rights |= RIGHT_KILL;
	if (options->read_only)
		rights &= ~(uint32_t)RIGHTS_OF_CHANGES;
	/* Only CAP_SYS_PTRACE shows the namespaces of other users' processes. */
	if (options->netns != NULL)
		rights |= RIGHT_SYS_ADMIN | RIGHT_SYS_PTRACE;
	return rights;
}

/* Captures follow the namespaces. A thread that cannot come back from one ends the collector. */
static void
sync_packets(struct collector *collector)
{
	const int error = packet_sync(collector->packet, schedule_namespaces(collector->schedule));

	if (error == 0)
		return;
	error_set(collector->error, "cannot come back from another network namespace");
	loop_stop(collector->loop, error);
}

static void
on_wait_over(void *context, unsigned events)
{
	struct collector *const collector = context;

	(void)events;
	loop_remove(collector->wait_source);
	collector->wait_source = NULL;
	loop_wake_idle(collector->loop);
}

static void
rest(struct collector *collector)
{
	const uint64_t next_ns = schedule_next_ns(collector->schedule);
	const uint64_t now_ns = clock_monotonic_ns();

	if (next_ns == UINT64_MAX)
		loop_arm(collector->timer, 0, 0);
	else
		loop_arm(collector->timer, next_ns > now_ns ? next_ns - now_ns : 1, 0);
}

/* The last message to the reader of the stream. */
static void
report_failure(const struct collector *collector)
{
	notice_write(collector->writer, SEVERITY_CRITICAL, collector->error->text);
	(void)stream_flush(collector->writer);
}

/* The loop's idle handler: the next slice of work. */
static bool
on_idle(void *context)
{
	struct collector *const collector = context;
	enum schedule_status status;

	if (collector->is_draining || collector->wait_source != NULL)
		return false;
	status = schedule_step(collector->schedule, SLICE_MS * CLOCK_NS_PER_MS, collector->error);
	if (!schedule_is_dumping(collector->schedule))
		commands_run(&collector->commands, schedule_namespaces(collector->schedule));
	switch (status) {
	case SCHEDULE_MORE: return true;
	case SCHEDULE_BLOCKED: return false;
	case SCHEDULE_WAIT:
		collector->wait_source = loop_add(collector->loop,
			schedule_wait_fd(collector->schedule), LOOP_READ, on_wait_over, collector);
		return collector->wait_source == NULL;
	case SCHEDULE_IDLE:
		sync_packets(collector);
		rest(collector);
		return false;
	case SCHEDULE_ENDED: collector->is_draining = true; return false;
	case SCHEDULE_FAILED: loop_stop(collector->loop, -EINVAL); return false;
	}
	return false;
}

static void
on_timer(void *context, uint64_t times)
{
	struct collector *const collector = context;

	(void)times;
	loop_wake_idle(collector->loop);
}

static void
take_subscription(struct collector *collector, const struct message_subscription *wanted)
{
	struct message_subscription subscription = *wanted;

	if (!subscription_hold_to_netns(&subscription, collector->netns)) {
		schedule_losses(collector->schedule)[LOSS_REQUESTS]++;
		notice_write(collector->writer, SEVERITY_WARNING,
			"refused: a network namespace that the command line did not name (--netns)");
	}
	schedule_subscribe(collector->schedule, &subscription);
	packet_subscribe(collector->packet, &subscription);
	sync_packets(collector);
}

static void
verify(struct collector *collector, const struct message_verify *request)
{
	if (commands_verify(&collector->commands, request))
		schedule_hurry(collector->schedule);
}

static void
take_subscription_message(struct collector *collector, const struct record *record)
{
	struct message message;

	if (record->kind != RECORD_MESSAGE ||
		message_decode(record->data, record->len, &message) != 0)
		return;
	collector->has_heard = true;
	/* Nothing else may come from the viewer. */
	if (message.type == MESSAGE_SUBSCRIPTION)
		take_subscription(collector, &message.body.subscription);
	else if (message.type == MESSAGE_DESTROY)
		commands_destroy(&collector->commands, &message.body.destroy);
	else if (message.type == MESSAGE_SIGNAL)
		commands_signal(&collector->commands, &message.body.signal);
	else if (message.type == MESSAGE_VERIFY)
		verify(collector, &message.body.verify);
	else if (message.type == MESSAGE_PROBE_START)
		probe_engine_start(collector->probes, &message.body.probe_start);
	else if (message.type == MESSAGE_PROBE_STOP)
		probe_engine_stop(collector->probes, message.body.probe_stop.id);
}

static void
on_in(void *context, unsigned events)
{
	struct collector *const collector = context;
	struct record record;
	struct error error;
	int status;

	(void)events;
	while ((status = stream_reader_next(collector->reader, &record, &error)) > 0)
		take_subscription_message(collector, &record);
	loop_wake_idle(collector->loop);
	if (status == 0 && !stream_reader_ended(collector->reader))
		return;
	loop_remove(collector->in_source);
	collector->in_source = NULL;
	if (status < 0) {
		*collector->error = error;
		loop_stop(collector->loop, status);
	} else if (collector->is_in_watched && collector->has_heard) {
		loop_stop(collector->loop, 0);
	}
}

static void
on_out(void *context, unsigned events)
{
	struct collector *const collector = context;

	if ((events & LOOP_HANGUP) != 0 && (events & LOOP_WRITE) == 0)
		loop_stop(collector->loop, 0);
}

/* After each pass of the loop: writes what waits; when that made room, the work goes on. */
static void
flush(void *context)
{
	struct collector *const collector = context;
	const bool was_blocked = stream_pending(collector->writer) >= DUMP_PENDING_MAX;
	const int error = stream_flush(collector->writer);

	if (error != 0 && error != -EAGAIN) {
		if (error != -EPIPE)
			error_set(
				collector->error, "cannot write the stream: %s", file_words(error));
		loop_stop(collector->loop, error == -EPIPE ? 0 : error);
		return;
	}
	if (error == 0 && collector->is_draining)
		loop_stop(collector->loop, 0);
	loop_change(collector->out_source, error == -EAGAIN ? LOOP_WRITE : 0);
	if (was_blocked && stream_pending(collector->writer) < DUMP_PENDING_MAX)
		loop_wake_idle(collector->loop);
	packet_resume(collector->packet);
}

static void
on_signal(void *context, int number)
{
	struct collector *const collector = context;

	(void)number;
	loop_stop(collector->loop, 0);
}

/* Makes a pipe or socket non-blocking. The flags before, or -1: it needs none or cannot have it. */
static int
set_nonblocking(int fd)
{
	struct stat status;
	int flags;

	if (fd < 0 || fstat(fd, &status) != 0 ||
		(!S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode)))
		return -1;
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || (flags & O_NONBLOCK) != 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
		return -1;
	return flags;
}

static bool
is_watched(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 &&
	       (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || isatty(fd));
}

static int
connect_loop(struct collector *collector, const struct collector_options *options)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};

	collector->loop = loop_new();
	if (collector->loop == NULL)
		return -errno;
	collector->timer = loop_add_timer(collector->loop, on_timer, collector);
	if (collector->timer == NULL)
		return -errno;
	collector->out_source = loop_add(collector->loop, options->out, 0, on_out, collector);
	if (collector->out_source == NULL)
		return -errno;
	if (options->in >= 0) {
		collector->is_in_watched = is_watched(options->in);
		collector->reader = stream_reader_new(options->in);
		collector->in_source =
			loop_add(collector->loop, options->in, LOOP_READ, on_in, collector);
		if (collector->reader == NULL || collector->in_source == NULL)
			return -errno;
	}
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		if (loop_add_signal(collector->loop, signals[i], on_signal, collector) == NULL)
			return -errno;
	}
	loop_set_after(collector->loop, flush, collector);
	loop_set_idle(collector->loop, on_idle, collector);
	return 0;
}

static void
begin_commands(struct collector *collector, const struct collector_options *options)
{
	const struct commands_options commands = {
		.writer = collector->writer,
		.proc = schedule_proc(collector->schedule),
		.losses = schedule_losses(collector->schedule),
		.are_allowed = options->actions && !options->read_only,
		/* With a keeper that is the parent. */
		.own = {(uint32_t)getpid(), options->viewer,
			options->keep_rights ? (uint32_t)getppid() : 0},
	};

	commands_init(&collector->commands, &commands);
}

static int
start_failed(const struct collector *collector, int result)
{
	error_set(collector->error, "cannot start the collector: %s", file_words(result));
	return result;
}

static int
run(struct collector *collector, const struct collector_options *options)
{
	int result;

	hello_write(collector->writer, false);
	collector->schedule = schedule_new(collector->writer, collector->error);
	if (collector->schedule == NULL)
		return -ENOMEM;
	result = connect_loop(collector, options);
	if (result != 0)
		return start_failed(collector, result);
	begin_commands(collector, options);
	collector->packet = packet_new(
		collector->loop, collector->writer, schedule_losses(collector->schedule));
	if (collector->packet != NULL)
		collector->probes = probe_engine_new(collector->loop, collector->writer,
			schedule_namespaces(collector->schedule),
			schedule_losses(collector->schedule));
	if (collector->packet == NULL || collector->probes == NULL)
		return start_failed(collector, -errno);
	schedule_namespaces(collector->schedule)->viewer = options->viewer;
	take_subscription(collector, &options->subscription);
	return loop_run(collector->loop);
}

int
collector_run(const struct collector_options *options, struct error *error)
{
	struct error sentence = {.position = -1};
	struct collector collector = {.netns = options->netns, .error = &sentence};
	const int out_flags = set_nonblocking(options->out);
	const int in_flags = set_nonblocking(options->in);
	int result = 0;

	signal(SIGPIPE, SIG_IGN);
	collector.writer = stream_writer_new(options->out, WRITER_LIMIT);
	if (collector.writer != NULL)
		stream_follow_clock(collector.writer);
	if (collector.writer == NULL) {
		error_set(&sentence, "out of memory");
		result = -ENOMEM;
	} else if (!options->keep_rights) {
		lock_directory();
		result = privileges_drop_collector(rights_of(options), &sentence);
	}
	if (result == 0)
		sandbox_enter(SANDBOX_COLLECTOR, NULL);
	if (result == 0)
		result = run(&collector, options);
	if (result != 0 && collector.writer != NULL)
		report_failure(&collector);
	probe_engine_free(collector.probes);
	packet_free(collector.packet);
	schedule_free(collector.schedule);
	stream_reader_free(collector.reader);
	stream_writer_free(collector.writer);
	loop_free(collector.loop);
	if (out_flags >= 0)
		fcntl(options->out, F_SETFL, out_flags);
	if (in_flags >= 0)
		fcntl(options->in, F_SETFL, in_flags);
	if (result != 0 && error != NULL)
		*error = sentence;
	return result;
}

static int
collect(const void *context, const struct message_subscription *subscription, int out, int in,
	bool is_read_only)
{
	struct collector_options options = *(const struct collector_options *)context;

	options.out = out;
	options.in = in;
	options.subscription = *subscription;
	options.read_only |= is_read_only;
	options.keep_rights = true;
	return collector_run(&options, NULL);
}

int
collector_keeper_start(
	const struct collector_options *options, struct keeper *keeper, struct error *error)
{
	struct collector_options any = *options;
	struct keeper_options keeper_options = {.collect = collect, .context = &any};

	any.in = 0; /* a subscription for anything may come */
	any.viewer = (uint32_t)getpid();
	keeper_options.rights = rights_of(&any);
	return keeper_start(&keeper_options, keeper, error);
}
