/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes back to the collector's probes: answers, ICMP errors with what they quote, transmit
 * stamps, and orders to start and stop. The sockets are made up (linked with --wrap): what is sent
 * goes nowhere, what is read is the input. An input is a byte for the method, eight for the order
 * of the first target, and steps: a byte for the kind, one for the length, and what it takes.
 *
 * Few inputs would guess what a probe of ours looks like. A step "echoed" therefore gives back one
 * that was built, as a router quotes it or as the target sends it back, with a byte changed.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>

#include <linux/errqueue.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/losses.h>

#include "collector/probe/engine.h"
#include "collector/probe/method/method.h"
#include "collector/probe/method/probe_socket.h"
#include "collector/probe/method/reopen.h"
#include "collector/probe/method/route_watch.h"
#include "collector/probe/probe.h"
#include "collector/probe/receive.h"
#include "fuzz.h"

enum {
	ID = 1,
	ORDER = 9,
	STEP_HEADER = 2,
	STEPS_MAX = 64,
	WRITER_LIMIT = 1 << 20,
	CONTROL_HEADER = 2,
	MESSAGE_HEADER = 2,
	ECHOED = 7,
	QUOTE_MAX = 512,
};

/* The input's steps. */
enum step {
	STEP_TIME,
	STEP_ERROR,  /* a message on the error queue: who from, how many parts of control, these */
	STEP_PACKET, /* the same among the packets */
	STEP_QUOTED, /* a probe of ours, as an ICMP error quotes it */
	STEP_ANSWERED,
	STEP_ORDER, /* a message of the viewer's */
	STEP_FAILURE,
	STEP_COUNT,
};

/* The control messages that are read, by the input's number for them. */
static const struct {
	int level, type;
} controls[] = {{SOL_SOCKET, SO_TIMESTAMPING}, {IPPROTO_IP, IP_RECVERR},
	{IPPROTO_IPV6, IPV6_RECVERR}, {IPPROTO_IP, IP_TTL}, {IPPROTO_IPV6, IPV6_HOPLIMIT},
	{SOL_SOCKET, SCM_RIGHTS}};

static const struct method *const methods[] = {
	&method_ping, &method_raw_icmp, &method_udp, &method_raw_udp, &method_raw_tcp};

enum { METHODS = sizeof methods / sizeof *methods, CONTROLS = sizeof controls / sizeof *controls };

/* What the made-up socket gives next. */
static struct {
	bool waits, is_error;
	struct sockaddr_storage from;
	socklen_t from_len;
	_Alignas(struct cmsghdr) uint8_t control[RECEIVE_CONTROL_SIZE];
	size_t control_len;
	uint8_t bytes[RECEIVE_SIZE];
	size_t len;
} waiting;

static uint64_t now_ns;
static unsigned method; /* of the next target */
static int send_error;
static bool opens; /* its sockets are opened, as far as that goes */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

int __wrap_probe_socket_open(const struct target *target, int type, int protocol);
int __wrap_probe_socket_prepare(const struct target *target, int fd);
int __wrap_probe_socket_bind(const struct target *target, int fd, uint16_t port);
int __wrap_probe_socket_prepare_connected(const struct target *target);
bool __wrap_method_open(struct target *target);
bool __wrap_reopen_target(struct target *target);
void __wrap_route_watch_add(struct probe_engine *engine, uint32_t netns);
void __wrap_route_watch_drop(struct probe_engine *engine, uint32_t netns);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *);
int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
uint64_t __wrap_clock_monotonic_ns(void);
uint64_t __wrap_clock_realtime_ns(void);

/* Sockets that take no option: how far opening gets with them. */
int
__wrap_probe_socket_open(const struct target *target, int type, int protocol)
{
	(void)target;
	(void)type;
	(void)protocol;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int
__wrap_probe_socket_prepare(const struct target *target, int fd)
{
	(void)target;
	(void)fd;
	return 0;
}

int
__wrap_probe_socket_bind(const struct target *target, int fd, uint16_t port)
{
	(void)target;
	(void)fd;
	(void)port;
	return 0;
}

int
__wrap_probe_socket_prepare_connected(const struct target *target)
{
	(void)target;
	return 0;
}

bool
__wrap_method_open(struct target *target)
{
	if (opens)
		(void)methods[method]->open(target);
	probe_socket_close(target);
	target->method = methods[method];
	for (unsigned i = 0; i < PROBE_SCHEDULE_FLOWS_MAX; i++)
		target->source_ports[i] = (uint16_t)(40000 + i);
	return true;
}

bool
__wrap_reopen_target(struct target *target)
{
	target->is_blocked = true;
	target->error = send_error != 0 ? send_error : ENETUNREACH;
	return false;
}

void
__wrap_route_watch_add(struct probe_engine *engine, uint32_t netns)
{
	(void)engine;
	(void)netns;
}

void
__wrap_route_watch_drop(struct probe_engine *engine, uint32_t netns)
{
	(void)engine;
	(void)netns;
}

/* As the kernel: no more than there is room for, control messages whole. */
int
__wrap_recvmmsg(
	int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout)
{
	struct msghdr *const header = &messages[0].msg_hdr;

	(void)fd;
	(void)timeout;
	if (!waiting.waits || count == 0 || waiting.is_error != ((flags & MSG_ERRQUEUE) != 0)) {
		errno = EAGAIN;
		return -1;
	}
	waiting.waits = false;
	require(waiting.len <= header->msg_iov->iov_len &&
		waiting.control_len <= header->msg_controllen &&
		waiting.from_len <= header->msg_namelen);
	memcpy(header->msg_iov->iov_base, waiting.bytes, waiting.len);
	memcpy(header->msg_control, waiting.control, waiting.control_len);
	memcpy(header->msg_name, &waiting.from, waiting.from_len);
	header->msg_controllen = waiting.control_len;
	header->msg_namelen = waiting.from_len;
	messages[0].msg_len = (unsigned)waiting.len;
	return 1;
}

/* One failure of each order; the rest goes out. */
int
__wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	(void)fd;
	(void)messages;
	(void)flags;
	if (send_error == 0)
		return (int)count;
	errno = send_error;
	send_error = 0;
	return -1;
}

ssize_t
__wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	(void)fd;
	(void)flags;
	return (ssize_t)message->msg_iov->iov_len;
}

uint64_t
__wrap_clock_monotonic_ns(void)
{
	return now_ns;
}

uint64_t
__wrap_clock_realtime_ns(void)
{
	return now_ns;
}

static struct loop *loop;
static struct stream_writer *writer;

static struct probe_engine *
begin(void)
{
	static int nothing;
	static uint64_t losses[LOSS_COUNT];
	static const struct namespaces none;
	struct probe_engine *engine;

	if (nothing == 0)
		nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	loop = loop_new();
	writer = stream_writer_new(nothing, WRITER_LIMIT);
	require(nothing > 0 && loop != NULL && writer != NULL);
	now_ns = UINT64_C(1700000000) * 1000000000;
	waiting.waits = false;
	send_error = 0;
	engine = probe_engine_new(loop, writer, &none, losses);
	require(engine != NULL);
	return engine;
}

static void
order_first(struct probe_engine *engine, const uint8_t *data)
{
	static const uint8_t v4[] = {192, 0, 2, 1}, v6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
	const bool is_v4 = data[0] / METHODS % 2 == 0;
	const struct message_probe_start start = {.id = ID,
		.target = is_v4 ? address_from_v4(v4) : address_from_v6(v6),
		.protocol = data[0] / METHODS / 2,
		.flows = data[1],
		.first_ttl = data[2],
		.max_ttl = data[3],
		.interval_ms = data[4] * 50U,
		.timeout_ms = data[5] * 100U,
		.size = (uint16_t)(data[6] * 40),
		.dont_fragment = data[7] % 4,
		.cycles = data[7] / 4,
		.router_rate = data[8]};

	method = data[0] % METHODS;
	opens = data[1] % 8 == 7;
	probe_engine_start(engine, &start);
}

/* In which the control messages stand one behind the other, as the kernel writes them. */
static void
add_control(int level, int type, const void *data, size_t len)
{
	struct cmsghdr header = {.cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type};

	if (waiting.control_len + CMSG_SPACE(len) > sizeof waiting.control)
		return;
	memset(waiting.control + waiting.control_len, 0, CMSG_SPACE(len));
	memcpy(waiting.control + waiting.control_len, &header, sizeof header);
	memcpy(waiting.control + waiting.control_len + CMSG_LEN(0), data, len);
	waiting.control_len += CMSG_SPACE(len);
}

/* 0: the target, 1: another host, 2: of the other family, else none. */
static void
set_from(const struct target *target, uint8_t from)
{
	const bool is_v4 = target->is_v4 == (from != 2);
	struct sockaddr_in *const v4 = (struct sockaddr_in *)&waiting.from;
	struct sockaddr_in6 *const v6 = (struct sockaddr_in6 *)&waiting.from;

	memset(&waiting.from, 0, sizeof waiting.from);
	waiting.from_len = from > 2 ? 0 : is_v4 ? sizeof *v4 : sizeof *v6;
	if (is_v4) {
		v4->sin_family = AF_INET;
		memcpy(&v4->sin_addr, target->start.target.bytes + 12, sizeof v4->sin_addr);
	} else {
		v6->sin6_family = AF_INET6;
		memcpy(&v6->sin6_addr, target->start.target.bytes, sizeof v6->sin6_addr);
	}
	if (from == 1)
		v4->sin_addr.s_addr ^= 1;
}

static void
set_bytes(const uint8_t *data, size_t len)
{
	waiting.len = len < sizeof waiting.bytes ? len : sizeof waiting.bytes;
	memcpy(waiting.bytes, data, waiting.len);
}

static void
receive_message(struct target *target, bool is_error, const uint8_t *data, size_t len)
{
	uint8_t parts;

	if (len < MESSAGE_HEADER)
		return;
	waiting.waits = true;
	waiting.is_error = is_error;
	waiting.control_len = 0;
	set_from(target, data[0]);
	parts = data[1];
	data += MESSAGE_HEADER;
	len -= MESSAGE_HEADER;
	for (; parts > 0 && len >= CONTROL_HEADER; parts--) {
		const size_t kind = data[0] % CONTROLS;
		const size_t size = data[1] < len - CONTROL_HEADER ? data[1] : len - CONTROL_HEADER;

		add_control(controls[kind].level, controls[kind].type, data + CONTROL_HEADER, size);
		data += CONTROL_HEADER + size;
		len -= CONTROL_HEADER + size;
	}
	set_bytes(data, len);
	receive_ready(target, is_error, !is_error);
	waiting.waits = false;
}

/* The ICMP error that the kernel reports with a quote. */
static void
add_error(const struct target *target, const uint8_t *data)
{
	struct {
		struct sock_extended_err error;
		struct sockaddr_storage from;
	} error = {.error = {.ee_errno = EHOSTUNREACH,
			   .ee_origin = target->is_v4 ? SO_EE_ORIGIN_ICMP : SO_EE_ORIGIN_ICMP6,
			   .ee_type = data[3],
			   .ee_code = data[4],
			   .ee_info = data[5] * 16U}};

	error.error.ee_rfc4884.len = data[6];
	set_from(target, 1);
	error.from = waiting.from;
	if (target->is_v4)
		add_control(IPPROTO_IP, IP_RECVERR, &error, sizeof error);
	else
		add_control(IPPROTO_IPV6, IPV6_RECVERR, &error, sizeof error);
}

/* data: which probe, which byte is changed and how, then of the error. Of IPv4 with its header. */
static void
receive_echoed(struct target *target, bool is_answer, const uint8_t *data, size_t len)
{
	static uint8_t packet[WIRE_PACKET_MAX + 20];
	const struct in_flight *const probe =
		&target->in_flight[len > 0 ? data[0] % TARGET_IN_FLIGHT_MAX : 0];
	const bool has_header =
		is_answer && target->is_v4 && target->method->number == PROBE_METHOD_RAW;
	const size_t header = has_header ? 20 : 0;
	struct sockaddr_storage to;
	socklen_t to_len = 0;
	size_t size;

	if (len < ECHOED || probe->sequence == 0)
		return;
	memset(packet, 0, 20);
	packet[0] = 0x45;
	size = header + target->method->build(target, probe, packet + header, &to, &to_len);
	if (is_answer)
		packet[header] = target->is_v4 ? 0 : 129;
	packet[data[1] % size] ^= data[2];
	waiting.waits = true;
	waiting.is_error = !is_answer;
	waiting.control_len = 0;
	if (!is_answer)
		add_error(target, data);
	set_from(target, is_answer ? data[3] % 4 : 3);
	set_bytes(packet, size < QUOTE_MAX ? size : QUOTE_MAX);
	receive_ready(target, !is_answer, is_answer);
	waiting.waits = false;
}

static void
take_order(struct probe_engine *engine, const uint8_t *data, size_t len)
{
	uint8_t *const copy = malloc(len != 0 ? len : 1);
	struct message message;

	require(copy != NULL);
	memcpy(copy, data, len);
	if (message_decode(copy, len, &message) == 0) {
		if (message.type == MESSAGE_PROBE_START)
			probe_engine_start(engine, &message.body.probe_start);
		else if (message.type == MESSAGE_PROBE_STOP)
			probe_engine_stop(engine, message.body.probe_stop.id);
	}
	free(copy);
}

static void
check_target(const struct target *target)
{
	require(target->size >= WIRE_PAYLOAD_MIN && target->size <= WIRE_PAYLOAD_MAX);
	require(target->start.flows >= 1 && target->start.flows <= PROBE_SCHEDULE_FLOWS_MAX);
	require(target->start.first_ttl >= 1 && target->start.first_ttl <= target->start.max_ttl &&
		target->start.max_ttl <= PROBE_SCHEDULE_TTL_MAX);
}

/* As the engine's timer does. */
static void
pass_time(struct probe_engine *engine, uint64_t ns)
{
	now_ns += ns;
	for (size_t i = engine->count; i-- > 0;) {
		struct target *const target = engine->targets[i];

		in_flight_report_sent(target);
		target_run(target, now_ns);
		check_target(target);
		if (target->is_over)
			probe_engine_stop(engine, target->start.id);
	}
	engine_arm(engine);
	(void)stream_flush(engine->writer);
}

static void
take_step(struct probe_engine *engine, uint8_t kind, const uint8_t *data, size_t len)
{
	static const int errors[] = {EMSGSIZE, EHOSTUNREACH, ENOBUFS, EPERM, EADDRNOTAVAIL};
	struct target *const target =
		engine->count != 0 ? engine->targets[engine->count - 1] : NULL;
	const uint8_t number = len != 0 ? data[0] : 0;

	switch ((enum step)(kind % STEP_COUNT)) {
	case STEP_TIME: pass_time(engine, number * UINT64_C(10000000)); break;
	case STEP_ORDER: take_order(engine, data, len); break;
	case STEP_FAILURE: send_error = errors[number % (sizeof errors / sizeof *errors)]; break;
	case STEP_ERROR:
	case STEP_PACKET:
		if (target != NULL)
			receive_message(target, kind % STEP_COUNT == STEP_ERROR, data, len);
		break;
	case STEP_QUOTED:
	case STEP_ANSWERED:
		if (target != NULL)
			receive_echoed(target, kind % STEP_COUNT == STEP_ANSWERED, data, len);
		break;
	case STEP_COUNT: break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct probe_engine *engine;

	if (len < ORDER)
		return 0;
	engine = begin();
	order_first(engine, data);
	data += ORDER;
	len -= ORDER;
	pass_time(engine, 1000000);
	for (unsigned i = 0; len >= STEP_HEADER && i < STEPS_MAX; i++) {
		const size_t size = data[1] < len - STEP_HEADER ? data[1] : len - STEP_HEADER;

		take_step(engine, data[0], data + STEP_HEADER, size);
		data += STEP_HEADER + size;
		len -= STEP_HEADER + size;
	}
	(void)stream_flush(engine->writer);
	probe_engine_free(engine);
	stream_writer_free(writer);
	loop_free(loop);
	return 0;
}
