/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch list --listeners`: the listeners of TCP and what belongs to them. */
#include <config.h>

#include "list_listeners.h"

#include <stdlib.h>

#include <sockwatch/analysis/listener.h>
#include <sockwatch/report/listeners_report.h>
#include <sockwatch/stream/needs.h>

#include "app/command/rows/rows_run.h"

struct listing {
	struct listener_table table;
	struct listener_row *rows;
};

static void
update(void *context, const struct model *model)
{
	struct listing *const listing = context;

	listener_table_update(&listing->table, model);
}

static void
add(void *context, struct row_order *order)
{
	struct listing *const listing = context;
	const uint32_t count = listener_table_count(&listing->table);

	listing->rows = calloc(count, sizeof *listing->rows);
	if (listing->rows == NULL)
		order->left_out += count;
	for (uint32_t i = 0; listing->rows != NULL && i < count; i++) {
		listing->rows[i] = (struct listener_row){
			&listing->table, listener_table_at(&listing->table, i)};
		row_order_add(order, listing->rows[i].listener->cookie, &listing->rows[i], NULL);
	}
	order->left_out += listener_table_refused(&listing->table);
}

static void
add_words(void *context, const struct model *model, struct buffer *out)
{
	const struct listing *const listing = context;

	listeners_report_facts(&listing->table, model, out);
}

int
list_listeners(const struct options *options)
{
	static const struct rows_kind kind = {.columns = listener_columns,
		.no_group =
			"--group is for sockets; listeners of one port are put together by --sort local_port",
		.update = update,
		.add = add,
		.word_needs = NEED_COUNTERS | NEED_SYSCTLS,
		.add_words = add_words};
	struct listing listing = {.rows = NULL};
	int status;

	listener_table_init(&listing.table);
	status = rows_run(options, &kind, &listing);
	listener_table_fini(&listing.table);
	free(listing.rows);
	return status;
}
