/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A path for tests whose probes and answers come one by one. */
#ifndef SOCKWATCH_TESTS_UNIT_PATH_LAB_H
#define SOCKWATCH_TESTS_UNIT_PATH_LAB_H

#include <string.h>
#include <sys/socket.h>

#include <sockwatch/model/path.h>

#include "unit.h"

enum { ID = 7, TIMEOUT_MS = 1000 };

#define MS UINT64_C(1000000)
#define T0 UINT64_C(1000000000000)

static const struct address target = {{[10] = 0xff, [11] = 0xff, 10, 9, 9, 9}};

/* Router n of the path; way distinguishes parallel ones. */
static inline struct address
router(uint8_t n, uint8_t way)
{
	const uint8_t bytes[4] = {10, way, n, 1};

	return address_from_v4(bytes);
}

struct lab {
	struct path_table *table;
	const struct path *path;
	uint32_t sequence;
	uint64_t now_ns;
};

static inline struct lab
make_lab_by(enum probe_protocol protocol)
{
	const struct message_probe_start start = {.id = ID,
		.protocol = (uint8_t)protocol,
		.target = target,
		.flows = 1,
		.first_ttl = 1,
		.max_ttl = 30,
		.interval_ms = 1000,
		.timeout_ms = TIMEOUT_MS};
	struct lab lab = {.table = path_table_new(4), .now_ns = T0};

	assert_non_null(lab.table);
	lab.path = path_table_start(lab.table, &start, T0);
	assert_non_null(lab.path);
	return lab;
}

static inline struct lab
make_lab(void)
{
	return make_lab_by(PROBE_PROTOCOL_ICMP);
}

/* Returns its sequence. */
static inline uint32_t
send_probe(struct lab *lab, uint8_t ttl, uint8_t flow)
{
	const struct message_probe_sent sent = {.id = ID,
		.sequence = ++lab->sequence,
		.cycle = 1,
		.ttl = ttl,
		.flow = flow,
		.sent_ns = lab->now_ns};

	path_on_sent(lab->table, &sent);
	return lab->sequence;
}

static inline struct message_probe_answer
answer_of(const struct lab *lab, uint32_t sequence, uint64_t rtt_us)
{
	return (struct message_probe_answer){.id = ID,
		.sequence = sequence,
		.kind = PROBE_ANSWER_ICMP,
		.icmp_type = 11,
		.ttl = 60,
		.received_ns = lab->now_ns + rtt_us * 1000};
}

static inline void
answer_router(struct lab *lab, uint32_t sequence, uint8_t n, uint8_t way, uint64_t rtt_us)
{
	struct message_probe_answer answer = answer_of(lab, sequence, rtt_us);

	answer.from = router(n, way);
	path_on_answer(lab->table, &answer);
}

static inline void
answer_target(struct lab *lab, uint32_t sequence, uint64_t rtt_us)
{
	struct message_probe_answer answer = answer_of(lab, sequence, rtt_us);

	answer.kind = PROBE_ANSWER_ECHO;
	answer.from = target;
	path_on_answer(lab->table, &answer);
}

static inline void
answer_error(struct lab *lab, uint32_t sequence, uint8_t n, uint8_t type, uint8_t code)
{
	struct message_probe_answer answer = answer_of(lab, sequence, 100);

	answer.from = router(n, 0);
	answer.icmp_type = type;
	answer.icmp_code = code;
	path_on_answer(lab->table, &answer);
}

static inline void
pass(struct lab *lab, uint64_t ms)
{
	lab->now_ns += ms * MS;
	path_tick(lab->table, lab->now_ns);
}

static inline const struct hop *
hop(const struct lab *lab, unsigned ttl)
{
	return &lab->path->hops[ttl - 1];
}

/* A cycle over `routers` routers and the target; bit n of lost: the answer of ttl n is lost. */
static inline void
cycle(struct lab *lab, uint8_t routers, uint32_t lost)
{
	for (uint8_t ttl = 1; ttl <= routers + 1; ttl++) {
		const uint32_t sequence = send_probe(lab, ttl, 0);
		if ((lost >> ttl & 1) != 0)
			continue;
		if (ttl <= routers)
			answer_router(lab, sequence, ttl, 0, ttl * 1000U);
		else
			answer_target(lab, sequence, ttl * 1000U);
	}
	pass(lab, TIMEOUT_MS + 1);
}

#endif
