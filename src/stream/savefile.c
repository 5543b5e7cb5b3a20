/* SPDX-License-Identifier: GPL-2.0-or-later */
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

pcap_t *
savefile_open_file(FILE *file, const char *name, struct error *error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *savefile;

	/* A recording is read from end to end: fewer, larger reads. */
	setvbuf(file, NULL, _IOFBF, READ_SIZE);
	savefile =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);
	if (savefile != NULL)
		return savefile;
	error_set(error,
		"%s is neither a recording of sockwatch nor a capture (pcap, pcapng) that can be "
		"read: "
		"%s",
		name, reason);
	if (file != stdin)
		fclose(file);
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

/* The interface's type, as far as the link type of a foreign capture tells it. */
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
	case DLT_IEEE802_11: return ARPHRD_IEEE80211;
	case DLT_IEEE802_11_RADIO: return ARPHRD_IEEE80211_RADIOTAP;
	case DLT_NETLINK: return ARPHRD_NETLINK;
	default: return RECORD_ARPHRD_UNKNOWN;
	}
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: the older cooked header. */
static int
open_old_cooked(const uint8_t *data, size_t len, size_t wire_len, struct record *record,
	struct error *error)
{
	struct sll_header header;

	if (len < sizeof(header)) {
		error_set(
			error, "a packet of %zu bytes is too short for its link-layer header", len);
		return -EPROTO;
	}
	memcpy(&header, data, sizeof(header));
	record->arphrd = ntohs(header.sll_hatype);
	record->packet_type = (uint8_t)ntohs(header.sll_pkttype);
	record->protocol = ntohs(header.sll_protocol);
	record->data = data + sizeof(header);
	record->len = len - sizeof(header);
	record->wire_len = wire_len - sizeof(header);
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
		error_set(error, "the recording is broken: %s", pcap_geterr(savefile));
		return -EPROTO;
	}
	/* pcap_open_offline put nanoseconds where microseconds are by their name. */
	record->time_ns =
		(uint64_t)header->ts.tv_sec * CLOCK_NS_PER_S + (uint64_t)header->ts.tv_usec;
	if (open_packet(savefile, data, header, record, error) != 0)
		return -EPROTO;
	if (record->kind != RECORD_PACKET && pcap_is_swapped(savefile)) {
		error_set(error, "the recording comes from a machine of the other byte order; its "
				 "sockets can only be read on a machine of that byte order");
		return -EPROTO;
	}
	return 1;
}
