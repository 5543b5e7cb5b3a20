/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walks along the edges: segments whose numbers, times and lengths stand at a bound or one
 * beside it, between a few ends, in a wire that has room for fewer conversations than there are;
 * sockets are noted in between, and time goes by. Whatever is made of each segment is noted
 * (random_walk.h).
 */
#include <config.h>

#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

#include "random_walk.h"
#include "segments.h"

enum { WALKS = 900, STEPS = 40, ENDS = 4, EDGES = 10 };

/* A pair of ends, and what each has sent. */
struct pair {
	uint32_t isn[2], next[2], acked[2], stamp[2];
	uint16_t ip_id[2];
};

/*
 * Ours comes before that of libc: the secret of the hash tables, which decides what a full one
 * forgets, is the same each time.
 */
ssize_t
getrandom(void *bytes, size_t len, unsigned flags)
{
	(void)flags;
	memset(bytes, 7, len);
	return (ssize_t)len;
}

struct walk {
	struct wire *wire;
	struct pair pairs[ENDS];
	uint64_t now_ns, events;
	unsigned ends;
};

/* A sequence number of a side: where something begins or ends, one before, one after. */
static uint32_t
edge(const struct pair *pair, unsigned side, uint32_t len)
{
	const uint32_t edges[EDGES] = {pair->isn[side], pair->isn[side] + 1, pair->next[side],
		pair->next[side], pair->next[side], pair->next[side] - len, pair->acked[side ^ 1],
		pair->next[side] + len, pair->next[side] + 1448, pair->next[side] - 1448};
	const unsigned off = dice(8);

	return edges[dice(EDGES)] + (off == 0) - (off == 1);
}

static uint16_t
random_flags(void)
{
	static const uint16_t flags[] = {S, S | A, A, A, A, A, A, A, A, A, A, P | A, P | A, P | A,
		P | A, P | A, P | A, F | A, F | A, R, R | A, U | A, SEGMENT_ECE | SEGMENT_CWR | S};
	static const uint16_t seldom[] = {0, F, S | F, S | R, F | P | U};

	if (dice(60) == 0)
		return seldom[dice(UNIT_COUNT_OF(seldom))];
	return flags[dice(UNIT_COUNT_OF(flags))];
}

static void
add_option(struct segment *segment, const void *bytes, size_t len)
{
	memcpy(segment->options + segment->option_len, bytes, len);
	segment->option_len = (uint8_t)(segment->option_len + len);
}

static void
add_32(struct segment *segment, uint32_t number)
{
	const uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number};

	add_option(segment, bytes, sizeof bytes);
}

static void
add_options(struct pair *pair, unsigned side, struct segment *segment)
{
	const unsigned which = dice(6);

	if ((segment->flags & S) != 0 && which != 0)
		add_option(
			segment, which % 2 != 0 ? "\2\4\5\264\1\3\3\7" : "\2\4\5\264\1\3\3\0", 8);
	if (which >= 2) {
		pair->stamp[side] += dice(3);
		add_option(segment, "\1\1\10\12", 4);
		add_32(segment, pair->stamp[side]);
		add_32(segment, pair->stamp[side ^ 1] - dice(2));
	}
	if (which == 5 && (segment->flags & S) == 0) {
		add_option(segment, "\1\1\5\12", 4);
		add_32(segment, edge(pair, side ^ 1, 0));
		add_32(segment, edge(pair, side ^ 1, 100));
	}
	if (which == 4 && (segment->flags & S) != 0)
		add_option(segment, "\42\2", 2);
	segment->data_offset = (uint8_t)(20 + (segment->option_len + 3) / 4 * 4);
}

static struct segment
random_segment(struct walk *walk, unsigned number, unsigned side)
{
	static const uint32_t lengths[] = {0, 0, 0, 0, 1, 1, 2, 100, 1448, 1449, 3000};
	static const char *const locals[ENDS] = {"192.0.2.1", "192.0.2.1", "fe80::1", "127.0.0.1"};
	static const char *const remotes[ENDS] = {
		"198.51.100.2", "198.51.100.2", "fe80::2", "127.0.0.1"};
	struct pair *const pair = &walk->pairs[number];
	struct segment segment = {.time_ns = walk->now_ns,
		.family = number == 2 ? AF_INET6 : AF_INET,
		.flags = random_flags(),
		.window = (uint16_t)(dice(5) == 0 ? 0 : 500 + dice(2)),
		.ifindex = dice(12) == 0 ? 3 : 2,
		.ttl = 64,
		.direction = (uint8_t)(dice(9) == 0 ? dice(3)
				       : side == 0  ? SEGMENT_OUT
						    : SEGMENT_IN)};
	const char *const ends[2] = {locals[number], remotes[number]};

	assert_int_equal(address_parse(ends[side], strlen(ends[side]), &segment.source, NULL), 0);
	assert_int_equal(
		address_parse(ends[side ^ 1], strlen(ends[side ^ 1]), &segment.destination, NULL),
		0);
	segment.source_port = (uint16_t)(side == 0 ? CLIENT_PORT + number : SERVER_PORT);
	segment.destination_port = (uint16_t)(side == 0 ? SERVER_PORT : CLIENT_PORT + number);
	if ((segment.flags & (S | R)) == 0 || dice(10) == 0)
		segment.len = lengths[dice(UNIT_COUNT_OF(lengths))];
	segment.seq = (segment.flags & S) != 0 && dice(4) != 0 ? pair->isn[side]
							       : edge(pair, side, segment.len);
	segment.ack = (segment.flags & A) == 0 ? 0
		      : dice(2) == 0           ? pair->next[side ^ 1]
					       : edge(pair, side ^ 1, 100);
	segment.ip_id = dice(8) == 0 ? 0 : (pair->ip_id[side] += dice(3) != 0);
	add_options(pair, side, &segment);
	return segment;
}

static void
follow(struct walk *walk, unsigned number, unsigned side, const struct segment *segment)
{
	struct pair *const pair = &walk->pairs[number];
	const uint32_t end =
		segment->seq + segment->len + ((segment->flags & (S | F)) != 0 ? 1 : 0);

	if ((int32_t)(end - pair->next[side]) > 0 && (int32_t)(end - pair->next[side]) < 5000)
		pair->next[side] = end;
	if ((segment->flags & A) != 0)
		pair->acked[side] = segment->ack;
}

static void
note_event(const struct event *event)
{
	note("%s %u %u \"%s\" %d %u %u, %u %u us\n", event_kind_name((enum event_kind)event->kind),
		event->conversation, event->side, event->words, event->relative,
		event->relative_seq, event->relative_ack, event->syn_ack_us, event->ack_us);
}

static uint64_t
since(uint64_t ns)
{
	return ns == 0 ? 0 : ns - segments_epoch_ns;
}

static void
note_side(const struct conversation *conversation, unsigned side)
{
	const struct conversation_side *const half = &conversation->side[side];

	note("  %s next %u acked %u bytes %" PRIu64 " again %u/%u/%u undecided %u wscale %u",
		tcp_state_name((enum tcp_state)half->state), half->next - half->isn,
		half->acked - half->isn, half->bytes, half->retransmits, half->syn_retransmits,
		half->fin_retransmits, half->undecided, half->wscale);
	note(" %d%d%d%d%d%d%d%d%d%d zero %d same %u segments %u path", half->isn_known, half->fin,
		half->fin_acked, half->numbered, half->ack_known, half->data, half->syn_ack,
		half->rst, half->hears, half->before_start, half->zero_ns != 0, half->same_acks,
		half->segments);
	for (unsigned i = 0; i < conversation->path_len[side]; i++)
		note(" %u@%" PRIu64, conversation->path[i][side],
			since(conversation->path_ns[i][side]));
	note("\n");
}

static void
note_conversation(const struct conversation *conversation)
{
	char outcome[64], side[64];
	uint64_t network_us = 0, ack_us = 0;
	const bool is_timed = conversation_handshake(conversation, &network_us, &ack_us);

	(void)conversation_format_outcome(conversation, outcome, sizeof outcome);
	(void)conversation_format_side(conversation, conversation->ended_by, side, sizeof side);
	note(" %u %s by %s, local %u, first FIN %u, handshake %d %" PRIu64 " %" PRIu64 "\n",
		conversation->port[0], outcome, side, conversation->local_side,
		conversation->first_fin, is_timed, network_us, ack_us);
	note("  %d%d%d%d%d%d half %d pending %u given up %d owner %u times",
		conversation->established, conversation->simultaneous, conversation->both_closed,
		conversation->mid_stream, conversation->fast_open, conversation->full,
		conversation->half_open, conversation->pending_side,
		conversation_is_given_up(conversation), conversation->owner[0].pid);
	note(" %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		since(conversation->syn_ns), since(conversation->answered_ns),
		since(conversation->syn_ack_ns), since(conversation->established_ns),
		since(conversation->fin_ns), since(conversation->ended_ns));
	note_side(conversation, 0);
	note_side(conversation, 1);
}

static void
note_all(struct walk *walk)
{
	const struct wire_counts *const counts = wire_counts(walk->wire);

	for (uint32_t slot = 0; slot < wire_slots(walk->wire); slot++)
		if (wire_slot(walk->wire, slot) != NULL)
			note_conversation(wire_slot(walk->wire, slot));
	note("counts %u %u %u %u %u %u %u, %u and %u evicted\n", (unsigned)counts->segments,
		(unsigned)counts->duplicates, (unsigned)counts->syn, (unsigned)counts->syn_ack,
		(unsigned)counts->fin, (unsigned)counts->rst, (unsigned)counts->data,
		(unsigned)counts->evicted_half_open, (unsigned)counts->evicted);
}

/* What the table of sockets may know of one end. */
static void
note_socket(struct walk *walk, const struct segment *segment)
{
	static const enum tcp_state states[] = {TCP_STATE_ESTABLISHED, TCP_STATE_SYN_SENT,
		TCP_STATE_SYN_RECEIVED, TCP_STATE_FIN_WAIT_1, TCP_STATE_FIN_WAIT_2,
		TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, TCP_STATE_TIME_WAIT, TCP_STATE_CLOSED};
	const struct wire_socket socket = {.local = segment->source,
		.remote = segment->destination,
		.local_port = segment->source_port,
		.remote_port = segment->destination_port,
		.ifindex = segment->family == AF_INET6 ? segment->ifindex : 0,
		.socket = dice(3),
		.cookie = 1 + dice(2),
		.seen_ns = walk->now_ns - dice(2) * UINT64_C(300000000),
		.born_ns = dice(2) != 0 ? walk->now_ns - UINT64_C(2000000000) : 0,
		.state = states[dice(UNIT_COUNT_OF(states))],
		.pid = dice(3) != 0 ? 7 : 0,
		.comm = dice(2) != 0 ? "walker" : NULL,
		.destroyed = dice(5) == 0};

	wire_note_socket(walk->wire, &socket);
}

static void
transmit(struct walk *walk, unsigned number, unsigned side, const struct segment *segment)
{
	wire_segment(walk->wire, segment);
	follow(walk, number, side, segment);
	while (walk->events < wire_event_end(walk->wire)) {
		const struct event *const event = wire_event(walk->wire, walk->events++);

		if (event != NULL)
			note_event(event);
	}
}

static void
step(struct walk *walk)
{
	static const uint64_t waits_us[] = {
		0, 1, 10, 10, 100, 500, 500, 2000, 20000, 200000, 250000, 999999, 1000000, 3000000};
	static const uint64_t seldom_us[] = {
		7000000, 59999999, 60000000, 60000001, 61000000, 600000000, 601000000};
	const unsigned number = dice(walk->ends), side = dice(2);
	struct segment segment;

	walk->now_ns += dice(40) == 0 ? seldom_us[dice(UNIT_COUNT_OF(seldom_us))] * 1000
				      : waits_us[dice(UNIT_COUNT_OF(waits_us))] * 1000;
	segment = random_segment(walk, number, side);
	transmit(walk, number, side, &segment);
	if (dice(10) == 0)
		wire_segment(walk->wire, &segment);
	if (dice(12) == 0)
		note_socket(walk, &segment);
	if (dice(8) == 0)
		wire_tick(walk->wire, walk->now_ns);
}

/* Opens one as it should be, so that what follows comes into an open connection. */
static void
open_one(struct walk *walk, unsigned number)
{
	static const uint16_t flags[] = {S, S | A, A};

	for (unsigned i = 0; i < 3; i++) {
		const unsigned side = i % 2;
		struct pair *const pair = &walk->pairs[number];
		struct segment segment = random_segment(walk, number, side);

		segment.flags = flags[i];
		segment.seq = pair->next[side];
		segment.ack = i != 0 ? pair->next[side ^ 1] : 0;
		segment.len = segment.option_len = 0;
		segment.direction = side == 0 ? SEGMENT_OUT : SEGMENT_IN;
		segment.ifindex = 2;
		add_options(pair, side, &segment);
		walk->now_ns += 10000000;
		transmit(walk, number, side, &segment);
	}
}

static void
take_walk(unsigned number, struct buffer *out)
{
	/* What is folded depends on hashes, and these on a secret. */
	static const struct wire_options rooms[] = {
		{.conversations = 64, .half_open = 16, .events = 64, .fold_above = UINT32_MAX},
		{.conversations = 3, .half_open = 2, .events = 8, .fold_above = UINT32_MAX},
		{.conversations = 2, .half_open = 1, .events = 2, .fold_above = UINT32_MAX},
	};
	struct walk walk = {.wire = wire_new(&rooms[number % UNIT_COUNT_OF(rooms)]),
		.now_ns = segments_epoch_ns + UINT64_C(5000000000),
		.ends = 1 + number / 2 % ENDS};

	assert_non_null(walk.wire);
	for (unsigned i = 0; i < ENDS; i++)
		for (unsigned side = 0; side < 2; side++) {
			walk.pairs[i].isn[side] = isns[side] + i * 1000;
			walk.pairs[i].next[side] = walk.pairs[i].isn[side];
			walk.pairs[i].acked[side ^ 1] = walk.pairs[i].isn[side] + 1;
			walk.pairs[i].stamp[side] = 1000 * (side + 1);
			walk.pairs[i].ip_id[side] = (uint16_t)(100 * i);
		}
	for (unsigned i = 0; i < walk.ends && number % 5 != 0; i++)
		open_one(&walk, i);
	for (unsigned i = 0; i < STEPS; i++) {
		step(&walk);
		if (i % 10 == 9)
			note_all(&walk);
	}
	wire_tick(walk.wire, walk.now_ns + UINT64_C(62000000000));
	note_all(&walk);
	buffer_append_format(out, " %" PRIu64 " events", walk.events);
	wire_free(walk.wire);
}

static void
test_walks(void **state)
{
	(void)state;
	random_walks("wire-walks", WALKS, 3, take_walk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
