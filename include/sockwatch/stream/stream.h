/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stream between collector and viewer, on a pipe or in a file: a pcap file with nanoseconds and
 * link type LINUX_SLL2 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html). A record is
 *   - a packet as captured (ARPHRD of its interface);
 *   - a netlink datagram as the kernel sent it (ARPHRD_NETLINK, protocol NETLINK_SOCK_DIAG);
 *   - one of our messages (ARPHRD_NETLINK, protocol NETLINK_USERSOCK).
 * For netlink records the link-layer address holds the namespace's number (4 bytes, network order).
 */
#ifndef SOCKWATCH_STREAM_STREAM_H
#define SOCKWATCH_STREAM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/index.h>
#include <sockwatch/stream/message.h>

enum record_kind { RECORD_PACKET, RECORD_DIAG, RECORD_MESSAGE };

/* packet_type and arphrd (ARPHRD_VOID) of a packet from a file that lacks them. */
enum { RECORD_PACKET_TYPE_UNKNOWN = 255, RECORD_ARPHRD_UNKNOWN = 0xffff };

struct record {
	uint64_t time_ns; /* CLOCK_REALTIME */
	enum record_kind kind;
	uint32_t netns;    /* for RECORD_DIAG and RECORD_PACKET */
	uint32_t ifindex;  /* for RECORD_PACKET */
	uint16_t protocol; /* for RECORD_PACKET: ethertype, or 0: see data */
	uint16_t arphrd;
	uint8_t packet_type; /* for RECORD_PACKET: PACKET_HOST, PACKET_OUTGOING, … */
	const uint8_t *data; /* lives until the next call on the reader; netlink is aligned to 4 */
	size_t len;          /* bytes there */
	size_t wire_len;     /* bytes on the wire; more than len when cut */
};

/* A record larger than this is refused: the stream is broken. */
enum { STREAM_RECORD_MAX = 256 * 1024 };

struct stream_writer;

/* Writes to fd (not owned; may be non-blocking). At most limit bytes wait in memory. NULL: no
 * memory. */
struct stream_writer *stream_writer_new(int fd, size_t limit);
void stream_writer_free(struct stream_writer *writer);
/* From now on a step of CLOCK_REALTIME is reported (MESSAGE_CLOCK_STEP) before what comes after it.
 */
void stream_follow_clock(struct stream_writer *writer);
/* Call it before packets are written: messages and datagrams look at the clock by themselves. */
void stream_note_clock(struct stream_writer *writer);

/* Appends one of our messages, stamped now. 0, -ENOBUFS when the limit is reached, -EINVAL. */
int stream_write_message(struct stream_writer *writer, enum message_type type, const void *body);

/*
 * A netlink datagram built from messages that the kernel sent: begin, add each, end. Between
 * begin and end no other call. An empty one writes nothing. add starts a new record when this one
 * is full. It returns 0; -ENOBUFS when the limit is reached (what was added before stays: end,
 * flush, begin again); -EMSGSIZE when the message fits no record.
 */
void stream_diag_begin(struct stream_writer *writer, uint64_t time_ns, uint32_t netns);
int stream_diag_add(struct stream_writer *writer, const void *nlmsg, size_t len);
void stream_diag_end(struct stream_writer *writer);

/*
 * A packet as libpcap gives it for LINUX_SLL2: its cooked header and then the captured bytes. The
 * namespace's number goes into the header's reserved field. 0, -ENOBUFS, -EINVAL (no cooked
 * header).
 */
int stream_write_packet(struct stream_writer *writer, uint64_t time_ns, uint32_t netns,
	const void *cooked, size_t len, size_t wire_len);

/* Writes what waits. 0 when nothing is left, -EAGAIN when the pipe is full, else -errno (-EPIPE:
 * nobody reads). */
int stream_flush(struct stream_writer *writer);
size_t stream_pending(const struct stream_writer *writer); /* bytes */
/* How many messages were refused so far for lack of room. */
uint64_t stream_refused(const struct stream_writer *writer);

/* What could not be read of a recording. */
struct stream_damage {
	uint64_t places;       /* 0: it is whole */
	uint64_t bytes;        /* skipped in all of them */
	uint64_t first_offset; /* of the first place, from the beginning */
};

struct stream_reader;

/* A pipe or socket, non-blocking; read by our own few lines, so that the loop never stalls. Not
 * owned. */
struct stream_reader *stream_reader_new(int fd);
/*
 * A file or pipe, opened once and read once. fd: what open() returned, used up; negative: errno
 * says why. name: what the user calls it. A stream as above is read on
 * behind damage, and also without its beginning: see stream_reader_damage. Anything else is a
 * capture: either byte order of the framing, pcap (with libpcap) or pcapng, any link type. NULL
 * with a sentence. Records of link types LINUX_SLL2 and LINUX_SLL begin after the cooked header;
 * those of others are packets that begin with the link's own header.
 */
struct stream_reader *stream_reader_open(int fd, const char *name, struct error *error);
void stream_reader_free(struct stream_reader *reader);
/* Of one that stream_reader_open opened: its index (index.h), as stream_index_read. */
int stream_reader_index(const struct stream_reader *reader, struct stream_index *index);
/* The next record is the one that begins at this byte of the file; what was read is forgotten. 0,
 * or negative errno (-ESPIPE: it cannot be sought in). */
int stream_reader_seek(struct stream_reader *reader, uint64_t offset);
/* From now on tee gets all bytes of a pipe as they come, before they are records. */
void stream_reader_tee(struct stream_reader *reader,
	void (*tee)(void *context, const void *bytes, size_t len), void *context);

/*
 * The next record: 1; 0 when there is none now (pipe) or no more (see stream_reader_ended); -EPROTO
 * with a sentence when the bytes are not a stream, -errno with one when they cannot be read (after
 * that always so). A last record that was cut ends the stream quietly: see stream_reader_cut.
 */
int stream_reader_next(struct stream_reader *reader, struct record *record, struct error *error);
/* The next records, as many as are in memory and max at most, which live together; one that is not
 * a packet is the last. How many, or as stream_reader_next. */
int stream_reader_some(
	struct stream_reader *reader, struct record *records, unsigned max, struct error *error);
bool stream_reader_ended(const struct stream_reader *reader);
/* The stream ended within a record. */
bool stream_reader_cut(const struct stream_reader *reader);
/* What was damaged so far in a stream that was opened by stream_reader_open. A stream without its
 * beginning has bytes without a place. */
struct stream_damage stream_reader_damage(const struct stream_reader *reader);

#endif
