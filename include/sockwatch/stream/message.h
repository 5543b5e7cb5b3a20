/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our own messages in the stream: what the collector reports, and what the viewer orders. On the
 * wire each is a netlink message (struct nlmsghdr, then attributes) built and read with libmnl; in
 * memory each is one of these structs. A table (src/stream/message_table.c) says for each attribute
 * which member holds it, its kind and its bound; the encoder, the decoder and sockwatch-stream(5)
 * derive from it.
 *
 * Numbers are in host byte order, as in all netlink. A missing attribute reads as zero, an unknown
 * one is skipped, and one whose length does not fit makes the message invalid. Texts and arrays of
 * a decoded message point into the record and live as long as it.
 */
#ifndef SOCKWATCH_STREAM_MESSAGE_H
#define SOCKWATCH_STREAM_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/array.h>
#include <sockwatch/stream/message_probe.h>
#include <sockwatch/stream/message_subscription.h>

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
	MESSAGE_CALLERS_STATE,
	MESSAGE_CLOCK_STEP,
	MESSAGE_MPTCP,
	MESSAGE_SYSCTLS,
	MESSAGE_DESCRIPTORS,
	MESSAGE_CGROUP_MEMORY,
	MESSAGE_SYSCTL_FILES,
	MESSAGE_MARK,
	MESSAGE_INDEX,
	/* From the viewer. */
	MESSAGE_SUBSCRIPTION = 64,
	MESSAGE_DESTROY,
	MESSAGE_SIGNAL,
	MESSAGE_PROBE_START,
	MESSAGE_PROBE_STOP,
	MESSAGE_VERIFY,
};

/*
 * First in every stream, and in each key frame: who speaks. With `again` the collector is the one
 * of before and repeats, up to the end of the refresh, all that it told once, so that a reader may
 * begin here. Without it, a second one means that the collector was started again.
 */
struct message_hello {
	uint32_t format; /* version of this format */
	struct text version;
	struct text host;
	struct text kernel;
	uint64_t boot_ns;     /* CLOCK_REALTIME at boot */
	uint32_t page_size;   /* bytes */
	uint32_t clock_ticks; /* of process start times, a second */
	uint32_t uid;         /* real uid of the user who started the collector */
	uint32_t rights;      /* enum right */
	uint32_t pid;
	struct text boot_id; /* tells boots apart whatever the clocks say; empty: not known */
	uint8_t again;
	struct text mark;       /* MESSAGE_KEY_MARK: to be found among bytes that are damaged */
	int32_t utc_offset_s;   /* of local time */
	struct text machine_id; /* hexadecimal; empty: not known */
	uint32_t format_least;  /* the oldest format whose readers understand this stream */
};

/* A refresh: everything between begin and end belongs to one look at the box. */
struct message_snapshot_begin {
	uint32_t sequence;
	uint64_t monotonic_ns;
};

struct message_snapshot_end {
	uint32_t sequence;
	uint64_t monotonic_ns;
	uint32_t owners_pending; /* sockets whose owner is still searched for (time budget) */
	uint32_t owners_hidden;  /* processes whose descriptors we may not read */
	uint64_t cpu_us;         /* CPU time of the collector since it started */
	/*
	 * CLOCK_MONOTONIC: for sockets that came before, every process that can be seen was read
	 * since, so an owner that was not found is none of them. 0: not known.
	 */
	uint64_t owners_settled_ns;
	uint32_t proc_limits; /* enum proc_limit */
	uint8_t key;          /* 1: a key frame, and nothing of it was refused or interrupted */
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
	uint32_t sent;    /* those of them that follow in the stream */
	int32_t error;    /* errno of a dump that failed, or 0 */
};

/* Sockets that the dump before had and that a complete dump lacks. */
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
	int32_t error;     /* errno of entering it, or 0 */
	uint8_t name_gone; /* it is looked at by that name, or pid, which leads to it no more */
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
	int32_t fd_error;          /* errno of reading its descriptors, or 0 */
	struct text memory_cgroup; /* path of its memory controller, where that is another; or "" */
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

/*
 * How many descriptors processes have open, and how many they may have: those that were not sent
 * before, or have changed. A process without one of them is one of which it is not known.
 */
struct message_descriptors {
	struct array open;   /* u64: pid << 32 | number */
	struct array limits; /* u64: pid << 32 | soft limit (RLIMIT_NOFILE) */
};

struct message_user {
	uint32_t uid;
	struct text name;
};

struct message_cgroup {
	uint64_t id; /* as in INET_DIAG_CGROUP_ID */
	struct text path;
};

/*
 * All lines of the files of sysctl.d(5) and of /etc/sysctl.conf that set something of net, in the
 * order in which they are applied; sent again as a whole when one changed. A line each: file,
 * number of the line, name and value with tabs between; without tab and value it is a name that
 * patterns shall not match.
 */
struct message_sysctl_files {
	struct text lines;
	uint32_t left_out;       /* lines without room */
	uint32_t unread;         /* files and directories that could not be read, or not whole */
	struct text unread_file; /* the first of them */
};

/* Which members of message_cgroup_memory are known. */
enum cgroup_memory_known {
	CGROUP_MEMORY_LIMIT = 1 << 0,
	CGROUP_MEMORY_UNLIMITED = 1 << 1, /* there is no limit here; perhaps in a cgroup above */
	CGROUP_MEMORY_USAGE = 1 << 2,
	CGROUP_MEMORY_SOCKETS = 1 << 3,
	CGROUP_MEMORY_HITS = 1 << 4,
	CGROUP_MEMORY_THROTTLED = 1 << 5,
};

/*
 * The memory of sockets in a cgroup of processes that hold some, or in one above it. Without a
 * limit only that is reported.
 */
struct message_cgroup_memory {
	struct text path; /* of the memory controller; "": only left_out is said */
	uint8_t version;  /* of cgroups: 1, the limit is on TCP alone; 2, on all memory */
	uint8_t gone;
	uint8_t known;         /* enum cgroup_memory_known */
	uint64_t limit_bytes;  /* memory.kmem.tcp.limit_in_bytes, memory.max */
	uint64_t usage_bytes;  /* of what is limited: memory.kmem.tcp.usage_in_bytes, memory.current
				*/
	uint64_t socket_bytes; /* of it: memory.kmem.tcp.usage_in_bytes, `sock` of memory.stat */
	uint64_t limit_hits;   /* memory.kmem.tcp.failcnt, `max` of memory.events */
	uint64_t throttled;    /* `sock_throttled` of memory.events */
	uint32_t left_out;     /* cgroups beyond the bound, since the start */
};

enum counter_source {
	COUNTER_SOCKSTAT,
	COUNTER_SOCKSTAT6,
	COUNTER_SNMP,
	COUNTER_NETSTAT,
	COUNTER_SNMP6, /* only the lines of UDP: the rest is long */
	/* /proc/net/stat/nf_conntrack: the sum over all CPUs, in the layout of netstat. */
	COUNTER_CONNTRACK,
	COUNTER_SOURCES,
};

/* A counter file of a namespace as the kernel printed it. */
struct message_counters {
	uint32_t netns;
	uint8_t source; /* enum counter_source */
	uint64_t monotonic_ns;
	uint64_t unchanged_ns; /* monotonic; until then the text before was true. 0: not known */
	struct text text;
};

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };

/* A sentence for the status line. */
struct message_notice {
	uint8_t severity;
	struct text text;
};

/* How many were lost since the start. */
struct message_loss {
	uint8_t what; /* enum loss */
	uint64_t count;
};

/*
 * The process that called connect() or close() on a TCP connection. The kernel reports it at that
 * moment, so it is known even when the process ends before /proc is read.
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

/* Whether callers are traced: sent when that changes, and with the count once a refresh. */
struct message_callers_state {
	uint8_t running;
	int32_t error;     /* errno when it does not run though it is subscribed to, or 0 */
	struct text text;  /* a sentence then */
	uint64_t reported; /* callers since the start */
};

/* The answer to a request (destroy, signal, verify). */
struct message_result {
	uint32_t request;
	int32_t error;    /* errno, or 0 */
	struct text text; /* a sentence */
};

/* Close a socket (SOCK_DESTROY). It always has the cookie, so a reused 4-tuple is never hit. */
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
	/* The process that was shown as its owner: when it does not hold it any more, nothing is
	 * done. pid 0: none was known. */
	uint32_t pid;
	uint64_t start_ticks;
	uint32_t inode;
	uint32_t fd; /* its descriptor of the socket when it was shown, plus 1; 0: not known */
};

struct message_signal {
	uint32_t request;
	uint32_t pid;
	uint64_t start_ticks; /* of that process; a later one with the same pid is not hit */
	uint32_t signal;
	uint32_t inode; /* the socket for which it was chosen, which it must still hold; or 0 */
};

/*
 * Look now whether the processes that are known to hold a socket still do. Those that do not are
 * reported as MESSAGE_OWNERS before the result.
 */
struct message_verify {
	uint32_t request;
	uint32_t inode;
};

/*
 * The state of a capture and the counts of its namespace since the first one there began; sent once
 * a refresh and when it changes.
 */
struct message_capture {
	uint32_t netns;
	uint8_t running;
	int32_t error;         /* errno when it does not run, or 0 */
	struct text text;      /* a sentence when it does not run, or not as subscribed */
	struct text interface; /* "any" */
	uint64_t received;     /* segments handed to us (pcap_stats ps_recv less what it dropped) */
	uint64_t dropped;      /* ring or stream full, or left in a ring that was closed */
	uint64_t interface_dropped; /* ps_ifdrop */
	uint64_t cut;               /* of those received, had payload that the collector cut off */
};

enum name_status { NAME_FOUND, NAME_NONE, NAME_FAILED };

enum name_source { NAME_FROM_SERVER, NAME_FROM_HOSTS };

/* The name of an address as the resolver found it. The resolver needs no rights. */
struct message_name {
	struct address address;
	struct text name; /* as it came: not clean */
	uint8_t status;   /* enum name_status */
	uint8_t source;   /* enum name_source; a file has no lifetime: ttl_s is ours then */
	uint32_t ttl_s;
	uint32_t took_us;
	struct text server; /* the server that answered, or the file */
	struct text text;   /* why it failed, or what else is worth knowing */
};

/*
 * The wall clock was set, since the start of the stream or the last such message. The time of this
 * record and of those after it is of the clock as it is now.
 */
struct message_clock_step {
	uint64_t step_ns; /* two's complement: back when the highest bit is set */
};

/*
 * The queues of the MPTCP connections of a namespace: all of them, each time. Their subflows, which
 * the dump lists, have the same inodes and queues of their own, which are mostly empty.
 */
struct message_mptcp {
	uint32_t netns;
	struct array receive; /* u64: inode << 32 | bytes (idiag_rqueue) */
	struct array send;    /* u64: the same of idiag_wqueue, in the same order */
};

/*
 * Sysctls whose value was not sent before, or has changed since. A line each: "name=value", as the
 * kernel prints the value, or "name" where the kernel has no such file, or does not show it in this
 * namespace. What is named in no message could not be read.
 */
struct message_sysctls {
	uint32_t netns;   /* 0: those that the machine has once */
	struct text text; /* names: see sysctl.h */
};

/* A note in time: of a person, or of who records. */
struct message_mark {
	struct text text;
};

/*
 * The last record of a recording that was ended in order: where its key frames are, in the order of
 * the file. Of a long one those that would not fit are left out.
 */
struct message_index {
	struct array offsets; /* u64: bytes from the start of the file to the HELLO */
	struct array times;   /* u64: CLOCK_REALTIME of its SNAPSHOT_END */
	struct array sockets; /* u32: listed in it */
	uint64_t first_ns,
		last_ns;    /* CLOCK_REALTIME of the first record, and the last before this */
	uint64_t snapshots; /* that are complete */
	uint32_t size;      /* bytes of this record: the last four bytes of the file */
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
	struct message_verify verify;
	struct message_capture capture;
	struct message_probe_start probe_start;
	struct message_probe_stop probe_stop;
	struct message_probe_state probe_state;
	struct message_probe_sent probe_sent;
	struct message_probe_answer probe_answer;
	struct message_name name;
	struct message_callers callers;
	struct message_callers_state callers_state;
	struct message_clock_step clock_step;
	struct message_mptcp mptcp;
	struct message_sysctls sysctls;
	struct message_descriptors descriptors;
	struct message_cgroup_memory cgroup_memory;
	struct message_sysctl_files sysctl_files;
	struct message_mark mark;
	struct message_index index;
};

struct message {
	enum message_type type;
	union message_body body;
};

/*
 * A stream of a lower format is read whole: numbers are only ever added. 3: sysctls, descriptors,
 * cgroup_memory, sysctl_files. 4: key frames. Readers of MESSAGE_FORMAT_LEAST and later understand
 * what we write.
 */
enum {
	MESSAGE_FORMAT = 4,
	MESSAGE_FORMAT_LEAST = 1,
	MESSAGE_TEXT_MAX = 32768,
	MESSAGE_ARRAY_MAX = 4096,
	MESSAGE_KEY_MARK_BYTES = 16,
};

/* MESSAGE_KEY_MARK_BYTES that do not come elsewhere, and its end. */
#define MESSAGE_KEY_MARK "\x9bsockwatch-key\xe4\n"

/*
 * Appends a message of this type to out; body points to its struct. out holds a multiple of 4 bytes
 * before and after. A text longer than its bound is cut. 0, -EINVAL (unknown type, an array longer
 * than its bound), -ENOMEM.
 */
int message_encode(enum message_type type, const void *body, struct buffer *out);

/*
 * Decodes one netlink message of len bytes, aligned to 4, to *message. 0, -EINVAL (malformed),
 * -ENOMSG (unknown type).
 */
int message_decode(const void *data, size_t len, struct message *message);

#endif
