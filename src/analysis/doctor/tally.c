/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of what a sweep counts. */
#include <config.h>

#include "tally.h"

#include <assert.h>

static_assert(sizeof(struct tally_key) == 24, "keys are compared as bytes and must have no holes");

struct tally_key
tally_process_key(const struct look *look, const struct socket_row *row)
{
	const struct process_row *const process = model_socket_process(look->model, row);

	return (struct tally_key){
		.netns = row->netns, .number = process != NULL ? process->pid : 0};
}

uint64_t
tally_key_hash(const struct tally_key *key)
{
	const uint64_t hash = map_hash_bytes(key, sizeof *key, 0);

	return hash != 0 ? hash : 1;
}
