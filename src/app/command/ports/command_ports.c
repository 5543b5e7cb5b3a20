/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch ports`: the budget of local ports of each destination. */
#include <config.h>

#include "app/command/command.h"

#include <stdlib.h>

#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/report/ports_report.h>

#include "app/command/rows/rows_run.h"

struct budgeting {
	struct port_budget budget;
	struct destination_row *rows;
};

static void
update(void *context, const struct model *model)
{
	struct budgeting *const budgeting = context;

	port_budget_update(&budgeting->budget, model);
}

/* Of two that are as near to the end, the one with more ports comes first. */
static int
compare(const void *left, const void *right)
{
	const struct destination_row *const a = left, *const b = right;

	return (a->destination->used < b->destination->used) -
	       (a->destination->used > b->destination->used);
}

static void
add(void *context, struct row_order *order)
{
	struct budgeting *const budgeting = context;
	const uint32_t count = port_budget_count(&budgeting->budget);

	budgeting->rows = calloc(count, sizeof *budgeting->rows);
	order->left_out += port_budget_refused(&budgeting->budget);
	if (budgeting->rows == NULL) {
		order->left_out += count;
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		budgeting->rows[i] = (struct destination_row){
			&budgeting->budget, port_budget_at(&budgeting->budget, i)};
	qsort(budgeting->rows, count, sizeof *budgeting->rows, compare);
	for (uint32_t i = 0; i < count; i++)
		row_order_add(order, i, &budgeting->rows[i], NULL);
}

static void
add_words(void *context, const struct model *model, struct buffer *out)
{
	const struct budgeting *const budgeting = context;

	ports_report_spaces(&budgeting->budget, model, out);
	ports_report_full(&budgeting->budget, model, out);
}

int
command_ports(struct options *options)
{
	static const struct rows_kind kind = {.columns = destination_columns,
		.has_rates = true,
		.order = "used_pct",
		.update = update,
		.add = add,
		.add_words = add_words};
	struct budgeting budgeting = {.rows = NULL};
	int status;

	port_budget_init(&budgeting.budget);
	status = rows_run(options, &kind, &budgeting);
	port_budget_fini(&budgeting.budget);
	free(budgeting.rows);
	return status;
}
