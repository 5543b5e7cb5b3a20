/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doctor's rules over random models: rows of all states with any figures, processes, counters that
 * jump, sockets that end, thresholds that are set, looks in between. An input is steps: a byte for
 * the kind, then what it takes. No finding may be without a title, a cause, and evidence, nor have
 * a figure that is no number.
 *
 * An input is short and an execution cheap: a step is about up to 130 rows, a look goes on by up to
 * five minutes, and after LOOKS_MAX looks the input is over.
 */
#include <config.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/model/wire.h>

#include "model/apply.h"

#include "../unit/sockets.h"
#include "fuzz.h"

enum { ROWS_MAX = 320, LOOKS_MAX = 24, HIDDEN_MAX = 16 };

enum step {
	STEP_ADD,
	STEP_FILL,
	STEP_HOLD,
	STEP_COUNT,
	STEP_LOOK,
	STEP_LAST,
	STEP_END,
	STEP_STATE,
	STEP_THRESHOLD,
	STEP_DUMP,
	STEP_SYSCTL,
	STEP_COUNT_OF,
};

struct run {
	const uint8_t *data;
	size_t len, at;
	struct model *model;
	struct doctor_settings settings;
	struct doctor *doctor;
	uint32_t rows, looks;
};

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static uint8_t
next(struct run *run)
{
	return run->at < run->len ? run->data[run->at++] : 0;
}

/* As many bytes as there are, the rest stays. */
static void
take(struct run *run, void *out, size_t size)
{
	const size_t left = run->len - run->at;
	const size_t count = size < left ? size : left;

	memcpy(out, run->data + run->at, count);
	run->at += count;
}

static bool
is_open(const struct socket_row *row)
{
	return row != NULL && (row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0;
}

/* How many rows a step is about: thresholds are reached by few bytes. */
static uint32_t
take_count(struct run *run)
{
	static const uint8_t counts[] = {1, 4, 24, 130};

	return counts[next(run) % 4];
}

/* Does the same to some rows that follow each other. */
static void
each(struct run *run, void (*change)(struct run *run, struct socket_row *row, const void *how),
	const void *how)
{
	const uint32_t first = next(run), count = take_count(run);

	for (uint32_t id = first; id < first + count && id < run->model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&run->model->sockets, id);

		if (is_open(row))
			change(run, row, how);
	}
}

enum differ { DIFFER_REMOTE_PORT, DIFFER_REMOTE, DIFFER_LOCAL_PORT, DIFFER_BOTH };

static void
differ(struct socket_row *row, enum differ how, uint32_t number)
{
	if (how == DIFFER_REMOTE_PORT || how == DIFFER_BOTH)
		row->remote_port = (uint16_t)(row->remote_port + number);
	if (how == DIFFER_REMOTE || how == DIFFER_BOTH)
		row->remote.bytes[sizeof row->remote.bytes - 1] ^= (uint8_t)number;
	if (how == DIFFER_LOCAL_PORT)
		row->local_port = (uint16_t)(row->local_port + number);
}

static void
add(struct run *run)
{
	static const char *const addresses[] = {"0.0.0.0", "10.0.0.1", "127.0.0.1", "192.0.2.7",
		"198.51.100.9", "::", "2001:db8::1", "fe80::1"};
	const uint8_t kind = next(run), ends = next(run), port = next(run), remote = next(run);
	const uint32_t count = take_count(run);

	for (uint32_t i = 0; i < count && run->rows < ROWS_MAX; i++) {
		struct socket_row *const row =
			sockets_add(run->model, kind & 0x80 ? IPPROTO_UDP : IPPROTO_TCP,
				(enum tcp_state)(kind % TCP_STATE_COUNT), addresses[ends % 8],
				(uint16_t)(port % 4 == 0 ? 443 : 40000 + port),
				addresses[ends / 8 % 8], (uint16_t)(remote + 1));

		differ(row, (enum differ)(ends / 64), i);
		row->inode = kind & 0x40 ? 100 + run->rows : 0;
		row->flags |= kind & 0x20 ? SOCKET_BIRTH_SEEN : 0;
		row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(run->model);
		run->rows++;
	}
}

static void
take_figures(struct run *run, struct socket_row *row, const void *how)
{
	const struct socket_row *const figures = how;

	row->timer = figures->timer;
	row->timer_retries = figures->timer_retries;
	row->receive_queue = figures->receive_queue;
	row->send_queue = figures->send_queue;
	row->drops = figures->drops;
	row->send_rate = figures->send_rate;
	row->receive_rate = figures->receive_rate;
	row->tcp = figures->tcp;
	row->tcp.known_bytes = 280;
	row->rate_dump = run->model->netns[0]->own->complete[0].number;
	row->seen_ms = model_now_ms(run->model);
}

static void
fill(struct run *run)
{
	struct socket_row figures = {.timer = next(run) % 5};

	figures.timer_retries = next(run);
	take(run, &figures.receive_queue, sizeof figures.receive_queue);
	take(run, &figures.send_queue, sizeof figures.send_queue);
	take(run, &figures.drops, sizeof figures.drops);
	figures.send_rate = next(run);
	figures.receive_rate = next(run);
	take(run, &figures.tcp, next(run) % (sizeof figures.tcp + 1));
	each(run, take_figures, &figures);
}

static void
take_process(struct run *run, struct socket_row *row, const void *how)
{
	static const char *const names[] = {"nginx", "sshd", "", "a\033[31mb"};
	const uint8_t number = *(const uint8_t *)how;

	sockets_hold(run->model, row, 100 + number % 4, names[number / 4 % 4]);
}

static void
hold(struct run *run)
{
	const uint8_t number = next(run);

	each(run, take_process, &number);
}

static void
count(struct run *run)
{
	struct counter_reading *const reading =
		&run->model->netns[0]->counters.rows[next(run) % COUNTER_COUNT];

	reading->known = true;
	take(run, &reading->value, 1 + next(run) % 8);
}

static void
check_finding(const struct run *run, const struct finding *finding)
{
	const struct finding *hidden[HIDDEN_MAX];

	require(finding->title[0] != '\0' && finding->why[0] != '\0' && finding->action[0] != '\0');
	require(finding->figure_count > 0 && finding->figure_count <= FINDING_FIGURES_MAX);
	require(strchr(finding->title, '\033') == NULL && strchr(finding->process, '\033') == NULL);
	for (size_t i = 0; i < finding->figure_count; i++)
		require(isfinite(finding->figures[i].number));
	require(doctor_hidden(run->doctor, finding, hidden, HIDDEN_MAX) <= HIDDEN_MAX);
}

static void
look(struct run *run, bool is_last)
{
	static const uint16_t tenths[] = {5, 10, 10, 10, 20, 30, 100, 3100};
	uint64_t step_ns;
	size_t all, standing;
	const struct finding *const *findings;

	if (run->looks++ == LOOKS_MAX) {
		run->at = run->len;
		return;
	}
	step_ns = tenths[next(run) % 8] * (CLOCK_NS_PER_S / 10);
	run->model->now_ns += step_ns;
	run->model->snapshot_monotonic_ns += step_ns;
	run->model->complete_sequence++;
	doctor_look(run->doctor, run->model, is_last);
	findings = doctor_findings(run->doctor, &all);
	(void)doctor_worst(run->doctor, &standing);
	require(all <= DOCTOR_FINDINGS_MAX && standing <= all);
	for (size_t i = 0; i < all; i++)
		check_finding(run, findings[i]);
	for (uint32_t id = 0; id < run->model->sockets.used; id++)
		(void)doctor_of_socket(run->doctor, id);
}

static void
close_row(struct run *run, struct socket_row *row, const void *how)
{
	(void)how;
	socket_table_set_closed(&run->model->sockets, row);
	row->closed_ms = model_now_ms(run->model);
}

static void
take_state(struct run *run, struct socket_row *row, const void *how)
{
	socket_table_set_state(&run->model->sockets, row, *(const enum tcp_state *)how);
	row->changed_ms = model_now_ms(run->model);
}

static void
change_state(struct run *run)
{
	const enum tcp_state state = next(run) % TCP_STATE_COUNT;

	each(run, take_state, &state);
}

/* Any that the configuration could set, 0 as well. */
static void
set_threshold(struct run *run)
{
	const size_t rule = next(run) % doctor_rule_count();
	const size_t count = doctor_rule(rule).threshold_count, at = next(run);

	if (count > 0)
		run->settings.thresholds[rule][at % count] = next(run);
}

/* A dump ends, so that rates are known. */
static void
end_dump(struct run *run)
{
	struct dump_mark *const mark = &run->model->netns[0]->own->complete[0];

	mark->number++;
	mark->ms = model_now_ms(run->model);
}

/* Of the namespace, or of the machine. The first is set from the beginning: few ports are soon
 * used. */
static void
set_sysctl(struct run *run, uint8_t number)
{
	static const struct {
		uint32_t netns;
		const char *line;
	} lines[] = {
		{1, "net.ipv4.ip_local_port_range=40000 40063\n"},
		{1, "net.ipv4.ip_local_port_range=32768 60999\n"},
		{1, "net.ipv4.ip_local_reserved_ports=40000-40031\n"},
		{1, "net.ipv4.tcp_tw_reuse=0\n"},
		{1, "net.ipv4.tcp_tw_reuse=1\nnet.ipv4.tcp_timestamps=1\n"},
		{1, "net.ipv4.tcp_syncookies=0\nnet.ipv4.tcp_abort_on_overflow=1\n"},
		{1, "net.ipv4.tcp_keepalive_time=60\nnet.ipv4.tcp_timestamps=0\n"},
		{1, "net.ipv4.tcp_max_tw_buckets=16\nnet.core.somaxconn=4\n"},
		{0, "net.ipv4.tcp_mem=1 2 3\nnet.ipv4.tcp_max_orphans=8\n"},
		{0, "net.ipv4.tcp_mem=\nnet.netfilter.nf_conntrack_max=4\n"},
	};
	const size_t count = sizeof lines / sizeof lines[0];
	union message_body body = {.sysctls = {.netns = lines[number % count].netns,
					   .text = text_of(lines[number % count].line)}};

	apply_sysctls(run->model, &body);
}

static void
step(struct run *run)
{
	switch ((enum step)(next(run) % STEP_COUNT_OF)) {
	case STEP_ADD: add(run); return;
	case STEP_FILL: fill(run); return;
	case STEP_HOLD: hold(run); return;
	case STEP_COUNT: count(run); return;
	case STEP_LOOK: look(run, false); return;
	case STEP_LAST: look(run, true); return;
	case STEP_END: each(run, close_row, NULL); return;
	case STEP_STATE: change_state(run); return;
	case STEP_THRESHOLD: set_threshold(run); return;
	case STEP_DUMP: end_dump(run); return;
	case STEP_SYSCTL: set_sysctl(run, next(run)); return;
	case STEP_COUNT_OF: return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct wire_options wire = {
		.conversations = 8, .half_open = 4, .events = 8, .fold_above = UINT32_MAX};
	struct run run = {.data = data, .len = len, .model = sockets_model_of(ROWS_MAX, &wire)};

	set_sysctl(&run, 0);
	doctor_settings_init(&run.settings);
	run.doctor = doctor_new(&run.settings);
	require(run.doctor != NULL);
	while (run.at < run.len)
		step(&run);
	look(&run, true);
	doctor_free(run.doctor);
	model_free(run.model);
	return 0;
}
