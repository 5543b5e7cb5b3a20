/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network namespace. The stream's numbers are those of one collector. When the collector is
 * started again our numbers stay, and the inodes show which namespace is which.
 */
#ifndef SOCKWATCH_MODEL_NETNS_H
#define SOCKWATCH_MODEL_NETNS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/text.h>
#include <sockwatch/model/counters.h>

struct netns_private;

/* Namespaces at most; more are refused and counted (LOSS_BOUNDED). */
enum { MODEL_NETNS_MAX = 4096 };

struct netns_row {
	uint32_t id; /* the stream's number; 0: the collector has not named it since it restarted */
	uint16_t index; /* ours */
	bool gone;
	bool name_gone; /* it is alive, but its name, or the pid that it was asked by, is not */
	int32_t error;
	uint64_t inode;
	uint32_t name; /* intern */
	uint32_t pid;
	uint32_t sockets;   /* listed by the last complete dumps */
	int32_t dump_error; /* errno of the last dump, or 0 */
	struct counters counters;
	struct netns_private *own; /* what only the model's own files need */
};

struct model;

enum { NETNS_LABEL_SIZE = 40 };
/*
 * The name that ip netns has for it (not clean), "own", or else what readlink /proc/PID/ns/net
 * shows. It may stand in out, which lives with the caller.
 */
struct text netns_label(
	const struct model *model, const struct netns_row *netns, char out[NETNS_LABEL_SIZE]);

#endif
