/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the path changed. A flow keeps its header fields, so another router at the same ttl means
 * that the path is another one, unless a router before it chooses a way for each packet. Then the
 * routers alternate in short runs, and what was taken for changes at first is taken back.
 */
#include <config.h>

#include "path_private.h"

enum {
	WAY_LEAST = 2,  /* answers in a row that make a way */
	RUN_SHORT = 8,  /* a run below this ended soon */
	RUNS_SHORT = 3, /* so many of them are no accident */
	RUN_CALM = 32,  /* a run of this length is a way that is kept */
};

static void
add_change(struct path *path, const struct path_probe *probe, const struct path_run *run,
	const struct address *to)
{
	path->changes[path->change_count % PATH_CHANGES_MAX] =
		(struct path_change){.time_ns = run->began_ns,
			.ttl = probe->ttl,
			.flow = probe->flow,
			.from = run->way,
			.to = *to};
	path->change_count++;
}

/* Of those that are remembered. */
static void
take_back_changes(struct path *path, const struct path_probe *probe, uint64_t since_ns)
{
	const uint32_t kept =
		path->change_count < PATH_CHANGES_MAX ? path->change_count : PATH_CHANGES_MAX;
	struct path_change left[PATH_CHANGES_MAX];
	uint32_t count = 0;

	for (uint32_t i = path->change_count - kept; i < path->change_count; i++) {
		const struct path_change *const change = &path->changes[i % PATH_CHANGES_MAX];

		if (change->ttl != probe->ttl || change->flow != probe->flow ||
			change->time_ns < since_ns)
			left[count++] = *change;
	}
	path->change_count -= kept - count;
	for (uint32_t i = 0; i < count; i++)
		path->changes[(path->change_count - count + i) % PATH_CHANGES_MAX] = left[i];
}

/* Another router than the last one answers. */
static void
end_run(struct path *path, const struct path_probe *probe, struct path_run *run, uint64_t now_ns)
{
	if (run->length != 0 && run->length < RUN_SHORT && run->short_runs < UINT16_MAX)
		run->short_runs++;
	if (run->short_runs >= RUNS_SHORT && !run->is_balanced) {
		run->is_balanced = true;
		path->hops[probe->ttl - 1].balanced = true;
		take_back_changes(path, probe, run->calm_ns);
	}
	run->length = 0;
	run->began_ns = now_ns;
}

static void
become_calm(struct path_run *run, uint64_t now_ns)
{
	run->short_runs = 0;
	run->is_balanced = false;
	run->calm_ns = now_ns;
}

void
path_change_note(struct path_entry *entry, const struct path_probe *probe,
	const struct address *from, uint64_t now_ns)
{
	struct path_run *const run = &entry->runs[probe->ttl - 1][probe->flow];
	struct address *const last = &entry->flow_address[probe->ttl - 1][probe->flow];

	if (run->length == 0 || address_compare(last, from) != 0)
		end_run(&entry->path, probe, run, now_ns);
	*last = *from;
	if (run->length < UINT16_MAX)
		run->length++;
	if (run->length == RUN_CALM)
		become_calm(run, now_ns);
	if (run->length != WAY_LEAST || (run->is_way && address_compare(&run->way, from) == 0))
		return;
	if (run->is_way && !run->is_balanced)
		add_change(&entry->path, probe, run, from);
	run->way = *from;
	run->is_way = true;
}
