/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks from header to header as far as the viewer does (src/model/wire/segment/, which explains
 * them), reading nothing but lengths and what comes next. tests/unit/test_packet_cut.c holds the
 * two together: what is decoded of a packet is the same before and after it was cut.
 */
#include <config.h>

#include "packet_cut.h"

#include <netinet/in.h>
#include <stdbool.h>

enum {
	TYPE_LENGTHS = 0x05dc,
	TYPE_IPV4 = 0x0800,
	TYPE_BRIDGED = 0x6558,
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_PPP = 0x880b,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_MULTICAST = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,
	TYPE_ERSPAN_2 = 0x88be,
	TYPE_ERSPAN_3 = 0x22eb,
	TYPE_QINQ_OLD = 0x9100,
	PROTOCOL_MPLS = 137,
	IPV4_SIZE = 20,
	IPV6_SIZE = 40,
	UDP_SIZE = 8,
	TCP_SIZE = 20,
	/* Bounds of the viewer. */
	TUNNELS_MAX = 4,
	SHIMS_MAX = 16,
	EXTENSIONS_MAX = 32,
	GTPU_EXTENSIONS_MAX = 8,
};

struct walk {
	const uint8_t *bytes;
	size_t len;
	size_t at;        /* of the header to be read next */
	size_t seen;      /* end of what was read: one byte may tell what follows a label */
	uint16_t type;    /* ethertype of what is there; 0: one that is not looked into */
	uint8_t next;     /* protocol after IP */
	bool has_tunnels; /* they are looked into */
	bool is_short;    /* a header is not all there */
};

static uint32_t
load(struct walk *walk, size_t at, unsigned count)
{
	uint32_t value = 0;

	if (at > walk->len || count > walk->len - at) {
		walk->is_short = true;
		return 0;
	}
	walk->seen = at + count > walk->seen ? at + count : walk->seen;
	for (unsigned i = 0; i < count; i++)
		value = value << 8 | walk->bytes[at + i];
	return value;
}

static uint16_t
type_of_version(uint32_t first)
{
	return first >> 4 == 4 ? TYPE_IPV4 : first >> 4 == 6 ? TYPE_IPV6 : 0;
}

static void
ethernet(struct walk *walk)
{
	walk->type = (uint16_t)load(walk, walk->at + 12, 2);
	walk->at += 14;
}

static void
ppp(struct walk *walk)
{
	const uint32_t begin = load(walk, walk->at, 2);
	uint32_t protocol;
	unsigned size;

	if (begin == 0x0f00 || begin == 0x8f00) { /* Cisco's HDLC */
		walk->type = (uint16_t)load(walk, walk->at + 2, 2);
		walk->at += 4;
		return;
	}
	if (begin == 0xff03)
		walk->at += 2;
	size = (load(walk, walk->at, 1) & 1) != 0 ? 1 : 2;
	protocol = load(walk, walk->at, size);
	walk->at += size;
	walk->type = protocol == 0x21     ? TYPE_IPV4
		     : protocol == 0x57   ? TYPE_IPV6
		     : protocol == 0x0281 ? TYPE_MPLS
					  : 0;
}

static void
llc(struct walk *walk)
{
	const uint32_t points = load(walk, walk->at, 2);
	const bool is_unnumbered = load(walk, walk->at + 2, 1) == 3;

	walk->type = 0;
	if (is_unnumbered && points == 0xaaaa) {
		walk->type = (uint16_t)load(walk, walk->at + 6, 2);
		walk->at += 8;
		walk->type = walk->type <= TYPE_LENGTHS ? 0 : walk->type;
	} else {
		walk->type = is_unnumbered && points == 0x0606 ? TYPE_IPV4 : 0;
		walk->at += 3;
	}
}

static void
mpls(struct walk *walk)
{
	const bool is_last = (load(walk, walk->at, 4) & 0x100) != 0;
	uint32_t first;

	walk->at += 4;
	if (!is_last)
		return;
	first = load(walk, walk->at, 1);
	walk->type = type_of_version(first);
	if (walk->type != 0)
		return;
	walk->at += first >> 4 == 0 ? 4 : 0; /* a control word */
	ethernet(walk);
}

/* One header between the link and IP. False: nothing more stands there. */
static bool
shim(struct walk *walk)
{
	switch (walk->type) {
	case 0:
	case TYPE_IPV4:
	case TYPE_IPV6: return false;
	case TYPE_VLAN:
	case TYPE_QINQ:
	case TYPE_QINQ_OLD:
		walk->type = (uint16_t)load(walk, walk->at + 2, 2);
		walk->at += 4;
		return true;
	case TYPE_MPLS:
	case TYPE_MPLS_MULTICAST:
		walk->type = TYPE_MPLS;
		mpls(walk);
		return true;
	case TYPE_PPPOE:
		walk->at += 6;
		ppp(walk);
		return true;
	default: break;
	}
	if (walk->type > TYPE_LENGTHS)
		return false;
	llc(walk);
	return true;
}

static void
authentication(struct walk *walk)
{
	walk->next = (uint8_t)load(walk, walk->at, 1);
	walk->at += (load(walk, walk->at + 1, 1) + 2) * 4;
}

/* Both return false where no further header is: in a later fragment, or what is no IP. */
static bool
ipv4(struct walk *walk)
{
	const uint32_t first = load(walk, walk->at, 1);
	const size_t header = (first & 0x0f) * (size_t)4;
	const bool is_later = (load(walk, walk->at + 6, 2) & 0x1fff) != 0;

	walk->next = (uint8_t)load(walk, walk->at + 9, 1);
	if (first >> 4 != 4 || header < IPV4_SIZE) {
		walk->at += IPV4_SIZE;
		return false;
	}
	walk->at += header;
	if (!is_later && walk->next == IPPROTO_AH)
		authentication(walk);
	return !is_later;
}

/* An extension header. False: there is no further one, or (is_later) nothing more at all. */
static bool
extension(struct walk *walk, bool *is_later)
{
	const size_t at = walk->at;

	switch (walk->next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
	case IPPROTO_MH: walk->at += (load(walk, at + 1, 1) + (size_t)1) * 8; break;
	case IPPROTO_AH: authentication(walk); return true;
	case IPPROTO_FRAGMENT:
		walk->at += 8;
		*is_later = load(walk, at + 2, 2) >> 3 != 0;
		break;
	default: return false;
	}
	walk->next = (uint8_t)load(walk, at, 1);
	return !*is_later;
}

static bool
ipv6(struct walk *walk)
{
	const bool is_ip = load(walk, walk->at, 1) >> 4 == 6;
	bool is_later = false;
	unsigned count = 0;

	walk->next = (uint8_t)load(walk, walk->at + 6, 1);
	walk->at += IPV6_SIZE;
	while (is_ip && count < EXTENSIONS_MAX && !walk->is_short && extension(walk, &is_later))
		count++;
	return is_ip && !is_later && count < EXTENSIONS_MAX;
}

/* What follows has this ethertype, as GRE and Geneve say it. */
static void
enter_type(struct walk *walk, uint16_t type)
{
	if (type == TYPE_BRIDGED)
		ethernet(walk);
	else if (type == TYPE_PPP)
		ppp(walk);
	else
		walk->type = type;
}

static void
gre(struct walk *walk)
{
	enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACK = 0x80 };
	const uint32_t flags = load(walk, walk->at, 2);
	const uint16_t type = (uint16_t)load(walk, walk->at + 2, 2);

	walk->at += 4 + ((flags & CHECKSUM) != 0 ? 4 : 0) + ((flags & KEY) != 0 ? 4 : 0) +
		    ((flags & SEQUENCE) != 0 ? 4 : 0) +
		    ((flags & 7) == 1 && (flags & ACK) != 0 ? 4 : 0);
	walk->type = 0;
	if ((flags & 7) > 1 || (flags & ROUTING) != 0)
		return;
	if (type == TYPE_ERSPAN_3)
		walk->at += (load(walk, walk->at + 11, 1) & 1) != 0 ? 20 : 12;
	else if (type == TYPE_ERSPAN_2 && (flags & SEQUENCE) != 0)
		walk->at += 8;
	if (type == TYPE_ERSPAN_2 || type == TYPE_ERSPAN_3)
		ethernet(walk);
	else
		enter_type(walk, type);
}

static bool
vxlan(struct walk *walk, bool is_gpe)
{
	const uint32_t flags = load(walk, walk->at, 1);
	const uint32_t next = is_gpe && (flags & 4) != 0 ? load(walk, walk->at + 3, 1) : 0;

	walk->at += 8;
	if ((flags & 8) == 0)
		return false;
	if (next == 1 || next == 2)
		walk->type = next == 1 ? TYPE_IPV4 : TYPE_IPV6;
	else if (next == 5)
		walk->type = TYPE_MPLS;
	else
		ethernet(walk);
	return true;
}

static bool
geneve(struct walk *walk)
{
	const uint32_t first = load(walk, walk->at, 1);
	const uint16_t type = (uint16_t)load(walk, walk->at + 2, 2);

	walk->at += 8 + (first & 0x3f) * (size_t)4;
	if ((first & 0xc0) != 0)
		return false;
	enter_type(walk, type);
	return true;
}

static bool
gtpu(struct walk *walk)
{
	const uint32_t first = load(walk, walk->at, 1);
	const uint32_t message = load(walk, walk->at + 1, 1);
	uint32_t next = 0;

	walk->at += (first & 7) != 0 ? 12 : 8;
	if (first >> 4 != 3)
		return false;
	if ((first & 4) != 0)
		next = load(walk, walk->at - 1, 1);
	for (unsigned i = 0; next != 0 && i < GTPU_EXTENSIONS_MAX && !walk->is_short; i++) {
		walk->at += load(walk, walk->at, 1) * (size_t)4;
		next = load(walk, walk->at - 1, 1);
	}
	walk->type = type_of_version(load(walk, walk->at, 1));
	if (message != 255 || next != 0)
		walk->type = 0;
	return true;
}

/* The ports are those of expression.c. */
static bool
udp(struct walk *walk)
{
	const uint32_t port = load(walk, walk->at + 2, 2);

	walk->at += UDP_SIZE;
	walk->type = 0;
	switch (port) {
	case 4789:
	case 8472: return vxlan(walk, false);
	case 4790: return vxlan(walk, true);
	case 6081: return geneve(walk);
	case 2152: return gtpu(walk);
	case 4500: walk->at += 4; return false; /* where ESP has its number */
	default: return false;
	}
}

/* After IP. False: nothing that is looked into. */
static bool
tunnel(struct walk *walk)
{
	if (!walk->has_tunnels) {
		walk->at += walk->next == IPPROTO_UDP ? UDP_SIZE : 0;
		return false;
	}
	switch (walk->next) {
	case IPPROTO_IPIP: walk->type = TYPE_IPV4; return true;
	case IPPROTO_IPV6: walk->type = TYPE_IPV6; return true;
	case PROTOCOL_MPLS: walk->type = TYPE_MPLS; return true;
	case IPPROTO_GRE: gre(walk); return true;
	case IPPROTO_UDP: return udp(walk);
	default: return false;
	}
}

static void
tcp(struct walk *walk)
{
	const size_t header = (load(walk, walk->at + 12, 1) >> 4) * (size_t)4;

	walk->at += header < TCP_SIZE ? TCP_SIZE : header;
}

/* One IP header and what stands before it. True: another may follow. */
static bool
descend(struct walk *walk)
{
	for (unsigned i = 0; i < SHIMS_MAX && !walk->is_short && shim(walk); i++)
		;
	if (walk->is_short || (walk->type != TYPE_IPV4 && walk->type != TYPE_IPV6))
		return false;
	if (!(walk->type == TYPE_IPV4 ? ipv4(walk) : ipv6(walk)) || walk->is_short)
		return false;
	if (walk->next != IPPROTO_TCP)
		return tunnel(walk) && !walk->is_short;
	tcp(walk);
	return false;
}

size_t
packet_cut(const uint8_t *bytes, size_t len, bool tunnels)
{
	struct walk walk = {
		.bytes = bytes, .len = len, .at = PACKET_CUT_COOKED, .has_tunnels = tunnels};
	unsigned depth = 0;

	walk.type = (uint16_t)load(&walk, 0, 2);
	while (!walk.is_short && depth <= TUNNELS_MAX && descend(&walk))
		depth++;
	if (walk.seen > walk.at)
		walk.at = walk.seen;
	return walk.is_short || walk.at > len ? len : walk.at;
}
