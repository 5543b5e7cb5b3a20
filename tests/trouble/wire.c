/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wire: reads packets from one TUN device, and writes them to the other one when they are due.
 */
#include <config.h>

#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { RING_SIZE = 4096, READS_MAX = 64, PARTS_OF_LOSS = 10000 };

struct packet {
	uint64_t due_ns;
	size_t len;
	uint8_t bytes[WIRE_PACKET_MAX];
};

/* All packets of a ring wait equally long, so the oldest is due first. */
struct ring {
	struct packet packets[RING_SIZE];
	size_t oldest, count;
	int to;
};

struct wire {
	struct wire_rules *rules;
	int near, far;
	struct ring bad_to_far, bad_to_near;
	uint64_t free_ns; /* when the last byte to the far end will have left, where there is a rate
			   */
	uint32_t random;
};

/* Always the same sequence, so that a loss of 3 % is one in every run. */
static bool
chance(struct wire *wire, uint32_t parts)
{
	wire->random = wire->random * 1664525 + 1013904223;
	return (wire->random >> 8) % PARTS_OF_LOSS < parts;
}

static bool
is_bad_net(const uint8_t *bytes, size_t len, bool to_far)
{
	if (len >= 20 && bytes[0] >> 4 == 4)
		return bytes[to_far ? 17 : 13] == WIRE_BAD_NET4;
	return len >= 40 && bytes[to_far ? 29 : 13] == WIRE_BAD_NET6;
}

static bool
is_syn(const uint8_t *bytes, size_t len)
{
	const size_t tcp = bytes[0] >> 4 == 4 ? 20 : 40;

	return len > tcp + 13 && (bytes[tcp + 13] & 0x12) == 0x02;
}

static void
deliver(int to, const uint8_t *bytes, size_t len)
{
	/* A packet that an interface does not take is lost, as on any wire. */
	if (write(to, bytes, len) < 0 && errno != EIO && errno != EINVAL && errno != EAGAIN)
		perror("trouble: wire: write");
}

static bool
is_lost(struct wire *wire, const struct packet *packet, bool to_far)
{
	const struct wire_rules *const rules = wire->rules;

	if (!to_far)
		return rules->cut_to_near;
	return rules->cut_to_far ||
	       (rules->max_bytes_to_far != 0 && packet->len > rules->max_bytes_to_far) ||
	       (rules->loss_to_far != 0 && chance(wire, rules->loss_to_far)) ||
	       (rules->syn_loss_to_far != 0 && is_syn(packet->bytes, packet->len) &&
		       chance(wire, rules->syn_loss_to_far));
}

/* When the packet has left a sender of the given rate. false: the queue before it is full. */
static bool
shape(struct wire *wire, size_t len, uint64_t now_ns, uint64_t *due_ns)
{
	const uint32_t rate = wire->rules->rate_to_far;
	const uint64_t begin_ns = wire->free_ns > now_ns ? wire->free_ns : now_ns;

	*due_ns = now_ns;
	if (rate == 0)
		return true;
	if (begin_ns - now_ns > wire->rules->queue_to_far_ms * CLOCK_NS_PER_MS)
		return false;
	wire->free_ns = begin_ns + len * CLOCK_NS_PER_S / rate;
	*due_ns = wire->free_ns;
	return true;
}

static void
take(struct wire *wire, bool to_far)
{
	struct ring *const ring = to_far ? &wire->bad_to_far : &wire->bad_to_near;
	const int from = to_far ? wire->near : wire->far;

	for (int i = 0; i < READS_MAX && ring->count < RING_SIZE; i++) {
		struct packet *const packet =
			&ring->packets[(ring->oldest + ring->count) % RING_SIZE];
		const ssize_t len = read(from, packet->bytes, sizeof packet->bytes);
		const uint64_t now_ns = clock_monotonic_ns();

		if (len <= 0)
			return;
		packet->len = (size_t)len;
		packet->due_ns = now_ns;
		if (!is_bad_net(packet->bytes, packet->len, to_far)) {
			deliver(ring->to, packet->bytes, packet->len);
			continue;
		}
		if (is_lost(wire, packet, to_far) ||
			(to_far && !shape(wire, packet->len, now_ns, &packet->due_ns)))
			continue;
		packet->due_ns += wire->rules->delay_us * UINT64_C(1000);
		ring->count++;
	}
}

/* Gives when the next one is due. */
static uint64_t
release(struct ring *ring)
{
	while (ring->count != 0) {
		const struct packet *const packet = &ring->packets[ring->oldest];

		if (packet->due_ns > clock_monotonic_ns())
			return packet->due_ns;
		deliver(ring->to, packet->bytes, packet->len);
		ring->oldest = (ring->oldest + 1) % RING_SIZE;
		ring->count--;
	}
	return UINT64_MAX;
}

_Noreturn static void
run(struct wire *wire)
{
	struct pollfd fds[] = {
		{.fd = wire->near, .events = POLLIN}, {.fd = wire->far, .events = POLLIN}};

	for (;;) {
		const uint64_t to_far_ns = release(&wire->bad_to_far);
		const uint64_t to_near_ns = release(&wire->bad_to_near);
		const uint64_t due_ns = to_far_ns < to_near_ns ? to_far_ns : to_near_ns;
		const uint64_t now_ns = clock_monotonic_ns();
		const uint64_t rest_ns = due_ns > now_ns ? due_ns - now_ns : 0;
		const struct timespec rest = {.tv_sec = (time_t)(rest_ns / CLOCK_NS_PER_S),
			.tv_nsec = (long)(rest_ns % CLOCK_NS_PER_S)};

		ppoll(fds, 2, due_ns == UINT64_MAX ? NULL : &rest, NULL);
		take(wire, true);
		take(wire, false);
	}
}

pid_t
wire_start(int near, int far, struct wire_rules **rules)
{
	const pid_t parent = getpid();
	struct wire *wire;
	pid_t pid;

	*rules = mmap(
		NULL, sizeof **rules, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(*rules != MAP_FAILED, "mmap");
	pid = fork();
	check(pid >= 0, "fork");
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, "wire");
	wire = calloc(1, sizeof *wire);
	check(wire != NULL, "calloc");
	wire->rules = *rules;
	wire->near = near;
	wire->far = far;
	wire->bad_to_far.to = far;
	wire->bad_to_near.to = near;
	wire->random = 1;
	run(wire);
}
