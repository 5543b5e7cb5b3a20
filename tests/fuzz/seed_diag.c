/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the inputs of fuzz_diag into the directory given: a few snapshots of a small box, the same
 * with a collector that is started again, and each message alone. To be run by hand when the format
 * changes.
 */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/stream/losses.h>

#include "../unit/feed.h"

struct seed {
	FILE *file;
	uint8_t wait; /* before the next record */
};

static struct seed
seed_open(const char *directory, const char *name)
{
	char path[4096];
	struct seed seed = {0};

	snprintf(path, sizeof path, "%s/%s", directory, name);
	seed.file = fopen(path, "wb");
	if (seed.file == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return seed;
}

static void
put(struct seed *seed, uint8_t kind, const void *data, size_t len)
{
	const uint8_t header[4] = {kind, seed->wait, len & 0xff, (uint8_t)(len >> 8)};

	fwrite(header, 1, sizeof header, seed->file);
	fwrite(data, 1, len, seed->file);
	seed->wait = 0;
}

static void
put_message(struct seed *seed, enum message_type type, const void *body)
{
	struct buffer buffer;

	buffer_init(&buffer, 0);
	if (message_encode(type, body, &buffer) != 0)
		abort();
	put(seed, 1, buffer.data, buffer.len);
	buffer_fini(&buffer);
}

static void
put_begin(struct seed *seed, uint8_t protocols, uint8_t full, uint64_t seconds)
{
	put_message(seed, MESSAGE_SNAPSHOT_BEGIN, &(struct message_snapshot_begin){.sequence = 1});
	put_message(seed, MESSAGE_DUMP_BEGIN,
		&(struct message_dump_begin){.netns = 1,
			.protocols = protocols,
			.full = full,
			.monotonic_ns = seconds * 1000000000});
}

static void
put_end(struct seed *seed, uint8_t protocols)
{
	put_message(seed, MESSAGE_DUMP_END,
		&(struct message_dump_end){
			.netns = 1, .protocols = protocols, .complete = 1, .listed = 3});
	put_message(seed, MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){.sequence = 1});
}

static void
put_socket(struct seed *seed, const struct feed_socket *socket)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];

	put(seed, 0, message, feed_build(socket, message));
}

static void
put_hello(struct seed *seed, const char *host)
{
	put_message(seed, MESSAGE_HELLO,
		&(struct message_hello){.format = MESSAGE_FORMAT, .host = text_of(host)});
	put_message(seed, MESSAGE_NETNS, &(struct message_netns){.id = 1, .inode = 5});
}

static void
put_owners(struct seed *seed)
{
	const uint64_t pairs[] = {UINT64_C(50) << 32 | 3, UINT64_C(51) << 32 | 4};

	put_message(seed, MESSAGE_OWNERS, &(struct message_owners){.pid = 8, .held = {pairs, 2}});
	put_message(seed, MESSAGE_PROCESS,
		&(struct message_process){
			.pid = 8, .start_ticks = 4, .comm = text_of("a"), .cmdline = {"a\0b", 4}});
	put_message(
		seed, MESSAGE_OWNERS, &(struct message_owners){.pid = 8, .released = {pairs, 1}});
}

static const uint32_t memory[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static void
put_snapshots(struct seed *seed)
{
	struct feed_socket first = {.cookie = 1,
		.state = 1,
		.local = "10.0.0.1",
		.local_port = 80,
		.inode = 50,
		.info_len = 280,
		.congestion = "bbr",
		.memory = memory,
		.cgroup = 9};
	struct feed_socket second = {.cookie = 2,
		.family = AF_INET6,
		.state = 10,
		.local = "::1",
		.inode = 51,
		.ulp = "mptcp",
		.mark = 3};
	const struct feed_socket rest = {
		.cookie = 3, .state = 6, .local = "10.0.0.1", .local_port = 80, .bare = true};
	const uint64_t gone[] = {1, 2};

	put_begin(seed, PROTOCOL_TCP, 1, 1);
	put_socket(seed, &first);
	put_socket(seed, &second);
	put_end(seed, PROTOCOL_TCP);
	put_owners(seed);
	seed->wait = 10;
	first.state = 5;
	first.info.tcpi_bytes_received = 1000;
	put_begin(seed, PROTOCOL_TCP, 0, 2);
	put_socket(seed, &first);
	put_end(seed, PROTOCOL_TCP);
	put_message(seed, MESSAGE_CGROUP, &(struct message_cgroup){.id = 9, .path = text_of("/x")});
	seed->wait = 10;
	put_begin(seed, PROTOCOL_TCP, 0, 3);
	put_socket(seed, &rest);
	put_message(seed, MESSAGE_GONE, &(struct message_gone){.netns = 1, .cookies = {gone, 2}});
	put_end(seed, PROTOCOL_TCP);
	put_begin(seed, PROTOCOL_UDP, 1, 3);
	put_socket(seed, &(struct feed_socket){.cookie = 4, .state = 7, .inode = 52});
	put_end(seed, PROTOCOL_UDP);
}

/* A connection that no dump listed ended, and its opener is reported after that; another's before.
 */
static void
put_callers(struct seed *seed)
{
	const struct feed_socket listener = {
		.cookie = 1, .state = 10, .local_port = 80, .inode = 50};
	struct feed_socket gone = {.cookie = 2,
		.state = 7,
		.local = "10.0.0.1",
		.remote = "10.0.0.2",
		.local_port = 40000,
		.remote_port = 443,
		.protocol = IPPROTO_TCP,
		.info_len = 280};
	struct caller callers[] = {
		{.local = address_from_v4((const uint8_t[]){10, 0, 0, 1}),
			.remote = address_from_v4((const uint8_t[]){10, 0, 0, 2}),
			.local_port = 40000,
			.remote_port = 443,
			.netns = 1,
			.pid = 4711,
			.comm = "curl"},
		{.pid = 0}};

	callers[1] = callers[0];
	callers[1].local_port++;
	memset(callers[1].comm, 'x', sizeof callers[1].comm);
	put_begin(seed, PROTOCOL_TCP, 1, 1);
	put_socket(seed, &listener);
	put_end(seed, PROTOCOL_TCP);
	put_message(seed, MESSAGE_CALLERS_STATE,
		&(struct message_callers_state){
			.error = 1, .text = text_of("no right"), .reported = 2});
	put_socket(seed, &gone);
	put_message(seed, MESSAGE_CALLERS, &(struct message_callers){.callers = {callers, 2}});
	gone.cookie++;
	gone.local_port++;
	put_socket(seed, &gone);
	callers[1].pid = 0;
	put_message(seed, MESSAGE_CALLERS, &(struct message_callers){.callers = {callers, 2}});
	put_message(seed, MESSAGE_LOSS, &(struct message_loss){.what = LOSS_CALLERS, .count = 3});
}

static void
put_names(struct seed *seed)
{
	const uint32_t pids[] = {8, 9};

	put_message(seed, MESSAGE_USER, &(struct message_user){.uid = 3, .name = text_of("u")});
	put_message(seed, MESSAGE_LINK,
		&(struct message_link){.netns = 1, .ifindex = 2, .name = text_of("lo")});
	put_message(seed, MESSAGE_COUNTERS,
		&(struct message_counters){.netns = 1,
			.source = COUNTER_SNMP,
			.monotonic_ns = 1,
			.text = text_of("Tcp: InSegs OutSegs\nTcp: 5 6\n")});
	put_message(seed, MESSAGE_COUNTERS,
		&(struct message_counters){.netns = 1,
			.source = COUNTER_SOCKSTAT,
			.monotonic_ns = 2,
			.text = text_of("TCP: inuse 5 tw 6\n")});
	put_message(seed, MESSAGE_NOTICE, &(struct message_notice){.text = text_of("n")});
	put_message(seed, MESSAGE_LOSS, &(struct message_loss){.what = 1, .count = 3});
	put_message(seed, MESSAGE_RESULT, &(struct message_result){.text = text_of("r")});
	put_message(seed, MESSAGE_PROCESS_GONE, &(struct message_process_gone){.pids = {pids, 2}});
	put_message(seed, MESSAGE_NETNS, &(struct message_netns){.id = 1, .inode = 5, .gone = 1});
}

int
main(int argc, char **argv)
{
	struct seed seed;

	if (argc != 2) {
		fprintf(stderr, "usage: seed_diag DIRECTORY\n");
		return EXIT_FAILURE;
	}
	seed = seed_open(argv[1], "snapshots");
	put_hello(&seed, "box");
	put_snapshots(&seed);
	fclose(seed.file);
	seed = seed_open(argv[1], "restart");
	put_hello(&seed, "box");
	put_snapshots(&seed);
	put_hello(&seed, "box");
	put_snapshots(&seed);
	put_hello(&seed, "other");
	fclose(seed.file);
	seed = seed_open(argv[1], "callers");
	put_hello(&seed, "box");
	put_callers(&seed);
	fclose(seed.file);
	seed = seed_open(argv[1], "names");
	put_owners(&seed);
	put_names(&seed);
	fclose(seed.file);
	return EXIT_SUCCESS;
}
