/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A viewer that somebody has taken over: writes requests to standard output, one for each line of
 * standard input, as `sockwatch collect` and the keeper read them:
 *
 *	subscribe NETNS [data] [tunnels]            all needs; NETNS: own, all, or a name; also all
 *	                                            segments, and what is in tunnels
 *	signal REQUEST PID START-TICKS INODE NUMBER
 *	destroy REQUEST NETNS FAMILY LOCAL PORT REMOTE PORT COOKIE   of TCP
 *	probe ID TARGET FLOWS TTL INTERVAL-MS BYTES
 *
 * With a FILE it prints what a collector answered to all that, a line each:
 *
 *	result REQUEST ERRNO SENTENCE
 *	probe ID ERRNO SENTENCE                     of one that cannot be probed
 *	notice SENTENCE
 *	loss KIND COUNT                             the last count of each kind
 *	packets A-SECOND BYTES-A-SECOND             the most probes that were sent in one second
 *	captured COUNT DROPPED CUT                  packets in the stream, and what the newest count
 *says namespace NAME
 */
#include <config.h>

#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>
#include <sockwatch/stream/stream.h>

#include "../program.h"

static struct address
address_of(const char *text)
{
	struct address address;

	check(address_parse(text, strlen(text), &address, NULL) == 0, text);
	return address;
}

static void
subscribe(struct stream_writer *writer, const char *rest)
{
	struct message_subscription message = {.needs = NEED_ALL, .interval_ms = 100};
	char netns[64];

	check(sscanf(rest, "%63s", netns) == 1, "subscribe NETNS");
	message.netns_mode = strcmp(netns, "own") == 0   ? SUBSCRIPTION_NETNS_OWN
			     : strcmp(netns, "all") == 0 ? SUBSCRIPTION_NETNS_ALL
							 : SUBSCRIPTION_NETNS_NAMED;
	message.capture_data = strstr(rest, " data") != NULL;
	if (message.capture_data)
		message.needs |= NEED_PACKETS;
	message.capture_tunnels = strstr(rest, " tunnels") != NULL;
	message.netns = text_of(message.netns_mode == SUBSCRIPTION_NETNS_NAMED ? netns : "");
	check(stream_write_message(writer, MESSAGE_SUBSCRIPTION, &message) == 0, "subscribe");
}

static void
order_signal(struct stream_writer *writer, const char *rest)
{
	struct message_signal message = {0};

	check(sscanf(rest, "%" SCNu32 " %" SCNu32 " %" SCNu64 " %" SCNu32 " %" SCNu32,
		      &message.request, &message.pid, &message.start_ticks, &message.inode,
		      &message.signal) == 5,
		"signal REQUEST PID START-TICKS INODE NUMBER");
	check(stream_write_message(writer, MESSAGE_SIGNAL, &message) == 0, "signal");
}

static void
destroy(struct stream_writer *writer, const char *rest)
{
	struct message_destroy message = {.protocol = IPPROTO_TCP};
	char local[64], remote[64];
	unsigned family;

	check(sscanf(rest, "%" SCNu32 " %" SCNu32 " %u %63s %" SCNu16 " %63s %" SCNu16 " %" SCNu64,
		      &message.request, &message.netns, &family, local, &message.local_port, remote,
		      &message.remote_port, &message.cookie) == 8,
		"destroy REQUEST NETNS FAMILY LOCAL PORT REMOTE PORT COOKIE");
	message.family = family == 4 ? AF_INET : AF_INET6;
	message.local = address_of(local);
	message.remote = address_of(remote);
	check(stream_write_message(writer, MESSAGE_DESTROY, &message) == 0, "destroy");
}

static void
probe(struct stream_writer *writer, const char *rest)
{
	struct message_probe_start message = {
		.netns = 1, .protocol = PROBE_PROTOCOL_UDP, .first_ttl = 1, .router_rate = 1000};
	unsigned flows, ttl;
	char target[64];

	check(sscanf(rest, "%" SCNu32 " %63s %u %u %" SCNu32 " %" SCNu16, &message.id, target,
		      &flows, &ttl, &message.interval_ms, &message.size) == 6,
		"probe ID TARGET FLOWS TTL INTERVAL-MS BYTES");
	message.target = address_of(target);
	message.flows = (uint8_t)flows;
	message.max_ttl = (uint8_t)ttl;
	check(stream_write_message(writer, MESSAGE_PROBE_START, &message) == 0, "probe");
}

static void
write_orders(void)
{
	static const struct {
		const char *word;
		void (*write)(struct stream_writer *writer, const char *rest);
	} orders[] = {
		{"subscribe", subscribe},
		{"signal", order_signal},
		{"destroy", destroy},
		{"probe", probe},
	};
	struct stream_writer *const writer = stream_writer_new(STDOUT_FILENO, 1024 * 1024);
	char line[256], word[16];

	check(writer != NULL, "stream_writer_new");
	while (fgets(line, sizeof line, stdin) != NULL) {
		check(sscanf(line, "%15s", word) == 1, line);
		for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
			if (strcmp(orders[i].word, word) == 0)
				orders[i].write(writer, line + strlen(word));
		}
		check(stream_flush(writer) == 0, "stream_flush");
	}
	stream_writer_free(writer);
}

/* The busiest second of the probes. */
struct seconds {
	uint64_t second, packets, bytes, most_packets, most_bytes;
};

static void
count_probe(struct seconds *seconds, const struct message_probe_sent *sent)
{
	const uint64_t second = sent->sent_ns / CLOCK_NS_PER_S;

	if (sent->error != 0)
		return;
	if (second != seconds->second)
		seconds->packets = seconds->bytes = 0;
	seconds->second = second;
	seconds->packets++;
	seconds->bytes += sent->size;
	if (seconds->packets > seconds->most_packets)
		seconds->most_packets = seconds->packets;
	if (seconds->bytes > seconds->most_bytes)
		seconds->most_bytes = seconds->bytes;
}

static void
print(const struct message *message, uint64_t losses[LOSS_COUNT], struct seconds *seconds)
{
	const union message_body *const body = &message->body;

	if (message->type == MESSAGE_RESULT)
		printf("result %" PRIu32 " %" PRId32 " %.*s\n", body->result.request,
			body->result.error, (int)body->result.text.len, body->result.text.data);
	else if (message->type == MESSAGE_PROBE_STATE && body->probe_state.error != 0)
		printf("probe %" PRIu32 " %" PRId32 " %.*s\n", body->probe_state.id,
			body->probe_state.error, (int)body->probe_state.text.len,
			body->probe_state.text.data);
	else if (message->type == MESSAGE_NOTICE)
		printf("notice %.*s\n", (int)body->notice.text.len, body->notice.text.data);
	else if (message->type == MESSAGE_NETNS)
		printf("namespace %.*s\n", (int)body->netns.name.len, body->netns.name.data);
	else if (message->type == MESSAGE_LOSS && body->loss.what < LOSS_COUNT)
		losses[body->loss.what] = body->loss.count;
	else if (message->type == MESSAGE_PROBE_SENT)
		count_probe(seconds, &body->probe_sent);
}

static void
print_answers(const char *path)
{
	uint64_t losses[LOSS_COUNT] = {0}, captured = 0;
	struct message_capture counts = {0};
	struct seconds seconds = {0};
	struct error error;
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	struct record record;

	check(reader != NULL, path);
	while (stream_reader_next(reader, &record, &error) == 1) {
		struct message message;

		captured += record.kind == RECORD_PACKET;
		if (record.kind != RECORD_MESSAGE ||
			message_decode(record.data, record.len, &message) != 0)
			continue;
		print(&message, losses, &seconds);
		if (message.type == MESSAGE_CAPTURE)
			counts = message.body.capture;
	}
	printf("captured %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", captured, counts.dropped,
		counts.cut);
	for (int i = 0; i < LOSS_COUNT; i++)
		printf("loss %d %" PRIu64 "\n", i, losses[i]);
	printf("packets %" PRIu64 " %" PRIu64 "\n", seconds.most_packets, seconds.most_bytes);
	stream_reader_free(reader);
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		print_answers(argv[1]);
	else
		write_orders();
	return EXIT_SUCCESS;
}
