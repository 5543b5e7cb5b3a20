/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A path for tests: three hops, and nothing is wrong with it. */
#ifndef SOCKWATCH_TESTS_UNIT_PATH_MADE_H
#define SOCKWATCH_TESTS_UNIT_PATH_MADE_H

#include <stdlib.h>
#include <string.h>

#include <sockwatch/model/path.h>

#include "unit.h"

static inline struct address
path_make_address(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, strlen(text), &address, NULL), 0);
	return address;
}

/* Reached over three hops; all of 100 probes were answered. Free it. */
static inline struct path *
path_make(void)
{
	struct path *const path = calloc(1, sizeof *path);

	assert_non_null(path);
	path->start = (struct message_probe_start){.protocol = PROBE_PROTOCOL_TCP,
		.port = 443,
		.first_ttl = 1,
		.target = path_make_address("203.0.113.9")};
	path->running = path->reached = true;
	path->method = PROBE_METHOD_RAW;
	path->hop_count = 3;
	path->cycle = 100;
	for (unsigned i = 0; i < 3; i++)
		path->hops[i] = (struct hop){.ttl = (uint8_t)(i + 1),
			.address_count = 1,
			.sent = 100,
			.received = 100,
			.loss = 0};
	path->hops[0].addresses[0].address = path_make_address("10.0.0.1");
	path->hops[1].addresses[0].address = path_make_address("10.0.1.1");
	path->hops[2].addresses[0].address = path->start.target;
	path->hops[2].target = true;
	path->hops[2].mean_us = 12100;
	path->hops[2].jitter_us = 400;
	return path;
}

#endif
