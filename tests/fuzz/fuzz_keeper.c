/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What our processes send each other over their socket pairs, each end taken over in turn:
 * datagrams of a viewer to the keeper and to the opener, and of a keeper to the viewer. An input is
 * datagrams: a byte for the kind, one more (how many descriptors come with a reply; of a request to
 * the opener the step), the length, two bytes, little end first, and its bytes.
 *
 * Nothing is forked and no file is written (linked with --wrap). Whatever comes, the opener touches
 * no file but those that it was started for, and no process keeps a descriptor that it did not
 * take.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/rights.h>

#include "fuzz.h"
#include "privilege/exchange.h"
#include "privilege/keeper_private.h"
#include "privilege/opener_private.h"

enum { HEADER = 4, DATAGRAMS_MAX = 32, DATAGRAM_MAX = 16384 };

enum kind { KIND_KEEPER, KIND_OPENER, KIND_REPLY, KIND_ODD_REQUEST, KIND_ASK, KIND_COUNT };

/* Above any pid of a real process (PID_MAX_LIMIT). */
enum { NO_PID = 0x7fff0000, EACH_FAILS = 4 };

static const char *const files[OPENER_FILES_MAX] = {"/proc/self/nothing/config", "/dev/null", ""};

static unsigned forks;
static bool is_forbidden; /* that anything is changed */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

pid_t __wrap_fork(void);
int __wrap_privileges_forget(uint32_t rights);
int __wrap_whole_file_open(struct whole_file *file, const char *path, struct error *error);
int __wrap_whole_file_commit(struct whole_file *file, bool replaces, struct error *error);
int __wrap_whole_file_make_directories(const char *path, struct error *error);

pid_t
__wrap_fork(void)
{
	if (++forks % EACH_FAILS != 0)
		return NO_PID;
	errno = EAGAIN;
	return -1;
}

int
__wrap_privileges_forget(uint32_t rights)
{
	require(rights == RIGHTS_OF_CHANGES);
	is_forbidden = true;
	return 0;
}

static bool
is_listed(const char *path)
{
	for (size_t i = 0; i < OPENER_FILES_MAX; i++)
		if (path[0] != '\0' && strcmp(files[i], path) == 0)
			return true;
	return false;
}

int
__wrap_whole_file_open(struct whole_file *file, const char *path, struct error *error)
{
	const size_t len = strlen(path);

	(void)error;
	require(is_listed(path) || (strchr(path, '/') == NULL && path[0] != '.' && len > 4 &&
					   strcmp(path + len - 4, ".txt") == 0));
	*file = (struct whole_file){.path = path, .fd = open("/dev/null", O_WRONLY | O_CLOEXEC)};
	return 0;
}

int
__wrap_whole_file_commit(struct whole_file *file, bool replaces, struct error *error)
{
	require(!replaces || is_listed(file->path));
	close(file->fd);
	file->fd = -1;
	if (file->result != 0)
		error_set(error, "not written");
	return file->result;
}

int
__wrap_whole_file_make_directories(const char *path, struct error *error)
{
	(void)error;
	require(is_listed(path));
	return 0;
}

/* The number that the next descriptor would have. */
static int
lowest_free(void)
{
	const int fd = dup(STDERR_FILENO);

	require(fd >= 0);
	close(fd);
	return fd;
}

static int
collect(const void *context, const struct message_subscription *subscription, int out, int in,
	bool is_read_only)
{
	(void)context;
	(void)subscription;
	(void)out;
	(void)in;
	(void)is_read_only;
	abort(); /* only in a child */
}

/* [0] is the viewer's end. A datagram never waits for room. */
struct run {
	int keeper[2], opener[2];
	struct keeper_state state;
	bool is_keeper_gone, is_opener_gone;
};

static struct opener_serving serving;

/* Takes what the keeper answered, as the viewer does. */
static void
take_replies(struct run *run)
{
	const struct keeper keeper = {.control = run->keeper[0]};
	struct collector_link link;
	struct error error;
	int result;

	do {
		error.text[0] = '\0';
		result = keeper_take(&keeper, &link, &error);
		require(result == 0 || result == 1 || result == -EAGAIN ||
			(result < 0 && error.text[0] != '\0'));
		if (result == 1) {
			require(link.pid != 0 && link.stream >= 0 && link.commands >= 0);
			close(link.stream);
			close(link.commands);
		}
		/* After another error there may be more. */
	} while (result != -EAGAIN && result != -EPIPE && result != -ECONNRESET);
}

static void
send_to_keeper(struct run *run, const void *bytes, size_t len)
{
	if (run->is_keeper_gone)
		return;
	require(send(run->keeper[0], bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len);
	run->is_keeper_gone = !keeper_serve(&run->state);
	require(is_forbidden == run->state.is_read_only);
	take_replies(run);
}

/* What it answers is dropped with the descriptors that came with it. */
static void
drop_answers(int fd)
{
	char byte;

	while (recv(fd, &byte, sizeof byte, MSG_DONTWAIT) >= 0)
		;
}

static void
send_to_opener(struct run *run, const void *bytes, size_t len)
{
	if (run->is_opener_gone)
		return;
	require(send(run->opener[0], bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len);
	run->is_opener_gone = !opener_serve(&serving);
	drop_answers(run->opener[0]);
}

static void
request(struct run *run, uint8_t step, const uint8_t *data, size_t len)
{
	struct opener_request request = {
		.step = step & 3, .replaces = step >> 2 & 1, .result = step >> 3};

	memcpy(request.path, data, len < sizeof request.path ? len : sizeof request.path);
	send_to_opener(run, &request, sizeof request);
}

/* To the viewer, of a keeper that answers anything with any descriptors. */
static void
reply(const struct run *run, uint8_t count, const uint8_t *data, size_t len)
{
	int fds[EXCHANGE_FDS_MAX] = {-1, -1};
	uint8_t bytes[DATAGRAM_MAX];

	count %= EXCHANGE_FDS_MAX + 1;
	for (uint8_t i = 0; i < count; i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	memcpy(bytes, data, len);
	if (exchange_send(run->keeper[1], bytes, len, fds, count) != 0)
		abort();
	for (uint8_t i = 0; i < count; i++)
		close(fds[i]);
}

/* What our own viewer sends. */
static void
ask(struct run *run, uint8_t what, const uint8_t *data, size_t len)
{
	const struct keeper keeper = {.control = run->keeper[0]};
	struct error error = {.text = ""};
	struct message message;
	int result;

	if (run->is_keeper_gone)
		return;
	if (what % 3 == 0)
		result = keeper_ping(&keeper);
	else if (what % 3 == 1)
		result = keeper_forbid_changes(&keeper, &error);
	else if (message_decode(data, len, &message) == 0 && message.type == MESSAGE_SUBSCRIPTION)
		result = keeper_ask(&keeper, &message.body.subscription, &error);
	else
		return;
	require(result == 0 || error.text[0] != '\0');
	if (result == 0) {
		require(exchange_wait(run->keeper[1], 0) == 0);
		run->is_keeper_gone = !keeper_serve(&run->state);
	}
	take_replies(run);
}

/* In a block of its own, aligned as what recv() gives. */
static void
take_aligned(struct run *run, uint8_t what, const uint8_t *data, size_t len)
{
	uint8_t *const copy = malloc(len != 0 ? len : 1);

	require(copy != NULL);
	memcpy(copy, data, len);
	ask(run, what, copy, len);
	free(copy);
}

static void
take(struct run *run, const uint8_t *header, const uint8_t *data, size_t len)
{
	len = len < DATAGRAM_MAX ? len : DATAGRAM_MAX;
	switch ((enum kind)(header[0] % KIND_COUNT)) {
	case KIND_KEEPER: send_to_keeper(run, data, len); break;
	case KIND_OPENER: request(run, header[1], data, len); break;
	case KIND_ODD_REQUEST: send_to_opener(run, data, len); break;
	case KIND_ASK: take_aligned(run, header[1], data, len); break;
	case KIND_REPLY:
		if (len != 0)
			reply(run, header[1], data, len);
		take_replies(run);
		break;
	case KIND_COUNT: break;
	}
}

static void
begin(struct run *run)
{
	is_forbidden = false;
	forks = 0;
	memset(run, 0, sizeof *run);
	require(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, run->keeper) == 0 &&
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, run->opener) == 0);
	run->state = (struct keeper_state){
		.control = run->keeper[1], .life = -1, .options.collect = collect};
	keeper_state_begin(&run->state);
	memset(&serving, 0, sizeof serving);
	serving.control = run->opener[1];
	for (size_t i = 0; i < OPENER_FILES_MAX; i++)
		memcpy(serving.files[i], files[i], strlen(files[i]) + 1);
}

static void
end(struct run *run)
{
	struct error error;

	if (run->state.collector != 0)
		close(run->state.collector_life);
	if (serving.is_open)
		(void)whole_file_commit(&serving.file, false, &error);
	keeper_stop(&(struct keeper){.control = run->keeper[0], .life = -1, .pid = NO_PID});
	close(run->keeper[1]);
	close(run->opener[0]);
	close(run->opener[1]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const int before = lowest_free();
	struct run run;

	begin(&run);
	for (unsigned i = 0; len >= HEADER && i < DATAGRAMS_MAX; i++) {
		const uint8_t *const header = data;
		size_t size = data[2] | (size_t)data[3] << 8;

		size = size < len - HEADER ? size : len - HEADER;
		take(&run, header, data + HEADER, size);
		data += HEADER + size;
		len -= HEADER + size;
	}
	end(&run);
	require(lowest_free() == before);
	return 0;
}
