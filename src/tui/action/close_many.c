/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Closes many sockets or signals the processes that hold them, after one question that gives their
 * number and the shell command for the same.
 */
#include <config.h>

#include "close_many.h"

#include <stdio.h>
#include <stdlib.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/rights.h>

#include "batch.h"
#include "signals.h"
#include "ss_command.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/menu.h"
#include "tui/state.h"

enum { NAMED_MAX = 4 };

/* "CLOSE-WAIT 3000, ESTABLISHED 2" */
static size_t
add_states(const struct tui *tui, const uint32_t *ids, size_t count, char *out, size_t size,
	size_t len)
{
	uint32_t by_state[TCP_STATE_COUNT] = {0};
	const char *before = "";

	for (size_t i = 0; i < count; i++) {
		const struct socket_row *const row = socket_table_row(&tui->model->sockets, ids[i]);

		by_state[row->state < TCP_STATE_COUNT ? row->state : 0]++;
	}
	for (int state = 0; state < TCP_STATE_COUNT; state++) {
		if (by_state[state] == 0)
			continue;
		len = text_add(out, size, len, "%s%s %u", before,
			tcp_state_name((enum tcp_state)state), by_state[state]);
		before = ", ";
	}
	return len;
}

/* " of nginx/812, envoy/77": the first processes that hold some. */
static size_t
add_holders(const struct tui *tui, char *out, size_t size, size_t len)
{
	const struct batch *const batch = &tui->batch;
	uint32_t named[NAMED_MAX];
	size_t count = 0;

	for (size_t i = 0; i < batch->count && count < NAMED_MAX; i++) {
		const uint32_t pid = batch->targets[i].pid;
		const struct process_row *const process =
			process_table_find(&tui->model->processes, pid);
		bool is_known = process == NULL;

		for (size_t k = 0; k < count; k++)
			is_known = is_known || named[k] == pid;
		if (is_known)
			continue;
		named[count++] = pid;
		if (count == NAMED_MAX)
			return text_add(out, size, len, " and others");
		len = text_add(out, size, len, "%s%.32s/%u", count == 1 ? " of " : ", ",
			model_text(tui->model, process->comm), pid);
	}
	return len;
}

static void
on_close(struct tui *tui)
{
	batch_start(tui, 0);
}

static void
ask_close(struct tui *tui)
{
	struct batch *const batch = &tui->batch;
	uint32_t *const ids = calloc(batch->count + 1, sizeof *ids);
	char text[CONFIRM_TEXT_SIZE], command[CONFIRM_TEXT_SIZE];
	size_t count, len;

	if ((tui->model->host.rights & RIGHT_NET_ADMIN) == 0) {
		tui_show_message(tui, SEVERITY_WARNING,
			"closing sockets needs CAP_NET_ADMIN (sudo sockwatch)");
		free(ids);
		return;
	}
	count = ids != NULL ? batch_sockets(tui, ids, batch->count) : 0;
	if (count == 0) {
		tui_show_message(tui, SEVERITY_WARNING, "these sockets have closed meanwhile");
		free(ids);
		return;
	}
	len = (size_t)snprintf(
		text, sizeof text, "Close %zu socket%s", count, number_plural(count));
	if (batch->total > batch->count)
		len = text_add(text, sizeof text, len, " (the first of %zu)", batch->total);
	len = text_add(text, sizeof text, len, " (");
	len = add_states(tui, ids, count, text, sizeof text, len);
	len = text_add(text, sizeof text, len, ")");
	len = add_holders(tui, text, sizeof text, len);
	text_add(text, sizeof text, len, "? Their programs get ECONNABORTED, their peers a reset.");
	ss_command_many(tui->model, ids, count, command, sizeof command);
	free(ids);
	confirm_open(tui, "Close sockets", text, command, on_close);
}

static void
on_signal(struct tui *tui)
{
	batch_start(tui, tui->close_signal.signal);
}

static void
choose_signal(struct tui *tui, const struct menu_item *item, const char *typed)
{
	const struct signal_name *const signal = item->object;
	const struct batch *const batch = &tui->batch;
	char text[CONFIRM_TEXT_SIZE], command[CONFIRM_TEXT_SIZE];
	size_t len;

	(void)typed;
	tui->close_signal.signal = signal->number;
	len = (size_t)snprintf(text, sizeof text, "Send SIG%s to %zu process%s", signal->name,
		batch->count, batch->count == 1 ? "" : "es");
	len = add_holders(tui, text, sizeof text, len);
	text_add(text, sizeof text, len, "?");
	len = (size_t)snprintf(command, sizeof command, "kill -%s", signal->name);
	for (size_t i = 0; i < batch->count; i++) {
		if (len + 32 > sizeof command) {
			text_add(command, sizeof command, len, " … (%zu in all)", batch->count);
			break;
		}
		len = text_add(command, sizeof command, len, " %u", batch->targets[i].pid);
	}
	confirm_open(tui, "Signal processes", text, command, on_signal);
}

static const struct menu_ops signal_menu = {.choose = choose_signal};

static void
ask_signal(struct tui *tui)
{
	char title[MENU_TITLE_SIZE];

	if (!batch_take_processes(tui) || tui->batch.count == 0) {
		tui_show_message(tui, SEVERITY_INFO, "no process is known to hold these sockets");
		return;
	}
	snprintf(title, sizeof title, "Signal %zu process%s", tui->batch.count,
		tui->batch.count == 1 ? "" : "es");
	signals_open(tui, &signal_menu, title);
}

static void
choose(struct tui *tui, const struct menu_item *item, const char *typed)
{
	(void)typed;
	if (item->object == NULL)
		ask_close(tui);
	else
		ask_signal(tui);
}

static const struct menu_ops subject_menu = {.choose = choose};

static size_t
collect(struct tui *tui, enum close_many_scope scope, uint32_t *ids)
{
	const struct table *const table = tui_table(tui);

	switch (scope) {
	case CLOSE_MANY_TAGGED: return tags_sockets(&tui->tags, tui->model, ids, BATCH_MAX);
	case CLOSE_MANY_GROUP:
		return view_sockets(table->view, table->cursor.group, ids, BATCH_MAX);
	case CLOSE_MANY_FILTER: return view_sockets(table->view, NULL, ids, BATCH_MAX);
	}
	return 0;
}

void
close_many_open(struct tui *tui, enum close_many_scope scope)
{
	static const char *const titles[] = {
		[CLOSE_MANY_TAGGED] = "tagged",
		[CLOSE_MANY_GROUP] = "in the group",
		[CLOSE_MANY_FILTER] = "by the filter",
	};
	uint32_t *const ids = calloc(BATCH_MAX, sizeof *ids);
	const size_t total = ids != NULL ? collect(tui, scope, ids) : 0;
	const size_t count = total < BATCH_MAX ? total : BATCH_MAX;
	char title[MENU_TITLE_SIZE], label[80];

	if (count == 0 || !batch_take_sockets(tui, ids, count, total)) {
		tui_show_message(tui, SEVERITY_INFO, "there is no open socket among these");
		free(ids);
		return;
	}
	free(ids);
	snprintf(title, sizeof title, "Action on %zu socket%s %s", total, number_plural(total),
		titles[scope]);
	menu_begin(tui, &subject_menu, title);
	if (total > count)
		snprintf(label, sizeof label, "Close the first %zu of them", count);
	else
		snprintf(label, sizeof label, "Close %s %zu socket%s",
			count == 1 ? "this" : "these", count, number_plural(count));
	menu_add(tui, label, NULL, NULL, MENU_NO_COUNT);
	menu_add(tui, "Signal the processes that hold them", NULL, &subject_menu, MENU_NO_COUNT);
	menu_open(tui, NULL);
}
