/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens and closes the sources of packets and of ended sockets in each namespace as subscribed.
 *
 *	capture.c       one libpcap capture
 *	capture_read.c  reads its ring, reports its counts
 *	expression.c    its filter
 *	packet_cut.c    how much of a packet are headers, packet_program.c the same for the kernel
 */
#include <config.h>

#include "packet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "collector/bpf/bpf_callers.h"
#include "collector/netlink/closings.h"
#include "collector/notice.h"
#include <sockwatch/privilege/enter.h>
#include <sockwatch/stream/needs.h>

/*
 * The kernel's memory for packets, of one capture and of all together. 8 MiB are 50,000 segments:
 * 87 ms at 600,000 a second.
 */
enum { RING_MAX = 8 * 1024 * 1024, RINGS_MAX = 64 * 1024 * 1024 };

/* What is open in one namespace. */
struct tap {
	uint32_t netns; /* 0: free */
	struct capture *capture;
	struct capture_counts counts; /* of this capture and those before it */
	struct closings *closings;
	bool is_wanted;
	bool is_refusal_reported; /* it cannot be entered */
};

struct packet {
	struct loop *loop;
	struct stream_writer *writer;
	uint64_t *losses;
	struct bpf_callers *callers;
	struct message_subscription subscription;
	char interface[64]; /* the subscription's */
	struct tap taps[PACKET_NAMESPACES_MAX];
	unsigned ring_bytes; /* of captures that are opened now */
	bool is_full_reported;
};

struct packet *
packet_new(struct loop *loop, struct stream_writer *writer, uint64_t *losses)
{
	struct packet *const packet = calloc(1, sizeof *packet);

	if (packet == NULL)
		return NULL;
	packet->loop = loop;
	packet->writer = writer;
	packet->losses = losses;
	packet->ring_bytes = RING_MAX;
	packet->callers = bpf_callers_new(loop, writer, losses);
	if (packet->callers == NULL) {
		free(packet);
		return NULL;
	}
	return packet;
}

static void
drop_capture(struct tap *tap)
{
	capture_close(tap->capture);
	tap->capture = NULL;
}

static void
close_tap(struct tap *tap)
{
	capture_close(tap->capture);
	closings_close(tap->closings);
	*tap = (struct tap){0};
}

void
packet_free(struct packet *packet)
{
	if (packet == NULL)
		return;
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		close_tap(&packet->taps[i]);
	bpf_callers_free(packet->callers);
	free(packet);
}

void
packet_subscribe(struct packet *packet, const struct message_subscription *subscription)
{
	char interface[sizeof packet->interface];
	bool is_other;
	unsigned dropped = 0;

	snprintf(interface, sizeof(interface), "%.*s", (int)subscription->capture_interface.len,
		subscription->capture_interface.data);
	/* What is cut off a packet is settled when the capture begins. */
	is_other = strcmp(interface, packet->interface) != 0 ||
		   subscription->capture_tunnels != packet->subscription.capture_tunnels;
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++) {
		struct tap *const tap = &packet->taps[i];
		if (tap->capture == NULL)
			continue;
		if (is_other) {
			drop_capture(tap);
			dropped++;
		} else {
			capture_subscribe(tap->capture, subscription);
		}
	}
	if (dropped != 0)
		notice_write(packet->writer, SEVERITY_INFO,
			"packets are captured anew, as was asked for; those of a few milliseconds are missing");
	packet->subscription = *subscription;
	memcpy(packet->interface, interface, sizeof(interface));
	packet->subscription.capture_interface = text_of(packet->interface);
}

static struct tap *
find_tap(struct packet *packet, uint32_t netns)
{
	struct tap *unused = NULL;

	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++) {
		if (packet->taps[i].netns == netns)
			return &packet->taps[i];
		if (packet->taps[i].netns == 0 && unused == NULL)
			unused = &packet->taps[i];
	}
	return unused;
}

struct opening {
	struct packet *packet;
	struct tap *tap;
};

/* Called inside the namespace. */
static int
open_tap(void *context)
{
	const struct opening *const opening = context;
	struct packet *const packet = opening->packet;
	struct tap *const tap = opening->tap;

	if ((packet->subscription.needs & NEED_PACKETS) != 0) {
		if (tap->capture == NULL)
			tap->capture = capture_open(packet->loop, packet->writer, packet->callers,
				tap->netns, packet->ring_bytes, &tap->counts,
				&packet->subscription);
		else
			capture_retry(tap->capture, &packet->subscription);
	}
	if ((packet->subscription.needs & NEED_CLOSINGS) != 0 && tap->closings == NULL)
		tap->closings =
			closings_open(packet->loop, packet->writer, tap->netns, packet->losses);
	return 0;
}

static void
report_full(struct packet *packet)
{
	char text[128];

	if (packet->is_full_reported)
		return;
	packet->is_full_reported = true;
	snprintf(text, sizeof text, "packets are captured in the first %d namespaces only",
		PACKET_NAMESPACES_MAX);
	notice_write(packet->writer, SEVERITY_WARNING, text);
}

static void
report_refusal(struct packet *packet, const struct netns *netns, int error)
{
	char text[128];
	const int len = snprintf(text, sizeof text,
		"no packets: the network namespace cannot be entered: %s", strerror(error));
	const struct message_capture message = {
		.netns = netns->id, .error = error, .text = {text, (size_t)len}};

	(void)stream_write_message(packet->writer, MESSAGE_CAPTURE, &message);
}

/* Ends a capture that is not wanted any more, in order, which can take some refreshes. */
static void
release_capture(struct tap *tap)
{
	if (tap->capture == NULL)
		return;
	if (capture_is_running(tap->capture))
		capture_end(tap->capture);
	else
		drop_capture(tap);
}

/* Closes what is not subscribed to. True when something subscribed to is not open. */
static bool
close_unsubscribed(const struct packet *packet, struct tap *tap)
{
	const bool packets = (packet->subscription.needs & NEED_PACKETS) != 0;
	const bool closings = (packet->subscription.needs & NEED_CLOSINGS) != 0;

	if (!packets)
		release_capture(tap);
	else if (tap->capture != NULL && capture_is_ending(tap->capture))
		drop_capture(tap);
	if (!closings && tap->closings != NULL) {
		closings_close(tap->closings);
		tap->closings = NULL;
	}
	return (packets && (tap->capture == NULL || !capture_is_running(tap->capture))) ||
	       (closings && tap->closings == NULL);
}

/* Opens what is subscribed to and closes the rest. */
static int
sync_tap(struct packet *packet, struct tap *tap, const struct netns *netns, int home)
{
	struct opening opening = {.packet = packet, .tap = tap};
	int error = 0;

	tap->netns = netns->id;
	/* Our own namespace needs no entering, so no right. */
	if (close_unsubscribed(packet, tap))
		error = netns->id == NAMESPACES_OWN
				? open_tap(&opening)
				: enter_and_open(netns->diag, home, open_tap, &opening);
	if (error != 0 && error != -ENOTRECOVERABLE && !tap->is_refusal_reported) {
		tap->is_refusal_reported = true;
		report_refusal(packet, netns, -error);
	}
	if (tap->capture != NULL)
		capture_report(tap->capture);
	if (tap->closings != NULL)
		closings_read(tap->closings);
	tap->is_wanted = (packet->subscription.needs & (NEED_PACKETS | NEED_CLOSINGS)) != 0 ||
			 tap->capture != NULL;
	return error == -ENOTRECOVERABLE ? error : 0;
}

/* Of each, when there are so many captures: a power of two, so that it changes seldom. */
static unsigned
ring_bytes_of(size_t captures)
{
	unsigned bytes = RING_MAX;

	if (captures > PACKET_NAMESPACES_MAX)
		captures = PACKET_NAMESPACES_MAX;
	while (captures * bytes > RINGS_MAX)
		bytes /= 2;
	return bytes;
}

static void
report_rings(const struct packet *packet, size_t captures)
{
	char text[256];

	snprintf(text, sizeof text,
		"packets of %zu namespaces: each has %u MiB of the kernel's memory, as all together have %d; a burst is lost sooner, and a few milliseconds are missing",
		captures, packet->ring_bytes / 1024 / 1024, RINGS_MAX / 1024 / 1024);
	notice_write(packet->writer, SEVERITY_WARNING, text);
}

/* All rings together are bounded: where captures were added, those that are too large begin again.
 */
static void
divide_rings(struct packet *packet, const struct namespaces *namespaces)
{
	const unsigned before = packet->ring_bytes;
	size_t captures = 0;

	for (size_t i = 0; i < namespaces->count; i++)
		captures += namespaces->list[i]->diag >= 0;
	packet->ring_bytes = ring_bytes_of(captures);
	if (packet->ring_bytes >= before)
		return;
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++) {
		struct tap *const tap = &packet->taps[i];

		if (tap->capture != NULL && capture_ring_bytes(tap->capture) > packet->ring_bytes)
			drop_capture(tap);
	}
	report_rings(packet, captures);
}

int
packet_sync(struct packet *packet, const struct namespaces *namespaces)
{
	const bool is_needed = (packet->subscription.needs & (NEED_PACKETS | NEED_CLOSINGS)) != 0;
	int error = 0;

	/* Before the first packet, so that the opener of its connection is known. */
	bpf_callers_sync(
		packet->callers, (packet->subscription.needs & NEED_CLOSINGS) != 0, namespaces);
	if ((packet->subscription.needs & NEED_PACKETS) != 0)
		divide_rings(packet, namespaces);
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		packet->taps[i].is_wanted = false;
	for (size_t i = 0; i < namespaces->count; i++) {
		const struct netns *const netns = namespaces->list[i];
		struct tap *const tap = netns->diag >= 0 ? find_tap(packet, netns->id) : NULL;
		if (tap != NULL && (is_needed || tap->netns != 0)) {
			if (sync_tap(packet, tap, netns, namespaces->own) != 0)
				error = -ENOTRECOVERABLE;
		} else if (tap == NULL && is_needed && netns->diag >= 0) {
			report_full(packet);
		}
	}
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		if (packet->taps[i].netns != 0 && !packet->taps[i].is_wanted)
			close_tap(&packet->taps[i]);
	return error;
}

void
packet_resume(struct packet *packet)
{
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		if (packet->taps[i].capture != NULL)
			capture_resume(packet->taps[i].capture);
}
