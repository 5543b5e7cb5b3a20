/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * F9: closes a socket or signals a process, after a question that shows the shell command for the
 * same. A refusal gives its reason. The socket is named by its cookie, the process by its start
 * time, so that neither a reused address nor a reused pid is hit.
 */
#include <config.h>

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/address.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/rights.h>

#include "confirm.h"
#include "menu.h"
#include "tui/key/handlers.h"
#include "tui/state.h"

enum { ENDPOINT_SIZE = ADDRESS_TEXT_SIZE + 8, OWNERS_SHOWN = 32 };

static const struct signal_name {
	int number;
	const char *name, *help;
} signals[] = {
	{SIGTERM, "TERM", "asks it to end"},
	{SIGINT, "INT", "as Ctrl-C does"},
	{SIGHUP, "HUP", "many daemons read their configuration again"},
	{SIGKILL, "KILL", "ends at once, cleans up nothing"},
	{SIGQUIT, "QUIT", "ends with a core dump"},
	{SIGSTOP, "STOP", "stops until CONT"},
	{SIGCONT, "CONT", "goes on"},
	{SIGUSR1, "USR1", "depends on the program"},
	{SIGUSR2, "USR2", "depends on the program"},
};

/* "10.0.0.1 sport = :443" has the address and the port apart, as ss wants them. */
static void
format_command(const struct tui *tui, const struct socket_row *row, char *out, size_t size)
{
	const struct netns_row *const netns = model_netns(tui->model, row->netns);
	char enter[160] = "";
	char local[ADDRESS_TEXT_SIZE];
	char remote[ADDRESS_TEXT_SIZE];

	address_format(&row->local, local, sizeof local);
	address_format(&row->remote, remote, sizeof remote);
	if (netns != NULL && row->netns != 0) {
		const char *const name = model_text(tui->model, netns->name);

		if (name[0] != '\0')
			snprintf(enter, sizeof enter, "ip netns exec %.100s ", name);
		else if (netns->pid != 0)
			snprintf(enter, sizeof enter, "nsenter -t %u -n ", netns->pid);
	}
	if (address_is_any(&row->remote) && row->remote_port == 0)
		snprintf(out, size, "%sss -K -%s%s src %s sport = :%u", enter,
			row->protocol == IPPROTO_UDP ? "u" : "t",
			row->state == TCP_STATE_LISTEN ? "l" : "a", local, row->local_port);
	else
		snprintf(out, size, "%sss -K -%s src %s sport = :%u dst %s dport = :%u", enter,
			row->protocol == IPPROTO_UDP ? "u" : "t", local, row->local_port, remote,
			row->remote_port);
}

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
	const struct netns_row *netns;
	struct message_destroy message;

	if (row == NULL) {
		show_gone(tui);
		return;
	}
	netns = model_netns(tui->model, row->netns);
	message = (struct message_destroy){
		.request = take_number(tui),
		.netns = netns != NULL ? netns->id : 1,
		.protocol = row->protocol,
		.family = row->family,
		.local = row->local,
		.remote = row->remote,
		.local_port = row->local_port,
		.remote_port = row->remote_port,
		.ifindex = row->ifindex,
		.cookie = row->cookie,
	};
	tui_show_message(tui, SEVERITY_INFO, "asked the kernel to close the socket …");
	tui->hooks.request(tui->hooks.context, MESSAGE_DESTROY, &message);
}

static void
ask_close(struct tui *tui)
{
	const struct socket_row *const row = find_socket(tui);
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
	if (row->state == TCP_STATE_LISTEN)
		snprintf(text, sizeof text,
			"Close the listening socket %s port %u? Connections in its queues get a reset; its program cannot accept any more.",
			local, row->local_port);
	else if (row->remote_port == 0)
		snprintf(text, sizeof text,
			"Close the %s socket %s port %u? Its program gets ECONNABORTED.",
			socket_state_name(row), local, row->local_port);
	else
		snprintf(text, sizeof text,
			"Close the %s socket %s port %u to %s port %u? Its program gets ECONNABORTED, its peer a reset.",
			socket_state_name(row), local, row->local_port, remote, row->remote_port);
	format_command(tui, row, command, sizeof command);
	confirm_open(tui, "Close socket", text, command, send_close);
}

static void
send_signal(struct tui *tui)
{
	struct message_signal message = {
		.request = take_number(tui),
		.pid = tui->close_signal.pid,
		.start_ticks = tui->close_signal.start_ticks,
		.signal = (uint32_t)tui->close_signal.signal,
	};

	tui_show_format(tui, SEVERITY_INFO, "asked to signal process %u …", tui->close_signal.pid);
	tui->hooks.request(tui->hooks.context, MESSAGE_SIGNAL, &message);
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
		tui_show_message(tui, SEVERITY_WARNING, "the process has ended meanwhile");
		return;
	}
	tui->close_signal.signal = signal->number;
	snprintf(text, sizeof text, "Send SIG%s to %s, process %u? It holds %u sockets.",
		signal->name, model_text(tui->model, process->comm), process->pid, process->held);
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
		tui_show_message(tui, SEVERITY_WARNING, "the process has ended meanwhile");
		return;
	}
	if (!may_signal(tui, process))
		return;
	tui->close_signal.pid = pid;
	tui->close_signal.start_ticks = process->start_ticks;
	snprintf(title, sizeof title, "Signal %.24s (%u)", model_text(tui->model, process->comm),
		pid);
	menu_begin(tui, &signal_menu, title);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		char label[80];

		snprintf(label, sizeof label, "%-5s %s", signals[i].name, signals[i].help);
		menu_add(tui, label, NULL, &signals[i], MENU_NO_COUNT);
	}
	menu_open(tui, NULL);
}

static void
choose_subject(struct tui *tui, const struct menu_item *item, const char *typed)
{
	uint32_t pid = 0;

	(void)typed;
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
do_close_or_signal(struct tui *tui)
{
	const uint32_t id = tui_row_in_question(tui);
	const struct socket_row *const row = table_row(tui, id);

	if (tui_is_on_table(tui) && tui_table(tui)->cursor.on_group) {
		tui_show_message(
			tui, SEVERITY_INFO, "that is a group; unfold it and choose a socket");
		return;
	}
	if (row == NULL || (row->flags & SOCKET_CLOSED) != 0) {
		tui_show_message(tui, SEVERITY_INFO, "there is no open socket under the cursor");
		return;
	}
	identity_take(&tui->close_signal.socket, tui->model, id);
	menu_begin(tui, &subject_menu, "Action");
	menu_add(tui, "Close this socket", NULL, NULL, MENU_NO_COUNT);
	add_owners(tui, row);
	menu_open(tui, NULL);
}
