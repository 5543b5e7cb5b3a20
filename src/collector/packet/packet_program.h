/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter of a capture, so that what passes is cut at the end of its headers by the kernel. */
#ifndef SOCKWATCH_COLLECTOR_PACKET_PACKET_PROGRAM_H
#define SOCKWATCH_COLLECTOR_PACKET_PACKET_PROGRAM_H

#include <pcap.h>
#include <stdbool.h>

/*
 * Makes of a filter that was compiled for DLT_LINUX_SLL2 one that accepts the same packets, but no
 * more of them than their headers. tunnels: a tunnel passes as far as the filter said: what is in
 * it is cut by packet_cut(). The lengths are those of a cooked socket, from the IP header on. 0,
 * -ENOMEM, or -E2BIG. cut->bf_insns is to be freed with free().
 */
int packet_program_cut(const struct bpf_program *filter, bool tunnels, struct bpf_program *cut);

#endif
