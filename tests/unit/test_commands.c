/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the collector does when the viewer asks it to change something: it obeys what is within the
 * bounds, and refuses and counts all else; read-only it refuses all.
 */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>

#include "collector/commands.h"
#include "collector/netlink/destroy.h"
#include "collector/proc/proc.h"
#include "stream_echo.h"

static struct message_result results[COMMANDS_WAITING_MAX + 4];
static char sentences[COMMANDS_WAITING_MAX + 4][200];
static size_t result_count;

static void
take(void *context, const struct message *message)
{
	(void)context;
	assert_int_equal(message->type, MESSAGE_RESULT);
	assert_true(result_count < UNIT_COUNT_OF(results));
	results[result_count] = message->body.result;
	snprintf(sentences[result_count], sizeof sentences[0], "%.*s",
		(int)message->body.result.text.len, message->body.result.text.data);
	result_count++;
}

static void
read_results(struct stream_echo *echo)
{
	result_count = 0;
	stream_echo_read(echo, take, NULL);
}

/* A process that does nothing until a signal ends it. */
static pid_t
start_idler(void)
{
	const pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		for (;;)
			pause();
	}
	return child;
}

static void
end_idler(pid_t child, int signal)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal);
}

static uint64_t
start_of(pid_t pid)
{
	uint64_t ticks;

	assert_int_equal(proc_start_ticks((uint32_t)pid, &ticks), 0);
	return ticks;
}

/* The commands, the processes that they know, and what was answered. */
struct bench {
	struct stream_echo answers, owners;
	struct proc *proc;
	struct commands commands;
	uint64_t losses[LOSS_COUNT];
};

static void
ignore(void *context, const struct message *message)
{
	(void)context;
	(void)message;
}

/* Every process is read, as in the first refresh. */
static void
look(struct bench *bench)
{
	proc_begin(bench->proc, NEED_OWNERS, false);
	while (proc_step(bench->proc, UINT64_MAX))
		stream_echo_read(&bench->owners, ignore, NULL);
	stream_echo_read(&bench->owners, ignore, NULL);
}

static void
open_bench(struct bench *bench, bool are_allowed)
{
	*bench = (struct bench){0};
	stream_echo_open(&bench->answers);
	stream_echo_open(&bench->owners);
	bench->proc = proc_new(&(const struct proc_options){.writer = bench->owners.writer});
	assert_non_null(bench->proc);
	commands_init(&bench->commands, &(const struct commands_options){
						.writer = bench->answers.writer,
						.proc = bench->proc,
						.losses = bench->losses,
						.are_allowed = are_allowed,
						.own = {(uint32_t)getpid(), 4194300},
					});
	look(bench);
}

static void
close_bench(struct bench *bench)
{
	proc_free(bench->proc);
	stream_echo_close(&bench->owners);
	stream_echo_close(&bench->answers);
}

static int
open_socket(int family, int type, uint32_t *inode)
{
	const int fd = socket(family, type, 0);
	struct stat status;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	*inode = (uint32_t)status.st_ino;
	return fd;
}

/* The errno of the answer to the only request. */
static int
ask_signal(struct bench *bench, const struct message_signal *request)
{
	commands_signal(&bench->commands, request);
	read_results(&bench->answers);
	assert_int_equal(result_count, 1);
	assert_int_equal(results[0].request, request->request);
	return results[0].error;
}

static bool
is_alive(pid_t child)
{
	return waitpid(child, NULL, WNOHANG) == 0;
}

static void
test_read_only(void **state)
{
	uint32_t inode;
	const int fd = open_socket(AF_INET, SOCK_STREAM, &inode);
	const pid_t child = start_idler();
	const struct message_signal request = {.request = 7,
		.pid = (uint32_t)child,
		.start_ticks = start_of(child),
		.inode = inode,
		.signal = SIGTERM};
	const struct message_destroy destroy = {.request = 8, .cookie = 1};
	struct bench bench;

	(void)state;
	open_bench(&bench, false);
	commands_signal(&bench.commands, &request);
	commands_destroy(&bench.commands, &destroy);
	read_results(&bench.answers);
	assert_int_equal(result_count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(results[i].request, 7 + i);
		assert_int_equal(results[i].error, EPERM);
		assert_non_null(strstr(sentences[i], "read-only"));
	}
	assert_int_equal(bench.losses[LOSS_REQUESTS], 2);
	assert_int_equal(bench.commands.count, 0);
	assert_true(is_alive(child));
	close_bench(&bench);

	/* With actions the same request is obeyed. */
	open_bench(&bench, true);
	assert_int_equal(ask_signal(&bench, &request), 0);
	end_idler(child, SIGTERM);
	assert_non_null(strstr(sentences[0], "SIGTERM sent to process"));
	assert_int_equal(bench.losses[LOSS_REQUESTS], 0);
	close_bench(&bench);
	close(fd);
}

/* A later process with the same pid has another start; nothing is sent to it. */
static void
test_another_start(void **state)
{
	uint32_t inode;
	const int fd = open_socket(AF_INET, SOCK_STREAM, &inode);
	const pid_t child = start_idler();
	const struct message_signal request = {.pid = (uint32_t)child,
		.start_ticks = start_of(child) + 1,
		.inode = inode,
		.signal = SIGTERM};
	struct bench bench;

	(void)state;
	open_bench(&bench, true);
	assert_int_equal(ask_signal(&bench, &request), ESRCH);
	assert_non_null(strstr(sentences[0], "already gone"));
	assert_true(is_alive(child));
	assert_int_equal(kill(child, SIGKILL), 0);
	end_idler(child, SIGKILL);
	close_bench(&bench);
	close(fd);
}

/* A process that was chosen for a socket gets a signal only while it holds that socket. */
static void
test_socket_held(void **state)
{
	uint32_t inode;
	const int fd = open_socket(AF_INET6, SOCK_DGRAM, &inode);
	const pid_t child = start_idler();
	struct message_signal request = {
		.pid = (uint32_t)child, .start_ticks = start_of(child), .signal = SIGTERM};
	struct bench bench;

	(void)state;
	open_bench(&bench, true);
	/* A number that no socket of the child has. */
	request.inode = UINT32_MAX;
	assert_int_equal(ask_signal(&bench, &request), EBADF);
	assert_non_null(strstr(sentences[0], "does not hold that socket any more"));
	assert_true(is_alive(child));
	/* The one that it inherited; where it was seen last is looked at first, and not believed.
	 */
	request.inode = inode;
	for (int guess = 0; guess < 4; guess++) {
		assert_int_equal(proc_holds(bench.proc, request.pid, request.start_ticks,
					 request.inode, (uint32_t)(fd + guess)),
			0);
		assert_int_equal(proc_holds(bench.proc, request.pid, request.start_ticks,
					 UINT32_MAX, (uint32_t)(fd + guess)),
			-EBADF);
	}
	assert_int_equal(ask_signal(&bench, &request), 0);
	end_idler(child, SIGTERM);
	close_bench(&bench);
	close(fd);
}

/* Refused in words that have this one, counted, and the child lives. */
static void
assert_refused(
	struct bench *bench, const struct message_signal *request, pid_t child, const char *word)
{
	const uint64_t before = bench->losses[LOSS_REQUESTS];

	assert_int_not_equal(ask_signal(bench, request), 0);
	if (strstr(sentences[0], word) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", sentences[0], word);
	assert_int_equal(bench->losses[LOSS_REQUESTS], before + 1);
	assert_true(is_alive(child));
}

/* Of all signals nine are sent, and those obey the rules of the others. */
static void
test_signals_of_the_list(void **state)
{
	static const int allowed[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM, SIGCONT, SIGSTOP};
	const pid_t child = start_idler();
	struct message_signal request = {
		.pid = (uint32_t)child, .start_ticks = start_of(child), .inode = UINT32_MAX};
	struct bench bench;

	(void)state;
	open_bench(&bench, true);
	for (uint32_t number = 0; number < 200; number++) {
		bool is_allowed = false;

		for (size_t i = 0; i < UNIT_COUNT_OF(allowed); i++)
			is_allowed |= number == (uint32_t)allowed[i];
		request.signal = number;
		if (is_allowed)
			assert_int_equal(ask_signal(&bench, &request), EBADF);
		else
			assert_refused(&bench, &request, child, "only TERM, HUP");
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	end_idler(child, SIGKILL);
	close_bench(&bench);
}

/* Process 1, our own, and those that were chosen by nothing that was shown. */
static void
test_processes_to_spare(void **state)
{
	uint32_t unix_inode, late_inode;
	const int unix_socket = open_socket(AF_UNIX, SOCK_STREAM, &unix_inode);
	const pid_t child = start_idler();
	struct message_signal request = {.pid = 1, .inode = 1, .signal = SIGTERM};
	struct bench bench;
	pid_t late;
	int fd;

	(void)state;
	open_bench(&bench, true);
	assert_refused(&bench, &request, child, "process 1");
	request.pid = (uint32_t)getpid();
	assert_refused(&bench, &request, child, "sockwatch itself");
	request.pid = 4194300;
	assert_refused(&bench, &request, child, "sockwatch itself");
	request.pid = 0;
	assert_refused(&bench, &request, child, "not the pid");
	request.pid = UINT32_MAX;
	assert_refused(&bench, &request, child, "not the pid");
	request.pid = (uint32_t)child;
	request.start_ticks = start_of(child);
	request.inode = 0;
	assert_refused(&bench, &request, child, "not chosen by a socket");
	/* It holds a socket, of the kind that every program holds. */
	request.inode = unix_inode;
	assert_refused(&bench, &request, child, "TCP or UDP socket that was shown");

	/* One that came after the look was shown to nobody. */
	fd = open_socket(AF_INET, SOCK_STREAM, &late_inode);
	late = start_idler();
	request = (struct message_signal){.pid = (uint32_t)late,
		.start_ticks = start_of(late),
		.inode = late_inode,
		.signal = SIGTERM};
	assert_refused(&bench, &request, late, "TCP or UDP socket that was shown");
	look(&bench);
	assert_int_equal(ask_signal(&bench, &request), 0);
	end_idler(late, SIGTERM);
	assert_int_equal(kill(child, SIGKILL), 0);
	end_idler(child, SIGKILL);
	close_bench(&bench);
	close(fd);
	close(unix_socket);
}

/* Without its cookie any socket with the same addresses would be closed. */
static void
test_cookies(void **state)
{
	static const uint64_t any[] = {0, UINT64_MAX};
	struct message_destroy request = {.family = AF_INET, .protocol = IPPROTO_TCP};
	struct bench bench;
	struct error sentence;

	(void)state;
	open_bench(&bench, true);
	for (size_t i = 0; i < UNIT_COUNT_OF(any); i++) {
		request.cookie = any[i];
		commands_destroy(&bench.commands, &request);
		read_results(&bench.answers);
		assert_int_equal(result_count, 1);
		assert_int_equal(results[0].error, EINVAL);
		assert_non_null(strstr(sentences[0], "by its cookie"));
		/* Nor does what speaks with the kernel; the descriptor is none. */
		assert_int_equal(destroy_socket(-1, &request, 1, &sentence), -EINVAL);
	}
	assert_int_equal(bench.losses[LOSS_REQUESTS], 2);
	assert_int_equal(bench.commands.count, 0);
	request.cookie = UINT64_MAX - 1;
	commands_destroy(&bench.commands, &request);
	assert_int_equal(bench.commands.count, 1);
	assert_int_equal(destroy_socket(-1, &request, 1, &sentence), -EBADF);
	close_bench(&bench);
}

/* So many requests wait, and no more. */
static void
test_bound(void **state)
{
	struct bench bench;

	(void)state;
	open_bench(&bench, true);
	for (uint32_t i = 0; i <= COMMANDS_WAITING_MAX; i++)
		commands_destroy(
			&bench.commands, &(struct message_destroy){.request = i, .cookie = i + 1});
	read_results(&bench.answers);
	assert_int_equal(bench.commands.count, COMMANDS_WAITING_MAX);
	assert_int_equal(result_count, 1);
	assert_int_equal(results[0].request, COMMANDS_WAITING_MAX);
	assert_int_equal(results[0].error, EBUSY);
	assert_int_equal(bench.losses[LOSS_REQUESTS], 1);
	close_bench(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_another_start),
		cmocka_unit_test(test_socket_held),
		cmocka_unit_test(test_signals_of_the_list),
		cmocka_unit_test(test_processes_to_spare),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
