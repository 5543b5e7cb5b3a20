/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parsers of /proc and of files of container engines. The first byte chooses which parser
 * gets the rest; what it returns must lie within what it was given.
 */
#include <config.h>

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/cgroup/cgroup_path.h"
#include "collector/proc/cgroup/container_names.h"
#include "collector/proc/owner/fd_scan.h"
#include "collector/proc/pid_file.h"
#include "fuzz.h"

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
require_within(struct text part, struct text whole)
{
	require(part.len == 0 ||
		(part.data >= whole.data && part.data + part.len <= whole.data + whole.len));
}

static void
check_cgroup(struct text text)
{
	char out[64];
	struct text unified;
	const struct text chosen = cgroup_path_choose(text, &unified);
	const struct cgroup_path path = cgroup_path_explain(chosen, out, sizeof out);

	require_within(chosen, text);
	require_within(unified, text);
	require_within(path.unit, chosen);
	if (path.container.data != out)
		require_within(path.container, chosen);
	else
		require(path.container.len <= sizeof out);
	require(path.name.len == 0 || text_equal(path.name, path.container));
}

static void
check_stat(struct text text)
{
	struct pid_stat stat;

	if (pid_stat_parse(text, &stat) == 0)
		require_within(stat.comm, text);
}

static void
check_mount(struct text text)
{
	char point[32];

	if (cgroup_names_parse_mount(text, point, sizeof point))
		require(strnlen(point, sizeof point) < sizeof point);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text text;
	char *copy;

	if (len < 2)
		return 0;
	/* A copy of the exact size, so that a sanitizer sees a step too far. */
	copy = malloc(len - 1);
	if (copy == NULL)
		return 0;
	memcpy(copy, data + 1, len - 1);
	text = (struct text){copy, len - 1};
	switch (data[0]) {
	case 'c': check_cgroup(text); break;
	case 's': check_stat(text); break;
	case 'm': check_mount(text); break;
	case 'l': (void)fd_scan_parse_link(text.data, text.len); break;
	case 'd': require_within(container_names_parse(text), text); break;
	default: break;
	}
	free(copy);
	return 0;
}
