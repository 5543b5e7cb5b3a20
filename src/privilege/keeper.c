/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that holds the rights and forks collectors. In this room:
 *   enter.c          opens a socket or capture inside another network namespace
 *   netns_enter.c    moves a command into a namespace that the user named
 *   netns_find.c     finds that namespace by name or pid
 *   privileges.c     which capabilities there are, raised and given up
 *
 * Viewer and keeper talk over a SOCK_SEQPACKET pair. The viewer sends MESSAGE_SUBSCRIPTION; the
 * keeper forks a collector and answers with a struct reply and the viewer's ends of the collector's
 * two channels. The keeper has one collector at a time and ends the one before. When the viewer's
 * end of the pair closes, for whatever reason, keeper and collector end.
 *
 * PR_SET_PDEATHSIG alone is not enough: the kernel sends that signal with the rights of the dying
 * parent, and a viewer that became another user has none over the keeper.
 */
#include <config.h>

#include <sockwatch/privilege/keeper.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/message.h>

enum {
	SUBSCRIPTION_MAX = 8192,
	STREAM_BYTES = 1024 * 1024,
	ANSWER_TIMEOUT_MS = 10000,
};

struct reply {
	int32_t error; /* errno, or 0 and two descriptors: stream, commands */
	int32_t pid;
};

struct keeper_state {
	int control;
	struct keeper_options options;
	pid_t collector; /* 0: none */
};

union descriptors {
	struct cmsghdr header;
	char room[CMSG_SPACE(2 * sizeof(int))];
};

static int
send_reply(int control, const struct reply *reply, const int fds[2])
{
	union descriptors control_data = {0};
	struct iovec data = {
		.iov_base = &(struct reply){reply->error, reply->pid}, .iov_len = sizeof *reply};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};

	if (fds != NULL) {
		message.msg_control = control_data.room;
		message.msg_controllen = sizeof control_data.room;
		control_data.header.cmsg_level = SOL_SOCKET;
		control_data.header.cmsg_type = SCM_RIGHTS;
		control_data.header.cmsg_len = CMSG_LEN(2 * sizeof(int));
		memcpy(CMSG_DATA(&control_data.header), fds, 2 * sizeof(int));
	}
	return sendmsg(control, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void
end_collector(struct keeper_state *state)
{
	if (state->collector == 0)
		return;
	/* It has nothing to put in order before it ends. */
	kill(state->collector, SIGKILL);
	while (waitpid(state->collector, NULL, 0) < 0 && errno == EINTR)
		;
	state->collector = 0;
}

/* Runs in the child. Only its two ends stay open. */
__attribute__((noreturn)) static void
be_collector(const struct keeper_state *state, const struct message_subscription *subscription,
	int out, int in)
{
	prctl(PR_SET_NAME, "sockwatch-coll", 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	close(state->control);
	_exit(state->options.collect(state->options.context, subscription, out, in) == 0
			? EXIT_SUCCESS
			: EXIT_FAILURE);
}

/*
 * [0] is for reading. The stream goes through sockets: the pages of a pipe are taken, accounted and
 * given back one by one, which in a flood costs both halves a twentieth of their time.
 */
static int
make_channels(int stream[2], int commands[2])
{
	const int bytes = STREAM_BYTES;
	int error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, stream) != 0)
		return -errno;
	if (pipe2(commands, O_CLOEXEC | O_NONBLOCK) != 0) {
		error = errno;
		close(stream[0]);
		close(stream[1]);
		return -error;
	}
	/* A large buffer means fewer wake-ups; without CAP_NET_ADMIN it is as large as allowed. */
	if (setsockopt(stream[1], SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0)
		(void)setsockopt(stream[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	(void)shutdown(stream[1], SHUT_RD);
	return 0;
}

static int
spawn(struct keeper_state *state, const struct message_subscription *subscription)
{
	int stream[2] = {-1, -1}, commands[2] = {-1, -1};
	struct reply reply = {0};
	int error;

	end_collector(state);
	error = make_channels(stream, commands);
	if (error != 0)
		return error;
	state->collector = fork();
	if (state->collector == 0) {
		close(stream[0]);
		close(commands[1]);
		be_collector(state, subscription, stream[1], commands[0]);
	}
	error = state->collector < 0 ? -errno : 0;
	close(stream[1]);
	close(commands[0]);
	if (error != 0) {
		state->collector = 0;
	} else {
		reply.pid = state->collector;
		error = send_reply(state->control, &reply, (int[]){stream[0], commands[1]});
	}
	close(stream[0]);
	close(commands[1]);
	return error;
}

/* Answers one subscription. False when the viewer is gone. */
static bool
serve(struct keeper_state *state)
{
	uint8_t bytes[SUBSCRIPTION_MAX] __attribute__((aligned(8)));
	const ssize_t len = recv(state->control, bytes, sizeof bytes, 0);
	struct message message;
	struct reply reply = {0};
	int error;

	if (len < 0 && errno == EINTR)
		return true;
	if (len <= 0)
		return false;
	error = message_decode(bytes, (size_t)len, &message);
	if (error == 0)
		error = message.type == MESSAGE_SUBSCRIPTION
				? spawn(state, &message.body.subscription)
				: -EPROTO;
	if (error == 0)
		return true;
	reply.error = -error;
	return send_reply(state->control, &reply, NULL) == 0;
}

/* Closes everything that the viewer has open: its terminal and its files. */
static int
close_all_but(int control)
{
	const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0)
		return -1;
	for (int fd = 0; fd <= 2; fd++) {
		if (dup2(nothing, fd) < 0)
			return -1;
	}
	if (control != 3 && dup3(control, 3, O_CLOEXEC) < 0)
		return -1;
	(void)syscall(SYS_close_range, 4, ~0U, 0);
	return 3;
}

static void
restore_signals(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD};
	sigset_t none;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Runs in the child. The first datagram is "", or why rights could not be given up. */
__attribute__((noreturn)) static void
be_keeper(const struct keeper_options *options, int control)
{
	struct keeper_state state = {.control = close_all_but(control), .options = *options};
	struct error error = {.position = -1};

	prctl(PR_SET_NAME, "sockwatch-keep", 0, 0, 0);
	/* A session of its own: keys typed at the viewer send it no signals. */
	setsid();
	restore_signals();
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	if (state.control < 0)
		_exit(EXIT_FAILURE);
	if (privileges_drop_collector(options->rights, &error) != 0) {
		(void)send(state.control, error.text, strlen(error.text), MSG_NOSIGNAL);
		_exit(EXIT_FAILURE);
	}
	(void)send(state.control, "", 1, MSG_NOSIGNAL);
	while (serve(&state))
		;
	end_collector(&state);
	_exit(EXIT_SUCCESS);
}

static int
wait_readable(int fd)
{
	struct pollfd source = {.fd = fd, .events = POLLIN};
	int count;

	do {
		count = poll(&source, 1, ANSWER_TIMEOUT_MS);
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		return -errno;
	return count == 0 ? -ETIMEDOUT : 0;
}

/* Reads the keeper's first datagram. */
static int
read_start(int control, struct error *error)
{
	char text[sizeof error->text] = "";
	int result = wait_readable(control);
	ssize_t len = 0;

	if (result == 0)
		len = recv(control, text, sizeof text - 1, 0);
	if (len == 1 && text[0] == '\0')
		return 0;
	if (len > 0)
		error_set(error, "%s", text);
	else
		error_set(error, "the process that keeps the rights did not start: %s",
			strerror(result != 0 ? -result : EPIPE));
	return -EPERM;
}

int
keeper_start(const struct keeper_options *options, struct keeper *keeper, struct error *error)
{
	int pair[2];
	int result;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		result = -errno;
		error_set(error, "cannot make a socket pair: %s", strerror(-result));
		return result;
	}
	keeper->pid = fork();
	if (keeper->pid == 0) {
		close(pair[0]);
		be_keeper(options, pair[1]);
	}
	result = keeper->pid < 0 ? -errno : 0;
	close(pair[1]);
	keeper->control = pair[0];
	if (result != 0) {
		close(pair[0]);
		error_set(error, "cannot fork: %s", strerror(-result));
		return result;
	}
	result = read_start(keeper->control, error);
	if (result != 0)
		keeper_stop(keeper);
	return result;
}

static int
receive_reply(int control, struct reply *reply, int fds[2])
{
	union descriptors control_data = {0};
	struct iovec data = {.iov_base = reply, .iov_len = sizeof *reply};
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control_data.room,
		.msg_controllen = sizeof control_data.room,
	};
	const int result = wait_readable(control);
	const struct cmsghdr *header;
	ssize_t len;

	if (result != 0)
		return result;
	len = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
	if (len < 0)
		return -errno;
	if (len != sizeof *reply)
		return -EPIPE;
	if (reply->error != 0)
		return -reply->error;
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
		header->cmsg_len != CMSG_LEN(2 * sizeof(int)))
		return -EPROTO;
	memcpy(fds, CMSG_DATA(header), 2 * sizeof(int));
	return 0;
}

int
keeper_spawn(struct keeper *keeper, const struct message_subscription *subscription,
	struct collector_link *link, struct error *error)
{
	struct buffer bytes;
	struct reply reply = {0};
	int fds[2];
	int result;

	buffer_init(&bytes, SUBSCRIPTION_MAX);
	result = message_encode(MESSAGE_SUBSCRIPTION, subscription, &bytes);
	if (result == 0 && send(keeper->control, bytes.data, bytes.len, MSG_NOSIGNAL) < 0)
		result = -errno;
	buffer_fini(&bytes);
	if (result == 0)
		result = receive_reply(keeper->control, &reply, fds);
	if (result == -EPIPE || result == -ECONNRESET) {
		error_set(error, "the process that keeps the rights has ended; start again");
	} else if (result != 0) {
		error_set(error, "cannot start the collector: %s", strerror(-result));
	} else {
		*link = (struct collector_link){
			.pid = reply.pid, .stream = fds[0], .commands = fds[1]};
	}
	return result;
}

void
keeper_stop(struct keeper *keeper)
{
	if (keeper->control >= 0)
		close(keeper->control);
	keeper->control = -1;
	if (keeper->pid <= 0)
		return;
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	keeper->pid = 0;
}
