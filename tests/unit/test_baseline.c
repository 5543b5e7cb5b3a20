/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A baseline: its text, what is in it, and how what is open gets into it. */
#include <config.h>

#include <sockwatch/analysis/baseline/baseline.h>

#include <errno.h>

#include "sockets.h"
#include "unit.h"

enum { NGINX = 812, CURL = 20 };

static struct baseline *baseline;
static struct error mistakes[32];
static size_t mistake_count;

static int
open_lab(void **state)
{
	(void)state;
	baseline = baseline_new();
	assert_non_null(baseline);
	mistake_count = 0;
	return 0;
}

static int
close_lab(void **state)
{
	(void)state;
	baseline_free(baseline);
	return 0;
}

static void
on_mistake(void *context, const struct error *error)
{
	(void)context;
	if (mistake_count < sizeof mistakes / sizeof mistakes[0])
		mistakes[mistake_count] = *error;
	mistake_count++;
}

static size_t
parse(const char *text)
{
	const struct baseline_mistakes report = {NULL, on_mistake};

	return baseline_parse(baseline, "base", text_of(text), &report);
}

static bool
has_in(const char *netns, enum baseline_kind kind, const char *address, uint16_t port,
	const char *program)
{
	struct baseline_item item = {.kind = kind,
		.address = {.address = sockets_address(address), .length = 128},
		.is_any_address = kind == BASELINE_CLIENT,
		.port = port};

	snprintf(item.netns, sizeof item.netns, "%s", netns);
	snprintf(item.program, sizeof item.program, "%s", program);
	return baseline_has(baseline, &item);
}

static bool
has(enum baseline_kind kind, const char *address, uint16_t port, const char *program)
{
	return has_in("own", kind, address, port, program);
}

static void
lines(void **state)
{
	(void)state;
	assert_int_equal(parse("# known\n\n"
			       "listener 0.0.0.0 443 nginx\r\n"
			       "  listener\t::1 631\n"
			       "listener * 111 rpcbind\n"
			       "listener 127.0.0.1 * dev server\n"
			       "client sshd\n"
			       "destination 192.0.2.9 5432 app\n"
			       "destination 10.0.0.0/8 443 app\n"
			       "destination 2001:db8::/32 *\n"
			       "destination * 53 named"),
		0);
	assert_int_equal(baseline_count(baseline), 9);
	assert_true(has(BASELINE_LISTENER, "0.0.0.0", 443, "nginx"));
	assert_false(has(BASELINE_LISTENER, "0.0.0.0", 443, "backdoor"));
	assert_false(has(BASELINE_LISTENER, "::", 443, "nginx"));
	assert_false(has(BASELINE_LISTENER, "0.0.0.0", 444, "nginx"));
	/* Whose it is cannot be seen: it may be the one that is known. */
	assert_true(has(BASELINE_LISTENER, "0.0.0.0", 443, ""));
	assert_false(has(BASELINE_LISTENER, "0.0.0.0", 444, ""));
	assert_true(has(BASELINE_LISTENER, "::1", 631, "whoever"));
	assert_true(has(BASELINE_LISTENER, "192.0.2.1", 111, "rpcbind"));
	assert_true(has(BASELINE_LISTENER, "127.0.0.1", 3000, "dev server"));
	assert_false(has(BASELINE_LISTENER, "127.0.0.1", 3000, "dev"));
	assert_true(has(BASELINE_CLIENT, "::", 0, "sshd"));
	assert_false(has(BASELINE_CLIENT, "::", 0, "curl"));
	assert_true(has(BASELINE_DESTINATION, "192.0.2.9", 5432, "app"));
	assert_false(has(BASELINE_DESTINATION, "192.0.2.9", 5432, "curl"));
	assert_true(has(BASELINE_DESTINATION, "10.1.2.3", 443, "app"));
	assert_true(has(BASELINE_DESTINATION, "10.1.2.3", 443, ""));
	assert_false(has(BASELINE_DESTINATION, "11.1.2.3", 443, "app"));
	assert_false(has(BASELINE_DESTINATION, "10.1.2.3", 80, "app"));
	assert_false(has(BASELINE_DESTINATION, "10.1.2.3", 443, "curl"));
	assert_true(has(BASELINE_DESTINATION, "2001:db8:1::1", 80, "curl"));
	assert_true(has(BASELINE_DESTINATION, "9.9.9.9", 53, "named"));
	/* A listener of that address is another thing. */
	assert_false(has(BASELINE_LISTENER, "192.0.2.9", 5432, "app"));
}

static void
namespaces(void **state)
{
	(void)state;
	assert_int_equal(parse("listener 0.0.0.0 80\n"
			       "netns blue\n"
			       "listener 0.0.0.0 81\n"
			       "destination 10.0.0.0/8 443\n"
			       "netns *\n"
			       "listener 0.0.0.0 82\n"
			       "netns own\n"
			       "listener 0.0.0.0 83\n"),
		0);
	assert_true(has(BASELINE_LISTENER, "0.0.0.0", 80, "x"));
	assert_false(has_in("blue", BASELINE_LISTENER, "0.0.0.0", 80, "x"));
	assert_true(has_in("blue", BASELINE_LISTENER, "0.0.0.0", 81, "x"));
	assert_false(has(BASELINE_LISTENER, "0.0.0.0", 81, "x"));
	assert_true(has_in("blue", BASELINE_DESTINATION, "10.0.0.1", 443, "x"));
	assert_false(has(BASELINE_DESTINATION, "10.0.0.1", 443, "x"));
	assert_true(has_in("red", BASELINE_LISTENER, "0.0.0.0", 82, "x"));
	assert_true(has(BASELINE_LISTENER, "0.0.0.0", 82, "x"));
	assert_true(has(BASELINE_LISTENER, "0.0.0.0", 83, "x"));
}

/* One clear sentence for each bad line; the others are in force. */
static void
bad_lines(void **state)
{
	static const struct {
		const char *line, *sentence;
	} cases[] = {
		{"lisener ::1 80",
			"base:2: \"lisener\" begins no line of a baseline; use listener, client, destination or netns"},
		{"listener ::1",
			"base:2: an address and a port are needed: listener 0.0.0.0 443 nginx"},
		{"listener",
			"base:2: an address and a port are needed: listener 0.0.0.0 443 nginx"},
		{"destination 192.0.2.1",
			"base:2: an address and a port are needed: destination 192.0.2.1 5432 postgres"},
		{"listener ::1 0", "base:2: \"0\" is not a port; use 1 to 65535, or * for any"},
		{"listener ::1 65536",
			"base:2: \"65536\" is not a port; use 1 to 65535, or * for any"},
		{"listener ::1 000000080",
			"base:2: \"000000080\" is not a port; use 1 to 65535, or * for any"},
		{"listener 1.2.3.x 80",
			"base:2: \"1.2.3.x\" is not an address; use one as 192.0.2.1, or * for any"},
		{"listener 10.0.0.0/8 80",
			"base:2: a listener has one address, or * for any, not a prefix"},
		{"client", "base:2: a program is needed: client sshd"},
		{"netns", "base:2: a name is needed: netns blue, netns own, or netns * for any"},
		{"\x1b[31m ::1 80",
			"base:2: \"?[31m\" begins no line of a baseline; use listener, client, destination or netns"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[128];

		close_lab(NULL);
		open_lab(NULL);
		snprintf(text, sizeof text, "listener :: 1\n%s\nlistener :: 2\n", cases[i].line);
		assert_int_equal(parse(text), 1);
		assert_int_equal(mistake_count, 1);
		assert_string_equal(mistakes[0].text, cases[i].sentence);
		assert_int_equal(baseline_count(baseline), 2);
		assert_true(has(BASELINE_LISTENER, "::", 2, "x"));
	}
}

static void
bounds(void **state)
{
	struct baseline_item item = {.kind = BASELINE_DESTINATION,
		.netns = "own",
		.address = {.address = sockets_address("10.0.0.0"), .length = 104}};

	(void)state;
	for (uint16_t port = 1; port <= BASELINE_PREFIXES_MAX + 2; port++) {
		item.port = port;
		assert_int_equal(
			baseline_add(baseline, &item), port <= BASELINE_PREFIXES_MAX ? 0 : -ENOSPC);
	}
	assert_true(baseline_refused(baseline) == 2);
	item.kind = BASELINE_LISTENER;
	item.address.length = 128;
	for (uint16_t port = 1; baseline_count(baseline) < BASELINE_LINES_MAX; port++) {
		item.port = port;
		assert_int_equal(baseline_add(baseline, &item), 0);
	}
	assert_int_equal(baseline_add(baseline, &item), -ENOSPC);
	assert_true(baseline_refused(baseline) == 3);
	assert_int_equal(parse("client x"), 1);
	assert_string_equal(mistakes[0].text,
		"base:1: there is no room for this line; a baseline has 16384 at most, 256 of them with /BITS");
}

static struct socket_row *
add(struct model *model, enum tcp_state state, const char *local, uint16_t port, const char *remote,
	uint16_t rport, uint32_t pid, const char *comm)
{
	struct socket_row *const row =
		sockets_add(model, IPPROTO_TCP, state, local, port, remote, rport);

	if (pid != 0)
		sockets_hold(model, row, pid, comm);
	return row;
}

static void
assert_takes(const struct model *model, const char *expected)
{
	size_t added[BASELINE_KINDS], count = 0;
	const uint32_t before = baseline_count(baseline);
	struct buffer out;

	buffer_init(&out, 0);
	assert_int_equal(baseline_take(baseline, model, &out, added), 0);
	buffer_append_char(&out, '\0');
	assert_string_equal((const char *)out.data, expected);
	buffer_fini(&out);
	for (size_t i = 0; i < BASELINE_KINDS; i++)
		count += added[i];
	assert_int_equal(baseline_count(baseline), before + count);
}

/* What is open is written, in an order that stays, and is known then; what was known is not. */
static void
takes(void **state)
{
	struct model *const model = sockets_model();
	struct netns_row *const other = netns_get(model, 2);

	(void)state;
	assert_non_null(other);
	assert_int_equal(parse("listener 127.0.0.1 631\n"), 0);
	add(model, TCP_STATE_LISTEN, "0.0.0.0", 443, "0.0.0.0", 0, NGINX, "nginx");
	add(model, TCP_STATE_LISTEN, "127.0.0.1", 631, "0.0.0.0", 0, 5, "cupsd");
	add(model, TCP_STATE_LISTEN, "::", 22, "::", 0, 0, NULL);
	/* Came in; on this box; not up; twice to one. */
	add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", 443, "192.0.2.7", 50000, NGINX, "nginx");
	add(model, TCP_STATE_ESTABLISHED, "127.0.0.1", 50001, "127.0.0.1", 631, CURL, "curl");
	add(model, TCP_STATE_SYN_SENT, "10.0.0.1", 50002, "192.0.2.8", 25, CURL, "curl");
	add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", 50003, "192.0.2.9", 443, CURL, "curl");
	add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", 50004, "192.0.2.9", 443, CURL + 1, "curl");
	add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", 50005, "2001:db8::9", 25, 0, NULL);
	add(model, TCP_STATE_LISTEN, "0.0.0.0", 80, "0.0.0.0", 0, 7, "web")->netns = other->index;
	assert_takes(model, "netns own\n"
			    "listener 0.0.0.0 443 nginx\n"
			    "listener :: 22\n"
			    "client curl\n"
			    "destination 192.0.2.9 443 curl\n"
			    "destination 2001:db8::9 25\n"
			    "netns *\n"
			    "listener 0.0.0.0 80 web\n");
	assert_takes(model, "");
	assert_true(has(BASELINE_LISTENER, "0.0.0.0", 443, "nginx"));
	assert_true(has_in("net:[4711]", BASELINE_LISTENER, "0.0.0.0", 80, "web"));
	assert_false(has(BASELINE_DESTINATION, "192.0.2.8", 25, "curl"));
	model_free(model);
}

/* What it writes it reads. */
static void
reads_what_it_takes(void **state)
{
	struct model *const model = sockets_model();
	size_t added[BASELINE_KINDS];
	struct buffer out;

	(void)state;
	add(model, TCP_STATE_LISTEN, "::", 443, "::", 0, NGINX, "a # b\n c");
	add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", 50003, "192.0.2.9", 443, CURL, "netns");
	buffer_init(&out, 0);
	assert_int_equal(baseline_take(baseline, model, &out, added), 0);
	buffer_append_char(&out, '\0');
	close_lab(NULL);
	open_lab(NULL);
	assert_int_equal(parse((const char *)out.data), 0);
	buffer_fini(&out);
	assert_takes(model, "");
	model_free(model);
}

static void
takes_many_as_one(void **state)
{
	struct model *const model = sockets_model();

	(void)state;
	for (unsigned i = 0; i <= BASELINE_MANY; i++) {
		char remote[32];

		snprintf(remote, sizeof remote, "198.51.100.%u", i + 1);
		add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", (uint16_t)(50000 + i), remote, 443,
			CURL, "browser");
	}
	add(model, TCP_STATE_ESTABLISHED, "10.0.0.1", 51000, "198.51.100.1", 22, CURL, "browser");
	assert_takes(model, "netns own\n"
			    "client browser\n"
			    "destination * 443 browser\n"
			    "destination 198.51.100.1 22 browser\n");
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(namespaces, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(bad_lines, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(bounds, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(takes, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(reads_what_it_takes, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(takes_many_as_one, open_lab, close_lab),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
