/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that began to connect out: which are new, which were there, which only listen. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"

enum { SSHD = 10, CURL = 20, PORT = 22 };

/* One that appeared now. */
static void
connect_by(uint32_t pid, const char *comm, const char *remote, uint16_t port)
{
	struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		"10.0.0.1", (uint16_t)(40000 + port % 1000), remote, port);

	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = model_now_ms(lab.model);
	sockets_hold(lab.model, row, pid, comm);
}

static void
test_new(void **state)
{
	(void)state;
	sockets_hold(lab.model,
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.9", 443), SSHD,
		"sshd");
	lab_looks(&lab, 2);
	connect_by(SSHD, "sshd", "192.0.2.10", 443);
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "new-client"));
	connect_by(CURL, "curl", "2001:db8::9", 8443);
	lab_look(&lab);
	assert_false(lab_has(&lab, "new-client"));
	lab_look(&lab);
	assert_int_equal(lab_find(&lab, "new-client")->severity, SEVERITY_INFO);
	assert_int_equal(lab_find(&lab, "new-client")->pid, CURL);
	assert_int_equal(lab_find(&lab, "new-client")->sockets, 1);
	assert_non_null(
		strstr(lab_find(&lab, "new-client")->title, "new: curl (20) began to connect out"));
	assert_non_null(strstr(lab_find(&lab, "new-client")->title, "[2001:db8::9]:8443"));
	/* Again and again: one finding. */
	connect_by(CURL + 1, "curl", "192.0.2.11", 8444);
	lab_looks(&lab, 2);
	assert_int_equal(lab_find(&lab, "new-client")->sockets, 2);
}

static void
test_accepted_and_loopback(void **state)
{
	(void)state;
	(void)sockets_add(
		lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 40000 + PORT, "0.0.0.0", 0);
	lab_looks(&lab, 2);
	connect_by(CURL, "httpd", "192.0.2.12", PORT);
	connect_by(CURL, "local", "127.0.0.1", 8445);
	lab_looks(&lab, 3);
	assert_false(lab_has(&lab, "new-client"));
}

/* An hour makes one known; another that came later stays news until its own is over. */
static void
test_news_end_apart(void **state)
{
	(void)state;
	lab_looks(&lab, 2);
	connect_by(CURL, "curl", "192.0.2.10", 8443);
	lab_looks(&lab, 2);
	lab.model->now_ns += 3500 * CLOCK_NS_PER_S;
	connect_by(SSHD, "sshd", "2001:db8::9", 8444);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-client"), 2);
	lab.model->now_ns += 200 * CLOCK_NS_PER_S;
	lab_looks(&lab, RULE_CLEAR_LEAK_S + 2);
	assert_int_equal(lab_standing(&lab, "new-client"), 1);
	assert_int_equal(lab_find(&lab, "new-client")->pid, SSHD);
	/* Known ones are not news again. */
	connect_by(CURL, "curl", "192.0.2.11", 8445);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-client"), 1);
}

static void
choose(const char *rules)
{
	assert_int_equal(doctor_settings_choose(&lab.settings, rules, NULL), 0);
}

/* Of known programs; what it reached at the start is known, and what it reached once. */
static void
test_destinations(void **state)
{
	(void)state;
	choose("new-destination");
	sockets_hold(lab.model,
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.9", 443), CURL,
		"curl");
	lab_looks(&lab, 2);
	connect_by(CURL, "curl", "192.0.2.9", 443);
	connect_by(CURL, "curl", "127.0.0.1", 80);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	connect_by(CURL, "curl", "192.0.2.9", 444);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "new-destination"), SEVERITY_INFO);
	assert_string_equal(lab_find(&lab, "new-destination")->title,
		"new: curl (20) connects to 192.0.2.9:444, 1.0 s ago");
	assert_string_equal(
		lab_find(&lab, "new-destination")->filter, "raddr 192.0.2.9 and rport = 444");
	assert_int_equal(lab_find(&lab, "new-destination")->sockets, 1);
	connect_by(CURL, "curl", "2001:db8::9", 443);
	connect_by(CURL, "curl", "192.0.2.9", 444);
	lab_look(&lab);
	assert_string_equal(lab_find(&lab, "new-destination")->title,
		"new: curl (20) connects to 2 destinations, the last [2001:db8::9]:443, just now");
	assert_string_equal(lab_find(&lab, "new-destination")->filter, "pid 20");
	assert_int_equal(lab_find(&lab, "new-destination")->sockets, 3);
	assert_int_equal(lab_standing(&lab, "new-destination"), 1);
	/* An hour later it is known. */
	lab.model->now_ns += 3700 * CLOCK_NS_PER_S;
	lab_looks(&lab, RULE_CLEAR_LEAK_S + 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	connect_by(CURL, "curl", "192.0.2.9", 444);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
}

/* A new program is one finding: where it connects to goes without saying. */
static void
test_client_explains_destination(void **state)
{
	const struct finding *hidden[4];

	(void)state;
	choose("new-client,new-destination");
	lab_looks(&lab, 2);
	connect_by(CURL, "curl", "192.0.2.9", 443);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-client"), 1);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	assert_int_equal(doctor_hidden(lab.doctor, lab_find(&lab, "new-client"), hidden, 4), 1);
	assert_string_equal(hidden[0]->rule, "new-destination");
}

/* A browser: from 256 destinations on its ports alone are compared. */
static void
test_many_destinations(void **state)
{
	(void)state;
	choose("new-destination");
	for (unsigned i = 0; i < 256; i++) {
		char remote[32];

		snprintf(remote, sizeof remote, "198.51.%u.%u", i / 200, i % 200 + 1);
		sockets_hold(lab.model,
			sockets_connection(lab.model, TCP_STATE_ESTABLISHED, remote, 443), CURL,
			"browser");
	}
	lab_looks(&lab, 2);
	connect_by(CURL, "browser", "192.0.2.9", 443);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	connect_by(CURL, "browser", "192.0.2.9", 25);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 1);
	assert_true(doctor_refused(lab.doctor) == 0);
}

/* By the baseline, also what was there before us. */
static void
test_baseline(void **state)
{
	struct baseline *const baseline =
		lab_baseline(&lab, "client sshd\nclient curl\ndestination 192.0.2.0/24 443 curl\n"
				   "destination 198.51.100.1 22 sshd\n");
	struct buffer lines;
	size_t added[BASELINE_KINDS];

	(void)state;
	choose("new-client,new-destination");
	sockets_hold(lab.model,
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.9", 443), CURL,
		"curl");
	sockets_hold(lab.model,
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "198.51.100.1", 22), SSHD,
		"sshd");
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-client"), 0);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	sockets_hold(lab.model,
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.10", 22), SSHD,
		"sshd");
	sockets_hold(lab.model,
		sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.11", 6667), 66,
		"bot");
	/* Whose it is cannot be seen; one is at a known place. */
	(void)sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "203.0.113.9", 6667);
	(void)sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.12", 443);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-client"), 1);
	assert_string_equal(lab_find(&lab, "new-client")->title,
		"not in the baseline: bot (66) connects out, first seen 1.0 s ago, to 192.0.2.11:6667");
	assert_int_equal(lab_standing(&lab, "new-destination"), 2);
	lab_says(&lab, "new-destination", "not in the baseline: ");
	assert_int_equal(lab_find(&lab, "new-destination")->sockets, 1);
	/* Added: known from then on. */
	buffer_init(&lines, 0);
	assert_int_equal(baseline_take(baseline, lab.model, &lines, added), 0);
	buffer_fini(&lines);
	assert_int_equal(added[BASELINE_CLIENT], 1);
	doctor_end(lab.doctor, "new-client", lab.model->now_ns);
	doctor_end(lab.doctor, "new-destination", lab.model->now_ns);
	lab_looks(&lab, 3);
	assert_int_equal(lab_standing(&lab, "new-client"), 0);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	lab.settings.baseline = NULL;
	baseline_free(baseline);
}

/* Learned again when the baseline has grown: it is a browser no longer, and another host is news.
 */
static void
test_baseline_grows(void **state)
{
	struct baseline *const baseline =
		lab_baseline(&lab, "client browser\ndestination 198.51.0.0/16 443 browser\n");
	const struct baseline_mistakes mistakes = {NULL, lab_refuse_mistake};

	(void)state;
	choose("new-destination");
	for (unsigned i = 0; i < 256; i++) {
		char remote[32];

		snprintf(remote, sizeof remote, "198.51.%u.%u", i / 200, i % 200 + 1);
		sockets_hold(lab.model,
			sockets_connection(lab.model, TCP_STATE_ESTABLISHED, remote, 443), CURL,
			"browser");
	}
	lab_looks(&lab, 2);
	for (uint32_t id = 1; id < 256; id++)
		socket_table_remove(&lab.model->sockets, id);
	assert_int_equal(baseline_parse(baseline, "base", text_of("client sshd\n"), &mistakes), 0);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 0);
	connect_by(CURL, "browser", "192.0.2.9", 443);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-destination"), 1);
	lab_says(&lab, "new-destination", "192.0.2.9:443");
	lab.settings.baseline = NULL;
	baseline_free(baseline);
}

/* Destinations beyond what is kept are counted as not judged. */
static void
test_more_than_is_kept(void **state)
{
	(void)state;
	choose("new-destination");
	/* Each is kept with its port, and their program. */
	for (uint32_t port = 1; port < 32768; port++)
		sockets_hold(lab.model,
			sockets_connection(
				lab.model, TCP_STATE_ESTABLISHED, "192.0.2.9", (uint16_t)port),
			CURL, "curl");
	lab_look(&lab);
	assert_int_equal(doctor_refused(lab.doctor), 0);
	connect_by(CURL, "curl", "192.0.2.9", 40000);
	lab_look(&lab);
	assert_int_equal(doctor_refused(lab.doctor), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_news_end_apart, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accepted_and_loopback, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_destinations, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(
			test_client_explains_destination, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_many_destinations, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_baseline, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_baseline_grows, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_more_than_is_kept, open_lab, close_lab),
	};

	lab_page = "rule-client";
	lab_rules = "new-client";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
