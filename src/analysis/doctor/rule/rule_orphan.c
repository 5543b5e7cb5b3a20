/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets that their programs have closed and the kernel has not finished. The kernel counts them
 * for the whole machine, whichever namespace is asked; here are those of the rows alone.
 */
#include <config.h>

#include <sockwatch/base/number.h>
#include <sockwatch/model/sysctl.h>

#include "rules.h"

enum { ORPHANS_WARNING, ORPHANS_CRITICAL };

static const struct threshold thresholds[] = {
	[ORPHANS_WARNING] = {"warning", 25, UNIT_PERCENT, "of tcp_max_orphans"},
	[ORPHANS_CRITICAL] = {"critical", 50, UNIT_PERCENT, "the same"},
};

struct orphans {
	struct row_list rows;
};

static void
begin(const struct look *look, void *memory)
{
	(void)look;
	((struct orphans *)memory)->rows = (struct row_list){0};
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	if (row->inode == 0)
		row_list_add(look, &((struct orphans *)memory)->rows, id);
}

/* Once, for the machine. In a container its limit is not known, and nothing can be said. */
static void
check(struct look *look, void *memory)
{
	const struct orphans *const orphans = memory;
	uint64_t count, most;
	struct finding *finding;
	double percent;

	if (!look_counter(look, 0, COUNTER_TCP_ORPHAN, &count) ||
		!model_sysctl(look->model, 0, SYSCTL_MAX_ORPHANS, &most) || most == 0)
		return;
	percent = 100 * (double)count / (double)most;
	if (percent < look_threshold(look, ORPHANS_WARNING))
		return;
	finding = look_report(look, 0, 0,
		percent >= look_threshold(look, ORPHANS_CRITICAL) ? SEVERITY_CRITICAL
								  : SEVERITY_WARNING);
	if (finding == NULL)
		return;
	finding_say(finding,
		"%llu orphan%s on the machine, %u of them here, %.0f%% of tcp_max_orphans; each may hold up to 64 KiB",
		(unsigned long long)count, number_plural(count), (unsigned)orphans->rows.count,
		percent);
	finding_figure(finding, "orphans_of_machine", UNIT_COUNT, (double)count);
	finding_figure(finding, "orphans_here", UNIT_COUNT, orphans->rows.count);
	finding_figure(finding, "tcp_max_orphans", UNIT_COUNT, (double)most);
	finding_filter(finding, "state closing-group and inode = 0");
	finding_rows(finding, &orphans->rows);
}

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_FIN_WAIT_1) | SUBJECT_STATE(TCP_STATE_FIN_WAIT_2) |
		  SUBJECT_STATE(TCP_STATE_CLOSING) | SUBJECT_STATE(TCP_STATE_LAST_ACK),
	.size = sizeof(struct orphans),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "orphans",
				.help = "the machine has many sockets that no program holds any more",
				.needs = NEED_SOCKETS | NEED_COUNTERS | NEED_SYSCTLS,
				.rights = "none needed; the limit is not shown in a container",
				RULE_THRESHOLDS(thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check,
		.why = "Programs have closed, and peers do not acknowledge or do not close. Above the "
		       "limit the kernel resets new ones at once: what was not sent is lost.",
		.action =
			"{tcp_orphan_retries} of 1 to 3 ends them sooner (0 acts as 8). Look which peers "
			"vanish before raising {tcp_max_orphans}.",
	},
};

const struct rule_table orphan_rules = {rules, sizeof rules / sizeof rules[0]};
