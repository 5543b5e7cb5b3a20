/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a viewer that was taken over may send to the half with rights: subscriptions and requests to
 * close sockets and to signal processes. An input is messages, each behind its length (two bytes,
 * little end first). The requests for the kernel that follow from a subscription are as its own
 * audit wants them. What the kernel and /proc say of a socket or a process is made up (linked with
 * --wrap): the request's number chooses it. No signal is sent but one of those that may be, to a
 * process that was found to hold the socket; no socket is closed but by its cookie.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockwatch/stream/losses.h>

#include "collector/commands.h"
#include "collector/netlink/destroy.h"
#include "collector/netlink/dump_request.h"
#include "collector/proc/proc.h"
#include "collector/subscription.h"
#include "fuzz.h"

enum { LENGTH = 2, MESSAGES_MAX = 64, WRITER_LIMIT = 1 << 20 };

struct run {
	struct commands commands;
	struct subscription subscriptions[2];
	unsigned now; /* which of them is in force */
	uint64_t losses[LOSS_COUNT];
};

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* What the made-up kernel and /proc answer to the next request. */
static const int answers[] = {0, 0, -EPERM, -ESRCH, -EBADF, -EPROTOTYPE, -ENOMSG, -EACCES, -EIO};

enum { ANSWERS = sizeof answers / sizeof *answers, OWN_PID = 4711, NETNS_KNOWN = 1 };

static uint32_t number;    /* of the request that is answered */
static bool was_found;     /* the process holds the socket */
static uint32_t found_pid; /* that process */

int __wrap_proc_holds(
	const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode, uint32_t fd);
int __wrap_proc_holds_shown(
	const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode);
uint32_t __wrap_proc_verify(struct proc *proc, uint32_t inode, uint32_t *lost);
int __wrap_kill(pid_t pid, int signal_number);
long __wrap_syscall(long call, ...);
struct netns *__wrap_namespaces_find(const struct namespaces *namespaces, uint32_t id);
int __wrap_destroy_socket(
	int diag, const struct message_destroy *target, uint32_t sequence, struct error *sentence);

int
__wrap_proc_holds(
	const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode, uint32_t fd)
{
	(void)proc;
	(void)start_ticks;
	(void)inode;
	(void)fd;
	require(pid != 0);
	return answers[number % ANSWERS];
}

int
__wrap_proc_holds_shown(const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode)
{
	(void)proc;
	(void)start_ticks;
	require(inode != 0);
	found_pid = pid;
	was_found = answers[number % ANSWERS] == 0;
	return answers[number % ANSWERS];
}

uint32_t
__wrap_proc_verify(struct proc *proc, uint32_t inode, uint32_t *lost)
{
	(void)proc;
	(void)inode;
	*lost = number % 3;
	return number % 5;
}

static void
check_signal(uint32_t pid, int signal_number)
{
	static const int allowed[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM, SIGCONT, SIGSTOP};
	bool is_allowed = false;

	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		is_allowed = is_allowed || allowed[i] == signal_number;
	require(is_allowed && was_found && found_pid == pid);
	require(pid > 1 && pid <= INT32_MAX && pid != OWN_PID);
	was_found = false;
}

int
__wrap_kill(pid_t pid, int signal_number)
{
	check_signal((uint32_t)pid, signal_number);
	return 0;
}

/* pidfd_open and pidfd_send_signal; the first one gives a descriptor of nothing. */
long
__wrap_syscall(long call, ...)
{
	static uint32_t opened_pid;
	long first, second;
	va_list arguments;

	va_start(arguments, call);
	first = va_arg(arguments, int);
	second = va_arg(arguments, int);
	va_end(arguments);
	if (call == SYS_pidfd_open) {
		opened_pid = (uint32_t)first;
		errno = number % 7 == 6 ? ENOSYS : ESRCH;
		return number % 7 >= 5 ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	require(call == SYS_pidfd_send_signal);
	check_signal(opened_pid, (int)second);
	errno = EPERM;
	return number % 2 != 0 ? -1 : 0;
}

struct netns *
__wrap_namespaces_find(const struct namespaces *namespaces, uint32_t id)
{
	static struct netns known = {.id = NETNS_KNOWN, .diag = STDERR_FILENO};

	(void)namespaces;
	return id == NETNS_KNOWN ? &known : NULL;
}

int
__wrap_destroy_socket(
	int diag, const struct message_destroy *target, uint32_t sequence, struct error *sentence)
{
	(void)sequence;
	require(diag == STDERR_FILENO && target->cookie != 0 && target->cookie != UINT64_MAX);
	error_set(sentence, "made up");
	return answers[target->request % ANSWERS];
}

/* As inet_diag_bc_audit() of the kernel: steps lie within, and a jump forward meets an operation.
 */
static void
check_bytecode(const uint8_t *code, size_t len)
{
	for (size_t at = 0; at < len;) {
		struct inet_diag_bc_op op;

		require(len - at >= sizeof op);
		memcpy(&op, code + at, sizeof op);
		require(op.yes >= sizeof op && op.yes <= len - at && op.yes % sizeof op == 0);
		require(op.no >= sizeof op && op.no <= len - at + sizeof op &&
			op.no % sizeof op == 0);
		at += op.yes;
	}
}

static void
check_requests(const struct message_subscription *subscription)
{
	for (uint8_t protocol = PROTOCOL_TCP; protocol <= PROTOCOL_UDP; protocol++) {
		const unsigned count = dump_request_count(subscription, protocol);

		require(count >= 1 && count <= 4);
		for (unsigned i = 0; i < count; i++) {
			struct dump_request request;
			struct nlmsghdr header;

			dump_request_build(&request, subscription, protocol, i,
				dump_request_states(subscription), i);
			require(request.len <= sizeof request.bytes);
			memcpy(&header, request.bytes, sizeof header);
			require(header.nlmsg_len == request.len);
		}
	}
}

static void
check_conditions(const struct message_subscription *subscription)
{
	uint8_t code[BYTECODE_MAX] __attribute__((aligned(4)));
	const size_t len = bytecode_compile(subscription->conditions, code);

	require(len <= sizeof code);
	check_bytecode(code, len);
}

static void
check_texts(const struct subscription *subscription)
{
	require(strnlen(subscription->netns, sizeof subscription->netns) <
		sizeof subscription->netns);
	require(subscription->body.netns.data == subscription->netns);
	require(subscription->body.netns.len < sizeof subscription->netns);
	require(subscription->body.capture_interface.len < sizeof subscription->capture_interface);
	require(subscription->body.conditions.count <= SUBSCRIPTION_CONDITIONS_MAX);
}

/* netns: what the command line named. */
static void
take_subscription(struct run *run, const struct message_subscription *wanted, const char *netns)
{
	const struct subscription *const before = &run->subscriptions[run->now];
	struct subscription *const now = &run->subscriptions[run->now ^= 1];
	struct message_subscription body = *wanted;

	(void)subscription_hold_to_netns(&body, netns);
	if (netns == NULL)
		require(body.netns_mode == SUBSCRIPTION_NETNS_OWN);
	require(subscription_hold_to_netns(&body, netns));
	subscription_set(now, &body);
	check_texts(now);
	(void)subscription_asks_more(&before->body, &now->body);
	(void)subscription_is_other_dump(&before->body, &now->body);
	require(!subscription_is_other_dump(&now->body, &now->body));
	check_requests(&now->body);
	check_conditions(&now->body);
}

static void
take(struct run *run, const uint8_t *data, size_t len)
{
	static const char *const netns[] = {NULL, "blue", "all"};
	struct message message;
	const struct namespaces none = {0};

	if (message_decode(data, len, &message) != 0)
		return;
	if (message.type == MESSAGE_SUBSCRIPTION) {
		for (size_t i = 0; i < sizeof netns / sizeof *netns; i++)
			take_subscription(run, &message.body.subscription, netns[i]);
	} else if (message.type == MESSAGE_DESTROY) {
		number = message.body.destroy.request;
		commands_destroy(&run->commands, &message.body.destroy);
		if (run->commands.count == COMMANDS_WAITING_MAX)
			commands_run(&run->commands, &none);
	} else if (message.type == MESSAGE_SIGNAL) {
		number = message.body.signal.request;
		commands_signal(&run->commands, &message.body.signal);
	} else if (message.type == MESSAGE_VERIFY) {
		number = message.body.verify.request;
		(void)commands_verify(&run->commands, &message.body.verify);
	}
	require(run->commands.count <= COMMANDS_WAITING_MAX);
}

/* A copy of the exact size and aligned, as the reader of the stream gives it. */
static void
take_copy(struct run *run, const uint8_t *data, size_t len)
{
	uint8_t *const copy = malloc(len != 0 ? len : 1);

	if (copy == NULL)
		return;
	memcpy(copy, data, len);
	take(run, copy, len);
	free(copy);
}

/* Made once: it keeps nothing of what is asked of it. */
static void
begin(struct run *run, bool are_allowed)
{
	static struct stream_writer *writer;
	static struct proc *proc;

	if (proc == NULL) {
		writer = stream_writer_new(open("/dev/null", O_WRONLY | O_CLOEXEC), WRITER_LIMIT);
		proc = proc_new(&(const struct proc_options){.writer = writer});
		require(writer != NULL && proc != NULL);
	}
	memset(run, 0, sizeof *run);
	commands_init(&run->commands, &(const struct commands_options){.writer = writer,
					      .proc = proc,
					      .losses = run->losses,
					      .own = {OWN_PID},
					      .are_allowed = are_allowed});
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct namespaces none;
	static struct run run;

	/* Read-only after an odd number of bytes. */
	begin(&run, size % 2 == 0);
	for (unsigned i = 0; size >= LENGTH && i < MESSAGES_MAX; i++) {
		size_t len = data[0] | (size_t)data[1] << 8;

		len = len < size - LENGTH ? len : size - LENGTH;
		take_copy(&run, data + LENGTH, len);
		data += LENGTH + len;
		size -= LENGTH + len;
	}
	commands_run(&run.commands, &none);
	(void)stream_flush(run.commands.options.writer);
	return 0;
}
