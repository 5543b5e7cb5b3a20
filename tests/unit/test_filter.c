/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter language: what is refused and where, and which rows pass. */
#include <config.h>

#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/analysis/services.h>
#include <sockwatch/stream/needs.h>

#include "analysis/filter/filter_tree.h"
#include "sockets.h"

enum { BOX_ROWS = 8 };

/* Rows of the box, by the letter that the cases name them with. */
enum {
	WEB,      /* a: nginx/812 and worker/813, to 10.1.2.3:51022 */
	LEAK,     /* b: CLOSE-WAIT of envoy/900, to 203.0.113.9:40000, link-local container */
	SIX,      /* c: ssh/77, 2001:db8::1:50000 to 2001:db8::2:22 */
	LISTENER, /* d: nginx/812 on :::80 */
	WAIT,     /* e: TIME-WAIT to 10.1.2.4:443 */
	CLOSING,  /* f: CLOSING to 10.1.2.5:443 */
	DNS,      /* g: UDP, systemd-resolve/50 on 127.0.0.53:53 */
	BOUND,    /* h: TCP CLOSED, postgres/60, port 5432 */
};

struct box {
	struct model *model;
	struct socket_row *rows[BOX_ROWS];
};

static void
fill_web(struct box *box)
{
	struct model *model = box->model;
	struct socket_row *web =
		sockets_connection(model, TCP_STATE_ESTABLISHED, "10.1.2.3", 51022);
	struct socket_row *leak =
		sockets_connection(model, TCP_STATE_CLOSE_WAIT, "203.0.113.9", 40000);

	box->rows[WEB] = web;
	sockets_hold(model, web, 812, "nginx");
	sockets_hold(model, web, 813, "worker");
	process_table_find(&model->processes, 812)->cgroup =
		intern_add(model->texts, text_of("/system.slice/nginx.service"));
	sockets_tcp_info(web, 120000, 0);
	web->tcp.options = 3;
	web->uid = 33;
	web->mark = 255;
	web->has |= SOCKET_HAS_MARK;
	web->send_queue = 65537;
	web->has |= SOCKET_HAS_KEEPALIVE;
	web->flags |= SOCKET_BIRTH_SEEN | SOCKET_KEEPALIVE_ON;
	web->first_ms = 600000 - 90000;
	web->timer = SOCKET_TIMER_KEEPALIVE;
	web->timer_ms = 5000;
	web->seen_ms = 600000;
	box->rows[LEAK] = leak;
	sockets_hold(model, leak, 900, "envoy");
	process_table_find(&model->processes, 900)->container =
		intern_add(model->texts, text_of("4f5e6d7c8b9a"));
	sockets_tcp_info(leak, 900, 12);
	leak->has |= SOCKET_HAS_KEEPALIVE;
}

static void
fill_others(struct box *box)
{
	struct model *model = box->model;

	box->rows[SIX] = sockets_add(
		model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "2001:db8::1", 50000, "2001:db8::2", 22);
	sockets_hold(model, box->rows[SIX], 77, "ssh");
	box->rows[SIX]->ifindex = 3;
	assert_int_equal(map_set(&model->links, 3, intern_add(model->texts, text_of("eth0"))), 0);
	box->rows[LISTENER] = sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "::", 80, "::", 0);
	sockets_hold(model, box->rows[LISTENER], 812, "nginx");
	box->rows[LISTENER]->receive_queue = 3;
	box->rows[WAIT] = sockets_connection(model, TCP_STATE_TIME_WAIT, "10.1.2.4", 443);
	box->rows[WAIT]->local_port = 39000;
	box->rows[CLOSING] = sockets_connection(model, TCP_STATE_CLOSING, "10.1.2.5", 443);
	box->rows[CLOSING]->local_port = 39001;
	box->rows[DNS] =
		sockets_add(model, IPPROTO_UDP, TCP_STATE_CLOSED, "127.0.0.53", 53, "0.0.0.0", 0);
	sockets_hold(model, box->rows[DNS], 50, "systemd-resolve");
	box->rows[BOUND] =
		sockets_add(model, IPPROTO_TCP, TCP_STATE_CLOSED, "0.0.0.0", 5432, "0.0.0.0", 0);
	sockets_hold(model, box->rows[BOUND], 60, "postgres");
	sockets_name_user(model, 33, "www-data");
}

static int
set_up(void **state)
{
	struct box *box = calloc(1, sizeof *box);

	box->model = sockets_model();
	fill_web(box);
	fill_others(box);
	*state = box;
	return 0;
}

static int
tear_down(void **state)
{
	struct box *box = *state;

	model_free(box->model);
	free(box);
	return 0;
}

/* Letters of the rows that pass. */
static void
check(const struct box *box, const char *text, const char *expected)
{
	const struct field_context context = {.model = box->model};
	const struct field *visible[16];
	struct error error = {.text = ""};
	struct filter *filter = filter_parse(text, &socket_fields, &error);
	char passed[BOX_ROWS + 1] = "";
	size_t count = 0;
	int fields =
		field_parse_list(&socket_fields, field_set_find("default"), visible, 16, &error);

	if (filter == NULL)
		fail_msg("%s: %s (at %d)", text, error.text, error.position);
	/* Twice: the second time out of the caches. */
	for (size_t pass = 0; pass < 2; pass++) {
		count = 0;
		for (size_t i = 0; i < BOX_ROWS; i++) {
			if (filter_match(filter, &context, box->rows[i], visible, (size_t)fields))
				passed[count++] = (char)('a' + i);
		}
		passed[count] = '\0';
		if (strcmp(passed, expected) != 0)
			fail_msg("%s lets \"%s\" pass, not \"%s\"", text, passed, expected);
	}
	filter_free(filter);
}

struct match_case {
	const char *text, *expected;
};

static void
check_all(void **state, const struct match_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(*state, cases[i].text, cases[i].expected);
}

static void
test_states(void **state)
{
	static const struct match_case cases[] = {
		{"state close-wait", "b"},
		{"state CLOSE_WAIT", "b"},
		{"state = estab", "ac"},
		{"state ESTABLISHED,time-wait", "ace"},
		{"state listening", "d"},
		{"state != listen", "abcefgh"},
		{"not state listen", "abcefgh"},
		{"state connected", "abcef"},
		{"state synchronized", "abcef"},
		{"state closing", "bef"},
		{"state = closing", "f"},
		{"state CLOSING", "f"},
		{"state closed", "h"},
		{"state unconn", "g"},
		{"state all", "abcdefgh"},
		{"state ~ ^close", "bh"},
		{"state !~ wait", "acdfgh"},
		{"state half-open", ""},
		{"state = half_open or state = SYN_RECV", ""},
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
}

static void
test_ports(void **state)
{
	static const struct match_case cases[] = {
		{"port 443", "abef"},
		{"lport 443", "ab"},
		{"rport 443", "ef"},
		{"sport = :443", "ab"},
		{"dport = :22", "c"},
		{"dport >= :40000", "ab"},
		{"sport eq :443", "ab"},
		{"sport ge 50000", "c"},
		{"sport geq :5432 & sport le :39000", "eh"},
		{"sport lt 80 | dport gt :51000", "ag"},
		{"dport leq :22", "c"},
		{"sport neq :443 and dport == :443", "ef"},
		{"! ( sport = :443 | dport = :443 ) & state established", "c"},
		{"exclude connected", "dgh"},
		{"exclude listening and exclude unconn", "abcefh"},
		{"not exclude listening", "d"},
		{"port 50000-51999", "ac"},
		{"port 22,80, 5432", "cdh"},
		{"port != 443", "cdgh"},
		{"not port 443", "cdgh"},
		{"local_port < 100", "dg"},
		{"remote_port < 100", "c"},
		{"remote_port != 22", "abef"}, /* a listener has none */
		{"remote_port ~ ^4", "bef"},
		{"port 0", ""},
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
	if (services_port("https", 5) == 443)
		check(*state, "port https", "abef");
}

static void
test_addresses(void **state)
{
	static const struct match_case cases[] = {
		{"addr 10.1.2.3", "a"},
		{"addr 10.1.2.0/24", "aef"},
		{"addr 10.0.0.0/8", "abef"},
		{"laddr 10.0.0.1", "abef"},
		{"dst 10.1.2.3", "a"},
		{"src 10.0.0.0/8:443", "ab"},
		{"dst 10.1.2.3:51022", "a"},
		{"dst 10.1.2.3:51023", ""},
		{"dst :443", "ef"},
		{"dst = *:443", "ef"},
		{"addr 2001:db8::/32", "c"},
		{"addr [2001:db8::2]:22", "c"},
		{"addr [2001:db8::/32]:23", ""},
		{"raddr ::/0", "abcef"},
		{"raddr 0.0.0.0/0", "abef"},
		{"laddr 127.0.0.53,::", "dg"},
		{"raddr != 10.1.2.3", "bcef"},
		{"remote_addr > 10.1.2.4", "bcf"},
		{"raddr ~ ^10\\.1\\.2\\.[34]$", "ae"},
		{"local ~ :443$", "ab"},
		{"remote 10.1.2.0/24:443", "ef"},
		/* With a zone: the name or the number of the link. */
		{"laddr 2001:db8::1%eth0", "c"},
		{"addr 2001:db8::1%3", "c"},
		{"addr 2001:db8::1%4", ""},
		{"addr 2001:db8::1%eth", ""},
		{"laddr *%eth0", "c"},
		{"laddr *%3", "c"},
		{"local *%eth0:50000", "c"},
		{"local *%eth0:50001", ""},
		{"src [2001:db8::1]%eth0:50000", "c"},
		{"src [2001:db8::1%eth0]:50000", "c"},
		{"src 2001:db8::%eth0/32", "c"},
		{"src 2001:db8::%eth1/32", ""},
		{"local != *%eth0", "abdefgh"},
		{"raddr *%eth0", ""}, /* only a link-local peer is of a link */
		{"2001:db8::1]%eth0", "c"},
		/* As ss lets them be written. */
		{"dst 10/8", "aef"},
		{"dst = 10.1/16", "aef"},
		{"src eq 10.0.0.1:443", "ab"},
		{"dst ne 10.1.2.3", "bcef"},
		{"dst 10.1.2.3:*", "a"},
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
}

static void
test_numbers(void **state)
{
	static const struct match_case cases[] = {
		{"rtt > 100ms", "a"}, {"rtt >= 120ms", "a"}, {"rtt > 120ms", ""},
		{"rtt < 1ms", "b"}, {"rtt_us = 900", "b"}, {"rtt != 900", "a"},
		{"not rtt = 900", "acdefgh"}, {"retrans > 0 and rtt < 1s", "b"},
		{"send_q > 64k", "a"}, {"send_q>64k", "a"}, {"send_q = 65537", "a"},
		{"age > 1m", "abcdefgh"}, /* there before us: at least ten minutes */
		{"age < 2m", "a"}, {"age > 5m", "bcdefgh"}, {"age_s > 1m", "a"},
		{"accept_queue > 2", "d"}, {"pid 812", "ad"}, {"pid 813", "a"}, {"pid 70-100", "c"},
		{"pid != 812", "bcgh"}, /* others hold it; none of those that hold a */
		{"timer_ms <= 5s", "a"}, {"family 6", "cd"}, {"uid 33", "a"}, {"uid 0x21", "a"},
		{"fwmark = 0xFF", "a"}, /* the word of ss */
		{"mark 0x0,0xfe-0x100", "a"}, {"mark > 0xfe", "a"},
		{"mark = 0xf/0x0f", "a"}, /* of 0xff */
		{"fwmark 0x80/0x80", "a"}, {"mark 0x0e/0x0f", ""}, {"mark 3/3", "a"},
		{"mark 0x0e/0x0f,0xff", "a"}, {"mark != 0x80/0x80", ""}, {"mark != 0x0e/0x0f", "a"},
		{"mark = 0/0", "a"}, {"\"autobound\"", ""}, /* quoted: a word like any other */
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
}

static void
test_words(void **state)
{
	static const struct match_case cases[] = {
		{"process nginx", "ad"},
		{"process NGINX", "ad"},
		{"process worker", "a"},
		{"process ngin", ""},
		{"process nginx,ssh", "acd"},
		{"process != nginx", "bcgh"},
		{"process ~ ^(ng|post)", "adh"},
		{"(process ~ ^(ng|post))", "adh"},
		{"(process ~ ^post or process envoy)", "bh"},
		{"process ~ ^NG", ""},
		{"process ~ \"^n g\"", ""},
		{"process >= systemd", "ag"},
		{"user www-data", "a"},
		{"cgroup nginx.service", "ad"},
		{"cgroup nginx", "ad"},
		{"cgroup system.slice", "ad"},
		{"cgroup = nginx.service", ""},
		{"cgroup = /system.slice/nginx.service", "ad"},
		{"container 4f5e", "b"},
		{"container 5e", ""},
		{"container 4f5e6d7c8b9a", "b"},
		{"container = 4f5e6d7c8b9a", "b"},
		{"container 4f5e6d7c8b9a0", ""},
		{"proto udp", "g"},
		{"timer keepalive", "a"},
		{"options sack", "a"},
		{"options != sack", "b"},
		{"owners 813", "a"},
		{"owners worker,ssh", "ac"},
		{"owner ~ /8", "ad"},
		{"keepalive", "a"},
		{"not keepalive", "bcdefgh"},
		{"keepalive off", "b"},
		{"keepalive and state established", "a"},
		{"not process ~ .", "ef"},
		{"process \"\\x6eginx\"", "ad"},
		{"process 'a\\tb'", ""},
		{"process ge", ""}, /* an operator has an operand after it */
		{"process eq nginx", "ad"},
		{"process ge systemd", "ag"},
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
}

static void
test_bare_words(void **state)
{
	static const struct match_case cases[] = {
		{"nginx", "ad"},
		{"WAIT", "be"},
		{"10.1.2.3", "a"},
		{"\"nginx\"", "ad"},
		{"'process'", ""},
		{":443", "abef"},
		{"2001:DB8", "c"},
		{"120ms", "a"},
		{"(time-wait)", "e"},
		{"nginx established", "a"},
		{"nginx or ssh", "acd"},
		{"nothing-of-this", ""},
		{"", "abcdefgh"},
		{"  \t ", "abcdefgh"},
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
}

static void
test_logic(void **state)
{
	static const struct match_case cases[] = {
		{"state close-wait and process envoy", "b"},
		{"state close-wait process envoy", "b"}, {"state close-wait && process nginx", ""},
		{"state close-wait || process nginx", "abd"},
		{"state close-wait OR process nginx AND port 80", "bd"},
		{"(state close-wait or process nginx) and port 80", "d"},
		{"!state listen !proto udp port 80", ""}, {"not not state listen", "d"},
		{"! (state listen || proto udp)", "abcefh"},
		{"not state listen and (process ~ ^post or process envoy)", "bh"},
		{"((((state listen))))", "d"},
		{"process = \"n\\ginx\"", "ad"}, /* a backslash takes what it knows no meaning of */
	};

	check_all(state, cases, UNIT_COUNT_OF(cases));
}

/* The place and a part of the sentence. */
static void
test_errors(void **state)
{
	static const struct {
		const char *text, *says;
		int position;
	} cases[] = {
		{"stat = listen", "did you mean \"state\"", 0},
		{"port 80 and proces = nginx", "did you mean \"process\"", 12},
		{"zzz > 5", "no field \"zzz\"", 0},
		{"state lisen", "did you mean \"LISTEN\"", 6},
		{"state clos", "did you mean \"CLOSE", 6},
		{"state time_wiat", "did you mean \"TIME-WAIT\"", 6},
		/* Nonsense is near to nothing. */
		{"state bananas", "is not a state; use a name like LISTEN", 6},
		{"state xyz", "is not a state; use a name like LISTEN", 6},
		{"state established,clos_wait", "not a state", 18},
		{"state > listen", "no order", 8},
		{"state", "missing", 5},
		{"state and port 80", "missing", 6},
		{"rtt > fast", "us ms s m h d", 6},
		{"rtt >", "missing", 5},
		{"rtt > 5ms-3ms", "lower", 6},
		{"rtt > 1,2", "lists", 8},
		{"port 70000", "not a port", 5},
		{"port 0x50", "not a port", 5},
		{"mark 0x", "not a number", 5},
		{"mark 1/", "not a number", 7},
		{"mark /1", "not a number", 5},
		{"mark 1/x", "not a number", 7},
		{"mark 1/0x1ff/2", "not a number", 7},
		{"mark 5/3", "not in its mask", 5},
		{"mark 1/4294967296", "32 bits", 7},
		{"mark 1/1.5", "32 bits", 7},
		{"mark 1.5/3", "not in its mask", 5},
		{"mark > 1/3", "no order", 7},
		{"uid 1/3", "not a number", 4},
		{"autobound", "does not report whether it chose the port", 0},
		{"state listen and not autobound", "does not report", 21},
		{"mark 0x1g", "not a number", 5},
		{"mark 0x123456789", "not a number", 5},
		{"port 80,x-y", "not a port", 8},
		{"port 80,", "not a port", 8},
		{"addr 10.0.0.300", "not an address", 5},
		{"dst 10.0.0.1:99999", "not a port", 13},
		{"addr fe80::1%", "not an address", 5},
		{"addr fe80::1%a/b", "not an address", 5},
		{"addr fe80::1%sixteen-letters!", "not an address", 5},
		{"addr *%eth0/64", "not an address", 5},
		{"laddr > fe80::1%eth0", "only a single whole address", 8},
		{"addr 10.1./8", "not an address", 5},
		{"process \"\\x4\"", "two hexadecimal digits", 9},
		{"process \"\\xg0\"", "two hexadecimal digits", 9},
		{"addr 10.0.0.1 and dst 1.2.3.4/99", "not an address", 22},
		{"process ~ (", "regular expression", 10},
		{"process ~ a{1001}", "repeats too much", 10},
		{"process ~ s+++++++++++++++++++++++++++++++", "repeats too much", 10},
		{"process ~ ((((((((((a)+)+)+)+)+)+)+)+)+)+", "repeats too much", 10},
		{"process ~ (a)\\1", "back references", 10},
		{"process \"nginx", "does not end", 8},
		{"(state listen", "not closed", 0},
		{"state listen)", "no parenthesis was opened", 12},
		{"()", "before this parenthesis", 1},
		{"state listen and", "ends where", 16},
		{"or state listen", "should stand here", 0},
		{"> 5", "should stand here", 0},
		{"keepalive = maybe", "yes or no", 12},
		{"proto sctp", "tcp udp", 6},
		{"timer = never", "keepalive", 8},
		{"not", "ends where", 3},
		{"state = = listen", "missing", 8},
	};

	(void)state;
	unit_each (i, cases) {
		struct error error = {.text = ""};
		struct filter *filter = filter_parse(cases[i].text, &socket_fields, &error);

		if (filter != NULL)
			fail_msg("%s is taken", cases[i].text);
		if (!strstr(error.text, cases[i].says) || error.position != cases[i].position)
			fail_msg("%s: \"%s\" at %d", cases[i].text, error.text, error.position);
	}
}

static void
test_bounds(void **state)
{
	char text[5000];
	struct error error;
	struct filter *filter;

	(void)state;
	memset(text, '(', sizeof text);
	text[100] = '\0';
	assert_null(filter_parse(text, &socket_fields, &error));
	assert_int_equal(error.position, 64);
	for (size_t i = 0; i < 2048; i++)
		memcpy(text + 2 * i, "a ", 2);
	text[4096] = '\0';
	filter = filter_parse(text, &socket_fields, &error);
	assert_non_null(filter);
	filter_free(filter);
	strcpy(text + 4096, "b");
	assert_null(filter_parse(text, &socket_fields, &error));
	assert_int_equal(error.position, 4096);
}

static void
test_needs(void **state)
{
	struct filter *filter = filter_parse("rtt > 1ms and process x", &socket_fields, NULL);

	(void)state;
	assert_int_equal(filter_needs(filter), NEED_SOCKETS | NEED_TCP_INFO | NEED_OWNERS);
	assert_false(filter_ticks(filter));
	filter_free(filter);
	filter = filter_parse("idle > 5m or age < 1m", &socket_fields, NULL);
	assert_true(filter_ticks(filter));
	filter_free(filter);
	assert_int_equal(filter_needs(NULL), 0);
	assert_false(filter_ticks(NULL));
}

/* Interned texts may move: what was remembered of them is forgotten then. */
static void
test_renumbering(void **state)
{
	struct box *box = *state;
	const struct field_context context = {.model = box->model};
	struct filter *filter = filter_parse("process nginx", &socket_fields, NULL);
	struct process_row *process = process_table_find(&box->model->processes, 812);
	struct text name = intern_get(box->model->texts, process->comm);

	assert_true(filter_match(filter, &context, box->rows[LISTENER], NULL, 0));
	/* Another text in the same place. */
	memcpy((char *)(uintptr_t)name.data, "other", 5);
	assert_true(filter_match(filter, &context, box->rows[LISTENER], NULL, 0));
	box->model->text_generation++;
	assert_false(filter_match(filter, &context, box->rows[LISTENER], NULL, 0));
	filter_free(filter);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_bare_words),
		cmocka_unit_test(test_logic),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_renumbering),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
