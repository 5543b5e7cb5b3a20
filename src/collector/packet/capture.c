/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One libpcap capture: opens it, decides when its ring is read, ends it in order. */
#include <config.h>

#include "capture.h"

#include <errno.h>
#include <net/if.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "capture_read.h"
#include "collector/notice.h"
#include "packet_program.h"

enum {
	SNAPLEN = 128,         /* cooked header, IPv6, TCP with all its options */
	SNAPLEN_TUNNELS = 256, /* IPv6, UDP, VXLAN and Ethernet before them */
	BLOCK_MS = 20,         /* immediate mode costs ten times the CPU; stamps are the kernel's */
	/* By then the kernel has handed over every block with packets from before the end. */
	END_MS = 3 * BLOCK_MS,
	/* Traffic that fills most of a block in less than BLOCK_MS is read in larger parts, after a
	 * rest: to wake both halves for each block costs a tenth of what a flood of 600,000 a
	 * second costs. A whole ring holds eight times what comes in a rest. */
	BUSY_PACKETS = 1024,
	REST_MS = 10,
};

static void
on_ready(void *context, unsigned events)
{
	struct capture *const capture = context;
	const int count = capture_read_slice(capture);

	(void)events;
	if (count < 0)
		return;
	capture->burst += (unsigned)count;
	if (count == CAPTURE_SLICE_PACKETS) /* there may be more */
		return;
	if (capture->burst >= BUSY_PACKETS) {
		capture->is_resting = true;
		loop_change(capture->source, 0);
		loop_arm(capture->rest_timer, REST_MS * CLOCK_NS_PER_MS, 0);
	}
	capture->burst = 0;
}

static void
on_rested(void *context, uint64_t times)
{
	struct capture *const capture = context;

	(void)times;
	capture->is_resting = false;
	capture_resume(capture);
}

/* Passes on what the ring still holds before the capture stops. */
static void
on_end(void *context, uint64_t times)
{
	struct capture *const capture = context;
	const int count = capture_read_slice(capture);

	(void)times;
	if (capture->pcap == NULL)
		return;
	if (count == 0 || capture->is_past)
		capture_read_stop(capture, 0, "");
	else
		loop_arm(capture->end_timer, CLOCK_NS_PER_MS, 0);
}

void
capture_end(struct capture *capture)
{
	if (capture->pcap == NULL || capture->end_timer != NULL)
		return;
	capture->end_timer = loop_add_timer(capture->loop, on_end, capture);
	capture->end_ns = clock_realtime_ns();
	if (capture->end_timer == NULL)
		capture_read_stop(capture, 0, "");
	else
		loop_arm(capture->end_timer, END_MS * CLOCK_NS_PER_MS, 0);
}

bool
capture_is_running(const struct capture *capture)
{
	return capture->pcap != NULL;
}

unsigned
capture_ring_bytes(const struct capture *capture)
{
	return capture->ring_bytes;
}

bool
capture_is_ending(const struct capture *capture)
{
	return capture->end_timer != NULL;
}

void
capture_resume(struct capture *capture)
{
	if (capture->source != NULL && !capture->is_resting &&
		stream_pending(capture->writer) < CAPTURE_PENDING_MAX)
		loop_change(capture->source, LOOP_READ);
}

/* Whether the kernel has this program, or libpcap filters here for want of it. */
static bool
is_in_kernel(const struct capture *capture, const struct bpf_program *program)
{
	socklen_t len = 0; /* in instructions, here alone */

	return getsockopt(pcap_fileno(capture->pcap), SOL_SOCKET, SO_GET_FILTER, NULL, &len) == 0 &&
	       len == program->bf_len;
}

/* The kernel cuts what it captures, or where it takes no program of that length, only filters. */
static int
install(struct capture *capture, struct bpf_program *filter, bool tunnels)
{
	struct bpf_program cut;
	int result = packet_program_cut(filter, tunnels, &cut);

	if (result != 0)
		return result;
	result = pcap_setfilter(capture->pcap, &cut) == 0 ? 0 : -EINVAL;
	if (result == 0 && !is_in_kernel(capture, &cut)) {
		if (!capture->is_refusal_reported)
			notice_write(capture->writer, SEVERITY_WARNING,
				"packets are cut to their headers after they were captured, not by the kernel: it refused the program for it (see net.core.optmem_max)");
		capture->is_refusal_reported = true;
		result = pcap_setfilter(capture->pcap, filter) == 0 ? 0 : -EINVAL;
	}
	capture->is_in_kernel =
		result == 0 && (is_in_kernel(capture, &cut) || is_in_kernel(capture, filter));
	free(cut.bf_insns);
	return result;
}

static int
set_filter(struct capture *capture, const struct message_subscription *subscription)
{
	char expression[CAPTURE_EXPRESSION_SIZE];
	struct bpf_program program;
	int result;

	if (capture_expression(subscription, capture->netns, capture->ifindex, expression,
		    sizeof expression) != 0)
		return -ENOSPC;
	if (strcmp(expression, capture->expression) == 0)
		return 0;
	if (pcap_compile(capture->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return -EINVAL;
	capture->unsure = capture_read_held(capture);
	result = install(capture, &program, subscription->capture_tunnels != 0);
	pcap_freecode(&program);
	if (result == 0)
		memcpy(capture->expression, expression, sizeof expression);
	return result;
}

/* 0, or negative errno with why in text. */
static int
activate(struct capture *capture, const struct message_subscription *subscription, char *text,
	size_t size)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *const pcap = pcap_create("any", reason);
	int status;

	if (pcap == NULL) {
		snprintf(text, size, "no packets: %s", reason);
		return -ENOMEM;
	}
	capture->pcap = pcap;
	capture->has_tunnels = subscription->capture_tunnels != 0;
	pcap_set_snaplen(pcap, subscription->capture_tunnels ? SNAPLEN_TUNNELS : SNAPLEN);
	pcap_set_timeout(pcap, BLOCK_MS);
	pcap_set_buffer_size(pcap, (int)capture->ring_bytes);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(pcap);
	if (status == PCAP_ERROR_PERM_DENIED) {
		snprintf(text, size,
			"no packets: capturing needs CAP_NET_RAW; run with sudo, or give the program that capability");
		return -EPERM;
	}
	if (status < 0 || pcap_set_datalink(pcap, DLT_LINUX_SLL2) != 0 ||
		pcap_setnonblock(pcap, 1, reason) != 0) {
		snprintf(text, size, "no packets: %s", pcap_geterr(pcap));
		return -EIO;
	}
	capture->ifindex = if_nametoindex(capture->interface);
	if (capture->interface[0] != '\0' && capture->ifindex == 0) {
		snprintf(text, size,
			"no packets: there is no interface \"%s\"; \"ip link\" shows those that there are",
			capture->interface);
		return -ENODEV;
	}
	status = set_filter(capture, subscription);
	if (status != 0)
		snprintf(text, size, "no packets: the filter was refused: %s", pcap_geterr(pcap));
	return status;
}

/* 0, or negative errno with why in text. */
static int
watch(struct capture *capture, char *text, size_t size)
{
	int error;

	capture->is_resting = false;
	capture->burst = 0;
	capture->rest_timer = loop_add_timer(capture->loop, on_rested, capture);
	if (capture->rest_timer != NULL)
		capture->source = loop_add(capture->loop, pcap_get_selectable_fd(capture->pcap),
			LOOP_READ, on_ready, capture);
	if (capture->source != NULL)
		return 0;
	error = -errno;
	snprintf(text, size, "no packets: %s", strerror(-error));
	if (capture->rest_timer != NULL)
		loop_remove(capture->rest_timer);
	capture->rest_timer = NULL;
	return error;
}

void
capture_retry(struct capture *capture, const struct message_subscription *subscription)
{
	char text[512] = "";
	int error;

	if (capture->pcap != NULL || capture->error == EPERM)
		return;
	capture->end_ns = UINT64_MAX;
	capture->is_past = false;
	capture->last_drop = capture->read = capture->unsure = 0;
	capture->expression[0] = '\0';
	error = activate(capture, subscription, text, sizeof text);
	if (error == 0)
		error = watch(capture, text, sizeof text);
	if (error != 0) {
		if (capture->pcap != NULL)
			pcap_close(capture->pcap);
		capture->pcap = NULL;
	} else {
		capture_read_forget_links(capture);
		capture->link_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	}
	capture->error = -error;
	capture_read_report(capture, text);
}

struct capture *
capture_open(struct loop *loop, struct stream_writer *writer, struct bpf_callers *callers,
	uint32_t netns, unsigned ring_bytes, struct capture_counts *counts,
	const struct message_subscription *subscription)
{
	struct capture *const capture = calloc(1, sizeof *capture);

	if (capture == NULL)
		return NULL;
	capture->loop = loop;
	capture->writer = writer;
	capture->callers = callers;
	capture->netns = netns;
	capture->ring_bytes = ring_bytes;
	capture->counts = counts;
	capture->link_fd = -1;
	snprintf(capture->interface, sizeof capture->interface, "%.*s",
		(int)subscription->capture_interface.len, subscription->capture_interface.data);
	capture_retry(capture, subscription);
	return capture;
}

void
capture_close(struct capture *capture)
{
	if (capture == NULL)
		return;
	if (capture->pcap != NULL)
		capture_read_rest(capture);
	if (capture->pcap != NULL)
		capture_read_stop(capture, 0, "");
	free(capture);
}

void
capture_subscribe(struct capture *capture, const struct message_subscription *subscription)
{
	if (capture->pcap != NULL)
		(void)set_filter(capture, subscription);
}

/* Whether the captured interface still exists: it is known by number, for its name may change. */
static bool
is_interface_there(const struct capture *capture)
{
	struct ifreq request = {.ifr_ifindex = (int)capture->ifindex};

	return capture->ifindex == 0 || ioctl(capture->link_fd, SIOCGIFNAME, &request) == 0 ||
	       errno != ENODEV;
}

void
capture_report(struct capture *capture)
{
	char text[128];

	if (capture->pcap == NULL)
		return;
	if (!is_interface_there(capture)) {
		snprintf(text, sizeof text, "no packets any more: the interface \"%s\" is gone",
			capture->interface);
		capture_read_rest(capture);
		capture_read_stop(capture, ENETDOWN, text);
		return;
	}
	capture_read_forget_links(capture);
	capture_read_count_drops(capture);
	capture_read_report(capture, "");
}
