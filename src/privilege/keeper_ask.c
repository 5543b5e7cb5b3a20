/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The viewer's side of the keeper: asks for a collector, hears what it answers, ends it. */
#include <config.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/stream/message.h>

#include "exchange.h"
#include "keeper_private.h"

enum { END_PAUSES = 12 }; /* 0.4 s in all, twice */

/* 0: with a collector goes what it is reached by, and with nothing else. */
static int
check_reply(const struct keeper_reply *reply, int fds)
{
	const bool is_collector = reply->error == 0 && reply->pid != 0;

	if (reply->error < 0 || reply->pid < 0 || fds != (is_collector ? (int)KEEPER_FDS : 0))
		return -EPROTO;
	return -reply->error;
}

/* -EAGAIN: nothing came yet. */
static int
receive_reply(int control, struct keeper_reply *reply, int fds[KEEPER_FDS])
{
	const int count = exchange_receive(control, reply, sizeof *reply, fds, KEEPER_FDS);
	const int result = count < 0 ? count : check_reply(reply, count);

	for (int i = 0; result != 0 && i < count; i++)
		close(fds[i]);
	return result;
}

static int
refuse(int result, struct error *error)
{
	if (result == -EPIPE || result == -ECONNRESET)
		error_set(error, "the process that keeps the rights has ended; start again");
	else if (result == -ETIMEDOUT || result == -EAGAIN)
		error_set(error,
			"the process that keeps the rights does not answer; `kill -CONT` lets one go on that was stopped");
	else if (result == -EBUSY)
		error_set(error, "cannot start the collector: it was started too often just now");
	else
		error_set(error, "cannot start the collector: %s", file_words(result));
	return result;
}

int
keeper_ping(const struct keeper *keeper)
{
	static const char ping[KEEPER_PING_LEN];

	return send(keeper->control, ping, sizeof ping, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno
											 : 0;
}

int
keeper_forbid_changes(const struct keeper *keeper, struct error *error)
{
	static const char order[KEEPER_READ_ONLY_LEN];

	if (send(keeper->control, order, sizeof order, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		return 0;
	return refuse(-errno, error);
}

int
keeper_ask(const struct keeper *keeper, const struct message_subscription *subscription,
	struct error *error)
{
	struct buffer bytes;
	int result;

	buffer_init(&bytes, KEEPER_SUBSCRIPTION_MAX);
	result = message_encode(MESSAGE_SUBSCRIPTION, subscription, &bytes);
	if (result == 0 &&
		send(keeper->control, bytes.data, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		result = -errno;
	buffer_fini(&bytes);
	return result == 0 ? 0 : refuse(result, error);
}

int
keeper_take(const struct keeper *keeper, struct collector_link *link, struct error *error)
{
	struct keeper_reply reply = {0};
	int fds[KEEPER_FDS] = {-1, -1};
	const int result = receive_reply(keeper->control, &reply, fds);

	if (result == -EAGAIN)
		return result;
	if (result != 0)
		return refuse(result, error);
	if (reply.pid == 0)
		return 0;
	*link = (struct collector_link){
		.pid = reply.pid, .stream = fds[KEEPER_STREAM], .commands = fds[KEEPER_COMMANDS]};
	return 1;
}

int
keeper_spawn(const struct keeper *keeper, const struct message_subscription *subscription,
	struct collector_link *link, struct error *error)
{
	int result = keeper_ask(keeper, subscription, error);

	if (result != 0)
		return result;
	do {
		result = exchange_wait(keeper->control, KEEPER_ANSWER_MS);
		if (result != 0)
			return refuse(result, error);
		result = keeper_take(keeper, link, error);
	} while (result == 0 || result == -EAGAIN);
	return result < 0 ? result : 0;
}

static void
close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

void
keeper_stop(struct keeper *keeper)
{
	close_end(&keeper->control);
	/* It ends its collector first and waits for it. What hangs is killed. */
	if (keeper->pid > 0 && !exchange_wait_end(keeper->pid, END_PAUSES)) {
		close_end(&keeper->life);
		(void)exchange_wait_end(keeper->pid, END_PAUSES);
	}
	close_end(&keeper->life);
	keeper->pid = 0;
}
