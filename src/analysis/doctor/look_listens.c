/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ports on which somebody listens: what else has one of them was accepted, not opened here. */
#include <config.h>

#include "doctor_private.h"

/* Once a look, and only as far as the last listener in the table. */
static void
gather(const struct look *look)
{
	struct keyed *const listening = &look->doctor->listening;
	const struct socket_table *const table = &look->model->sockets;
	uint32_t left = table->by_state[0][TCP_STATE_LISTEN];

	keyed_clear(listening);
	for (uint32_t id = 0; id < table->used && left > 0; id++) {
		const struct socket_row *const row = socket_table_row(table, id);
		const struct tally_key key = {.netns = row->netns, .port = row->local_port};

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0 ||
			row->state != TCP_STATE_LISTEN)
			continue;
		left--;
		(void)keyed_get(listening, &key);
	}
}

bool
look_listens(const struct look *look, uint16_t netns, uint16_t port)
{
	struct doctor *const doctor = look->doctor;
	const struct tally_key key = {.netns = netns, .port = port};

	if (doctor->listening_looks != doctor->looks) {
		doctor->listening_looks = doctor->looks;
		gather(look);
	}
	return keyed_find(&doctor->listening, &key) != NULL;
}
