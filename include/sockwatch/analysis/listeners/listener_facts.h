/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel counts and is set to for all listeners of a network namespace together: drops,
 * SYN cookies, and the settings in force there. It counts none of these by listener, but for the
 * drops (listener->drops).
 */
#ifndef SOCKWATCH_ANALYSIS_LISTENERS_LISTENER_FACTS_H
#define SOCKWATCH_ANALYSIS_LISTENERS_LISTENER_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/model.h>

enum listener_fact_topic {
	LISTENER_FACT_DROPS,
	LISTENER_FACT_COOKIES,
	LISTENER_FACT_SETTINGS,
	LISTENER_FACT_TOPICS,
};

struct listener_fact {
	enum listener_fact_topic topic;
	const char *name;  /* "ListenOverflows", "tcp_syncookies": as the kernel has it */
	const char *brief; /* the same where room is short */
	bool is_known;
	uint64_t value; /* of a counter: since the namespace began */
	bool has_rate;  /* a counter of which two readings are known */
	double a_second;
};

enum { LISTENER_FACTS = 11 };

/* Of this namespace (our number), by topic. */
void listener_facts(
	const struct model *model, uint16_t netns, struct listener_fact facts[LISTENER_FACTS]);

#endif
