/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses with their zone as fields: what columns, reports and groups make of one address on two
 * links, of sockets bound to a device, and of wildcards of one family or both.
 */
#include <config.h>

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/view.h>

#include "analysis/field/value.h"
#include "sockets.h"

static void
name_link(struct model *model, uint32_t ifindex, const char *name)
{
	assert_int_equal(
		map_set(&model->links, ifindex, intern_add(model->texts, text_of(name))), 0);
}

static void
check_shown(const struct model *model, const struct socket_row *row, const char *name,
	size_t columns, const char *expected)
{
	const struct field_context context = {.model = model};
	const struct field *const field = sockets_field(name);
	struct value value;
	char out[256];

	field_get(field, &context, row, &value);
	field_format(field, &context, &value, columns, out, sizeof out);
	if (strcmp(out, expected) != 0)
		fail_msg("%s in %zu columns: \"%s\", not \"%s\"", name, columns, out, expected);
	assert_int_equal(
		field_format(field, &context, &value, columns, out, sizeof out), strlen(out));
}

static void
wildcards_as_in_ss(void **state)
{
	struct model *const model = sockets_model();
	struct socket_row *const v4 =
		sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 1001, "0.0.0.0", 0);
	struct socket_row *const dual =
		sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "::", 1002, "::", 0);
	struct socket_row *const v6 =
		sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "::", 1003, "::", 0);

	(void)state;
	v6->flags |= SOCKET_V6ONLY;
	check_shown(model, v4, "local", 0, "0.0.0.0:1001");
	check_shown(model, dual, "local", 0, "*:1002");
	check_shown(model, v6, "local", 0, "[::]:1003");
	check_shown(model, v4, "remote", 0, "0.0.0.0:*");
	check_shown(model, dual, "remote", 0, "*:*");
	check_shown(model, v6, "remote", 0, "[::]:*");
	/* Bound to a device. */
	v4->ifindex = dual->ifindex = v6->ifindex = 4;
	check_shown(model, dual, "local", 0, "*%4:1002");
	name_link(model, 4, "e0");
	check_shown(model, v4, "local", 0, "0.0.0.0%e0:1001");
	check_shown(model, dual, "local", 0, "*%e0:1002");
	check_shown(model, v6, "local", 0, "[::]%e0:1003");
	check_shown(model, dual, "remote", 0, "*:*");
	check_shown(model, dual, "local_addr", 0, "::");
	check_shown(model, dual, "interface", 0, "e0");
	model_free(model);
}

static void
addresses_with_their_zone(void **state)
{
	struct model *const model = sockets_model();
	struct socket_row *const row = sockets_add(
		model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "fe80::1", 5000, "fe80::2", 80);
	struct socket_row *const routed = sockets_add(
		model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "2001:db8::1", 5000, "2001:db8::2", 80);
	struct socket_row *const v4 =
		sockets_add(model, IPPROTO_UDP, TCP_STATE_CLOSED, "127.0.0.53", 53, "0.0.0.0", 0);

	(void)state;
	row->ifindex = routed->ifindex = v4->ifindex = 7;
	name_link(model, 7, "wlp0s20f3");
	check_shown(model, row, "local", 0, "[fe80::1]%wlp0s20f3:5000");
	check_shown(model, row, "remote", 0, "[fe80::2]%wlp0s20f3:80");
	check_shown(model, row, "local_addr", 0, "fe80::1%wlp0s20f3");
	check_shown(model, row, "remote_addr", 0, "fe80::2%wlp0s20f3");
	check_shown(model, row, "remote_addr", 17, "fe80::2%wlp0s20f3");
	check_shown(model, row, "remote_addr", 16, "fe..:2%wlp0s20f3");
	/* The link is said with our address; the peer's needs none. */
	check_shown(model, routed, "local", 0, "[2001:db8::1]%wlp0s20f3:5000");
	check_shown(model, routed, "remote", 0, "[2001:db8::2]:80");
	check_shown(model, routed, "local_addr", 0, "2001:db8::1");
	check_shown(model, v4, "local", 0, "127.0.0.53%wlp0s20f3:53");
	check_shown(model, v4, "local_addr", 0, "127.0.0.53");
	model_free(model);
}

/* Two links, and one that has its name in another namespace too. */
static void
groups_keep_links_apart(void **state)
{
	struct model *const model = sockets_model();
	struct view *const view = view_new(model, &socket_fields);
	struct view_line lines[8];

	(void)state;
	name_link(model, 3, "e0");
	name_link(model, 4, "e1");
	for (uint32_t i = 0; i < 5; i++) {
		struct socket_row *const row =
			sockets_add(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "fe80::1",
				(uint16_t)(5000 + i), i < 4 ? "fe80::2" : "10.0.0.9", 80);

		row->ifindex = i < 3 ? 3 : 4;
	}
	view_set_group(view, sockets_field("remote_addr"));
	view_update(view, true);
	assert_int_equal(view_window(view, 0, 8, lines), 3);
	assert_string_equal(lines[0].group->key, "fe80::2%e0");
	assert_int_equal(lines[0].group->count, 3);
	view_free(view);
	model_free(model);
}

static void
orders_and_identities(void **state)
{
	struct model *const model = sockets_model();
	struct socket_row *const first = sockets_add(
		model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "fe80::1", 5000, "fe80::2", 80);
	struct socket_row *const second = sockets_add(
		model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "fe80::1", 5000, "fe80::2", 80);
	const struct field_context context = {.model = model};
	const struct field *const field = sockets_field("remote");
	struct identity identity;
	struct value a, b;

	(void)state;
	first->ifindex = 3;
	second->ifindex = 4;
	field_get(field, &context, first, &a);
	field_get(field, &context, second, &b);
	assert_true(value_compare(&a, &b) < 0);
	assert_true(value_compare(&b, &a) > 0);
	assert_int_equal(value_compare(&a, &a), 0);
	/* The first one goes: the same addresses on the other link are another socket. */
	identity_take(&identity, model, 0);
	socket_table_remove(&model->sockets, 0);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wildcards_as_in_ss),
		cmocka_unit_test(addresses_with_their_zone),
		cmocka_unit_test(groups_keep_links_apart),
		cmocka_unit_test(orders_and_identities),
	};

	return cmocka_run_group_tests_name("zone_fields", tests, NULL, NULL);
}
