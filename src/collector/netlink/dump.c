/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends a dump request and reads the answer in slices; passes on what differs from before. */
#include <config.h>

#include "dump.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>

/* States that make no connection; TCP_CLOSE is one that is merely bound. */
enum { STATE_CLOSE = 7, STATE_LISTEN = 10 };

/*
 * The kernel writes the next datagram of a dump when we take the one before: its contents are as
 * old as that, however long it waited for us.
 */
static void
note_filled(struct dump *dump)
{
	dump->filled_ns = clock_realtime_ns();
	dump->filled_ms = clock_monotonic_ns() / CLOCK_NS_PER_MS;
}

int
dump_send(struct dump *dump, const struct dump_request *request)
{
	static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	ssize_t len;

	do {
		len = sendto(dump->fd, request->bytes, request->len, 0,
			(const struct sockaddr *)&kernel, sizeof kernel);
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return -errno;
	note_filled(dump);
	return 0;
}

static void
notify_proc(const struct dump *dump, struct proc *proc, const struct diag_view *view)
{
	const struct inet_diag_msg *const socket = view->socket;

	if ((dump->needs & (NEED_OWNERS | NEED_USERS)) != 0) {
		proc_saw_socket(proc, &(const struct proc_socket){
					      .cookie = diag_cookie(view),
					      .inode = socket->idiag_inode,
					      .uid = socket->idiag_uid,
					      .local_port = ntohs(socket->id.idiag_sport),
					      .state = socket->idiag_state,
				      });
	}
	if ((dump->needs & NEED_CGROUPS) != 0 && view->cgroup != 0)
		proc_saw_cgroup(proc, view->cgroup);
	if ((dump->needs & NEED_LINKS) != 0 && socket->id.idiag_if != 0)
		proc_saw_link(proc, dump->netns, socket->id.idiag_if);
}

static int
send_on(const struct diag_view *view, struct stream_writer *writer)
{
	uint8_t stripped[4096] __attribute__((aligned(8)));

	if (view->secret == 0)
		return stream_diag_add(writer, view->header, view->len);
	/* No socket needs half of that. A larger one is not sent, because it holds a key. */
	if (view->len > sizeof stripped)
		return -EMSGSIZE;
	return stream_diag_add(writer, stripped, diag_strip_secret(view, stripped));
}

static void
take_queues(struct dump_queues *queues, const struct inet_diag_msg *socket, uint64_t *losses)
{
	const uint64_t inode = (uint64_t)socket->idiag_inode << 32;

	if (queues->count == MESSAGE_ARRAY_MAX) {
		losses[LOSS_BOUNDED]++;
		return;
	}
	queues->receive[queues->count] = inode | socket->idiag_rqueue;
	queues->send[queues->count++] = inode | socket->idiag_wqueue;
}

static void
take_socket(struct dump *dump, const struct dump_sink *sink, const struct nlmsghdr *header)
{
	struct diag_view view;
	int error;

	if (!diag_scan(header, &view)) {
		sink->losses[LOSS_TRUNCATED]++;
		dump->interrupted = true;
		return;
	}
	if (dump->queues != NULL) {
		take_queues(dump->queues, view.socket, sink->losses);
		return;
	}
	dump->listed++;
	dump->connections +=
		view.socket->idiag_state != STATE_LISTEN && view.socket->idiag_state != STATE_CLOSE;
	if (dump->is_quiet)
		return;
	if (dump->known != NULL &&
		digest_see(dump->known, diag_cookie(&view), digest_of(&view, dump->filled_ms),
			&sink->losses[LOSS_BOUNDED]) == DIGEST_SAME) {
		if (sink->proc != NULL && proc_is_adrift(sink->proc, view.socket->idiag_inode))
			notify_proc(dump, sink->proc, &view);
		return;
	}
	if (sink->proc != NULL)
		notify_proc(dump, sink->proc, &view);
	error = send_on(&view, sink->writer);
	if (error == 0) {
		dump->sent++;
	} else {
		sink->losses[LOSS_BOUNDED]++;
		dump->interrupted = true;
	}
}

/* The errno that NLMSG_DONE or NLMSG_ERROR carries, or 0. libmnl's loop would lose that of DONE. */
static int
end_error(const struct nlmsghdr *header)
{
	int32_t error = 0;

	if (header->nlmsg_len >= NLMSG_HDRLEN + sizeof error)
		memcpy(&error, (const uint8_t *)header + NLMSG_HDRLEN, sizeof error);
	return error < 0 ? -error : 0;
}

/* True at the end of the dump. */
static bool
take_message(struct dump *dump, const struct dump_sink *sink, const struct nlmsghdr *header)
{
	if (header->nlmsg_seq != dump->sequence)
		return false;
	if ((header->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
		dump->interrupted = true;
	switch (header->nlmsg_type) {
	case NLMSG_DONE:
	case NLMSG_ERROR: dump->error = end_error(header); return true;
	case SOCK_DIAG_BY_FAMILY:
	case TCPDIAG_GETSOCK: take_socket(dump, sink, header); return false;
	default: return false;
	}
}

/* Fetches the entries of all sockets in the datagram while the first ones are hashed. */
static void
prefetch(const struct dump *dump, const uint8_t *bytes, size_t len)
{
	const size_t least = NLMSG_HDRLEN + sizeof(struct inet_diag_msg);

	for (size_t offset = 0; offset + least <= len;) {
		const struct diag_view view = {
			.header = (const struct nlmsghdr *)(bytes + offset),
			.socket = (const struct inet_diag_msg *)(bytes + offset + NLMSG_HDRLEN),
		};

		if (view.header->nlmsg_len < least)
			break;
		digest_prefetch(dump->known, diag_cookie(&view));
		offset += NLMSG_ALIGN((size_t)view.header->nlmsg_len);
	}
}

static bool
take_datagram(struct dump *dump, const struct dump_sink *sink, size_t len)
{
	bool done = false;

	if (dump->known != NULL)
		prefetch(dump, sink->buffer, len);
	stream_diag_begin(sink->writer, dump->filled_ns, dump->netns);
	for (size_t offset = 0; !done && len - offset >= NLMSG_HDRLEN;) {
		const struct nlmsghdr *const header =
			(const struct nlmsghdr *)(sink->buffer + offset);

		if (header->nlmsg_len < NLMSG_HDRLEN || header->nlmsg_len > len - offset)
			break;
		done = take_message(dump, sink, header);
		offset += NLMSG_ALIGN(header->nlmsg_len);
		if (offset > len)
			break;
	}
	stream_diag_end(sink->writer);
	return done;
}

/* Bytes read; 0: nothing of use in this datagram; negative errno. */
static ssize_t
receive(struct dump *dump, const struct dump_sink *sink)
{
	struct sockaddr_nl from = {0};
	socklen_t from_len = sizeof from;
	const ssize_t len = recvfrom(dump->fd, sink->buffer, DUMP_BUFFER, MSG_DONTWAIT | MSG_TRUNC,
		(struct sockaddr *)&from, &from_len);

	if (len < 0 && errno == ENOBUFS) {
		sink->losses[LOSS_NETLINK]++;
		dump->interrupted = true;
		return 0;
	}
	if (len < 0)
		return errno == EINTR ? 0 : -errno;
	if (from.nl_pid != 0)
		return 0;
	if (len > DUMP_BUFFER) {
		sink->losses[LOSS_TRUNCATED]++;
		dump->interrupted = true;
		return DUMP_BUFFER;
	}
	return len;
}

static bool
is_blocked(struct stream_writer *writer)
{
	if (stream_pending(writer) < DUMP_PENDING_MAX)
		return false;
	/* The next flush finds an error again. */
	return stream_flush(writer) != 0 && stream_pending(writer) >= DUMP_PENDING_MAX;
}

enum dump_status
dump_step(struct dump *dump, const struct dump_sink *sink, uint64_t until_ns)
{
	for (;;) {
		ssize_t len;
		bool done;

		if (is_blocked(sink->writer))
			return DUMP_BLOCKED;
		len = receive(dump, sink);
		if (len == -EAGAIN)
			return DUMP_WAIT;
		if (len < 0) {
			dump->error = (int)-len;
			return DUMP_DONE;
		}
		done = len > 0 && take_datagram(dump, sink, (size_t)len);
		if (done)
			return DUMP_DONE;
		note_filled(dump);
		if (dump->filled_ms * CLOCK_NS_PER_MS >= until_ns)
			return DUMP_MORE;
	}
}
