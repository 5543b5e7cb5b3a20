/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers around a record, written and read. */
#include <config.h>

#include "framing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <string.h>

#include <sockwatch/base/clock.h>

const struct framing_file framing_file_header = {
	.magic = FRAMING_MAGIC_NS,
	.major = FRAMING_MAJOR,
	.minor = FRAMING_MINOR,
	.snaplen = STREAM_RECORD_MAX,
	.link_type = FRAMING_LINK_TYPE,
};

bool
framing_is_ours(const struct framing_file *header)
{
	return header->magic == FRAMING_MAGIC_NS && header->major == FRAMING_MAJOR &&
	       header->link_type == FRAMING_LINK_TYPE;
}

void
framing_fill(struct framing_header *header, uint64_t time_ns, uint16_t protocol, uint32_t netns,
	size_t len)
{
	const uint32_t total = (uint32_t)(sizeof header->cooked + len);
	const uint32_t address = htonl(netns);

	*header = (struct framing_header){
		.record = {.seconds = (uint32_t)(time_ns / CLOCK_NS_PER_S),
			.nanoseconds = (uint32_t)(time_ns % CLOCK_NS_PER_S),
			.len = total,
			.wire_len = total},
		.cooked = {.protocol = htons(protocol),
			.arphrd = htons(ARPHRD_NETLINK),
			.packet_type = PACKET_HOST,
			.address_len = sizeof address},
	};
	memcpy(header->cooked.address, &address, sizeof address);
}

int
framing_open_cooked(const uint8_t *data, size_t len, size_t wire_len, struct record *record,
	struct error *error)
{
	struct framing_cooked cooked;
	uint32_t netns;

	if (len < sizeof cooked) {
		error_set(error,
			"this is not a stream of sockwatch: a record of %zu bytes is too short for its link-layer header of %zu",
			len, sizeof cooked);
		return -EPROTO;
	}
	memcpy(&cooked, data, sizeof cooked);
	memcpy(&netns, cooked.address, sizeof netns);
	*record = (struct record){
		.time_ns = record->time_ns,
		.kind = RECORD_PACKET,
		.netns = ntohs(cooked.reserved),
		.ifindex = ntohl(cooked.ifindex),
		.protocol = ntohs(cooked.protocol),
		.arphrd = ntohs(cooked.arphrd),
		.packet_type = cooked.packet_type,
		.data = data + sizeof cooked,
		.len = len - sizeof cooked,
		.wire_len = (wire_len > len ? wire_len : len) - sizeof cooked,
	};
	if (record->arphrd != ARPHRD_NETLINK)
		return 0;
	if (record->protocol == NETLINK_SOCK_DIAG) {
		record->kind = RECORD_DIAG;
		record->netns = ntohl(netns);
	} else if (record->protocol == NETLINK_USERSOCK) {
		record->kind = RECORD_MESSAGE;
	}
	return 0;
}
