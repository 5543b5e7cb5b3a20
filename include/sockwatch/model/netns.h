/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network namespace. The stream's numbers are those of one collector. When the collector is
 * started again our numbers stay, and the inodes show which namespace is which.
 */
#ifndef SOCKWATCH_MODEL_NETNS_H
#define SOCKWATCH_MODEL_NETNS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/counters.h>

struct netns_private;

struct netns_row {
	uint32_t id; /* the stream's number; 0: the collector has not named it since it restarted */
	uint16_t index; /* ours */
	bool gone;
	int32_t error;
	uint64_t inode;
	uint32_t name; /* intern */
	uint32_t pid;
	uint32_t sockets;   /* listed by the last complete dumps */
	int32_t dump_error; /* errno of the last dump, or 0 */
	struct counters counters;
	struct netns_private *own; /* what only the model's own files need */
};

#endif
