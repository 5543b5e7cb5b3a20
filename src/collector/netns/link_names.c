/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel for the names of interfaces and reports those that are new or changed. */
#include <config.h>

#include "link_names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINKS_MAX = 16384, ASKED_AGAIN = 16 };

void
link_names_init(
	struct link_names *names, int (*netns_socket)(void *context, uint32_t netns), void *context)
{
	*names = (struct link_names){.own = -1, .netns_socket = netns_socket, .context = context};
}

void
link_names_fini(struct link_names *names)
{
	if (names->own >= 0)
		close(names->own);
	free(names->links);
}

void
link_names_add(struct link_names *names, uint32_t netns, uint32_t ifindex)
{
	names->last = (uint64_t)netns << 32 | ifindex;
	/* Few sockets are bound to an interface, and they share few of them. */
	for (uint32_t i = 0; i < names->count; i++)
		if (names->links[i].ifindex == ifindex && names->links[i].netns == netns)
			return;
	if (names->count >= LINKS_MAX)
		return;
	if (names->count == names->capacity) {
		const uint32_t capacity = names->capacity != 0 ? names->capacity * 2 : 8;
		struct link_name *const grown = reallocarray(names->links, capacity, sizeof *grown);

		if (grown == NULL)
			return;
		names->links = grown;
		names->capacity = capacity;
	}
	names->links[names->count++] = (struct link_name){.netns = netns, .ifindex = ifindex};
}

void
link_names_lost_netns(struct link_names *names, uint32_t netns)
{
	uint32_t kept = 0, asked = names->asked;

	for (uint32_t i = 0; i < names->count; i++) {
		if (names->links[i].netns != netns)
			names->links[kept++] = names->links[i];
		else if (i < names->asked)
			asked--;
	}
	names->count = kept;
	names->asked = asked;
	names->rotation = 0;
	names->last = 0;
}

static int
socket_of(struct link_names *names, uint32_t netns)
{
	if (names->netns_socket != NULL)
		return names->netns_socket(names->context, netns);
	if (names->own < 0)
		names->own = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return names->own;
}

/* An interface that is gone keeps its last name: sockets may still be bound to it. */
static void
look(struct link_names *names, struct link_name *link)
{
	const int fd = socket_of(names, link->netns);
	struct ifreq request = {.ifr_ifindex = (int)link->ifindex};
	size_t len;

	if (fd < 0 || ioctl(fd, SIOCGIFNAME, &request) != 0)
		return;
	len = strnlen(request.ifr_name, sizeof request.ifr_name);
	if (len >= sizeof link->name || strncmp(request.ifr_name, link->name, len + 1) == 0)
		return;
	memcpy(link->name, request.ifr_name, len + 1);
	link->is_sent = false;
}

static int
ask(struct link_names *names, struct link_name *link, struct stream_writer *writer)
{
	struct message_link message = {.netns = link->netns, .ifindex = link->ifindex};
	int written;

	look(names, link);
	message.name = text_of(link->name);
	if (link->is_sent || message.name.len == 0)
		return 0;
	written = stream_write_message(writer, MESSAGE_LINK, &message);
	link->is_sent = written == 0;
	return written;
}

void
link_names_forget_sent(struct link_names *names)
{
	for (uint32_t i = 0; i < names->count; i++)
		names->links[i].is_sent = false;
	names->asked = names->rotation = 0;
}

int
link_names_report(struct link_names *names, struct stream_writer *writer)
{
	uint32_t again = names->asked < ASKED_AGAIN ? names->asked : ASKED_AGAIN;

	for (; again > 0; again--) {
		const uint32_t index = names->rotation++ % names->asked;
		const int status = ask(names, &names->links[index], writer);

		if (status != 0)
			return status;
	}
	for (; names->asked < names->count; names->asked++) {
		const int status = ask(names, &names->links[names->asked], writer);

		if (status != 0)
			return status;
	}
	return 0;
}
