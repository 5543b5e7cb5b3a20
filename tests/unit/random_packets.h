/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random packets: link layers, tags, labels and tunnels one after the other in any order that may
 * be, with options and extension headers.
 */
#ifndef SOCKWATCH_TESTS_UNIT_RANDOM_PACKETS_H
#define SOCKWATCH_TESTS_UNIT_RANDOM_PACKETS_H

#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/segment.h>
#include <sockwatch/stream/stream.h>

#include "packets.h"
#include "random_walk.h"
#include "unit.h"

enum { LAYERS_MAX = 8, ROOM = 150 };

struct walk {
	struct packet packet;
	unsigned layers; /* of the packet so far */
};

static void put_network(struct walk *walk, bool v6);
static void put_ethertype(struct walk *walk);

/* Whether another layer may begin. */
static bool
has_room(struct walk *walk)
{
	return walk->packet.len + ROOM < PACKET_MAX && ++walk->layers < LAYERS_MAX;
}

static void
put_ethernet(struct walk *walk)
{
	packet_add(&walk->packet, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	put_ethertype(walk);
}

static void
put_ppp(struct walk *walk)
{
	const bool v6 = dice(2) != 0;

	if (dice(3) == 0)
		packet_add_16(&walk->packet, 0xff03);
	if (dice(4) == 0)
		packet_add_8(&walk->packet, v6 ? 0x57 : 0x21);
	else
		packet_add_16(&walk->packet, dice(9) == 0 ? 0xc021 : v6 ? 0x57 : 0x21);
	put_network(walk, v6);
}

static void
put_mpls(struct walk *walk)
{
	while (dice(2) != 0)
		packet_add_32(&walk->packet, 0x00010040);
	packet_add_32(&walk->packet, 0x00020140);
	if (dice(3) != 0 || !has_room(walk)) {
		put_network(walk, dice(2) != 0);
		return;
	}
	packet_add_32(&walk->packet, 0);
	put_ethernet(walk);
}

static void
put_llc(struct walk *walk)
{
	switch (dice(4)) {
	case 0:
		packet_add(&walk->packet, "\6\6\3", 3);
		put_network(walk, false);
		break;
	case 1: packet_add(&walk->packet, "\x42\x42\3", 3); break;
	default:
		packet_add(&walk->packet, "\xaa\xaa\3\0\0\0", 6);
		put_ethertype(walk);
		break;
	}
}

/* A type, and what it says. */
static void
put_ethertype(struct walk *walk)
{
	static const uint16_t types[] = {0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x8100, 0x88a8,
		0x9100, 0x8847, 0x8848, 0x8864, 4, 0x5dc, 0x5dd, 0x0806};
	const uint16_t type = types[dice(has_room(walk) ? UNIT_COUNT_OF(types) : 5)];

	packet_add_16(&walk->packet, type);
	switch (type) {
	case 0x0800: put_network(walk, false); break;
	case 0x86dd: put_network(walk, true); break;
	case 0x8100:
	case 0x88a8:
	case 0x9100:
		packet_add_16(&walk->packet, 0x6000 + dice(4096));
		put_ethertype(walk);
		break;
	case 0x8847:
	case 0x8848: put_mpls(walk); break;
	case 0x8864:
		packet_add(&walk->packet, "\x11\0\0\7\0\x40", 6);
		put_ppp(walk);
		break;
	case 4:
	case 0x5dc: put_llc(walk); break;
	default: packet_add_zeros(&walk->packet, 60); break;
	}
}

static void
put_options(struct packet *options)
{
	static const struct {
		const char *bytes;
		size_t len;
	} all[] = {
		{"\1", 1},
		{"\2\4\5\264", 4},
		{"\3\3\7", 3},
		{"\4\2", 2},
		{"\10\12\0\0\0\1\0\0\0\2", 10},
		{"\5\12\0\0\3\351\0\0\4\1", 10},
		{"\5\22\0\0\3\351\0\0\4\1\0\0\5\1\0\0\6\1", 18},
		{"\42\2", 2},
		{"\42\6abcd", 6},
		{"\36\14\0\1abcdefgh", 12},
		{"\36\4\100\0", 4},
		{"\23\22abcdefghijklmnop", 18},
		{"\35\4\1\2", 4},
		{"\375\4\371\211", 4},
		{"\2\3\5", 3},
		{"\10\0", 2},
		{"\0", 1},
	};

	while (dice(3) != 0 && options->len < 40) {
		const unsigned i = dice(UNIT_COUNT_OF(all));

		if (options->len + all[i].len <= 40)
			packet_add(options, all[i].bytes, all[i].len);
	}
	while (options->len % 4 != 0)
		packet_add_8(options, 1);
}

static void
put_tcp(struct walk *walk)
{
	static const uint16_t flags[] = {
		2, 0x12, 0x10, 0x18, 0x11, 4, 0x14, 0, 1, 3, 6, 0x29, 0x30, 0xc2, 0x150, 0x52};
	struct packet options = {.len = 0};

	put_options(&options);
	packet_add_tcp(&walk->packet, flags[dice(UNIT_COUNT_OF(flags))], options.data, options.len);
	packet_add_zeros(&walk->packet, dice(12));
}

static void
put_udp(struct walk *walk)
{
	static const uint16_t ports[] = {4789, 8472, 4790, 4790, 6081, 2152, 1701, 4500, 53};
	const uint16_t port = ports[dice(UNIT_COUNT_OF(ports))];
	const unsigned first = dice(5);

	packet_add_16(&walk->packet, 50000);
	packet_add_16(&walk->packet, port);
	packet_add_16(&walk->packet, 8 + dice(7));
	packet_add_16(&walk->packet, 0);
	switch (port) {
	case 4789:
	case 8472:
		packet_add_8(&walk->packet, first == 0 ? 0 : 8);
		packet_add_zeros(&walk->packet, 7);
		put_ethernet(walk);
		break;
	case 4790:
		packet_add_8(&walk->packet, first == 0 ? 8 : 12);
		packet_add_16(&walk->packet, 0);
		packet_add_8(&walk->packet, first);
		packet_add_32(&walk->packet, 0);
		if (first == 1 || first == 2)
			put_network(walk, first == 2);
		else
			put_ethernet(walk);
		break;
	case 6081:
		packet_add_8(&walk->packet, first == 4 ? 0x80 : first % 3);
		packet_add_8(&walk->packet, 0);
		packet_add_16(&walk->packet, first % 2 != 0 ? 0x6558 : 0x0800);
		packet_add_zeros(&walk->packet, 4 + first % 3 * 4);
		if (first % 2 != 0)
			put_ethernet(walk);
		else
			put_network(walk, false);
		break;
	case 2152:
		packet_add_8(&walk->packet, first == 0   ? 0x50
					    : first == 1 ? 0x34
							 : 0x30 + first % 4);
		packet_add_8(&walk->packet, dice(6) == 0 ? 1 : 255);
		packet_add_zeros(&walk->packet, 6);
		if (first == 1)
			packet_add(&walk->packet, "\0\0\0\x85\1\0\0\0", 8);
		else if (first % 4 != 0)
			packet_add_32(&walk->packet, 0);
		put_network(walk, dice(2) != 0);
		break;
	default: packet_add_32(&walk->packet, dice(2)); break;
	}
}

static void
put_gre(struct walk *walk)
{
	static const uint16_t types[] = {0x0800, 0x86dd, 0x6558, 0x880b, 0x88be, 0x22eb, 0x8847};
	const uint16_t type = types[dice(UNIT_COUNT_OF(types))];
	const unsigned fields = dice(12) == 0 ? 4 : dice(4);
	const unsigned version = dice(6) == 0 ? 1 + dice(2) : 0;
	const bool has_ack = version == 1 && dice(2) != 0;
	const bool has_sequence = (fields & 1) != 0, more = dice(2) != 0;

	packet_add_16(&walk->packet, (fields & 1) << 12 | (fields & 2) << 12 | (fields & 4) << 12 |
					     (has_ack ? 0x80u : 0) | version);
	packet_add_16(&walk->packet, type);
	packet_add_zeros(
		&walk->packet, ((fields & 1) + (fields >> 1 & 1) + (has_ack ? 1u : 0)) * (size_t)4);
	switch (type) {
	case 0x0800: put_network(walk, false); break;
	case 0x86dd: put_network(walk, true); break;
	case 0x6558: put_ethernet(walk); break;
	case 0x880b: put_ppp(walk); break;
	case 0x8847: put_mpls(walk); break;
	case 0x88be:
		packet_add_zeros(&walk->packet, has_sequence ? 8 : 0);
		put_ethernet(walk);
		break;
	default:
		packet_add_zeros(&walk->packet, 11);
		packet_add_8(&walk->packet, more);
		packet_add_zeros(&walk->packet, more ? 8 : 0);
		put_ethernet(walk);
		break;
	}
}

static void
put_transport(struct walk *walk, unsigned protocol)
{
	switch (protocol) {
	case IPPROTO_TCP: put_tcp(walk); break;
	case IPPROTO_UDP: put_udp(walk); break;
	case IPPROTO_GRE: put_gre(walk); break;
	case IPPROTO_IPIP: put_network(walk, false); break;
	case IPPROTO_IPV6: put_network(walk, true); break;
	case 137: put_mpls(walk); break;
	default: packet_add_zeros(&walk->packet, 20); break;
	}
}

/* Extension headers that come before a protocol, each named by the one before it. */
static void
put_extensions(struct walk *walk, unsigned protocol)
{
	static const uint8_t kinds[] = {IPPROTO_HOPOPTS, IPPROTO_ROUTING, IPPROTO_DSTOPTS,
		IPPROTO_MH, IPPROTO_FRAGMENT, IPPROTO_AH};
	const unsigned count = dice(3) == 0 ? dice(4) : 0;
	const unsigned first = dice(UNIT_COUNT_OF(kinds));

	packet_add_ipv6(&walk->packet, count != 0 ? kinds[first] : protocol, dice(9) == 0 ? 40 : 0);
	for (unsigned i = 0; i < count; i++) {
		const uint8_t kind = kinds[(first + i) % UNIT_COUNT_OF(kinds)];
		const unsigned more = kind == IPPROTO_FRAGMENT ? 0 : dice(2);

		packet_add_8(&walk->packet,
			i + 1 == count ? protocol : kinds[(first + i + 1) % UNIT_COUNT_OF(kinds)]);
		packet_add_8(&walk->packet, kind == IPPROTO_AH ? 1 + more : more);
		packet_add_16(
			&walk->packet, kind == IPPROTO_FRAGMENT && dice(3) == 0 ? 8 * dice(3) : 0);
		packet_add_zeros(&walk->packet,
			kind == IPPROTO_AH ? (1 + more) * (size_t)4 + 4 : 4 + more * (size_t)8);
	}
}

static void
put_ipv4(struct walk *walk, unsigned protocol)
{
	const unsigned total = dice(6) == 0 ? 60 : 400;

	packet_add_ipv4(&walk->packet, dice(4) == 0 ? 4 : 0, protocol, total);
}

static void
put_network(struct walk *walk, bool v6)
{
	static const uint8_t protocols[] = {IPPROTO_TCP, IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP,
		IPPROTO_GRE, IPPROTO_IPIP, IPPROTO_IPV6, 137, 115, IPPROTO_ESP, IPPROTO_ICMP};
	const unsigned protocol = protocols[dice(has_room(walk) ? sizeof protocols : 3)];
	const size_t start = walk->packet.len;

	if (v6)
		put_extensions(walk, protocol);
	else
		put_ipv4(walk, protocol);
	if (!v6 && dice(12) == 0)
		walk->packet.data[start + 7] = (uint8_t)dice(2); /* a fragment */
	walk->packet.data[start + (v6 ? 23 : 15)] = (uint8_t)walk->layers;
	put_transport(walk, protocol);
}

static void
put_loop(struct walk *walk)
{
	static const uint8_t families[] = {2, 10, 24, 28, 30, 7};
	const uint8_t family = families[dice(sizeof families)];

	if (dice(2) != 0)
		packet_add_32(&walk->packet, family);
	else
		packet_add_32(&walk->packet, (uint32_t)family << 24);
	put_network(walk, family != 2);
}

static struct record
random_record(struct walk *walk)
{
	struct record record = {.kind = RECORD_PACKET,
		.time_ns = dice(1000),
		.netns = dice(3),
		.ifindex = dice(3),
		.packet_type = (uint8_t)dice(6)};
	const bool v6 = dice(2) != 0;

	walk->packet.len = walk->layers = 0;
	switch (dice(9)) {
	case 0:
		record.arphrd = ARPHRD_NONE;
		put_network(walk, v6);
		break;
	case 1:
		record.arphrd = ARPHRD_LOOPBACK;
		put_loop(walk);
		break;
	case 2:
		record.arphrd = ARPHRD_PPP;
		put_ppp(walk);
		break;
	case 3:
		record.arphrd = ARPHRD_CISCO;
		packet_add(&walk->packet, "\x0f\0", 2);
		put_ethertype(walk);
		break;
	case 4:
		record.protocol = 4;
		put_llc(walk);
		break;
	case 5:
		record.protocol = v6 ? 0x86dd : 0x0800;
		put_network(walk, v6);
		break;
	case 6:
		record.arphrd = ARPHRD_RAWIP;
		put_network(walk, v6);
		break;
	default:
		record.arphrd = ARPHRD_ETHER;
		put_ethernet(walk);
		break;
	}
	return record;
}

/* One bit of the packet, anywhere. */
static inline void
turn_bit(struct walk *walk)
{
	const uint8_t bit = (uint8_t)(1 << dice(8));

	walk->packet.data[dice((unsigned)walk->packet.len)] ^= bit;
}

#endif
