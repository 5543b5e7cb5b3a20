/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a socket. From this table come columns, order, filter words, JSON, CSV, the column
 * picker and the manual; names are a contract with other programs. Fields with FIELD_REPORT stand
 * in JSON; those without are columns that put several facts together, or facts for the detail page.
 * A filter finds a field by its name, an alias, or the name without its unit.
 */
#include <config.h>

#include <assert.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/needs.h>

#include "field_rows.h"
#include "socket_getters.h"

/* Members of tcp_info: name, heading, width, unit, flags, member, help, designators. */
#define TCP(name_, title_, width_, unit_, flags_, member_, ...)                                    \
	{                                                                                          \
		.name = name_, .title = title_, .width = width_, .unit = unit_, .flags = flags_,   \
		.kind = VALUE_UNSIGNED, .descending = true, .needs = NEED_TCP_INFO,                \
		.argument = TCP_INFO_##member_, .get = socket_get_tcp_info, .help = __VA_ARGS__    \
	}

/* Members that say how long ago something was: name, heading, width, member, help. */
#define TCP_PAST(name_, title_, width_, member_, ...)                                              \
	AMOUNT(name_, title_, width_, UNIT_MS, NUMBER | TICKS, socket_get_tcp_past, __VA_ARGS__,   \
		.needs = NEED_TCP_INFO, .argument = TCP_INFO_##member_)

/* What INET_DIAG_SKMEMINFO holds: name, heading, width, unit, flags, SOCKET_NUMBER_…, help. */
#define MEMORY(name_, title_, width_, unit_, flags_, which_, ...)                                  \
	AMOUNT(name_, title_, width_, unit_, flags_, socket_get_number, __VA_ARGS__,               \
		.needs = NEED_MEMORY, .argument = SOCKET_NUMBER_##which_)

/* Numbers that are not amounts: name, heading, width, SOCKET_NUMBER_…, help, designators. */
#define PLAIN(name_, title_, width_, which_, ...)                                                  \
	FIELD(name_, title_, width_, NUMBER, VALUE_UNSIGNED, socket_get_number, __VA_ARGS__,       \
		.argument = SOCKET_NUMBER_##which_)

/* name, heading, width, unit, flags, SOCKET_QUEUE_…, help, designators */
#define QUEUE(name_, title_, width_, unit_, flags_, which_, ...)                                   \
	AMOUNT(name_, title_, width_, unit_, flags_, socket_get_queue, __VA_ARGS__,                \
		.argument = SOCKET_QUEUE_##which_)

/* Facts of its processes: name, heading, width, flags, kind, SOCKET_PROCESS_…, help. */
#define PROCESS(name_, title_, width_, flags_, kind_, fact_, ...)                                  \
	FIELD(name_, title_, width_, flags_, kind_, socket_get_process, __VA_ARGS__,               \
		.next = socket_next_process, .argument = SOCKET_PROCESS_##fact_)

/* What the captured packets show of its life: name, heading, width, SOCKET_LIFE_…, help. */
#define LIFE(name_, title_, width_, fact_, ...)                                                    \
	TEXT(name_, title_, width_, WORD | GROUP, socket_get_life, __VA_ARGS__,                    \
		.none = "(not seen)", .needs = NEED_PACKETS, .argument = SOCKET_LIFE_##fact_)

/* name, heading, width, enum socket_flag, help */
#define BIT(name_, title_, width_, bit_, ...)                                                      \
	FIELD(name_, title_, width_, COLUMN, VALUE_BOOL, socket_get_flag, __VA_ARGS__,             \
		.argument = bit_)

static const struct field fields[] = {
	/* Where it is. */
	TEXT("netns", "NETNS", 16, WORD | GROUP, socket_get_netns,
		"network namespace: its name, \"own\", or net:[inode]", .alias = "namespace ns"),
	TEXT("proto", "PROTO", 5, WORD, socket_get_proto, "tcp or udp", .alias = "protocol",
		.meaning = FIELD_MEANING_PROTOCOL, .words = "tcp udp"),
	PLAIN("family", "IP", 2, FAMILY, "address family of the socket: 4 or 6 (idiag_family)",
		.meaning = FIELD_MEANING_FAMILY),
	TEXT("state", "STATE", 12, WORD | GROUP | ESSENTIAL, socket_get_state,
		"state by RFC 9293; of UDP sockets UNCONN or ESTABLISHED (idiag_state)",
		.alias = "st", .meaning = FIELD_MEANING_STATE),
	TEXT("trouble", "TROUBLE", 8, COLUMN | GROUP, socket_get_trouble,
		"how bad it is: warning or critical, or nothing; as an order: the worst first (by sockwatch's own judgement)",
		.meaning = FIELD_MEANING_TROUBLE, .words = "warning critical",
		.none = "(none seen)", .needs = NEED_TCP_INFO | NEED_MEMORY | NEED_OWNERS),
	FIELD("local", "LOCAL", 21, COLUMN | STRETCH | ESSENTIAL, VALUE_ENDPOINT,
		socket_get_endpoint, "local address and port (idiag_src, idiag_sport)",
		.meaning = FIELD_MEANING_LOCAL, .needs = NEED_LINKS, .argument = SOCKET_SIDE_LOCAL),
	FIELD("remote", "REMOTE", 21, COLUMN | STRETCH | ESSENTIAL, VALUE_ENDPOINT,
		socket_get_endpoint, "remote address and port (idiag_dst, idiag_dport)",
		.alias = "peer", .needs = NEED_LINKS, .meaning = FIELD_MEANING_REMOTE,
		.argument = SOCKET_SIDE_REMOTE),
	FIELD("local_addr", "LOCAL ADDRESS", 15, WORD | STRETCH | ESSENTIAL, VALUE_ADDRESS,
		socket_get_address, "local address (idiag_src)",
		.alias = "laddr src saddr local_address", .meaning = FIELD_MEANING_LOCAL,
		.port = "local_port", .needs = NEED_LINKS, .argument = SOCKET_SIDE_LOCAL),
	FIELD("local_port", "LPORT", 5, NUMBER | GROUP | PORT, VALUE_UNSIGNED, socket_get_port,
		"local port (idiag_sport)", .alias = "lport sport", .meaning = FIELD_MEANING_LOCAL,
		.argument = SOCKET_SIDE_LOCAL),
	FIELD("remote_addr", "REMOTE ADDRESS", 15, WORD | STRETCH | GROUP | ESSENTIAL,
		VALUE_ADDRESS, socket_get_address, "address of the peer (idiag_dst)",
		.alias = "raddr dst daddr remote_address", .meaning = FIELD_MEANING_REMOTE,
		.port = "remote_port", .none = "(no peer)", .needs = NEED_LINKS,
		.argument = SOCKET_SIDE_REMOTE),
	FIELD("remote_port", "RPORT", 5, NUMBER | PORT, VALUE_UNSIGNED, socket_get_port,
		"port of the peer (idiag_dport)", .alias = "rport dport",
		.meaning = FIELD_MEANING_REMOTE, .argument = SOCKET_SIDE_REMOTE),
	TEXT("remote_name", "NAME", 24, WORD, socket_get_remote_name,
		"name of the remote address, from DNS; looked up only where it is wanted",
		.alias = "rname", .meaning = FIELD_MEANING_HOST_NAME, .needs = NEED_NAMES),
	TEXT("service", "SERVICE", 10, WORD | GROUP, socket_get_service,
		"name of the well-known port, from /etc/services", .none = "(no service)"),
	TEXT("interface", "IFACE", 8, WORD, socket_get_interface,
		"interface that the socket is bound to (idiag_if)", .alias = "iface dev",
		.needs = NEED_LINKS),
	/* How it began and ended, where packets are captured. */
	AMOUNT("handshake_us", "SHAKE", 6, UNIT_US, NUMBER, socket_get_handshake,
		"from the first SYN until established on this side; where that was captured",
		.needs = NEED_PACKETS),
	LIFE("opened_by", "OPENED", 6, OPENED_BY,
		"side that sent the first SYN: us, peer, both; where that was captured",
		.words = "us peer both"),
	LIFE("closed_by", "CLOSED", 6, CLOSED_BY,
		"side that sent the first FIN, or the RST: us, peer, both; where that was captured",
		.words = "us peer both"),
	LIFE("close_reason", "ENDED", 7, CLOSE_REASON,
		"how it ended: closed, refused, reset, timeout, gone; where that was captured",
		.words = "closed refused reset timeout gone"),
	/* Queues. The kernel reports accept queue and backlog of a listener in the same place. */
	QUEUE("queue_in", "RECV-Q", 6, UNIT_BYTES, COLUMN_NUMBER, IN,
		"bytes received and not yet read; of a listener the accept queue, of UDP the buffer in use (idiag_rqueue)"),
	QUEUE("queue_out", "SEND-Q", 6, UNIT_BYTES, COLUMN_NUMBER, OUT,
		"bytes not yet acknowledged; of a listener the backlog, of UDP the buffer in use (idiag_wqueue)"),
	QUEUE("recv_q", "RECV-Q", 6, UNIT_BYTES, SUM, RECEIVED,
		"bytes received and not yet read; of UDP the buffer in use (idiag_rqueue)",
		.alias = "recvq"),
	QUEUE("send_q", "SEND-Q", 6, UNIT_BYTES, SUM, SENT,
		"bytes not yet acknowledged; of UDP the buffer in use (idiag_wqueue)",
		.alias = "sendq"),
	QUEUE("accept_queue", "ACCEPT-Q", 8, UNIT_COUNT, SUM | ESSENTIAL, ACCEPT,
		"connections that wait for accept, of a listener (idiag_rqueue)"),
	QUEUE("backlog", "BACKLOG", 7, UNIT_COUNT, NUMBER | ESSENTIAL, BACKLOG,
		"limit of the accept queue, of a listener (idiag_wqueue)"),
	/* Who holds it. */
	PLAIN("uid", "UID", 6, UID, "user id of the socket (idiag_uid)"),
	TEXT("user", "USER", 10, WORD | GROUP, socket_get_user, "name of the user, or the uid",
		.needs = NEED_USERS),
	PLAIN("inode", "INODE", 9, INODE, "number of the socket, as in /proc/PID/fd (idiag_inode)"),
	PLAIN("cookie", "COOKIE", 9, COOKIE,
		"number that the kernel gives once per boot (idiag_cookie, SO_COOKIE)"),
	PROCESS("pid", "PID", 7, NUMBER, VALUE_UNSIGNED, PID,
		"process that holds the socket; the lowest where there are several",
		.needs = NEED_OWNERS),
	PROCESS("process", "PROGRAM", 15, WORD | GROUP | ESSENTIAL, VALUE_TEXT, NAME,
		"name of that process (/proc/PID/comm)", .alias = "comm program prog",
		.none = "(none known)", .needs = NEED_OWNERS),
	TEXT("owner", "PROCESS", 16, COLUMN | STRETCH | ESSENTIAL, socket_get_owner,
		"process and its pid, +N for more of them; of one that was not seen the process that listens on its port; or why none is known",
		.needs = NEED_OWNERS, .match = FIELD_MATCH_PART, .order = "process"),
	TEXT("no_owner", "NO PROCESS", 13, WORD, socket_get_no_owner,
		"why no process is known, in a word or two: hidden, kernel, orphan, time-wait, not accepted …",
		.needs = NEED_OWNERS),
	PROCESS("cmdline", "COMMAND", 30, WORD | STRETCH, VALUE_TEXT, CMDLINE,
		"command line of that process", .alias = "command cmd",
		.needs = NEED_OWNERS | NEED_CMDLINE, .match = FIELD_MATCH_PART),
	PROCESS("cgroup", "CGROUP", 24, WORD | GROUP | STRETCH, VALUE_TEXT, CGROUP,
		"cgroup of that process, or of the socket where no process is known",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PATH),
	PROCESS("unit", "UNIT", 18, COLUMN | GROUP, VALUE_TEXT, UNIT,
		"systemd unit of that process", .none = "(none known)",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PATH),
	PROCESS("container", "CONTAINER", 14, WORD | GROUP, VALUE_TEXT, CONTAINER,
		"container of that process: its name, or its id", .none = "(none known)",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PREFIX),
	FIELD("owners", "OWNERS", 24, WORD, VALUE_OWNERS, socket_get_owners,
		"every process that holds the socket, with descriptor", .needs = NEED_OWNERS),
	/* Timers and age. */
	TEXT("timer", "TIMER", 10, WORD, socket_get_timer,
		"timer that runs: none retransmit keepalive timewait persist (idiag_timer)",
		.words = "none retransmit keepalive timewait persist"),
	FIELD("timer_ms", "EXPIRES", 7, NUMBER | TICKS, VALUE_UNSIGNED, socket_get_timer_ms,
		"time until it fires (idiag_expires)", .unit = UNIT_MS),
	AMOUNT("timer_retries", "RETRIES", 7, UNIT_COUNT, NUMBER, socket_get_timer_retries,
		"retransmissions, or probes without answer (idiag_retrans)"),
	FIELD("keepalive", "KEEPALIVE", 9, WORD, VALUE_BOOL, socket_get_keepalive,
		"SO_KEEPALIVE, concluded from the timer"),
	AMOUNT("age", "AGE", 5, UNIT_S, COLUMN_NUMBER | TICKS, socket_get_age,
		"time since the socket appeared; \">4m\": it was there before, 4 minutes ago",
		.argument = 1),
	AMOUNT("age_s", "AGE", 5, UNIT_S, NUMBER | TICKS, socket_get_age,
		"time since the socket appeared; unknown if it was there before"),
	AMOUNT("idle_ms", "IDLE", 6, UNIT_MS, NUMBER | TICKS, socket_get_idle,
		"time since data last went in either direction", .needs = NEED_TCP_INFO),
	TCP_PAST("last_data_sent_ms", "LAST-SENT", 9, last_data_sent,
		"time since data was last sent (tcpi_last_data_sent)"),
	TCP_PAST("last_data_received_ms", "LAST-RECV", 9, last_data_recv,
		"time since data was last received (tcpi_last_data_recv)"),
	TCP_PAST("last_ack_received_ms", "LAST-ACK", 8, last_ack_recv,
		"time since the last ACK was received (tcpi_last_ack_recv)"),
	/* Round trip, window, loss. */
	TCP("rtt_us", "RTT", 6, UNIT_US, NUMBER, rtt, "smoothed round trip time (tcpi_rtt)"),
	TCP("rtt_var_us", "RTTVAR", 6, UNIT_US, NUMBER, rttvar,
		"mean deviation of the round trip time (tcpi_rttvar)", .alias = "rttvar"),
	TCP("min_rtt_us", "MINRTT", 6, UNIT_US, NUMBER, min_rtt,
		"least round trip time seen (tcpi_min_rtt)", .alias = "minrtt"),
	TCP("rto_us", "RTO", 6, UNIT_US, NUMBER, rto, "retransmission timeout (tcpi_rto)"),
	TCP("mss_bytes", "MSS", 5, UNIT_BYTES, NUMBER, snd_mss,
		"bytes that a segment carries at most (tcpi_snd_mss)"),
	TCP("pmtu_bytes", "PMTU", 5, UNIT_BYTES, NUMBER, pmtu, "path MTU (tcpi_pmtu)"),
	TCP("cwnd_segments", "CWND", 5, UNIT_SEGMENTS, NUMBER, snd_cwnd,
		"congestion window (tcpi_snd_cwnd)"),
	TCP("ssthresh_segments", "SSTHRESH", 8, UNIT_SEGMENTS, NUMBER, snd_ssthresh,
		"slow start threshold (tcpi_snd_ssthresh)"),
	TCP("unacked_segments", "UNACKED", 7, UNIT_SEGMENTS, SUM, unacked,
		"segments in flight (tcpi_unacked)"),
	TCP("sacked_segments", "SACKED", 6, UNIT_SEGMENTS, COLUMN_NUMBER, sacked,
		"segments that were selectively acknowledged (tcpi_sacked)"),
	TCP("lost_segments", "LOST", 5, UNIT_SEGMENTS, SUM, lost,
		"segments considered lost (tcpi_lost)"),
	TCP("retrans_segments", "RETR-NOW", 8, UNIT_SEGMENTS, SUM, retrans,
		"retransmitted segments in flight (tcpi_retrans)"),
	TCP("retrans_total", "RETR", 5, UNIT_SEGMENTS, SUM, total_retrans,
		"segments retransmitted so far (tcpi_total_retrans)", .alias = "retrans retr"),
	TCP("backoff", "BACKOFF", 7, UNIT_COUNT, COLUMN_NUMBER, backoff,
		"times that the retransmission timeout was doubled (tcpi_backoff)"),
	TCP("reordering", "REORDER", 7, UNIT_SEGMENTS, NUMBER, reordering,
		"how far segments came out of order (tcpi_reordering)"),
	TEXT("ca_state", "CA", 8, COLUMN, socket_get_ca_state,
		"state of congestion control: open disorder cwr recovery loss (tcpi_ca_state)",
		.needs = NEED_TCP_INFO, .words = "open disorder cwr recovery loss"),
	TEXT("congestion", "CC", 6, WORD, socket_get_congestion,
		"congestion control (INET_DIAG_CONG)", .alias = "cc", .needs = NEED_CONGESTION),
	FIELD("options", "OPTIONS", 14, WORD, VALUE_TEXTS, socket_get_options,
		"options agreed on: ts sack wscale ecn fastopen (tcpi_options)",
		.needs = NEED_TCP_INFO, .words = "ts sack wscale ecn fastopen"),
	TEXT("wscale", "WSCALE", 6, COLUMN, socket_get_wscale,
		"window scale, sent and received (tcpi_snd_wscale, tcpi_rcv_wscale)",
		.needs = NEED_TCP_INFO),
	/* How much, and how fast. */
	TCP("bytes_sent", "SENT", 6, UNIT_BYTES, SUM, bytes_sent,
		"bytes sent, repeated ones included (tcpi_bytes_sent)"),
	TCP("bytes_acked", "ACKED", 6, UNIT_BYTES, SUM, bytes_acked,
		"bytes that the peer acknowledged (tcpi_bytes_acked)"),
	TCP("bytes_received", "RECEIVED", 8, UNIT_BYTES, SUM, bytes_received,
		"bytes received in order (tcpi_bytes_received)"),
	TCP("bytes_retrans", "RETR-B", 6, UNIT_BYTES, SUM, bytes_retrans,
		"bytes retransmitted (tcpi_bytes_retrans)"),
	TCP("segs_out", "SEGS-OUT", 8, UNIT_SEGMENTS, SUM, segs_out,
		"segments sent (tcpi_segs_out)"),
	TCP("segs_in", "SEGS-IN", 8, UNIT_SEGMENTS, SUM, segs_in,
		"segments received (tcpi_segs_in)"),
	AMOUNT("send_rate", "SENT/s", 7, UNIT_BYTES_PER_SECOND, SUM, socket_get_rate,
		"bytes a second that the peer acknowledged, over the last refresh (tcpi_bytes_acked)",
		.needs = NEED_TCP_INFO, .argument = SOCKET_SIDE_LOCAL),
	AMOUNT("recv_rate", "RECV/s", 7, UNIT_BYTES_PER_SECOND, SUM, socket_get_rate,
		"bytes a second received, over the last refresh (tcpi_bytes_received)",
		.needs = NEED_TCP_INFO, .argument = SOCKET_SIDE_REMOTE),
	TCP("delivery_rate", "DELIVERY", 8, UNIT_BYTES_PER_SECOND, SUM, delivery_rate,
		"rate at which data last reached the peer (tcpi_delivery_rate)"),
	TCP("pacing_rate", "PACING", 7, UNIT_BYTES_PER_SECOND, NUMBER, pacing_rate,
		"rate at which the kernel sends at most (tcpi_pacing_rate)"),
	/* What holds it up. */
	FIELD("app_limited", "APPLIM", 6, WORD, VALUE_BOOL, socket_get_app_limited,
		"the program sent too little to measure the path (tcpi_delivery_rate_app_limited)",
		.needs = NEED_TCP_INFO),
	TCP("busy_us", "BUSY", 6, UNIT_US, NUMBER, busy_time,
		"time with data to send (tcpi_busy_time)"),
	TCP("rwnd_limited_us", "RWNDLIM", 7, UNIT_US, NUMBER, rwnd_limited,
		"part of that time held up by the receive window of the peer (tcpi_rwnd_limited)"),
	TCP("sndbuf_limited_us", "SNDLIM", 6, UNIT_US, NUMBER, sndbuf_limited,
		"part of that time held up by the send buffer (tcpi_sndbuf_limited)"),
	TCP("rcv_space_bytes", "RCVSPACE", 8, UNIT_BYTES, NUMBER, rcv_space,
		"size that the receive buffer is tuned for (tcpi_rcv_space)"),
	TCP("snd_wnd_bytes", "SND-WND", 7, UNIT_BYTES, NUMBER, snd_wnd,
		"window that the peer announced (tcpi_snd_wnd)"),
	TCP("rcv_wnd_bytes", "RCV-WND", 7, UNIT_BYTES, NUMBER, rcv_wnd,
		"window that we announced (tcpi_rcv_wnd)"),
	TCP("notsent_bytes", "NOTSENT", 7, UNIT_BYTES, SUM, notsent_bytes,
		"bytes in the send queue that were never sent (tcpi_notsent_bytes)"),
	/* Memory and marks. */
	MEMORY("mem_receive_bytes", "MEM-RECV", 8, UNIT_BYTES, SUM, MEM_RECEIVE,
		"memory of the receive queue (sk_rmem_alloc)"),
	MEMORY("mem_send_bytes", "MEM-SEND", 8, UNIT_BYTES, SUM, MEM_SEND,
		"memory of the send queue (sk_wmem_queued)"),
	MEMORY("receive_buffer_bytes", "RCVBUF", 6, UNIT_BYTES, COLUMN_NUMBER, RECEIVE_BUFFER,
		"limit of the receive memory (sk_rcvbuf)", .alias = "rcvbuf"),
	MEMORY("send_buffer_bytes", "SNDBUF", 6, UNIT_BYTES, COLUMN_NUMBER, SEND_BUFFER,
		"limit of the send memory (sk_sndbuf)", .alias = "sndbuf"),
	MEMORY("drops", "DROPS", 5, UNIT_COUNT, SUM, DROPS,
		"datagrams, segments or connection requests that the socket dropped (sk_drops)"),
	FIELD("mark", "MARK", 6, NUMBER | FIELD_BITS, VALUE_UNSIGNED, socket_get_number,
		"SO_MARK; needs CAP_NET_ADMIN to be read; 0x1/0xff compares the bits of the mask alone",
		.alias = "fwmark", .argument = SOCKET_NUMBER_MARK),
	PLAIN("tos", "TOS", 4, TOS, "type of service of what is sent (IP_TOS, IPV6_TCLASS)",
		.needs = NEED_INTERNALS),
	TEXT("shutdown", "SHUTDOWN", 8, COLUMN, socket_get_shutdown,
		"directions that are shut: none receive send both",
		.words = "none receive send both"),
	TEXT("finding", "FINDING", 18, COLUMN | GROUP | TICKS, socket_get_finding,
		"the rule of the finding that it belongs to (see DOCTOR), the worst of several; known in the monitor"),
	FIELD("v6only", "V6ONLY", 6, WORD, VALUE_BOOL, socket_get_flag,
		"an IPv6 socket that takes no IPv4 (IPV6_V6ONLY); the kernel reports it of sockets without a peer",
		.argument = SOCKET_V6ONLY),
	BIT("orphan", "ORPHAN", 6, SOCKET_ORPHAN, "its process closed it, the kernel finishes it"),
	BIT("mptcp", "MPTCP", 5, SOCKET_MPTCP, "part of a multipath TCP connection",
		.needs = NEED_TCP_INFO),
	BIT("gone", "GONE", 4, SOCKET_CLOSED, "it ended; the row stays for some seconds"),
};

static_assert(sizeof fields / sizeof fields[0] <= VIEW_FIELDS_MAX,
	"a group has room for the sum of each field");

const struct field_table socket_fields = {
	.row_name = "socket",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
	.base_needs = NEED_SOCKETS,
};
