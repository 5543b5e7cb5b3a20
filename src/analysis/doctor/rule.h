/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule is, and what it may use. A subject is a file that looks at rows of certain states in
 * the one sweep of a look and keeps what it counts in a memory of its own; its rules then judge the
 * counts. A new rule is a row in the table of its subject's file, which rules.c lists.
 *
 * In a look: for each subject begin(), then row() for each row of its states, then for each rule
 * check(), which calls look_report for each thing of which its condition holds now. Everything else
 * (two looks in a row, severity that falls slowly, the end, what hides what) is done by findings.c.
 */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_RULE_H
#define SOCKWATCH_ANALYSIS_DOCTOR_RULE_H

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/finding.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/needs.h>

struct baseline;
struct look;
struct port_budget;

/* For subject.states. */
#define SUBJECT_STATE(state) (UINT32_C(1) << (state))
#define SUBJECT_UDP          (UINT32_C(1) << 31) /* all rows of UDP */

/*
 * Records by key in a subject's memory (tally.h). The engine makes it, empties it before each look
 * unless it lasts, and frees it.
 */
struct subject_tally {
	size_t offset, record_size;
	bool lasts;
};
#define SUBJECT_TALLY(memory, member, record, lasts)                                               \
	{                                                                                          \
		offsetof(struct memory, member), sizeof(struct record), lasts                      \
	}
#define SUBJECT_TALLIES(table) .tallies = table, .tally_count = sizeof(table) / sizeof((table)[0])

struct subject {
	uint32_t states; /* of the TCP rows that it visits */
	size_t size;     /* bytes of its memory, which begins zeroed and lasts as the doctor does */
	const struct subject_tally *tallies;
	size_t tally_count;
	void (*begin)(const struct look *look, void *memory); /* may be NULL, as the next two */
	void (*row)(
		const struct look *look, void *memory, uint32_t id, const struct socket_row *row);
	void (*fini)(void *memory); /* of what is no tally */
};

enum rule_clear { /* how long the condition must be false until the finding is over */
	RULE_CLEAR_QUEUE_S = 30,
	RULE_CLEAR_LEAK_S = 300,
};

struct rule {
	const struct subject *subject;
	struct rule_words words;
	unsigned clear_s;
	void (*check)(struct look *look, void *memory);
	/*
	 * Whole sentences. {tcp_syncookies} stands for the name of the sysctl (below net.ipv4, or a
	 * path as net.core.somaxconn) and its value in force in the namespace of the finding.
	 */
	const char *why;
	const char *action;
};

/* What most rules gain by rights. */
#define RULE_RIGHTS_NAMES "the names of other users' processes"

/* The members of words that a table of thresholds gives. */
#define RULE_THRESHOLDS(table)                                                                     \
	.thresholds = table, .threshold_count = sizeof(table) / sizeof((table)[0])

struct rule_table {
	const struct rule *rules;
	size_t count;
};

struct look {
	struct doctor *doctor;
	const struct model *model;
	const struct rule *rule; /* the one that is checked */
	size_t rule_number;      /* its index in doctor->rules */
	uint64_t now_ns;         /* the model's clock */
	uint64_t observed_ns;    /* since the first look */
	uint32_t now_ms;         /* on the clock of the rows */
	uint64_t refused_before; /* see look_refused */
	bool is_last;
};

/* The rule's threshold with this index in its table. */
double look_threshold(const struct look *look, size_t index);

/* The same of any rule, for begin() and row(), where none is checked. */
double look_threshold_of(const struct look *look, const char *rule, size_t index);

/* How long the row has been seen in its state, in milliseconds. */
static inline uint32_t
look_state_ms(const struct look *look, const struct socket_row *row)
{
	return look->now_ms - row->changed_ms;
}

/*
 * What has held for so long has held for the window. In the last look, which may come a little
 * early, or long before the window is full, it is enough to have held since the first look, if that
 * is half of the window ago.
 */
static inline bool
look_lasts(const struct look *look, uint64_t held_ms, unsigned window_ms)
{
	const uint64_t observed_ms = look->observed_ns / CLOCK_NS_PER_MS;

	/* 1 ms: both are rounded. */
	return held_ms >= window_ms ||
	       (look->is_last && observed_ms >= window_ms / 2 && held_ms + 1 >= observed_ms);
}

/*
 * A condition that a row meets now. Call it in each look in which it does; it is forgotten after a
 * look without. *since_ms: for how long it has been met look after look, 0 at first; *first: the
 * value that was given then; *before: in the look before. false: no room, counted.
 */
struct still {
	uint64_t since_ms;
	uint64_t first, before;
};
bool look_still(const struct look *look, const struct subject *subject, unsigned condition,
	uint32_t id, const struct socket_row *row, uint64_t value, struct still *still);
/* The same, where another value than the one before begins anew: it is met while nothing changes.
 */
bool look_unchanged(const struct look *look, const struct subject *subject, unsigned condition,
	uint32_t id, const struct socket_row *row, uint64_t value, struct still *still);

/*
 * How a counter of the namespace changed over the last seconds. false: not known, or not watched
 * for so long yet (in the last look any time will do).
 */
struct change {
	double count; /* may be below 0 for a gauge */
	double a_second;
	double seconds;
};
bool look_change(const struct look *look, uint16_t netns, enum counter counter, double seconds,
	struct change *change);
/* A second; 0 where it is not known. */
double look_rate(const struct look *look, uint16_t netns, enum counter counter, double seconds);
/* The last reading. false: not known. */
bool look_counter(const struct look *look, uint16_t netns, enum counter counter, uint64_t *value);

/* What the user knows of, or NULL: what was there at the start is known. */
const struct baseline *look_baseline(const struct look *look);
/* Names the baseline in the evidence, where there is one. */
void finding_baseline(const struct look *look, struct finding *finding);

/* Whether a TCP socket listens on this port, on any address; for row() too. */
bool look_listens(const struct look *look, uint16_t netns, uint16_t port);

/* The budget of local ports; the first call of a look counts them. For begin() too. */
const struct port_budget *look_ports(const struct look *look);

/* What has had no room in this look so far: rows, groups, findings. */
uint64_t look_refused(const struct look *look);
/* So many met a bound of the rule's own; those of a tally, a list or a still are counted there. */
void look_refuse(const struct look *look, uint64_t count);

/* A list of rows, kept until the end of the look; zeroed it is empty. */
struct row_list {
	uint32_t head; /* index + 1 */
	uint32_t count;
};
void row_list_add(const struct look *look, struct row_list *list, uint32_t id);
/* Walks: id of the first row for *position = 0, SOCKET_NONE at the end. */
uint32_t row_list_next(const struct look *look, const struct row_list *list, uint32_t *position);

/*
 * The finding of look->rule about this thing (key: any number that stays the same while the thing
 * does, such as look_key gives), to be filled anew: its title, figures, filter and rows are empty.
 * Two findings hide one another only in the same namespace, and if their keys are equal or one of
 * them is 0 (about all of the namespace). NULL: no room, counted.
 */
struct finding *look_report(
	struct look *look, uint16_t netns, uint64_t key, enum severity severity);

/* Appends to the title. */
__attribute__((format(printf, 2, 3))) void finding_say(
	struct finding *finding, const char *format, ...);
/* Evidence: name is a JSON key that says what and in which unit. */
void finding_figure(struct finding *finding, const char *name, enum unit unit, double number);
__attribute__((format(printf, 3, 4))) void finding_words(
	struct finding *finding, const char *name, const char *format, ...);
/* The right without which the finding is less exact, and what it would give. */
void finding_needs(struct finding *finding, const char *words);
/* Sets the filter that shows its sockets, in the filter language. */
__attribute__((format(printf, 2, 3))) void finding_filter(
	struct finding *finding, const char *format, ...);
/* Names the process (NULL: it is not known) in the fields, not in the title. */
void finding_process(
	struct finding *finding, const struct model *model, const struct process_row *process);
/*
 * The same by pid (0: not known), with a filter of its sockets: those of `filter` that it holds, or
 * all of them.
 */
void finding_owner(
	const struct look *look, struct finding *finding, uint32_t pid, const char *filter);
enum { FINDING_WHO_SIZE = FINDING_PROCESS_SIZE + 16 };

enum { FINDING_AGO_SIZE = 48 };
/* "3 s ago"; "just now" below a second. */
const char *finding_ago(uint64_t ago_ns, char *out, size_t size);
/* "nginx (812)"; "a process that is not known" where it was not named. FINDING_WHO_SIZE suffices.
 */
const char *finding_process_words(const struct finding *finding, char *out, size_t size);
/* The rows are its sockets: counted, and marked in the table. */
void finding_rows(struct finding *finding, const struct row_list *list);

/* Whether a rate stands as "1" in a sentence that has it by %.3g. */
static inline bool
finding_is_one(double number)
{
	return number >= 0.9995 && number < 1.005;
}

/* The same as number_plural for rates. */
static inline const char *
finding_plural_rate(double number)
{
	return finding_is_one(number) ? "" : "s";
}

/* All tables of rules; the order is that of the manual. */
extern const struct rule_table *const rule_tables[];
extern const size_t rule_table_count;

#endif
