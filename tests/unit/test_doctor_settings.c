/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asks of doctor: thresholds, rules, findings that are accepted, a filter. */
#include <config.h>

#include <errno.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/stream/needs.h>

#include "doctor_lab.h"

static void
test_accepted_text(void **state)
{
	static const struct {
		const char *text, *rule, *filter;
		int severity;
		const char *refused; /* a part of the sentence */
	} cases[] = {
		{"close-wait", "close-wait", "", SEVERITY_WARNING, NULL},
		{"close-wait:info pid 7", "close-wait", "pid 7", SEVERITY_INFO, NULL},
		{"CLOSE-WAIT:Warning a b", "close-wait", "a b", SEVERITY_WARNING, NULL},
		{"accept-queue:critical port 80", "accept-queue", "port 80", SEVERITY_CRITICAL,
			NULL},
		{"close-wait: x", "close-wait", "x", SEVERITY_WARNING, NULL},
		{"nope:info x", NULL, NULL, 0, "\"nope\" is not a rule of doctor"},
		{"close-wait:bad x", NULL, NULL, 0,
			"\"bad\" is not a severity; use info, warning or critical"},
		{"", NULL, NULL, 0, "\"\" is not a rule of doctor"},
	};

	(void)state;
	unit_each (i, cases) {
		struct error error = {.position = -1};
		const struct accepted *const accepted = &lab.settings.accepted[0];
		const int result = doctor_settings_accept(&lab.settings, cases[i].text, &error);

		assert_int_equal(result, cases[i].refused == NULL ? 0 : -EINVAL);
		assert_int_equal(lab.settings.accepted_count, cases[i].refused == NULL);
		lab.settings.accepted_count = 0;
		if (cases[i].refused != NULL) {
			assert_non_null(strstr(error.text, cases[i].refused));
			continue;
		}
		assert_string_equal(accepted->rule, cases[i].rule);
		assert_string_equal(accepted->filter, cases[i].filter);
		assert_int_equal(accepted->severity, cases[i].severity);
	}
}

/* So many findings, with filters of so many characters. */
static void
test_accepted_bounds(void **state)
{
	char text[FINDING_FILTER_SIZE + 32] = "close-wait ";
	struct error error = {.position = -1};
	const size_t name_len = strlen(text);

	(void)state;
	memset(text + name_len, 'x', FINDING_FILTER_SIZE - 1);
	assert_int_equal(doctor_settings_accept(&lab.settings, text, &error), 0);
	assert_int_equal(strlen(lab.settings.accepted[0].filter), FINDING_FILTER_SIZE - 1);
	text[name_len + FINDING_FILTER_SIZE - 1] = 'x';
	assert_int_equal(doctor_settings_accept(&lab.settings, text, &error), -ENOSPC);
	assert_non_null(strstr(error.text, "no more than 64 findings"));
	while (lab.settings.accepted_count < DOCTOR_ACCEPTED_MAX)
		assert_int_equal(doctor_settings_accept(&lab.settings, "close-wait a", &error), 0);
	assert_int_equal(doctor_settings_accept(&lab.settings, "close-wait a", &error), -ENOSPC);
	assert_int_equal(lab.settings.accepted_count, DOCTOR_ACCEPTED_MAX);
}

/* The key accepts, accepts anew what got worse, and takes back. */
static void
test_toggle(void **state)
{
	struct finding a = {.rule = "close-wait", .about = "a", .severity = SEVERITY_WARNING};
	struct finding b = {.rule = "close-wait", .about = "b", .severity = SEVERITY_INFO};
	struct finding other = {.rule = "accept-queue", .about = "a"};
	struct doctor_settings *const settings = &lab.settings;

	(void)state;
	assert_true(doctor_settings_toggle(settings, &a));
	assert_true(doctor_settings_toggle(settings, &b));
	assert_true(doctor_settings_toggle(settings, &other));
	assert_int_equal(settings->accepted_count, 3);
	assert_string_equal(settings->accepted[0].rule, "close-wait");
	assert_string_equal(settings->accepted[0].filter, "a");
	assert_int_equal(settings->accepted[0].severity, SEVERITY_WARNING);
	assert_string_equal(settings->accepted[1].filter, "b");
	assert_int_equal(settings->accepted[1].severity, SEVERITY_INFO);
	assert_string_equal(settings->accepted[2].rule, "accept-queue");
	/* It got worse, so that it is not accepted any more. */
	a.severity = SEVERITY_CRITICAL;
	assert_true(doctor_settings_toggle(settings, &a));
	assert_int_equal(settings->accepted_count, 3);
	assert_int_equal(settings->accepted[0].severity, SEVERITY_CRITICAL);
	a.is_accepted = true;
	assert_true(doctor_settings_toggle(settings, &a));
	assert_int_equal(settings->accepted_count, 2);
	assert_string_equal(settings->accepted[0].filter, "b");
	assert_string_equal(settings->accepted[1].rule, "accept-queue");
	other.is_accepted = true;
	assert_true(doctor_settings_toggle(settings, &other));
	assert_int_equal(settings->accepted_count, 1);
	/* The last place is given, and none after it. */
	while (settings->accepted_count < DOCTOR_ACCEPTED_MAX - 1)
		assert_int_equal(doctor_settings_accept(settings, "close-wait x", NULL), 0);
	a.is_accepted = false;
	assert_true(doctor_settings_toggle(settings, &a));
	assert_false(doctor_settings_toggle(settings, &other));
	assert_int_equal(settings->accepted_count, DOCTOR_ACCEPTED_MAX);
	a.is_accepted = true;
	assert_true(doctor_settings_toggle(settings, &a));
	assert_int_equal(settings->accepted_count, DOCTOR_ACCEPTED_MAX - 1);
}

static void
test_thresholds(void **state)
{
	struct error error;
	const size_t rule = lab_rule("close-wait");

	(void)state;
	assert_int_equal(doctor_settings_set(&lab.settings, "Close-Wait.Warning", "0", &error), 0);
	assert_true(lab.settings.thresholds[rule][0] == 0);
	assert_int_equal(doctor_settings_set(&lab.settings, "close-wait", "1", &error), -EINVAL);
	assert_string_equal(
		error.text, "close-wait has no threshold \"\"; sockwatch doctor --list names them");
	assert_int_equal(
		doctor_settings_set(&lab.settings, "close-wait.age", "-1", &error), -EINVAL);
	assert_non_null(strstr(error.text, "it is a number of 0 or more with "));
	assert_int_equal(
		doctor_settings_set(&lab.settings, "close-wait.warning", "1x", &error), -EINVAL);
	assert_string_equal(doctor_rule(rule).name, "close-wait");
}

/* Rules that are off need nothing, and none of them means nothing at all. */
static void
test_needs(void **state)
{
	uint32_t all;

	(void)state;
	all = doctor_needs(lab.doctor);
	assert_int_equal(doctor_settings_choose(&lab.settings, "", NULL), 0);
	assert_int_equal(doctor_needs(lab.doctor), 0);
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		const struct rule_words words = doctor_rule(i);

		assert_int_equal(doctor_settings_choose(&lab.settings, words.name, NULL), 0);
		assert_row(words.name, doctor_needs(lab.doctor) ==
					       (words.needs != 0 ? words.needs | NEED_SYSCTLS : 0));
		assert_row(words.name, (doctor_needs(lab.doctor) & ~all) == 0);
	}
}

static void
leak(const char *remote, uint16_t count)
{
	for (uint16_t i = 0; i < count; i++)
		sockets_hold(lab.model,
			sockets_connection(
				lab.model, TCP_STATE_CLOSE_WAIT, remote, (uint16_t)(1000 + i)),
			812, "nginx");
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		socket_table_row(&lab.model->sockets, id)->changed_ms = 0;
}

/* Only what passes is counted; a finding about no row is left out. */
static void
test_filter(void **state)
{
	static const struct {
		const char *filter; /* NULL: none */
		unsigned sockets;   /* 0: no finding */
	} cases[] = {
		{NULL, 55},
		{"raddr 10.0.0.9", 30},
		{"raddr 10.0.0.8", 25},
		/* A bare word is looked for in the columns of sockwatch list. */
		{"10.0.0.9", 30},
		{"nginx", 55},
		{"raddr 10.0.0.7", 0},
		{"state established", 0},
	};

	(void)state;
	unit_each (i, cases) {
		struct error error = {.position = -1};
		struct filter *const filter =
			cases[i].filter != NULL
				? filter_parse(cases[i].filter, &socket_fields, &error)
				: NULL;

		lab_again(&lab, "close-wait,tcp-memory");
		assert_int_equal(filter != NULL, cases[i].filter != NULL);
		leak("10.0.0.9", 30);
		leak("10.0.0.8", 25);
		doctor_set_filter(lab.doctor, filter);
		lab_looks(&lab, 3);
		assert_int_equal(lab_has(&lab, "close-wait"), cases[i].sockets != 0);
		if (cases[i].sockets != 0)
			assert_int_equal(lab_find(&lab, "close-wait")->sockets, cases[i].sockets);
		doctor_set_filter(lab.doctor, NULL);
		filter_free(filter);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_accepted_text, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accepted_bounds, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_toggle, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_thresholds, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_needs, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_filter, open_lab, close_lab),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
