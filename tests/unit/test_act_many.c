/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F9 on many: the command that closes the same sockets, and tags. */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <string.h>

#include "sockets.h"
#include "tui/action/ss_command.h"
#include "tui/table/tags.h"

static const char *
command(const struct model *model, const uint32_t *ids, size_t count)
{
	static char text[512];

	ss_command_many(model, ids, count, text, sizeof text);
	return text;
}

/* What they have in common, but only where that fits no other socket. */
static void
command_closes_the_same(void **state)
{
	static const uint32_t waiting[] = {0, 1, 2}, two[] = {0, 1}, mixed[] = {0, 3}, udp[] = {6};
	static const uint32_t to_one[] = {3, 4}, both[] = {0, 6};
	struct model *model = sockets_model();

	(void)state;
	sockets_connection(model, TCP_STATE_CLOSE_WAIT, "10.0.0.2", 1000);
	sockets_connection(model, TCP_STATE_CLOSE_WAIT, "10.0.0.2", 1001);
	sockets_connection(model, TCP_STATE_CLOSE_WAIT, "10.0.0.3", 1002);
	sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.4", 1003);
	sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.4", 1004);
	sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 443, "0.0.0.0", 0);
	sockets_add(model, IPPROTO_UDP, TCP_STATE_CLOSED, "10.0.0.1", 53, "0.0.0.0", 0);
	assert_string_equal(
		command(model, waiting, 3), "ss -K -t state close-wait src 10.0.0.1 sport = :443");
	assert_string_equal(command(model, two, 2),
		"ss -K -t state close-wait src 10.0.0.1 sport = :443 dst 10.0.0.2");
	assert_string_equal(command(model, to_one, 2),
		"ss -K -t state established src 10.0.0.1 sport = :443 dst 10.0.0.4");
	/* Others fit what these two have in common. */
	assert_string_equal(command(model, mixed, 2),
		"ss -K -t src 10.0.0.1 sport = :443 dst 10.0.0.2 dport = :1000  and so on, 2 "
		"commands, one for each");
	assert_non_null(strstr(command(model, both, 2), "and so on, 2 commands"));
	assert_string_equal(command(model, udp, 1), "ss -K -ua src 10.0.0.1 sport = :53");
	/* One that has ended fits nothing any more. */
	socket_table_set_closed(&model->sockets, socket_table_row(&model->sockets, 1));
	assert_string_equal(command(model, mixed, 1),
		"ss -K -t src 10.0.0.1 sport = :443 dst 10.0.0.2 dport = :1000");
	socket_table_set_closed(&model->sockets, socket_table_row(&model->sockets, 2));
	socket_table_set_closed(&model->sockets, socket_table_row(&model->sockets, 4));
	assert_string_equal(command(model, mixed, 2), "ss -K -ta src 10.0.0.1 sport = :443");
	model_free(model);
}

static void
tags_go_with_their_sockets(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *rows[4];
	struct tags tags;
	uint32_t ids[4];

	(void)state;
	tags_init(&tags);
	for (size_t i = 0; i < 4; i++)
		rows[i] = sockets_connection(
			model, TCP_STATE_ESTABLISHED, "10.0.0.2", (uint16_t)(1000 + i));
	assert_int_equal(tags_sockets(&tags, model, ids, 4), 0);
	for (size_t i = 1; i < 4; i++)
		assert_int_equal(tags_toggle(&tags, rows[i]), 0);
	assert_int_equal(tags_toggle(&tags, rows[2]), 0); /* again: no tag */
	assert_int_equal(tags_count(&tags), 2);
	assert_false(tags_has(&tags, rows[0]));
	assert_false(tags_has(&tags, rows[2]));
	assert_int_equal(tags_sockets(&tags, model, ids, 1), 2);
	assert_int_equal(ids[0], 1);
	assert_int_equal(tags_sockets(&tags, model, ids, 4), 2);
	assert_int_equal(ids[1], 3);
	socket_table_set_closed(&model->sockets, rows[3]);
	assert_int_equal(tags_sockets(&tags, model, ids, 4), 1);
	tags_prune(&tags, model);
	assert_int_equal(tags_count(&tags), 1);
	assert_true(tags_has(&tags, rows[1]));
	tags_clear(&tags);
	assert_int_equal(tags_count(&tags), 0);
	assert_false(tags_has(&tags, rows[1]));
	tags_fini(&tags);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_closes_the_same),
		cmocka_unit_test(tags_go_with_their_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
