/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes pcapng block by block, in the byte order of this machine; see pcapng_writer.h. */
#include <config.h>

#include <sockwatch/stream/pcapng_writer.h>

#include <arpa/inet.h>
#include <assert.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <string.h>

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
};

enum {
	ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_SECTION_PROGRAM = 4,
	OPTION_PACKET_FLAGS = 2,
	OPTION_IF_TSRESOL = 9,
	RESOLUTION_NANOSECONDS = 9,
	FLAG_IN = 1,
	FLAG_OUT = 2,
};

/* https://www.tcpdump.org/linktypes.html */
enum link_type { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_LINUX_SLL2 = 276, LINK_NONE = 0xffff };

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
struct cooked {
	uint16_t protocol, reserved;
	uint32_t ifindex;
	uint16_t arphrd;
	uint8_t packet_type, address_len;
	uint8_t address[8];
};

static_assert(sizeof(struct cooked) == 20, "as it stands in the file");

static void
put_16(struct buffer *out, unsigned number)
{
	const uint16_t bytes = (uint16_t)number;

	buffer_append(out, &bytes, sizeof bytes);
}

static void
put_32(struct buffer *out, uint32_t number)
{
	buffer_append(out, &number, sizeof number);
}

static void
pad(struct buffer *out, size_t len)
{
	buffer_append(out, "\0\0\0", (4 - len % 4) % 4);
}

static void
put_option(struct buffer *out, unsigned code, const void *data, size_t len)
{
	put_16(out, code);
	put_16(out, (unsigned)len);
	buffer_append(out, data, len);
	pad(out, len);
}

/* The place where its length stands, twice. */
static size_t
begin_block(struct buffer *out, uint32_t type)
{
	const size_t start = out->len;

	put_32(out, type);
	put_32(out, 0);
	return start;
}

static void
end_block(struct buffer *out, size_t start)
{
	uint32_t len;

	put_32(out, 0);
	if (out->failed)
		return;
	len = (uint32_t)(out->len - start);
	memcpy(out->data + start + 4, &len, sizeof len);
	memcpy(out->data + out->len - 4, &len, sizeof len);
}

void
pcapng_writer_begin(struct pcapng_writer *writer, const char *program, struct buffer *out)
{
	static const uint32_t unknown[2] = {UINT32_MAX, UINT32_MAX}; /* length of the section */
	size_t start;

	if (writer->has_begun)
		return;
	writer->has_begun = true;
	start = begin_block(out, BLOCK_SECTION);
	put_32(out, ORDER_MAGIC);
	put_16(out, 1); /* version 1.0 */
	put_16(out, 0);
	buffer_append(out, unknown, sizeof unknown);
	put_option(out, OPTION_SECTION_PROGRAM, program, strlen(program));
	put_option(out, OPTION_END, NULL, 0);
	end_block(out, start);
}

static enum link_type
link_type_of(const struct record *packet)
{
	if (packet->protocol != 0)
		return LINK_LINUX_SLL2;
	switch (packet->arphrd) {
	case ARPHRD_ETHER: return LINK_ETHERNET;
	case ARPHRD_NONE: return LINK_RAW;
	default: return LINK_NONE;
	}
}

/* Its number; it is written before its first packet. */
static uint32_t
interface_of(struct pcapng_writer *writer, enum link_type link_type, struct buffer *out)
{
	static const uint8_t resolution = RESOLUTION_NANOSECONDS;
	size_t start;

	for (uint32_t i = 0; i < writer->link_count; i++)
		if (writer->link_types[i] == link_type)
			return i;
	writer->link_types[writer->link_count] = (uint16_t)link_type;
	start = begin_block(out, BLOCK_INTERFACE);
	put_16(out, link_type);
	put_16(out, 0);
	put_32(out, 0); /* packets were cut by no bound of ours */
	put_option(out, OPTION_IF_TSRESOL, &resolution, sizeof resolution);
	put_option(out, OPTION_END, NULL, 0);
	end_block(out, start);
	return writer->link_count++;
}

static void
put_cooked(const struct record *packet, struct buffer *out)
{
	const struct cooked cooked = {.protocol = htons(packet->protocol),
		.ifindex = htonl(packet->ifindex),
		.arphrd = htons(packet->arphrd),
		.packet_type = packet->packet_type != RECORD_PACKET_TYPE_UNKNOWN
				       ? packet->packet_type
				       : PACKET_HOST};

	buffer_append(out, &cooked, sizeof cooked);
}

static void
put_flags(const struct record *packet, struct buffer *out)
{
	const uint32_t flags = packet->packet_type == PACKET_OUTGOING ? FLAG_OUT : FLAG_IN;

	if (packet->packet_type != RECORD_PACKET_TYPE_UNKNOWN)
		put_option(out, OPTION_PACKET_FLAGS, &flags, sizeof flags);
}

bool
pcapng_writer_add(struct pcapng_writer *writer, const struct record *packet, const char *comment,
	struct buffer *out)
{
	const enum link_type link_type = link_type_of(packet);
	const size_t header = link_type == LINK_LINUX_SLL2 ? sizeof(struct cooked) : 0;
	const size_t len = header + packet->len;
	const size_t comment_len = strnlen(comment, PCAPNG_COMMENT_MAX);
	uint32_t interface;
	size_t start;

	if (link_type == LINK_NONE)
		return false;
	interface = interface_of(writer, link_type, out);
	start = begin_block(out, BLOCK_PACKET);
	put_32(out, interface);
	put_32(out, (uint32_t)(packet->time_ns >> 32));
	put_32(out, (uint32_t)packet->time_ns);
	put_32(out, (uint32_t)len);
	put_32(out, (uint32_t)(header + packet->wire_len));
	if (header != 0)
		put_cooked(packet, out);
	buffer_append(out, packet->data, packet->len);
	pad(out, len);
	if (comment_len != 0)
		put_option(out, OPTION_COMMENT, comment, comment_len);
	put_flags(packet, out);
	put_option(out, OPTION_END, NULL, 0);
	end_block(out, start);
	return true;
}
