/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP without any right: connect() with a time to live. The first ICMP error ends the connect and
 * is on its error queue. Two connects between the same ports cannot run at the same time, so a
 * flow, which keeps its ports, probes one hop after the other. A silent hop is waited for four
 * times as long as the longest answer took.
 */
#include <config.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "collector/probe/engine.h"
#include "collector/probe/receive.h"
#include "method.h"
#include "probe_socket.h"
#include "sockaddr.h"

enum {
	PATIENCE_MIN_MS = 100,
	PATIENCE_MAX_MS = 950, /* the kernel repeats a SYN after a second */
	PATIENCE_FACTOR = 4,
	PATIENT_EACH = 10, /* cycles */
};

struct attempt {
	int fd; /* -1: there is no attempt */
	struct loop_source *source;
	uint32_t sequence;
	uint64_t sent_ns;    /* CLOCK_REALTIME */
	uint64_t until_ns;   /* CLOCK_MONOTONIC */
	uint64_t longest_ns; /* until an answer, ever */
};

static int
open_connects(struct target *target)
{
	const int result = probe_socket_reserve(target, target->start.flows, SOCK_STREAM);

	if (result != 0)
		return result;
	target->attempt = calloc(1, sizeof *target->attempt);
	if (target->attempt == NULL)
		return -ENOMEM;
	target->attempt->fd = -1;
	return 0;
}

static void
end_attempt(struct attempt *attempt)
{
	loop_remove(attempt->source);
	attempt->source = NULL;
	if (attempt->fd >= 0)
		close(attempt->fd);
	attempt->fd = -1;
}

static void
close_connects(struct target *target)
{
	if (target->attempt != NULL)
		end_attempt(target->attempt);
	free(target->attempt);
	target->attempt = NULL;
}

/* Takes the kernel's own measure of the handshake, in microseconds. */
static void
take_handshake(const struct attempt *attempt, struct answer *answer)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;

	if (getsockopt(attempt->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 || info.tcpi_rtt == 0)
		return;
	answer->received_ns = attempt->sent_ns + info.tcpi_rtt * CLOCK_NS_PER_US;
	answer->is_stamped = true;
}

static void
take_answer(struct target *target, const struct answer *answer)
{
	struct attempt *const attempt = target->attempt;

	if (answer->received_ns > attempt->sent_ns + attempt->longest_ns)
		attempt->longest_ns = answer->received_ns - attempt->sent_ns;
	in_flight_answered(target, attempt->sequence, answer);
}

/* A search for an ICMP error on the error queue. */
struct icmp_search {
	struct target *target;
	bool is_found;
};

static bool
take_error(void *context, struct received *received)
{
	struct icmp_search *const search = context;

	if (received->kind != RECEIVE_ERROR)
		return true;
	receive_find_extension(search->target, received);
	take_answer(search->target, &received->answer);
	search->is_found = true;
	return false;
}

static bool
take_icmp(struct target *target, const struct attempt *attempt)
{
	struct icmp_search search = {.target = target};

	receive_errors(attempt->fd, target->engine->room, take_error, &search);
	return search.is_found;
}

/* The connect is decided. error: errno, or 0 for connected. */
static void
decide(struct target *target, int error)
{
	struct attempt *const attempt = target->attempt;
	struct answer answer = {.kind = PROBE_ANSWER_CONNECTED,
		.received_ns = clock_realtime_ns(),
		.from = target->start.target};

	if (error == 0)
		take_handshake(attempt, &answer);
	else
		answer.kind = PROBE_ANSWER_REFUSED;
	/* An ICMP error says more. */
	if (!take_icmp(target, attempt) && (error == 0 || error == ECONNREFUSED))
		take_answer(target, &answer);
	end_attempt(attempt);
	engine_arm(target->engine);
}

static void
on_ready(void *context, unsigned events)
{
	struct target *const target = context;
	int error = 0;
	socklen_t len = sizeof error;

	(void)events;
	(void)getsockopt(target->attempt->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	decide(target, error);
}

/*
 * Beyond the last router that answers, a router may search the target's host for three seconds and
 * then say that it is down. One attempt waits for that, now and then.
 */
static bool
is_patient(const struct target *target, const struct probe_schedule_step *step)
{
	const struct probe_schedule_flow *const flow = &target->schedule.flow[step->flow];

	return target->schedule.cycle % PATIENT_EACH == 1 && flow->end == 0 &&
	       step->ttl == flow->farthest + 1;
}

static int
prepare(const struct target *target, int fd, const struct probe_schedule_step *step)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	const bool is_v4 = target->is_v4;
	struct sockaddr_storage address;
	const socklen_t len = sockaddr_fill(
		&target->local, target->is_v4, target->source_ports[step->flow], &address);
	int result = probe_socket_prepare(target, fd);

	if (result == 0)
		result = probe_socket_set(fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
			is_v4 ? IP_TTL : IPV6_UNICAST_HOPS, step->ttl);
	if (result == 0)
		result = probe_socket_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	/* It connects only to close again: a reset leaves no TIME-WAIT on the port. */
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	/* With one repetition it gives up after 3 s, a moment too soon. */
	(void)probe_socket_set(fd, IPPROTO_TCP, TCP_SYNCNT, is_patient(target, step) ? 2 : 1);
	if (result == 0 && bind(fd, (const struct sockaddr *)&address, len) != 0)
		result = -errno;
	return result;
}

static uint64_t
patience_ns(const struct target *target, const struct probe_schedule_step *step)
{
	uint64_t most_ns = PATIENCE_MAX_MS * CLOCK_NS_PER_MS;
	uint64_t patience_ns = target->attempt->longest_ns * PATIENCE_FACTOR;

	if (is_patient(target, step))
		return target->start.timeout_ms * CLOCK_NS_PER_MS;
	if (target->start.timeout_ms < PATIENCE_MAX_MS)
		most_ns = target->start.timeout_ms * CLOCK_NS_PER_MS;
	if (patience_ns == 0 || patience_ns > most_ns)
		return most_ns;
	return patience_ns < PATIENCE_MIN_MS * CLOCK_NS_PER_MS ? PATIENCE_MIN_MS * CLOCK_NS_PER_MS
							       : patience_ns;
}

/* Opens the socket of one attempt and connects it. 0 or -EINPROGRESS: it was sent. */
static int
begin_attempt(
	struct target *target, const struct probe_schedule_step *step, struct in_flight *probe)
{
	struct attempt *const attempt = target->attempt;
	int result = probe_socket_open(target, SOCK_STREAM, 0);

	attempt->fd = result < 0 ? -1 : result;
	attempt->sequence = probe->sequence;
	if (result >= 0)
		result = prepare(target, attempt->fd, step);
	if (result != 0)
		return result;
	attempt->source = loop_add(
		target->engine->loop, attempt->fd, LOOP_READ | LOOP_WRITE, on_ready, target);
	if (attempt->source == NULL)
		return -ENOMEM;
	attempt->until_ns = target->last_sent_ns + patience_ns(target, step);
	attempt->sent_ns = probe->sent_ns = clock_realtime_ns();
	/* Each attempt is another socket, to which the kernel would give another label. */
	return probe_socket_connect_flow(
		target, attempt->fd, target->start.port, target_flow_label(target, step->flow));
}

/* When the first hop answers within the call, its error is on the queue already. */
static bool
is_sent(struct target *target, int result)
{
	return result == 0 || result == -EINPROGRESS || result == -ECONNREFUSED ||
	       (target->attempt->fd >= 0 && probe_socket_has_error(target->attempt->fd));
}

static int
send_connect(struct target *target, const struct probe_schedule_step *step, struct in_flight *probe)
{
	const int result = begin_attempt(target, step, probe);

	if (!is_sent(target, result)) {
		end_attempt(target->attempt);
		return -result;
	}
	in_flight_report_sent(target);
	if (result != -EINPROGRESS)
		decide(target, -result);
	return 0;
}

static bool
is_busy(const struct target *target)
{
	return target->attempt->fd >= 0;
}

static void
tick(struct target *target, uint64_t now_ns)
{
	if (target->attempt->fd >= 0 && now_ns >= target->attempt->until_ns)
		end_attempt(target->attempt);
}

static uint64_t
next_ns(const struct target *target)
{
	return target->attempt->until_ns;
}

const struct method method_connect = {
	.number = PROBE_METHOD_CONNECT,
	.open = open_connects,
	.send = send_connect,
	.is_busy = is_busy,
	.tick = tick,
	.next_ns = next_ns,
	.close = close_connects,
};
