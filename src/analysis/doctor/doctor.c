/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doctor: one sweep over the rows in each look, then all checks. The other files of the room:
 *
 *	rule/        the rules, a file a subject; rules.c lists their tables
 *	rule.h       what a rule is, and what it may use
 *	look.c       what a rule may ask in a look, and how it fills a finding
 *	look_listens.c  the ports on which somebody listens
 *	look_ports.c  the budget of local ports
 *	findings.c   when a finding is raised and over, what hides it, in which order they stand
 *	change.c     counters over the last looks
 *	still.c      since when single rows meet a condition
 *	row_list.c   lists of rows, for the marks in the table
 *	tally.c      counts by key
 *	refused.c    what had no room
 *	finding_fields.c  the fields of a finding; finding_of_socket.c  the one of a socket
 *	sentence.c   sysctls in sentences
 *	rule_settings.c  thresholds, rules that are off, findings that are accepted
 */
#include <config.h>

#include <netinet/in.h>
#include <stdlib.h>

#include <sockwatch/analysis/filter.h>

#include "doctor_private.h"
#include "tally.h"

/* Its memory with the tallies in it; NULL: there is not enough. */
static void *
new_memory(const struct subject *subject)
{
	void *const memory = calloc(1, subject->size + 1);

	for (size_t i = 0; memory != NULL && i < subject->tally_count; i++)
		keyed_init(doctor_tally(memory, &subject->tallies[i]),
			subject->tallies[i].record_size, sizeof(struct tally_key),
			TALLY_RECORDS_MAX);
	return memory;
}

static void
free_memory(const struct subject *subject, void *memory)
{
	if (memory == NULL)
		return;
	for (size_t i = 0; i < subject->tally_count; i++)
		keyed_fini(doctor_tally(memory, &subject->tallies[i]));
	if (subject->fini != NULL)
		subject->fini(memory);
	free(memory);
}

/* All rules, those that are off too: settings may change. 0, -ENOMEM. */
static int
add_rules(struct doctor *doctor)
{
	for (size_t table = 0; table < rule_table_count; table++)
		for (size_t i = 0; i < rule_tables[table]->count; i++) {
			const struct rule *const rule = &rule_tables[table]->rules[i];
			const size_t at = doctor_subject(doctor, rule->subject);

			doctor->rules[doctor->rule_count++] = rule;
			if (at < doctor->subject_count)
				continue;
			doctor->subjects[doctor->subject_count++] = rule->subject;
			doctor->memories[at] = new_memory(rule->subject);
			if (doctor->memories[at] == NULL)
				return -1;
		}
	return 0;
}

struct doctor *
doctor_new(const struct doctor_settings *settings)
{
	struct doctor *const doctor = calloc(1, sizeof *doctor);

	if (doctor == NULL)
		return NULL;
	doctor->settings = settings;
	keyed_init(&doctor->listening, sizeof(struct tally_head), sizeof(struct tally_key),
		TALLY_RECORDS_MAX);
	port_budget_init(&doctor->ports);
	if (add_rules(doctor) == 0)
		return doctor;
	doctor_free(doctor);
	return NULL;
}

void
doctor_free(struct doctor *doctor)
{
	if (doctor == NULL)
		return;
	for (size_t i = 0; i < doctor->subject_count; i++)
		free_memory(doctor->subjects[i], doctor->memories[i]);
	changes_fini(&doctor->changes);
	keyed_fini(&doctor->listening);
	port_budget_fini(&doctor->ports);
	still_fini(&doctor->still);
	findings_fini(doctor);
	free(doctor->links);
	free(doctor->of_row);
	free(doctor);
}

static bool
subject_is_on(const struct doctor *doctor, const struct subject *subject)
{
	for (size_t i = 0; i < doctor->rule_count; i++)
		if (doctor->rules[i]->subject == subject && !doctor->settings->is_off[i])
			return true;
	return false;
}

void
doctor_keep_over(struct doctor *doctor)
{
	doctor->keeps_over = true;
}

void
doctor_set_filter(struct doctor *doctor, struct filter *filter)
{
	struct error ignored = {.position = -1};
	const int count = field_parse_list(&socket_fields, field_set_find("list"), doctor->visible,
		DOCTOR_VISIBLE_MAX, &ignored);

	doctor->filter = filter;
	doctor->visible_count = count > 0 ? (size_t)count : 0;
}

uint32_t
doctor_needs(const struct doctor *doctor)
{
	uint32_t needs = 0;

	for (size_t i = 0; i < doctor->rule_count; i++)
		if (!doctor->settings->is_off[i])
			needs |= doctor->rules[i]->words.needs;
	/* Remedies name the sysctls with their values in force. */
	return needs != 0 ? needs | NEED_SYSCTLS : 0;
}

/* The subjects that visit rows of a state, so that the sweep asks each row's only once. */
struct visitors {
	uint8_t subjects[DOCTOR_SUBJECTS_MAX];
	size_t count;
};

static void
choose_visitors(const struct doctor *doctor, uint32_t states, struct visitors *visitors)
{
	visitors->count = 0;
	for (size_t i = 0; i < doctor->subject_count; i++) {
		const struct subject *const subject = doctor->subjects[i];

		if (subject->row != NULL && (subject->states & states) != 0 &&
			subject_is_on(doctor, subject))
			visitors->subjects[visitors->count++] = (uint8_t)i;
	}
}

static void
sweep(const struct look *look)
{
	const struct doctor *const doctor = look->doctor;
	const struct socket_table *const table = &look->model->sockets;
	const struct field_context context = {.model = look->model, .doctor = doctor};
	struct visitors of_state[TCP_STATE_COUNT], of_udp;

	for (unsigned state = 0; state < TCP_STATE_COUNT; state++)
		choose_visitors(doctor, SUBJECT_STATE(state), &of_state[state]);
	choose_visitors(doctor, SUBJECT_UDP, &of_udp);
	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);
		const struct visitors *visitors;

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0)
			continue;
		if (doctor->filter != NULL && !filter_match(doctor->filter, &context, row,
						      doctor->visible, doctor->visible_count))
			continue;
		visitors = row->protocol == IPPROTO_TCP ? &of_state[row->state] : &of_udp;
		for (size_t i = 0; i < visitors->count; i++) {
			const uint8_t subject = visitors->subjects[i];

			doctor->subjects[subject]->row(look, doctor->memories[subject], id, row);
		}
	}
}

static void
check_rules(struct look *look)
{
	struct doctor *const doctor = look->doctor;

	for (size_t i = 0; i < doctor->rule_count; i++) {
		if (doctor->settings->is_off[i])
			continue;
		look->rule = doctor->rules[i];
		look->rule_number = i;
		look->rule->check(
			look, doctor->memories[doctor_subject(doctor, look->rule->subject)]);
	}
	look->rule = NULL;
}

static void
begin_subjects(const struct look *look)
{
	const struct doctor *const doctor = look->doctor;

	for (size_t i = 0; i < doctor->subject_count; i++) {
		const struct subject *const subject = doctor->subjects[i];

		if (!subject_is_on(doctor, subject))
			continue;
		for (size_t j = 0; j < subject->tally_count; j++)
			if (!subject->tallies[j].lasts)
				keyed_clear(
					doctor_tally(doctor->memories[i], &subject->tallies[j]));
		if (subject->begin != NULL)
			subject->begin(look, doctor->memories[i]);
	}
}

void
doctor_look(struct doctor *doctor, const struct model *model, bool is_last)
{
	struct look look = {.doctor = doctor, .model = model, .is_last = is_last};

	if (model->complete_sequence == 0 ||
		(model->complete_sequence == doctor->sequence && !is_last))
		return;
	doctor->sequence = model->complete_sequence;
	if (doctor->looks++ == 0)
		doctor->begun_ns = model->now_ns;
	doctor->link_count = 0;
	look.refused_before = refused_in_all(doctor);
	look.now_ns = model->now_ns;
	look.now_ms = model_now_ms(model);
	look.observed_ns = model->now_ns - doctor->begun_ns;
	look_refuse(&look, changes_sample(&doctor->changes, model, look.now_ns));
	begin_subjects(&look);
	sweep(&look);
	check_rules(&look);
	still_sweep(&doctor->still, doctor->looks);
	findings_settle(doctor, &look);
	if (look_refused(&look) > doctor->refused_most)
		doctor->refused_most = look_refused(&look);
}
