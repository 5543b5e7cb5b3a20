/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes sockets and signals processes when the viewer asks for it, and answers each request. */
#include <config.h>

#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockwatch/stream/losses.h>

#include "collector/netlink/destroy.h"
#include "collector/proc/proc.h"

/* Far from the sequence numbers of the dumps, so that no answer is taken for one of theirs. */
enum { FIRST_SEQUENCE = 0x40000000 };

static void
answer(struct commands *commands, uint32_t request, int error, const struct error *sentence)
{
	const struct message_result result = {
		.request = request,
		.error = -error,
		.text = text_of(sentence->text),
	};

	(void)stream_write_message(commands->options.writer, MESSAGE_RESULT, &result);
}

void
commands_init(struct commands *commands, const struct commands_options *options)
{
	*commands = (struct commands){.options = *options, .sequence = FIRST_SEQUENCE};
}

/* Answers a request that the viewer may not make, and counts it. */
static void
refuse(struct commands *commands, uint32_t request, int error, const struct error *sentence)
{
	commands->options.losses[LOSS_REQUESTS]++;
	answer(commands, request, error, sentence);
}

static bool
is_forbidden(struct commands *commands, uint32_t request)
{
	struct error sentence;

	if (commands->options.are_allowed)
		return false;
	error_set(&sentence, "not done: the collector was started read-only");
	refuse(commands, request, -EPERM, &sentence);
	return true;
}

bool
commands_verify(struct commands *commands, const struct message_verify *request)
{
	struct error sentence;
	uint32_t lost = 0;
	const uint32_t held = proc_verify(commands->options.proc, request->inode, &lost);

	if (lost == 0)
		error_set(&sentence, "the socket is held as was known: processes %u", held);
	else
		error_set(&sentence,
			"%u of the processes that were shown do%s not hold the socket any more",
			lost, lost == 1 ? "es" : "");
	answer(commands, request->request, lost != 0 ? -EBADF : 0, &sentence);
	return lost != 0;
}

static int
send_by_pid(const struct message_signal *request)
{
	return kill((pid_t)request->pid, (int)request->signal) == 0 ? 0 : -errno;
}

/* Before Linux 5.3 there is no pidfd: then the pid could become another's after the check. */
static int
send_signal(const struct commands *commands, const struct message_signal *request)
{
	const int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)request->pid, 0);
	int error;

	if (pidfd < 0 && errno != ENOSYS)
		return -errno;
	/* Asked while the pidfd is open: the pid cannot become another process's. */
	error = proc_holds_shown(
		commands->options.proc, request->pid, request->start_ticks, request->inode);
	if (pidfd < 0)
		return error != 0 ? error : send_by_pid(request);
	if (error == 0 && syscall(SYS_pidfd_send_signal, pidfd, (int)request->signal, NULL, 0) != 0)
		error = -errno;
	close(pidfd);
	return error;
}

/* Those that the menu offers. NULL: none of them. */
static const char *
signal_name(uint32_t number)
{
	static const char *const names[] = {
		[SIGHUP] = "SIGHUP",
		[SIGINT] = "SIGINT",
		[SIGQUIT] = "SIGQUIT",
		[SIGKILL] = "SIGKILL",
		[SIGUSR1] = "SIGUSR1",
		[SIGUSR2] = "SIGUSR2",
		[SIGTERM] = "SIGTERM",
		[SIGCONT] = "SIGCONT",
		[SIGSTOP] = "SIGSTOP",
	};

	return number < sizeof names / sizeof *names ? names[number] : NULL;
}

static bool
is_own(const struct commands *commands, uint32_t pid)
{
	for (size_t i = 0; i < COMMANDS_OWN_MAX; i++) {
		if (commands->options.own[i] == pid)
			return true;
	}
	return false;
}

/* What may be asked for at all. 0, or negative errno with a sentence. */
static int
check_signal(const struct commands *commands, const struct message_signal *request,
	struct error *sentence)
{
	if (signal_name(request->signal) == NULL) {
		error_set(sentence,
			"signal %u not sent: only TERM, HUP, INT, QUIT, KILL, STOP, CONT, USR1 and USR2 can be",
			request->signal);
		return -EINVAL;
	}
	if (request->pid == 0 || request->pid > INT32_MAX) {
		error_set(sentence, "not sent: %u is not the pid of a process", request->pid);
		return -EINVAL;
	}
	if (request->pid == 1) {
		error_set(sentence, "not sent: process 1 gets no signal from sockwatch");
		return -EPERM;
	}
	if (is_own(commands, request->pid)) {
		error_set(sentence, "not sent: process %u is sockwatch itself", request->pid);
		return -EPERM;
	}
	if (request->inode != 0)
		return 0;
	error_set(sentence, "not sent: process %u was not chosen by a socket that it holds",
		request->pid);
	return -EPERM;
}

static void
say_signalled(const struct message_signal *request, int error, struct error *sentence)
{
	const char *const name = signal_name(request->signal);

	switch (-error) {
	case 0: error_set(sentence, "%s sent to process %u", name, request->pid); break;
	case EPERM:
		error_set(sentence,
			"%s not sent to process %u: EPERM, it is another user's and CAP_KILL is missing (run as root)",
			name, request->pid);
		break;
	case ESRCH:
	case ENOENT:
		error_set(sentence, "%s not sent: ESRCH, process %u is already gone", name,
			request->pid);
		break;
	case EBADF:
		error_set(sentence,
			"%s not sent: process %u does not hold that socket any more; look who holds it now",
			name, request->pid);
		break;
	case EPROTOTYPE:
	case ENOMSG:
		error_set(sentence,
			"%s not sent: process %u was not chosen by a TCP or UDP socket that was shown",
			name, request->pid);
		break;
	case EACCES:
		error_set(sentence,
			"%s not sent: the descriptors of process %u cannot be read, so it is not known whether it still holds that socket",
			name, request->pid);
		break;
	default:
		error_set(sentence, "%s not sent to process %u: %s", name, request->pid,
			strerror(-error));
		break;
	}
}

void
commands_signal(struct commands *commands, const struct message_signal *request)
{
	struct error sentence;
	int error;

	if (is_forbidden(commands, request->request))
		return;
	error = check_signal(commands, request, &sentence);
	if (error != 0) {
		refuse(commands, request->request, error, &sentence);
		return;
	}
	error = send_signal(commands, request);
	say_signalled(request, error, &sentence);
	if (error == -EPROTOTYPE || error == -ENOMSG)
		refuse(commands, request->request, -EPERM, &sentence);
	else
		answer(commands, request->request, error, &sentence);
}

/* The kernel takes all ones for any socket with these addresses (INET_DIAG_NOCOOKIE). */
static bool
is_any_cookie(uint64_t cookie)
{
	return cookie == 0 || cookie == UINT64_MAX;
}

void
commands_destroy(struct commands *commands, const struct message_destroy *request)
{
	struct error sentence;

	if (is_forbidden(commands, request->request))
		return;
	if (is_any_cookie(request->cookie)) {
		error_set(&sentence, "not closed: only one very socket is, by its cookie");
		refuse(commands, request->request, -EINVAL, &sentence);
		return;
	}
	if (commands->count < COMMANDS_WAITING_MAX) {
		commands->waiting[commands->count++] = *request;
		return;
	}
	error_set(&sentence, "not closed: %d requests wait already", COMMANDS_WAITING_MAX);
	refuse(commands, request->request, -EBUSY, &sentence);
}

/* Whether the socket is still that of the process that was shown as its owner. */
static bool
is_still_its(
	struct commands *commands, const struct message_destroy *request, struct error *sentence)
{
	const int error = request->pid == 0
				  ? 0
				  : proc_holds(commands->options.proc, request->pid,
					    request->start_ticks, request->inode, request->fd);

	switch (-error) {
	case 0: return true;
	case ESRCH:
		error_set(sentence,
			"not closed: process %u, which held the socket, has ended; look who holds it now",
			request->pid);
		break;
	case EBADF:
		error_set(sentence,
			"not closed: process %u does not hold the socket any more; look who holds it now",
			request->pid);
		break;
	default:
		error_set(sentence,
			"not closed: the descriptors of process %u cannot be read (%s), so it is not known whether it still holds the socket",
			request->pid, strerror(-error));
		break;
	}
	answer(commands, request->request, error, sentence);
	return false;
}

void
commands_run(struct commands *commands, const struct namespaces *namespaces)
{
	for (size_t i = 0; i < commands->count; i++) {
		const struct message_destroy *const request = &commands->waiting[i];
		const struct netns *const netns = namespaces_find(namespaces, request->netns);
		struct error sentence;
		int error = -ENOENT;

		if (!is_still_its(commands, request, &sentence))
			continue;
		if (netns == NULL || netns->diag < 0)
			error_set(&sentence, "not closed: its network namespace is gone");
		else
			error = destroy_socket(
				netns->diag, request, commands->sequence++, &sentence);
		answer(commands, request->request, error, &sentence);
	}
	commands->count = 0;
}
