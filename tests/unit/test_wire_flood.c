/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single SYNs of a flood, and what they leave alone: src/model/wire/wire_syns.c. */
#include <config.h>

#include "model/wire/wire_input.h"
#include "unit.h"

#include <sockwatch/model/socket.h>

#include "segments.h"

static const struct wire_options flooded = {
	.conversations = 4096, .half_open = 1024, .events = 64, .fold_above = 20};

static void
flood(struct wire *wire, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct segment segment = unconfirmed(first + i);

		segment.destination_port = 81;
		segment.time_ns += (first + i) * UINT64_C(1600);
		wire_segment(wire, &segment);
	}
}

static struct conversation *
find_syn(struct wire *wire, const struct segment *syn)
{
	return wire_find(wire, 0, 0, &syn->source, syn->source_port, &syn->destination,
		syn->destination_port);
}

/* SYNs that nobody answers push out only each other; answered ones among them are kept. */
static void
test_unanswered_flood(void **state)
{
	struct wire *const wire = wire_new(&flooded);
	struct segment syn = unconfirmed(70000), other;
	uint64_t network_us, ack_us;
	uint32_t slots;

	(void)state;
	play(wire, handshake, 2); /* what is not yet confirmed stays too */
	flood(wire, 100, 1000);
	slots = wire_slots(wire);
	assert_int_equal(slots, 22); /* until they were too many */
	flood(wire, 2000, 60000);
	assert_int_equal(wire_slots(wire), slots);
	assert_true(find(wire)->half_open);
	assert_int_equal(wire_counts(wire)->syn, 61001);
	/* A client among them. */
	syn.destination_port = 81;
	syn.time_ns += 99500000;
	wire_segment(wire, &syn);
	assert_null(find_syn(wire, &syn));
	other = answer(&syn);
	other.time_ns = syn.time_ns + 250000;
	wire_segment(wire, &other);
	assert_non_null(find_syn(wire, &syn));
	assert_true(conversation_handshake(find_syn(wire, &syn), &network_us, &ack_us));
	assert_int_equal(network_us, 250);
	assert_int_equal(find_syn(wire, &syn)->local_side, 1);
	assert_int_equal(wire_slots(wire), slots + 1);
	assert_int_equal(wire_counts(wire)->syn, 61002);
	assert_int_equal(wire_counts(wire)->syn_ack, 2);
	/* The same SYN at another interface, and another one of the same endpoints. */
	syn.source_port++;
	wire_segment(wire, &syn);
	syn.ifindex++;
	wire_segment(wire, &syn);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	assert_int_equal(wire_counts(wire)->syn, 61003);
	assert_int_equal(find_syn(wire, &syn)->side[0].segments, 1);
	wire_free(wire);
}

/* Another connection of the same endpoints before the first was answered; then its SYN again. */
static void
test_another_syn(void **state)
{
	struct wire *const wire = wire_new(&flooded);
	struct segment syn = unconfirmed(70000), other;
	uint64_t network_us, ack_us;

	(void)state;
	flood(wire, 100, 1000);
	syn.destination_port = 81;
	syn.time_ns += 2000000;
	wire_segment(wire, &syn);
	syn.seq += 100;
	syn.time_ns += 300000;
	wire_segment(wire, &syn);
	assert_null(find_syn(wire, &syn));
	assert_int_equal(wire_counts(wire)->syn, 1002);
	other = answer(&syn);
	other.time_ns = syn.time_ns + 250000;
	wire_segment(wire, &other);
	assert_true(conversation_handshake(find_syn(wire, &syn), &network_us, &ack_us));
	assert_int_equal(network_us, 250);
	assert_int_equal(find_syn(wire, &syn)->side[0].syn_retransmits, 0);
	/* The same SYN again is no other connection. */
	syn.source_port++;
	wire_segment(wire, &syn);
	syn.time_ns += 1000000;
	wire_segment(wire, &syn);
	assert_int_equal(find_syn(wire, &syn)->side[0].syn_retransmits, 1);
	assert_int_equal(wire_counts(wire)->syn, 1004);
	wire_free(wire);
}

/* A connection that the socket table has is not unconfirmed. */
static void
test_unanswered_syn_with_socket(void **state)
{
	struct wire *const wire = wire_new(&flooded);
	struct segment syn = unconfirmed(70000);
	struct wire_socket socket;

	(void)state;
	flood(wire, 100, 1000);
	syn.destination_port = 81;
	syn.time_ns += 2000000;
	wire_segment(wire, &syn);
	assert_null(find_syn(wire, &syn));
	socket = (struct wire_socket){
		.local = syn.destination,
		.remote = syn.source,
		.local_port = syn.destination_port,
		.remote_port = syn.source_port,
		.socket = 7,
		.seen_ns = syn.time_ns + 1000,
		.state = TCP_STATE_ESTABLISHED,
	};
	wire_note_socket(wire, &socket);
	assert_non_null(find_syn(wire, &syn));
	assert_int_equal(find_syn(wire, &syn)->syn_ns, syn.time_ns);
	assert_false(find_syn(wire, &syn)->half_open);
	wire_free(wire);
}

/* The index grows with its entries and finds all of them. */
static void
test_many_found(void **state)
{
	static const struct wire_options large = {
		.conversations = 40000, .half_open = 36000, .fold_above = UINT32_MAX};
	struct wire *const wire = wire_new(&large);

	(void)state;
	for (uint32_t i = 0; i < 36000; i++) {
		const struct segment syn = unconfirmed(i);

		wire_segment(wire, &syn);
		if (i % 1000 != 0)
			continue;
		for (uint32_t past = 0; past <= i; past += i > 4000 ? 97 : 1) {
			const struct segment earlier = unconfirmed(past);

			assert_non_null(find_syn(wire, &earlier));
		}
	}
	assert_int_equal(wire_counts(wire)->evicted_half_open, 0);
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unanswered_flood),
		cmocka_unit_test(test_another_syn),
		cmocka_unit_test(test_unanswered_syn_with_socket),
		cmocka_unit_test(test_many_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
