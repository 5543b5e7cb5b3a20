/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes inputs of fuzz_orders and fuzz_recording into the directories given. To be run by hand
 * when a message of theirs changes.
 */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sockwatch/stream/cutter.h>
#include <sockwatch/stream/needs.h>

enum { OUTCOMES = 63 };

static const struct subscription_condition conditions[] = {
	{.clause = 1, .kind = CONDITION_LOCAL_PORT, .low = 22, .high = 22},
	{.clause = 1, .kind = CONDITION_REMOTE_PORT, .low = 0, .high = 1023},
	{.clause = 2,
		.kind = CONDITION_REMOTE_ADDRESS,
		.prefix = 120,
		.address = {[10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2}},
	{.clause = 3,
		.kind = CONDITION_LOCAL_ADDRESS,
		.prefix = 32,
		.address = {0x20, 1, 0xd, 0xb8}},
};

static const struct message_subscription subscription = {
	.needs = NEED_TCP_INFO | NEED_OWNERS,
	.interval_ms = 1000,
	.protocols = PROTOCOL_TCP | PROTOCOL_UDP,
	.families = FAMILY_V4 | FAMILY_V6,
	.states = 0x3fff,
	.netns_mode = SUBSCRIPTION_NETNS_NAMED,
	.netns = {"blue", 4},
	.conditions = {.data = conditions, .count = sizeof conditions / sizeof *conditions},
	.capture_interface = {"lo", 2},
	.key = 1,
};

static void
save(const struct buffer *bytes, const char *directory, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	file = fopen(path, "wbe");
	if (bytes->failed || file == NULL ||
		fwrite(bytes->data, 1, bytes->len, file) != bytes->len || fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

static void
add_order(struct buffer *out, enum message_type type, const void *body)
{
	struct buffer message;

	buffer_init(&message, 0);
	if (message_encode(type, body, &message) != 0)
		exit(EXIT_FAILURE);
	buffer_append_char(out, (char)(message.len & 0xff));
	buffer_append_char(out, (char)(message.len >> 8));
	buffer_append(out, message.data, message.len);
	buffer_fini(&message);
}

/* Each outcome that fuzz_orders makes up, by the number of the request. */
static void
write_outcomes(const char *directory)
{
	static const uint32_t signals[] = {SIGTERM, SIGHUP, SIGINT, SIGKILL, SIGSTOP};
	struct buffer out;

	buffer_init(&out, 0);
	for (uint32_t i = 0; i < OUTCOMES; i++)
		add_order(&out, MESSAGE_SIGNAL,
			&(struct message_signal){.request = i,
				.pid = 100 + i,
				.signal = signals[i % 5],
				.inode = 7});
	save(&out, directory, "outcomes-signal");
	buffer_clear(&out);
	for (uint32_t i = 0; i < OUTCOMES / 2; i++)
		add_order(&out, MESSAGE_DESTROY,
			&(struct message_destroy){
				.request = i, .cookie = 7, .pid = i % 2, .netns = 1 + i % 3 / 2});
	for (uint32_t i = 0; i < OUTCOMES / 2; i++)
		add_order(&out, MESSAGE_VERIFY, &(struct message_verify){.request = i, .inode = 7});
	save(&out, directory, "outcomes-close");
	/* Read-only: an odd number of bytes. */
	buffer_append_char(&out, 'x');
	if (out.len % 2 == 0)
		buffer_append_char(&out, 'x');
	save(&out, directory, "read-only");
	buffer_fini(&out);
}

static void
write_orders(const char *directory)
{
	struct message_subscription other = subscription;
	struct message_signal order = {.request = 1, .pid = 2, .signal = SIGTERM, .inode = 3};
	struct buffer out;

	buffer_init(&out, 0);
	add_order(&out, MESSAGE_SUBSCRIPTION, &subscription);
	other.conditions.count = 2;
	other.netns_mode = SUBSCRIPTION_NETNS_ALL;
	other.protocols = PROTOCOL_UDP;
	other.once = 1;
	add_order(&out, MESSAGE_SUBSCRIPTION, &other);
	save(&out, directory, "subscriptions");
	buffer_clear(&out);
	add_order(&out, MESSAGE_SIGNAL, &order);
	order.pid = 1;
	add_order(&out, MESSAGE_SIGNAL, &order);
	order.signal = 64;
	add_order(&out, MESSAGE_SIGNAL, &order);
	order = (struct message_signal){.request = 2, .pid = 2, .signal = SIGHUP};
	add_order(&out, MESSAGE_SIGNAL, &order);
	add_order(&out, MESSAGE_VERIFY, &(struct message_verify){.request = 3, .inode = 3});
	save(&out, directory, "signals");
	buffer_clear(&out);
	add_order(&out, MESSAGE_DESTROY,
		&(struct message_destroy){.request = 4, .cookie = UINT64_MAX});
	for (uint32_t i = 0; i < 60; i++)
		add_order(&out, MESSAGE_DESTROY,
			&(struct message_destroy){
				.request = i, .cookie = 7, .pid = i % 2, .netns = 1});
	save(&out, directory, "closes");
	buffer_fini(&out);
}

static void
add(struct buffer *out, uint64_t second, enum message_type type, const void *body)
{
	if (stream_append_message(out, second * 1000000000, type, body) != 0)
		exit(EXIT_FAILURE);
}

static void
add_refresh(struct buffer *out, uint64_t second, bool key)
{
	const struct message_snapshot_begin begin = {.sequence = (uint32_t)second};
	const struct message_dump_begin dump = {.netns = 1, .protocols = PROTOCOL_TCP, .full = 1};
	const struct message_dump_end dump_end = {
		.netns = 1, .protocols = PROTOCOL_TCP, .listed = 2, .complete = 1};
	const struct message_snapshot_end end = {.sequence = (uint32_t)second, .key = key};

	if (key)
		add(out, second, MESSAGE_HELLO,
			&(struct message_hello){.format = MESSAGE_FORMAT, .again = second > 1});
	add(out, second, MESSAGE_SNAPSHOT_BEGIN, &begin);
	add(out, second, MESSAGE_DUMP_BEGIN, &dump);
	add(out, second, MESSAGE_DUMP_END, &dump_end);
	add(out, second, MESSAGE_SNAPSHOT_END, &end);
}

static void
write_recordings(const char *directory)
{
	uint8_t header[STREAM_HEADER_SIZE];
	uint64_t offsets[2], times[2] = {1000000000, 3000000000};
	const uint32_t sockets[2] = {2, 2};
	struct message_index index = {.offsets = {offsets, 2},
		.times = {times, 2},
		.sockets = {sockets, 2},
		.first_ns = 1000000000,
		.last_ns = 3000000000,
		.snapshots = 3,
		.size = UINT32_MAX};
	struct buffer out;
	size_t before;

	buffer_init(&out, 0);
	stream_header_fill(header);
	buffer_append(&out, header, sizeof header);
	save(&out, directory, "empty");
	offsets[0] = out.len;
	add_refresh(&out, 1, true);
	add_refresh(&out, 2, false);
	offsets[1] = out.len;
	add_refresh(&out, 3, true);
	save(&out, directory, "no-index");
	before = out.len;
	add(&out, 3, MESSAGE_INDEX, &index);
	index.size = (uint32_t)(out.len - before);
	out.len = before;
	add(&out, 3, MESSAGE_INDEX, &index);
	save(&out, directory, "whole");
	out.len -= 7;
	save(&out, directory, "cut");
	buffer_fini(&out);
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s DIRECTORY_OF_ORDERS DIRECTORY_OF_RECORDINGS\n", argv[0]);
		return EXIT_FAILURE;
	}
	write_orders(argv[1]);
	write_outcomes(argv[1]);
	write_recordings(argv[2]);
	return EXIT_SUCCESS;
}
