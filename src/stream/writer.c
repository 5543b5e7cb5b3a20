/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes records to a pipe, a socket or a file. One buffer holds all that waits. New records are
 * built at its end, in place; written bytes are passed over at its front, and the rest is moved
 * down only when room is needed.
 */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "framing.h"

enum {
	/* Netlink datagrams are filled to this, so that the reader needs little memory. */
	DATAGRAM_TARGET = 64 * 1024 - (int)sizeof(struct framing_header),
	DATAGRAM_MAX = STREAM_RECORD_MAX - (int)sizeof(struct framing_cooked),
	/* Four times the default: halves the CPU time of both ends; more gains nothing. */
	PIPE_SIZE = 256 * 1024,
	/* Less is not worth a message: NTP slews the clock by half of this in a minute at most. */
	CLOCK_STEP_MS = 50,
};

struct stream_writer {
	int fd;
	size_t limit;
	struct buffer buffer;
	struct buffer aside; /* a message that goes to an unaligned place */
	size_t written;      /* of buffer, from its front */
	/* The open datagram: where its headers are, if any message has come yet. */
	bool open;
	size_t open_at;
	uint64_t time_ns;
	uint32_t netns;
	uint64_t refused; /* messages */
	/* CLOCK_REALTIME less CLOCK_MONOTONIC when steps were last reported; 0: they are not. */
	uint64_t clock_ahead_ns;
};

struct stream_writer *
stream_writer_new(int fd, size_t limit)
{
	struct stream_writer *const writer = calloc(1, sizeof *writer);

	if (writer == NULL)
		return NULL;
	writer->fd = fd;
	writer->limit = limit;
	/* Fails where fd is no pipe, or a user has too many pipes: then it is as large as it is. */
	if (fcntl(fd, F_GETPIPE_SZ) < PIPE_SIZE)
		fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	buffer_init(&writer->buffer, 0);
	buffer_init(&writer->aside, 0);
	buffer_append(&writer->buffer, &framing_file_header, sizeof framing_file_header);
	if (writer->buffer.failed) {
		stream_writer_free(writer);
		return NULL;
	}
	return writer;
}

void
stream_writer_free(struct stream_writer *writer)
{
	if (writer == NULL)
		return;
	buffer_fini(&writer->aside);
	buffer_fini(&writer->buffer);
	free(writer);
}

size_t
stream_pending(const struct stream_writer *writer)
{
	return writer->buffer.len - writer->written;
}

/*
 * Makes room for len bytes by moving what waits down, when that frees a quarter of the buffer: less
 * would cost more moving than growing. So the buffer never grows beyond twice the limit.
 */
static void
compact(struct stream_writer *writer, size_t len)
{
	struct buffer *const buffer = &writer->buffer;

	if (len <= buffer->capacity - buffer->len || writer->written < buffer->capacity / 4)
		return;
	buffer_consume(buffer, writer->written);
	writer->open_at -= writer->open ? writer->written : 0;
	writer->written = 0;
}

/* Room for len bytes within the limit, or NULL. */
static void *
reserve(struct stream_writer *writer, size_t len)
{
	void *room;

	if (len > writer->limit || stream_pending(writer) > writer->limit - len)
		return NULL;
	compact(writer, len);
	room = buffer_reserve(&writer->buffer, len);
	/* Out of memory is a limit too: what waits must go first. */
	writer->buffer.failed = false;
	return room;
}

/* Packets have any length, so what follows them may lie anywhere; libmnl wants multiples of 4. */
static int
encode_aligned(struct stream_writer *writer, enum message_type type, const void *body)
{
	struct buffer *const aside = &writer->aside;
	int error;

	if (((uintptr_t)writer->buffer.data + writer->buffer.len) % MNL_ALIGNTO == 0)
		return message_encode(type, body, &writer->buffer);
	buffer_clear(aside);
	error = message_encode(type, body, aside);
	if (error == 0)
		buffer_append(&writer->buffer, aside->data, aside->len);
	return error != 0 ? error : writer->buffer.failed ? -ENOMEM : 0;
}

static int
write_message(struct stream_writer *writer, enum message_type type, const void *body)
{
	struct buffer *const buffer = &writer->buffer;
	struct framing_header header;
	size_t start;
	int error;

	if (reserve(writer, sizeof header) == NULL)
		return -ENOBUFS;
	start = buffer->len;
	buffer->len += sizeof header;
	error = encode_aligned(writer, type, body);
	if (error != 0 || stream_pending(writer) > writer->limit) {
		buffer->len = start;
		buffer->failed = false;
		return error == -EINVAL ? error : -ENOBUFS;
	}
	framing_fill(&header, clock_realtime_ns(), NETLINK_USERSOCK, 0,
		buffer->len - start - sizeof header);
	memcpy(buffer->data + start, &header, sizeof header);
	return 0;
}

static uint64_t
read_ahead_ns(void)
{
	return clock_realtime_ns() - clock_monotonic_ns();
}

void
stream_follow_clock(struct stream_writer *writer)
{
	writer->clock_ahead_ns = read_ahead_ns();
}

void
stream_note_clock(struct stream_writer *writer)
{
	const uint64_t ahead_ns = writer->clock_ahead_ns != 0 ? read_ahead_ns() : 0;
	const uint64_t step_ns = ahead_ns - writer->clock_ahead_ns;
	const uint64_t least_ns = CLOCK_STEP_MS * CLOCK_NS_PER_MS;
	const struct message_clock_step step = {.step_ns = step_ns};

	/* The difference has a sign: it is small when it is near 0 from either side. */
	if (writer->clock_ahead_ns == 0 || step_ns + least_ns <= 2 * least_ns)
		return;
	if (write_message(writer, MESSAGE_CLOCK_STEP, &step) == 0)
		writer->clock_ahead_ns = ahead_ns;
}

int
stream_write_message(struct stream_writer *writer, enum message_type type, const void *body)
{
	int error;

	stream_note_clock(writer);
	error = write_message(writer, type, body);
	writer->refused += error != 0;
	return error;
}

uint64_t
stream_refused(const struct stream_writer *writer)
{
	return writer->refused;
}

void
stream_diag_begin(struct stream_writer *writer, uint64_t time_ns, uint32_t netns)
{
	stream_note_clock(writer);
	writer->time_ns = time_ns;
	writer->netns = netns;
}

void
stream_diag_end(struct stream_writer *writer)
{
	struct buffer *const buffer = &writer->buffer;
	struct framing_header header;

	if (!writer->open)
		return;
	framing_fill(&header, writer->time_ns, NETLINK_SOCK_DIAG, writer->netns,
		buffer->len - writer->open_at - sizeof header);
	memcpy(buffer->data + writer->open_at, &header, sizeof header);
	writer->open = false;
}

int
stream_diag_add(struct stream_writer *writer, const void *nlmsg, size_t len)
{
	static const uint8_t padding[MNL_ALIGNTO];
	struct buffer *const buffer = &writer->buffer;
	const size_t aligned = MNL_ALIGN(len);
	size_t front = 0;
	uint8_t *room;

	if (len > DATAGRAM_MAX)
		return -EMSGSIZE;
	if (writer->open &&
		buffer->len - writer->open_at - sizeof(struct framing_header) + aligned >
			DATAGRAM_TARGET)
		stream_diag_end(writer);
	if (!writer->open)
		front = sizeof(struct framing_header);
	room = reserve(writer, front + aligned);
	if (room == NULL)
		return -ENOBUFS;
	if (!writer->open) {
		writer->open = true;
		writer->open_at = buffer->len;
	}
	memcpy(room + front, nlmsg, len);
	memcpy(room + front + len, padding, aligned - len);
	buffer->len += front + aligned;
	return 0;
}

int
stream_write_packet(struct stream_writer *writer, uint64_t time_ns, uint32_t netns,
	const void *cooked, size_t len, size_t wire_len)
{
	struct framing_header header;
	struct framing_record record = {
		.seconds = (uint32_t)(time_ns / CLOCK_NS_PER_S),
		.nanoseconds = (uint32_t)(time_ns % CLOCK_NS_PER_S),
		.len = (uint32_t)len,
		.wire_len = (uint32_t)wire_len,
	};
	uint8_t *room;

	if (len < sizeof header.cooked || len > STREAM_RECORD_MAX || writer->open)
		return -EINVAL;
	room = reserve(writer, sizeof record + len);
	if (room == NULL)
		return -ENOBUFS;
	memcpy(&header.cooked, cooked, sizeof header.cooked);
	header.cooked.reserved = htons(netns <= UINT16_MAX ? (uint16_t)netns : 0);
	header.record = record;
	memcpy(room, &header, sizeof header);
	memcpy(room + sizeof header, (const uint8_t *)cooked + sizeof header.cooked,
		len - sizeof header.cooked);
	writer->buffer.len += sizeof record + len;
	return 0;
}

int
stream_flush(struct stream_writer *writer)
{
	struct buffer *const buffer = &writer->buffer;

	/* An open datagram has no headers yet and stays. */
	const size_t end = writer->open ? writer->open_at : buffer->len;

	while (writer->written < end) {
		const ssize_t count =
			write(writer->fd, buffer->data + writer->written, end - writer->written);

		if (count >= 0)
			writer->written += (size_t)count;
		else if (errno == ECONNRESET) /* a socket, and not all of it was read */
			return -EPIPE;
		else if (errno != EINTR)
			return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	}
	if (!writer->open) {
		buffer_clear(buffer);
		writer->written = 0;
	}
	return 0;
}
