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
	/* From the viewer. */
	MESSAGE_SUBSCRIPTION = 64,
	MESSAGE_DESTROY,
	MESSAGE_SIGNAL,
	MESSAGE_PROBE_START,
	MESSAGE_PROBE_STOP,
};

/* First in every stream: who speaks. A second one means that the collector was started again. */
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
	int32_t error; /* errno of entering it, or 0 */
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
	int32_t fd_error; /* errno of reading its descriptors, or 0 */
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

/* The answer to a request (destroy, signal). */
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
};

struct message_signal {
	uint32_t request;
	uint32_t pid;
	uint64_t start_ticks; /* of that process; a later one with the same pid is not hit */
	uint32_t signal;
};

/* The state of a capture and its counts since it began; sent once a refresh and when it changes. */
struct message_capture {
	uint32_t netns;
	uint8_t running;
	int32_t error;         /* errno when it does not run, or 0 */
	struct text text;      /* a sentence when it does not run, or not as subscribed */
	struct text interface; /* "any" */
	uint64_t received;     /* segments handed to us (pcap_stats ps_recv less what it dropped) */
	uint64_t dropped;      /* by the kernel: ring full (ps_drop) */
	uint64_t interface_dropped; /* ps_ifdrop */
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
	struct message_callers_state callers_state;
};

struct message {
	enum message_type type;
	union message_body body;
};

/* A stream of a lower format is read whole: numbers are only ever added. */
enum { MESSAGE_FORMAT = 2, MESSAGE_TEXT_MAX = 32768, MESSAGE_ARRAY_MAX = 4096 };

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
