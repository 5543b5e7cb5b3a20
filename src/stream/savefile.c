/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recordings and other captures: opened, and each packet made a record by its link type. pcap is
 * read with libpcap, pcapng by pcapng.c.
 */
#include <config.h>

#include "savefile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <pcap.h>
#include <pcap/sll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/clock.h>

#include "framing.h"
#include "pcapng.h"

enum {
	READ_SIZE = 128 * 1024,
	LINKTYPE_RAW = 101, /* in files; DLT_RAW is another number on each system */
	NETNS_OF_FILE = 1,  /* that of packets without a number */
	MESSAGE_LIMIT = 4096,
};

struct savefile {
	FILE *file;
	char *name;
	pcap_t *pcap; /* or: */
	struct pcapng *pcapng;
	struct buffer message; /* the name of an interface, as one of our messages */
	bool is_readable;      /* some packet had a link type that we read */
};

/* The ARPHRD type of the interface, as far as the link type of a capture gives it. */
static uint16_t
arphrd_of(int link_type)
{
	switch (link_type) {
	case DLT_EN10MB: return ARPHRD_ETHER;
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6: return ARPHRD_NONE;
	case DLT_NULL:
	case DLT_LOOP: return ARPHRD_LOOPBACK;
	case DLT_PPP:
	case DLT_PPP_SERIAL: return ARPHRD_PPP;
	case DLT_C_HDLC: return ARPHRD_CISCO;
	default: return RECORD_ARPHRD_UNKNOWN;
	}
}

/* The command that unpacks a file which begins so, or NULL. */
static const char *
decompressor(FILE *file)
{
	static const struct {
		const char magic[5], command[8];
	} rows[] = {
		{"\x1f\x8b", "zcat"},
		{"\xfd"
		 "7zX",
			"xzcat"},
		{"\x28\xb5\x2f\xfd", "zstdcat"},
		{"BZh", "bzcat"},
	};
	char begin[sizeof rows[0].magic] = "";

	if (fseek(file, 0, SEEK_SET) != 0 || fread(begin, 1, sizeof begin, file) == 0)
		return NULL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (memcmp(begin, rows[i].magic, strlen(rows[i].magic)) == 0)
			return rows[i].command;
	}
	return NULL;
}

static void
explain_refusal(FILE *file, const char *name, const char *reason, struct error *error)
{
	const char *const command = decompressor(file);

	if (command != NULL)
		error_set(error,
			"%s is compressed; unpack it first, for instance with %s into standard input (-)",
			name, command);
	else
		error_set(error,
			"%s is neither a recording of sockwatch nor a capture (pcap, pcapng) that can be read: %s",
			name, reason);
}

static pcap_t *
open_pcap(FILE *file, const char *name, struct error *error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *const pcap =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);

	if (pcap == NULL)
		explain_refusal(file, name, reason, error);
	return pcap;
}

static const char *
type_name(int link_type)
{
	const char *const name = pcap_datalink_val_to_name(link_type);

	return name != NULL ? name : "unknown";
}

static bool
is_read(int link_type)
{
	return link_type == FRAMING_LINK_TYPE || link_type == DLT_LINUX_SLL ||
	       arphrd_of(link_type) != RECORD_ARPHRD_UNKNOWN;
}

static void
refuse_link_type(const char *name, int link_type, struct error *error)
{
	error_set(error,
		"the packets of %s have link type %s (%d), which is not supported; use Ethernet, Linux cooked, raw IP, loopback, PPP or Cisco HDLC",
		name, type_name(link_type), link_type);
}

/* By the first byte. False with a sentence. */
static bool
open_reader(struct savefile *savefile, struct error *error)
{
	const int first = getc(savefile->file);

	if (first == EOF && ferror(savefile->file) == 0) {
		/* A capture that ended before its first block was written, as is usual. */
		error_set(error, "%s is empty", savefile->name);
		return false;
	}
	if (first != EOF)
		(void)ungetc(first, savefile->file);
	if (first == PCAPNG_FIRST_BYTE) {
		savefile->pcapng = pcapng_new(savefile->file, error);
		return savefile->pcapng != NULL;
	}
	savefile->pcap = open_pcap(savefile->file, savefile->name, error);
	if (savefile->pcap == NULL)
		return false;
	savefile->file = NULL; /* libpcap closes it */
	if (is_read(pcap_datalink(savefile->pcap)))
		return true;
	refuse_link_type(savefile->name, pcap_datalink(savefile->pcap), error);
	return false;
}

void
savefile_close(struct savefile *savefile)
{
	if (savefile == NULL)
		return;
	if (savefile->pcap != NULL)
		pcap_close(savefile->pcap);
	pcapng_free(savefile->pcapng);
	if (savefile->file != NULL)
		fclose(savefile->file);
	buffer_fini(&savefile->message);
	free(savefile->name);
	free(savefile);
}

struct savefile *
savefile_open_file(FILE *file, const char *name, struct error *error)
{
	struct savefile *const savefile = calloc(1, sizeof *savefile);

	/* A recording is read from end to end: fewer, larger reads. */
	setvbuf(file, NULL, _IOFBF, READ_SIZE);
	if (savefile != NULL) {
		savefile->file = file;
		savefile->name = strdup(name);
		buffer_init(&savefile->message, MESSAGE_LIMIT);
	}
	if (savefile == NULL || savefile->name == NULL) {
		error_set(error, "no memory to read %s", name);
		if (savefile == NULL)
			fclose(file);
		savefile_close(savefile);
		return NULL;
	}
	if (open_reader(savefile, error))
		return savefile;
	savefile_close(savefile);
	return NULL;
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: the older cooked header. */
static int
open_old_cooked(const uint8_t *data, size_t len, size_t wire_len, struct record *record,
	struct error *error)
{
	struct sll_header header;

	if (len < sizeof header) {
		error_set(
			error, "a packet of %zu bytes is too short for its link-layer header", len);
		return -EPROTO;
	}
	memcpy(&header, data, sizeof header);
	record->arphrd = ntohs(header.sll_hatype);
	record->packet_type = (uint8_t)ntohs(header.sll_pkttype);
	record->protocol = ntohs(header.sll_protocol);
	record->data = data + sizeof header;
	record->len = len - sizeof header;
	record->wire_len = wire_len - sizeof header;
	return 0;
}

/* A packet as it stands in the file. */
struct packet {
	int link_type;
	const uint8_t *data;
	size_t len, wire_len;
	uint32_t ifindex;
	uint8_t packet_type;
	bool is_swapped; /* the file comes from a machine of the other byte order */
};

static int
open_packet(const struct packet *packet, struct record *record, struct error *error)
{
	const size_t wire_len = packet->wire_len > packet->len ? packet->wire_len : packet->len;
	int status = 0;

	if (packet->link_type == FRAMING_LINK_TYPE)
		status = framing_open_cooked(packet->data, packet->len, wire_len, record, error);
	else
		*record = (struct record){
			.time_ns = record->time_ns,
			.kind = RECORD_PACKET,
			.ifindex = packet->ifindex,
			.arphrd = arphrd_of(packet->link_type),
			.packet_type = packet->packet_type,
			.data = packet->data,
			.len = packet->len,
			.wire_len = wire_len,
		};
	if (packet->link_type == DLT_LINUX_SLL)
		status = open_old_cooked(packet->data, packet->len, wire_len, record, error);
	if (status != 0)
		return -EPROTO;
	if (record->kind != RECORD_PACKET && packet->is_swapped) {
		error_set(error,
			"the recording comes from a machine of the other byte order; read it on a machine of that byte order");
		return -EPROTO;
	}
	return 1;
}

static int
next_of_pcap(pcap_t *pcap, struct record *record, bool *cut, struct error *error)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	const int status = pcap_next_ex(pcap, &header, &data);

	if (status == PCAP_ERROR_BREAK)
		return 0;
	if (status != 1) {
		/* Only a record that is cut makes libpcap read beyond the end. */
		*cut = feof(pcap_file(pcap)) != 0;
		if (*cut)
			return 0;
		error_set(error, "the file is broken: %s", pcap_geterr(pcap));
		return -EPROTO;
	}
	/* pcap_open_offline put nanoseconds where microseconds are by their name. */
	record->time_ns =
		(uint64_t)header->ts.tv_sec * CLOCK_NS_PER_S + (uint64_t)header->ts.tv_usec;
	return open_packet(&(struct packet){.link_type = pcap_datalink(pcap),
				   .data = data,
				   .len = header->caplen,
				   .wire_len = header->len,
				   .packet_type = RECORD_PACKET_TYPE_UNKNOWN,
				   .is_swapped = pcap_is_swapped(pcap) != 0},
		record, error);
}

/* The name of an interface, as a collector would send it. 1; 2: it has none. */
static int
open_interface(struct savefile *savefile, const struct pcapng_item *item, struct record *record)
{
	const struct message_link message = {
		.netns = NETNS_OF_FILE, .ifindex = item->interface, .name = item->name};

	buffer_clear(&savefile->message);
	if (item->name.len == 0 || message_encode(MESSAGE_LINK, &message, &savefile->message) != 0)
		return 2;
	*record = (struct record){.time_ns = item->time_ns,
		.kind = RECORD_MESSAGE,
		.data = savefile->message.data,
		.len = savefile->message.len,
		.wire_len = savefile->message.len};
	return 1;
}

static uint8_t
packet_type_of(enum pcapng_direction direction)
{
	switch (direction) {
	case PCAPNG_UNKNOWN: return RECORD_PACKET_TYPE_UNKNOWN;
	case PCAPNG_IN: return PACKET_HOST;
	case PCAPNG_OUT: return PACKET_OUTGOING;
	}
	return RECORD_PACKET_TYPE_UNKNOWN;
}

/* A single interface without a name is not worth a column. */
static uint32_t
ifindex_of(const struct pcapng_item *item)
{
	return item->interface == 1 && item->name.len == 0 ? 0 : item->interface;
}

/* Packets of a link type that we do not read count as such, where there are others. */
static int
open_item(struct savefile *savefile, const struct pcapng_item *item, struct record *record,
	struct error *error)
{
	const int link_type = item->link_type == LINKTYPE_RAW ? DLT_RAW : item->link_type;

	if (item->data == NULL)
		return open_interface(savefile, item, record);
	savefile->is_readable |= is_read(link_type);
	if (!savefile->is_readable) {
		refuse_link_type(savefile->name, link_type, error);
		return -EPROTO;
	}
	record->time_ns = item->time_ns;
	return open_packet(&(struct packet){.link_type = link_type,
				   .data = item->data,
				   .len = item->len,
				   .wire_len = item->wire_len,
				   .ifindex = ifindex_of(item),
				   .packet_type = packet_type_of(item->direction),
				   .is_swapped = item->is_swapped},
		record, error);
}

static int
next_of_pcapng(struct savefile *savefile, struct record *record, bool *cut, struct error *error)
{
	struct pcapng_item item;
	int status = 2;

	while (status == 2) {
		status = pcapng_next(savefile->pcapng, &item, cut, error);
		if (status == 1)
			status = open_item(savefile, &item, record, error);
	}
	if (status != -ENOTSUP)
		return status;
	explain_refusal(savefile->file, savefile->name, "it begins otherwise", error);
	return -EPROTO;
}

int
savefile_next(struct savefile *savefile, struct record *record, bool *cut, struct error *error)
{
	return savefile->pcapng != NULL ? next_of_pcapng(savefile, record, cut, error)
					: next_of_pcap(savefile->pcap, record, cut, error);
}
