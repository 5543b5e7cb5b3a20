/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine's own files share; subjects use rule.h alone. */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_DOCTOR_PRIVATE_H
#define SOCKWATCH_ANALYSIS_DOCTOR_DOCTOR_PRIVATE_H

#include <sockwatch/analysis/ports/port_budget.h>

#include "change.h"
#include "rule.h"
#include "still.h"
#include "tally.h"

enum { DOCTOR_SUBJECTS_MAX = 32, DOCTOR_VISIBLE_MAX = 32, DOCTOR_ROW_LINKS_MAX = 1 << 20 };

/* A finding with what its life needs. */
struct standing {
	struct finding shown;
	size_t rule;     /* its index */
	uint32_t looks;  /* in a row, in which the condition held */
	uint32_t number; /* of the last look in which it held */
	bool is_raised;
	enum severity now;    /* in the last look in which it held */
	uint64_t milder_ns;   /* since when `now` is below what is shown; 0: it is not */
	struct row_list rows; /* of this look */
};

struct row_link {
	uint32_t id;
	uint32_t next; /* index + 1; 0: the end */
};

struct doctor {
	const struct doctor_settings *settings;
	bool keeps_over;                                 /* see doctor_keep_over */
	struct filter *filter;                           /* or NULL */
	const struct field *visible[DOCTOR_VISIBLE_MAX]; /* what its bare words look at */
	size_t visible_count;
	const struct rule *rules[DOCTOR_RULES_MAX];
	size_t rule_count;
	const struct subject *subjects[DOCTOR_SUBJECTS_MAX];
	void *memories[DOCTOR_SUBJECTS_MAX];
	size_t subject_count;
	struct changes changes;
	struct still_table still;
	struct standing **standing;
	size_t standing_count;
	const struct finding *listed[DOCTOR_FINDINGS_MAX];
	size_t listed_count;
	struct keyed listening;   /* local ports; look_listens fills it when it is asked */
	uint32_t listening_looks; /* the look of which it is */
	struct port_budget ports;
	uint32_t ports_looks; /* the look of which it is */
	struct row_link *links;
	uint32_t link_count, link_capacity;
	uint8_t *of_row; /* by socket id: index in listed, + 1; 0: none */
	uint32_t of_row_count, of_row_capacity;
	uint32_t sequence; /* the model's snapshot of the last look */
	uint32_t looks;
	uint64_t begun_ns;
	uint64_t refused;      /* findings and links of rows, in all looks */
	uint64_t refused_most; /* of everything that has no room, in one look */
};

static inline struct keyed *
doctor_tally(void *memory, const struct subject_tally *tally)
{
	return (struct keyed *)((char *)memory + tally->offset);
}

/* Index of the subject in doctor->subjects; their number when it is not there. */
static inline size_t
doctor_subject(const struct doctor *doctor, const struct subject *subject)
{
	size_t i = 0;

	while (i < doctor->subject_count && doctor->subjects[i] != subject)
		i++;
	return i;
}

/* After all checks: raises, ends, hides, sorts. */
void findings_settle(struct doctor *doctor, const struct look *look);
/* The standing of this thing, a new one if there is none; NULL: no room. */
struct standing *findings_get(struct doctor *doctor, size_t rule, uint16_t netns, uint64_t key);
void findings_fini(struct doctor *doctor);

/* What had no room since the start: each look counts again. */
uint64_t refused_in_all(const struct doctor *doctor);

/* Replaces {sysctl}s. */
void sentence_fill(
	const struct model *model, uint16_t netns, const char *template, char *out, size_t size);

#endif
