/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "words_path.h"

#include <math.h>
#include <stdio.h>

#include "tui/paths/paths_row.h"
#include "tui/paths/paths_text.h"

/* The path to the peer; to its port rather than to another. NULL: none was probed. */
static const struct path *
find_path(const struct facts_source *source)
{
	const struct path *path, *found = NULL;

	for (size_t i = 0; (path = path_table_at(source->model->paths, i)) != NULL; i++) {
		if (!paths_row_is_to(source->model, &path->start, source->row))
			continue;
		if (path->start.port == source->row->remote_port)
			return path;
		if (found == NULL)
			found = path;
	}
	return found;
}

void
words_path(const struct facts_source *source, char *out, size_t size)
{
	const struct path *const path = find_path(source);
	const struct hop *target;
	struct paths_rtts rtts = {.kernel_us = (double)NAN, .handshake_us = (double)NAN};
	char protocol[24], loss[32] = "", verdict[256];
	uint64_t us;

	if (path == NULL)
		return;
	target = paths_target_hop(path);
	if (target != NULL && !isnan(target->loss))
		snprintf(loss, sizeof loss, ", loss %.1f%%", target->loss * 100);
	if (tcp_info_get(&source->row->tcp, TCP_INFO_rtt, &us) && us != 0)
		rtts.kernel_us = (double)us;
	paths_protocol(&path->start, protocol, sizeof protocol);
	paths_verdict(path, &rtts, verdict, sizeof verdict);
	snprintf(out, size, "%s%s, %u hop%s%s: %s", protocol, path->running ? "" : ", stopped",
		(unsigned)path->hop_count, path->hop_count == 1 ? "" : "s", loss, verdict);
}

bool
words_path_rtt(const struct facts_source *source, double *us)
{
	const struct path *const path = find_path(source);
	const struct hop *const target = path != NULL ? paths_target_hop(path) : NULL;

	if (target == NULL || target->received == 0)
		return false;
	*us = target->mean_us;
	return true;
}
