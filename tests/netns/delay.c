/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line with a delay between two network namespaces, where the kernel has no netem: an interface
 * in each, whose packets come out of the other one so much later.
 *
 *	delay MILLISECONDS NETNS INTERFACE NETNS INTERFACE
 *
 * Says "ready" when both interfaces are there, and carries packets until its input ends.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { PACKET_MAX = 2048, WAITING_MAX = 4096 };

struct packet {
	uint64_t due_ns;
	size_t len;
	int to;
	char bytes[PACKET_MAX];
};

/* All wait equally long: a ring, the oldest first. */
static struct packet waiting[WAITING_MAX];
static size_t oldest, count;

static int
open_end(const char *netns, const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd;

	enter_netns(netns);
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	check(fd >= 0 && ioctl(fd, TUNSETIFF, &request) == 0, "/dev/net/tun");
	return fd;
}

static void
take(int from, int to, uint64_t delay_ns)
{
	while (count < WAITING_MAX) {
		struct packet *const packet = &waiting[(oldest + count) % WAITING_MAX];
		const ssize_t len = read(from, packet->bytes, sizeof packet->bytes);

		if (len <= 0)
			return;
		packet->len = (size_t)len;
		packet->to = to;
		packet->due_ns = clock_monotonic_ns() + delay_ns;
		count++;
	}
}

static void
release(void)
{
	for (; count != 0 && waiting[oldest].due_ns <= clock_monotonic_ns(); count--) {
		const struct packet *const packet = &waiting[oldest];

		/* A frame that an interface does not take, because it is down, is lost. */
		if (write(packet->to, packet->bytes, packet->len) < 0 && errno != EIO)
			perror("write");
		oldest = (oldest + 1) % WAITING_MAX;
	}
}

static void
run(int left, int right, uint64_t delay_ns)
{
	struct pollfd fds[] = {{.fd = left, .events = POLLIN}, {.fd = right, .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN}};

	while (fds[2].revents == 0) {
		const uint64_t due_ns = count != 0 ? waiting[oldest].due_ns : 0;
		const uint64_t now = clock_monotonic_ns();
		const uint64_t left_ns = due_ns > now ? due_ns - now : 0;
		const struct timespec rest = {.tv_sec = (time_t)(left_ns / CLOCK_NS_PER_S),
			.tv_nsec = (long)(left_ns % CLOCK_NS_PER_S)};

		check(ppoll(fds, 3, count != 0 ? &rest : NULL, NULL) >= 0 || errno == EINTR,
			"ppoll");
		take(left, right, delay_ns);
		take(right, left, delay_ns);
		release();
	}
}

int
main(int argc, char **argv)
{
	int left, right;

	if (argc != 6) {
		fprintf(stderr, "usage: delay MILLISECONDS NETNS INTERFACE NETNS INTERFACE\n");
		return EXIT_FAILURE;
	}
	left = open_end(argv[2], argv[3]);
	right = open_end(argv[4], argv[5]);
	puts("ready");
	fflush(stdout);
	run(left, right, strtoul(argv[1], NULL, 10) * CLOCK_NS_PER_MS);
	return EXIT_SUCCESS;
}
