/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine of doctor: when a finding is raised, gets worse, is over, hides another. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"
#include "analysis/doctor/still.h"
#include "analysis/doctor/tally.h"

enum { PORT = 8443, BACKLOG = 10, LEAK = 25 };

static struct socket_row *
listener(uint32_t waiting)
{
	struct socket_row *const row = sockets_add(
		lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", PORT, "0.0.0.0", 0);

	row->inode = 77;
	row->send_queue = BACKLOG;
	row->receive_queue = waiting;
	return row;
}

static void
leak(void)
{
	for (uint16_t i = 0; i < LEAK; i++)
		sockets_hold(lab.model,
			sockets_connection(
				lab.model, TCP_STATE_CLOSE_WAIT, "10.0.0.9", (uint16_t)(1000 + i)),
			812, "nginx");
}

/* Each row of the tables says all that is asked of it. */
static void
test_tables(void **state)
{
	(void)state;
	assert_true(doctor_rule_count() <= DOCTOR_RULES_MAX);
	for (size_t table = 0; table < rule_table_count; table++)
		for (size_t i = 0; i < rule_tables[table]->count; i++) {
			const struct rule *const rule = &rule_tables[table]->rules[i];
			const size_t index = lab_rule(rule->words.name);

			print_message("%s\n", rule->words.name);
			assert_string_equal(doctor_rule(index).name, rule->words.name);
			assert_non_null(rule->check);
			assert_non_null(rule->subject);
			assert_true(rule->clear_s > 0);
			assert_non_null(rule->words.help);
			assert_true(rule->words.needs != 0);
			assert_true(rule->words.threshold_count <= DOCTOR_THRESHOLDS_MAX);
			assert_non_null(rule->why);
			assert_int_equal(rule->why[strlen(rule->why) - 1], '.');
			assert_non_null(rule->action);
			assert_int_equal(rule->action[strlen(rule->action) - 1], '.');
			for (size_t j = 0; j < rule->words.threshold_count; j++) {
				assert_non_null(rule->words.thresholds[j].name);
				assert_non_null(rule->words.thresholds[j].help);
			}
		}
}

/* Each name in `hides` is a rule. */
static void
test_hides_are_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		char names[256], *rest = names;

		snprintf(names, sizeof names, "%s",
			doctor_rule(i).hides != NULL ? doctor_rule(i).hides : "");
		for (char *name = strtok_r(names, " ", &rest); name != NULL;
			name = strtok_r(NULL, " ", &rest)) {
			print_message("%s hides %s\n", doctor_rule(i).name, name);
			assert_true(lab_rule(name) < doctor_rule_count());
		}
	}
}

static void
test_raised_in_two_looks(void **state)
{
	struct socket_row *const row = listener(BACKLOG + 1);

	(void)state;
	lab_look(&lab);
	assert_false(lab_has(&lab, "accept-queue"));
	lab_look(&lab);
	assert_true(lab_has(&lab, "accept-queue"));
	assert_int_equal(lab_find(&lab, "accept-queue")->severity, SEVERITY_WARNING);
	assert_string_equal(
		lab_find(&lab, "accept-queue")->filter, "state listen and lport = 8443");
	assert_int_equal(lab_find(&lab, "accept-queue")->sockets, 1);
	assert_non_null(doctor_of_socket(
		lab.doctor, socket_table_find(&lab.model->sockets, row->netns, row->cookie)));
	/* One look with it, one without: nothing. */
	row->receive_queue = 0;
	lab_looks(&lab, 1);
	assert_int_equal(lab_find(&lab, "accept-queue")->over_ns, 0);
}

static void
test_one_look_is_none(void **state)
{
	struct socket_row *const row = listener(BACKLOG + 1);

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		row->receive_queue = i % 2 == 0 ? BACKLOG + 1 : 0;
		lab_look(&lab);
		assert_false(lab_has(&lab, "accept-queue"));
	}
	row->receive_queue = BACKLOG + 1;
	lab.model->complete_sequence++;
	doctor_look(lab.doctor, lab.model, true);
	assert_true(lab_has(&lab, "accept-queue"));
}

static void
test_over_and_again(void **state)
{
	struct socket_row *const row = listener(BACKLOG + 1);
	size_t count;

	(void)state;
	lab_looks(&lab, 2);
	row->receive_queue = 0;
	lab_looks(&lab, RULE_CLEAR_QUEUE_S - 1);
	assert_int_equal(lab_find(&lab, "accept-queue")->over_ns, 0);
	lab_look(&lab);
	assert_true(lab_find(&lab, "accept-queue")->over_ns == lab.model->now_ns);
	assert_int_equal(doctor_worst(lab.doctor, &count), SEVERITY_INFO);
	assert_int_equal(count, 0);
	row->receive_queue = BACKLOG + 1;
	lab_look(&lab);
	assert_int_equal(lab_find(&lab, "accept-queue")->over_ns, 0);
	assert_true(lab_find(&lab, "accept-queue")->since_ns == lab.model->now_ns);
	row->receive_queue = 0;
	lab_looks(&lab, RULE_CLEAR_QUEUE_S + 599);
	assert_true(lab_has(&lab, "accept-queue"));
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "accept-queue"));
}

/* Severity rises at once and falls a step in the clear time. */
static void
test_severity(void **state)
{
	uint64_t overflows = 0;

	(void)state;
	(void)listener(BACKLOG + 1);
	for (unsigned i = 0; i < 5; i++) {
		lab_count(&lab, COUNTER_LISTEN_OVERFLOWS, overflows += 7);
		lab_look(&lab);
	}
	assert_int_equal(lab_find(&lab, "accept-queue")->severity, SEVERITY_CRITICAL);
	assert_non_null(strstr(lab_find(&lab, "accept-queue")->title, "7 connection attempts"));
	lab_looks(&lab, RULE_CLEAR_QUEUE_S);
	assert_int_equal(lab_find(&lab, "accept-queue")->severity, SEVERITY_CRITICAL);
	lab_looks(&lab, 5);
	assert_int_equal(lab_find(&lab, "accept-queue")->severity, SEVERITY_WARNING);
}

static void
test_order_and_accepted(void **state)
{
	size_t count;

	(void)state;
	leak();
	lab.model->now_ns += 4 * CLOCK_NS_PER_S;
	(void)listener(BACKLOG + 1);
	lab_looks(&lab, 2);
	assert_int_equal(doctor_worst(lab.doctor, &count), SEVERITY_WARNING);
	assert_int_equal(count, 2);
	assert_string_equal(doctor_findings(lab.doctor, &count)[0]->rule, "close-wait");
	assert_int_equal(doctor_findings(lab.doctor, &count)[0]->sockets, LEAK);
	assert_int_equal(doctor_findings(lab.doctor, &count)[0]->pid, 812);
	lab.settings.accepted[0] = (struct accepted){.rule = "close-wait",
		.filter = "state close-wait and process nginx",
		.severity = SEVERITY_WARNING};
	lab.settings.accepted_count = 1;
	lab_look(&lab);
	assert_int_equal(doctor_worst(lab.doctor, &count), SEVERITY_WARNING);
	assert_int_equal(count, 1);
	assert_string_equal(doctor_findings(lab.doctor, &count)[1]->rule, "close-wait");
	/* It gets worse. */
	lab.settings.accepted[0].severity = SEVERITY_INFO;
	lab_look(&lab);
	(void)doctor_worst(lab.doctor, &count);
	assert_int_equal(count, 2);
}

static void
test_settings(void **state)
{
	struct error error;
	const size_t rule = lab_rule("close-wait");

	(void)state;
	assert_int_equal(doctor_settings_set(&lab.settings, "close-wait.warning", "50", &error), 0);
	assert_true(lab.settings.thresholds[rule][0] == 50);
	assert_int_equal(doctor_settings_set(&lab.settings, "close-wait.age", "2m", &error), 0);
	assert_true(lab.settings.thresholds[rule][1] == 120000);
	assert_true(doctor_settings_set(&lab.settings, "close-wait.nope", "50", &error) < 0);
	assert_non_null(strstr(error.text, "no threshold \"nope\""));
	assert_true(doctor_settings_set(&lab.settings, "nope.warning", "50", &error) < 0);
	assert_non_null(strstr(error.text, "\"nope\" is not a rule"));
	assert_true(doctor_settings_set(&lab.settings, "close-wait.warning", "many", &error) < 0);
	assert_non_null(strstr(error.text, "\"many\" is not a threshold of close-wait.warning"));
	assert_int_equal(
		doctor_settings_set(&lab.settings, "syn-flood.answered", "150%", &error), -EINVAL);
	assert_string_equal(error.text,
		"\"150%\" is not a threshold of syn-flood.answered; it is a part, 100% at most");
	assert_int_equal(
		doctor_settings_set(&lab.settings, "syn-flood.answered", "100%", &error), 0);
	assert_true(doctor_settings_set(&lab.settings, "close-wait.warning", "-1", &error) < 0);
	assert_int_equal(doctor_settings_choose(&lab.settings, "accept-queue", &error), 0);
	leak();
	lab.model->now_ns += 4 * CLOCK_NS_PER_S;
	lab_looks(&lab, 3);
	assert_false(lab_has(&lab, "close-wait"));
	assert_true(doctor_settings_choose(&lab.settings, "accept-queue,x", &error) < 0);
}

/* The last look of three seconds may come a little early; what began later does not count. */
static void
test_last_look(void **state)
{
	struct socket_row *row;

	(void)state;
	leak();
	row = sockets_connection(lab.model, TCP_STATE_CLOSE_WAIT, "10.0.0.9", 2000);
	sockets_hold(lab.model, row, 812, "nginx");
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		socket_table_row(&lab.model->sockets, id)->changed_ms =
			model_now_ms(lab.model) + 1000;
	lab_looks(&lab, 3);
	row->changed_ms = model_now_ms(lab.model);
	assert_false(lab_has(&lab, "close-wait"));
	lab.model->now_ns += 900 * CLOCK_NS_PER_MS;
	lab.model->complete_sequence++;
	doctor_look(lab.doctor, lab.model, true);
	assert_true(lab_has(&lab, "close-wait"));
	assert_int_equal(lab_find(&lab, "close-wait")->sockets, LEAK);
}

/* One second, or one look, is not long enough to say that something stays. */
static void
test_last_look_too_early(void **state)
{
	(void)state;
	leak();
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		socket_table_row(&lab.model->sockets, id)->changed_ms =
			model_now_ms(lab.model) + 1000;
	lab_look(&lab);
	lab.model->now_ns += CLOCK_NS_PER_S;
	lab.model->complete_sequence++;
	doctor_look(lab.doctor, lab.model, true);
	assert_false(lab_has(&lab, "close-wait"));
}

/* A half-open connection from a source of its own. */
static void
half_open(uint32_t number)
{
	struct socket_row *const row = sockets_connection(
		lab.model, TCP_STATE_SYN_RECEIVED, "198.18.0.1", (uint16_t)(1024 + number % 60000));

	row->remote.bytes[13] = (uint8_t)(number >> 16);
	row->remote.bytes[14] = (uint8_t)(number >> 8);
	row->remote.bytes[15] = (uint8_t)number;
}

/* What a tally has no room for is counted, once however many looks there are. */
static void
test_refused(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_choose(&lab.settings, "syn-flood,not-judged", NULL), 0);
	(void)listener(0);
	for (uint32_t i = 0; i < TALLY_RECORDS_MAX; i++)
		half_open(i);
	lab_looks(&lab, 2);
	assert_true(doctor_refused(lab.doctor) == 0);
	assert_false(lab_has(&lab, "not-judged"));
	for (uint32_t i = 0; i < 7; i++)
		half_open(TALLY_RECORDS_MAX + i);
	lab_look(&lab);
	assert_true(doctor_refused(lab.doctor) == 7);
	lab_look(&lab);
	assert_true(doctor_refused(lab.doctor) == 7);
	assert_int_equal(lab_severity(&lab, "not-judged"), SEVERITY_INFO);
	lab_says(&lab, "not-judged", "7 sockets, peers or findings had no room in one look");
}

/* So are rows that are followed from look to look. */
static void
test_refused_rows(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_choose(&lab.settings, "zero-window", NULL), 0);
	for (uint32_t i = 0; i < STILL_MAX + 5; i++) {
		struct socket_row *const row = sockets_connection(
			lab.model, TCP_STATE_ESTABLISHED, "192.0.2.9", (uint16_t)(i & UINT16_MAX));

		row->timer = SOCKET_TIMER_PERSIST;
		row->send_queue = 1;
		row->tcp.known_bytes = 236;
	}
	lab_looks(&lab, 2);
	assert_int_equal(doctor_refused(lab.doctor), 5);
}

/* Of a span of a recording it is told when each stood, however long it is over. */
static void
test_keeps_over(void **state)
{
	struct socket_row *const row = listener(BACKLOG + 1);
	uint64_t first_ns;

	(void)state;
	doctor_keep_over(lab.doctor);
	lab_looks(&lab, 2);
	first_ns = lab_find(&lab, "accept-queue")->since_ns;
	assert_int_equal(lab_find(&lab, "accept-queue")->times, 1);
	row->receive_queue = 0;
	lab_looks(&lab, RULE_CLEAR_QUEUE_S + 700);
	assert_true(lab_find(&lab, "accept-queue")->since_ns == first_ns);
	assert_true(lab_find(&lab, "accept-queue")->over_ns < lab.model->now_ns);
	row->receive_queue = BACKLOG + 1;
	lab_look(&lab);
	assert_true(lab_find(&lab, "accept-queue")->since_ns == lab.model->now_ns);
	assert_true(lab_find(&lab, "accept-queue")->first_ns == first_ns);
	assert_int_equal(lab_find(&lab, "accept-queue")->times, 2);
	assert_int_equal(lab_find(&lab, "accept-queue")->worst, SEVERITY_WARNING);
}

/* The ports on which somebody listens are a tally of the engine's own. */
static void
test_refused_ports(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_choose(&lab.settings, "new-client", NULL), 0);
	for (uint32_t i = 0; i < TALLY_RECORDS_MAX + 3; i++)
		(void)sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0",
			(uint16_t)(i + 1), "0.0.0.0", 0);
	(void)sockets_connection(lab.model, TCP_STATE_ESTABLISHED, "192.0.2.9", 443);
	lab_look(&lab);
	assert_true(doctor_refused(lab.doctor) == 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tables, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_hides_are_rules, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_raised_in_two_looks, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_one_look_is_none, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_over_and_again, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_severity, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_order_and_accepted, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_settings, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_last_look, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_last_look_too_early, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_refused, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_refused_rows, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_keeps_over, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_refused_ports, open_lab, close_lab),
	};

	lab_page = "doctor-engine";
	/* The engine is tried on two of the rules. */
	lab_rules = "accept-queue,close-wait";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
