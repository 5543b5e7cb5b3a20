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

	(void)stream_write_message(commands->writer, MESSAGE_RESULT, &result);
}

void
commands_init(struct commands *commands, struct stream_writer *writer, bool are_allowed)
{
	*commands = (struct commands){
		.are_allowed = are_allowed, .sequence = FIRST_SEQUENCE, .writer = writer};
}

static bool
refuse(struct commands *commands, uint32_t request)
{
	struct error sentence;

	if (commands->are_allowed)
		return false;
	error_set(&sentence, "not done: the collector was started read-only");
	answer(commands, request, -EPERM, &sentence);
	return true;
}

static int
send_signal(const struct message_signal *request)
{
	uint64_t start_ticks = 0;
	const int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)request->pid, 0);
	int error;

	if (pidfd < 0)
		return -errno;
	/* Asked while the pidfd is open: the pid cannot become another process's. */
	error = proc_start_ticks(request->pid, &start_ticks);
	if (error == 0 && start_ticks != request->start_ticks)
		error = -ESRCH;
	if (error == 0 && syscall(SYS_pidfd_send_signal, pidfd, (int)request->signal, NULL, 0) != 0)
		error = -errno;
	close(pidfd);
	return error;
}

static void
name_signal(uint32_t number, char *name, size_t size)
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

	if (number < sizeof names / sizeof *names && names[number] != NULL)
		snprintf(name, size, "%s", names[number]);
	else
		snprintf(name, size, "signal %u", number);
}

void
commands_signal(struct commands *commands, const struct message_signal *request)
{
	struct error sentence;
	char name[16];
	int error = -EINVAL;

	if (refuse(commands, request->request))
		return;
	name_signal(request->signal, name, sizeof name);
	if (request->pid > 0 && request->pid <= INT32_MAX && request->signal < (unsigned)NSIG)
		error = send_signal(request);
	switch (-error) {
	case 0: error_set(&sentence, "%s sent to process %u", name, request->pid); break;
	case EPERM:
		error_set(&sentence,
			"%s not sent to process %u: EPERM, it is another user's and CAP_KILL is missing (run as root)",
			name, request->pid);
		break;
	case ESRCH:
	case ENOENT:
		error_set(&sentence, "%s not sent: ESRCH, process %u is already gone", name,
			request->pid);
		break;
	default:
		error_set(&sentence, "%s not sent to process %u: %s", name, request->pid,
			strerror(-error));
		break;
	}
	answer(commands, request->request, error, &sentence);
}

void
commands_destroy(struct commands *commands, const struct message_destroy *request)
{
	struct error sentence;

	if (refuse(commands, request->request))
		return;
	if (commands->count < COMMANDS_WAITING_MAX) {
		commands->waiting[commands->count++] = *request;
		return;
	}
	error_set(&sentence, "not closed: %d requests wait already", COMMANDS_WAITING_MAX);
	answer(commands, request->request, -EBUSY, &sentence);
}

void
commands_run(struct commands *commands, const struct namespaces *namespaces)
{
	for (size_t i = 0; i < commands->count; i++) {
		const struct message_destroy *const request = &commands->waiting[i];
		const struct netns *const netns = namespaces_find(namespaces, request->netns);
		struct error sentence;
		int error = -ENOENT;

		if (netns == NULL || netns->diag < 0)
			error_set(&sentence, "not closed: its network namespace is gone");
		else
			error = destroy_socket(
				netns->diag, request, commands->sequence++, &sentence);
		answer(commands, request->request, error, &sentence);
	}
	commands->count = 0;
}
