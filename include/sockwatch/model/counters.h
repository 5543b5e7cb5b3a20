/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of a namespace, read by name from what the kernel printed (/proc/net/snmp and netstat
 * have a line of names above each line of values; columns come and go between kernels). All that it
 * printed are kept; those that the program speaks of have a number in COUNTER_LIST.
 */
#ifndef SOCKWATCH_MODEL_COUNTERS_H
#define SOCKWATCH_MODEL_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
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
	X(UDP_IN_ERRORS, COUNTER_SNMP, "Udp", "InErrors")                                          \
	X(UDP6_IN, COUNTER_SNMP6, "", "Udp6InDatagrams")                                           \
	X(UDP6_IN_ERRORS, COUNTER_SNMP6, "", "Udp6InErrors")                                       \
	X(LISTEN_OVERFLOWS, COUNTER_NETSTAT, "TcpExt", "ListenOverflows")                          \
	X(LISTEN_DROPS, COUNTER_NETSTAT, "TcpExt", "ListenDrops")                                  \
	X(SYNCOOKIES_SENT, COUNTER_NETSTAT, "TcpExt", "SyncookiesSent")                            \
	X(SYNCOOKIES_RECV, COUNTER_NETSTAT, "TcpExt", "SyncookiesRecv")                            \
	X(SYNCOOKIES_FAILED, COUNTER_NETSTAT, "TcpExt", "SyncookiesFailed")                        \
	X(REQ_Q_FULL_DROP, COUNTER_NETSTAT, "TcpExt", "TCPReqQFullDrop")                           \
	X(REQ_Q_FULL_DO_COOKIES, COUNTER_NETSTAT, "TcpExt", "TCPReqQFullDoCookies")                \
	X(ABORT_ON_DATA, COUNTER_NETSTAT, "TcpExt", "TCPAbortOnData")                              \
	X(ABORT_ON_CLOSE, COUNTER_NETSTAT, "TcpExt", "TCPAbortOnClose")                            \
	X(ABORT_ON_TIMEOUT, COUNTER_NETSTAT, "TcpExt", "TCPAbortOnTimeout")                        \
	X(DSACK_RECV, COUNTER_NETSTAT, "TcpExt", "TCPDSACKRecv")                                   \
	X(RCV_Q_DROP, COUNTER_NETSTAT, "TcpExt", "TCPRcvQDrop")                                    \
	X(PRUNE_CALLED, COUNTER_NETSTAT, "TcpExt", "PruneCalled")                                  \
	X(TO_ZERO_WINDOW_ADV, COUNTER_NETSTAT, "TcpExt", "TCPToZeroWindowAdv")                     \
	X(WANT_ZERO_WINDOW_ADV, COUNTER_NETSTAT, "TcpExt", "TCPWantZeroWindowAdv")                 \
	X(FROM_ZERO_WINDOW_ADV, COUNTER_NETSTAT, "TcpExt", "TCPFromZeroWindowAdv")                 \
	X(MTUP_SUCCESS, COUNTER_NETSTAT, "TcpExt", "TCPMTUPSuccess")                               \
	X(MEMORY_PRESSURES, COUNTER_NETSTAT, "TcpExt", "TCPMemoryPressures")                       \
	X(UDP_SNDBUF_ERRORS, COUNTER_SNMP, "Udp", "SndbufErrors")                                  \
	X(UDP6_RCVBUF_ERRORS, COUNTER_SNMP6, "", "Udp6RcvbufErrors")                               \
	X(EMBRYONIC_RSTS, COUNTER_NETSTAT, "TcpExt", "EmbryonicRsts")                              \
	X(SYN_RETRANS, COUNTER_NETSTAT, "TcpExt", "TCPSynRetrans")                                 \
	X(TCP_TIMEOUTS, COUNTER_NETSTAT, "TcpExt", "TCPTimeouts")                                  \
	X(ABORT_ON_MEMORY, COUNTER_NETSTAT, "TcpExt", "TCPAbortOnMemory")                          \
	X(TIME_WAIT_OVERFLOW, COUNTER_NETSTAT, "TcpExt", "TCPTimeWaitOverflow")                    \
	X(CONNTRACK_ENTRIES, COUNTER_CONNTRACK, "Conntrack", "entries")                            \
	X(CONNTRACK_INSERT_FAILED, COUNTER_CONNTRACK, "Conntrack", "insert_failed")                \
	X(CONNTRACK_DROP, COUNTER_CONNTRACK, "Conntrack", "drop")                                  \
	X(CONNTRACK_EARLY_DROP, COUNTER_CONNTRACK, "Conntrack", "early_drop")                      \
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

/*
 * Names of the counters that any namespace printed, by index: first COUNTER_LIST, then the others
 * in the order in which they came. Bounded by COUNTERS_MAX.
 */
enum { COUNTERS_MAX = 1024 };
struct counter_names;

struct counter_name {
	const char *group, *member; /* "Tcp", "ActiveOpens": as nstat joins them */
	enum counter_source source;
	bool is_gauge; /* it may fall: a rate of it means nothing */
};

/* NULL: no memory. */
struct counter_names *counter_names_new(void);
void counter_names_free(struct counter_names *names);
size_t counter_names_count(const struct counter_names *names);
/* Names that were not kept because of the bound, counted at each reading. */
uint64_t counter_names_refused(const struct counter_names *names);
/* Its texts live as long as the names. */
struct counter_name counter_name(const struct counter_names *names, size_t index);

struct counter_reading {
	uint64_t value;
	uint64_t previous; /* of the reading before, or of the one that is held */
	bool known, has_rate;
	bool is_held; /* previous is to stay */
};

/* The readings of one namespace, by index; those from `count` on it has never printed. */
struct counters {
	struct counter_reading *rows;
	size_t count;
	uint64_t monotonic_ns[COUNTER_SOURCES];          /* by source, of value */
	uint64_t previous_monotonic_ns[COUNTER_SOURCES]; /* of previous */
	bool are_held;
};

/* Room for those of COUNTER_LIST, none of them known. 0, -ENOMEM. */
int counters_init(struct counters *counters);
void counters_fini(struct counters *counters);
/* As if nothing had been read. */
void counters_clear(struct counters *counters);

/* Takes in what one file printed. */
void counters_read(struct counters *counters, struct counter_names *names,
	const struct message_counters *message);
/*
 * From now on changes are those since this reading, which still held at monotonic_ns: a reading
 * that finds nothing new is not reported. Nothing is held where nothing was read.
 */
void counters_hold(struct counters *counters, uint64_t monotonic_ns);
/* The last reading still held at monotonic_ns, which ends the time of what was held. */
void counters_hold_until(struct counters *counters, uint64_t monotonic_ns);
/* Change per second over the last two readings; false when there are fewer. Gauges may fall. */
bool counters_rate(const struct counters *counters, enum counter counter, double *rate);
/* The same for any of the names. */
bool counters_rate_of(const struct counters *counters, const struct counter_names *names,
	size_t index, double *rate);

#endif
