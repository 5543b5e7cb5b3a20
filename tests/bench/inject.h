/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames into the receive side of an interface of this namespace, faster than any packet socket
 * sends them: the kernel's test run of an XDP program with live frames (Linux 5.18), which makes
 * each frame again and passes it on. The stack and its captures see them as if they had come from
 * the other end of the wire; the interface's own counters do not.
 */
#ifndef SOCKWATCH_TESTS_BENCH_INJECT_H
#define SOCKWATCH_TESTS_BENCH_INJECT_H

#include <stddef.h>
#include <stdint.h>

struct inject {
	const uint8_t *frame; /* a SYN, as it would be without the next three */
	uint32_t len;
	/* Where in it these stand; checksums are not made right. */
	int16_t host, port, seq; /* the source address's last three bytes */
	uint32_t host_mask;      /* of its 24 bits those that vary */
	uint32_t ifindex;
	uint64_t rate; /* a second */
};

/* Injects so many, and measures how long that took. 0 or negative errno: -EPERM, -EINVAL where the
 * kernel has no such thing. */
int inject_run(const struct inject *inject, uint64_t count, double *seconds);

#endif
