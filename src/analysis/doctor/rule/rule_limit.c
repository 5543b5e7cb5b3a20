/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits that are nearly reached: descriptors of a process, entries of the connection tracking
 * table. A process at its limit moves no counter: only its accept queue, which fills, shows it.
 */
#include <config.h>

#include <netinet/in.h>

#include <sockwatch/model/sysctl.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

enum { FILES_WARNING, FILES_CRITICAL };

static const struct threshold files_thresholds[] = {
	[FILES_WARNING] = {"warning", 80, UNIT_PERCENT,
		"of the descriptors that a process may have"},
	[FILES_CRITICAL] = {"critical", 95, UNIT_PERCENT,
		"the same, and connections wait for accept()"},
};

/* A process near its limit that holds sockets of a namespace that is looked at. */
struct holder {
	struct tally_head head; /* rows: its sockets */
	uint32_t waiting;       /* on the longest of its accept queues */
	uint16_t netns, port;   /* of that one; netns: of any of its sockets */
};

struct holders {
	struct keyed by_process; /* number: the pid */
	bool are_suspects;       /* some process is near its limit */
};

/* Percent; 0: not known. */
static double
used_files(const struct process_row *process)
{
	return process->has_open_files && process->has_files_limit && process->files_limit > 0
		       ? 100.0 * process->open_files / process->files_limit
		       : 0;
}

static double
files_warning(const struct look *look)
{
	return look_threshold_of(look, "fd-limit", FILES_WARNING);
}

static void
begin(const struct look *look, void *memory)
{
	struct holders *const holders = memory;
	const struct process_table *const table = &look->model->processes;
	const double warning = files_warning(look);

	holders->are_suspects = false;
	for (uint32_t i = 0; i < table->count && !holders->are_suspects; i++)
		holders->are_suspects = used_files(&table->rows[i]) >= warning;
}

/* Without a suspect the sweep costs nothing. */
static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct holders *const holders = memory;
	const struct process_row *const process =
		holders->are_suspects ? model_socket_process(look->model, row) : NULL;
	struct tally_key key = {.number = 0};
	struct holder *holder;

	if (process == NULL || used_files(process) < files_warning(look))
		return;
	key.number = process->pid;
	holder = keyed_get(&holders->by_process, &key);
	if (holder == NULL)
		return;
	if (holder->head.rows.count == 0)
		holder->netns = row->netns;
	row_list_add(look, &holder->head.rows, id);
	if (row->state != TCP_STATE_LISTEN || row->protocol != IPPROTO_TCP ||
		row->receive_queue <= holder->waiting)
		return;
	holder->waiting = row->receive_queue;
	holder->netns = row->netns;
	holder->port = row->local_port;
}

static void
describe_files(struct look *look, struct finding *finding, const struct process_row *process,
	const struct holder *holder)
{
	char who[FINDING_WHO_SIZE];

	finding_process(finding, look->model, process);
	finding_say(finding, "%s has %u of %u descriptors open",
		finding_process_words(finding, who, sizeof who), (unsigned)process->open_files,
		(unsigned)process->files_limit);
	if (process->open_files >= process->files_limit)
		finding_say(finding, ": accept(), socket() and open() fail with EMFILE (24)");
	if (holder != NULL && holder->waiting > 0)
		finding_say(finding, "; %u connection%s on :%u", (unsigned)holder->waiting,
			holder->waiting == 1 ? " waits" : "s wait", (unsigned)holder->port);
	finding_figure(finding, "open_files", UNIT_COUNT, process->open_files);
	finding_figure(finding, "limit", UNIT_COUNT, process->files_limit);
	finding_figure(finding, "sockets_held", UNIT_COUNT, process->held);
	finding_figure(finding, "accept_queue", UNIT_COUNT, holder != NULL ? holder->waiting : 0);
	finding_filter(finding, "pid %u", (unsigned)process->pid);
	if (holder != NULL)
		finding_rows(finding, &holder->head.rows);
}

/* One whose descriptors cannot be read may be in another namespace; that it is at its limit is so.
 */
static void
check_files(struct look *look, void *memory)
{
	const struct holders *const holders = memory;
	const struct process_table *const table = &look->model->processes;

	for (uint32_t i = 0; i < table->count && holders->are_suspects; i++) {
		const struct process_row *const process = &table->rows[i];
		const struct tally_key key = {.number = process->pid};
		const struct holder *const holder = keyed_find(&holders->by_process, &key);
		const double percent = used_files(process);
		struct finding *finding;

		if (percent < look_threshold(look, FILES_WARNING) ||
			(holder == NULL && process->fd_error == 0))
			continue;
		finding =
			look_report(look, holder != NULL ? holder->netns : 0, tally_key_hash(&key),
				percent >= look_threshold(look, FILES_CRITICAL) && holder != NULL &&
						holder->waiting > 0
					? SEVERITY_CRITICAL
					: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_files(look, finding, process, holder);
		if (holder == NULL)
			finding_needs(finding,
				"CAP_SYS_PTRACE: which sockets it holds, and whether connections wait");
	}
}

enum { TABLE_WARNING, TABLE_CRITICAL };
enum { TABLE_WINDOW_S = 3 };

static const struct threshold table_thresholds[] = {
	[TABLE_WARNING] = {"warning", 75, UNIT_PERCENT, "of nf_conntrack_max"},
	[TABLE_CRITICAL] = {"critical", 95, UNIT_PERCENT, "the same; or entries are thrown out"},
};

static void
check_conntrack(struct look *look, void *memory)
{
	(void)memory;
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const uint16_t netns = (uint16_t)i;
		const double early =
			look_rate(look, netns, COUNTER_CONNTRACK_EARLY_DROP, TABLE_WINDOW_S);
		const double dropped =
			look_rate(look, netns, COUNTER_CONNTRACK_DROP, TABLE_WINDOW_S);
		uint64_t entries, most;
		struct finding *finding;
		double percent;

		if (!look_counter(look, netns, COUNTER_CONNTRACK_ENTRIES, &entries) ||
			!model_sysctl(look->model, netns, SYSCTL_CONNTRACK_MAX, &most) || most == 0)
			continue;
		percent = 100 * (double)entries / (double)most;
		if (percent < look_threshold(look, TABLE_WARNING) && early + dropped <= 0)
			continue;
		finding = look_report(look, netns, 0,
			percent >= look_threshold(look, TABLE_CRITICAL) || early + dropped > 0
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		finding_say(finding, "the connection tracking table has %llu of %llu entries",
			(unsigned long long)entries, (unsigned long long)most);
		if (early > 0)
			finding_say(finding, ": %.3g a second %s thrown out early", early,
				finding_is_one(early) ? "is" : "are");
		if (dropped > 0)
			finding_say(finding, ", %.3g packet%s a second %s dropped", dropped,
				finding_plural_rate(dropped),
				finding_is_one(dropped) ? "is" : "are");
		finding_figure(finding, "entries", UNIT_COUNT, (double)entries);
		finding_figure(finding, "limit", UNIT_COUNT, (double)most);
		finding_figure(finding, "early_drop_per_s", UNIT_COUNT, early);
		finding_figure(finding, "drop_per_s", UNIT_COUNT, dropped);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(holders, by_process, holder, false),
};

static const struct subject subject = {
	.states = SUBJECT_UDP | SUBJECT_STATE(TCP_STATE_LISTEN) |
		  SUBJECT_STATE(TCP_STATE_SYN_SENT) | SUBJECT_STATE(TCP_STATE_ESTABLISHED) |
		  SUBJECT_STATE(TCP_STATE_CLOSE_WAIT),
	.size = sizeof(struct holders),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "fd-limit",
				.help = "a process has nearly all the descriptors that it may have",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = "which sockets other users' processes hold",
				RULE_THRESHOLDS(files_thresholds),
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_files,
		.why = "At the limit no connection can be accepted or opened, and no file. Often "
		       "something is not closed: look for CLOSE-WAIT.",
		.action =
			"Raise LimitNOFILE= of the unit, or at once prlimit --pid PID --nofile=N; if the "
			"number only grows, find what the program does not close.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "conntrack",
				.help = "the connection tracking table is nearly full",
				.needs = NEED_COUNTERS | NEED_SYSCTLS,
				.window_s = TABLE_WINDOW_S,
				RULE_THRESHOLDS(table_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_conntrack,
		.why = "The firewall remembers each connection. When the table is full, the kernel "
		       "throws out connections that were not answered yet, then drops new ones.",
		.action = "Find who opens so many: a flood, or long time-outs of UDP. Raise "
			  "{net.netfilter.nf_conntrack_max} in the initial namespace, shorten the "
			  "time-outs, or do not track what needs no tracking (notrack).",
	},
};

const struct rule_table limit_rules = {rules, sizeof rules / sizeof rules[0]};
