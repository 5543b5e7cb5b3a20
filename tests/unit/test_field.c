/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of fields: complete, without contradictions; what its getters read from rows. */
#include <config.h>

#include "model/model_private.h"
#include "model/wire/wire_input.h"
#include "unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/base/error.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/segment.h>

#include "analysis/field/value.h"
#include "sockets.h"

/* The JSON keys that INTERFACE promises, without those that later sources bring. */
static const char keys[] =
	"netns proto family state local_addr local_port remote_addr remote_port interface recv_q "
	"send_q accept_queue backlog uid user inode cookie pid process cmdline cgroup container "
	"no_owner owners timer timer_ms timer_retries keepalive age_s idle_ms congestion mark tos v6only rtt_us "
	"rtt_var_us min_rtt_us rto_us mss_bytes pmtu_bytes cwnd_segments ssthresh_segments "
	"unacked_segments lost_segments retrans_segments retrans_total reordering bytes_sent "
	"bytes_acked bytes_received bytes_retrans segs_out segs_in delivery_rate pacing_rate "
	"send_rate recv_rate app_limited busy_us rwnd_limited_us sndbuf_limited_us "
	"last_data_sent_ms last_data_received_ms last_ack_received_ms rcv_space_bytes "
	"snd_wnd_bytes rcv_wnd_bytes notsent_bytes options mem_receive_bytes mem_send_bytes drops "
	"service remote_name handshake_us opened_by closed_by close_reason";

static bool
is_promised(const char *name)
{
	const size_t len = strlen(name);

	for (const char *at = keys; (at = strstr(at, name)) != NULL; at += len)
		if ((at == keys || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void
test_every_key_is_there(void **state)
{
	char copy[sizeof keys], *rest = copy, *key;

	(void)state;
	memcpy(copy, keys, sizeof keys);
	while ((key = strtok_r(rest, " ", &rest)) != NULL) {
		const struct field *const field = field_find(&socket_fields, key, strlen(key));

		if (field == NULL || strcmp(field->name, key) != 0)
			fail_msg("the key \"%s\" has no row in socket_fields.c", key);
		if ((field->flags & FIELD_REPORT) == 0)
			fail_msg("%s is promised as a key: its row needs FIELD_REPORT", key);
	}
	for (size_t i = 0; i < socket_fields.count; i++) {
		const struct field *const field = &socket_fields.fields[i];

		if ((field->flags & FIELD_REPORT) != 0 && !is_promised(field->name))
			fail_msg("%s is a JSON key by its row: add it to keys[] of this test, and "
				 "to INTERFACE",
				field->name);
	}
}

static const struct field_table *const tables[] = {&socket_fields, &event_fields, &hop_fields};

/* Fails with a sentence that names the row. */
static void
check_row(
	const struct field_table *table, const struct field *field, bool is_right, const char *what)
{
	if (!is_right)
		fail_msg("%s field \"%s\": %s", table->row_name, field->name, what);
}

static bool
is_named(const struct field_table *table, const char *name)
{
	return name == NULL || field_find(table, name, strlen(name)) != NULL;
}

static void
check_whole(const struct field_table *table, const struct field *field)
{
	const bool is_number = field->kind == VALUE_UNSIGNED || field->kind == VALUE_REAL;

	check_row(table, field, field->title != NULL, "it has no title");
	check_row(table, field, field->help != NULL, "it has no help");
	check_row(table, field, field->get != NULL, "it has no getter");
	check_row(table, field, (field->flags & (FIELD_COLUMN | FIELD_REPORT)) != 0,
		"it is neither a column nor a key of a report");
	check_row(table, field, (field->flags & FIELD_SUM) == 0 || field->kind == VALUE_UNSIGNED,
		"only unsigned numbers have sums");
	check_row(table, field, field->unit == UNIT_NONE || is_number,
		"it has a unit and is not a number");
	check_row(table, field, is_named(table, field->order), "no field has the name in .order");
	check_row(table, field, is_named(table, field->port), "no field has the name in .port");
}

static void
test_rows_are_whole(void **state)
{
	(void)state;
	unit_each (i, tables)
		for (size_t j = 0; j < tables[i]->count; j++)
			check_whole(tables[i], &tables[i]->fields[j]);
}

/* The socket table draws any of its fields as a column. */
static void
test_rows_of_sockets_are_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < socket_fields.count; i++) {
		const struct field *const field = &socket_fields.fields[i];

		check_row(&socket_fields, field, (field->flags & FIELD_COLUMN) != 0,
			"it is not a column");
		check_row(&socket_fields, field,
			field->width >= strlen(field->title) || (field->flags & FIELD_STRETCH) != 0,
			"its width is less than its title");
	}
}

static void
check_word(const struct field_table *table, const struct field *field, const char *word)
{
	const struct field *const found = field_find(table, word, strlen(word));

	if (found != field)
		fail_msg("%s field \"%s\": its word \"%s\" means %s", table->row_name, field->name,
			word, found != NULL ? found->name : "nothing");
}

/* A word that means two fields would find the first only. */
static void
test_words_are_unique(void **state)
{
	(void)state;
	unit_each (i, tables) {
		for (size_t j = 0; j < tables[i]->count; j++) {
			const struct field *const field = &tables[i]->fields[j];
			char copy[128], *rest = copy, *word;

			check_word(tables[i], field, field->name);
			snprintf(copy, sizeof copy, "%s", field->alias != NULL ? field->alias : "");
			while ((word = strtok_r(rest, " ", &rest)) != NULL)
				check_word(tables[i], field, word);
		}
	}
}

static void
test_find(void **state)
{
	static const struct {
		const char *word, *name;
	} cases[] = {
		{"rtt", "rtt_us"},
		{"RTT", "rtt_us"},
		{"retrans", "retrans_total"},
		{"cwnd", "cwnd_segments"},
		{"sport", "local_port"},
		{"raddr", "remote_addr"},
		{"local-port", "local_port"},
		{"idle", "idle_ms"},
		{"age", "age"},
		{"nonsense", NULL},
		{"", NULL},
		{"_us", NULL},
	};

	(void)state;
	unit_each (i, cases) {
		const struct field *field =
			field_find(&socket_fields, cases[i].word, strlen(cases[i].word));

		if (cases[i].name == NULL && field != NULL)
			fail_msg("\"%s\" finds %s, not nothing", cases[i].word, field->name);
		if (cases[i].name != NULL &&
			(field == NULL || strcmp(field->name, cases[i].name) != 0))
			fail_msg("\"%s\" finds %s, not %s", cases[i].word,
				field != NULL ? field->name : "nothing", cases[i].name);
	}
}

static void
test_suggest(void **state)
{
	static const struct {
		const char *word, *name;
	} cases[] = {
		{"proces", "process"},
		{"porcess", "process"},
		{"rttt", "rtt_us"},
		{"congestoin", "congestion"},
		{"bytes_recieved", "bytes_received"},
	};

	(void)state;
	unit_each (i, cases) {
		const char *name =
			field_suggest(&socket_fields, cases[i].word, strlen(cases[i].word));

		if (name == NULL || strcmp(name, cases[i].name) != 0)
			fail_msg("\"%s\" suggests %s, not %s", cases[i].word,
				name != NULL ? name : "nothing", cases[i].name);
	}
	assert_null(field_suggest(&socket_fields, "xyzzy", 5));
}

static void
test_parse_list(void **state)
{
	const struct field *fields[4];
	struct error error;

	(void)state;
	assert_int_equal(
		field_parse_list(&socket_fields, "state, rtt,owner", fields, 4, &error), 3);
	assert_string_equal(fields[1]->name, "rtt_us");
	assert_int_equal(
		field_parse_list(&socket_fields, "state,rtx,owner", fields, 4, &error), -EINVAL);
	assert_int_equal(error.position, 6);
	assert_non_null(strstr(error.text, "rtx"));
	assert_int_equal(
		field_parse_list(&socket_fields, "state,,rtt", fields, 4, &error), -EINVAL);
	assert_int_equal(error.position, 6);
	assert_int_equal(field_parse_list(&socket_fields, "", fields, 4, &error), -EINVAL);
	assert_int_equal(
		field_parse_list(&socket_fields, "uid,pid,rtt,tos,mark", fields, 4, &error),
		-EINVAL);
	assert_int_equal(error.position, 16);
}

static void
test_sets_hold_fields(void **state)
{
	const struct field *fields[32];
	struct error error;

	(void)state;
	for (size_t i = 0; i < socket_field_set_count; i++) {
		if (field_parse_list(
			    &socket_fields, socket_field_sets[i].fields, fields, 32, &error) < 0)
			fail_msg("the set %s of field_sets.c: %s", socket_field_sets[i].name,
				error.text);
	}
	assert_non_null(field_set_find("default"));
	assert_null(field_set_find("nonsense"));
}

/* The text that a person sees, "" when the value is unknown. */
static const char *
shown(const struct model *model, const struct socket_row *row, const char *name, size_t columns)
{
	static char text[256];
	const struct field_context context = {.model = model};
	const struct field *field = sockets_field(name);
	struct value value;

	field_get(field, &context, row, &value);
	field_format(field, &context, &value, columns, text, sizeof text);
	return text;
}

static void
test_connection(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row =
		sockets_connection(model, TCP_STATE_ESTABLISHED, "2001:db8::7", 51022);

	(void)state;
	row->send_queue = 65536;
	row->has |= SOCKET_HAS_KEEPALIVE;
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = 600000 - 240000;
	row->seen_ms = 599000;
	row->timer = SOCKET_TIMER_RETRANSMIT;
	row->timer_ms = 3500;
	row->timer_retries = 2;
	sockets_tcp_info(row, 12345, 7);
	row->tcp.last_data_sent = 5000;
	row->tcp.last_data_recv = 100;
	row->tcp.options = 1 | 4 | 32;
	row->tcp.known_bytes = 232;
	assert_string_equal(shown(model, row, "proto", 0), "tcp");
	assert_string_equal(shown(model, row, "state", 0), "ESTABLISHED");
	assert_string_equal(shown(model, row, "local", 0), "10.0.0.1:443");
	assert_string_equal(shown(model, row, "remote", 0), "[2001:db8::7]:51022");
	assert_string_equal(shown(model, row, "remote_addr", 0), "2001:db8::7");
	assert_string_equal(shown(model, row, "send_q", 0), "64k");
	assert_string_equal(shown(model, row, "queue_out", 0), "64k");
	assert_string_equal(shown(model, row, "backlog", 0), "");
	assert_string_equal(shown(model, row, "rtt", 0), "12ms");
	assert_string_equal(shown(model, row, "retrans", 0), "7");
	assert_string_equal(shown(model, row, "age", 0), "4m");
	assert_string_equal(shown(model, row, "timer_ms", 0), "2.5s");
	assert_string_equal(shown(model, row, "timer_retries", 0), "2");
	assert_string_equal(shown(model, row, "idle", 0), "1.1s");
	assert_string_equal(shown(model, row, "keepalive", 0), "no");
	assert_string_equal(shown(model, row, "options", 0), "ts,wscale,fastopen");
	assert_string_equal(shown(model, row, "rcv_wnd", 0), ""); /* not sent by this kernel */
	assert_string_equal(shown(model, row, "drops", 0), "");
	assert_string_equal(shown(model, row, "mark", 0), "");
	model_free(model);
}

static void
test_listener(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row =
		sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "::", 443, "::", 0);

	(void)state;
	row->receive_queue = 3;
	row->send_queue = 128;
	sockets_tcp_info(row, 0, 0);
	assert_string_equal(shown(model, row, "local", 0), "*:443");
	assert_string_equal(shown(model, row, "local_addr", 0), "::");
	assert_string_equal(shown(model, row, "remote", 0), "*:*");
	assert_string_equal(shown(model, row, "remote_addr", 0), "");
	assert_string_equal(shown(model, row, "remote_port", 0), "");
	assert_string_equal(shown(model, row, "recv_q", 0), "");
	assert_string_equal(shown(model, row, "queue_in", 0), "3");
	assert_string_equal(shown(model, row, "accept_queue", 0), "3");
	assert_string_equal(shown(model, row, "backlog", 0), "128");
	assert_string_equal(shown(model, row, "cwnd", 0), "");
	assert_string_equal(shown(model, row, "age", 0), ">10m");
	assert_string_equal(shown(model, row, "age_s", 0), "");
	row->flags |= SOCKET_V6ONLY;
	assert_string_equal(shown(model, row, "local", 0), "[::]:443");
	model_free(model);
}

static void
test_owner(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 99);
	struct socket_row *alone = sockets_connection(model, TCP_STATE_TIME_WAIT, "10.0.0.2", 98);

	(void)state;
	sockets_hold(model, row, 812, "ngi\033nx");
	row->uid = 33;
	assert_string_equal(shown(model, row, "owner", 0), "ngi?nx/812");
	assert_string_equal(shown(model, row, "user", 0), "33");
	sockets_name_user(model, 33, "www-data");
	sockets_hold(model, row, 900, "worker");
	sockets_hold(model, row, 901, "worker");
	assert_string_equal(shown(model, row, "owner", 0), "ngi?nx/812+2");
	assert_string_equal(shown(model, row, "process", 0), "ngi?nx");
	assert_string_equal(shown(model, row, "pid", 0), "812");
	assert_string_equal(shown(model, row, "user", 0), "www-data");
	assert_string_equal(
		shown(model, row, "owners", 0), "ngi?nx/812/3,worker/900/3,worker/901/3");
	assert_string_equal(shown(model, alone, "owner", 0), "(time-wait)");
	assert_string_equal(shown(model, alone, "user", 0), "");
	assert_string_equal(shown(model, alone, "uid", 0), "");
	assert_string_equal(shown(model, alone, "process", 0), "");
	model_free(model);
}

/* The clock of a closed row stands still, and it keeps the owner that it had. */
static void
test_closed(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 99);

	(void)state;
	sockets_hold(model, row, 812, "nginx");
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = 590000;
	row->closed_ms = 593000;
	row->last_pid = 812;
	socket_table_set_closed(&model->sockets, row);
	process_table_release(&model->processes, 812, row->inode, 3);
	assert_string_equal(shown(model, row, "age", 0), "3.0s");
	assert_string_equal(shown(model, row, "owner", 0), "nginx/812");
	assert_string_equal(shown(model, row, "gone", 0), "yes");
	row->closed_ms = 591700;
	assert_string_equal(shown(model, row, "age", 0), "1.7s");
	row->closed_ms = 590003; /* not "0s" */
	assert_string_equal(shown(model, row, "age", 0), "3.0ms");
	row->closed_ms = 590000;
	assert_string_equal(shown(model, row, "age", 0), "0ms");
	/* The age of an open socket is known only from refresh to refresh. */
	row->flags &= (uint16_t)~SOCKET_CLOSED;
	row->first_ms = 600000 - 3;
	assert_string_equal(shown(model, row, "age", 0), "0s");
	model_free(model);
}

/* It ended with its last connection, as curl does: the closed row has its name all the same. */
static void
test_process_that_ended(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 99);

	(void)state;
	row->closed_ms = 593000;
	row->last_pid = 812;
	socket_table_set_closed(&model->sockets, row);
	assert_string_equal(shown(model, row, "owner", 0), "?/812");
	assert_string_equal(shown(model, row, "process", 0), "");
	model->own->ended_processes[812] = (struct model_ended_process){.pid = 812, .comm = "curl"};
	assert_string_equal(shown(model, row, "owner", 0), "curl/812");
	assert_string_equal(shown(model, row, "process", 0), "curl");
	assert_string_equal(shown(model, row, "pid", 0), "812");
	model_free(model);
}

/* It was gone before a dump listed it: its age is known only if its SYN was seen. */
static void
test_age_of_the_unlisted(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row = sockets_connection(model, TCP_STATE_CLOSED, "10.0.0.2", 99);
	const struct segment syn = {
		.time_ns = (model->epoch_ms + 593000 - 7) * UINT64_C(1000000),
		.family = AF_INET,
		.netns = model_netns(model, row->netns)->id,
		.source = row->remote,
		.destination = row->local,
		.source_port = row->remote_port,
		.destination_port = row->local_port,
		.flags = SEGMENT_SYN,
		.direction = SEGMENT_IN,
	};

	(void)state;
	row->first_ms = row->closed_ms = 593000;
	socket_table_set_closed(&model->sockets, row);
	assert_string_equal(shown(model, row, "age", 0), "");
	wire_segment(model->wire, &syn);
	assert_string_equal(shown(model, row, "age", 0), "7.0ms");
	/* Listed it was as well, a little after its SYN. */
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms += 5;
	row->closed_ms += 10;
	assert_string_equal(shown(model, row, "age", 0), "17ms");
	/* A socket that was there at the start is at least as old as we have seen it. */
	row->flags &= (uint16_t)~SOCKET_BIRTH_SEEN;
	row->remote_port++;
	row->first_ms -= 2000;
	assert_string_equal(shown(model, row, "age", 0), ">2s");
	model_free(model);
}

static void
test_narrow(void **state)
{
	struct model *model = sockets_model();
	struct socket_row *row = sockets_connection(
		model, TCP_STATE_ESTABLISHED, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:7", 51022);
	const char *text;

	(void)state;
	text = shown(model, row, "remote", 21);
	assert_true(strlen(text) <= 21);
	assert_non_null(strstr(text, "]:51022"));
	sockets_hold(model, row, 812, "a-long-name-it-is");
	text = shown(model, row, "owner", 8);
	assert_true(strlen(text) <= 8);
	model_free(model);
}

/* Keys order as values do, as far as they reach. */
static void
check_order(const struct value *low, const struct value *high)
{
	assert_true(value_compare(low, high) < 0);
	assert_true(value_compare(high, low) > 0);
	assert_true(value_compare(low, low) == 0);
	assert_true(value_key(low) <= value_key(high));
	assert_true(high->kind == VALUE_UNKNOWN || value_key(high) < UINT64_MAX);
}

static void
test_compare(void **state)
{
	static const char *const addresses[] = {"::", "::1", "0.0.0.0", "10.0.0.9", "10.0.0.10",
		"255.255.255.255", "1::", "2001:db8::1", "2001:db8::2", "ffff::ffff"};
	struct value low = {.kind = VALUE_ADDRESS}, high = {.kind = VALUE_ADDRESS};
	const struct value unknown = {.kind = VALUE_UNKNOWN};

	(void)state;
	for (size_t i = 0; i + 1 < UNIT_COUNT_OF(addresses); i++) {
		low.kind = high.kind = VALUE_ADDRESS;
		low.address.ip = sockets_address(addresses[i]);
		high.address.ip = sockets_address(addresses[i + 1]);
		check_order(&low, &high);
		check_order(&high, &unknown);
		high = (struct value){.kind = VALUE_ENDPOINT, .endpoint.port = 2};
		low = (struct value){.kind = VALUE_ENDPOINT, .endpoint.port = 1};
		low.endpoint.address.ip = high.endpoint.address.ip = sockets_address(addresses[i]);
		check_order(&low, &high);
	}
	for (size_t i = 0; i < 4; i++) {
		static const double reals[] = {-1e9, -0.5, 0, 1e-9, 1e300};

		low = (struct value){.kind = VALUE_REAL, .real = reals[i]};
		high = (struct value){.kind = VALUE_REAL, .real = reals[i + 1]};
		check_order(&low, &high);
	}
	low = (struct value){.kind = VALUE_UNSIGNED, .number = 5};
	high = (struct value){.kind = VALUE_UNSIGNED, .number = 5, .at_least = true};
	check_order(&low, &high);
	high = (struct value){.kind = VALUE_UNSIGNED, .number = UINT64_MAX};
	check_order(&low, &high);
	check_order(&high, &unknown);
	low = (struct value){.kind = VALUE_TEXT, .text = {"nginx", 5}};
	high = (struct value){.kind = VALUE_TEXT, .text = {"nginx-long", 10}};
	check_order(&low, &high);
}

/* Getters meet rows of every state and protocol, and show only what the row holds. */
static void
test_no_getter_invents(void **state)
{
	static const char *const allowed[] = {"proto", "family", "state", "local", "remote",
		"local_addr", "local_port", "recv_q", "send_q", "accept_queue", "backlog",
		"queue_in", "queue_out", "cookie", "owner", "timer", "age", "v6only", "orphan",
		"mptcp", "gone", "netns", "service", "trouble"};
	struct model *model = sockets_model();

	(void)state;
	for (int state_number = 1; state_number < TCP_STATE_COUNT; state_number++) {
		struct socket_row *row = sockets_add(model, IPPROTO_TCP,
			(enum tcp_state)state_number, "10.0.0.1", 7, "0.0.0.0", 0);

		for (size_t i = 0; i < socket_fields.count; i++) {
			const char *name = socket_fields.fields[i].name;
			bool may = false;

			unit_each (j, allowed)
				may = may || !strcmp(allowed[j], name);
			if (!may && *shown(model, row, name, 0))
				fail_msg("%s is \"%s\" of an empty row", name,
					shown(model, row, name, 0));
		}
	}
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key_is_there),
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_rows_of_sockets_are_columns),
		cmocka_unit_test(test_words_are_unique),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_parse_list),
		cmocka_unit_test(test_sets_hold_fields),
		cmocka_unit_test(test_connection),
		cmocka_unit_test(test_listener),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_process_that_ended),
		cmocka_unit_test(test_age_of_the_unlisted),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_no_getter_invents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
