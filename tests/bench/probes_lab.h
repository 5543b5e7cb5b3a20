/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 254 targets, 10.200.0.1 and on, all equally many hops away, behind a TUN device in one process.
 */
#ifndef SOCKWATCH_TESTS_BENCH_PROBES_LAB_H
#define SOCKWATCH_TESTS_BENCH_PROBES_LAB_H

struct probes_lab {
	unsigned hops;
	unsigned hop_us; /* that each hop adds to the round-trip time */
};

/* The device "lab"; addresses and routes are the caller's. Negative errno. */
int probes_lab_open(void);
/* Answers ICMP echo requests until the descriptor `until` is readable or at its end. */
void probes_lab_run(const struct probes_lab *lab, int tun, int until);

#endif
