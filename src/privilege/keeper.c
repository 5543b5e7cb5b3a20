/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that holds the rights and forks collectors. In this room:
 *   keeper_ask.c     the viewer's side: asks it, waits for it, ends it
 *   lifeline.c       the kernel ends a process whose other side is gone
 *   budget.c         so much a second, for what is ordered by the half without rights
 *   closing.c        closes what a child of ours has no use for
 *   exchange.c       descriptors passed between our processes, answers and ends awaited
 *   enter.c          opens a socket or capture inside another network namespace
 *   inherited.c      closes what whoever started us left open
 *   lock.c           no debugger, no core, no directory held
 *   netns_enter.c    moves a command into a namespace that the user named
 *   netns_etc.c      gives that command the files of /etc/netns/NAME
 *   netns_find.c     finds that namespace by name or pid
 *   opener.c         writes the files of root while the viewer is somebody else
 *   sandbox/         system calls and files that a process may use
 *   process_rights.c what rights a process has, by /proc
 *   privileges.c     which capabilities there are, raised and given up
 *   set_id.c         refuses to start from a set-id file
 *   user.c           which users our processes become, where root started it
 *
 * Viewer and keeper talk over a SOCK_SEQPACKET pair. The viewer sends MESSAGE_SUBSCRIPTION; the
 * keeper forks a collector and answers with a struct keeper_reply and the viewer's ends of the
 * collector's two channels. A datagram of one byte asks whether it answers, one of two says that
 * nothing may be changed from now on. The keeper has one
 * collector at a time and ends the one before. When the viewer's end of the pair closes, for
 * whatever reason, keeper and collector end; a lifeline each ends them even if they are stopped.
 */
#include <config.h>

#include <sockwatch/privilege/keeper.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/privilege/budget.h>
#include <sockwatch/privilege/lock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/privilege/sandbox.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/rights.h>

#include "closing.h"
#include "exchange.h"
#include "keeper_private.h"
#include "lifeline.h"

enum {
	STREAM_BYTES = 1024 * 1024,
	/* A viewer tries again after a second, then later and later. */
	STARTS_PER_S = 1,
	STARTS_AT_ONCE = 10,
};

static void
end_collector(struct keeper_state *state)
{
	if (state->collector == 0)
		return;
	/* It is killed: it has nothing to put in order before it ends. */
	close(state->collector_life);
	while (waitpid(state->collector, NULL, 0) < 0 && errno == EINTR)
		;
	state->collector = 0;
}

/* Runs in the child. Only its own ends stay open. */
__attribute__((noreturn)) static void
be_collector(const struct keeper_state *state, const struct message_subscription *subscription,
	int out, int in, int life)
{
	prctl(PR_SET_NAME, "sockwatch-coll", 0, 0, 0);
	close(state->control);
	close(state->life);
	if (lifeline_hold(life, SIGKILL) != 0)
		_exit(EXIT_FAILURE);
	_exit(state->options.collect(
		      state->options.context, subscription, out, in, state->is_read_only) == 0
			? EXIT_SUCCESS
			: EXIT_FAILURE);
}

static void
close_pair(const int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

/*
 * [0] is for reading. The stream goes through sockets: the pages of a pipe are taken, accounted and
 * given back one by one, which in a flood costs both halves a twentieth of their time.
 */
static int
make_channels(int stream[2], int commands[2], int life[2])
{
	const int bytes = STREAM_BYTES;
	int result;

	result = lifeline_make(life);
	if (result != 0)
		return result;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, stream) != 0) {
		result = -errno;
		close_pair(life);
		return result;
	}
	if (pipe2(commands, O_CLOEXEC | O_NONBLOCK) != 0) {
		result = -errno;
		close_pair(life);
		close_pair(stream);
		return result;
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
	int stream[2] = {-1, -1}, commands[2] = {-1, -1}, life[2] = {-1, -1};
	struct keeper_reply reply = {0};
	int error;

	if (!budget_take(&state->starts, 1, clock_monotonic_ns()))
		return -EBUSY;
	end_collector(state);
	error = make_channels(stream, commands, life);
	if (error != 0)
		return error;
	state->collector = fork();
	if (state->collector == 0) {
		close(stream[0]);
		close(commands[1]);
		close(life[0]);
		be_collector(state, subscription, stream[1], commands[0], life[1]);
	}
	error = state->collector < 0 ? -errno : 0;
	close(stream[1]);
	close(commands[0]);
	close(life[1]);
	if (error != 0) {
		state->collector = 0;
		close(life[0]);
	} else {
		state->collector_life = life[0];
		reply.pid = state->collector;
		error = exchange_send(state->control, &reply, sizeof reply,
			(const int[]){[KEEPER_STREAM] = stream[0], [KEEPER_COMMANDS] = commands[1]},
			KEEPER_FDS);
	}
	close(stream[0]);
	close(commands[1]);
	return error;
}

/* A collector that has the rights already goes. False: the rights could not be given up. */
static bool
forbid_changes(struct keeper_state *state)
{
	state->is_read_only = true;
	end_collector(state);
	return privileges_forget(RIGHTS_OF_CHANGES) == 0;
}

void
keeper_state_begin(struct keeper_state *state)
{
	budget_init(&state->starts, STARTS_PER_S, STARTS_AT_ONCE, clock_monotonic_ns());
}

bool
keeper_serve(struct keeper_state *state)
{
	uint8_t bytes[KEEPER_SUBSCRIPTION_MAX] __attribute__((aligned(8)));
	const ssize_t len = recv(state->control, bytes, sizeof bytes, 0);
	struct message message;
	struct keeper_reply reply = {0};
	int error;

	if (len < 0 && errno == EINTR)
		return true;
	if (len <= 0)
		return false;
	if (len == KEEPER_PING_LEN)
		return exchange_send(state->control, &reply, sizeof reply, NULL, 0) == 0;
	if (len == KEEPER_READ_ONLY_LEN)
		return forbid_changes(state);
	error = message_decode(bytes, (size_t)len, &message);
	if (error == 0)
		error = message.type == MESSAGE_SUBSCRIPTION
				? spawn(state, &message.body.subscription)
				: -EPROTO;
	if (error == 0)
		return true;
	reply.error = -error;
	return exchange_send(state->control, &reply, sizeof reply, NULL, 0) == 0;
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

/* Sends the first datagram: "", or why the keeper cannot begin. */
static void
send_start(int control, const char *text)
{
	(void)send(control, text, text[0] != '\0' ? strlen(text) : 1, MSG_NOSIGNAL);
}

static int
hold_life(int life, struct error *error)
{
	const int result = lifeline_hold(life, SIGKILL);

	if (result != 0)
		error_set(error, "the kernel does not watch who needs the collector: %s",
			file_words(result));
	return result;
}

/* Runs in the child. */
__attribute__((noreturn)) static void
be_keeper(const struct keeper_options *options, int control, int life)
{
	struct keeper_state state = {.control = control, .life = life, .options = *options};
	struct error error = {.position = -1};
	int result;

	keeper_state_begin(&state);
	prctl(PR_SET_NAME, "sockwatch-keep", 0, 0, 0);
	/* A session of its own: keys typed at the viewer send it no signals. */
	setsid();
	restore_signals();
	result = closing_all_but(control, life);
	if (result != 0) {
		error_set(&error, "/dev/null cannot be opened: %s", file_words(result));
		send_start(control, error.text);
		_exit(EXIT_FAILURE);
	}
	lock_directory();
	if (privileges_drop_collector(options->rights, &error) != 0 ||
		hold_life(life, &error) != 0) {
		send_start(control, error.text);
		_exit(EXIT_FAILURE);
	}
	sandbox_enter(SANDBOX_KEEPER, NULL);
	send_start(control, "");
	while (keeper_serve(&state))
		;
	end_collector(&state);
	_exit(EXIT_SUCCESS);
}

int
keeper_ready(const struct keeper *keeper, struct error *error)
{
	char text[sizeof error->text] = "";
	int result = exchange_wait(keeper->control, KEEPER_ANSWER_MS);
	ssize_t len = 0;

	if (result == 0)
		len = recv(keeper->control, text, sizeof text - 1, 0);
	if (len == 1 && text[0] == '\0')
		return 0;
	if (len > 0)
		error_set(error, "%s", text);
	else
		error_set(error, "the process that keeps the rights did not start: %s",
			file_words(result != 0 ? result : EPIPE));
	return -EPERM;
}

/* The ends of the viewer go to keeper, those of the keeper to control and life. */
static int
make_pairs(struct keeper *keeper, int *control, int *life)
{
	int controls[2], lives[2];
	int result;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, controls) != 0)
		return -errno;
	result = lifeline_make(lives);
	if (result != 0) {
		close_pair(controls);
		return result;
	}
	keeper->control = controls[0];
	keeper->life = lives[0];
	*control = controls[1];
	*life = lives[1];
	return 0;
}

int
keeper_start(const struct keeper_options *options, struct keeper *keeper, struct error *error)
{
	int control = -1, life = -1;
	int result = make_pairs(keeper, &control, &life);

	if (result != 0) {
		error_set(error, "cannot make a socket pair: %s", file_words(result));
		return result;
	}
	keeper->pid = fork();
	if (keeper->pid == 0) {
		close(keeper->control);
		close(keeper->life);
		be_keeper(options, control, life);
	}
	result = keeper->pid < 0 ? -errno : 0;
	close(control);
	close(life);
	if (result != 0) {
		error_set(error, "cannot fork: %s", file_words(result));
		keeper_stop(keeper);
	}
	return result;
}
