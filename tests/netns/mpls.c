/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpls NETNS INTERFACE [short|old]: answers, until its input ends, each IPv4 or IPv6 packet whose
 * time to live ends there with "time exceeded" as a router in an MPLS network does: RFC 4884
 * extensions with a stack of two labels (RFC 4950). short: as old routers do, without any, and
 * quoting no more than eight bytes after the IP header. The kernel's own answers are to be dropped
 * by the test.
 */
#include <config.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"

enum { QUOTE = 128, HEADER = 8, V4_TTL = 8, V6_HOPS = 7 };

/* Version 2; then an object of 12 bytes, class 1, type 1: labels 16000 (class 2, ttl 1), 17001
 * (bottom).
 */
static const uint8_t extension[] = {
	0x20, 0, 0, 0, 0, 12, 1, 1, 0x03, 0xe8, 0x04, 0x01, 0x04, 0x26, 0x91, 0xff};

static int is_short, is_old;

static uint16_t
checksum(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)data[i] << 8 | data[i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Returns the length of the ICMP message. */
static size_t
quote(uint8_t *message, const uint8_t *packet, size_t len, int is_v4)
{
	uint16_t sum;

	if (is_short) {
		len = is_v4 ? (packet[0] & 15) * 4U + 8 : 40 + 8;
		memcpy(message + HEADER, packet, len);
		return HEADER + len;
	}
	/* Length of the quote: of IPv4 in words of 4 bytes at byte 5, of IPv6 of 8 bytes at byte 4.
	 */
	if (!is_old)
		message[is_v4 ? 5 : 4] = is_v4 ? QUOTE / 4 : QUOTE / 8;
	memcpy(message + HEADER, packet, len < QUOTE ? len : QUOTE);
	memcpy(message + HEADER + QUOTE, extension, sizeof extension);
	/* The extension has its own checksum. */
	sum = checksum(extension, sizeof extension);
	memcpy(message + HEADER + QUOTE + 2, &sum, 2);
	return HEADER + QUOTE + sizeof extension;
}

static void
answer(int fd, const uint8_t *packet, size_t len, int is_v4)
{
	uint8_t message[HEADER + QUOTE + sizeof extension] = {0};
	const size_t size = quote(message, packet, len, is_v4);
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	uint16_t sum;

	message[0] = is_v4 ? 11 : 3;
	if (is_v4) {
		sum = checksum(message, size);
		memcpy(message + 2, &sum, 2);
		memcpy(&v4.sin_addr, packet + 12, 4);
		(void)sendto(fd, message, size, 0, (struct sockaddr *)&v4, sizeof v4);
	} else {
		memcpy(&v6.sin6_addr, packet + 8, 16);
		(void)sendto(fd, message, size, 0, (struct sockaddr *)&v6, sizeof v6);
	}
}

static void
serve(int tap, int v4, int v6)
{
	struct pollfd sources[] = {{.fd = tap, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
	uint8_t packet[2048];

	while (poll(sources, 2, -1) > 0 && sources[1].revents == 0) {
		struct sockaddr_ll from;
		socklen_t from_len = sizeof from;
		const ssize_t len = recvfrom(
			tap, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_len);
		if (len < 40 || from.sll_pkttype != PACKET_HOST)
			continue;
		if (packet[0] >> 4 == 4 && packet[V4_TTL] == 1)
			answer(v4, packet, (size_t)len, 1);
		else if (packet[0] >> 4 == 6 && packet[V6_HOPS] == 1)
			answer(v6, packet, (size_t)len, 0);
	}
}

int
main(int argc, char **argv)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	int tap, v4, v6;

	is_short = argc == 4 && strcmp(argv[3], "short") == 0;
	is_old = argc == 4 && strcmp(argv[3], "old") == 0;
	if (argc != 3 && !is_short && !is_old)
		return EXIT_FAILURE;
	enter_netns(argv[1]);
	address.sll_ifindex = (int)if_nametoindex(argv[2]);
	tap = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
	v4 = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	v6 = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	if (tap < 0 || v4 < 0 || v6 < 0 ||
		bind(tap, (const struct sockaddr *)&address, sizeof address) != 0)
		return EXIT_FAILURE;
	puts("ready");
	fflush(stdout);
	serve(tap, v4, v6);
	return EXIT_SUCCESS;
}
