/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "capture.h"

#include <errno.h>
#include <net/if.h>
#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

enum {
	SNAPLEN = 128,                /* cooked header, IPv6, TCP with all its options */
	RING_BYTES = 8 * 1024 * 1024, /* 50,000 segments: half a second of a flood */
	BLOCK_MS = 20, /* immediate mode costs ten times the CPU; stamps are the kernel's */
	SLICE_PACKETS = 8192,
	PENDING_MAX = 2 * 1024 * 1024, /* of the stream: above, the ring keeps what comes */
	EXPRESSION_SIZE = 1024,
};

struct capture {
	struct loop *loop;
	struct stream_writer *writer;
	struct loop_source *source;
	pcap_t *pcap;
	uint32_t netns;
	char interface[IF_NAMESIZE]; /* "": any */
	unsigned ifindex;            /* in its namespace */
	char expression[EXPRESSION_SIZE];
	uint64_t received, refused; /* handed to us; of them not passed on, the stream was full */
	uint64_t dropped;           /* by the kernel, of captures before this filter too */
	unsigned last_drop;         /* as pcap_stats counts, which wraps */
	struct message_capture told;
	bool is_told;
};

static void
tell(struct capture *capture, int error, const char *text)
{
	const struct message_capture message = {.netns = capture->netns,
		.running = capture->pcap != NULL,
		.error = error,
		.text = text_of(text),
		.interface = text_of(capture->interface[0] != '\0' ? capture->interface : "any"),
		.received = capture->received - capture->refused,
		.dropped = capture->dropped + capture->refused};

	if (capture->is_told && message.received == capture->told.received &&
		message.dropped == capture->told.dropped && error == capture->told.error)
		return;
	if (stream_write_message(capture->writer, MESSAGE_CAPTURE, &message) == 0) {
		capture->is_told = true;
		capture->told = message;
	}
}

static void
on_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *const capture = (struct capture *)(void *)context;
	const uint64_t time_ns = (uint64_t)header->ts.tv_sec * CLOCK_NS_PER_S +
				 (uint64_t)header->ts.tv_usec; /* nanoseconds were asked for */

	capture->received++;
	if (stream_write_packet(capture->writer, time_ns, capture->netns, bytes, header->caplen,
		    header->len) != 0)
		capture->refused++;
}

/* Goes on as long as the ring has something and the stream takes it. */
static void
on_ready(void *context, unsigned events)
{
	struct capture *const capture = context;

	(void)events;
	if (stream_pending(capture->writer) >= PENDING_MAX) {
		loop_change(capture->source, 0);
		return;
	}
	if (pcap_dispatch(capture->pcap, SLICE_PACKETS, on_packet, (u_char *)capture) ==
		PCAP_ERROR) {
		/* The interface went away, or "any" lost its namespace. */
		tell(capture, EIO, pcap_geterr(capture->pcap));
		loop_change(capture->source, 0);
	}
}

void
capture_resume(struct capture *capture)
{
	if (capture->source != NULL && stream_pending(capture->writer) < PENDING_MAX)
		loop_change(capture->source, LOOP_READ);
}

static int
set_filter(struct capture *capture, const struct message_wish *wish)
{
	char expression[EXPRESSION_SIZE];
	struct bpf_program program;
	int result;

	if (capture_expression(
		    wish, capture->netns, capture->ifindex, expression, sizeof(expression)) != 0)
		return -ENOSPC;
	if (strcmp(expression, capture->expression) == 0)
		return 0;
	if (pcap_compile(capture->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return -EINVAL;
	result = pcap_setfilter(capture->pcap, &program) == 0 ? 0 : -EINVAL;
	pcap_freecode(&program);
	if (result == 0)
		memcpy(capture->expression, expression, sizeof(expression));
	return result;
}

/* 0, or negative errno with why in text. */
static int
activate(struct capture *capture, const struct message_wish *wish, char *text, size_t size)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *const pcap = pcap_create("any", reason);
	int status;

	if (pcap == NULL) {
		snprintf(text, size, "no packets: %s", reason);
		return -ENOMEM;
	}
	capture->pcap = pcap;
	pcap_set_snaplen(pcap, SNAPLEN);
	pcap_set_timeout(pcap, BLOCK_MS);
	pcap_set_buffer_size(pcap, RING_BYTES);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(pcap);
	if (status == PCAP_ERROR_PERM_DENIED) {
		snprintf(text, size,
			"no packets: capturing needs CAP_NET_RAW; run with sudo, or give the "
			"program that capability");
		return -EPERM;
	}
	if (status < 0 || pcap_set_datalink(pcap, DLT_LINUX_SLL2) != 0 ||
		pcap_setnonblock(pcap, 1, reason) != 0) {
		snprintf(text, size, "no packets: %s", pcap_geterr(pcap));
		return -EIO;
	}
	capture->ifindex = if_nametoindex(capture->interface);
	if (capture->interface[0] != '\0' && capture->ifindex == 0) {
		snprintf(
			text, size, "no packets: there is no interface \"%s\"", capture->interface);
		return -ENODEV;
	}
	status = set_filter(capture, wish);
	if (status != 0)
		snprintf(text, size, "no packets: the filter was refused: %s", pcap_geterr(pcap));
	return status;
}

struct capture *
capture_open(struct loop *loop, struct stream_writer *writer, uint32_t netns,
	const struct message_wish *wish)
{
	char text[512] = "";
	struct capture *const capture = calloc(1, sizeof(*capture));
	int error;

	if (capture == NULL)
		return NULL;
	capture->loop = loop;
	capture->writer = writer;
	capture->netns = netns;
	snprintf(capture->interface, sizeof(capture->interface), "%.*s",
		(int)wish->capture_interface.len, wish->capture_interface.data);
	error = activate(capture, wish, text, sizeof(text));
	if (error == 0) {
		capture->source = loop_add(
			loop, pcap_get_selectable_fd(capture->pcap), LOOP_READ, on_ready, capture);
		error = capture->source == NULL ? -errno : 0;
	}
	if (error != 0 && capture->pcap != NULL) {
		pcap_close(capture->pcap);
		capture->pcap = NULL;
	}
	tell(capture, -error, text);
	return capture;
}

void
capture_close(struct capture *capture)
{
	if (capture == NULL)
		return;
	if (capture->source != NULL)
		loop_remove(capture->source);
	if (capture->pcap != NULL)
		pcap_close(capture->pcap);
	free(capture);
}

void
capture_wish(struct capture *capture, const struct message_wish *wish)
{
	if (capture->pcap != NULL)
		(void)set_filter(capture, wish);
}

void
capture_tell(struct capture *capture)
{
	struct pcap_stat counts;

	if (capture->pcap == NULL)
		return;
	if (pcap_stats(capture->pcap, &counts) == 0) {
		capture->dropped += counts.ps_drop - capture->last_drop;
		capture->last_drop = counts.ps_drop;
	}
	tell(capture, 0, "");
}
