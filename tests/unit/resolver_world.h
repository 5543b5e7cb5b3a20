/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A resolver in a world of its own (own_world.h), with DNS servers of the test's own. */
#ifndef SOCKWATCH_TESTS_UNIT_RESOLVER_WORLD_H
#define SOCKWATCH_TESTS_UNIT_RESOLVER_WORLD_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/loop.h>

#include "../netns/dns_zone.h"
#include "own_world.h"
#include "resolver/query.h"
#include "unit.h"

enum {
	SERVERS = 3,
	MESSAGE_MAX = 512,
	UDP_MAX = 512,
	EDNS_MAX = 1232,
	SILENCE_MS = 40,
	PORT = 53,
	HANGS_S = 60
};
enum manner { RIGHT, NONE, SOA, SILENT, SERVFAIL, REFUSED, OTHER_QUESTION };

static struct server {
	int fd;
	enum manner manner;
	unsigned asked;
	uint32_t none_s; /* of its SOA record */
	unsigned names;  /* records of a reply, at most; 0: all */
} servers[SERVERS];

static struct loop *loop;
static struct resolver *resolver;
static struct message_name last;
static char last_name[256], last_server[64], last_text[512];
static char reports[4096]; /* a line each: status, name, address, text */

static inline void
write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static inline int
bind_server(size_t i)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET,
		.sin_addr = {.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)i)},
		.sin_port = htons(PORT)};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(PORT), .sin6_scope_id = 1};

	if (i < 2)
		return bind(servers[i].fd, (const struct sockaddr *)&v4, sizeof v4);
	inet_pton(AF_INET6, "fe80::1", &v6.sin6_addr);
	/* The address may not be ready at once. */
	while (bind(servers[i].fd, (const struct sockaddr *)&v6, sizeof v6) != 0)
		if (errno != EADDRNOTAVAIL)
			return -1;
	return 0;
}

static inline int
open_world(void **state)
{
	(void)state;
	alarm(HANGS_S);
	make_world();
	for (size_t i = 0; i < SERVERS; i++) {
		servers[i].fd = socket(i < 2 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (may && (i < 2 || has_v6) && bind_server(i) != 0)
			return -1;
	}
	return 0;
}

static inline int
close_world(void **state)
{
	(void)state;
	alarm(0);
	for (size_t i = 0; i < SERVERS; i++)
		if (servers[i].fd >= 0)
			close(servers[i].fd);
	return 0;
}

/* There is no such name, for so long. */
static inline void
add_soa(struct dns_zone_reply *reply, size_t end, uint32_t none_s)
{
	const uint8_t soa[] = {0xc0, 12, 0, 6, 0, 1, 0x7f, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0,
		0, 2, 0, 0, 0, 3, 0, 0, 0, 4, (uint8_t)(none_s >> 24), (uint8_t)(none_s >> 16),
		(uint8_t)(none_s >> 8), (uint8_t)none_s};

	reply->bytes[3] = 0x83;
	reply->bytes[7] = 0;
	reply->bytes[9] = 1;
	memcpy(reply->bytes + end, soa, sizeof soa);
	reply->len = end + sizeof soa;
}

static inline void
on_question(void *context, unsigned events)
{
	static struct dns_zone_reply replies[DNS_ZONE_REPLIES];
	struct server *const server = context;
	struct sockaddr_storage from;
	socklen_t len = sizeof from;
	uint8_t message[MESSAGE_MAX];
	const ssize_t got =
		recvfrom(server->fd, message, sizeof message, 0, (struct sockaddr *)&from, &len);
	struct dns_zone_question question;

	(void)events;
	assert_true(got > 0 && dns_zone_parse(message, (size_t)got, &question));
	server->asked++;
	if (server->manner == SILENT || dns_zone_answer(message, &question, true, replies) == 0)
		return;
	if (server->manner == NONE) {
		replies[0].bytes[3] = 0x83;
		replies[0].bytes[7] = 0;
		replies[0].len = question.end;
	} else if (server->manner == SERVFAIL || server->manner == REFUSED) {
		replies[0].bytes[3] = server->manner == SERVFAIL ? 0x82 : 0x85;
		replies[0].bytes[7] = 0;
		replies[0].len = question.end;
	} else if (server->manner == SOA) {
		add_soa(&replies[0], question.end, server->none_s);
	} else if (server->manner == OTHER_QUESTION) {
		replies[0].bytes[13]++;
	}
	if (server->names != 0) {
		replies[0].bytes[7] = (uint8_t)server->names;
		replies[0].len = server->names < 10 ? UDP_MAX : EDNS_MAX;
	}
	(void)sendto(server->fd, replies[0].bytes, replies[0].len, 0,
		(const struct sockaddr *)&from, len);
}

static inline void
keep(struct text text, char *out, size_t size)
{
	snprintf(out, size, "%.*s", (int)text.len, text.data);
}

static inline void
on_found(void *context, const struct message_name *name)
{
	static const char *const statuses[] = {
		[NAME_FOUND] = "found", [NAME_NONE] = "none", [NAME_FAILED] = "failed"};
	char address[ADDRESS_TEXT_SIZE] = "-";
	const size_t len = strlen(reports);

	(void)context;
	last = *name;
	keep(name->name, last_name, sizeof last_name);
	keep(name->server, last_server, sizeof last_server);
	keep(name->text, last_text, sizeof last_text);
	assert_true(name->took_us < HANGS_S * 1000000u);
	if (!address_is_any(&name->address))
		address_format(&name->address, address, sizeof address);
	snprintf(reports + len, sizeof reports - len, "%s %s %s %s\n", statuses[name->status],
		last_name, address, last_text);
}

static inline void
after(void *context)
{
	(void)context;
	if (resolver != NULL && resolver_busy(resolver) == 0)
		loop_stop(loop, 0);
}

/* servers_text: NULL: those of resolv.conf. */
static inline void
begin(const char *servers_text, uint32_t cache)
{
	struct error error = {.text = ""};

	loop = loop_new();
	assert_non_null(loop);
	for (size_t i = 0; i < SERVERS; i++) {
		servers[i].manner = RIGHT;
		servers[i].asked = servers[i].names = 0;
		if (servers[i].fd >= 0)
			assert_non_null(
				loop_add(loop, servers[i].fd, LOOP_READ, on_question, &servers[i]));
	}
	resolver = resolver_new(loop,
		&(struct resolver_options){.cache = cache,
			.parallel = 16,
			.timeout_ms = SILENCE_MS,
			.tries = 1,
			.servers = servers_text},
		on_found, NULL, &error);
	if (resolver == NULL)
		fail_msg("%s", error.text);
	loop_set_after(loop, after, NULL);
}

static inline void
end(void)
{
	resolver_free(resolver);
	resolver = NULL;
	loop_free(loop);
	unlink("/etc/hosts");
	unlink("/etc/resolv.conf");
	unlink("/etc/nsswitch.conf");
}

static inline void
wait_for_answers(void)
{
	if (resolver_busy(resolver) != 0)
		loop_run(loop);
}

/* What is known of an address at once; the rest is reported. */
static inline const char *
name_of(const char *text)
{
	struct address address;
	const char *name;

	assert_int_equal(address_parse(text, strlen(text), &address, NULL), 0);
	reports[0] = '\0';
	name = resolver_name(resolver, &address);
	wait_for_answers();
	return name;
}

static inline const char *
look_up(const char *name)
{
	struct error error = {.text = ""};

	reports[0] = '\0';
	if (resolver_lookup(resolver, name, &error) != 0)
		fail_msg("%s", error.text);
	wait_for_answers();
	return reports;
}

/* Files are looked at once a second: as if it were over. */
static inline void
second_passes(void)
{
	resolver->hosts.mark.checked_ns -= 2 * CLOCK_NS_PER_S;
	resolver->servers.mark.checked_ns -= 2 * CLOCK_NS_PER_S;
	resolver->nsswitch_mark.checked_ns -= 2 * CLOCK_NS_PER_S;
}

#endif
