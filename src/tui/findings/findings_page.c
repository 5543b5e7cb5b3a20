/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of findings. The rest of the room:
 *
 *	findings_page_words.c  the chosen finding in full, below the table
 *	findings_keys.c        the keys of the screen
 */
#include <config.h>

#include "findings_page.h"

#include <string.h>

#include <sockwatch/base/map.h>

#include "findings_page_words.h"
#include "tui/pages.h"
#include "tui/state.h"
#include "tui/table/table_pane.h"

static uint64_t
key_of(const struct finding *finding)
{
	return map_hash_bytes(finding->rule, strlen(finding->rule), finding->key + finding->netns);
}

static void
load(struct tui *tui, struct row_order *list)
{
	size_t count = 0;
	const struct finding *const *const findings =
		tui->doctor != NULL ? doctor_findings(tui->doctor, &count) : NULL;

	for (size_t i = 0; i < count; i++)
		row_order_add(list, key_of(findings[i]), findings[i], NULL);
}

static enum severity
judge(struct tui *tui, const void *row, const struct field *field)
{
	const struct finding *const finding = row;

	(void)tui;
	(void)field;
	return finding->over_ns != 0 || finding->is_accepted ? SEVERITY_INFO : finding->severity;
}

bool
findings_page_show(struct tui *tui, const struct finding *finding)
{
	if (finding->filter[0] == '\0') {
		tui_show_message(tui, SEVERITY_INFO,
			"this finding is about the whole namespace: it has no sockets of its own");
		return false;
	}
	if (!table_show_filtered(tui, finding->filter, PAGE_FINDINGS))
		return false;
	tui_show_message(tui, SEVERITY_INFO, "the sockets of that finding; Esc goes back to it");
	return true;
}

static void
enter(struct tui *tui, const void *row)
{
	(void)findings_page_show(tui, row);
}

static bool
topic(const void *row, struct topic *found)
{
	const struct finding *const finding = row;

	return topic_find(TOPIC_RULE, finding->rule, found);
}

static const struct rows_kind kind = {
	.title = "findings",
	.fields = &finding_fields,
	.columns = "severity,state,title,rule,sockets,age_s",
	.empty = "doctor finds nothing wrong",
	.load = load,
	.topic = topic,
	.enter = enter,
	.judge = judge,
};

void
findings_page_fini(struct tui *tui)
{
	rows_fini(&tui->findings.rows);
}

void
findings_page_open(struct tui *tui)
{
	if (tui->doctor == NULL)
		tui_show_message(tui, SEVERITY_INFO,
			"doctor is off: doctor = yes in the config switches it on");
	rows_open(tui, PAGE_FINDINGS, &tui->findings.rows, &kind);
}

const struct finding *
findings_page_selected(struct tui *tui)
{
	return tui_page(tui) == PAGE_FINDINGS ? rows_selected(&tui->findings.rows) : NULL;
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct rect table = *rect, words = *rect;

	words.height = findings_page_words_height(rect->height);
	table.height -= words.height;
	words.y += table.height;
	rows_draw(tui, &tui->findings.rows, &table);
	if (words.height > 0)
		findings_page_words_draw(tui, &words);
}

const struct pane findings_pane = {
	.draw = draw,
	.move = rows_pane_move,
	.enter = rows_pane_enter,
	.click = rows_pane_click,
	.wheel = rows_pane_wheel,
	.back = rows_pane_back,
};
