/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles that are not of a connection: listeners, scans, datagrams, connection tracking. */
#include <config.h>

#include "trouble.h"

#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"
#include "segment.h"

enum {
	SCANNER = 66,
	FIRST_CLOSED_PORT = 20000,
	CLOSED_PORTS = 10000,
	NEW_PORT = 31337,
	REDIS_PORT = 6379,
	DNS_PORT = 5353,
	DATAGRAM = 400,
	DNS_BUFFER = 16 << 10,
	DISCARD_PORT = 9,
	ENTRIES_A_STEP = 10000,
	PORTS = 60000,
	TRACKED_SOCKETS = 8,
};

static struct pace pace;
static unsigned made;

static void
make_nothing(struct trouble *trouble)
{
	(void)trouble;
}

static void
keep_port_scan(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	ends_close_ended(&trouble->far);
	for (; due != 0; due--, made++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, SCANNER,
				(uint16_t)(FIRST_CLOSED_PORT + made % CLOSED_PORTS)));
}

static bool
has_sent_resets(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "Tcp", "OutRsts") >= trouble->size;
}

static void
keep_illegal_flags(struct trouble *trouble)
{
	static const unsigned flags[] = {0, SEGMENT_FIN, SEGMENT_SYN | SEGMENT_FIN,
		SEGMENT_SYN | SEGMENT_RST, SEGMENT_FIN | SEGMENT_PSH | SEGMENT_URG};
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	for (; due != 0; due--, made++)
		segment_inject(&trouble->lab, SCANNER, (uint16_t)(FIRST_CLOSED_PORT + made),
			TALK_PORT, flags[made % (sizeof flags / sizeof flags[0])]);
}

static bool
has_injected(struct trouble *trouble)
{
	return made >= trouble->size;
}

/* One opens every second, on loopback, or on all interfaces in the large size; the oldest goes. */
static void
keep_new_listener(struct trouble *trouble)
{
	if (pace_due(&pace, trouble->now_ns, 1) == 0)
		return;
	ends_add(&trouble->near, lab_listen(&trouble->lab, LAB_NEAR,
					 trouble->is_large ? LAB_NET_ANY : LAB_NET_LOOPBACK,
					 (uint16_t)(NEW_PORT + made++ % 1000), 16));
	ends_close_older(&trouble->near, 20 * CLOCK_NS_PER_S, false);
}

static bool
has_listener(struct trouble *trouble)
{
	return trouble->near.count != 0;
}

static void
make_listener_on_all(struct trouble *trouble)
{
	for (unsigned i = 0; i < trouble->size; i++)
		ends_add(&trouble->near, lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY,
						 (uint16_t)(REDIS_PORT + i), 16));
}

static bool
listens_on_all(struct trouble *trouble)
{
	return proc_state(&trouble->lab, TCP_LISTEN, REDIS_PORT) == 1;
}

/* A server that takes ten datagrams a second of many that come. */
static struct {
	int server, client;
	struct pace reads;
} dns;

static void
make_udp_drops(struct trouble *trouble)
{
	const int bytes = DNS_BUFFER;
	union endpoint local;
	const socklen_t len = lab_address(&trouble->lab, LAB_NET_ANY, 0, DNS_PORT, &local);

	dns.server = lab_socket(&trouble->lab, LAB_NEAR, SOCK_DGRAM);
	check(setsockopt(dns.server, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) == 0 &&
			bind(dns.server, &local.any, len) == 0,
		"the UDP server");
	dns.client = lab_socket(&trouble->lab, LAB_FAR, SOCK_DGRAM);
}

static void
keep_udp_drops(struct trouble *trouble)
{
	static char bytes[DATAGRAM];
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);
	union endpoint server;
	const socklen_t len = lab_address(&trouble->lab, LAB_NET_NEAR, 0, DNS_PORT, &server);

	for (; due != 0; due--)
		sendto(dns.client, bytes, sizeof bytes, 0, &server.any, len);
	for (due = pace_due(&dns.reads, trouble->now_ns, 10); due != 0; due--)
		recv(dns.server, bytes, sizeof bytes, 0);
}

/* The counter of IPv6 is in another file than that of IPv4; the socket has its own. */
static bool
drops_datagrams(struct trouble *trouble)
{
	uint32_t memory[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof memory;

	check(getsockopt(dns.server, SOL_SOCKET, SO_MEMINFO, memory, &len) == 0, "SO_MEMINFO");
	return memory[SK_MEMINFO_DROPS] >= trouble->size;
}

/*
 * The table is filled by datagrams to nobody over loopback: each has another pair of ports. They
 * are dropped after they were tracked, before UDP has them.
 */
static int tracked[TRACKED_SOCKETS];
static unsigned wanted;

static void
make_conntrack(struct trouble *trouble)
{
	static const char rules[] =
		"table inet trouble { chain in { type filter hook prerouting priority 0; "
		"iifname lo meta l4proto udp drop; }; chain out { type filter hook output priority 0; "
		"ct state new counter; }; }";
	char command[sizeof rules + 32];
	uint64_t most;

	if (system("nft list ruleset >/dev/null 2>&1") != 0)
		trouble_skip("needs nft and the kernel's nf_tables");
	snprintf(command, sizeof command, "nft -f - <<'E'\n%s\nE\n", rules);
	check(system(command) == 0, "nft");
	most = proc_number("/proc/sys/net/netfilter/nf_conntrack_max");
	if (most == 0 || most > (uint64_t)PORTS * TRACKED_SOCKETS)
		trouble_skip("needs connection tracking with a table of at most 480,000");
	wanted = (unsigned)(most * trouble->size / 100);
	lab_sysctl(&trouble->lab, "netfilter/nf_conntrack_udp_timeout", "900");
	for (int i = 0; i < TRACKED_SOCKETS; i++)
		tracked[i] = lab_socket(&trouble->lab, LAB_NEAR, SOCK_DGRAM);
}

static void
track(struct trouble *trouble)
{
	union endpoint to;
	const socklen_t len =
		lab_address(&trouble->lab, LAB_NET_LOOPBACK, 0, (uint16_t)(1 + made % PORTS), &to);

	sendto(tracked[made / PORTS % TRACKED_SOCKETS], "", 1, 0, &to.any, len);
	made++;
}

static void
keep_conntrack(struct trouble *trouble)
{
	unsigned due = ENTRIES_A_STEP;

	if (made >= wanted)
		due = trouble->size < 100 ? 0 : pace_due(&pace, trouble->now_ns, 500);
	for (; due != 0; due--)
		track(trouble);
}

static bool
is_table_full(struct trouble *trouble)
{
	lab_enter(&trouble->lab, LAB_NEAR);
	return made >= wanted &&
	       proc_number("/proc/sys/net/netfilter/nf_conntrack_count") >= wanted / 100 * 99;
}

/* What old advice says, which does not do what it says. */
static void
make_sysctl(struct trouble *trouble)
{
	lab_sysctl(&trouble->lab, "ipv4/tcp_tw_reuse", "1");
	lab_sysctl(&trouble->lab, "ipv4/tcp_timestamps", "0");
	lab_sysctl(&trouble->lab, "ipv4/tcp_syncookies", "0");
	lab_sysctl(&trouble->lab, "ipv4/tcp_fin_timeout", "5");
	lab_sysctl(&trouble->lab, "ipv4/tcp_abort_on_overflow", "1");
}

static bool
always(struct trouble *trouble)
{
	(void)trouble;
	return true;
}

static const struct kind kinds[] = {
	{"port-scan", 20, 90, "ports a second", false, make_nothing, has_sent_resets,
		keep_port_scan, NULL},
	{"illegal-flags", 5, 20, "segments a second", false, make_nothing, has_injected,
		keep_illegal_flags, NULL},
	{"new-listener", 1, 2, "1: on loopback, 2: on all interfaces", false, make_nothing,
		has_listener, keep_new_listener, NULL},
	{"listener-on-all", 1, 3, "listeners", false, make_listener_on_all, listens_on_all, NULL,
		NULL},
	{"udp-drops", 100, 500, "datagrams a second", false, make_udp_drops, drops_datagrams,
		keep_udp_drops, NULL},
	{"conntrack", 80, 100, "percent of the table", false, make_conntrack, is_table_full,
		keep_conntrack, NULL},
	{"sysctl", 1, 2, "nothing", false, make_sysctl, always, NULL, NULL},
};

const struct kind_table host_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
