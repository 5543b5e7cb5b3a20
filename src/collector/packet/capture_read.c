/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the ring of a capture into the stream, and reports its counts and names of interfaces. */
#include <config.h>

#include "capture_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "collector/bpf/bpf_callers.h"
#include "packet_cut.h"

enum {
	COOKED_IFINDEX = 4, /* in the cooked header of Linux (DLT_LINUX_SLL2) */
	/* A whole ring, and what comes meanwhile. */
	REST_SLICES_MAX = 256,
};

void
capture_read_report(struct capture *capture, const char *text)
{
	const struct message_capture message = {.netns = capture->netns,
		.running = capture->pcap != NULL,
		.error = capture->error,
		.text = text_of(text),
		.interface = text_of(capture->interface[0] != '\0' ? capture->interface : "any"),
		.received = capture->counts->received - capture->counts->refused,
		.dropped = capture->counts->dropped + capture->counts->refused,
		.cut = capture->counts->cut};

	if (capture->is_reported && message.received == capture->reported.received &&
		message.dropped == capture->reported.dropped &&
		message.cut == capture->reported.cut && message.error == capture->reported.error &&
		message.running == capture->reported.running)
		return;
	if (stream_write_message(capture->writer, MESSAGE_CAPTURE, &message) != 0)
		return;
	capture->is_reported = true;
	/* Without the texts, which do not live longer than this call and are not compared. */
	capture->reported = (struct message_capture){.running = message.running,
		.error = message.error,
		.received = message.received,
		.dropped = message.dropped,
		.cut = message.cut};
}

/* Sends the name of an interface before the first of its packets. */
static void
report_link(struct capture *capture, uint32_t ifindex)
{
	uint8_t *const bits = &capture->links_reported[ifindex % CAPTURE_LINKS / 8];
	const uint8_t bit = (uint8_t)(1U << ifindex % 8);
	struct ifreq request = {.ifr_ifindex = (int)ifindex};
	struct message_link message = {.netns = capture->netns, .ifindex = ifindex};

	capture->last_ifindex = ifindex;
	if ((*bits & bit) != 0)
		return;
	*bits |= bit;
	if (ioctl(capture->link_fd, SIOCGIFNAME, &request) != 0)
		return;
	message.name =
		(struct text){request.ifr_name, strnlen(request.ifr_name, sizeof request.ifr_name)};
	(void)stream_write_message(capture->writer, MESSAGE_LINK, &message);
}

void
capture_read_forget_links(struct capture *capture)
{
	capture->last_ifindex = 0;
	memset(capture->links_reported, 0, sizeof capture->links_reported);
}

static void
on_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *const capture = (struct capture *)(void *)context;
	const uint64_t time_ns = (uint64_t)header->ts.tv_sec * CLOCK_NS_PER_S +
				 (uint64_t)header->ts.tv_usec; /* in nanoseconds, as asked for */
	size_t len;

	capture->read++;
	if (time_ns > capture->end_ns) {
		capture->is_past = true;
		return;
	}
	if (header->caplen >= PACKET_CUT_COOKED) {
		uint32_t ifindex;

		memcpy(&ifindex, bytes + COOKED_IFINDEX, sizeof ifindex);
		ifindex = ntohl(ifindex);
		if (ifindex != capture->last_ifindex)
			report_link(capture, ifindex);
	}
	bpf_callers_read_until(capture->callers, time_ns);
	len = packet_cut(bytes, header->caplen, capture->has_tunnels);
	capture->counts->received++;
	capture->counts->cut += len < header->caplen;
	if (stream_write_packet(
		    capture->writer, time_ns, capture->netns, bytes, len, header->len) != 0)
		capture->counts->refused++;
}

void
capture_read_count_drops(struct capture *capture)
{
	struct pcap_stat counts;

	if (pcap_stats(capture->pcap, &counts) != 0)
		return;
	capture->counts->dropped += counts.ps_drop - capture->last_drop;
	capture->last_drop = counts.ps_drop;
}

unsigned
capture_read_held(struct capture *capture)
{
	struct pcap_stat counts;

	/* The kernel counts as received what it dropped, too. */
	return pcap_stats(capture->pcap, &counts) == 0
		       ? counts.ps_recv - counts.ps_drop - capture->read
		       : 0;
}

/* Before a ring is closed that was not ended in order. */
static void
count_held(struct capture *capture)
{
	const unsigned held = capture_read_held(capture);

	if (capture->is_in_kernel && held > capture->unsure)
		capture->counts->dropped += held - capture->unsure;
}

void
capture_read_rest(struct capture *capture)
{
	for (unsigned slices = 0; slices < REST_SLICES_MAX; slices++) {
		if (capture->pcap == NULL || capture_read_slice(capture) <= 0)
			break;
	}
	if (capture->pcap != NULL)
		count_held(capture);
}

void
capture_read_stop(struct capture *capture, int error, const char *text)
{
	if (capture->end_timer != NULL)
		loop_remove(capture->end_timer);
	if (capture->rest_timer != NULL)
		loop_remove(capture->rest_timer);
	if (capture->source != NULL)
		loop_remove(capture->source);
	capture->end_timer = capture->rest_timer = capture->source = NULL;
	if (capture->pcap != NULL) {
		capture_read_count_drops(capture);
		pcap_close(capture->pcap);
	}
	capture->pcap = NULL;
	if (capture->link_fd >= 0)
		close(capture->link_fd);
	capture->link_fd = -1;
	capture->error = error;
	capture_read_report(capture, text);
}

int
capture_read_slice(struct capture *capture)
{
	char text[PCAP_ERRBUF_SIZE + 32];
	int count;

	if (stream_pending(capture->writer) >= CAPTURE_PENDING_MAX) {
		loop_change(capture->source, 0);
		return -EAGAIN;
	}
	stream_note_clock(capture->writer);
	count = pcap_dispatch(capture->pcap, CAPTURE_SLICE_PACKETS, on_packet, (u_char *)capture);
	if (count >= 0)
		return count;
	snprintf(text, sizeof text, "no packets any more: %s", pcap_geterr(capture->pcap));
	count_held(capture);
	capture_read_stop(capture, EIO, text);
	return -EIO;
}
