/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of TCP: the machine's, and that of cgroups with a limit. No error shows the latter:
 * windows close while hardly anything is unread, and segments are dropped. */
#include <config.h>

#include <sockwatch/analysis/counter/counter_derived.h>
#include <sockwatch/base/number.h>
#include <sockwatch/model/cgroup_memory.h>
#include <sockwatch/model/sysctl.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

enum { WINDOW_S = 3, PRESSURE = 1, MOST = 2, MEM_NUMBERS = 3 };
enum { CGROUP_WARNING, CGROUP_SHARE, MACHINE_CRITICAL };

static const struct threshold thresholds[] = {
	[CGROUP_WARNING] = {"warning", 95, UNIT_PERCENT, "of a cgroup's limit"},
	[CGROUP_SHARE] = {"share", 25, UNIT_PERCENT,
		"of it that sockets have, where the limit is on all memory (version 2)"},
	[MACHINE_CRITICAL] = {"critical", 90, UNIT_PERCENT, "of the most in tcp_mem"},
};

/* A cgroup at its limit, of processes that hold sockets of a namespace that is looked at. */
struct hog {
	struct tally_head head; /* rows: their sockets */
	uint16_t netns;
	uint32_t pid; /* of one of them */
};

struct hogs {
	struct keyed by_cgroup; /* number: the path */
	bool are_suspects;      /* some cgroup is at its limit */
};

static bool
is_exhausted(const struct look *look, const struct cgroup_memory_usage *row)
{
	const uint8_t wanted = CGROUP_MEMORY_LIMIT | CGROUP_MEMORY_USAGE;
	const double warning = look_threshold_of(look, "tcp-memory", CGROUP_WARNING);
	const double share = look_threshold_of(look, "tcp-memory", CGROUP_SHARE);

	if ((row->known & wanted) != wanted || row->limit_bytes == 0 ||
		100.0 * (double)row->usage_bytes < warning * (double)row->limit_bytes)
		return false;
	return row->version == 1 ||
	       ((row->known & CGROUP_MEMORY_SOCKETS) != 0 &&
		       100.0 * (double)row->socket_bytes >= share * (double)row->limit_bytes);
}

static void
begin(const struct look *look, void *memory)
{
	struct hogs *const hogs = memory;
	const size_t count = model_cgroup_memory_count(look->model);

	hogs->are_suspects = false;
	for (size_t i = 0; i < count && !hogs->are_suspects; i++)
		hogs->are_suspects = is_exhausted(look, model_cgroup_memory_at(look->model, i));
}

/* Without a suspect the sweep costs nothing. */
static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct hogs *const hogs = memory;
	const struct process_row *const process =
		hogs->are_suspects ? model_socket_process(look->model, row) : NULL;
	const struct cgroup_memory_usage *usage;
	struct tally_key key = {.port = 1};
	struct hog *hog;

	if (process == NULL)
		return;
	usage = model_cgroup_memory_nearest(look->model, process->memory_cgroup);
	if (usage == NULL || !is_exhausted(look, usage))
		return;
	key.number = usage->path;
	hog = keyed_get(&hogs->by_cgroup, &key);
	if (hog == NULL)
		return;
	row_list_add(look, &hog->head.rows, id);
	hog->netns = row->netns;
	hog->pid = process->pid;
}

/* One in the cgroup whose sockets cannot be known, so that they may be those that are seen. */
static const struct process_row *
hidden_process_in(const struct model *model, uint32_t cgroup)
{
	const struct process_table *const table = &model->processes;

	for (uint32_t i = 0; i < table->count; i++)
		if (table->rows[i].fd_error != 0 && table->rows[i].memory_cgroup == cgroup)
			return &table->rows[i];
	return NULL;
}

/* The counters are the namespace's: they belong to the cgroup if its sockets are there. */
static void
add_drops(struct look *look, struct finding *finding)
{
	const double dropped = look_rate(look, finding->netns, COUNTER_RCV_Q_DROP, WINDOW_S);
	const double pruned = look_rate(look, finding->netns, COUNTER_PRUNE_CALLED, WINDOW_S);

	if (dropped > 0)
		finding_say(finding, ": windows are closed and %.3g segment%s a second dropped",
			dropped, finding_plural_rate(dropped));
	finding_figure(finding, "TCPRcvQDrop_per_s", UNIT_COUNT, dropped);
	finding_figure(finding, "PruneCalled_per_s", UNIT_COUNT, pruned);
}

static void
describe_cgroup(struct look *look, struct finding *finding, const struct cgroup_memory_usage *row,
	const struct process_row *process)
{
	char who[FINDING_WHO_SIZE], limit[32], name[128];

	text_clean(intern_get(look->model->texts, row->path), name, sizeof name);
	finding_process(finding, look->model, process);
	finding_say(finding, "the cgroup %s of %s has used its %s of %s", name,
		finding_process_words(finding, who, sizeof who),
		number_format_short(row->limit_bytes, UNIT_BYTES, limit, sizeof limit),
		row->version == 1 ? "TCP memory" : "memory, much of it for sockets");
	finding_words(finding, "cgroup", "%s", name);
	finding_figure(finding, "usage_bytes", UNIT_BYTES, (double)row->usage_bytes);
	finding_figure(finding, "limit_bytes", UNIT_BYTES, (double)row->limit_bytes);
	if (row->version != 1)
		finding_figure(finding, "socket_bytes", UNIT_BYTES, (double)row->socket_bytes);
	if (model_cgroup_memory_left_out(look->model) > 0)
		finding_figure(finding, "cgroups_left_out", UNIT_COUNT,
			model_cgroup_memory_left_out(look->model));
	finding_filter(finding, "pid %u", (unsigned)process->pid);
}

static void
check_cgroups(struct look *look, const struct hogs *hogs)
{
	const size_t count = hogs->are_suspects ? model_cgroup_memory_count(look->model) : 0;

	for (size_t i = 0; i < count; i++) {
		const struct cgroup_memory_usage *const row =
			model_cgroup_memory_at(look->model, i);
		const struct tally_key key = {.number = row->path, .port = 1};
		const struct hog *const hog = keyed_find(&hogs->by_cgroup, &key);
		const struct process_row *const process =
			hog != NULL ? process_table_find(&look->model->processes, hog->pid)
				    : hidden_process_in(look->model, row->path);
		struct finding *finding;

		if (process == NULL || !is_exhausted(look, row))
			continue;
		finding = look_report(
			look, hog != NULL ? hog->netns : 0, tally_key_hash(&key), SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_cgroup(look, finding, row, process);
		if (hog == NULL) {
			finding_needs(finding, "CAP_SYS_PTRACE: which sockets it holds");
			continue;
		}
		add_drops(look, finding);
		finding_rows(finding, &hog->head.rows);
	}
}

/* Its limits are known in the initial namespace only; it stands there once. */
static void
check_machine(struct look *look)
{
	uint64_t mem[MEM_NUMBERS], pages, bytes;
	char number[32];
	const bool aborts = look_rate(look, 0, COUNTER_ABORT_ON_MEMORY, WINDOW_S) > 0;
	struct finding *finding;
	bool is_critical;

	if (model_sysctl_numbers(look->model, 0, SYSCTL_TCP_MEM, mem, MEM_NUMBERS) != MEM_NUMBERS ||
		!look_counter(look, 0, COUNTER_TCP_MEM, &pages))
		return;
	is_critical = aborts || 100.0 * (double)pages >
					look_threshold(look, MACHINE_CRITICAL) * (double)mem[MOST];
	if (pages <= mem[PRESSURE] && !is_critical)
		return;
	finding = look_report(look, 0, 0, is_critical ? SEVERITY_CRITICAL : SEVERITY_WARNING);
	if (finding == NULL)
		return;
	finding_say(finding, "the machine's TCP has %llu page%s of memory",
		(unsigned long long)pages, number_plural(pages));
	if (counter_pages_bytes(look->model, pages, &bytes))
		finding_say(finding, " (%s)",
			number_format_short(bytes, UNIT_BYTES, number, sizeof number));
	finding_say(finding, ": pressure begins at %llu, the most is %llu",
		(unsigned long long)mem[PRESSURE], (unsigned long long)mem[MOST]);
	if (aborts)
		finding_say(finding, "; connections are aborted for lack of it");
	finding_figure(finding, "pages", UNIT_COUNT, (double)pages);
	finding_figure(finding, "pressure_pages", UNIT_COUNT, (double)mem[PRESSURE]);
	finding_figure(finding, "most_pages", UNIT_COUNT, (double)mem[MOST]);
}

static void
check(struct look *look, void *memory)
{
	check_cgroups(look, memory);
	check_machine(look);
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(hogs, by_cgroup, hog, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_CLOSE_WAIT) |
		  SUBJECT_STATE(TCP_STATE_LISTEN),
	.size = sizeof(struct hogs),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "tcp-memory",
				.help = "the memory for TCP is nearly used up",
				.needs = NEED_COUNTERS | NEED_SYSCTLS | NEED_CGROUP_MEMORY |
					 NEED_OWNERS,
				.rights = "which cgroups other users' processes are in",
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check,
		.why = "Unread and unacknowledged data take memory. At the limit the kernel closes "
		       "windows, drops what comes, and aborts connections in the end.",
		.action =
			"Find the program that does not read: sort by the receive queue. Raise the limit "
			"of the cgroup, or {tcp_mem} of the machine, only if the load needs it.",
	},
};

const struct rule_table memory_rules = {rules, sizeof rules / sizeof rules[0]};
