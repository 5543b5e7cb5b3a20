/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The routers and targets behind the TUN device. Every packet is answered a while after it came, as
 * far-away hosts do: by the router at which its time to live ends, or by the target.
 */
#include <config.h>

#include "probes_lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

enum {
	MTU = 1500,
	WAITING_MAX = 4096,
	HEADER = 20,
	ICMP_HEADER = 8,
	QUOTED = HEADER + ICMP_HEADER,
	TIME_EXCEEDED = 11,
	ECHO = 8,
	PROTOCOL_ICMP = 1,
	FIRST_TTL = 64,
};

/* Answers under way, soonest first: a heap. */
static struct waiting {
	uint64_t due_ns;
	size_t len;
	uint8_t packet[MTU];
} * heap[WAITING_MAX];
static size_t heap_count;

static uint16_t
checksum(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
put16(uint8_t *at, uint32_t number)
{
	at[0] = (uint8_t)(number >> 8);
	at[1] = (uint8_t)number;
}

static bool
is_sooner(size_t a, size_t b)
{
	return heap[a]->due_ns < heap[b]->due_ns;
}

static void
swap(size_t a, size_t b)
{
	struct waiting *const kept = heap[a];

	heap[a] = heap[b];
	heap[b] = kept;
}

static void
push(struct waiting *waiting)
{
	size_t at = heap_count++;

	heap[at] = waiting;
	for (; at > 0 && is_sooner(at, (at - 1) / 2); at = (at - 1) / 2)
		swap(at, (at - 1) / 2);
}

static void
pop(void)
{
	size_t at = 0, child;

	heap[0] = heap[--heap_count];
	while ((child = 2 * at + 1) < heap_count) {
		if (child + 1 < heap_count && is_sooner(child + 1, child))
			child++;
		if (!is_sooner(child, at))
			break;
		swap(at, child);
		at = child;
	}
}

/* The router at this ttl on the way to a target: near ones are on the way to many. */
static void
put_router(uint8_t *at, const uint8_t *target, uint8_t ttl)
{
	static const uint8_t shared_by_all = 3, shared_by_ten = 6;

	at[0] = 10;
	at[1] = ttl;
	at[2] = ttl <= shared_by_all ? 0 : 1;
	at[3] = ttl <= shared_by_all ? 1 : ttl <= shared_by_ten ? target[3] / 10 : target[3];
}

/* Targets are not all equally far away. */
static uint64_t
delay_ns(const struct probes_lab *lab, const uint8_t *target, unsigned ttl)
{
	return (ttl * 10 + target[3] % 10) * lab->hop_us * CLOCK_NS_PER_US / 10;
}

/* From an echo request to its answer, in place. */
static void
make_answer(const struct probes_lab *lab, struct waiting *waiting)
{
	uint8_t quoted[QUOTED];
	uint8_t *const packet = waiting->packet, *const icmp = packet + HEADER;
	const uint8_t ttl = packet[8];
	uint8_t *const from = packet + 12, *const to = packet + 16;
	const unsigned way = ttl < lab->hops ? ttl : lab->hops;

	waiting->due_ns = clock_monotonic_ns() + delay_ns(lab, to, way);
	memcpy(quoted, packet, sizeof quoted);
	memcpy(to, quoted + 12, 4);
	memcpy(from, quoted + 16, 4);
	if (ttl < lab->hops) {
		put_router(from, quoted + 16, ttl);
		memset(icmp, 0, ICMP_HEADER);
		icmp[0] = TIME_EXCEEDED;
		memcpy(icmp + ICMP_HEADER, quoted, sizeof quoted);
		waiting->len = HEADER + ICMP_HEADER + sizeof quoted;
	} else {
		icmp[0] = 0; /* echo reply */
	}
	put16(icmp + 2, 0);
	put16(icmp + 2, checksum(icmp, waiting->len - HEADER));
	put16(packet + 2, (uint32_t)waiting->len);
	packet[8] = (uint8_t)(FIRST_TTL - way + 1);
	put16(packet + 10, 0);
	put16(packet + 10, checksum(packet, HEADER));
}

static void
take_packets(const struct probes_lab *lab, int tun)
{
	while (heap_count < WAITING_MAX) {
		struct waiting *const waiting = malloc(sizeof *waiting);
		const ssize_t len =
			waiting == NULL ? -1 : read(tun, waiting->packet, sizeof waiting->packet);
		if (len < 0) {
			free(waiting);
			return;
		}
		waiting->len = (size_t)len;
		if (len < QUOTED || waiting->packet[0] != 0x45 ||
			waiting->packet[9] != PROTOCOL_ICMP || waiting->packet[HEADER] != ECHO) {
			free(waiting);
			continue;
		}
		make_answer(lab, waiting);
		push(waiting);
	}
}

static void
give_answers(int tun, uint64_t now_ns)
{
	while (heap_count > 0 && heap[0]->due_ns <= now_ns) {
		struct waiting *const waiting = heap[0];
		if (write(tun, waiting->packet, waiting->len) < 0)
			perror("probes: write to the TUN device");
		pop();
		free(waiting);
	}
}

int
probes_lab_open(void)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	const int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	snprintf(request.ifr_name, sizeof request.ifr_name, "lab");
	if (tun < 0 || ioctl(tun, TUNSETIFF, &request) != 0)
		return -errno;
	return tun;
}

void
probes_lab_run(const struct probes_lab *lab, int tun, int until)
{
	struct pollfd sources[] = {{.fd = tun, .events = POLLIN}, {.fd = until, .events = POLLIN}};

	while (sources[1].revents == 0) {
		const uint64_t now_ns = clock_monotonic_ns();
		const uint64_t due_ns = heap_count == 0 ? now_ns + CLOCK_NS_PER_S : heap[0]->due_ns;
		const uint64_t rest_ns = due_ns > now_ns ? due_ns - now_ns : 0;
		const struct timespec rest = {.tv_sec = (time_t)(rest_ns / CLOCK_NS_PER_S),
			.tv_nsec = (long)(rest_ns % CLOCK_NS_PER_S)};
		if (ppoll(sources, 2, &rest, NULL) < 0 && errno != EINTR)
			return;
		take_packets(lab, tun);
		give_answers(tun, clock_monotonic_ns());
	}
}
