/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our own messages in the stream: what the collector tells and what the viewer subscriptions. On
 * the wire each is a netlink message (struct nlmsghdr, then attributes) built and read with libmnl;
 * in memory each is one of the structs below. Which attribute is which member, of what kind and how
 * large at most is a table (src/stream/message.c) from which encoder, decoder and the format's
 * description derive.
 *
 * Numbers are in host byte order, as in all netlink. An attribute that is missing reads as zero; an
 * attribute that is unknown is skipped; one whose length does not fit makes the message invalid.
 * Texts and arrays of a decoded message point into the record and live as long as it.
 */
#ifndef SOCKWATCH_STREAM_MESSAGE_H
#define SOCKWATCH_STREAM_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>
#include <sockwatch/base/text.h>

/* nlmsg_type; below 16 is netlink's own. The numbers are part of the format: never reuse one. */
enum message_type {
	MESSAGE_HELLO = 16,
	MESSAGE_SNAPSHOT_BEGIN,
	MESSAGE_SNAPSHOT_END,
	MESSAGE_DUMP_BEGIN,
	MESSAGE_DUMP_END,
	MESSAGE_GONE,
	MESSAGE_NETNS,
	MESSAGE_LINK,
	MESSAGE_PROCESS,
	MESSAGE_PROCESS_GONE,
	MESSAGE_OWNERS,
	MESSAGE_USER,
	MESSAGE_CGROUP,
	MESSAGE_COUNTERS,
	MESSAGE_NOTICE,
	MESSAGE_LOSS,
	MESSAGE_RESULT,
	MESSAGE_CAPTURE,
	MESSAGE_PROBE_STATE,
	MESSAGE_PROBE_SENT,
	MESSAGE_PROBE_ANSWER,
	MESSAGE_NAME,
	MESSAGE_CALLERS,
	MESSAGE_TRACE,
	/* from the viewer */
	MESSAGE_SUBSCRIPTION = 64,
	MESSAGE_DESTROY,
	MESSAGE_SIGNAL,
	MESSAGE_PROBE_START,
	MESSAGE_PROBE_STOP,
};

/* What a view needs fetched; fields, filter, order, rules and panes add up to a set of these. */
enum need {
	NEED_SOCKETS = 1 << 0,    /* the dump itself: addresses, state, queues, timer, uid */
	NEED_TCP_INFO = 1 << 1,   /* INET_DIAG_INFO */
	NEED_MEMORY = 1 << 2,     /* INET_DIAG_SKMEMINFO */
	NEED_CONGESTION = 1 << 3, /* INET_DIAG_CONG */
	NEED_OWNERS = 1 << 4,     /* which process holds the socket */
	NEED_CMDLINE = 1 << 5,    /* /proc/PID/cmdline */
	NEED_CGROUPS = 1 << 6,    /* /proc/PID/cgroup, paths of socket cgroups */
	NEED_USERS = 1 << 7,      /* names of uids */
	NEED_LINKS = 1 << 8,      /* names of interfaces */
	NEED_COUNTERS = 1 << 9,   /* /proc/net/{sockstat,snmp,netstat} */
	NEED_INTERNALS = 1 << 10, /* BBR and other congestion control internals, type of service */
	NEED_PACKETS = 1 << 11,   /* TCP control segments: SYN, FIN, RST */
	/* What lives between two dumps: the kernel's destroy events with the final tcp_info of what
	 * ended, and the callers of connections where that can be had. */
	NEED_CLOSINGS = 1 << 12,
	NEED_NAMES = 1 << 13,     /* names of hosts: the viewer's own resolver brings them */
	NEED_ALL = (1 << 11) - 1, /* what costs nothing to speak of: not packets, not closings */
};

/* What the collector may do; what is missing is told to the user by the capability's name. */
enum right {
	RIGHT_NET_ADMIN = 1 << 0,
	RIGHT_NET_RAW = 1 << 1,
	RIGHT_SYS_PTRACE = 1 << 2,
	RIGHT_DAC_READ_SEARCH = 1 << 3,
	RIGHT_SYS_ADMIN = 1 << 4,
	RIGHT_KILL = 1 << 5,
	RIGHT_BPF = 1 << 6,     /* only while a program is loaded */
	RIGHT_PERFMON = 1 << 7, /* with it */
};

enum protocol_bit { PROTOCOL_TCP = 1, PROTOCOL_UDP = 2 };
enum family_bit { FAMILY_V4 = 1, FAMILY_V6 = 2 };

/* Of u32, u64, conditions or callers, inside a record, not aligned. count: elements, not bytes. */
struct array {
	const void *data;
	size_t count;
};

uint32_t array_u32(struct array array, size_t index);
uint64_t array_u64(struct array array, size_t index);

/* First in every stream: who speaks. A second one means that the collector was started anew. */
struct message_hello {
	uint32_t format; /* version of this format */
	struct text version;
	struct text host;
	struct text kernel;
	uint64_t boot_ns;     /* CLOCK_REALTIME at boot */
	uint32_t page_size;   /* bytes */
	uint32_t clock_ticks; /* of process start times, a second */
	uint32_t uid;         /* real uid of who started the collector */
	uint32_t rights;      /* enum right */
	uint32_t pid;
};

/* A refresh: all that stands between belongs to one look at the box. */
struct message_snapshot_begin {
	uint32_t sequence;
	uint64_t monotonic_ns;
};

struct message_snapshot_end {
	uint32_t sequence;
	uint64_t monotonic_ns;
	uint32_t owners_pending; /* sockets whose owner is still being searched (time budget) */
	uint32_t owners_hidden;  /* processes whose descriptors we may not read */
	uint64_t cpu_us;         /* CPU time of the collector since it started */
};

/* One table of one network namespace. DIAG records between begin and end belong to it. */
struct message_dump_begin {
	uint32_t netns;
	uint8_t protocols; /* enum protocol_bit */
	uint8_t full;      /* 1: every socket follows; 0: only those that changed */
	uint64_t monotonic_ns;
};

struct message_dump_end {
	uint32_t netns;
	uint8_t protocols;
	uint8_t complete; /* 0: interrupted; absence of a socket means nothing */
	uint32_t listed;  /* sockets that the kernel listed */
	uint32_t sent;    /* of them sent on */
	int32_t error;    /* errno of a dump that failed, or 0 */
};

/* Sockets of a complete dump's predecessor that are no more in it. */
struct message_gone {
	uint32_t netns;
	struct array cookies; /* u64 */
};

struct message_netns {
	uint32_t id; /* ours: 1 is the collector's own namespace */
	uint64_t inode;
	struct text name; /* of /run/netns, or "" */
	uint32_t pid;     /* a process in it, or 0 */
	uint8_t gone;
	int32_t error; /* errno why it could not be entered, or 0 */
};

struct message_link {
	uint32_t netns;
	uint32_t ifindex;
	struct text name;
};

struct message_process {
	uint32_t pid;
	uint64_t start_ticks; /* since boot */
	uint32_t uid;         /* effective */
	struct text comm;
	struct text cmdline;   /* arguments separated by NUL, as the kernel gives them */
	struct text cgroup;    /* path */
	struct text unit;      /* systemd unit in it, or "" */
	struct text container; /* id, or "" */
	struct text container_name;
	int32_t fd_error; /* errno why its descriptors could not be read, or 0 */
};

struct message_process_gone {
	struct array pids; /* u32 */
};

/* Which sockets a process holds: changes since the last such message of this pid. */
struct message_owners {
	uint32_t pid;
	struct array held;     /* u64: inode << 32 | fd */
	struct array released; /* u64: inode << 32 | fd */
};

struct message_user {
	uint32_t uid;
	struct text name;
};

struct message_cgroup {
	uint64_t id; /* as in INET_DIAG_CGROUP_ID */
	struct text path;
};

enum counter_source { COUNTER_SOCKSTAT, COUNTER_SOCKSTAT6, COUNTER_SNMP, COUNTER_NETSTAT };

/* A counter file of a namespace as the kernel printed it. */
struct message_counters {
	uint32_t netns;
	uint8_t source; /* enum counter_source */
	uint64_t monotonic_ns;
	struct text text;
};

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };

/* A sentence for the status line. */
struct message_notice {
	uint8_t severity;
	struct text text;
};

enum loss {
	LOSS_NETLINK,   /* datagrams: receive buffer overrun */
	LOSS_TRUNCATED, /* netlink datagrams larger than our buffer */
	LOSS_PROCESSES, /* processes not read: vanished, no right */
	LOSS_PACKETS,   /* segments that the capture dropped */
	LOSS_CLOSINGS,  /* destroy events: receive buffer overrun */
	LOSS_BOUNDED,   /* refused because a bound of ours was reached */
	LOSS_CALLERS,   /* of connections: the tracing program found no room */
	LOSS_COUNT,
};

/* How many were lost since the start. */
struct message_loss {
	uint8_t what; /* enum loss */
	uint64_t count;
};

/*
 * Which process opened or closed a TCP connection, told by the kernel at that moment: known also
 * when the process is gone before /proc could be read.
 */
struct caller {
	struct address local;
	struct address remote;
	uint16_t local_port; /* host order */
	uint16_t remote_port;
	uint32_t netns;
	uint32_t pid;
	char comm[16]; /* as it came: not clean, and not always NUL-terminated */
};

enum { MESSAGE_CALLERS_MAX = 256 };

struct caller array_caller(struct array array, size_t index);

struct message_callers {
	struct array callers; /* struct caller */
};

/* The source of callers: when it starts, ends, or cannot; and its count once a refresh. */
struct message_trace {
	uint8_t running;
	int32_t error;    /* errno why it does not run though it is subscribed to, or 0 */
	struct text text; /* a sentence then */
	uint64_t told;    /* callers since the start */
};

/* The answer to a request (destroy, signal). */
struct message_result {
	uint32_t request;
	int32_t error;    /* errno, or 0 */
	struct text text; /* a sentence */
};

enum subscription_netns {
	SUBSCRIPTION_NETNS_OWN,
	SUBSCRIPTION_NETNS_NAMED,
	SUBSCRIPTION_NETNS_ALL
};

/*
 * What the kernel shall filter: a conjunction of clauses, each a disjunction of conditions.
 * Conditions of one clause stand together and carry its number. A superset is always right: the
 * viewer filters again.
 */
enum condition_kind {
	CONDITION_LOCAL_PORT = 1, /* low <= local port <= high */
	CONDITION_REMOTE_PORT,
	CONDITION_LOCAL_ADDRESS, /* first `prefix` bits (of 128) equal */
	CONDITION_REMOTE_ADDRESS,
};

struct subscription_condition {
	uint8_t clause;
	uint8_t kind; /* enum condition_kind */
	uint8_t prefix;
	uint8_t reserved;
	uint16_t low, high; /* host order */
	uint8_t address[16];
};

enum { SUBSCRIPTION_CONDITIONS_MAX = 32 };

struct message_subscription {
	uint64_t needs;       /* enum need */
	uint32_t interval_ms; /* between refreshes */
	uint8_t once;         /* one snapshot, owners complete, then end */
	uint8_t paused;
	uint8_t protocols;       /* enum protocol_bit */
	uint8_t families;        /* enum family_bit */
	uint32_t states;         /* bit 1 << TCP_* state, as idiag_states; bit 13 bound-inactive */
	uint8_t netns_mode;      /* enum subscription_netns */
	struct text netns;       /* name or pid, when named */
	struct array conditions; /* struct subscription_condition */
	struct text capture_interface; /* "" is "any" */
	uint8_t capture_data;          /* 1: all TCP segments, not only SYN, FIN and RST */
	/* All segments of this one connection too, when watch_remote_port is not 0. */
	struct address watch_local;
	struct address watch_remote;
	uint16_t watch_local_port;
	uint16_t watch_remote_port;
	uint32_t watch_netns;
};

/* Close a socket (SOCK_DESTROY). The cookie is always sent: a reused 4-tuple is never hit. */
struct message_destroy {
	uint32_t request;
	uint32_t netns;
	uint8_t protocol; /* IPPROTO_TCP, IPPROTO_UDP */
	uint8_t family;   /* AF_INET, AF_INET6 */
	struct address local;
	struct address remote;
	uint16_t local_port; /* host order */
	uint16_t remote_port;
	uint32_t ifindex;
	uint64_t cookie;
};

struct message_signal {
	uint32_t request;
	uint32_t pid;
	uint64_t start_ticks; /* of the process meant; another one with its pid is not hit */
	uint32_t signal;
};

/* The capture's state and counts since it began; once a refresh and when it changes. */
struct message_capture {
	uint32_t netns;
	uint8_t running;
	int32_t error;         /* errno why it does not run, or 0 */
	struct text text;      /* a sentence when it does not run or not as subscribed to */
	struct text interface; /* "any" */
	uint64_t received;     /* segments handed to us (pcap_stats ps_recv less what it dropped) */
	uint64_t dropped;      /* by the kernel: ring full (ps_drop) */
	uint64_t interface_dropped; /* ps_ifdrop */
};

enum probe_protocol { PROBE_PROTOCOL_ICMP, PROBE_PROTOCOL_UDP, PROBE_PROTOCOL_TCP };

/* How a probe is sent: the best that the kernel allowed. */
enum probe_method {
	PROBE_METHOD_NONE,
	PROBE_METHOD_PING_SOCKET,
	PROBE_METHOD_RAW,
	PROBE_METHOD_UDP_SOCKET,
	PROBE_METHOD_CONNECT
};

/*
 * Start (or, with a known id, change) the probing of a path: every interval a cycle of one probe
 * for each ttl of first_ttl..max_ttl (as far as the target is known to be) and flow. The collector
 * repeats it in the stream, held to its bounds.
 */
struct message_probe_start {
	uint32_t id; /* the viewer's choice */
	uint32_t netns;
	uint8_t protocol; /* enum probe_protocol */
	uint8_t flows;    /* parallel flows, 1 or more; each keeps its header fields constant */
	uint8_t first_ttl;
	uint8_t max_ttl;
	struct address target;
	struct address source; /* :: lets the kernel choose */
	uint16_t port;         /* of the target: TCP, UDP (0: the default) */
	uint16_t source_port;  /* 0: chosen */
	uint32_t interval_ms;  /* between cycles */
	uint32_t cycles;       /* 0: until stopped */
	uint32_t timeout_ms;   /* when a probe counts as lost */
	uint16_t size;         /* bytes of payload */
	uint8_t tos;
	uint8_t dont_fragment; /* for path MTU */
	uint16_t router_rate;  /* times a second that a router is asked at most; 0: once */
	uint32_t interface;    /* index of the one to send by; 0: as routed */
	uint8_t goes_on;       /* the viewer keeps what it measured so far */
};

struct message_probe_stop {
	uint32_t id;
};

struct message_probe_state {
	uint32_t id;
	uint8_t running;       /* 0: no more is sent; what is in flight may still be answered */
	uint8_t method;        /* enum probe_method */
	int32_t error;         /* errno why it cannot, or 0 */
	struct text text;      /* a sentence: what is missing, what was taken instead */
	uint32_t cycle;        /* cycles begun */
	struct address source; /* as the kernel chose */
	uint16_t mtu;          /* of the path as the kernel knows it, or 0 */
};

struct message_probe_sent {
	uint32_t id;
	uint32_t sequence; /* of this probe id, from 1 */
	uint32_t cycle;
	uint8_t ttl;
	uint8_t flow;
	uint64_t sent_ns; /* CLOCK_REALTIME, the kernel's transmit stamp where it gives one */
	uint8_t kernel_stamp;
	int32_t error; /* errno of the sending, or 0 */
};

/* What answers: an ICMP error, an echo reply, a SYN-ACK, a RST. Only the kernel's own account is
 * interpreted. */
enum probe_answer {
	PROBE_ANSWER_ICMP,
	PROBE_ANSWER_ECHO,
	PROBE_ANSWER_CONNECTED,
	PROBE_ANSWER_REFUSED,
	PROBE_ANSWER_UDP
};

struct message_probe_answer {
	uint32_t id;
	uint32_t sequence; /* of the probe that it answers; 0: the viewer must tell from data */
	uint8_t kind;      /* enum probe_answer */
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint8_t ttl;          /* of the answer as received, or 0 */
	uint64_t received_ns; /* CLOCK_REALTIME, the kernel's receive stamp where it gives one */
	uint8_t kernel_stamp;
	struct address from;
	uint32_t info;      /* next-hop MTU of "fragmentation needed" */
	uint16_t extension; /* offset of RFC 4884 extensions in data, or 0 */
	struct text data;   /* bytes as they came: quoted packet and extensions */
};

enum name_status { NAME_FOUND, NAME_NONE, NAME_FAILED };

enum name_source { NAME_FROM_SERVER, NAME_FROM_HOSTS };

/* A name of an address (or addresses of a name) as the resolver found it; a source that needs no
 * rights. */
struct message_name {
	struct address address;
	struct text name; /* as it came: not clean */
	uint8_t status;   /* enum name_status */
	uint8_t source;   /* enum name_source; a file tells no lifetime, ttl_s is ours then */
	uint32_t ttl_s;
	uint32_t took_us;
	struct text server; /* which answered, or the file */
	struct text text;   /* why it failed, or what else is worth knowing */
};

union message_body {
	struct message_hello hello;
	struct message_snapshot_begin snapshot_begin;
	struct message_snapshot_end snapshot_end;
	struct message_dump_begin dump_begin;
	struct message_dump_end dump_end;
	struct message_gone gone;
	struct message_netns netns;
	struct message_link link;
	struct message_process process;
	struct message_process_gone process_gone;
	struct message_owners owners;
	struct message_user user;
	struct message_cgroup cgroup;
	struct message_counters counters;
	struct message_notice notice;
	struct message_loss loss;
	struct message_result result;
	struct message_subscription subscription;
	struct message_destroy destroy;
	struct message_signal signal;
	struct message_capture capture;
	struct message_probe_start probe_start;
	struct message_probe_stop probe_stop;
	struct message_probe_state probe_state;
	struct message_probe_sent probe_sent;
	struct message_probe_answer probe_answer;
	struct message_name name;
	struct message_callers callers;
	struct message_trace trace;
};

struct message {
	enum message_type type;
	union message_body body;
};

enum { MESSAGE_FORMAT = 1, MESSAGE_TEXT_MAX = 32768, MESSAGE_ARRAY_MAX = 4096 };

/*
 * Appends the message of this type, whose struct body points to, to out, which holds a multiple of
 * 4 bytes before and after. Texts longer than their bound are cut. 0, -EINVAL (unknown type, an
 * array longer than its bound), -ENOMEM.
 */
int message_encode(enum message_type type, const void *body, struct buffer *out);

/*
 * One netlink message of len bytes, aligned to 4, to *message. 0, -EINVAL (does not hold together),
 * -ENOMSG (unknown type).
 */
int message_decode(const void *data, size_t len, struct message *message);

#endif
