/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No payload: a packet is cut at the end of its headers, in the kernel where its filter can do it,
 * and here in any case, before anything is written to the stream.
 */
#ifndef SOCKWATCH_COLLECTOR_PACKET_PACKET_CUT_H
#define SOCKWATCH_COLLECTOR_PACKET_PACKET_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_CUT_COOKED = 20 }; /* the header of DLT_LINUX_SLL2 */

/*
 * packet_cut.c: how many of these len bytes, which begin with a cooked header, are headers: up to
 * the end of TCP's, within tunnels too if they are asked for; of what is not TCP, up to where its
 * protocol is named; of a later fragment, those of IP. All of them where a header is not complete.
 */
size_t packet_cut(const uint8_t *bytes, size_t len, bool tunnels);

#endif
