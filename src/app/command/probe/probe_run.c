/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a run of `sockwatch probe` ask of it. */
#include <config.h>

#include "probe_run.h"

#include <sockwatch/model/model.h>

const struct path *
probe_run_path(const struct probe_run *run, size_t target)
{
	return run->model == NULL
		       ? NULL
		       : path_table_find(run->model->paths, run->targets[target].start.id);
}

bool
probe_run_wants_names(const struct probe_run *run)
{
	return run->resolver != NULL && !run->options->settings.numeric;
}
