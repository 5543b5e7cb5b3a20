/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends TCP SYNs from invented addresses, for a network namespace that the caller made:
 *
 *	flood [-n COUNT] [-r RATE] [-s BITS] [-d DESTINATION-MAC] [-6] [-x] INTERFACE ADDRESS PORT
 *
 * COUNT (default 1000) and RATE (a second, default 10000) bound it; the sources are 10.0.0.0/8, or
 * fd00::/8 with -6, and -s is how many of their last 24 bits vary. Without -d the frames are
 * addressed to a card that is not there, so that the stack of the other end throws them away after
 * they were captured. Prints "SENT SECONDS". PACKET_QDISC_BYPASS: what one end's captures see is
 * only what arrives at the other end.
 *
 * With -x they are not sent but come in at INTERFACE (inject.h), three times as fast; where the
 * kernel cannot do that it ends with status 77.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../program.h"
#include "inject.h"

enum { BATCH = 64, FRAME_MAX = 96, COUNT_MAX = 100000000, RATE_MAX = 10000000 };

struct flood {
	uint8_t frames[BATCH][FRAME_MAX];
	struct iovec vectors[BATCH];
	struct mmsghdr headers[BATCH];
	size_t len;
	bool six;
	uint32_t sum; /* of what does not change in the TCP checksum */
	uint32_t host_mask;
	uint64_t made;
};

static unsigned long
number(const char *text, unsigned long max)
{
	char *end;
	errno = 0;
	const unsigned long value = strtoul(text, &end, 10);
	if (errno || end == text || *end || value == 0 || value > max) {
		fprintf(stderr, "flood: %s is not a number from 1 to %lu\n", text, max);
		exit(2);
	}
	return value;
}

static double
now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint32_t
sum_of(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint32_t sum = 0;
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return sum;
}

static uint16_t
fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* SYN with the options that Linux sends. */
static size_t
put_tcp(uint8_t *at, uint16_t port)
{
	static const uint8_t options[] = {
		2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
	struct tcphdr tcp = {.dest = htons(port), .syn = 1, .window = htons(64240)};
	tcp.doff = (sizeof tcp + sizeof options) / 4;
	memcpy(at, &tcp, sizeof tcp);
	memcpy(at + sizeof tcp, options, sizeof options);
	return sizeof tcp + sizeof options;
}

static void
prepare(struct flood *flood, const uint8_t *mac, const char *address, uint16_t port)
{
	uint8_t frame[FRAME_MAX] = {0};
	uint8_t *const ip = frame + ETH_HLEN;
	const size_t header = flood->six ? sizeof(struct ip6_hdr) : sizeof(struct iphdr);
	const size_t tcp_len = put_tcp(ip + header, port);

	memcpy(frame, mac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, "\x02\x00\x00\x00\x00\xfe", ETH_ALEN);
	frame[12] = flood->six ? 0x86 : 0x08;
	frame[13] = flood->six ? 0xdd : 0x00;
	if (flood->six) {
		struct ip6_hdr v6 = {
			.ip6_flow = htonl(6u << 28), .ip6_plen = htons((uint16_t)tcp_len)};
		v6.ip6_nxt = IPPROTO_TCP;
		v6.ip6_hlim = 64;
		v6.ip6_src.s6_addr[0] = 0xfd;
		if (inet_pton(AF_INET6, address, &v6.ip6_dst) != 1)
			fail(address);
		memcpy(ip, &v6, sizeof v6);
	} else {
		struct iphdr v4 = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP};
		v4.tot_len = htons((uint16_t)(sizeof v4 + tcp_len));
		v4.saddr = htonl(10u << 24);
		if (inet_pton(AF_INET, address, &v4.daddr) != 1)
			fail(address);
		memcpy(ip, &v4, sizeof v4);
	}
	flood->len = ETH_HLEN + header + tcp_len;
	flood->sum = sum_of(ip + (flood->six ? 8 : 12), flood->six ? 32 : 8) + IPPROTO_TCP +
		     (uint32_t)tcp_len + sum_of(ip + header, tcp_len);
	for (int i = 0; i < BATCH; i++) {
		memcpy(flood->frames[i], frame, sizeof frame);
		flood->vectors[i] = (struct iovec){flood->frames[i], flood->len};
		flood->headers[i].msg_hdr =
			(struct msghdr){.msg_iov = &flood->vectors[i], .msg_iovlen = 1};
	}
}

/* Another source, port and sequence number each time; the same ones in each run. */
static void
vary(struct flood *flood, uint8_t *frame)
{
	const uint64_t mixed = ++flood->made * UINT64_C(0x9e3779b97f4a7c15);
	const uint32_t host = (uint32_t)(mixed >> 40) & flood->host_mask;
	const uint16_t port = htons((uint16_t)(1024 + (mixed >> 24) % 60000));
	const uint32_t seq = (uint32_t)(mixed >> 8);
	const uint8_t low[4] = {0, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host};
	uint8_t *const ip = frame + ETH_HLEN;
	uint8_t *const tcp = ip + (flood->six ? 40 : 20);
	uint16_t check;

	memcpy(ip + (flood->six ? 21 : 13), low + 1, 3);
	memcpy(tcp, &port, sizeof port);
	memcpy(tcp + 4, &seq, sizeof seq);
	/* Source bytes stand at an odd place, after the 10 or the zeroes of the template. */
	check = fold(flood->sum + low[1] + ((uint32_t)low[2] << 8 | low[3]) + sum_of(tcp, 2) +
		     sum_of(tcp + 4, 4));
	memcpy(tcp + 16, &check, sizeof check);
	if (flood->six)
		return;
	memset(ip + 10, 0, 2);
	memcpy(ip + 4, (const uint8_t[]){(uint8_t)(mixed >> 16), (uint8_t)mixed}, 2);
	check = fold(sum_of(ip, 20));
	memcpy(ip + 10, &check, sizeof check);
}

static uint64_t
send_batch(struct flood *flood, int fd, unsigned count)
{
	unsigned done = 0;

	for (unsigned i = 0; i < count; i++)
		vary(flood, flood->frames[i]);
	while (done < count) {
		const int sent = sendmmsg(fd, flood->headers + done, count - done, 0);
		if (sent > 0)
			done += (unsigned)sent;
		else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			fail("sendmmsg");
	}
	return count;
}

static void
run(struct flood *flood, int fd, unsigned long count, unsigned long rate)
{
	const struct timespec rest = {.tv_nsec = 50000};
	const double begin = now_s();
	uint64_t sent = 0;

	while (sent < count) {
		const uint64_t due = (uint64_t)((now_s() - begin) * (double)rate);
		uint64_t now = due > sent ? due - sent : 0;
		if (now > count - sent)
			now = count - sent;
		if (now == 0)
			nanosleep(&rest, NULL);
		else
			sent += send_batch(flood, fd, now < BATCH ? (unsigned)now : BATCH);
	}
	printf("%llu %.3f\n", (unsigned long long)sent, now_s() - begin);
}

static int
inject(const struct flood *flood, uint32_t ifindex, unsigned long count, unsigned long rate)
{
	const int16_t ip = ETH_HLEN, tcp = (int16_t)(ip + (flood->six ? 40 : 20));
	const struct inject frames = {.frame = flood->frames[0],
		.len = (uint32_t)flood->len,
		.host = (int16_t)(ip + (flood->six ? 21 : 13)),
		.port = tcp,
		.seq = (int16_t)(tcp + 4),
		.host_mask = flood->host_mask,
		.ifindex = ifindex,
		.rate = rate};
	double seconds;
	const int result = inject_run(&frames, count, &seconds);

	if (result != 0) {
		fprintf(stderr, "flood: no frames can be injected: %s\n", strerror(-result));
		return 77;
	}
	printf("%lu %.3f\n", count, seconds);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct flood flood = {.host_mask = 0xffffff};
	bool injects = false;
	unsigned long count = 1000, rate = 10000;
	uint8_t mac[ETH_ALEN] = {2, 0, 0, 0, 0, 1};
	struct sockaddr_ll to = {.sll_family = AF_PACKET};
	const int one = 1;
	int option, fd;

	while ((option = getopt(argc, argv, "n:r:s:d:6x")) != -1) {
		if (option == 'n')
			count = number(optarg, COUNT_MAX);
		else if (option == 'r')
			rate = number(optarg, RATE_MAX);
		else if (option == 's')
			flood.host_mask = (1U << number(optarg, 24)) - 1;
		else if (option == '6')
			flood.six = true;
		else if (option == 'x')
			injects = true;
		else if (option != 'd' || sscanf(optarg, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0],
						  &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) != 6)
			return 2;
	}
	if (argc - optind != 3) {
		fprintf(stderr,
			"usage: flood [-n COUNT] [-r RATE] [-s BITS] [-d MAC] [-6] [-x] INTERFACE "
			"ADDRESS PORT\n");
		return 2;
	}
	to.sll_ifindex = (int)if_nametoindex(argv[optind]);
	if (to.sll_ifindex == 0)
		fail(argv[optind]);
	prepare(&flood, mac, argv[optind + 1], (uint16_t)number(argv[optind + 2], 65535));
	if (injects)
		return inject(&flood, (uint32_t)to.sll_ifindex, count, rate);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one) ||
		bind(fd, (const struct sockaddr *)&to, sizeof to))
		fail("packet socket");
	run(&flood, fd, count, rate);
	return 0;
}
