/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that wait for the end of their refresh: in memory, and beyond the bound in a file. */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <stdio.h>

#include <sockwatch/model/model.h>

#include "source/pending.h"
#include "stream_echo.h"

enum { USERS = 40 };

/* Keeps a message about each user from first on; names of every length, so that all are padded. */
static void
add_users(struct pending *pending, uint32_t first, uint32_t count)
{
	struct stream_echo echo;
	struct record record;
	struct error error;

	stream_echo_open(&echo);
	for (uint32_t uid = first; uid < first + count; uid++) {
		char name[64];
		const int len = snprintf(
			name, sizeof name, "user%u-%.*s", uid, (int)(uid % 16), "................");
		const struct message_user user = {.uid = uid, .name = {name, (size_t)len}};

		assert_int_equal(stream_write_message(echo.writer, MESSAGE_USER, &user), 0);
		assert_int_equal(stream_flush(echo.writer), 0);
		assert_int_equal(stream_reader_next(echo.reader, &record, &error), 1);
		assert_int_equal(pending_add(pending, &record), 0);
	}
	stream_echo_close(&echo);
}

static void
assert_users(const struct model *model, uint32_t first, uint32_t count)
{
	for (uint32_t uid = first; uid < first + count; uid++) {
		char prefix[16];

		snprintf(prefix, sizeof prefix, "user%u-", uid);
		assert_non_null(model_user(model, uid));
		assert_memory_equal(model_user(model, uid), prefix, strlen(prefix));
	}
}

static void
waits_until_it_is_applied(void **state)
{
	static const size_t bounds[] = {1, 150, 1000, PENDING_MEMORY_MAX};

	(void)state;
	unit_each (i, bounds) {
		struct model *const model = model_new(0);
		FILE *const spill = tmpfile();
		struct pending pending;

		assert_non_null(spill);
		pending_init(&pending, bounds[i], spill);
		add_users(&pending, 1000, USERS);
		assert_int_equal(pending.has_spilled, bounds[i] != PENDING_MEMORY_MAX);
		assert_null(model_user(model, 1000));
		assert_int_equal(pending_apply(&pending, model), 0);
		assert_users(model, 1000, USERS);
		assert_int_equal(model->bad_records, 0);

		/* Nothing waits any more; then the next refresh. */
		assert_false(pending.has_spilled);
		assert_int_equal(pending.memory.len, 0);
		add_users(&pending, 2000, 3);
		assert_int_equal(pending_apply(&pending, model), 0);
		assert_users(model, 2000, 3);

		/* The last one never ends. */
		add_users(&pending, 3000, USERS);
		pending_fini(&pending);
		assert_null(model_user(model, 3000));
		model_free(model);
		fclose(spill);
	}
}

/* Where no file could be had, what does not fit into memory is refused. */
static void
refuses_without_a_file(void **state)
{
	static const uint8_t bytes[4];
	const struct record record = {.kind = RECORD_MESSAGE, .data = bytes, .len = sizeof bytes};
	struct pending pending;

	(void)state;
	pending_init(&pending, 1, NULL);
	assert_int_equal(pending_add(&pending, &record), 0);
	assert_int_equal(pending_add(&pending, &record), -ENOSPC);
	pending_fini(&pending);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_until_it_is_applied),
		cmocka_unit_test(refuses_without_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
