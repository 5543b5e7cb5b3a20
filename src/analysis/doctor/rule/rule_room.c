/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor itself had no room for: every bound is met by somebody. It comes last of the rules.
 */
#include <config.h>

#include <inttypes.h>

#include "rules.h"

static void
check(struct look *look, void *memory)
{
	const uint64_t refused = look_refused(look);
	struct finding *finding;

	(void)memory;
	if (refused == 0)
		return;
	finding = look_report(look, 0, 0, SEVERITY_INFO);
	if (finding == NULL)
		return;
	finding_say(finding,
		"%" PRIu64
		" socket%s, peer%s or finding%s had no room in one look and %s not judged",
		refused, number_plural(refused), number_plural(refused), number_plural(refused),
		refused == 1 ? "was" : "were");
	finding_figure(finding, "refused", UNIT_COUNT, (double)refused);
}

static const struct subject subject = {.size = 0};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "not-judged",
				.help = "doctor had no room for some of what it saw",
				.needs = NEED_SOCKETS,
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check,
		.why = "Doctor counts by listener, peer, process and destination in tables that are "
		       "bounded, so that a flood cannot take the memory of the box.",
		.action =
			"What is reported holds, but its counts may be too low, and a trouble of "
			"what is left out is not seen. A filter (sockwatch doctor FILTER) or fewer "
			"rules (--rule NAME) make room.",
	},
};

const struct rule_table room_rules = {rules, sizeof rules / sizeof rules[0]};
