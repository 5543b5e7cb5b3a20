/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the memory of cgroups in and finds it. */
#include <config.h>

#include "cgroup_memory_rows.h"

#include <stdlib.h>
#include <string.h>

#include "model/apply.h"
#include "model/model_private.h"

/* The collector's own bound is 256. */
enum { ROWS_MAX = 1024 };

void
cgroup_memory_rows_clear(struct cgroup_memory_rows *rows)
{
	free(rows->rows);
	*rows = (struct cgroup_memory_rows){.rows = NULL};
}

static struct cgroup_memory_usage *
find(const struct model *model, uint32_t path)
{
	const struct cgroup_memory_rows *const rows = &model->own->cgroup_memory;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->rows[i].path == path)
			return &rows->rows[i];
	return NULL;
}

/* NULL at the bound or without memory. */
static struct cgroup_memory_usage *
get(struct model *model, uint32_t path)
{
	struct cgroup_memory_rows *const rows = &model->own->cgroup_memory;
	struct cgroup_memory_usage *row = find(model, path);

	if (row != NULL || path == 0)
		return row;
	if (rows->rows == NULL)
		rows->rows = calloc(ROWS_MAX, sizeof *rows->rows);
	if (rows->rows == NULL || rows->count == ROWS_MAX)
		return NULL;
	row = &rows->rows[rows->count++];
	*row = (struct cgroup_memory_usage){.path = path};
	return row;
}

static void
take(struct model *model, struct cgroup_memory_usage *row, const struct message_cgroup_memory *from)
{
	*row = (struct cgroup_memory_usage){
		.path = row->path,
		.version = from->version,
		.known = from->known,
		.limit_bytes = from->limit_bytes,
		.usage_bytes = from->usage_bytes,
		.socket_bytes = from->socket_bytes,
		.limit_hits = from->limit_hits,
		.throttled = from->throttled,
		.changed_ns = model->now_ns,
		.previous_limit_hits = row->limit_hits,
		.previous_throttled = row->throttled,
		.previous_ns = row->changed_ns,
	};
}

void
apply_cgroup_memory(struct model *model, const union message_body *body)
{
	const struct message_cgroup_memory *const from = &body->cgroup_memory;
	struct cgroup_memory_rows *const rows = &model->own->cgroup_memory;
	struct cgroup_memory_usage *row;

	model->changes++;
	if (from->path.len == 0) {
		rows->left_out = from->left_out;
		return;
	}
	row = get(model, intern_add(model->texts, from->path));
	if (row == NULL)
		rows->left_out++;
	else if (from->gone != 0)
		*row = rows->rows[--rows->count];
	else
		take(model, row, from);
}

size_t
model_cgroup_memory_count(const struct model *model)
{
	return model->own->cgroup_memory.count;
}

const struct cgroup_memory_usage *
model_cgroup_memory_at(const struct model *model, size_t index)
{
	return &model->own->cgroup_memory.rows[index];
}

uint32_t
model_cgroup_memory_left_out(const struct model *model)
{
	return model->own->cgroup_memory.left_out;
}

/* It is the cgroup itself, or one above it. */
static bool
is_over(const struct model *model, const struct cgroup_memory_usage *row, struct text path)
{
	const struct text above = intern_get(model->texts, row->path);

	return path.len >= above.len && memcmp(path.data, above.data, above.len) == 0 &&
	       (path.len == above.len || path.data[above.len] == '/');
}

static double
fill_of(const struct cgroup_memory_usage *row)
{
	if ((row->known & CGROUP_MEMORY_LIMIT) == 0 || (row->known & CGROUP_MEMORY_USAGE) == 0)
		return -1;
	return row->limit_bytes != 0 ? (double)row->usage_bytes / (double)row->limit_bytes : 1;
}

const struct cgroup_memory_usage *
model_cgroup_memory_nearest(const struct model *model, uint32_t cgroup)
{
	const struct cgroup_memory_rows *const rows = &model->own->cgroup_memory;
	const struct cgroup_memory_usage *nearest = NULL;

	for (size_t i = 0; i < rows->count && cgroup != 0; i++) {
		const struct cgroup_memory_usage *const row = &rows->rows[i];

		if (fill_of(row) >= 0 && is_over(model, row, intern_get(model->texts, cgroup)) &&
			(nearest == NULL || fill_of(row) > fill_of(nearest)))
			nearest = row;
	}
	return nearest;
}
