/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * F9: closes a socket or signals a process, after a question that shows the shell command for the
 * same (ss_command.c). On tagged rows, a group or a filter it is close_many.c's, and batch.c
 * carries it out; signals.c is the menu of signals, destroy_message.c the request. A refusal gives
 * its reason. The socket is named by its cookie, the process by its start time, so that neither a
 * reused address nor a reused pid is hit.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/number.h>
#include <sockwatch/stream/rights.h>

#include "close_many.h"
#include "destroy_message.h"
#include "signals.h"
#include "ss_command.h"
#include "tui/key/handlers.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/menu.h"
#include "tui/state.h"

enum { OWNERS_SHOWN = 32 };

/* The socket that the menu was opened for, if it still lives. */
static const struct socket_row *
find_socket(struct tui *tui)
{
	const struct socket_row *const row =
		table_row(tui, identity_find(&tui->close_signal.socket, tui->model));

	return row != NULL && (row->flags & SOCKET_CLOSED) == 0 ? row : NULL;
}

static void
show_gone(struct tui *tui)
{
	tui_show_message(tui, SEVERITY_WARNING, "the socket has closed meanwhile");
}

static uint32_t
take_number(struct tui *tui)
{
	tui->close_signal.waiting = ++tui->close_signal.next;
	return tui->close_signal.waiting;
}

static void
send_close(struct tui *tui)
{
	const struct socket_row *const row = find_socket(tui);
	struct message_destroy message;

	if (row == NULL) {
		show_gone(tui);
		return;
	}
	message = destroy_message(tui->model, row);
	message.request = take_number(tui);
	message.pid = tui->close_signal.pid;
	message.start_ticks = tui->close_signal.start_ticks;
	tui_show_message(tui, SEVERITY_INFO, "asked the kernel to close the socket …");
	tui->hooks.request(tui->hooks.context, MESSAGE_DESTROY, &message);
}

/* " of nginx, process 812": the first process that holds the socket, which it must still hold then.
 */
static void
take_owner(struct tui *tui, const struct socket_row *row, char *out, size_t size)
{
	const struct process_row *const process = model_socket_process(tui->model, row);

	tui->close_signal.pid = process != NULL ? process->pid : 0;
	tui->close_signal.start_ticks = process != NULL ? process->start_ticks : 0;
	out[0] = '\0';
	if (process != NULL)
		snprintf(out, size, " of %.32s, process %u", model_text(tui->model, process->comm),
			process->pid);
}

static void
ask_close(struct tui *tui)
{
	const struct socket_row *const row = find_socket(tui);
	char owner[64];
	char local[ADDRESS_TEXT_SIZE];
	char remote[ADDRESS_TEXT_SIZE];
	char text[CONFIRM_TEXT_SIZE];
	char command[CONFIRM_TEXT_SIZE];

	if (row == NULL) {
		show_gone(tui);
		return;
	}
	address_format(&row->local, local, sizeof local);
	address_format(&row->remote, remote, sizeof remote);
	take_owner(tui, row, owner, sizeof owner);
	if (row->state == TCP_STATE_LISTEN)
		snprintf(text, sizeof text,
			"Close the listening socket %s port %u%s? Connections in its queues get a reset; its program cannot accept any more.",
			local, row->local_port, owner);
	else if (row->remote_port == 0)
		snprintf(text, sizeof text,
			"Close the %s socket %s port %u%s? Its program gets ECONNABORTED.",
			socket_state_name(row), local, row->local_port, owner);
	else
		snprintf(text, sizeof text,
			"Close the %s socket %s port %u to %s port %u%s? Its program gets ECONNABORTED, its peer a reset.",
			socket_state_name(row), local, row->local_port, remote, row->remote_port,
			owner);
	ss_command_one(tui->model, row, command, sizeof command);
	confirm_open(tui, "Close socket", text, command, send_close);
}

static void
send_signal(struct tui *tui)
{
	struct message_signal message = {
		.request = take_number(tui),
		.inode = tui->close_signal.inode,
		.pid = tui->close_signal.pid,
		.start_ticks = tui->close_signal.start_ticks,
		.signal = (uint32_t)tui->close_signal.signal,
	};

	tui_show_format(tui, SEVERITY_INFO, "asked to signal process %u …", tui->close_signal.pid);
	tui->hooks.request(tui->hooks.context, MESSAGE_SIGNAL, &message);
}

/* That it has ended is said only when its end was reported. */
static void
show_unknown(struct tui *tui, uint32_t pid)
{
	tui_show_format(tui, SEVERITY_WARNING,
		model_ended_process(tui->model, pid) != NULL
			? "process %u has ended meanwhile"
			: "nothing is known of process %u any more; look again who holds the socket",
		pid);
}

static void
choose_signal(struct tui *tui, const struct menu_item *item, const char *typed)
{
	const struct signal_name *const signal = item->object;
	const struct process_row *const process =
		process_table_find(&tui->model->processes, tui->close_signal.pid);
	char text[CONFIRM_TEXT_SIZE];
	char command[64];

	(void)typed;
	if (process == NULL || process->start_ticks != tui->close_signal.start_ticks) {
		show_unknown(tui, tui->close_signal.pid);
		return;
	}
	tui->close_signal.signal = signal->number;
	snprintf(text, sizeof text,
		"Send SIG%s to %s, process %u? It has %u descriptor%s of sockets.", signal->name,
		model_text(tui->model, process->comm), process->pid, process->held,
		number_plural(process->held));
	snprintf(command, sizeof command, "kill -%s %u", signal->name, process->pid);
	confirm_open(tui, "Signal process", text, command, send_signal);
}

static const struct menu_ops signal_menu = {.choose = choose_signal};

/* False: not allowed, and the reason is shown. */
static bool
may_signal(struct tui *tui, const struct process_row *process)
{
	const struct host_facts *const host = &tui->model->host;

	if ((host->rights & RIGHT_KILL) != 0 || process->uid == host->uid)
		return true;
	tui_show_format(tui, SEVERITY_WARNING,
		"process %u belongs to another user: signalling it needs CAP_KILL (sudo sockwatch)",
		process->pid);
	return false;
}

static void
ask_signal(struct tui *tui, uint32_t pid)
{
	const struct process_row *const process = process_table_find(&tui->model->processes, pid);
	char title[MENU_TITLE_SIZE];

	if (process == NULL) {
		show_unknown(tui, pid);
		return;
	}
	if (!may_signal(tui, process))
		return;
	tui->close_signal.pid = pid;
	tui->close_signal.start_ticks = process->start_ticks;
	snprintf(title, sizeof title, "Signal %.24s (%u)", model_text(tui->model, process->comm),
		pid);
	signals_open(tui, &signal_menu, title);
}

/* The object of the menu's item for all that pass the filter. */
static const char subject_filter;

static void
choose_subject(struct tui *tui, const struct menu_item *item, const char *typed)
{
	uint32_t pid = 0;

	(void)typed;
	if (item->object == &subject_filter) {
		close_many_open(tui, CLOSE_MANY_FILTER);
		return;
	}
	if (item->object == NULL) {
		if ((tui->model->host.rights & RIGHT_NET_ADMIN) == 0)
			tui_show_message(tui, SEVERITY_WARNING,
				"closing a socket needs CAP_NET_ADMIN (sudo sockwatch)");
		else
			ask_close(tui);
		return;
	}
	if (sscanf(item->value, "%u", &pid) == 1)
		ask_signal(tui, pid);
}

static const struct menu_ops subject_menu = {.choose = choose_subject};

/* Every process that holds the socket, each once. */
static void
add_owners(struct tui *tui, const struct socket_row *row)
{
	const struct process_table *const processes = &tui->model->processes;
	const struct owner *owner =
		row->inode != 0 ? process_table_owner(processes, row->inode) : NULL;
	uint32_t last = 0;

	for (int i = 0; owner != NULL && i < OWNERS_SHOWN;
		owner = process_table_next(processes, owner), i++) {
		const struct process_row *const process = process_table_find(processes, owner->pid);
		char label[96];
		char value[16];

		if (process == NULL || owner->pid == last)
			continue;
		last = owner->pid;
		snprintf(label, sizeof label, "Signal process %u (%.32s)", process->pid,
			model_text(tui->model, process->comm));
		snprintf(value, sizeof value, "%u", process->pid);
		menu_add(tui, label, value, row, MENU_NO_COUNT);
	}
}

void
close_signal_answered(struct tui *tui)
{
	const struct socket_row *const row = find_socket(tui);

	tui->close_signal.asked = 0;
	if (tui->model->last_result_error != 0)
		tui_show_message(tui, SEVERITY_WARNING, tui->model->last_result);
	/* The user has left the menu, or the socket has closed. */
	if (tui->overlay != PAGE_MENU || tui->menu.ops != &subject_menu || row == NULL)
		return;
	add_owners(tui, row);
	menu_grown(tui);
}

/*
 * The processes are offered when the half with rights has looked again whether they hold the
 * socket. The menu is there at once, so that no key gets lost.
 */
static void
ask_holders(struct tui *tui)
{
	const struct message_verify message = {
		.request = ++tui->close_signal.next, .inode = tui->close_signal.inode};

	tui->close_signal.asked = message.request;
	tui->hooks.request(tui->hooks.context, MESSAGE_VERIFY, &message);
}

static bool
has_filter(struct tui *tui)
{
	const struct table *const table = tui_table(tui);

	return tui_is_on_table(tui) && table->filters.count > 0 && view_matched(table->view) > 0;
}

/* With a filter in force the menu reaches all that pass it. */
static void
add_filter(struct tui *tui)
{
	const struct table *const table = tui_table(tui);
	char label[80];

	if (!has_filter(tui) || view_matched(table->view) < 2)
		return;
	snprintf(label, sizeof label, "All %zu sockets that pass the filter …",
		view_matched(table->view));
	menu_add(tui, label, NULL, &subject_filter, MENU_NO_COUNT);
}

void
do_close_or_signal(struct tui *tui)
{
	const uint32_t id = tui_row_in_question(tui);
	const struct socket_row *const row = table_row(tui, id);

	if (tui->batch.running) {
		tui_show_message(tui, SEVERITY_INFO, "the last action is not over yet");
		return;
	}
	if (tui_is_on_table(tui) && tags_count(&tui->tags) > 0) {
		close_many_open(tui, CLOSE_MANY_TAGGED);
		return;
	}
	if (tui_is_on_table(tui) && tui_table(tui)->cursor.on_group) {
		close_many_open(tui, CLOSE_MANY_GROUP);
		return;
	}
	if ((row == NULL || (row->flags & SOCKET_CLOSED) != 0) && has_filter(tui)) {
		close_many_open(tui, CLOSE_MANY_FILTER);
		return;
	}
	if (row == NULL || (row->flags & SOCKET_CLOSED) != 0) {
		tui_show_message(tui, SEVERITY_INFO, "there is no open socket under the cursor");
		return;
	}
	identity_take(&tui->close_signal.socket, tui->model, id);
	tui->close_signal.inode = row->inode;
	menu_begin(tui, &subject_menu, "Action");
	menu_add(tui, "Close this socket", NULL, NULL, MENU_NO_COUNT);
	add_filter(tui);
	menu_open(tui, NULL);
	if (row->inode != 0)
		ask_holders(tui);
}
