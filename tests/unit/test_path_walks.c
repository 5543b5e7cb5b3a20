/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walks of a table of probed paths that has too little room: probes of every ttl and flow,
 * one beyond the bounds too, answers in any order, late, twice, of none; paths begun again,
 * continued and stopped. All that is known after each step is noted (random_walk.h).
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>

#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/path.h>

#include "random_walk.h"

enum { WALKS = 150, STEPS = 250, IDS = 3, ROOM = 2, SENT_MAX = 64, TIMEOUT_MS = 1000 };

#define MS UINT64_C(1000000)

struct walk {
	struct path_table *table;
	uint64_t now_ns;
	uint32_t sequence;
	struct message_probe_sent sent[SENT_MAX]; /* ring */
	uint8_t routers, flows;
};

static struct address
router(unsigned ttl, unsigned way)
{
	const uint8_t bytes[4] = {10, (uint8_t)way, (uint8_t)ttl, 1};

	return address_from_v4(bytes);
}

static void
start(struct walk *walk)
{
	const struct message_probe_start start = {.id = 1 + dice(IDS),
		.protocol = (uint8_t)dice(3),
		.port = (uint16_t)dice(2),
		.target = router(99, dice(4) == 0),
		.flows = (uint8_t)(dice(4) == 0 ? dice(PATH_FLOWS_MAX + 2) : walk->flows),
		.first_ttl = (uint8_t)(dice(4) == 0 ? dice(4) : 1),
		.max_ttl = (uint8_t)(dice(4) == 0 ? 1 + dice(PATH_TTL_MAX + 1) : 30),
		.interval_ms = 1000,
		.dont_fragment = dice(2) != 0,
		.continued = dice(2) != 0,
		.timeout_ms = TIMEOUT_MS};

	note("start %d\n", path_table_start(walk->table, &start, walk->now_ns) != NULL);
}

static void
tell(struct walk *walk)
{
	static const int32_t errors[] = {0, 0, 0, 101, 13};
	const struct message_probe_state state = {.id = 1 + dice(IDS),
		.running = dice(4) != 0,
		.method = (uint8_t)dice(3),
		.cycle = walk->sequence / 8,
		.error = errors[dice(UNIT_COUNT_OF(errors))],
		.text = text_of(dice(2) != 0 ? "by a test\033" : "")};

	path_on_state(walk->table, &state, walk->now_ns);
}

static void
probe(struct walk *walk)
{
	struct message_probe_sent *const sent = &walk->sent[++walk->sequence % SENT_MAX];

	*sent = (struct message_probe_sent){.id = 1 + dice(IDS),
		.sequence = walk->sequence,
		.cycle = walk->sequence / 8,
		.ttl = (uint8_t)(dice(20) == 0 ? dice(PATH_TTL_MAX + 2)
					       : 1 + dice(walk->routers + 2u)),
		.flow = (uint8_t)(dice(20) == 0 ? PATH_FLOWS_MAX - 1 + dice(2) : dice(walk->flows)),
		.size = (uint16_t)(dice(4) * 500),
		.error = dice(15) == 0 ? 1 : 0,
		.search = dice(12) == 0,
		.sent_ns = walk->now_ns};
	path_on_sent(walk->table, sent);
}

/* Mostly of a probe that was sent lately, by who would answer it. */
static void
reply(struct walk *walk)
{
	static const struct {
		uint8_t kind, type, code;
	} ends[] = {{PROBE_ANSWER_ECHO, 0, 0}, {PROBE_ANSWER_CONNECTED, 0, 0},
		{PROBE_ANSWER_REFUSED, 0, 0}, {PROBE_ANSWER_UDP, 0, 0}, {PROBE_ANSWER_ICMP, 3, 3},
		{PROBE_ANSWER_ICMP, 3, 13}, {PROBE_ANSWER_ICMP, 11, 0}},
	  errors[] = {{PROBE_ANSWER_ICMP, 3, 0}, {PROBE_ANSWER_ICMP, 3, 1},
		  {PROBE_ANSWER_ICMP, 3, 4}, {PROBE_ANSWER_ICMP, 3, 10}, {PROBE_ANSWER_ICMP, 1, 1},
		  {PROBE_ANSWER_ICMP, 1, 2}, {PROBE_ANSWER_ICMP, 2, 0}, {PROBE_ANSWER_ICMP, 4, 1}};
	const struct message_probe_sent *const sent =
		&walk->sent[(walk->sequence - dice(6)) % SENT_MAX];
	const bool is_end = sent->ttl > walk->routers;
	const unsigned which = dice(UNIT_COUNT_OF(ends)), error = dice(8);
	struct message_probe_answer answer = {.id = sent->id,
		.sequence = dice(20) == 0 ? walk->sequence + 5 : sent->sequence,
		.kind = PROBE_ANSWER_ICMP,
		.icmp_type = 11,
		.ttl = (uint8_t)(dice(5) == 0 ? 255 - sent->ttl : 64 - sent->ttl),
		.info = dice(3) * 700 + dice(2) * 65000,
		.kernel_stamp = dice(2) != 0,
		.received_ns = walk->now_ns + dice(3) * 700000,
		.from = is_end ? router(99, 0) : router(sent->ttl, dice(8) == 0 ? dice(12) : 0)};

	if (is_end) {
		answer.kind = ends[which].kind;
		answer.icmp_type = ends[which].type;
		answer.icmp_code = ends[which].code;
	} else if (dice(10) == 0) {
		answer.icmp_type = errors[error].type;
		answer.icmp_code = errors[error].code;
	}
	path_on_answer(walk->table, &answer);
	if (dice(15) == 0)
		path_on_answer(walk->table, &answer);
}

static void
pass(struct walk *walk)
{
	static const uint64_t waits_ms[] = {0, 1, 5, 5, 100, 999, 1000, 1001, 3000, 60000};

	walk->now_ns += waits_ms[dice(UNIT_COUNT_OF(waits_ms))] * MS;
	path_tick(walk->table, walk->now_ns);
}

static void
end(struct walk *walk)
{
	const uint32_t id = 1 + dice(IDS);

	if (dice(6) == 0)
		path_table_forget(walk->table, id);
	else if (dice(6) == 0)
		path_table_drain(walk->table, id);
}

/* -1: not known. */
static double
share(double number)
{
	return isnan(number) ? -1 : number;
}

static void
note_hop(const struct hop *hop)
{
	note(" %u: %u %u %u %u %u %u %u refused %u best %" PRIu64 " worst %" PRIu64 " last %" PRIu64
	     " mean %.1f jitter %.1f",
		hop->ttl, hop->sent, hop->received, hop->late, hop->pending, hop->unsent,
		hop->errors, hop->timed, hop->addresses_refused, hop->best_us, hop->worst_us,
		hop->last_us, hop->mean_us, hop->jitter_us);
	note(" %u %u/%u mtu %u verdict %u%s%s loss %.3f %.3f answer %u history %u %d",
		hop->reply_ttl, hop->error_type, hop->error_code, hop->mtu, hop->verdict,
		hop->balanced ? " balanced" : "", hop->target ? " target" : "", share(hop->loss),
		share(hop->link_loss), hop->answer, hop->history_next, (int)hop->history_us[0]);
	for (unsigned i = 0; i < hop->address_count; i++)
		note(" %u.%u:%u/%x", hop->addresses[i].address.bytes[13],
			hop->addresses[i].address.bytes[14], hop->addresses[i].received,
			hop->addresses[i].flows);
	note("\n");
}

static void
note_path(const struct path *path)
{
	char words[512];

	note("path %u: %u hops%s%s%s method %u cycle %u error %d \"%s\" \"%s\" changes %u "
	     "back %u mtu %u passed %u unknown %" PRIu64 " unsent %" PRIu64 " %d%s full %d\n",
		path->id, path->hop_count, path->ended ? " ended" : "",
		path->reached ? " reached" : "", path->running ? " running" : "", path->method,
		path->cycle, path->error, path->text, path->reason, path->change_count,
		path->reply_hops, path->mtu, path->passed_size, path->unknown_answers,
		path->send_errors, path->send_error, path->is_blocked ? " blocked" : "",
		path->full_ns != 0);
	for (unsigned i = 0; i < path->hop_count + 1u && i < PATH_TTL_MAX; i++)
		note_hop(&path->hops[i]);
	for (unsigned i = 0; i < PATH_NOTE_COUNT; i++)
		if (path_note(path, (enum path_note)i, words, sizeof words) != 0)
			note(" %s\n", words);
	path_verdict(path, words, sizeof words);
	note(" %s\n", words);
}

static void
note_all(struct walk *walk)
{
	for (size_t i = 0; path_table_at(walk->table, i) != NULL; i++)
		note_path(path_table_at(walk->table, i));
}

static void
take_walk(unsigned number, struct buffer *out)
{
	static void (*const acts[])(struct walk *) = {probe, probe, probe, probe, probe, probe,
		reply, reply, reply, reply, reply, pass, end, tell};
	struct walk walk = {.table = path_table_new(ROOM),
		.now_ns = UINT64_C(1000000000000),
		.routers = (uint8_t)(1 + number % 5),
		.flows = (uint8_t)(1 + number % 3)};

	(void)out;
	assert_non_null(walk.table);
	start(&walk);
	for (unsigned i = 0; i < STEPS; i++) {
		if (dice(40) == 0)
			start(&walk);
		acts[dice(UNIT_COUNT_OF(acts))](&walk);
		if (i % 25 == 24)
			note_all(&walk);
	}
	path_table_free(walk.table);
}

static void
test_walks(void **state)
{
	(void)state;
	random_walks("path-walks", WALKS, 15, take_walk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
