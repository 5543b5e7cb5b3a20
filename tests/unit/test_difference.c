/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two looks: which sockets came, went, changed their state, grew; and which are the same. */
#include <config.h>

#include <sockwatch/analysis/difference/difference.h>

#include "sockets.h"
#include "unit.h"

static struct model *before, *after;
static struct difference difference;

static int
open_looks(void **state)
{
	(void)state;
	before = sockets_model();
	after = sockets_model();
	snprintf(before->host.boot_id, sizeof before->host.boot_id, "one");
	snprintf(after->host.boot_id, sizeof after->host.boot_id, "one");
	return 0;
}

static int
close_looks(void **state)
{
	(void)state;
	difference_fini(&difference);
	model_free(before);
	model_free(after);
	return 0;
}

static struct socket_row *
put(struct model *model, uint64_t cookie, enum tcp_state state, uint16_t port, uint16_t peer)
{
	const uint32_t id = socket_table_add(&model->sockets, 0, cookie);
	struct socket_row *const row = socket_table_row(&model->sockets, id);

	row->protocol = IPPROTO_TCP;
	row->family = AF_INET;
	row->local = sockets_address("10.0.0.1");
	row->remote = sockets_address(peer != 0 ? "10.0.0.2" : "0.0.0.0");
	row->local_port = port;
	row->remote_port = peer;
	socket_table_set_state(&model->sockets, row, state);
	return row;
}

static void
expect(size_t came, size_t went, size_t state, size_t grew)
{
	difference_fini(&difference);
	assert_int_equal(difference_take(&difference, before, after), 0);
	assert_int_equal(difference.counts[DIFFERENCE_CAME], came);
	assert_int_equal(difference.counts[DIFFERENCE_WENT], went);
	assert_int_equal(difference.counts[DIFFERENCE_STATE], state);
	assert_int_equal(difference.counts[DIFFERENCE_GREW], grew);
	assert_int_equal(difference.count, came + went + state + grew);
	for (size_t i = 1; i < difference.count; i++)
		assert_true(difference.rows[i - 1].change <= difference.rows[i].change);
}

static const char *
text(size_t row, const char *name)
{
	static char out[512];
	const struct field_context context = {.model = after};
	const struct field *const field = field_find(&difference_fields, name, strlen(name));
	struct value value;

	assert_non_null(field);
	field_get(field, &context, &difference.rows[row], &value);
	(void)value_format(&context, &value, out, sizeof out);
	return out;
}

static void
what_differs(void **state)
{
	(void)state;
	put(before, 1, TCP_STATE_LISTEN, 80, 0);
	put(after, 1, TCP_STATE_LISTEN, 80, 0);
	expect(0, 0, 0, 0);
	put(after, 2, TCP_STATE_ESTABLISHED, 80, 1000);
	put(before, 3, TCP_STATE_LISTEN, 81, 0);
	put(before, 4, TCP_STATE_ESTABLISHED, 80, 1001);
	put(after, 4, TCP_STATE_CLOSE_WAIT, 80, 1001)->receive_queue = 1;
	put(before, 5, TCP_STATE_ESTABLISHED, 80, 1002)->send_queue = 10;
	put(after, 5, TCP_STATE_ESTABLISHED, 80, 1002)->send_queue = 5010;
	expect(1, 1, 1, 1);
	assert_string_equal(text(0, "change"), "came");
	assert_string_equal(text(0, "was"), "");
	assert_string_equal(text(0, "remote_port"), "1000");
	assert_string_equal(text(1, "change"), "went");
	assert_string_equal(text(1, "state"), "LISTEN");
	assert_string_equal(text(1, "local"), "10.0.0.1:81");
	assert_string_equal(text(2, "was"), "ESTABLISHED");
	assert_string_equal(text(2, "state"), "CLOSE-WAIT");
	assert_string_equal(text(2, "grew"), "recv_q +1");
	assert_string_equal(text(3, "grew"), "send_q +5000");
	assert_string_equal(text(3, "send_q_more"), "5000");
	assert_string_equal(text(3, "recv_q_more"), "");
}

/* Less is no difference; of a listener the second queue is its backlog. */
static void
what_grows(void **state)
{
	struct socket_row *row;

	(void)state;
	put(before, 1, TCP_STATE_LISTEN, 80, 0)->send_queue = 5;
	row = put(after, 1, TCP_STATE_LISTEN, 80, 0);
	row->send_queue = 128;
	put(before, 2, TCP_STATE_ESTABLISHED, 80, 1000)->receive_queue = 7;
	put(after, 2, TCP_STATE_ESTABLISHED, 80, 1000)->receive_queue = 6;
	expect(0, 0, 0, 0);
	row->receive_queue = 3;
	expect(0, 0, 0, 1);
	assert_string_equal(text(0, "grew"), "accept_queue +3");
	row->drops = 9;
	assert_string_equal(text(0, "grew"), "accept_queue +3");
	row->has |= SOCKET_HAS_MEMORY;
	socket_table_row(&before->sockets, 0)->has |= SOCKET_HAS_MEMORY;
	assert_string_equal(text(0, "grew"), "accept_queue +3, drops +9");
	assert_string_equal(text(0, "drops_more"), "9");
}

/* A TIME-WAIT has another cookie, and the socket of a request; what was made anew is another. */
static void
same_addresses(void **state)
{
	(void)state;
	put(before, 1, TCP_STATE_FIN_WAIT_2, 80, 1000);
	put(after, 2, TCP_STATE_TIME_WAIT, 80, 1000);
	put(before, 3, TCP_STATE_SYN_RECEIVED, 80, 1001);
	put(after, 4, TCP_STATE_ESTABLISHED, 80, 1001);
	expect(0, 0, 2, 0);
	put(before, 5, TCP_STATE_LISTEN, 80, 0);
	put(after, 6, TCP_STATE_LISTEN, 80, 0);
	put(before, 7, TCP_STATE_ESTABLISHED, 80, 1002);
	put(after, 8, TCP_STATE_ESTABLISHED, 80, 1002);
	expect(2, 2, 2, 0);
	/* After a boot all cookies are others. */
	snprintf(after->host.boot_id, sizeof after->host.boot_id, "two");
	expect(0, 0, 2, 0);
	/* By chance the same one. */
	put(after, 9, TCP_STATE_LISTEN, 82, 0);
	put(before, 9, TCP_STATE_LISTEN, 83, 0);
	expect(1, 1, 2, 0);
}

/* Closed rows stay for a while, and are not there any more. */
static void
closed_rows(void **state)
{
	struct socket_row *row;

	(void)state;
	put(before, 1, TCP_STATE_ESTABLISHED, 80, 1000);
	row = put(after, 1, TCP_STATE_ESTABLISHED, 80, 1000);
	expect(0, 0, 0, 0);
	socket_table_set_closed(&after->sockets, row);
	row->flags |= SOCKET_CLOSED;
	expect(0, 1, 0, 0);
}

/* More than one of the same addresses (SO_REUSEPORT): each is found once. */
static void
twins(void **state)
{
	(void)state;
	snprintf(after->host.boot_id, sizeof after->host.boot_id, "two");
	put(before, 1, TCP_STATE_LISTEN, 80, 0);
	put(before, 2, TCP_STATE_LISTEN, 80, 0);
	put(after, 3, TCP_STATE_LISTEN, 80, 0);
	expect(0, 1, 0, 0);
	assert_string_equal(text(0, "change"), "went");
}

static void
every_field(void **state)
{
	const struct field *columns[32];

	(void)state;
	put(after, 1, TCP_STATE_LISTEN, 80, 0);
	put(before, 2, TCP_STATE_LISTEN, 80, 0);
	expect(1, 1, 0, 0);
	for (size_t i = 0; i < difference_fields.count; i++) {
		const struct field *const field = &difference_fields.fields[i];

		assert_true(
			field_find(&difference_fields, field->name, strlen(field->name)) == field);
		(void)text(0, field->name);
		(void)text(1, field->name);
	}
	assert_true(
		field_parse_list(&difference_fields, difference_columns, columns, 32, NULL) > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_differs, open_looks, close_looks),
		cmocka_unit_test_setup_teardown(what_grows, open_looks, close_looks),
		cmocka_unit_test_setup_teardown(same_addresses, open_looks, close_looks),
		cmocka_unit_test_setup_teardown(closed_rows, open_looks, close_looks),
		cmocka_unit_test_setup_teardown(twins, open_looks, close_looks),
		cmocka_unit_test_setup_teardown(every_field, open_looks, close_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
