/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What messages about processes do to their table. */
#include <config.h>

#include "feed.h"
#include "unit.h"

/* Of a process that is not known nothing is kept; a pid that is another's now begins unknown. */
static void
descriptors_of_processes(void **state)
{
	const uint64_t open[] = {UINT64_C(7) << 32 | 256, UINT64_C(8) << 32 | 9};
	const uint64_t limits[] = {UINT64_C(7) << 32};
	const struct message_descriptors both = {.open = {open, 2}, .limits = {limits, 1}};
	struct feed feed = feed_new();
	const struct process_row *row;

	(void)state;
	feed_process(&feed, 7, 100, "nginx");
	row = process_table_find(&feed.model->processes, 7);
	assert_false(row->has_open_files);
	assert_false(row->has_files_limit);
	feed_message(&feed, MESSAGE_DESCRIPTORS, &both);
	assert_true(row->has_open_files);
	assert_int_equal(row->open_files, 256);
	assert_true(row->has_files_limit);
	assert_int_equal(row->files_limit, 0);
	assert_null(process_table_find(&feed.model->processes, 8));
	feed_process(&feed, 7, 100, "nginx: worker");
	row = process_table_find(&feed.model->processes, 7);
	assert_int_equal(row->open_files, 256);
	feed_process(&feed, 7, 101, "sh");
	row = process_table_find(&feed.model->processes, 7);
	assert_false(row->has_open_files);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_of_processes),
	};

	return cmocka_run_group_tests_name("apply_process", tests, NULL, NULL);
}
