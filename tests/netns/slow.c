/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slow MILLISECONDS NETNS INTERFACE NETNS INTERFACE: a link between two network namespaces that
 * takes so long each way. Makes the two interfaces (TUN), says "ready", and ends with its input.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PACKETS = 512, PACKET_MAX_BYTES = 2048 };

/* In the order in which they are due, for all take as long. */
static struct {
	uint64_t due_ns;
	size_t len;
	int to;
	uint8_t bytes[PACKET_MAX_BYTES];
} packets[PACKETS];
static size_t first, count;

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static int
make_end(const char *netns, const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	char path[256];
	int fd;

	snprintf(path, sizeof path, "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
		return -1;
	close(fd);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0)
		return -1;
	return fd;
}

/* What finds no place is lost, as on a link that is full. */
static void
take(int from, int to, uint64_t delay_ns)
{
	uint8_t bytes[PACKET_MAX_BYTES];
	ssize_t len;

	while ((len = read(from, bytes, sizeof bytes)) > 0) {
		const size_t at = (first + count) % PACKETS;

		if (count == PACKETS)
			continue;
		packets[at].due_ns = now_ns() + delay_ns;
		packets[at].len = (size_t)len;
		packets[at].to = to;
		memcpy(packets[at].bytes, bytes, (size_t)len);
		count++;
	}
}

/* Returns how many milliseconds until the next is due; -1: there is none. */
static int
give(void)
{
	const uint64_t now = now_ns();

	while (count > 0 && packets[first].due_ns <= now) {
		(void)!write(packets[first].to, packets[first].bytes, packets[first].len);
		first = (first + 1) % PACKETS;
		count--;
	}
	return count == 0 ? -1 : (int)((packets[first].due_ns - now) / 1000000 + 1);
}

int
main(int argc, char **argv)
{
	struct pollfd sources[3] = {{.fd = 0, .events = POLLIN}};
	uint64_t delay_ns;

	if (argc != 6)
		return EXIT_FAILURE;
	delay_ns = strtoul(argv[1], NULL, 10) * UINT64_C(1000000);
	for (int i = 0; i < 2; i++) {
		const int fd = make_end(argv[2 + i * 2], argv[3 + i * 2]);

		if (fd < 0) {
			perror(argv[3 + i * 2]);
			return EXIT_FAILURE;
		}
		sources[1 + i] = (struct pollfd){.fd = fd, .events = POLLIN};
	}
	puts("ready");
	fflush(stdout);
	while (poll(sources, 3, give()) >= 0 && sources[0].revents == 0) {
		take(sources[1].fd, sources[2].fd, delay_ns);
		take(sources[2].fd, sources[1].fd, delay_ns);
	}
	return EXIT_SUCCESS;
}
