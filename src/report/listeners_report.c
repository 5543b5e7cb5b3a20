/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about the listeners of a namespace. */
#include <config.h>

#include <sockwatch/report/listeners_report.h>

#include <inttypes.h>

#include <sockwatch/analysis/listeners/listener_facts.h>
#include <sockwatch/model/netns.h>

static bool
has_listeners(const struct listener_table *table, uint32_t netns)
{
	for (uint32_t i = 0; i < listener_table_count(table); i++)
		if (listener_table_at(table, i)->netns == netns)
			return true;
	return false;
}

static void
append_facts(const struct listener_fact *facts, bool are_settings, struct buffer *out)
{
	bool is_first = true;

	for (size_t i = 0; i < LISTENER_FACTS; i++) {
		const struct listener_fact *const fact = &facts[i];

		if ((fact->topic == LISTENER_FACT_SETTINGS) != are_settings)
			continue;
		buffer_append_format(out, "%s%s ", is_first ? "" : ", ", fact->name);
		is_first = false;
		if (!fact->is_known)
			buffer_append_text(out, "not known");
		else
			buffer_append_format(out, "%" PRIu64, fact->value);
		if (fact->has_rate)
			buffer_append_format(out, " (%.3g/s)", fact->a_second);
	}
	buffer_append_char(out, '\n');
}

static void
append_netns(const struct model *model, uint32_t number, struct buffer *out)
{
	const struct netns_row *const netns = model_netns(model, (uint16_t)number);
	struct listener_fact facts[LISTENER_FACTS];
	char raw[NETNS_LABEL_SIZE], clean[256] = "";

	if (netns == NULL)
		return;
	if (model->netns_count > 1)
		text_clean(netns_label(model, netns, raw), clean, sizeof clean - 2);
	listener_facts(model, (uint16_t)number, facts);
	buffer_append_format(
		out, "%s%sall listeners together: ", clean, clean[0] != '\0' ? ": " : "");
	append_facts(facts, false, out);
	buffer_append_format(out, "%s%sin force: ", clean, clean[0] != '\0' ? ": " : "");
	append_facts(facts, true, out);
}

void
listeners_report_facts(
	const struct listener_table *table, const struct model *model, struct buffer *out)
{
	for (uint32_t i = 0; i < model->netns_count; i++)
		if (has_listeners(table, i))
			append_netns(model, i, out);
}
