/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows from a row and the rest of the model together: its rates, its owner, and why it has
 * none.
 */
#include <config.h>
#include <netinet/in.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/model.h>

#include "model/hidden.h"
#include "model/model_private.h"
#include "model/socket/protocol.h"
#include "ownerless.h"
#include "tuple_index.h"

bool
model_socket_rates(
	const struct model *model, const struct socket_row *row, double *send, double *receive)
{
	const struct netns_row *const netns = model->netns[row->netns];
	const struct dump_mark *const complete =
		&netns->own->complete[socket_protocol_index(row->protocol)];
	uint64_t received;

	if (complete->number == 0 || !tcp_info_get(&row->tcp, TCP_INFO_bytes_received, &received))
		return false;
	if (row->rate_dump != 0 && (int32_t)(row->rate_dump - complete->number) >= 0) {
		*send = (double)row->send_rate;
		*receive = (double)row->receive_rate;
		return true;
	}
	/* It was in two dumps, and had not changed in the last. */
	*send = *receive = 0;
	return (int32_t)(row->first_ms - complete->ms) < 0;
}

/* Boot time and start ticks are rounded, and the wall clock of the boot may have been set since. */
enum { START_SLACK_MS = 2000 };

/* It started after the socket had closed: another process has the number now. */
static bool
is_later_process(
	const struct model *model, const struct process_row *process, const struct socket_row *row)
{
	const struct host_facts *const host = &model->host;
	const uint64_t closed_ms = model->epoch_ms + row->closed_ms;

	if (host->boot_ns == 0 || host->clock_ticks == 0)
		return false;
	return host->boot_ns / CLOCK_NS_PER_MS + process->start_ticks * 1000 / host->clock_ticks >
	       closed_ms + START_SLACK_MS;
}

static const struct process_row *
last_process(const struct model *model, const struct socket_row *row)
{
	const struct process_row *const process =
		process_table_find(&model->processes, row->last_pid);

	return process != NULL && !is_later_process(model, process, row) ? process : NULL;
}

const struct process_row *
model_socket_process(const struct model *model, const struct socket_row *row)
{
	const struct owner *const owner = process_table_owner(&model->processes, row->inode);

	if (owner != NULL)
		return process_table_find(&model->processes, owner->pid);
	if (row->flags & SOCKET_CLOSED && row->last_pid != 0)
		return last_process(model, row);
	return NULL;
}

/* Rows and callers arrive separately, and rows count in milliseconds. */
enum { CALLER_SLACK_MS = 2000 };

const struct caller_row *
model_socket_caller(const struct model *model, const struct socket_row *row)
{
	const struct caller_row *caller;
	uint64_t first_ms, closed_ms, caller_ms;

	if (!(row->flags & SOCKET_CLOSED) || row->last_pid != 0 || row->protocol != IPPROTO_TCP ||
		row->remote_port == 0)
		return NULL;
	caller = caller_table_find(
		&model->own->callers, &(struct caller_end){
					      .local = row->local,
					      .remote = row->remote,
					      .local_port = row->local_port,
					      .remote_port = row->remote_port,
					      .netns = model->netns[row->netns]->id,
				      });
	if (caller == NULL)
		return NULL;
	/* The caller must not be that of an earlier or later connection between the same ends. */
	caller_ms = caller->time_ns / CLOCK_NS_PER_MS;
	first_ms = model->epoch_ms + row->first_ms;
	closed_ms = model->epoch_ms + row->closed_ms;
	if (caller_ms > closed_ms + CALLER_SLACK_MS ||
		(row->flags & SOCKET_BIRTH_SEEN && caller_ms + CALLER_SLACK_MS < first_ms))
		return NULL;
	return caller;
}

const struct process_row *
model_socket_listener(const struct model *model, const struct socket_row *row)
{
	uint32_t id;

	if (!(row->flags & SOCKET_CLOSED) || row->protocol != IPPROTO_TCP ||
		row->remote_port == 0 || row->last_pid != 0 ||
		model_socket_process(model, row) != NULL || model_socket_caller(model, row) != NULL)
		return NULL;
	id = tuple_index_listener(model, row->netns, row->ifindex, &row->local, row->local_port);
	if (id == SOCKET_NONE || socket_table_row(&model->sockets, id)->flags & SOCKET_CLOSED)
		return NULL;
	return model_socket_process(model, socket_table_row(&model->sockets, id));
}

const char *
model_hidden_reasons(const struct model *model)
{
	return model->own->hidden_words;
}

enum reason {
	REASON_TIME_WAIT,
	REASON_REQUEST,
	REASON_NOT_ACCEPTED,
	REASON_ORPHAN,
	REASON_EXITED,
	REASON_FORGOTTEN,
	REASON_BRIEF,
	REASON_ABORTED,
	REASON_PENDING,
	REASON_KERNEL,
	REASON_HIDDEN,
};

static const struct {
	const char *word;
	const char *sentence;
} reasons[] = {
	[REASON_TIME_WAIT] = {"time-wait",
		"Both sides have closed the connection; the kernel alone keeps it until late segments of it have died out."},
	[REASON_REQUEST] = {"request",
		"A connection request: no socket yet, only an entry in the listener's SYN queue."},
	[REASON_NOT_ACCEPTED] = {"not accepted",
		"The connection is established but waits in the accept queue: the program that listens on this port has not accepted it."},
	[REASON_ORPHAN] = {"orphan",
		"Its program has closed it or ended; the kernel finishes the connection alone."},
	[REASON_EXITED] = {"exited", "It is gone, and the process that held it has ended."},
	[REASON_FORGOTTEN] = {"not known",
		"It is gone; a process held it, of which nothing is known any more."},
	[REASON_BRIEF] = {OWNERLESS_BRIEF, OWNERLESS_BRIEF_SENTENCE},
	[REASON_ABORTED] = {"aborted",
		"It was refused or aborted. The kernel had forgotten its peer's port by then, so its owner is not known."},
	[REASON_PENDING] = {"pending", "Its owner is still being searched for."},
	[REASON_KERNEL] = {"kernel",
		"It has no descriptor, so no process holds it: the kernel is setting it up or taking it down, or has it for itself."},
	/* See hidden.h. */
	[REASON_HIDDEN] = {"hidden", NULL},
};

/* Without inode: no descriptor anywhere. */
static enum reason
reason_without_inode(const struct socket_row *row)
{
	switch ((enum tcp_state)row->state) {
	case TCP_STATE_TIME_WAIT: return REASON_TIME_WAIT;
	case TCP_STATE_SYN_RECEIVED:
		return row->flags & SOCKET_REQUEST ? REASON_REQUEST : REASON_NOT_ACCEPTED;
	case TCP_STATE_ESTABLISHED:
	case TCP_STATE_CLOSE_WAIT:
		return row->protocol == IPPROTO_TCP ? REASON_NOT_ACCEPTED : REASON_KERNEL;
	case TCP_STATE_FIN_WAIT_1:
	case TCP_STATE_FIN_WAIT_2:
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK: return REASON_ORPHAN;
	case TCP_STATE_UNKNOWN:
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_CLOSED:
	case TCP_STATE_LISTEN:
	case TCP_STATE_COUNT: break;
	}
	return REASON_KERNEL;
}

/* That a process has ended is known from its end alone, not from its absence in the table. */
static enum reason
reason_of_closed(const struct model *model, const struct socket_row *row)
{
	if (row->last_pid == 0)
		return REASON_BRIEF;
	return model_ended_process(model, row->last_pid) != NULL ? REASON_EXITED : REASON_FORGOTTEN;
}

static enum reason
reason_of(const struct model *model, const struct socket_row *row)
{
	if (row->flags & SOCKET_CLOSED && row->state == TCP_STATE_CLOSED && row->inode == 0 &&
		row->remote_port == 0 && !address_is_any(&row->remote))
		return REASON_ABORTED;
	/* No dump listed it, or it closed before its owner was found. */
	if (row->flags & SOCKET_CLOSED &&
		(row->inode != 0 || row->state == TCP_STATE_CLOSED || row->last_pid != 0))
		return reason_of_closed(model, row);
	if (row->inode == 0)
		return reason_without_inode(row);
	return hidden_is_searched(model, row) ? REASON_HIDDEN : REASON_PENDING;
}

const char *
model_socket_ownerless(
	const struct model *model, const struct socket_row *row, const char **long_text)
{
	enum reason reason;

	if (model_socket_process(model, row) != NULL || model_socket_caller(model, row) != NULL)
		return NULL;
	reason = reason_of(model, row);
	if (long_text != NULL)
		*long_text = reason == REASON_HIDDEN ? model_hidden_reasons(model)
						     : reasons[reason].sentence;
	return reasons[reason].word;
}
