/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifies what is remembered, because a number of descriptors that stays equal proves nothing: a
 * process may have handed a socket on and received another, or changed its name. Two rotations,
 * each bounded by a part of the owners' credit: known holds (one system call each), and whole
 * processes. A full turn over all processes takes OWNER_VERIFY_TURN_S at most, unless the credit
 * does not suffice for their descriptors.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_VERIFY_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "owner_walk.h"

enum {
	OWNER_VERIFY_TURN_S = 25,
	/* The parts of the credit earned since the last refresh that the rotations may take. */
	OWNER_VERIFY_HOLDS_PART = 400,
	OWNER_VERIFY_PROCESSES_PART = 200,
	/* The part of the credit that earlier phases must leave to the rotation of processes. */
	OWNER_VERIFY_RESERVED_PART = 8,
};

/* Phases of owner_walk: true when finished, false when the slice is over. */
bool owner_verify_holds(struct owner_walk *walk);
bool owner_verify_processes(struct owner_walk *walk);

#endif
