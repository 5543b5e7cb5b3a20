/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listeners that are new, and listeners that are open to all interfaces. */
#include <config.h>

#include "doctor_lab.h"

enum { PID = 812, USER = 1000, TICKS = 100, YOUNG_S = 3600, REDIS = 6379 };

static struct socket_row *
listener(const char *local, uint16_t port)
{
	struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, local,
		port, strchr(local, ':') != NULL ? "::" : "0.0.0.0", 0);

	row->uid = USER;
	return row;
}

/* The process that holds it started so many seconds ago. */
static void
start(struct socket_row *row, uint64_t age_s)
{
	struct host_facts *const host = &lab.model->host;
	const uint64_t wall_ns = model_wall_ns(lab.model, lab.model->now_ns);

	sockets_hold(lab.model, row, PID, "backdoor");
	host->clock_ticks = TICKS;
	/* The box began two hours ago. */
	host->boot_ns = wall_ns - 2 * YOUNG_S * CLOCK_NS_PER_S;
	process_table_find(&lab.model->processes, PID)->start_ticks = (2 * YOUNG_S - age_s) * TICKS;
}

static int
born(const char *local, uint32_t uid, uint64_t age_s)
{
	struct socket_row *row;

	lab_again(&lab, "new-listener");
	lab.model->now_ns += 4 * YOUNG_S * CLOCK_NS_PER_S;
	lab_looks(&lab, 2);
	row = listener(local, 31337);
	row->uid = uid;
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = model_now_ms(lab.model);
	if (age_s != 0)
		start(row, age_s);
	lab_looks(&lab, 2);
	return lab_severity(&lab, "new-listener");
}

static void
test_new(void **state)
{
	(void)state;
	assert_int_equal(born("127.0.0.1", 0, 10), SEVERITY_INFO);
	assert_int_equal(born("::1", 0, 10), SEVERITY_INFO);
	assert_int_equal(born("0.0.0.0", 0, YOUNG_S + 10), SEVERITY_WARNING);
	assert_int_equal(born("::", 0, YOUNG_S + 10), SEVERITY_WARNING);
	/* Two seconds later it is an hour old. */
	assert_int_equal(born("192.0.2.1", USER, YOUNG_S - 2), SEVERITY_INFO);
	assert_int_equal(born("192.0.2.1", USER, YOUNG_S - 3), SEVERITY_WARNING);
	lab_says(&lab, "new-listener",
		"new: backdoor (812) listens on 192.0.2.1:31337, first seen 2.0 s ago");
	assert_string_equal(
		lab_find(&lab, "new-listener")->filter, "state listen and lport = 31337");
	/* Its process is not known: neither is its age. */
	assert_int_equal(born("192.0.2.1", USER, 0), SEVERITY_INFO);
	lab_says(&lab, "new-listener", "new: a process that is not known listens on");
}

/* Those that were there, and those that are no news any more. */
static void
test_old(void **state)
{
	struct socket_row *row;

	(void)state;
	(void)listener("0.0.0.0", 22);
	row = listener("0.0.0.0", 80);
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = model_now_ms(lab.model) - 3600000;
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "new-listener"), LAB_NONE);
}

/* By the baseline, whether we saw it appear or not; it stays as long as it listens. */
static void
test_not_in_baseline(void **state)
{
	struct baseline *const baseline = lab_baseline(&lab, "listener 0.0.0.0 22 sshd\n");
	struct socket_row *row;

	(void)state;
	sockets_hold(lab.model, listener("0.0.0.0", 22), PID, "sshd");
	/* A known one that was started again is no news. */
	row = listener("0.0.0.0", 22);
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = model_now_ms(lab.model);
	sockets_hold(lab.model, row, PID, "sshd");
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-listener"), 0);
	row = listener("127.0.0.1", 80);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "new-listener"), SEVERITY_INFO);
	assert_string_equal(lab_find(&lab, "new-listener")->title,
		"not in the baseline: a process that is not known listens on 127.0.0.1:80");
	assert_string_equal(lab_find(&lab, "new-listener")->figures[1].name, "baseline");
	assert_string_equal(lab_find(&lab, "new-listener")->figures[1].text, "/etc/base");
	/* Another program at a known place. */
	sockets_hold(lab.model, row, PID + 2, "web");
	sockets_hold(lab.model, listener("0.0.0.0", 22), PID + 1, "backdoor");
	lab.model->now_ns += 2 * YOUNG_S * CLOCK_NS_PER_S;
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "new-listener"), 2);
	doctor_end(lab.doctor, "new-listener", lab.model->now_ns);
	assert_int_equal(lab_standing(&lab, "new-listener"), 0);
	lab_look(&lab);
	assert_int_equal(lab_standing(&lab, "new-listener"), 2);
	lab.settings.baseline = NULL;
	baseline_free(baseline);
}

static void
test_on_all(void **state)
{
	(void)state;
	(void)listener("127.0.0.1", REDIS);
	(void)listener("192.0.2.1", REDIS);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "listener-on-all"), LAB_NONE);
	(void)listener("0.0.0.0", 22);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "listener-on-all"), SEVERITY_INFO);
	assert_string_equal(
		lab_find(&lab, "listener-on-all")->title, "1 listener on all interfaces: :22");
	(void)listener("::", 80);
	lab_look(&lab);
	lab_says(&lab, "listener-on-all", "2 listeners on all interfaces: ");
	assert_int_equal(lab_standing(&lab, "listener-on-all"), 1);
}

/* Eight are named; that there are more is told. */
static void
test_on_all_many(void **state)
{
	(void)state;
	for (uint16_t port = 1; port <= 8; port++)
		(void)listener("::", port);
	lab_looks(&lab, 2);
	lab_says(&lab, "listener-on-all", "8 listeners on all interfaces:");
	assert_null(strstr(lab_find(&lab, "listener-on-all")->title, "..."));
	(void)listener("::", 9);
	lab_look(&lab);
	lab_says(&lab, "listener-on-all", "9 listeners on all interfaces:");
	lab_says(&lab, "listener-on-all", " ...");
	(void)listener("::", 10);
	lab_look(&lab);
	lab_says(&lab, "listener-on-all", " ...");
}

/* A service without a password is a warning where the box has a public address. */
static void
test_unprotected(void **state)
{
	static const char *const private[] = {"10.0.0.1", "172.31.255.255", "192.168.0.1",
		"100.64.0.1", "169.254.0.1", "127.0.0.1", "fd00::1", "fe80::1", "::1"};
	static const char *const public[] = {"9.9.9.9", "172.32.0.1", "2a00::1"};

	(void)state;
	for (size_t i = 0; i < sizeof private / sizeof private[0]; i++) {
		lab_again(&lab, "listener-on-all");
		sockets_hold(lab.model, listener("0.0.0.0", REDIS), PID, "redis");
		(void)sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, private[i], 22,
			strchr(private[i], ':') != NULL ? "fd00::9" : "10.0.0.9", 1000);
		lab_looks(&lab, 2);
		assert_int_equal(lab_severity(&lab, "listener-on-all"), SEVERITY_INFO);
		assert_int_equal(lab_standing(&lab, "listener-on-all"), 2);
	}
	for (size_t i = 0; i < sizeof public / sizeof public[0]; i++) {
		lab_again(&lab, "listener-on-all");
		sockets_hold(lab.model, listener("::", REDIS), PID, "redis");
		(void)sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, public[i], 22,
			strchr(public[i], ':') != NULL ? "2a00::9" : "10.0.0.9", 1000);
		lab_looks(&lab, 2);
		assert_int_equal(lab_severity(&lab, "listener-on-all"), SEVERITY_WARNING);
		assert_string_equal(lab_find(&lab, "listener-on-all")->title,
			"redis (812) listens on [::]:6379, on all interfaces; port 6379 is that of Redis, which asks for no password by default");
	}
}

static void
test_namespaces_apart(void **state)
{
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	(void)listener("0.0.0.0", 22);
	listener("0.0.0.0", 23)->netns = other;
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "listener-on-all"), 2);
	lab_says(&lab, "listener-on-all", "1 listener on all interfaces: :2");
}

/* One public address is enough, whichever of the box's addresses is seen first. */
static void
test_public_and_private(void **state)
{
	static const char *const locals[][3] = {{"9.9.9.9", "10.0.0.1", "127.0.0.1"},
		{"10.0.0.1", "9.9.9.9", "10.0.0.1"}, {"10.0.0.1", "10.0.0.2", "2a00::1"}};

	(void)state;
	unit_each (i, locals) {
		lab_again(&lab, "listener-on-all");
		sockets_hold(lab.model, listener("0.0.0.0", REDIS), PID, "redis");
		for (size_t j = 0; j < UNIT_COUNT_OF(locals[i]); j++)
			(void)sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
				locals[i][j], 22,
				strchr(locals[i][j], ':') != NULL ? "2a00::9" : "10.0.0.9", 1000);
		lab_looks(&lab, 2);
		assert_int_equal(lab_severity(&lab, "listener-on-all"), SEVERITY_WARNING);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_old, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_not_in_baseline, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_on_all, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_on_all_many, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_unprotected, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_namespaces_apart, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_public_and_private, open_lab, close_lab),
	};

	lab_page = "rule-listener";
	lab_rules = "new-listener,listener-on-all";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
