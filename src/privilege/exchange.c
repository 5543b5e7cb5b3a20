/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Passes descriptors (unix(7)), and waits for other processes of ours. */
#include <config.h>

#include "exchange.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Usually an end is quick. */
enum { FIRST_PAUSE_NS = 100000 };

union descriptors {
	struct cmsghdr header;
	char room[CMSG_SPACE(EXCHANGE_FDS_MAX * sizeof(int))];
};

int
exchange_send(int to, void *data, size_t len, const int *fds, size_t count)
{
	union descriptors descriptors = {0};
	struct iovec text = {.iov_base = data, .iov_len = len};
	struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};

	if (count > 0) {
		message.msg_control = descriptors.room;
		message.msg_controllen = CMSG_SPACE(count * sizeof *fds);
		descriptors.header.cmsg_level = SOL_SOCKET;
		descriptors.header.cmsg_type = SCM_RIGHTS;
		descriptors.header.cmsg_len = CMSG_LEN(count * sizeof *fds);
		memcpy(CMSG_DATA(&descriptors.header), fds, count * sizeof *fds);
	}
	return sendmsg(to, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* What came and is not taken: none, another number of descriptors, or more than there was room for.
 */
static void
close_received(struct msghdr *message)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
		header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = CMSG_LEN(0); at + sizeof(int) <= header->cmsg_len;
			at += sizeof(int)) {
			int fd;

			memcpy(&fd, (const char *)header + at, sizeof fd);
			close(fd);
		}
	}
}

int
exchange_receive(int from, void *data, size_t len, int *fds, size_t count)
{
	union descriptors descriptors = {0};
	struct iovec text = {.iov_base = data, .iov_len = len};
	struct msghdr message = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = descriptors.room,
		.msg_controllen = CMSG_SPACE(count * sizeof *fds),
	};
	const ssize_t received = recvmsg(from, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	const struct cmsghdr *header;

	if (received < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	header = CMSG_FIRSTHDR(&message);
	if ((size_t)received == len && (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) == 0 &&
		header != NULL && header->cmsg_type == SCM_RIGHTS &&
		header->cmsg_len == CMSG_LEN(count * sizeof *fds)) {
		memcpy(fds, CMSG_DATA(header), count * sizeof *fds);
		return (int)count;
	}
	close_received(&message);
	if ((size_t)received != len || (message.msg_flags & MSG_TRUNC) != 0)
		return -EPIPE;
	return (message.msg_flags & MSG_CTRUNC) != 0 ? -EMFILE : 0;
}

int
exchange_wait(int from, int timeout_ms)
{
	struct pollfd source = {.fd = from, .events = POLLIN};
	int count;

	do {
		count = poll(&source, 1, timeout_ms);
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		return -errno;
	return count == 0 ? -ETIMEDOUT : 0;
}

bool
exchange_wait_end(pid_t pid, unsigned pauses)
{
	struct timespec pause = {.tv_nsec = FIRST_PAUSE_NS};

	for (unsigned i = 0; i < pauses; i++) {
		const pid_t ended = waitpid(pid, NULL, WNOHANG);

		if (ended == pid || (ended < 0 && errno != EINTR))
			return true;
		(void)nanosleep(&pause, NULL);
		pause.tv_nsec *= 2;
	}
	return false;
}
