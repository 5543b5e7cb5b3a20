/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doctor: looks at the model after each snapshot, judges it by the table of rules, and keeps the
 * findings. Pure: a model in, findings out; the clock is the model's. A finding is raised when its
 * condition held in two looks in a row, and is over when it has not held for the time that its rule
 * says; then it stays for a while, to be read. DOCTOR.md has what decides each trouble.
 */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_H
#define SOCKWATCH_ANALYSIS_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/finding.h>
#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>

enum {
	DOCTOR_RULES_MAX = 48,
	DOCTOR_THRESHOLDS_MAX = 6,
	DOCTOR_FINDINGS_MAX = 250,
	DOCTOR_ACCEPTED_MAX = 64,
	DOCTOR_NAME_SIZE = 32,
};

/* What a rule compares with; it can be set. */
struct threshold {
	const char *name; /* "warning" */
	double value;     /* unless it is set */
	enum unit unit;
	const char *help; /* what is compared: "sockets of one process in CLOSE-WAIT" */
};

/* What is to be known of a rule from outside; NULL-terminated thresholds by name. */
struct rule_words {
	const char *name;
	const char *help;   /* the trouble in one line, without a full stop */
	uint32_t needs;     /* enum need */
	const char *rights; /* what is less exact without rights, or NULL: none are needed */
	unsigned window_s;  /* seconds that it looks back; 0: one look is enough */
	const struct threshold *thresholds;
	size_t threshold_count;
	const char *hides; /* rules whose findings it explains, separated by spaces, or NULL */
};

size_t doctor_rule_count(void);
struct rule_words doctor_rule(size_t index);
/* Why its trouble happens and what to do; names of sysctls without their values. */
void doctor_rule_sentences(
	size_t index, char why[FINDING_WHY_SIZE], char action[FINDING_ACTION_SIZE]);

/* A finding that the user knows of: silent until it gets worse. */
struct accepted {
	char rule[DOCTOR_NAME_SIZE];
	char filter[FINDING_FILTER_SIZE]; /* `about` of the finding */
	enum severity severity;
};

struct baseline;

/* The user's wishes. Zeroed it is not ready: doctor_settings_init. */
struct doctor_settings {
	bool is_off[DOCTOR_RULES_MAX]; /* by index of the rule */
	double thresholds[DOCTOR_RULES_MAX][DOCTOR_THRESHOLDS_MAX];
	struct accepted accepted[DOCTOR_ACCEPTED_MAX];
	size_t accepted_count;
	/* What is known, and what sentences call it; NULL: what was there at the start is. Of app.
	 */
	const struct baseline *baseline;
	const char *baseline_name;
};

void doctor_settings_init(struct doctor_settings *settings);
/* "close-wait.warning" and "50". 0, or -EINVAL with a sentence. */
int doctor_settings_set(
	struct doctor_settings *settings, const char *name, const char *value, struct error *error);
/* "close-wait:critical state close-wait": accepts up to this severity; a warning without one. */
int doctor_settings_accept(struct doctor_settings *settings, const char *text, struct error *error);
/* Accepts the finding as it is now, or takes that back. False: there is no room. */
bool doctor_settings_toggle(struct doctor_settings *settings, const struct finding *finding);
/* "close-wait,accept-queue": these rules and no others. 0, or -EINVAL with a sentence. */
int doctor_settings_choose(
	struct doctor_settings *settings, const char *names, struct error *error);

struct doctor;
struct filter;
struct port_budget;

/* The settings must outlive the doctor; they may change between looks. NULL: no memory. */
struct doctor *doctor_new(const struct doctor_settings *settings);
void doctor_free(struct doctor *doctor);
/*
 * Only rows that pass are looked at, and findings about none are left out. The filter, NULL for all
 * rows, must outlive the doctor.
 */
void doctor_set_filter(struct doctor *doctor, struct filter *filter);
/* Findings that are over stay, as far as there is room, to tell when they stood. */
void doctor_keep_over(struct doctor *doctor);
/* What its rules need of the collector: enum need. */
uint32_t doctor_needs(const struct doctor *doctor);
/*
 * Takes in the model, when a snapshot ended since the last look. is_last: no other look follows, so
 * what holds now is raised, and windows that are not full yet are taken as they are.
 */
void doctor_look(struct doctor *doctor, const struct model *model, bool is_last);

/*
 * The raised findings: worst first, those that are over and those that are accepted behind them.
 * Those that another finding explains are not among them. The array lives until the next look.
 */
const struct finding *const *doctor_findings(const struct doctor *doctor, size_t *count);
/* The findings that this one explains, in the same way. */
size_t doctor_hidden(const struct doctor *doctor, const struct finding *by,
	const struct finding **hidden, size_t max);
/* The worst severity of those that stand and are not accepted, and how many there are. */
enum severity doctor_worst(const struct doctor *doctor, size_t *count);
/* Findings that had no room, and rows or groups that were not looked at for lack of it: the most in
 * one look since the start. */
uint64_t doctor_refused(const struct doctor *doctor);
/* The findings of this rule are over now: what they were about is known. */
void doctor_end(struct doctor *doctor, const char *rule, uint64_t now_ns);
/*
 * The budget of local ports of the last look, which the next one changes. NULL: no rule that is on
 * counts it.
 */
const struct port_budget *doctor_ports(const struct doctor *doctor);
/* The finding that the socket of this id belongs to, the worst of several; NULL: none. */
const struct finding *doctor_of_socket(const struct doctor *doctor, uint32_t id);

#endif
