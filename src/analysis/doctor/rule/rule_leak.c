/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program does not close: CLOSE-WAIT. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/map.h>
#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* One process in one namespace; pid 0: the sockets whose owner is not known. */
struct leak {
	struct tally_head head;
	uint32_t still;  /* in CLOSE-WAIT for the whole window, or long enough by their ages */
	uint32_t unread; /* of them, with something unread: data, or the peer's end */
	uint32_t fresh;  /* entered the state while it was watched, in the last GROWTH_MS */
	uint64_t oldest_ms;
};

/* Processes of one name, each of which keeps too few to be reported by itself. */
struct program_leak {
	struct leak all; /* begins with the head */
	uint32_t processes, pid;
};

struct leaks {
	struct keyed by_process, by_program;
};

enum { CLOSE_WAIT_WARNING, CLOSE_WAIT_AGE, CLOSE_WAIT_CRITICAL, CLOSE_WAIT_FULL };
enum { WINDOW_MS = 3000, GROWTH_MS = 60000, GROWTH_LEAST_MS = 10000, AHEAD_S = 3600 };

static const struct threshold close_wait_thresholds[] = {
	[CLOSE_WAIT_WARNING] = {"warning", 20, UNIT_COUNT,
		"sockets of one process, or of one program, that stay in CLOSE-WAIT"},
	[CLOSE_WAIT_AGE] = {"age", 60000, UNIT_MS,
		"a single socket this long in CLOSE-WAIT is worth knowing (info)"},
	[CLOSE_WAIT_CRITICAL] = {"critical", 1000, UNIT_COUNT,
		"sockets of one process that stay in CLOSE-WAIT"},
	[CLOSE_WAIT_FULL] = {"full", 80, UNIT_PERCENT,
		"of the descriptors of the process, reached within an hour at the present growth: critical"},
};

/* The peer's FIN carried an ACK: it is at least so old. */
static uint64_t
close_wait_ms(const struct look *look, const struct socket_row *row)
{
	const uint64_t watched_ms = look_state_ms(look, row);
	uint64_t ack_ms;

	return tcp_info_get(&row->tcp, TCP_INFO_last_ack_recv, &ack_ms) && ack_ms > watched_ms
		       ? ack_ms
		       : watched_ms;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct leaks *const leaks = memory;
	const struct tally_key key = tally_process_key(look, row);
	const uint64_t age_ms = close_wait_ms(look, row);
	struct leak *const leak = keyed_get(&leaks->by_process, &key);

	if (leak == NULL)
		return;
	leak->fresh += look_state_ms(look, row) < GROWTH_MS &&
		       look_state_ms(look, row) * CLOCK_NS_PER_MS < look->observed_ns;
	if (!look_lasts(look, age_ms, WINDOW_MS))
		return;
	row_list_add(look, &leak->head.rows, id);
	leak->still++;
	leak->unread += row->receive_queue > 0;
	if (age_ms > leak->oldest_ms)
		leak->oldest_ms = age_ms;
}

/* More of them a second; 0: too little was watched. */
static double
growth_of(const struct look *look, const struct leak *leak)
{
	const uint64_t watched_ms = look->observed_ns / CLOCK_NS_PER_MS;

	if (watched_ms < GROWTH_LEAST_MS)
		return 0;
	return leak->fresh * 1000.0 / (double)(watched_ms < GROWTH_MS ? watched_ms : GROWTH_MS);
}

/* At this pace the process has no descriptors left within the hour. */
static bool
runs_out(const struct look *look, const struct process_row *process, double growth)
{
	return process != NULL && process->has_open_files && process->has_files_limit &&
	       growth > 0 &&
	       process->open_files + growth * AHEAD_S >=
		       process->files_limit * look_threshold(look, CLOSE_WAIT_FULL) / 100;
}

static enum severity
severity_of(const struct look *look, const struct leak *leak, const struct process_row *process)
{
	if (leak->still < look_threshold(look, CLOSE_WAIT_WARNING))
		return SEVERITY_INFO;
	return leak->still >= look_threshold(look, CLOSE_WAIT_CRITICAL) ||
			       runs_out(look, process, growth_of(look, leak))
		       ? SEVERITY_CRITICAL
		       : SEVERITY_WARNING;
}

static void
say_what_is_read(struct finding *finding, const struct leak *leak)
{
	if (leak->still == 1)
		finding_say(finding, leak->unread == 0 ? "; it has read the end of it"
						       : "; something in it is unread");
	else if (leak->unread == 0)
		finding_say(finding, "; it has read the end of all of them");
	else
		finding_say(finding, "; %u of them ha%s something unread", (unsigned)leak->unread,
			leak->unread == 1 ? "s" : "ve");
}

static void
describe(struct finding *finding, const struct leak *leak, double growth)
{
	char who[FINDING_WHO_SIZE], age[DURATION_TEXT_SIZE];

	finding_say(finding, "%s keeps %u socket%s in CLOSE-WAIT, the oldest %s",
		finding_process_words(finding, who, sizeof who), (unsigned)leak->still,
		number_plural(leak->still),
		duration_format(leak->oldest_ms * CLOCK_NS_PER_MS, DURATION_LONG, age, sizeof age));
	if (growth > 0)
		finding_say(finding, ", %.2g more a second", growth);
	say_what_is_read(finding, leak);
	finding_figure(finding, "close_wait", UNIT_COUNT, leak->still);
	finding_figure(finding, "unread", UNIT_COUNT, leak->unread);
	finding_figure(finding, "oldest_ms", UNIT_MS, (double)leak->oldest_ms);
	if (growth > 0)
		finding_figure(finding, "growth_per_s", UNIT_COUNT, growth);
}

/* A server forks a process for each few connections: what leaks is the program. */
static struct program_leak *
program_of(const struct look *look, struct leaks *leaks, const struct leak *leak)
{
	const struct process_row *const process =
		process_table_find(&look->model->processes, leak->head.key.number);
	struct tally_key key = {.netns = leak->head.key.netns, .port = 1};
	const char *name;
	uint64_t hash;

	if (process == NULL || leak->still == 0 ||
		leak->still >= look_threshold(look, CLOSE_WAIT_WARNING))
		return NULL;
	name = model_text(look->model, process->comm);
	hash = map_hash_bytes(name, strlen(name), 0);
	memcpy(key.address.bytes, &hash, sizeof hash);
	return keyed_get(&leaks->by_program, &key);
}

static void
add_up_programs(const struct look *look, struct leaks *leaks)
{
	for (uint32_t i = 0; i < leaks->by_process.count; i++) {
		const struct leak *const leak = keyed_at(&leaks->by_process, i);
		struct program_leak *const program = program_of(look, leaks, leak);
		uint32_t position = 0, id;

		if (program == NULL)
			continue;
		program->processes++;
		program->pid = leak->head.key.number;
		program->all.still += leak->still;
		program->all.unread += leak->unread;
		program->all.fresh += leak->fresh;
		if (leak->oldest_ms > program->all.oldest_ms)
			program->all.oldest_ms = leak->oldest_ms;
		while ((id = row_list_next(look, &leak->head.rows, &position)) != SOCKET_NONE)
			row_list_add(look, &program->all.head.rows, id);
	}
}

static bool
is_reported(const struct look *look, const struct program_leak *program)
{
	return program != NULL && program->processes > 1 &&
	       program->all.still >= look_threshold(look, CLOSE_WAIT_WARNING);
}

static void
report_programs(struct look *look, const struct leaks *leaks)
{
	for (uint32_t i = 0; i < leaks->by_program.count; i++) {
		const struct program_leak *const program = keyed_at(&leaks->by_program, i);
		const struct leak *const all = &program->all;
		char age[DURATION_TEXT_SIZE], name[4 * FINDING_PROCESS_SIZE + 4];
		struct finding *finding;

		if (!is_reported(look, program))
			continue;
		finding = look_report(look, all->head.key.netns, tally_key_hash(&all->head.key),
			severity_of(look, all, NULL));
		if (finding == NULL)
			return;
		finding_process(finding, look->model,
			process_table_find(&look->model->processes, program->pid));
		/* By its name, so that accepting it accepts no other program's. */
		(void)filter_write_text(text_of(finding->process), name, sizeof name);
		finding_filter(finding, "state close-wait and process = %s", name);
		finding_say(finding,
			"%u processes of %s keep %u sockets in CLOSE-WAIT, the oldest %s",
			(unsigned)program->processes, finding->process, (unsigned)all->still,
			duration_format(
				all->oldest_ms * CLOCK_NS_PER_MS, DURATION_LONG, age, sizeof age));
		say_what_is_read(finding, all);
		finding_figure(finding, "close_wait", UNIT_COUNT, all->still);
		finding_figure(finding, "processes", UNIT_COUNT, program->processes);
		finding_figure(finding, "unread", UNIT_COUNT, all->unread);
		finding_figure(finding, "oldest_ms", UNIT_MS, (double)all->oldest_ms);
		finding_rows(finding, &all->head.rows);
	}
}

static void
check_close_wait(struct look *look, void *memory)
{
	struct leaks *const leaks = memory;

	add_up_programs(look, leaks);
	report_programs(look, leaks);
	for (uint32_t i = 0; i < leaks->by_process.count; i++) {
		const struct leak *const leak = keyed_at(&leaks->by_process, i);
		const struct process_row *const process =
			process_table_find(&look->model->processes, leak->head.key.number);
		struct finding *finding;

		if (is_reported(look, program_of(look, leaks, leak)))
			continue;
		if (leak->still < look_threshold(look, CLOSE_WAIT_WARNING) &&
			leak->oldest_ms < look_threshold(look, CLOSE_WAIT_AGE))
			continue;
		finding = look_report(look, leak->head.key.netns, tally_key_hash(&leak->head.key),
			severity_of(look, leak, process));
		if (finding == NULL)
			return;
		finding_owner(look, finding, leak->head.key.number, "state close-wait");
		describe(finding, leak, growth_of(look, leak));
		finding_rows(finding, &leak->head.rows);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(leaks, by_process, leak, false),
	SUBJECT_TALLY(leaks, by_program, program_leak, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_CLOSE_WAIT),
	.size = sizeof(struct leaks),
	SUBJECT_TALLIES(tallies),
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "close-wait",
				.help = "a program does not close connections that their peers have closed",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = 3,
				.thresholds = close_wait_thresholds,
				.threshold_count = sizeof close_wait_thresholds /
						   sizeof close_wait_thresholds[0],
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_close_wait,
		.why = "The peer has closed; the program has not called close() after read() "
		       "returned 0. Each such socket keeps a descriptor, until the program has none "
		       "left.",
		.action = "Fix or restart the program. No sysctl ends CLOSE-WAIT; keepalive only "
			  "helps where the peer is really gone. F9 closes single sockets.",
	},
};

const struct rule_table leak_rules = {rules, sizeof rules / sizeof rules[0]};
