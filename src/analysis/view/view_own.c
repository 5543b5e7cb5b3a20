/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sockets of the program itself: probes, questions to name servers. They are found by the
 * processes that hold them, counted, and left out.
 */
#include <config.h>

#include "view_own.h"

#include <netinet/in.h>
#include <string.h>

#include <sockwatch/model/caller.h>

static bool
is_own_pid(const struct view *view, uint32_t pid)
{
	for (size_t i = 0; i < view->own_pid_count; i++) {
		if (view->own_pids[i] == pid)
			return true;
	}
	return false;
}

static uint64_t
bit_of(uint32_t inode)
{
	return UINT64_C(1) << (inode & 63);
}

void
view_own_begin(struct view *view, struct view_own *own)
{
	const struct process_table *const table = &view->model->processes;

	own->count = 0;
	own->bits = 0;
	memset(view->own, 0, sizeof view->own);
	view->own_hidden = 0;
	for (uint32_t i = 0; view->own_pid_count > 0 && i < table->owner_used; i++) {
		const struct owner *const owner = &table->owners[i];

		if (owner->inode == 0 || !is_own_pid(view, owner->pid) ||
			own->count == VIEW_OWN_INODES)
			continue;
		own->inodes[own->count++] = owner->inode;
		own->bits |= bit_of(owner->inode);
	}
}

static bool
is_held(const struct view_own *own, uint32_t inode)
{
	if (inode == 0 || (own->bits & bit_of(inode)) == 0)
		return false;
	for (size_t i = 0; i < own->count; i++) {
		if (own->inodes[i] == inode)
			return true;
	}
	return false;
}

static bool
was_held(const struct view *view, const struct socket_row *row)
{
	const struct caller_row *caller;

	if (row->last_pid != 0)
		return is_own_pid(view, row->last_pid);
	caller = model_socket_caller(view->model, row);
	return caller != NULL && is_own_pid(view, caller->pid);
}

bool
view_own_hides(struct view *view, const struct view_own *own, const struct socket_row *row)
{
	const bool closed = (row->flags & SOCKET_CLOSED) != 0;

	if (view->own_pid_count == 0 || !(closed ? was_held(view, row) : is_held(own, row->inode)))
		return false;
	if (!closed && row->state < TCP_STATE_COUNT)
		view->own[row->protocol == IPPROTO_UDP][row->state]++;
	view->own_hidden += !closed;
	return true;
}
