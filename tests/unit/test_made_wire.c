/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Made-up conversations on the wire, the same each time: opened, refused or unanswered; with loss,
 * reordering, repetitions, probes, closed windows; ended in each way. What the wire makes of each
 * segment and of the whole is compared as text.
 */
#include <config.h>

#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

#include "feed.h"
#include "packets.h"
#include "page_text.h"
#include "unit.h"

enum { CONVERSATIONS = 56, OURS_FIRST = 40000, SERVICE = 80, MSS = 1448 };

#define SYN SEGMENT_SYN
#define ACK SEGMENT_ACK
#define FIN SEGMENT_FIN
#define RST SEGMENT_RST
#define PSH SEGMENT_PSH

/* One conversation; side 0 opens it. */
struct talk {
	struct feed *feed;
	unsigned number;
	uint64_t seed;
	bool opener_is_us, has_stamps, has_sack, is_v6;
	uint32_t seq[2];  /* next to be sent */
	uint32_t seen[2]; /* acknowledged by the other side */
	uint16_t window[2], id[2];
	uint32_t stamp;
};

static unsigned
dice(struct talk *talk, unsigned faces)
{
	talk->seed = talk->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(talk->seed >> 33) % faces;
}

static void
wait_us(struct talk *talk, uint64_t us)
{
	talk->feed->realtime_ns += us * 1000;
	talk->feed->monotonic_ns += us * 1000;
	talk->stamp += (uint32_t)(us / 1000);
}

static void
add_stamps(const struct talk *talk, struct packet *options, unsigned flags)
{
	packet_add(options, "\1\1\10\12", 4);
	packet_add_32(options, talk->stamp);
	packet_add_32(options, (flags & ACK) != 0 ? talk->stamp - 1 : 0);
}

static void
add_options(const struct talk *talk, struct packet *options, unsigned flags, uint32_t sack,
	uint32_t sack_len)
{
	if ((flags & SYN) != 0) {
		packet_add(options, "\2\4\5\264\1\3\3\7", 8);
		if (talk->has_sack)
			packet_add(options, "\1\1\4\2", 4);
	}
	if (talk->has_stamps)
		add_stamps(talk, options, flags);
	if (sack_len != 0 && talk->has_sack) {
		packet_add(options, "\1\1\5\12", 4);
		packet_add_32(options, sack);
		packet_add_32(options, sack + sack_len);
	}
}

static void
add_ip(const struct talk *talk, struct packet *packet, bool out, unsigned payload, uint16_t id)
{
	if (talk->is_v6) {
		packet_add_ipv6(packet, IPPROTO_TCP, payload);
		packet->data[23] = out ? 2 : 1;
		packet->data[39] = out ? 1 : 2;
		return;
	}
	packet_add_ipv4(packet, 0, IPPROTO_TCP, 20 + payload);
	packet->data[4] = (uint8_t)(id >> 8);
	packet->data[5] = (uint8_t)id;
	packet->data[15] = out ? 2 : 1;
	packet->data[19] = out ? 1 : 2;
}

/* A segment of one side; its number and length as they are said. */
static void
send_raw(struct talk *talk, unsigned side, unsigned flags, uint32_t seq, uint32_t len, uint16_t id,
	uint32_t sack, uint32_t sack_len)
{
	const bool out = (side == 0) == talk->opener_is_us;
	const uint16_t ours = (uint16_t)(OURS_FIRST + talk->number);
	const bool from_opener = side == 0;
	struct packet packet = {.len = 0}, options = {.len = 0};
	struct record record = {.time_ns = talk->feed->realtime_ns,
		.kind = RECORD_PACKET,
		.netns = FEED_NETNS,
		.ifindex = 2,
		.protocol = talk->is_v6 ? 0x86dd : 0x0800,
		.packet_type = out ? PACKET_OUTGOING : PACKET_HOST};
	size_t head;

	add_options(talk, &options, flags, sack, sack_len);
	head = 20 + options.len;
	add_ip(talk, &packet, out, (unsigned)(head + len), id);
	packet_add_16(&packet, from_opener ? ours : SERVICE);
	packet_add_16(&packet, from_opener ? SERVICE : ours);
	packet_add_32(&packet, seq);
	packet_add_32(&packet, (flags & ACK) != 0 ? talk->seen[side ^ 1] : 0);
	packet_add_16(&packet, (unsigned)head / 4 << 12 | flags);
	packet_add_16(&packet, talk->window[side]);
	packet_add_32(&packet, 0);
	packet_add(&packet, options.data, options.len);
	record.data = packet.data;
	record.len = packet.len;
	record.wire_len = packet.len + len;
	model_apply(talk->feed->model, &record);
}

/* The next segment of a side. */
static void
send_next(struct talk *talk, unsigned side, unsigned flags, uint32_t len)
{
	send_raw(talk, side, flags, talk->seq[side], len, ++talk->id[side], 0, 0);
	talk->seq[side] += len + ((flags & (SYN | FIN)) != 0);
}

/* The other side has taken in all of it. */
static void
acknowledge(struct talk *talk, unsigned side)
{
	talk->seen[side ^ 1] = talk->seq[side ^ 1];
	send_raw(talk, side, ACK, talk->seq[side], 0, ++talk->id[side], 0, 0);
}

/* Our end as a dump finds it. */
static void
list_socket(const struct talk *talk, int state)
{
	const uint16_t port = (uint16_t)(OURS_FIRST + talk->number);
	const struct feed_socket socket = {.cookie = 5000 + talk->number + (state == 6 ? 1000 : 0),
		.family = talk->is_v6 ? AF_INET6 : AF_INET,
		.state = state,
		.local = talk->is_v6 ? "fd00::2" : "10.0.0.2",
		.remote = talk->is_v6 ? "fd00::1" : "10.0.0.1",
		.local_port = talk->opener_is_us ? port : SERVICE,
		.remote_port = talk->opener_is_us ? SERVICE : port,
		.inode = state == 6 ? 0 : 7000 + talk->number,
		.uid = 1000,
		.bare = state == 6,
		.timer = state == 6 ? 3 : 0,
		.info_len = talk->number % 4 != 3 ? sizeof(struct tcp_info) : 0,
		.info = {.tcpi_rtt = 1000 + talk->number,
			.tcpi_bytes_acked = talk->seq[talk->opener_is_us ? 0 : 1],
			.tcpi_last_data_recv = 5}};

	feed_snapshot(talk->feed, true, &socket, state != 0);
	if (state == 1 && talk->number % 5 != 1)
		feed_hold(talk->feed, 300 + talk->number % 3, 7000 + talk->number, 3);
}

/* What is known of sockets now. */
static void
print_rows(const struct model *model, struct buffer *out)
{
	const struct field_context context = {.model = model};

	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & SOCKET_FREE) != 0)
			continue;
		buffer_append_format(out, "-- socket %u\n", (unsigned)row->cookie);
		for (size_t i = 0; i < socket_fields.count; i++)
			page_text_field(&socket_fields.fields[i], &context, row, out);
		buffer_append_char(out, '\n');
	}
}

/* True: the connection is open. */
static bool
open_talk(struct talk *talk)
{
	const unsigned how = talk->number % 8;
	const uint32_t isn = talk->seq[0];

	send_next(talk, 0, SYN | (how == 7 ? SEGMENT_ECE | SEGMENT_CWR : 0), 0);
	for (unsigned again = how == 1 ? 3 : how == 2 ? 1 : 0; again > 0; again--) {
		wait_us(talk, 1000000);
		send_raw(talk, 0, SYN, isn, 0, ++talk->id[0], 0, 0);
	}
	wait_us(talk, 100 + dice(talk, 50000));
	talk->seen[0] = talk->seq[0];
	if (how == 1)
		return false;
	if (how == 3) {
		talk->seq[1] = 0;
		send_raw(talk, 1, RST | ACK, 0, 0, ++talk->id[1], 0, 0);
		return false;
	}
	send_next(talk, 1, SYN | ACK, 0);
	if (how == 4) {
		wait_us(talk, 1000000);
		send_raw(talk, 1, SYN | ACK, talk->seq[1] - 1, 0, ++talk->id[1], 0, 0);
	}
	wait_us(talk, 20 + dice(talk, 3000));
	acknowledge(talk, 0);
	return true;
}

/* The first of two segments is lost, and comes again after that was reported. */
static void
lose(struct talk *talk, unsigned side, uint32_t len)
{
	const uint32_t first = talk->seq[side];

	talk->seq[side] += len;
	wait_us(talk, 50);
	send_next(talk, side, ACK | PSH, len);
	for (unsigned i = 0; i < 1 + dice(talk, 4); i++) {
		wait_us(talk, 200);
		send_raw(talk, side ^ 1, ACK, talk->seq[side ^ 1], 0, ++talk->id[side ^ 1],
			first + len, len);
	}
	wait_us(talk, 300 + dice(talk, 300000));
	send_raw(talk, side, ACK, first, len, ++talk->id[side], 0, 0);
	wait_us(talk, 80);
	acknowledge(talk, side ^ 1);
}

/* Two segments change places on the way. */
static void
overtake(struct talk *talk, unsigned side, uint32_t len)
{
	const uint32_t first = talk->seq[side];
	const uint16_t id = talk->id[side];

	send_raw(talk, side, ACK, first + len, len, (uint16_t)(id + 2), 0, 0);
	wait_us(talk, 30);
	send_raw(talk, side, ACK, first, len, (uint16_t)(id + 1), 0, 0);
	talk->id[side] = (uint16_t)(id + 2);
	talk->seq[side] += 2 * len;
	wait_us(talk, 60);
	acknowledge(talk, side ^ 1);
}

/* The window closes, is probed, and opens. */
static void
stop_and_go(struct talk *talk, unsigned side, uint32_t len)
{
	const uint16_t window = talk->window[side ^ 1];

	send_next(talk, side, ACK | PSH, len);
	talk->window[side ^ 1] = 0;
	wait_us(talk, 100);
	acknowledge(talk, side ^ 1);
	for (unsigned i = 0; i < 2; i++) {
		wait_us(talk, 200000);
		send_raw(talk, side, ACK, talk->seq[side] - (i == 0), i, ++talk->id[side], 0, 0);
		wait_us(talk, 50);
		send_raw(talk, side ^ 1, ACK, talk->seq[side ^ 1], 0, ++talk->id[side ^ 1], 0, 0);
	}
	talk->window[side ^ 1] = window;
	wait_us(talk, 5000);
	acknowledge(talk, side ^ 1);
}

static void
use(struct talk *talk)
{
	const unsigned side = dice(talk, 2);
	const uint32_t len = 1 + dice(talk, 2 * MSS);

	wait_us(talk, 10 + dice(talk, 20000));
	switch (dice(talk, 9)) {
	case 0: lose(talk, side, len); break;
	case 1: overtake(talk, side, len); break;
	case 2: stop_and_go(talk, side, len); break;
	case 3: /* a keepalive probe */
		wait_us(talk, 3000000);
		send_raw(talk, side, ACK, talk->seq[side] - 1, 0, ++talk->id[side], 0, 0);
		wait_us(talk, 70);
		acknowledge(talk, side ^ 1);
		break;
	case 4: /* sent again though it had come */
		send_next(talk, side, ACK | PSH, len);
		wait_us(talk, 100);
		acknowledge(talk, side ^ 1);
		wait_us(talk, 210000);
		send_raw(talk, side, ACK, talk->seq[side] - len, len, ++talk->id[side], 0, 0);
		break;
	case 5: /* the same packet twice */
		send_next(talk, side, ACK, len);
		send_raw(talk, side, ACK, talk->seq[side] - len, len, talk->id[side], 0, 0);
		break;
	case 6: /* both at once */
		send_next(talk, side, ACK | PSH, len);
		send_next(talk, side ^ 1, ACK | PSH, len / 2 + 1);
		wait_us(talk, 40);
		acknowledge(talk, side);
		acknowledge(talk, side ^ 1);
		break;
	default:
		send_next(talk, side, ACK | PSH, len);
		wait_us(talk, 100 + dice(talk, 1000));
		acknowledge(talk, side ^ 1);
		break;
	}
}

static void
close_talk(struct talk *talk)
{
	const unsigned first = dice(talk, 2);

	wait_us(talk, 1000 + dice(talk, 100000));
	switch (talk->number % 7) {
	case 0: return;
	case 1: send_next(talk, first, RST | ACK, 0); return;
	case 2: /* both at once */
		send_next(talk, 0, FIN | ACK, 0);
		send_next(talk, 1, FIN | ACK, 0);
		wait_us(talk, 60);
		acknowledge(talk, 0);
		acknowledge(talk, 1);
		return;
	case 3: /* the FIN is repeated, then a reset */
		send_next(talk, first, FIN | ACK, 0);
		wait_us(talk, 200000);
		send_raw(talk, first, FIN | ACK, talk->seq[first] - 1, 0, ++talk->id[first], 0, 0);
		wait_us(talk, 400000);
		send_next(talk, first ^ 1, RST, 0);
		return;
	default: break;
	}
	send_next(talk, first, FIN | ACK, talk->number % 7 == 4 ? 100 : 0);
	wait_us(talk, 50);
	acknowledge(talk, first ^ 1);
	if (talk->number % 7 == 5) /* half closed */
		send_next(talk, first ^ 1, ACK | PSH, 500);
	wait_us(talk, 300);
	send_next(talk, first ^ 1, FIN | ACK, 0);
	wait_us(talk, 30);
	acknowledge(talk, first);
	if (talk->number % 7 == 6)
		send_next(talk, first ^ 1, RST, 0);
}

static void
converse(struct feed *feed, unsigned number, struct buffer *out)
{
	const bool is_listed = number % 3 != 2;
	struct talk talk = {.feed = feed,
		.number = number,
		.seed = number * UINT64_C(104729) + 7,
		.opener_is_us = number % 2 == 0,
		.has_stamps = number % 3 != 0,
		.has_sack = number % 4 != 1,
		.is_v6 = number % 5 == 4,
		.seq = {number % 6 == 2 ? UINT32_MAX - 3000 : number * 1000, 0x7ffff000},
		.window = {502, 501},
		.stamp = 1000000};

	wait_us(&talk, 1000000);
	if (number % 11 == 10) /* it was there before */
		talk.seen[0] = talk.seq[0], talk.seen[1] = talk.seq[1];
	else if (!open_talk(&talk))
		return;
	if (is_listed)
		list_socket(&talk, 1);
	for (unsigned i = 0; i < 3 + number % 6; i++)
		use(&talk);
	close_talk(&talk);
	if (!is_listed)
		return;
	wait_us(&talk, 200000);
	list_socket(&talk, number % 4 == 0 ? 6 : number % 4 == 1 ? 1 : 0);
	if (number % 2 == 0)
		print_rows(feed->model, out);
	list_socket(&talk, 0);
	wait_us(&talk, 300000);
	if (number % 2 != 0)
		print_rows(feed->model, out);
}

/* A ladder is drawn in as many columns as there are. */
static void
print_ladders(struct buffer *out)
{
	enum { NARROWEST = 20, WIDEST = 100, STEP = 3 };

	for (size_t i = 0; i < ladder_lines(&wire.ladder); i++)
		for (size_t columns = NARROWEST + i % STEP; columns <= WIDEST; columns += STEP) {
			struct strip line;

			strip_clear(&line);
			ladder_line(&wire.ladder, i, wire.us, columns, true, &line);
			strip_print(&line, out);
		}
}

static void
test_conversations(void **state)
{
	const struct wire_options options = {
		.conversations = 1024, .half_open = 512, .events = 8192, .fold_above = UINT32_MAX};
	struct feed feed = feed_new_wired(&options);
	const struct field_context context = {.model = feed.model, .numeric = true};
	const struct wire_counts *counts;
	struct buffer out = {0};
	const struct event *event;

	(void)state;
	page_has_segments = false;
	feed.model->linger_ms = 900;
	for (uint32_t pid = 300; pid < 303; pid++)
		feed_process(&feed, pid, pid, "talker");
	for (unsigned i = 0; i < CONVERSATIONS; i++)
		converse(&feed, i, &out);
	for (uint64_t next = 0; (event = wire_event_from(feed.model->wire, next)) != NULL;
		next = event->number + 1) {
		const struct event_row row = event_row_of(feed.model, event);
		char line[EVENT_ROW_SIZE];

		event_row_format(&context, &row, line, sizeof line);
		buffer_append_format(&out, "%s\n", line);
		/* The names of ports are those of the box that runs the test. */
		for (size_t i = 0; i < event_fields.count && event->number % 11 == 0; i++)
			if (strcmp(event_fields.fields[i].name, "service") != 0)
				page_text_field(&event_fields.fields[i], &context, &row, &out);
		if (event->number % 11 == 0)
			buffer_append_char(&out, '\n');
	}
	counts = wire_counts(feed.model->wire);
	buffer_append_format(&out,
		"%u packets %u segments %u duplicates %u syn %u fin %u rst %u data\n",
		(unsigned)counts->packets, (unsigned)counts->segments, (unsigned)counts->duplicates,
		(unsigned)counts->syn, (unsigned)counts->fin, (unsigned)counts->rst,
		(unsigned)counts->data);
	for (unsigned i = 0; i < CONVERSATIONS; i++) {
		static struct identity identity;
		const uint64_t end = wire_event_end(feed.model->wire);

		for (uint64_t next = 0;
			next < end && (event = wire_event_from(feed.model->wire, next)) != NULL;
			next = event->number + 1) {
			const uint16_t port = (uint16_t)(OURS_FIRST + i);

			if (event->segment.source_port != port &&
				event->segment.destination_port != port)
				continue;
			if (wire_history_identify(feed.model, event, &identity))
				print_connection(feed.model, &identity, false, &out);
			if (i == 6 || i == 13)
				print_ladders(&out);
			break;
		}
	}
	compare("made-wire", &out);
	buffer_fini(&out);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conversations),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
