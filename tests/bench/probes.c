/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost of probing many targets once a second: the collector as it is, and the viewer's half,
 * its model, in this process. Targets and routers are in a process of their own (probes_lab.c).
 *
 *	probes SOCKWATCH TARGETS HOPS SECONDS ROUTER-RATE
 *	probes HOPS HOP-US     (the targets only, until standard input ends)
 *
 * prints percents of a core: collector, viewer; then probes and answers a second, and in percent of
 * the probes those that were answered. Needs a network namespace of its own, with lo up.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/path.h>
#include <sockwatch/stream/stream.h>

#include "probes_lab.h"

enum {
	TARGETS_MAX = 200,
	HOPS_MAX = 30,
	HOP_US = 2000,
	TICK_MS = 50,
	WARM_UP_S = 3, /* the first cycles are not like the others */
	WRITER_LIMIT = 1024 * 1024,
};

struct bench {
	unsigned targets, seconds, rate;
	pid_t collector;
	struct loop *loop;
	struct stream_reader *reader;
	struct model *model;
	uint64_t begin_ns;
	bool is_warm;
	uint64_t sent, received;                     /* when warm */
	uint64_t collector_ns, viewer_ns, warmed_ns; /* when warm */
};

static uint64_t
cpu_ns(pid_t pid)
{
	struct timespec time = {0};
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
		return 0;
	return (uint64_t)time.tv_sec * CLOCK_NS_PER_S + (uint64_t)time.tv_nsec;
}

static void
count(const struct bench *bench, uint64_t *sent, uint64_t *received)
{
	const struct path *path;

	*sent = *received = 0;
	for (size_t i = 0; (path = path_table_at(bench->model->paths, i)) != NULL; i++) {
		for (unsigned k = 0; k < path->hop_count; k++) {
			*sent += path->hops[k].sent - path->hops[k].pending;
			*received += path->hops[k].received;
		}
	}
}

static double
percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (double)part * 100 / (double)whole;
}

static void
print(const struct bench *bench, uint64_t now_ns)
{
	const uint64_t passed_ns = now_ns - bench->warmed_ns;
	uint64_t sent, received;

	count(bench, &sent, &received);
	sent -= bench->sent;
	received -= bench->received;
	printf("%.2f %.2f %.0f %.0f %.2f\n",
		percent(cpu_ns(bench->collector) - bench->collector_ns, passed_ns),
		percent(cpu_ns(getpid()) - bench->viewer_ns, passed_ns),
		(double)sent * 1e9 / (double)passed_ns, (double)received * 1e9 / (double)passed_ns,
		percent(received, sent));
}

static void
on_tick(void *context, uint64_t times)
{
	struct bench *const bench = context;
	const uint64_t now_ns = clock_monotonic_ns();

	(void)times;
	model_tick(bench->model, clock_realtime_ns());
	if (!bench->is_warm && now_ns >= bench->begin_ns + WARM_UP_S * CLOCK_NS_PER_S) {
		bench->is_warm = true;
		bench->warmed_ns = now_ns;
		bench->collector_ns = cpu_ns(bench->collector);
		bench->viewer_ns = cpu_ns(getpid());
		count(bench, &bench->sent, &bench->received);
	} else if (bench->is_warm && now_ns >= bench->warmed_ns + bench->seconds * CLOCK_NS_PER_S) {
		print(bench, now_ns);
		loop_stop(bench->loop, 0);
	}
}

static void
on_stream(void *context, unsigned events)
{
	struct bench *const bench = context;
	struct error error = {.position = -1};
	struct record record;

	(void)events;
	while (stream_reader_next(bench->reader, &record, &error) > 0)
		model_apply(bench->model, &record);
	if (stream_reader_ended(bench->reader))
		loop_stop(bench->loop, -EPIPE);
}

static int
write_starts(const struct bench *bench, int commands)
{
	struct stream_writer *const writer = stream_writer_new(commands, WRITER_LIMIT);
	const struct message_subscription subscription = {.paused = 1, .interval_ms = 1000};
	int result = stream_write_message(writer, MESSAGE_SUBSCRIPTION, &subscription);

	for (unsigned i = 0; result == 0 && i < bench->targets; i++) {
		const struct message_probe_start start = {.id = i + 1,
			.protocol = PROBE_PROTOCOL_ICMP,
			.flows = 1,
			.first_ttl = 1,
			.max_ttl = HOPS_MAX,
			.target = {{[10] = 0xff, [11] = 0xff, 10, 200, 0, (uint8_t)(i + 1)}},
			.interval_ms = 1000,
			.timeout_ms = 1000,
			.size = 56,
			.router_rate = (uint16_t)bench->rate};
		result = stream_write_message(writer, MESSAGE_PROBE_START, &start);
	}
	if (result == 0)
		result = stream_flush(writer);
	stream_writer_free(writer);
	return result;
}

static pid_t
start_collector(const char *sockwatch, int *stream, int *commands)
{
	int out[2], in[2];
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		execl(sockwatch, sockwatch, "collect", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	*stream = out[0];
	*commands = in[1];
	fcntl(*stream, F_SETFL, O_NONBLOCK);
	return pid;
}

static int
open_lab(void)
{
	static const char set_up[] = "ip addr add 10.0.0.2/24 dev lab && ip link set lab up && "
				     "ip route add 10.200.0.0/24 dev lab";
	const int tun = probes_lab_open();

	if (tun >= 0 && system(set_up) == 0)
		return tun;
	fprintf(stderr, "probes: no TUN device\n");
	return -1;
}

/* Closed at our end, however that comes. */
static int
start_lab(unsigned hops)
{
	const struct probes_lab lab = {.hops = hops, .hop_us = HOP_US};
	const int tun = open_lab();
	int alive[2];

	if (tun < 0 || pipe2(alive, O_CLOEXEC) != 0)
		return -1;
	if (fork() == 0) {
		close(alive[1]);
		probes_lab_run(&lab, tun, alive[0]);
		_exit(0);
	}
	close(tun);
	close(alive[0]);
	return alive[1];
}

static int
run(struct bench *bench, const char *sockwatch, unsigned hops)
{
	struct loop_source *timer;
	int stream = -1, commands = -1, result;

	if (start_lab(hops) < 0)
		return 77;
	bench->collector = start_collector(sockwatch, &stream, &commands);
	bench->begin_ns = clock_monotonic_ns();
	bench->loop = loop_new();
	bench->model = model_new(1);
	bench->reader = stream_reader_new(stream);
	timer = bench->loop == NULL ? NULL : loop_add_timer(bench->loop, on_tick, bench);
	if (bench->collector < 0 || bench->model == NULL || bench->reader == NULL ||
		timer == NULL || write_starts(bench, commands) != 0)
		return EXIT_FAILURE;
	loop_arm(timer, TICK_MS * CLOCK_NS_PER_MS, TICK_MS * CLOCK_NS_PER_MS);
	loop_add(bench->loop, stream, LOOP_READ, on_stream, bench);
	result = loop_run(bench->loop);
	if (result != 0)
		fprintf(stderr, "probes: the collector has ended\n");
	close(commands);
	close(stream);
	waitpid(bench->collector, NULL, 0);
	stream_reader_free(bench->reader);
	model_free(bench->model);
	loop_free(bench->loop);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
serve(const struct probes_lab *lab)
{
	const int tun = open_lab();

	if (tun < 0)
		return 77;
	probes_lab_run(lab, tun, STDIN_FILENO);
	return EXIT_SUCCESS;
}

static unsigned
number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

int
main(int argc, char **argv)
{
	struct bench bench = {0};

	if (argc == 3)
		return serve(
			&(struct probes_lab){.hops = number(argv[1]), .hop_us = number(argv[2])});
	if (argc != 6 || number(argv[2]) > TARGETS_MAX || number(argv[3]) > HOPS_MAX) {
		fprintf(stderr, "usage: probes SOCKWATCH TARGETS HOPS SECONDS ROUTER-RATE\n"
				"       probes HOPS HOP-US\n");
		return 2;
	}
	bench.targets = number(argv[2]);
	bench.seconds = number(argv[4]);
	bench.rate = number(argv[5]);
	return run(&bench, argv[1], number(argv[3]));
}
