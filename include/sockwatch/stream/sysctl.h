/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's settings that the program speaks of, by the names of sysctl(8). The collector reads
 * the files of /proc/sys from this table, the model keeps their values by it. What each setting
 * does is in the kernel's Documentation/networking/ip-sysctl.rst,
 * Documentation/admin-guide/sysctl/net.rst and nf_conntrack-sysctl.rst.
 */
#ifndef SOCKWATCH_STREAM_SYSCTL_H
#define SOCKWATCH_STREAM_SYSCTL_H

/* Whose value it is. */
enum sysctl_scope {
	SYSCTL_OF_NETNS,   /* each network namespace has its own */
	SYSCTL_SHARED,     /* one for the machine, which every namespace can read and none but the
			    * initial one can set */
	SYSCTL_OF_MACHINE, /* one for the machine, absent in namespaces other than the initial one
			    */
};

/* clang-format off */
/* X(name of ours, name of sysctl(8), scope). */
#define SYSCTL_LIST(X) \
	X(SOMAXCONN, "net.core.somaxconn", SYSCTL_OF_NETNS) \
	X(SYNCOOKIES, "net.ipv4.tcp_syncookies", SYSCTL_OF_NETNS) \
	X(MAX_SYN_BACKLOG, "net.ipv4.tcp_max_syn_backlog", SYSCTL_OF_NETNS) \
	X(ABORT_ON_OVERFLOW, "net.ipv4.tcp_abort_on_overflow", SYSCTL_OF_NETNS) \
	X(SYNACK_RETRIES, "net.ipv4.tcp_synack_retries", SYSCTL_OF_NETNS) \
	X(SYN_RETRIES, "net.ipv4.tcp_syn_retries", SYSCTL_OF_NETNS) \
	X(SYN_LINEAR_TIMEOUTS, "net.ipv4.tcp_syn_linear_timeouts", SYSCTL_OF_NETNS) \
	X(RETRIES1, "net.ipv4.tcp_retries1", SYSCTL_OF_NETNS) \
	X(RETRIES2, "net.ipv4.tcp_retries2", SYSCTL_OF_NETNS) \
	X(ORPHAN_RETRIES, "net.ipv4.tcp_orphan_retries", SYSCTL_OF_NETNS) \
	X(RTO_MIN_US, "net.ipv4.tcp_rto_min_us", SYSCTL_OF_NETNS) \
	X(RTO_MAX_MS, "net.ipv4.tcp_rto_max_ms", SYSCTL_OF_NETNS) \
	X(MAX_ORPHANS, "net.ipv4.tcp_max_orphans", SYSCTL_OF_MACHINE) \
	X(FIN_TIMEOUT, "net.ipv4.tcp_fin_timeout", SYSCTL_OF_NETNS) \
	X(TW_REUSE, "net.ipv4.tcp_tw_reuse", SYSCTL_OF_NETNS) \
	X(TW_REUSE_DELAY, "net.ipv4.tcp_tw_reuse_delay", SYSCTL_OF_NETNS) \
	X(TW_RECYCLE, "net.ipv4.tcp_tw_recycle", SYSCTL_OF_NETNS) \
	X(MAX_TW_BUCKETS, "net.ipv4.tcp_max_tw_buckets", SYSCTL_OF_NETNS) \
	X(KEEPALIVE_TIME, "net.ipv4.tcp_keepalive_time", SYSCTL_OF_NETNS) \
	X(KEEPALIVE_INTVL, "net.ipv4.tcp_keepalive_intvl", SYSCTL_OF_NETNS) \
	X(KEEPALIVE_PROBES, "net.ipv4.tcp_keepalive_probes", SYSCTL_OF_NETNS) \
	X(LOCAL_PORT_RANGE, "net.ipv4.ip_local_port_range", SYSCTL_OF_NETNS) \
	X(LOCAL_RESERVED_PORTS, "net.ipv4.ip_local_reserved_ports", SYSCTL_OF_NETNS) \
	X(TCP_MEM, "net.ipv4.tcp_mem", SYSCTL_OF_MACHINE) \
	X(UDP_MEM, "net.ipv4.udp_mem", SYSCTL_OF_MACHINE) \
	X(TCP_RMEM, "net.ipv4.tcp_rmem", SYSCTL_OF_NETNS) \
	X(TCP_WMEM, "net.ipv4.tcp_wmem", SYSCTL_OF_NETNS) \
	X(MODERATE_RCVBUF, "net.ipv4.tcp_moderate_rcvbuf", SYSCTL_OF_NETNS) \
	X(RMEM_DEFAULT, "net.core.rmem_default", SYSCTL_SHARED) \
	X(RMEM_MAX, "net.core.rmem_max", SYSCTL_SHARED) \
	X(WMEM_DEFAULT, "net.core.wmem_default", SYSCTL_SHARED) \
	X(WMEM_MAX, "net.core.wmem_max", SYSCTL_SHARED) \
	X(SLOW_START_AFTER_IDLE, "net.ipv4.tcp_slow_start_after_idle", SYSCTL_OF_NETNS) \
	X(MTU_PROBING, "net.ipv4.tcp_mtu_probing", SYSCTL_OF_NETNS) \
	X(BASE_MSS, "net.ipv4.tcp_base_mss", SYSCTL_OF_NETNS) \
	X(ECN, "net.ipv4.tcp_ecn", SYSCTL_OF_NETNS) \
	X(TIMESTAMPS, "net.ipv4.tcp_timestamps", SYSCTL_OF_NETNS) \
	X(SACK, "net.ipv4.tcp_sack", SYSCTL_OF_NETNS) \
	X(WINDOW_SCALING, "net.ipv4.tcp_window_scaling", SYSCTL_OF_NETNS) \
	X(CONGESTION_CONTROL, "net.ipv4.tcp_congestion_control", SYSCTL_OF_NETNS) \
	X(AVAILABLE_CONGESTION_CONTROL, "net.ipv4.tcp_available_congestion_control", SYSCTL_OF_NETNS) \
	X(RP_FILTER_ALL, "net.ipv4.conf.all.rp_filter", SYSCTL_OF_NETNS) \
	X(RP_FILTER_DEFAULT, "net.ipv4.conf.default.rp_filter", SYSCTL_OF_NETNS) \
	X(CONNTRACK_MAX, "net.netfilter.nf_conntrack_max", SYSCTL_SHARED) \
	X(CONNTRACK_COUNT, "net.netfilter.nf_conntrack_count", SYSCTL_OF_NETNS) \
	X(NETDEV_MAX_BACKLOG, "net.core.netdev_max_backlog", SYSCTL_OF_MACHINE) \
	X(DEFAULT_QDISC, "net.core.default_qdisc", SYSCTL_OF_MACHINE)
/* clang-format on */

enum sysctl {
#define SYSCTL_ENUM(name, text, scope) SYSCTL_##name,
	SYSCTL_LIST(SYSCTL_ENUM)
#undef SYSCTL_ENUM
		SYSCTL_COUNT,
};

enum {
	/* Bytes that are passed on of a value. Only ip_local_reserved_ports may be longer; it is
	 * cut after a comma then. */
	SYSCTL_VALUE_MAX = 16384,
};

/* As sysctl(8) prints it: "net.core.somaxconn". */
const char *sysctl_name(enum sysctl sysctl);
enum sysctl_scope sysctl_scope(enum sysctl sysctl);

#endif
