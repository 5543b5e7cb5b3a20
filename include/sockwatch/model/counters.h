/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of a namespace, read by name from what the kernel printed (/proc/net/snmp and netstat
 * have a line of names above each line of values; columns come and go between kernels).
 */
#ifndef SOCKWATCH_MODEL_COUNTERS_H
#define SOCKWATCH_MODEL_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/text.h>
#include <sockwatch/stream/message.h>

/* X(name of ours, source, group as printed, member as printed). */
#define COUNTER_LIST(X)                                                                            \
	X(ACTIVE_OPENS, COUNTER_SNMP, "Tcp", "ActiveOpens")                                        \
	X(PASSIVE_OPENS, COUNTER_SNMP, "Tcp", "PassiveOpens")                                      \
	X(ATTEMPT_FAILS, COUNTER_SNMP, "Tcp", "AttemptFails")                                      \
	X(ESTAB_RESETS, COUNTER_SNMP, "Tcp", "EstabResets")                                        \
	X(CURR_ESTAB, COUNTER_SNMP, "Tcp", "CurrEstab")                                            \
	X(IN_SEGS, COUNTER_SNMP, "Tcp", "InSegs")                                                  \
	X(OUT_SEGS, COUNTER_SNMP, "Tcp", "OutSegs")                                                \
	X(RETRANS_SEGS, COUNTER_SNMP, "Tcp", "RetransSegs")                                        \
	X(IN_ERRS, COUNTER_SNMP, "Tcp", "InErrs")                                                  \
	X(OUT_RSTS, COUNTER_SNMP, "Tcp", "OutRsts")                                                \
	X(UDP_IN, COUNTER_SNMP, "Udp", "InDatagrams")                                              \
	X(UDP_OUT, COUNTER_SNMP, "Udp", "OutDatagrams")                                            \
	X(UDP_NO_PORTS, COUNTER_SNMP, "Udp", "NoPorts")                                            \
	X(UDP_RCVBUF_ERRORS, COUNTER_SNMP, "Udp", "RcvbufErrors")                                  \
	X(LISTEN_OVERFLOWS, COUNTER_NETSTAT, "TcpExt", "ListenOverflows")                          \
	X(LISTEN_DROPS, COUNTER_NETSTAT, "TcpExt", "ListenDrops")                                  \
	X(SYNCOOKIES_SENT, COUNTER_NETSTAT, "TcpExt", "SyncookiesSent")                            \
	X(SYN_RETRANS, COUNTER_NETSTAT, "TcpExt", "TCPSynRetrans")                                 \
	X(TCP_TIMEOUTS, COUNTER_NETSTAT, "TcpExt", "TCPTimeouts")                                  \
	X(ABORT_ON_MEMORY, COUNTER_NETSTAT, "TcpExt", "TCPAbortOnMemory")                          \
	X(TIME_WAIT_OVERFLOW, COUNTER_NETSTAT, "TcpExt", "TCPTimeWaitOverflow")                    \
	X(SOCKETS_USED, COUNTER_SOCKSTAT, "sockets", "used")                                       \
	X(TCP_INUSE, COUNTER_SOCKSTAT, "TCP", "inuse")                                             \
	X(TCP_ORPHAN, COUNTER_SOCKSTAT, "TCP", "orphan")                                           \
	X(TCP_TW, COUNTER_SOCKSTAT, "TCP", "tw")                                                   \
	X(TCP_ALLOC, COUNTER_SOCKSTAT, "TCP", "alloc")                                             \
	X(TCP_MEM, COUNTER_SOCKSTAT, "TCP", "mem")                                                 \
	X(UDP_INUSE, COUNTER_SOCKSTAT, "UDP", "inuse")                                             \
	X(TCP6_INUSE, COUNTER_SOCKSTAT6, "TCP6", "inuse")                                          \
	X(UDP6_INUSE, COUNTER_SOCKSTAT6, "UDP6", "inuse")

enum counter {
#define COUNTER_ENUM(name, source, group, member) COUNTER_##name,
	COUNTER_LIST(COUNTER_ENUM)
#undef COUNTER_ENUM
		COUNTER_COUNT,
};

struct counters {
	uint64_t value[COUNTER_COUNT];
	uint64_t previous[COUNTER_COUNT];
	bool known[COUNTER_COUNT];
	bool has_rate[COUNTER_COUNT];
	uint64_t monotonic_ns[4];          /* by source, of value */
	uint64_t previous_monotonic_ns[4]; /* of previous */
};

void counters_read(struct counters *counters, enum counter_source source, struct text text,
	uint64_t monotonic_ns);
/* Change per second over the last two readings; false when there are fewer. */
bool counters_rate(const struct counters *counters, enum counter counter, double *rate);

#endif
