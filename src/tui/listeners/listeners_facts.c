/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the lines above the listeners, a topic a line: drops, SYN cookies, settings in force. Where
 * room is short the names become brief, then the last figures are left out, each as a whole.
 */
#include <config.h>

#include "listeners_facts.h"

#include <inttypes.h>
#include <string.h>

#include <sockwatch/analysis/listeners/listener_facts.h>
#include <sockwatch/model/netns.h>

#include "tui/state.h"

enum { LEAST_PAGE = 13, WIDE_GAP = 3, NARROW_GAP = 2, FACT_SIZE = 96, LABEL_SIZE = 48 };

/* What no column of the table has, and why. */
static const char remark[] = "(all listeners: not counted for each)";

int
listeners_facts_height(int height)
{
	return height >= LEAST_PAGE ? (int)LISTENER_FACT_TOPICS : 0;
}

static uint16_t
netns_in_question(const struct tui *tui)
{
	const struct listener_row *const row = rows_selected(&tui->listeners.listeners);

	return row != NULL ? (uint16_t)row->listener->netns : 0;
}

/* "412 77/s"; "412" where there is no rate yet. */
static void
format_fact(const struct listener_fact *fact, char out[FACT_SIZE])
{
	size_t len;

	if (!fact->is_known) {
		snprintf(out, FACT_SIZE, "-");
		return;
	}
	len = text_add(out, FACT_SIZE, 0, "%" PRIu64, fact->value);
	if (fact->has_rate)
		(void)text_add(out, FACT_SIZE, len,
			fact->a_second > 0 && fact->a_second < 9.95 ? " %.1f/s" : " %.0f/s",
			fact->a_second);
}

static size_t
width_of(const struct listener_fact *fact, bool is_brief)
{
	char value[FACT_SIZE];

	format_fact(fact, value);
	return strlen(is_brief ? fact->brief : fact->name) + 1 + strlen(value);
}

static size_t
measure(const struct listener_fact *facts, enum listener_fact_topic topic, bool is_brief, int gap)
{
	size_t width = 0;

	for (size_t i = 0; i < LISTENER_FACTS; i++)
		if (facts[i].topic == topic)
			width += (width > 0 ? (size_t)gap : 0) + width_of(&facts[i], is_brief);
	return width;
}

/* Cookies alone hurt nobody; the cause is seen at the listener whose queue is full. */
static enum role
role_of(const struct listener_fact *fact)
{
	if (fact->topic == LISTENER_FACT_DROPS && fact->has_rate && fact->a_second > 0)
		return ROLE_CRITICAL;
	return fact->topic == LISTENER_FACT_COOKIES && fact->has_rate && fact->a_second > 0
		       ? ROLE_WARNING
		       : ROLE_NORMAL;
}

static void
draw_topic(struct pen *pen, const struct listener_fact *facts, enum listener_fact_topic topic)
{
	const size_t room = pen->end > pen->x ? (size_t)(pen->end - pen->x) : 0;
	const bool is_brief = measure(facts, topic, false, NARROW_GAP) > room;
	const int gap = measure(facts, topic, is_brief, WIDE_GAP) <= room ? WIDE_GAP : NARROW_GAP;
	bool is_first = true;

	for (size_t i = 0; i < LISTENER_FACTS; i++) {
		const size_t width = (is_first ? 0 : (size_t)gap) + width_of(&facts[i], is_brief);
		char value[FACT_SIZE];

		if (facts[i].topic != topic)
			continue;
		if (pen->x + (int)width > pen->end)
			return;
		draw_spaces(pen, ROLE_NORMAL, is_first ? 0 : gap);
		is_first = false;
		format_fact(&facts[i], value);
		draw_format(pen, ROLE_DIM, "%s ", is_brief ? facts[i].brief : facts[i].name);
		draw_text(pen, role_of(&facts[i]), value);
	}
}

/* "blue: ", where there are several namespaces. */
static void
draw_label(const struct tui *tui, struct pen *pen, uint16_t number)
{
	const struct netns_row *const netns = model_netns(tui->model, number);
	char raw[NETNS_LABEL_SIZE], label[LABEL_SIZE];

	if (tui->model->netns_count < 2 || netns == NULL)
		return;
	text_clean(netns_label(tui->model, netns, raw), label, sizeof label);
	draw_format(pen, ROLE_STRONG, "%s: ", label);
}

static void
draw_remark(struct pen *pen)
{
	if (pen->end - pen->x < WIDE_GAP + (int)strlen(remark))
		return;
	draw_spaces(pen, ROLE_NORMAL, WIDE_GAP);
	draw_text(pen, ROLE_DIM, remark);
}

void
listeners_facts_draw(struct tui *tui, const struct rect *rect)
{
	const uint16_t netns = netns_in_question(tui);
	struct listener_fact facts[LISTENER_FACTS];

	listener_facts(tui->model, netns, facts);
	for (int i = 0; i < rect->height && i < LISTENER_FACT_TOPICS; i++) {
		struct pen pen = draw_pen(&tui->theme, rect->y + i, rect->x, rect->width);

		draw_spaces(&pen, ROLE_NORMAL, 1);
		if (i == 0)
			draw_label(tui, &pen, netns);
		draw_topic(&pen, facts, (enum listener_fact_topic)i);
		if (i == 0)
			draw_remark(&pen);
		draw_rest(&pen, ROLE_NORMAL);
	}
}
