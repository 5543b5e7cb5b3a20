/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "packet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "collector/bpf/bpf_callers.h"
#include "collector/netlink/closings.h"
#include <sockwatch/privilege/enter.h>
#include <sockwatch/stream/needs.h>

/* One namespace that is listened to. */
struct post {
	uint32_t netns; /* 0: free */
	struct capture *capture;
	struct closings *closings;
	bool is_wanted;
	bool is_door_told; /* that it cannot be entered */
};

struct packet {
	struct loop *loop;
	struct stream_writer *writer;
	uint64_t *losses;
	struct bpf_callers *callers;
	struct message_subscription subscription;
	char interface[64]; /* the subscription's */
	struct post posts[PACKET_NAMESPACES_MAX];
	bool is_full_told;
};

struct packet *
packet_new(struct loop *loop, struct stream_writer *writer, uint64_t *losses)
{
	struct packet *const packet = calloc(1, sizeof(*packet));

	if (packet == NULL)
		return NULL;
	packet->loop = loop;
	packet->writer = writer;
	packet->losses = losses;
	packet->callers = bpf_callers_new(loop, writer, losses);
	if (packet->callers == NULL) {
		free(packet);
		return NULL;
	}
	return packet;
}

static void
drop_capture(struct post *post)
{
	capture_close(post->capture);
	post->capture = NULL;
}

static void
close_post(struct post *post)
{
	capture_close(post->capture);
	closings_close(post->closings);
	*post = (struct post){0};
}

void
packet_free(struct packet *packet)
{
	if (packet == NULL)
		return;
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		close_post(&packet->posts[i]);
	bpf_callers_free(packet->callers);
	free(packet);
}

void
packet_subscribe(struct packet *packet, const struct message_subscription *subscription)
{
	char interface[sizeof(packet->interface)];

	snprintf(interface, sizeof(interface), "%.*s", (int)subscription->capture_interface.len,
		subscription->capture_interface.data);
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++) {
		struct post *const post = &packet->posts[i];
		if (post->capture == NULL)
			continue;
		if (strcmp(interface, packet->interface) != 0)
			drop_capture(post);
		else
			capture_subscribe(post->capture, subscription);
	}
	packet->subscription = *subscription;
	memcpy(packet->interface, interface, sizeof(interface));
	packet->subscription.capture_interface = text_of(packet->interface);
}

static struct post *
find_post(struct packet *packet, uint32_t netns)
{
	struct post *unused = NULL;

	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++) {
		if (packet->posts[i].netns == netns)
			return &packet->posts[i];
		if (packet->posts[i].netns == 0 && unused == NULL)
			unused = &packet->posts[i];
	}
	return unused;
}

struct opening {
	struct packet *packet;
	struct post *post;
};

/* Called inside the namespace. */
static int
open_post(void *context)
{
	const struct opening *const opening = context;
	struct packet *const packet = opening->packet;
	struct post *const post = opening->post;

	if ((packet->subscription.needs & NEED_PACKETS) != 0) {
		if (post->capture == NULL)
			post->capture = capture_open(packet->loop, packet->writer, packet->callers,
				post->netns, &packet->subscription);
		else
			capture_retry(post->capture, &packet->subscription);
	}
	if ((packet->subscription.needs & NEED_CLOSINGS) != 0 && post->closings == NULL)
		post->closings =
			closings_open(packet->loop, packet->writer, post->netns, packet->losses);
	return 0;
}

static void
tell_full(struct packet *packet)
{
	char text[128];
	const int len = snprintf(text, sizeof(text),
		"packets are captured in the first %d namespaces only", PACKET_NAMESPACES_MAX);
	const struct message_notice notice = {
		.severity = SEVERITY_WARNING, .text = {text, (size_t)len}};

	if (packet->is_full_told)
		return;
	packet->is_full_told = true;
	(void)stream_write_message(packet->writer, MESSAGE_NOTICE, &notice);
}

static void
tell_closed_door(struct packet *packet, const struct netns *netns, int error)
{
	char text[128];
	const int len = snprintf(text, sizeof(text),
		"no packets: the network namespace cannot be entered: %s", strerror(error));
	const struct message_capture message = {
		.netns = netns->id, .error = error, .text = {text, (size_t)len}};

	(void)stream_write_message(packet->writer, MESSAGE_CAPTURE, &message);
}

/* A capture that is not wanted any more ends in order, which takes some refreshes or none. */
static void
release_capture(struct post *post)
{
	if (post->capture == NULL)
		return;
	if (capture_is_running(post->capture))
		capture_end(post->capture);
	else
		drop_capture(post);
}

/* Closes what is not subscribed to; true when something subscribed to is not there. */
static bool
close_unsubscribed(const struct packet *packet, struct post *post)
{
	const bool packets = (packet->subscription.needs & NEED_PACKETS) != 0;
	const bool closings = (packet->subscription.needs & NEED_CLOSINGS) != 0;

	if (!packets)
		release_capture(post);
	else if (post->capture != NULL && capture_is_ending(post->capture))
		drop_capture(post);
	if (!closings && post->closings != NULL) {
		closings_close(post->closings);
		post->closings = NULL;
	}
	return (packets && (post->capture == NULL || !capture_is_running(post->capture))) ||
	       (closings && post->closings == NULL);
}

/* Opens what is subscribed to and not there, closes what is there and not subscribed to. */
static int
sync_post(struct packet *packet, struct post *post, const struct netns *netns, int home)
{
	struct opening opening = {.packet = packet, .post = post};
	int error = 0;

	post->netns = netns->id;
	/* At home no right is needed to be there. */
	if (close_unsubscribed(packet, post))
		error = netns->id == NAMESPACES_OWN
				? open_post(&opening)
				: enter_and_open(netns->diag, home, open_post, &opening);
	if (error != 0 && error != -ENOTRECOVERABLE && !post->is_door_told) {
		post->is_door_told = true;
		tell_closed_door(packet, netns, -error);
	}
	if (post->capture != NULL)
		capture_tell(post->capture);
	if (post->closings != NULL)
		closings_read(post->closings);
	post->is_wanted = (packet->subscription.needs & (NEED_PACKETS | NEED_CLOSINGS)) != 0 ||
			  post->capture != NULL;
	return error == -ENOTRECOVERABLE ? error : 0;
}

int
packet_sync(struct packet *packet, const struct namespaces *namespaces)
{
	const bool is_needed = (packet->subscription.needs & (NEED_PACKETS | NEED_CLOSINGS)) != 0;
	int error = 0;

	/* Before the first packet: whoever opens what it shows is to be known. */
	bpf_callers_sync(
		packet->callers, (packet->subscription.needs & NEED_CLOSINGS) != 0, namespaces);
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		packet->posts[i].is_wanted = false;
	for (size_t i = 0; i < namespaces->count; i++) {
		const struct netns *const netns = namespaces->list[i];
		struct post *const post = netns->diag >= 0 ? find_post(packet, netns->id) : NULL;
		if (post != NULL && (is_needed || post->netns != 0)) {
			if (sync_post(packet, post, netns, namespaces->own) != 0)
				error = -ENOTRECOVERABLE;
		} else if (post == NULL && is_needed && netns->diag >= 0) {
			tell_full(packet);
		}
	}
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		if (packet->posts[i].netns != 0 && !packet->posts[i].is_wanted)
			close_post(&packet->posts[i]);
	return error;
}

void
packet_resume(struct packet *packet)
{
	for (size_t i = 0; i < PACKET_NAMESPACES_MAX; i++)
		if (packet->posts[i].capture != NULL)
			capture_resume(packet->posts[i].capture);
}
