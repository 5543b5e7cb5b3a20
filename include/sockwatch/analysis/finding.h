/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A finding: what a rule of doctor says is wrong, how bad it is, the figures that show it, why it
 * happens and what to do. Findings belong to a doctor (see doctor.h), which alone writes them; one
 * lives until doctor_look removes it.
 */
#ifndef SOCKWATCH_ANALYSIS_FINDING_H
#define SOCKWATCH_ANALYSIS_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/stream/message.h>

enum {
	FINDING_TITLE_SIZE = 320,
	FINDING_WHY_SIZE = 768,
	FINDING_ACTION_SIZE = 1024,
	FINDING_FILTER_SIZE = 192,
	FINDING_PROCESS_SIZE = 64,
	FINDING_FIGURES_MAX = 16,
};

struct finding {
	const char *rule; /* its name, "close-wait" */
	uint16_t netns;   /* our number of the namespace */
	uint64_t key;     /* what it is about: a listener, a process, a destination */
	enum severity severity;
	uint64_t since_ns;     /* when its condition first held, on the model's clock */
	uint64_t last_ns;      /* when it held last: the figures are of then */
	uint64_t over_ns;      /* when it was found to be over; 0: it stands */
	uint64_t first_ns;     /* when it was raised first: since_ns of then */
	uint32_t times;        /* that it was raised and over again, itself included */
	enum severity worst;   /* it ever had */
	bool is_accepted;      /* the user knows of it: it is not counted and not headlined */
	const char *hidden_by; /* the rule whose finding explains this one, or NULL */
	uint32_t sockets;      /* how many it is about; 0: none of their own */
	uint32_t pid;          /* of the process that it names, or 0 */
	/* Texts are clean and have no full stop, but `why` and `action` are whole sentences. */
	char process[FINDING_PROCESS_SIZE];
	char title[FINDING_TITLE_SIZE];
	char why[FINDING_WHY_SIZE];
	char action[FINDING_ACTION_SIZE];
	char filter[FINDING_FILTER_SIZE]; /* shows its sockets; "": there are none to show */
	char about[FINDING_FILTER_SIZE];  /* the same with the process by its name: outlives it */
	char needs[FINDING_FILTER_SIZE];  /* the right without which it is less exact, or "" */
	struct figure figures[FINDING_FIGURES_MAX]; /* the evidence */
	size_t figure_count;
};

/* The fields of struct finding. */
extern const struct field_table finding_fields;

/* "info", "warning", "critical". */
const char *finding_severity_name(enum severity severity);

#endif
