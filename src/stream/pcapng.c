/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads pcapng block by block; see pcapng.h. Blocks that hold neither packets nor interfaces are
 * passed over. */
#include <config.h>

#include "pcapng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in either byte order */
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_PACKET = 6,
};

enum {
	ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_IF_NAME = 2,
	OPTION_IF_TSRESOL = 9,
	OPTION_IF_TSOFFSET = 14,
	OPTION_PACKET_FLAGS = 2,
	RESOLUTION_DEFAULT = 6, /* 10^-6 s */
	RESOLUTION_BINARY = 0x80,
	HEADER_SIZE = 8,              /* type and total length */
	TRAILER_SIZE = 4,             /* the length again */
	BLOCK_MAX = 16 * 1024 * 1024, /* as libpcap has it */
	PACKET_LEN_MAX = 256 * 1024,
	INTERFACES_MAX = 4096,
	NAME_MAX_LEN = 64,
};

struct interface {
	uint16_t link_type;
	uint8_t resolution; /* if_tsresol */
	bool is_reported;
	uint8_t name_len;
	char name[NAME_MAX_LEN];
	uint32_t snaplen;
	int64_t offset_s; /* if_tsoffset */
};

struct pcapng {
	FILE *file;
	uint8_t *block; /* with its header */
	size_t room;
	bool is_open; /* a section has begun */
	bool is_swapped;
	struct interface *interfaces;
	size_t count, first; /* interfaces of all sections; the first of this one */
	uint64_t time_ns;    /* of the last packet: a simple one has none of its own */
	bool is_waiting;     /* a packet came whose interface had to be reported first */
	struct pcapng_item waiting;
};

struct pcapng *
pcapng_new(FILE *file, struct error *error)
{
	struct pcapng *const pcapng = calloc(1, sizeof *pcapng);

	if (pcapng == NULL) {
		error_set(error, "no memory to read the capture");
		return NULL;
	}
	pcapng->file = file;
	return pcapng;
}

void
pcapng_free(struct pcapng *pcapng)
{
	if (pcapng == NULL)
		return;
	free(pcapng->block);
	free(pcapng->interfaces);
	free(pcapng);
}

static uint16_t
load_16(const struct pcapng *pcapng, const uint8_t *bytes)
{
	uint16_t number;

	memcpy(&number, bytes, sizeof number);
	return pcapng->is_swapped ? __builtin_bswap16(number) : number;
}

static uint32_t
load_32(const struct pcapng *pcapng, const uint8_t *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof number);
	return pcapng->is_swapped ? __builtin_bswap32(number) : number;
}

static int
broken(struct error *error, const char *what)
{
	error_set(error, "the file is broken: %s", what);
	return -EPROTO;
}

static bool
make_room(struct pcapng *pcapng, size_t len)
{
	uint8_t *block;

	if (len <= pcapng->room)
		return true;
	block = realloc(pcapng->block, len);
	if (block == NULL)
		return false;
	pcapng->block = block;
	pcapng->room = len;
	return true;
}

/* 1, or 0 at the end of the file: *cut when some bytes were there. */
static int
read_bytes(struct pcapng *pcapng, size_t at, size_t len, bool *cut)
{
	const size_t count = fread(pcapng->block + at, 1, len, pcapng->file);

	if (count == len)
		return 1;
	*cut = count != 0 || at != 0;
	return 0;
}

/* The byte order of a section stands after its length, which is read by it. */
static int
begin_section(struct pcapng *pcapng, bool *cut, struct error *error)
{
	uint32_t magic;
	const int status = read_bytes(pcapng, HEADER_SIZE, sizeof magic, cut);

	if (status != 1)
		return status;
	memcpy(&magic, pcapng->block + HEADER_SIZE, sizeof magic);
	if (magic != ORDER_MAGIC && magic != __builtin_bswap32(ORDER_MAGIC))
		return pcapng->is_open ? broken(error, "a section has no byte order") : -ENOTSUP;
	pcapng->is_open = true;
	pcapng->is_swapped = magic != ORDER_MAGIC;
	pcapng->first = pcapng->count;
	return 1;
}

/* The next block, whole, with its type and length. 1, 0, -EPROTO; -ENOTSUP: no such file. */
static int
read_block(struct pcapng *pcapng, uint32_t *type, size_t *len, bool *cut, struct error *error)
{
	size_t have = HEADER_SIZE;
	int status;

	if (!make_room(pcapng, HEADER_SIZE + 4))
		return broken(error, "no memory for a block");
	status = read_bytes(pcapng, 0, HEADER_SIZE, cut);
	if (status != 1)
		return status;
	*type = load_32(pcapng, pcapng->block);
	if (*type == BLOCK_SECTION) {
		status = begin_section(pcapng, cut, error);
		have += 4;
	} else if (!pcapng->is_open) {
		return -ENOTSUP;
	}
	if (status != 1)
		return status;
	*len = load_32(pcapng, pcapng->block + 4);
	if (*len < have + TRAILER_SIZE || *len > BLOCK_MAX || *len % 4 != 0)
		return broken(error, "a block has a length that cannot be");
	if (!make_room(pcapng, *len))
		return broken(error, "no memory for a block");
	status = read_bytes(pcapng, have, *len - have, cut);
	if (status == 1 && load_32(pcapng, pcapng->block + *len - TRAILER_SIZE) != *len)
		return broken(error, "a block ends with another length than it begins with");
	return status;
}

/* Passes each option to read, which knows what to make of it. */
static void
read_options(const struct pcapng *pcapng, size_t at, size_t end,
	void (*read)(const struct pcapng *pcapng, uint16_t code, const uint8_t *value, size_t len,
		void *to),
	void *to)
{
	while (at + 4 <= end) {
		const uint16_t code = load_16(pcapng, pcapng->block + at);
		const size_t len = load_16(pcapng, pcapng->block + at + 2);

		at += 4;
		if (code == OPTION_END || len > end - at)
			return;
		read(pcapng, code, pcapng->block + at, len, to);
		at += (len + 3) & ~(size_t)3;
	}
}

static void
read_interface_option(
	const struct pcapng *pcapng, uint16_t code, const uint8_t *value, size_t len, void *to)
{
	struct interface *const interface = to;
	uint64_t offset;

	if (code == OPTION_IF_NAME) {
		interface->name_len = (uint8_t)(len < NAME_MAX_LEN ? len : NAME_MAX_LEN);
		memcpy(interface->name, value, interface->name_len);
	} else if (code == OPTION_IF_TSRESOL && len == 1) {
		interface->resolution = *value;
	} else if (code == OPTION_IF_TSOFFSET && len == 8) {
		memcpy(&offset, value, sizeof offset);
		interface->offset_s =
			(int64_t)(pcapng->is_swapped ? __builtin_bswap64(offset) : offset);
	}
}

static int
add_interface(struct pcapng *pcapng, size_t len, struct error *error)
{
	enum { SIZE = 8 };
	const uint8_t *const body = pcapng->block + HEADER_SIZE;
	struct interface *list;

	if (len < HEADER_SIZE + SIZE + TRAILER_SIZE)
		return broken(error, "the block of an interface is too short");
	if (pcapng->count == INTERFACES_MAX) {
		error_set(error, "the capture has more than %d interfaces", INTERFACES_MAX);
		return -EPROTO;
	}
	list = realloc(pcapng->interfaces, (pcapng->count + 1) * sizeof *list);
	if (list == NULL)
		return broken(error, "no memory for an interface");
	pcapng->interfaces = list;
	list += pcapng->count++;
	*list = (struct interface){.link_type = load_16(pcapng, body),
		.snaplen = load_32(pcapng, body + 4),
		.resolution = RESOLUTION_DEFAULT};
	read_options(pcapng, HEADER_SIZE + SIZE, len - TRAILER_SIZE, read_interface_option, list);
	return 1;
}

static void
read_packet_option(
	const struct pcapng *pcapng, uint16_t code, const uint8_t *value, size_t len, void *to)
{
	enum pcapng_direction *const direction = to;

	if (code != OPTION_PACKET_FLAGS || len != 4)
		return;
	switch (load_32(pcapng, value) & 3) {
	case 1: *direction = PCAPNG_IN; break;
	case 2: *direction = PCAPNG_OUT; break;
	default: break;
	}
}

/* The part of a second that so many ticks of it are, in nanoseconds. */
static uint64_t
decimal_ns(uint64_t ticks, unsigned power)
{
	for (; power < 9; power++)
		ticks *= 10;
	for (; power > 9; power--)
		ticks /= 10;
	return ticks;
}

static uint64_t
binary_ns(uint64_t ticks, unsigned power)
{
	enum { EXACT_BITS = 32 };

	if (power > EXACT_BITS) {
		ticks >>= power - EXACT_BITS;
		power = EXACT_BITS;
	}
	return ticks * CLOCK_NS_PER_S >> power;
}

/* Ticks are powers of ten or two of a second. A time that no clock shows becomes 0. */
static uint64_t
time_of(const struct interface *interface, uint64_t ticks)
{
	enum { DECIMAL_MAX = 19, BINARY_MAX = 63 };
	const int64_t seconds_max = INT64_MAX / CLOCK_NS_PER_S - 1;
	const bool is_binary = (interface->resolution & RESOLUTION_BINARY) != 0;
	const unsigned power = interface->resolution & ~(unsigned)RESOLUTION_BINARY;
	uint64_t second = 1, seconds;

	if (power > (is_binary ? BINARY_MAX : DECIMAL_MAX))
		return 0;
	for (unsigned i = 0; i < power; i++)
		second *= is_binary ? 2 : 10;
	seconds = ticks / second;
	if (seconds > (uint64_t)seconds_max || interface->offset_s > seconds_max ||
		interface->offset_s < -(int64_t)seconds ||
		(int64_t)seconds + interface->offset_s > seconds_max)
		return 0;
	ticks %= second;
	return (seconds + (uint64_t)interface->offset_s) * CLOCK_NS_PER_S +
	       (is_binary ? binary_ns(ticks, power) : decimal_ns(ticks, power));
}

/* Where the parts of a packet's block stand, after its header. */
struct packet_layout {
	size_t interface, time, lens, data; /* lens: captured, then on the wire */
	bool is_narrow;                     /* the interface has 16 bits */
};

static const struct packet_layout enhanced = {.interface = 0, .time = 4, .lens = 12, .data = 20};
static const struct packet_layout old = {
	.interface = 0, .time = 4, .lens = 12, .data = 20, .is_narrow = true};

static int
use_interface(struct pcapng *pcapng, uint32_t id, struct pcapng_item *item, struct error *error)
{
	const struct interface *interface;

	if (id >= pcapng->count - pcapng->first)
		return broken(error, "a packet is of an interface that was not described");
	interface = &pcapng->interfaces[pcapng->first + id];
	item->interface = (uint32_t)(pcapng->first + id + 1);
	item->link_type = interface->link_type;
	item->name = (struct text){interface->name, interface->name_len};
	item->is_swapped = pcapng->is_swapped;
	return 1;
}

static int
open_packet(struct pcapng *pcapng, const struct packet_layout *layout, size_t len,
	struct pcapng_item *item, struct error *error)
{
	const uint8_t *const body = pcapng->block + HEADER_SIZE;
	const size_t room = len - HEADER_SIZE - TRAILER_SIZE;
	uint64_t ticks;
	size_t options;
	int status;

	if (room < layout->data)
		return broken(error, "the block of a packet is too short");
	status = use_interface(pcapng,
		layout->is_narrow ? load_16(pcapng, body + layout->interface)
				  : load_32(pcapng, body + layout->interface),
		item, error);
	if (status != 1)
		return status;
	ticks = (uint64_t)load_32(pcapng, body + layout->time) << 32 |
		load_32(pcapng, body + layout->time + 4);
	item->len = load_32(pcapng, body + layout->lens);
	item->wire_len = load_32(pcapng, body + layout->lens + 4);
	if (item->len > room - layout->data || item->len > PACKET_LEN_MAX)
		return broken(error, "a packet is longer than its block");
	item->data = body + layout->data;
	item->time_ns = pcapng->time_ns = time_of(&pcapng->interfaces[item->interface - 1], ticks);
	options = HEADER_SIZE + layout->data + ((item->len + 3) & ~(size_t)3);
	read_options(pcapng, options, len - TRAILER_SIZE, read_packet_option, &item->direction);
	return 1;
}

/* Of the first interface, without a time; cut at that interface's capture length. */
static int
open_simple(struct pcapng *pcapng, size_t len, struct pcapng_item *item, struct error *error)
{
	const size_t room = len - HEADER_SIZE - TRAILER_SIZE;
	uint32_t snaplen;

	if (room < 4)
		return broken(error, "the block of a packet is too short");
	if (use_interface(pcapng, 0, item, error) != 1)
		return -EPROTO;
	snaplen = pcapng->interfaces[item->interface - 1].snaplen;
	item->wire_len = item->len = load_32(pcapng, pcapng->block + HEADER_SIZE);
	if (snaplen != 0 && item->len > snaplen)
		item->len = snaplen;
	if (item->len > room - 4 || item->len > PACKET_LEN_MAX)
		return broken(error, "a packet is longer than its block");
	item->data = pcapng->block + HEADER_SIZE + 4;
	item->time_ns = pcapng->time_ns;
	return 1;
}

/* 1: *item is a packet; 2: the block holds none. */
static int
open_block(struct pcapng *pcapng, uint32_t type, size_t len, struct pcapng_item *item,
	struct error *error)
{
	int status = 1;

	*item = (struct pcapng_item){.direction = PCAPNG_UNKNOWN};
	switch (type) {
	case BLOCK_INTERFACE: status = add_interface(pcapng, len, error); break;
	case BLOCK_PACKET: return open_packet(pcapng, &enhanced, len, item, error);
	case BLOCK_OLD_PACKET: return open_packet(pcapng, &old, len, item, error);
	case BLOCK_SIMPLE_PACKET: return open_simple(pcapng, len, item, error);
	default: break;
	}
	return status == 1 ? 2 : status;
}

/* The name of the packet's interface comes first, once. */
static void
report_interface(struct pcapng *pcapng, struct pcapng_item *item)
{
	struct interface *const interface = &pcapng->interfaces[item->interface - 1];

	if (interface->is_reported)
		return;
	interface->is_reported = true;
	pcapng->waiting = *item;
	pcapng->is_waiting = true;
	item->data = NULL;
}

int
pcapng_next(struct pcapng *pcapng, struct pcapng_item *item, bool *cut, struct error *error)
{
	int status = 2;

	if (pcapng->is_waiting) {
		*item = pcapng->waiting;
		pcapng->is_waiting = false;
		return 1;
	}
	while (status == 2) {
		uint32_t type;
		size_t len;

		status = read_block(pcapng, &type, &len, cut, error);
		if (status == 1)
			status = open_block(pcapng, type, len, item, error);
	}
	if (status == 1)
		report_interface(pcapng, item);
	return status == 0 && !pcapng->is_open ? -ENOTSUP : status;
}
