/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of a capture, and what capture.c uses of capture_read.c. */
#ifndef SOCKWATCH_COLLECTOR_PACKET_CAPTURE_READ_H
#define SOCKWATCH_COLLECTOR_PACKET_CAPTURE_READ_H

#include <net/if.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture.h"

enum {
	CAPTURE_PENDING_MAX =
		2 * 1024 * 1024, /* of the stream: above it the ring keeps what comes */
	CAPTURE_EXPRESSION_SIZE = 1024,
	CAPTURE_LINKS =
		65536, /* interfaces whose names were reported; one more may lack its name */
	CAPTURE_SLICE_PACKETS = 512,
};

struct capture {
	struct loop *loop;
	struct stream_writer *writer;
	struct bpf_callers *callers;
	struct loop_source *source;
	struct loop_source *rest_timer;
	bool is_resting;               /* the ring is not read until that timer */
	unsigned burst;                /* packets read since the ring was last empty */
	struct loop_source *end_timer; /* NULL: it is not ending */
	uint64_t end_ns; /* CLOCK_REALTIME when it was to end: newer packets are left out */
	bool is_past;    /* a newer packet came: all older ones were read */
	pcap_t *pcap;
	unsigned ring_bytes;
	uint32_t netns;
	char interface[IF_NAMESIZE]; /* "": any */
	unsigned ifindex;            /* in its namespace */
	char expression[CAPTURE_EXPRESSION_SIZE];
	struct capture_counts *counts;
	unsigned last_drop; /* as pcap_stats counts, which wraps; so do the next two */
	unsigned read;      /* packets that this ring gave */
	unsigned
		unsure; /* that were in it when the filter changed, which leaves some of them out */
	int error;      /* why it does not run, or 0 */
	struct message_capture reported;
	bool is_reported;
	bool has_tunnels;         /* they are looked into: what is cut off lies deeper */
	bool is_refusal_reported; /* of the program that cuts in the kernel */
	bool is_in_kernel;        /* it filters, so all that the ring holds is wanted */
	int link_fd;              /* of this namespace, to ask for names of interfaces */
	uint32_t last_ifindex;
	uint8_t links_reported[CAPTURE_LINKS / 8];
};

/* Reads one slice of the ring. Packets read, or negative when it cannot be read now. */
int capture_read_slice(struct capture *capture);
/* Stops capturing and reports that, with the last counts. error: errno, positive, or 0. */
void capture_read_stop(struct capture *capture, int error, const char *text);
/* Reports state and counts when they changed. text: a sentence why it does not run, or "". */
void capture_read_report(struct capture *capture, const char *text);
/* Takes over what the kernel has counted as dropped. */
void capture_read_count_drops(struct capture *capture);
/* Packets that the ring holds, at most. */
unsigned capture_read_held(struct capture *capture);
/* Passes on what the ring can give at once, and counts the rest as dropped. */
void capture_read_rest(struct capture *capture);
/* Names of interfaces are sent again: interfaces are renamed. */
void capture_read_forget_links(struct capture *capture);

#endif
