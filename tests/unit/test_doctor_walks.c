/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walks of doctor over a box whose sockets, processes, counters and sysctls stand at small
 * numbers, with thresholds as small, so that each is met, missed by one and passed by one. All that
 * is found in each look is noted (random_walk.h).
 */
#include <config.h>

#include "doctor_lab.h"
#include "feed.h"
#include "random_walk.h"

enum { WALKS = 150, LOOKS = 14, ROWS = 40, PIDS = 3, PORTS = 4 };

struct walk {
	struct lab lab;
	uint64_t cookie;
};

/* Mostly nothing, else a small number of the unit. */
static uint32_t
few(unsigned unit)
{
	return dice(3) == 0 ? 0 : dice(5) * unit + dice(3) - 1 + (unit == 1);
}

static void
set_thresholds(struct walk *walk)
{
	for (size_t i = 0; i < doctor_rule_count(); i++)
		for (size_t k = 0; k < doctor_rule(i).threshold_count; k++) {
			double *const threshold = &walk->lab.settings.thresholds[i][k];
			const enum unit unit = doctor_rule(i).thresholds[k].unit;

			if (dice(3) == 0)
				continue;
			*threshold = unit == UNIT_MS || unit == UNIT_US ? dice(4) * 1000.0
				     : unit == UNIT_PERCENT             ? dice(4) * 25.0
									: dice(4);
		}
}

static void
set_facts(struct walk *walk, struct socket_row *row)
{
	struct tcp_info_kept *const tcp = &row->tcp;

	row->receive_queue = few(1);
	row->send_queue = few(1);
	row->timer = (uint8_t)dice(5);
	row->timer_retries = (uint8_t)dice(4);
	row->timer_ms = few(1000);
	row->flags = (uint16_t)((row->flags & (SOCKET_CLOSED | SOCKET_FREE)) |
				(dice(2) != 0 ? SOCKET_KEEPALIVE_ON : 0) |
				(dice(2) != 0 ? SOCKET_BIRTH_SEEN : 0) |
				(dice(4) == 0 ? SOCKET_END_SEEN : 0));
	row->has = (uint8_t)(SOCKET_HAS_KEEPALIVE | (dice(3) != 0 ? SOCKET_HAS_MEMORY : 0));
	row->mem_receive = few(1);
	row->receive_buffer = few(1);
	row->send_buffer = few(1);
	row->mem_send = few(1);
	row->drops += dice(3) == 0 ? dice(4) : 0;
	row->seen_ms = model_now_ms(walk->lab.model);
	tcp->known_bytes = 236;
	tcp->rtt = 1 + few(1000);
	tcp->min_rtt = 1 + few(1000);
	tcp->rto = 200000 + few(1000) * 100;
	tcp->backoff = (uint8_t)dice(5);
	tcp->unacked = dice(3);
	tcp->last_data_recv = few(1000);
	tcp->last_data_sent = few(1000);
	tcp->last_ack_recv = few(1000);
	tcp->snd_wnd = few(1);
	tcp->snd_mss = 1000;
	tcp->snd_cwnd = 1 + dice(3);
	tcp->pmtu = 1400 + dice(2) * 100;
	tcp->notsent_bytes = few(1000);
	tcp->total_retrans += dice(3) == 0 ? dice(3) : 0;
	tcp->dsack_dups += dice(6) == 0;
	tcp->segs_out += dice(20);
	tcp->bytes_sent += few(1000);
	tcp->bytes_acked += few(1000);
	tcp->bytes_received += few(1000);
	tcp->bytes_retrans += few(100);
	tcp->busy_time += dice(2) * UINT64_C(1000000);
	tcp->rwnd_limited += dice(2) * UINT64_C(900000);
	tcp->sndbuf_limited += dice(2) * UINT64_C(100000);
	tcp->delivery_rate = few(1000);
}

static void
add_row(struct walk *walk)
{
	static const char *const remotes[] = {"10.0.0.8", "10.0.0.9", "10.0.0.9", "127.0.0.1"};
	const enum tcp_state state = (enum tcp_state)(1 + dice(TCP_STATE_COUNT - 1));
	const bool alone = state == TCP_STATE_LISTEN || dice(12) == 0;
	const bool is_udp = dice(8) == 0;
	struct model *const model = walk->lab.model;
	struct socket_row *row;

	if (model->sockets.count >= ROWS)
		return;
	row = socket_table_row(
		&model->sockets, socket_table_add(&model->sockets, dice(5) == 0, ++walk->cookie));
	row->protocol = is_udp ? IPPROTO_UDP : IPPROTO_TCP;
	row->family = AF_INET;
	row->local = sockets_address(alone ? "0.0.0.0" : "10.0.0.1");
	row->local_port = (uint16_t)(8000 + dice(PORTS));
	row->remote = sockets_address(alone ? "0.0.0.0" : remotes[dice(UNIT_COUNT_OF(remotes))]);
	row->remote_port = (uint16_t)(alone ? 0 : 8000 + dice(PORTS));
	socket_table_set_state(&model->sockets, row, is_udp ? TCP_STATE_CLOSED : state);
	row->first_ms = row->changed_ms = model_now_ms(model) - dice(4) * 1000;
	if (dice(4) != 0) {
		row->inode = 500 + (uint32_t)dice(1000);
		sockets_hold(model, row, 100 + dice(PIDS), "worker");
	}
	set_facts(walk, row);
}

static void
live(struct walk *walk)
{
	struct socket_table *const table = &walk->lab.model->sockets;

	for (unsigned i = 0; i < 8; i++)
		add_row(walk);
	for (uint32_t id = 0; id < table->used; id++) {
		struct socket_row *const row = socket_table_row(table, id);

		if ((row->flags & SOCKET_FREE) != 0)
			continue;
		if (dice(15) == 0) {
			socket_table_remove(table, id);
			continue;
		}
		if (dice(8) == 0 && row->protocol == IPPROTO_TCP) {
			socket_table_set_state(
				table, row, (enum tcp_state)(1 + dice(TCP_STATE_COUNT - 1)));
			row->changed_ms = model_now_ms(walk->lab.model);
		}
		if (dice(3) != 0)
			set_facts(walk, row);
	}
}

static void
count_up(struct walk *walk)
{
	for (uint32_t netns = 0; netns < 2; netns++)
		for (unsigned i = 0; i < COUNTER_COUNT; i++) {
			struct counter_reading *const reading =
				&walk->lab.model->netns[netns]->counters.rows[i];

			reading->known = reading->known || dice(4) == 0;
			reading->value += dice(3) == 0 ? dice(4) : 0;
		}
	for (uint32_t i = 0; i < PIDS; i++) {
		struct process_row *const process =
			process_table_get(&walk->lab.model->processes, 100 + i);

		process->start_ticks = 100 * (i + 1);
		process->files_limit = 4;
		process->open_files = dice(6);
		process->has_files_limit = process->has_open_files = dice(3) != 0;
	}
}

static void
read_sysctls(struct walk *walk)
{
	struct feed feed = {.model = walk->lab.model};
	char text[8192] = "";
	size_t len = 0;

	for (unsigned i = 0; i < SYSCTL_COUNT; i++) {
		const char *const name = sysctl_name((enum sysctl)i);

		if (dice(6) == 0)
			len = text_add(text, sizeof text, len, "%s\n", name);
		else if (strstr(name, "port_range") != NULL)
			len = text_add(
				text, sizeof text, len, "%s=8000\t%u\n", name, 8001 + dice(4));
		else if (strstr(name, "mem") != NULL)
			len = text_add(text, sizeof text, len, "%s=1\t2\t%u\n", name, 3 + dice(3));
		else
			len = text_add(text, sizeof text, len, "%s=%u\n", name, dice(6));
	}
	for (uint32_t netns = 0; netns < 2; netns++)
		feed_message(&feed, MESSAGE_SYSCTLS,
			&(struct message_sysctls){
				.netns = netns * FEED_NETNS, .text = {text, len}});
}

/* What the lab notes. */
static void
note_look(const struct walk *walk)
{
	lab_note(&walk->lab);
	buffer_append_format(&lab_notes, "worst %d, %u refused\n",
		(int)doctor_worst(walk->lab.doctor, &(size_t){0}),
		(unsigned)doctor_refused(walk->lab.doctor));
	note_buffer(&lab_notes);
	lab_last_note = lab_last_len = 0;
}

static void
take_walk(unsigned number, struct buffer *out)
{
	struct walk walk = {.cookie = 0};
	unsigned most = 0;

	(void)number;
	lab_last_note = lab_last_len = 0;
	lab_open(&walk.lab);
	(void)lab_other_netns(&walk.lab);
	walk.lab.model->host.clock_ticks = 100;
	walk.lab.model->host.boot_ns = CLOCK_NS_PER_S;
	set_thresholds(&walk);
	read_sysctls(&walk);
	for (unsigned look = 0; look < LOOKS; look++) {
		uint64_t step_ns;
		size_t count;

		live(&walk);
		count_up(&walk);
		step_ns = (CLOCK_NS_PER_S / 2) * (1 + dice(8));
		walk.lab.model->now_ns += step_ns;
		walk.lab.model->snapshot_monotonic_ns += step_ns;
		walk.lab.model->complete_sequence++;
		doctor_look(walk.lab.doctor, walk.lab.model, look == LOOKS - 1);
		note_look(&walk);
		(void)doctor_findings(walk.lab.doctor, &count);
		most = count > most ? (unsigned)count : most;
	}
	lab_close(&walk.lab);
	buffer_clear(&lab_notes);
	buffer_append_format(out, " up to %u findings", most);
}

static void
test_walks(void **state)
{
	(void)state;
	lab_page = "doctor-walks";
	buffer_init(&lab_notes, 0);
	random_walks(lab_page, WALKS, 17, take_walk);
	buffer_fini(&lab_notes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
