/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on top of the page of a socket: one line, from its troubles or from how it ended. */
#include <config.h>

#include <sockwatch/analysis/trouble.h>

#include <stdio.h>

#include <sockwatch/model/conversation.h>

static const struct {
	enum severity severity;
	const char *sentence; /* of the end; NULL: how it ended is not known */
} endings[] = {
	[CONVERSATION_OUTCOME_NONE] = {SEVERITY_INFO, NULL},
	[CONVERSATION_OUTCOME_CLOSED] = {SEVERITY_INFO,
		"it has ended in order, with a FIN both ways"},
	[CONVERSATION_OUTCOME_REFUSED] = {SEVERITY_CRITICAL,
		"it was refused: nothing listens on that port, or a firewall rejects it"},
	[CONVERSATION_OUTCOME_RESET] = {SEVERITY_WARNING, "it was cut off by a RST"},
	[CONVERSATION_OUTCOME_TIMEOUT] = {SEVERITY_CRITICAL,
		"it was never answered: the other side is down, or a firewall drops it"},
	[CONVERSATION_OUTCOME_GONE] = {SEVERITY_INFO, NULL},
};

static enum severity
format_ending(const struct conversation *conversation, char *out, size_t size)
{
	const unsigned outcome =
		conversation != NULL ? conversation->outcome : CONVERSATION_OUTCOME_NONE;

	if (outcome >= sizeof endings / sizeof endings[0] || endings[outcome].sentence == NULL) {
		snprintf(out, size, "it has ended; how was not seen");
		return SEVERITY_INFO;
	}
	snprintf(out, size, "%s", endings[outcome].sentence);
	return endings[outcome].severity;
}

enum severity
trouble_page(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation, char *out, size_t size)
{
	struct trouble_set set;

	if ((row->flags & SOCKET_CLOSED) != 0)
		return format_ending(conversation, out, size);
	trouble_judge(model, row, &set);
	if (trouble_format(row, &set, out, size) == 0)
		snprintf(out, size, "nothing wrong is seen");
	return set.worst;
}
