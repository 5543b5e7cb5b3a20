/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A box that is made up: sockets of every state and kind with numbers of every size, their
 * processes, users, containers, in two looks a second apart. It is the same each time.
 */
#ifndef SOCKWATCH_TESTS_UNIT_MADE_BOX_H
#define SOCKWATCH_TESTS_UNIT_MADE_BOX_H

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "feed.h"

enum { MADE_SOCKETS = 72, MADE_PROCESSES = 8 };

/* Small, middle and large numbers in turn, zero now and then. */
static inline uint64_t
made_number(uint64_t *seed, uint64_t most)
{
	static const uint64_t sizes[] = {1, 10, 1000, 100000, 10000000, UINT32_MAX};

	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	if ((*seed >> 60) == 0)
		return 0;
	return (*seed >> 33) % sizes[(*seed >> 55) % 6] % (most + 1);
}

static inline void
made_info(uint64_t *seed, struct tcp_info *info)
{
	uint8_t *const bytes = (uint8_t *)info;

	memset(info, 0, sizeof *info);
	for (size_t i = 8; i + 4 <= 104; i += 4) {
		const uint32_t number = (uint32_t)made_number(seed, UINT32_MAX);

		memcpy(bytes + i, &number, 4);
	}
	for (size_t i = 104; i + 8 <= sizeof *info; i += 8) {
		const uint64_t number = made_number(seed, UINT32_MAX);

		memcpy(bytes + i, &number, 8);
	}
	info->tcpi_ca_state = (uint8_t)(*seed >> 40) % 5;
	info->tcpi_options = (uint8_t)(*seed >> 41) % 64;
	info->tcpi_backoff = (uint8_t)(*seed >> 50) % 4;
	info->tcpi_snd_wscale = (*seed >> 35) % 15;
	info->tcpi_rcv_wscale = (*seed >> 37) % 15;
	info->tcpi_delivery_rate_app_limited = (*seed >> 39) & 1;
}

/* The i-th socket as the n-th look finds it. */
static inline struct feed_socket
made_socket(unsigned i, unsigned look)
{
	static const char *const locals[] = {"10.0.0.2", "192.168.1.7", "127.0.0.1", "0.0.0.0"};
	static const char *const remotes[] = {"10.0.0.9", "203.0.113.5", "127.0.0.1", "8.8.8.8"};
	static const char *const locals6[] = {"2001:db8::2", "fe80::7", "::1", "::"};
	static const char *const remotes6[] = {"2001:db8::9", "fe80::9", "::1", "2001:db8:1::1"};
	static const char *const congestions[] = {"cubic", "bbr", "reno", NULL};
	static const uint16_t ports[] = {22, 53, 80, 443, 5432, 8080, 40000, 65535};
	static uint32_t all_memory[MADE_SOCKETS][9];
	uint32_t *const memory = all_memory[i];
	uint64_t seed = i * UINT64_C(7919) + 1;
	const int state = 1 + (int)(i % 12);
	const bool v6 = i % 5 == 3, listens = state == 10, alone = listens || state == 7;
	struct feed_socket socket = {.cookie = 1000 + i,
		.family = v6 ? AF_INET6 : AF_INET,
		.state = state,
		.local = (v6 ? locals6 : locals)[i / 3 % 4],
		.remote = alone ? NULL : (v6 ? remotes6 : remotes)[i / 2 % 4],
		.local_port = ports[i % 8],
		.remote_port = alone ? 0 : (uint16_t)(30000 + i * 17 % 101),
		.inode = state == 6 || state == 12 || i % 11 == 10 ? 0 : 5000 + i,
		.uid = i % 4 == 0 ? 0 : 1000 + i % 3,
		.ifindex = i % 9 == 4 ? 2 : 0,
		.timer = state == 6 ? 3 : (uint8_t)(i % 5 == 3 ? 0 : i % 5),
		.retries = (uint8_t)(i % 7),
		.expires_ms = i % 6 * 1234,
		.receive_queue = (uint32_t)made_number(&seed, 10000000),
		.send_queue = (uint32_t)made_number(&seed, 10000000),
		.bare = state == 6 || state == 12,
		.mark = i % 13 == 5 ? 0x2a : 0,
		.cgroup = i % 3 == 1 ? 40 + i % 4 : 0,
		.tos = (uint8_t)(i % 4 * 8),
		.tclass = (uint8_t)(i % 3 * 16),
		.shutdown = (uint8_t)(i % 10 == 6 ? 1 + i / 10 % 3 : 0),
		.v6only = i % 2 != 0,
		.congestion = congestions[i % 4],
		.ulp = i % 17 == 2   ? "tls"
		       : i % 17 == 4 ? "mptcp"
				     : NULL,
		.info_len = i % 8 == 5   ? 0
			    : i % 8 == 6 ? 104
					 : sizeof(struct tcp_info)};

	if (listens) {
		socket.receive_queue = i % 24 == 9 ? 129 : i % 3;
		socket.send_queue = 128;
	}
	made_info(&seed, &socket.info);
	for (size_t k = 0; k < 9; k++)
		memory[k] = (uint32_t)made_number(&seed, 10000000) + look;
	if (i % 4 != 3)
		socket.memory = memory;
	if (look == 0)
		return socket;
	/* A second later. */
	if (i % 12 == 7)
		socket.state = 8;
	socket.info.tcpi_bytes_sent += i * 1000;
	socket.info.tcpi_bytes_acked += i * 900;
	socket.info.tcpi_bytes_received += i * 100000;
	socket.info.tcpi_total_retrans += i % 3;
	socket.info.tcpi_segs_out += i;
	socket.info.tcpi_data_segs_out += i;
	socket.receive_queue += i % 5 == 1 ? 10 : 0;
	return socket;
}

static inline void
made_processes(struct feed *feed)
{
	static const char *const names[] = {
		"nginx", "sshd", "postgres", "a b", "envoy", "nginx", "\033[1m", "kworker/0:1"};
	static const char ids[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

	for (unsigned i = 0; i < MADE_PROCESSES; i++) {
		char cmdline[64], cgroup[160];
		const int len = snprintf(
			cmdline, sizeof cmdline, "/usr/sbin/%s%c-c%c%u", names[i], 0, 0, i);

		snprintf(cgroup, sizeof cgroup,
			i % 4 == 2 ? "/system.slice/docker-%s.scope" : "/system.slice/%s.service",
			i % 4 == 2 ? ids : names[i]);
		feed_message(feed, MESSAGE_PROCESS,
			&(struct message_process){.pid = 100 + i,
				.start_ticks = 1000 + i,
				.uid = i % 3,
				.comm = text_of(names[i]),
				.cmdline = {cmdline, (size_t)len},
				.cgroup = text_of(cgroup),
				.unit = text_of(i % 4 == 2 ? "" : "nginx.service"),
				.container = text_of(i % 4 == 2 ? ids : ""),
				.container_name = text_of(i == 2 ? "web" : ""),
				.fd_error = i == 7 ? 13 : 0});
	}
	for (unsigned i = 0; i < MADE_SOCKETS; i++)
		for (unsigned k = 0; k <= i % 3 && i % 7 != 6; k++)
			feed_hold(feed, 100 + (i + k) % MADE_PROCESSES, 5000 + i, 3 + k);
}

static inline void
made_look(struct feed *feed, unsigned look)
{
	static struct feed_socket sockets[MADE_SOCKETS];
	size_t count = 0;

	for (unsigned i = 0; i < MADE_SOCKETS; i++) {
		if (look == 1 && i % 12 == 1)
			continue;
		sockets[count++] = made_socket(i, look);
	}
	feed->sequence++;
	feed_message(feed, MESSAGE_SNAPSHOT_BEGIN,
		&(struct message_snapshot_begin){
			.sequence = feed->sequence, .monotonic_ns = feed->monotonic_ns});
	for (unsigned udp = 0; udp < 2; udp++) {
		feed_begin(feed, udp != 0 ? PROTOCOL_UDP : PROTOCOL_TCP, look == 0);
		for (size_t i = 0; i < count; i++) {
			const bool is_udp = sockets[i].state == 7 ||
					    (sockets[i].state == 1 && sockets[i].cookie % 5 == 0);

			if (is_udp == (udp != 0))
				feed_socket(feed, &sockets[i]);
		}
		if (udp == 0 && look == 1)
			for (uint64_t i = 1; i < MADE_SOCKETS; i += 12)
				feed_gone(feed, 1000 + i);
		feed_end(feed, udp != 0 ? PROTOCOL_UDP : PROTOCOL_TCP, true);
	}
	if (look == 0)
		made_processes(feed);
	feed_message(feed, MESSAGE_SNAPSHOT_END,
		&(struct message_snapshot_end){.sequence = feed->sequence,
			.monotonic_ns = feed->monotonic_ns,
			.owners_settled_ns = feed->monotonic_ns});
}

static inline struct feed
made_box(void)
{
	struct feed feed = feed_new();

	feed.model->linger_ms = 60000;
	for (uint32_t uid = 1000; uid < 1002; uid++)
		feed_message(&feed, MESSAGE_USER,
			&(struct message_user){
				.uid = uid, .name = text_of(uid == 1000 ? "ann" : "bob")});
	feed_message(&feed, MESSAGE_LINK,
		&(struct message_link){.netns = FEED_NETNS, .ifindex = 2, .name = text_of("eth0")});
	for (uint64_t id = 40; id < 43; id++) {
		char path[32];

		snprintf(path, sizeof path, "/system.slice/c%u", (unsigned)id);
		feed_message(&feed, MESSAGE_CGROUP,
			&(struct message_cgroup){.id = id, .path = text_of(path)});
	}
	made_look(&feed, 0);
	feed_wait(&feed, 1000);
	made_look(&feed, 1);
	feed_wait(&feed, 400);
	return feed;
}

#endif
