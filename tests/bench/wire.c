/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost of a segment in the viewer: packets as they come from the stream, through decoder and
 * conversations. Prints nanoseconds of CPU time a segment for a SYN flood from random sources, for
 * short connections and for data on ten thousand long ones.
 */
#include <config.h>

#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

#include "model/wire/wire_input.h"

enum {
	HEADERS = 60, /* IPv4 and TCP with 20 bytes of options */
	SEGMENTS = 4000000,
	LONG_CONNECTIONS = 10000,
	SYN = SEGMENT_SYN,
	ACK = SEGMENT_ACK,
	FIN = SEGMENT_FIN,
};

static uint8_t packet[HEADERS] = {0x45, 0, 0, HEADERS, 0, 0, 0x40, 0, 64, IPPROTO_TCP, [16] = 10, 0,
	0, 2, [32] = 0xa0, [40] = 2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};

static void
put32(size_t at, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		packet[at + i] = (uint8_t)(number >> (24 - 8 * i));
}

static void
put_ports(uint32_t source, uint32_t destination)
{
	put32(20, source << 16 | destination);
}

/* Sent by the client when `out` is false. */
static void
put_ends(uint32_t client, uint32_t port, bool out)
{
	put32(12, out ? 0x0a000002 : client);
	put32(16, out ? client : 0x0a000002);
	put_ports(out ? 80 : port, out ? port : 80);
}

static void
put_numbers(uint32_t seq, uint32_t ack, uint8_t flags)
{
	put32(24, seq);
	put32(28, ack);
	packet[33] = flags;
}

static void
pass(struct wire *wire, uint64_t time_ns, bool out)
{
	const struct record record = {
		.time_ns = time_ns,
		.kind = RECORD_PACKET,
		.ifindex = 2,
		.protocol = 0x0800,
		.packet_type = out ? PACKET_OUTGOING : PACKET_HOST,
		.data = packet,
		.len = sizeof packet,
		.wire_len = sizeof packet,
	};

	wire_packets(wire, &record, 1);
}

static void
flood(struct wire *wire, uint32_t i)
{
	const uint32_t random = i * 2654435761U;

	put_ends(random ^ 0x5bd1e995, 1024 + (random >> 17), false);
	put_numbers(random, 0, SYN);
	pass(wire, CLOCK_NS_PER_S + i * UINT64_C(1600), false);
}

static void
short_connection(struct wire *wire, uint32_t i)
{
	static const struct {
		bool out;
		uint8_t flags;
		uint8_t seq, ack;
	} steps[] = {{false, SYN, 0, 0}, {true, SYN | ACK, 0, 1}, {false, FIN | ACK, 1, 1},
		{true, FIN | ACK, 1, 2}};
	const uint32_t number = i / 4, step = i % 4;

	put_ends(0x0a000003 + number / 50000, 10000 + number % 50000, steps[step].out);
	put_numbers(
		1000 + steps[step].seq, step == 0 ? 0 : 1000 + steps[step].ack, steps[step].flags);
	pass(wire, CLOCK_NS_PER_S + i * UINT64_C(12500), steps[step].out);
}

static void
long_connection(struct wire *wire, uint32_t i)
{
	const uint32_t number = i / 2 % LONG_CONNECTIONS, round = i / 2 / LONG_CONNECTIONS;
	const bool out = i % 2 != 0;

	put_ends(0x0a000003, 10000 + number, out);
	put_numbers(1000 + round, 1000 + round + out, ACK);
	pass(wire, CLOCK_NS_PER_S + i * UINT64_C(2000), out);
}

static uint64_t
cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

static void
run(const char *what, void (*one)(struct wire *wire, uint32_t i))
{
	struct wire *const wire = wire_new(NULL);
	uint64_t began_ns;

	if (wire == NULL)
		exit(EXIT_FAILURE);
	began_ns = cpu_ns();
	for (uint32_t i = 0; i < SEGMENTS; i++)
		one(wire, i);
	printf("%-20s %5.1f ns a segment, %llu events, %llu unconfirmed evicted\n", what,
		(double)(cpu_ns() - began_ns) / SEGMENTS, (unsigned long long)wire_event_end(wire),
		(unsigned long long)wire_counts(wire)->evicted_half_open);
	wire_free(wire);
}

int
main(void)
{
	run("SYN flood", flood);
	run("short connections", short_connection);
	run("long connections", long_connection);
	return EXIT_SUCCESS;
}
