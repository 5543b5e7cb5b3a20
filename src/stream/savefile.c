/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings and other captures, opened and read with libpcap. */
#include <config.h>

#include "savefile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <pcap/sll.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "framing.h"

enum { READ_SIZE = 128 * 1024 };

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

/* A capture that ended before its first block was written, as is usual, has nothing in it. */
static bool
is_empty(FILE *file)
{
	const int first = getc(file);

	if (first != EOF)
		(void)ungetc(first, file);
	return first == EOF && ferror(file) == 0;
}

/* NULL with a sentence. */
static pcap_t *
open_capture(FILE *file, const char *name, struct error *error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *savefile;

	if (is_empty(file)) {
		error_set(error, "%s is empty", name);
		return NULL;
	}
	savefile =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);
	if (savefile == NULL)
		explain_refusal(file, name, reason, error);
	return savefile;
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

pcap_t *
savefile_open_file(FILE *file, const char *name, struct error *error)
{
	pcap_t *savefile;
	int link_type;

	/* A recording is read from end to end: fewer, larger reads. */
	setvbuf(file, NULL, _IOFBF, READ_SIZE);
	savefile = open_capture(file, name, error);
	if (savefile == NULL) {
		if (file != stdin)
			fclose(file);
		return NULL;
	}
	link_type = pcap_datalink(savefile);
	if (is_read(link_type))
		return savefile;
	error_set(error,
		"the packets of %s have link type %s (%d), which is not supported; use Ethernet, Linux cooked, raw IP, loopback or PPP",
		name, type_name(link_type), link_type);
	pcap_close(savefile);
	return NULL;
}

pcap_t *
savefile_open(const char *path, struct error *error)
{
	FILE *file;

	if (strcmp(path, "-") == 0)
		return savefile_open_file(stdin, "standard input", error);
	file = fopen(path, "rbe");
	if (file == NULL) {
		error_set(error, "cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	return savefile_open_file(file, path, error);
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

static int
open_packet(pcap_t *savefile, const uint8_t *data, const struct pcap_pkthdr *header,
	struct record *record, struct error *error)
{
	const int link_type = pcap_datalink(savefile);
	const size_t wire_len = header->len > header->caplen ? header->len : header->caplen;

	if (link_type == FRAMING_LINK_TYPE)
		return framing_open_cooked(data, header->caplen, wire_len, record, error);
	*record = (struct record){
		.time_ns = record->time_ns,
		.kind = RECORD_PACKET,
		.arphrd = arphrd_of(link_type),
		.packet_type = RECORD_PACKET_TYPE_UNKNOWN,
		.data = data,
		.len = header->caplen,
		.wire_len = wire_len,
	};
	if (link_type == DLT_LINUX_SLL)
		return open_old_cooked(data, header->caplen, wire_len, record, error);
	return 0;
}

/* Two interfaces may differ in a pcapng file, and libpcap cannot read that. */
static void
explain_break(const char *reason, struct error *error)
{
	static const char differs[] = "an interface has a ";

	if (strncmp(reason, differs, sizeof differs - 1) == 0)
		error_set(error,
			"the interfaces of this capture differ, which libpcap cannot read: %s; write a file for each interface",
			reason);
	else
		error_set(error, "the file is broken: %s", reason);
}

int
savefile_next(pcap_t *savefile, struct record *record, bool *cut, struct error *error)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	const int status = pcap_next_ex(savefile, &header, &data);

	if (status == PCAP_ERROR_BREAK)
		return 0;
	if (status != 1) {
		/* Only a record that is cut makes libpcap read beyond the end. */
		*cut = feof(pcap_file(savefile)) != 0;
		if (*cut)
			return 0;
		explain_break(pcap_geterr(savefile), error);
		return -EPROTO;
	}
	/* pcap_open_offline put nanoseconds where microseconds are by their name. */
	record->time_ns =
		(uint64_t)header->ts.tv_sec * CLOCK_NS_PER_S + (uint64_t)header->ts.tv_usec;
	if (open_packet(savefile, data, header, record, error) != 0)
		return -EPROTO;
	if (record->kind != RECORD_PACKET && pcap_is_swapped(savefile)) {
		error_set(error,
			"the recording comes from a machine of the other byte order; read it on a machine of that byte order");
		return -EPROTO;
	}
	return 1;
}
