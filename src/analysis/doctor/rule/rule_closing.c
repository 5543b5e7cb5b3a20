/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections that do not end: their FIN stays without an answer (FIN-WAIT-1, CLOSING, LAST-ACK),
 * or their peer keeps its half open (FIN-WAIT-2). A state's count says little: what counts is the
 * same socket, still there after the window.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* The sockets of one local port, or of one process, that stay. */
struct pile {
	struct tally_head head;
	uint32_t by_state[TCP_STATE_COUNT];
	uint32_t orphans; /* closed by their program: no inode */
	uint8_t retries;  /* the most */
};

struct piles {
	struct keyed fins;   /* by local port */
	struct keyed halves; /* FIN-WAIT-2 with an owner, by process */
};

enum { WINDOW_MS = 3000 };

static void
add(const struct look *look, struct keyed *tally, const struct tally_key *key, uint32_t id,
	const struct socket_row *row)
{
	struct pile *const pile = keyed_get(tally, key);

	if (pile == NULL)
		return;
	row_list_add(look, &pile->head.rows, id);
	pile->by_state[row->state]++;
	pile->orphans += row->inode == 0;
	if (row->timer == SOCKET_TIMER_RETRANSMIT && row->timer_retries > pile->retries)
		pile->retries = row->timer_retries;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct piles *const piles = memory;
	struct tally_key key;
	const struct tally_key of_port = {.netns = row->netns, .port = row->local_port};

	if (!look_lasts(look, look_state_ms(look, row), WINDOW_MS))
		return;
	if (row->state != TCP_STATE_FIN_WAIT_2) {
		/* One whose data still flow to a slow reader is not without an answer. */
		if (row->timer == SOCKET_TIMER_RETRANSMIT && row->timer_retries > 0)
			add(look, &piles->fins, &of_port, id, row);
		return;
	}
	if (row->inode == 0)
		return;
	key = tally_process_key(look, row);
	add(look, &piles->halves, &key, id, row);
}

enum { CLOSING_WARNING };

static const struct threshold closing_thresholds[] = {
	[CLOSING_WARNING] = {"warning", 20, UNIT_COUNT,
		"sockets of one port that stay in FIN-WAIT-1, CLOSING or LAST-ACK"},
};

static void
describe_closing(struct finding *finding, const struct pile *pile)
{
	static const struct {
		enum tcp_state state;
		const char *name, *key;
	} states[] = {
		{TCP_STATE_FIN_WAIT_1, "FIN-WAIT-1", "fin_wait_1"},
		{TCP_STATE_CLOSING, "CLOSING", "closing"},
		{TCP_STATE_LAST_ACK, "LAST-ACK", "last_ack"},
	};
	bool is_first = true;

	finding_say(finding, "%u socket%s of :%u wait%s for the last ACK (",
		(unsigned)pile->head.rows.count, number_plural(pile->head.rows.count),
		(unsigned)pile->head.key.port, pile->head.rows.count == 1 ? "s" : "");
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		if (pile->by_state[states[i].state] == 0)
			continue;
		finding_say(finding, "%s%u in %s", is_first ? "" : ", ",
			(unsigned)pile->by_state[states[i].state], states[i].name);
		finding_figure(finding, states[i].key, UNIT_COUNT, pile->by_state[states[i].state]);
		is_first = false;
	}
	finding_say(finding, "), %s FIN was sent again up to %u time%s",
		pile->head.rows.count == 1 ? "its" : "their", (unsigned)pile->retries,
		number_plural(pile->retries));
	finding_figure(finding, "orphans", UNIT_COUNT, pile->orphans);
	finding_figure(finding, "fin_retransmits", UNIT_COUNT, pile->retries);
	finding_filter(finding,
		"(state fin-wait-1 or state = closing or state last-ack) and lport = %u",
		(unsigned)pile->head.key.port);
	finding_rows(finding, &pile->head.rows);
}

static void
check_closing(struct look *look, void *memory)
{
	const struct piles *const piles = memory;

	for (uint32_t i = 0; i < piles->fins.count; i++) {
		const struct pile *const pile = keyed_at(&piles->fins, i);
		struct finding *finding;

		if (pile->head.rows.count < look_threshold(look, CLOSING_WARNING))
			continue;
		finding = look_report(look, pile->head.key.netns, tally_key_hash(&pile->head.key),
			SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_closing(finding, pile);
	}
}

enum { HALF_WARNING };

static const struct threshold half_thresholds[] = {
	[HALF_WARNING] = {"warning", 20, UNIT_COUNT,
		"sockets of one process that stay in FIN-WAIT-2"},
};

static void
describe_half(struct look *look, struct finding *finding, const struct pile *pile)
{
	char who[FINDING_WHO_SIZE];

	finding_owner(look, finding, pile->head.key.number, "state fin-wait-2");
	finding_say(finding, "%u socket%s of %s %s for the peer's, which keeps its half open",
		(unsigned)pile->head.rows.count, number_plural(pile->head.rows.count),
		finding_process_words(finding, who, sizeof who),
		pile->head.rows.count == 1 ? "has sent FIN and waits" : "have sent FIN and wait");
	finding_figure(finding, "fin_wait_2", UNIT_COUNT, pile->head.rows.count);
	finding_rows(finding, &pile->head.rows);
}

static void
check_half(struct look *look, void *memory)
{
	const struct piles *const piles = memory;

	for (uint32_t i = 0; i < piles->halves.count; i++) {
		const struct pile *const pile = keyed_at(&piles->halves, i);
		struct finding *finding;

		if (pile->head.rows.count < look_threshold(look, HALF_WARNING))
			continue;
		finding = look_report(look, pile->head.key.netns, tally_key_hash(&pile->head.key),
			SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_half(look, finding, pile);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(piles, fins, pile, false),
	SUBJECT_TALLY(piles, halves, pile, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_FIN_WAIT_1) | SUBJECT_STATE(TCP_STATE_FIN_WAIT_2) |
		  SUBJECT_STATE(TCP_STATE_CLOSING) | SUBJECT_STATE(TCP_STATE_LAST_ACK),
	.size = sizeof(struct piles),
	SUBJECT_TALLIES(tallies),
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "closing-pile",
				.help = "peers vanished before they acknowledged the FIN",
				.needs = NEED_SOCKETS | NEED_TCP_INFO,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(closing_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_closing,
		.why = "Their peers are gone, or the path to them is: nobody acknowledges the FIN. "
		       "The programs have closed these sockets, so no descriptor is held.",
		.action =
			"Nothing has to be done for some minutes: the kernel gives up by itself. "
			"Where they are many, a lower {tcp_orphan_retries} shortens it (0 acts as 8, "
			"about 107 s); 1 to 3 is usual.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "fin-wait-2",
				.help = "a program has shut its half down and waits for peers that do not close",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(half_thresholds),
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_half,
		.why = "The program called shutdown() and keeps the descriptor; the peers "
		       "acknowledged the FIN and do not close (CLOSE-WAIT there). No timer ends that.",
		.action =
			"Let the program read with a time-out and then close(). {tcp_fin_timeout} "
			"only touches sockets that no program holds any more.",
	},
};

const struct rule_table closing_rules = {rules, sizeof rules / sizeof rules[0]};
