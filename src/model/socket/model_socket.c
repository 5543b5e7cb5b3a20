/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows from a row and the rest of the model together: its rates, its owner, and why it has
 * none.
 */
#include <config.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/rights.h>

#include "model/model_private.h"
#include "ownerless.h"

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

const struct process_row *
model_socket_process(const struct model *model, const struct socket_row *row)
{
	const struct owner *const owner = process_table_owner(&model->processes, row->inode);

	if (owner != NULL)
		return process_table_find(&model->processes, owner->pid);
	if (row->flags & SOCKET_CLOSED && row->last_pid != 0)
		return process_table_find(&model->processes, row->last_pid);
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

enum reason {
	REASON_TIME_WAIT,
	REASON_REQUEST,
	REASON_NOT_ACCEPTED,
	REASON_ORPHAN,
	REASON_EXITED,
	REASON_BRIEF,
	REASON_ABORTED,
	REASON_PENDING,
	REASON_NO_RIGHT,
	REASON_STRONGER,
	REASON_KERNEL,
	REASON_UNSEEN,
};

static const struct {
	const char *word;
	const char *sentence;
} reasons[] = {
	[REASON_TIME_WAIT] = {"time-wait",
		"The program has closed it; the kernel alone keeps it until late segments of the connection have died out."},
	[REASON_REQUEST] = {"request",
		"A connection request: no socket yet, only an entry in the listener's SYN queue."},
	[REASON_NOT_ACCEPTED] = {"not accepted",
		"The connection is established but waits in the accept queue: the program that listens on this port has not accepted it."},
	[REASON_ORPHAN] = {"orphan",
		"Its program has closed it or ended; the kernel finishes the connection alone."},
	[REASON_EXITED] = {"exited", "It is gone, and the process that held it as well."},
	[REASON_BRIEF] = {OWNERLESS_BRIEF, OWNERLESS_BRIEF_SENTENCE},
	[REASON_ABORTED] = {"aborted",
		"It was refused or aborted. The kernel had forgotten its peer's port by then, so its owner is not known."},
	[REASON_PENDING] = {"pending", "Its owner is still being searched for."},
	[REASON_NO_RIGHT] = {"hidden",
		"Its process belongs to somebody else: reading descriptors of all processes needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH."},
	[REASON_STRONGER] = {"hidden",
		"Its process has capabilities that sockwatch lacks, so the kernel does not show its descriptors."},
	[REASON_KERNEL] = {"kernel",
		"No process holds it: the kernel opened it for itself (a tunnel, a network file system)."},
	[REASON_UNSEEN] = {"hidden",
		"No process in /proc holds it: it is in another PID namespace, or in transit between two processes."},
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

static enum reason
reason_of(const struct model *model, const struct socket_row *row)
{
	const uint32_t enough = RIGHT_SYS_PTRACE | RIGHT_DAC_READ_SEARCH;

	if (row->flags & SOCKET_CLOSED && row->state == TCP_STATE_CLOSED && row->inode == 0 &&
		row->remote_port == 0 && !address_is_any(&row->remote))
		return REASON_ABORTED;
	/* No dump listed it, or it closed before its owner was found. */
	if (row->flags & SOCKET_CLOSED &&
		(row->inode != 0 || row->state == TCP_STATE_CLOSED || row->last_pid != 0))
		return row->last_pid != 0 ? REASON_EXITED : REASON_BRIEF;
	if (row->inode == 0)
		return reason_without_inode(row);
	/* Without any process, owners were not asked for yet. */
	if (model->owners_pending != 0 || model->processes.count == 0)
		return REASON_PENDING;
	if (model->owners_hidden != 0 || model->processes.hidden != 0)
		return (model->host.rights & enough) == enough ? REASON_STRONGER : REASON_NO_RIGHT;
	return row->uid == 0 ? REASON_KERNEL : REASON_UNSEEN;
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
		*long_text = reasons[reason].sentence;
	return reasons[reason].word;
}
