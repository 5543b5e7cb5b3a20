/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the screen of counters. */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/text.h>
#include <sockwatch/model/netns.h>

#include "tui/key/handlers.h"
#include "tui/state.h"

void
do_counters_zeros(struct tui *tui)
{
	tui->counters.zeros = !tui->counters.zeros;
	tui_show_message(tui, SEVERITY_INFO,
		tui->counters.zeros ? "counters that are 0 since boot are shown too"
				    : "counters that are 0 since boot are hidden");
	tui_refresh(tui);
}

void
do_counters_all(struct tui *tui)
{
	tui->counters.all = !tui->counters.all;
	tui_show_message(tui, SEVERITY_INFO,
		tui->counters.all ? "every counter that the kernel prints"
				  : "the counters that are worth knowing");
	tui_refresh(tui);
}

/* The next namespace that is there; after the last all of them together. */
static uint32_t
next_netns(const struct model *model, uint32_t chosen)
{
	for (uint32_t i = chosen == COUNTER_OF_ALL ? 0 : chosen + 1; i < model->netns_count; i++) {
		if (model->netns[i] != NULL && !model->netns[i]->gone)
			return i;
	}
	return COUNTER_OF_ALL;
}

void
do_counters_netns(struct tui *tui)
{
	const struct model *const model = tui->model;
	const uint32_t next = next_netns(model, tui->counters.history.netns);
	char composed[NETNS_LABEL_SIZE], clean[128];

	if (model->netns_count < 2) {
		tui_show_message(tui, SEVERITY_INFO,
			"only one network namespace is looked at; --netns all looks at every one");
		return;
	}
	counter_history_choose(&tui->counters.history, next);
	counters_page_update(tui);
	if (next == COUNTER_OF_ALL) {
		tui_show_message(tui, SEVERITY_INFO, "all network namespaces together");
	} else {
		text_clean(netns_label(model, model->netns[next], composed), clean, sizeof clean);
		tui_show_format(
			tui, SEVERITY_INFO, "the network namespace %s; again: the next", clean);
	}
	tui_refresh(tui);
}
