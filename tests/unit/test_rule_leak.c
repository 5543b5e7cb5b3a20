/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CLOSE-WAIT: how many, for how long, and how fast they grow against the limit of descriptors. */
#include <config.h>

#include "doctor_lab.h"

enum { PID = 812, WARNING = 20, CRITICAL = 1000 };

static uint16_t port;

static int
open_ports(void **state)
{
	port = 1000;
	return open_lab(state);
}

/* They enter the state now. */
static void
leak(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket_row *const row =
			sockets_connection(lab.model, TCP_STATE_CLOSE_WAIT, "2001:db8::9", port++);

		row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
		sockets_hold(lab.model, row, PID, "nginx");
	}
}

static void
test_how_many(void **state)
{
	(void)state;
	leak(WARNING - 1);
	lab_looks(&lab, 6);
	assert_false(lab_has(&lab, "close-wait"));
	leak(1);
	lab_looks(&lab, 3);
	assert_false(lab_has(&lab, "close-wait"));
	lab_looks(&lab, 1);
	assert_int_equal(lab_find(&lab, "close-wait")->severity, SEVERITY_WARNING);
	assert_int_equal(lab_find(&lab, "close-wait")->sockets, WARNING);
	leak(CRITICAL - WARNING);
	lab_looks(&lab, 5);
	assert_int_equal(lab_find(&lab, "close-wait")->severity, SEVERITY_CRITICAL);
}

/* Workers of one name, each with so many; from the second on in the name that is given. */
static int
fork_workers(unsigned workers, unsigned each, const char *others)
{
	lab_again(&lab, "close-wait");
	for (unsigned i = 0; i < workers; i++)
		for (unsigned j = 0; j < each; j++) {
			struct socket_row *const row = sockets_connection(
				lab.model, TCP_STATE_CLOSE_WAIT, "198.51.100.9", port++);

			row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
			sockets_hold(lab.model, row, PID + i, i == 0 ? "php-fpm" : others);
		}
	lab_looks(&lab, 6);
	return lab_severity(&lab, "close-wait");
}

/* A server that forks leaks a few in each process. */
static void
test_many_processes(void **state)
{
	(void)state;
	assert_int_equal(fork_workers(9, 2, "php-fpm"), LAB_NONE);
	assert_int_equal(fork_workers(10, 2, "php-fpm"), SEVERITY_WARNING);
	assert_int_equal(lab_standing(&lab, "close-wait"), 1);
	assert_int_equal(lab_find(&lab, "close-wait")->sockets, 20);
	lab_says(&lab, "close-wait", "10 processes of php-fpm keep 20 sockets in CLOSE-WAIT, the");
	assert_string_equal(
		lab_find(&lab, "close-wait")->filter, "state close-wait and process = php-fpm");
	/* Other programs have nothing to do with it. */
	assert_int_equal(fork_workers(10, 2, "sshd"), LAB_NONE);
	assert_int_equal(fork_workers(10, 100, "php-fpm"), SEVERITY_WARNING);
	assert_int_equal(lab_standing(&lab, "close-wait"), 10);
}

/* One that is old is no leak. */
static void
test_a_single_old_one(void **state)
{
	(void)state;
	leak(1);
	/* A minute, and two looks. */
	lab_looks(&lab, 60);
	assert_false(lab_has(&lab, "close-wait"));
	lab_look(&lab);
	assert_int_equal(lab_find(&lab, "close-wait")->severity, SEVERITY_INFO);
}

static void
set_descriptors(uint32_t open, uint32_t limit)
{
	struct process_row *const process = process_table_get(&lab.model->processes, PID);

	assert_non_null(process);
	process->open_files = open;
	process->files_limit = limit;
	process->has_open_files = process->has_files_limit = true;
}

static void
grow(unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		leak(1);
		lab_look(&lab);
	}
}

/* 1 more a second: in an hour 3,600 more. */
static void
test_growth(void **state)
{
	(void)state;
	lab_looks(&lab, 2);
	grow(30);
	set_descriptors(100, 6000);
	grow(2);
	assert_int_equal(lab_find(&lab, "close-wait")->severity, SEVERITY_WARNING);
	assert_non_null(strstr(lab_find(&lab, "close-wait")->title, " more a second"));
	set_descriptors(100, 3000);
	grow(2);
	assert_int_equal(lab_find(&lab, "close-wait")->severity, SEVERITY_CRITICAL);
}

/* Each process by itself, each namespace by itself, and those whose owner is not known. */
static void
test_apart(void **state)
{
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	leak(2 * WARNING - 1);
	for (uint32_t id = 0; id < WARNING - 1; id++)
		sockets_hold(lab.model, socket_table_row(&lab.model->sockets, id), PID - 1, "a");
	for (uint32_t id = 0; id < 2 * WARNING - 1; id++)
		socket_table_row(&lab.model->sockets, id)->netns = id % 2 == 0 ? other : 0;
	lab_looks(&lab, 6);
	assert_int_equal(lab_severity(&lab, "close-wait"), LAB_NONE);
	for (uint32_t id = 0; id < 2 * WARNING - 1; id++) {
		struct socket_row *const row = socket_table_row(&lab.model->sockets, id);

		row->inode = 900000 + id;
		row->netns = id < WARNING ? other : 0;
	}
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "close-wait"), 1);
	assert_int_equal(lab_find(&lab, "close-wait")->netns, other);
	lab_says(&lab, "close-wait", "a process that is not known keeps 20 sockets in CLOSE-WAIT");
	assert_string_equal(lab_find(&lab, "close-wait")->filter, "state close-wait");
}

static void
check_words(unsigned count, unsigned unread, const char *words)
{
	lab_again(&lab, "close-wait");
	assert_int_equal(doctor_settings_set(&lab.settings, "close-wait.warning", "1", NULL), 0);
	leak(count);
	for (uint32_t id = 0; id < unread; id++)
		socket_table_row(&lab.model->sockets, id)->receive_queue = 1;
	lab_looks(&lab, 5);
	lab_says(&lab, "close-wait", words);
}

static void
test_words(void **state)
{
	(void)state;
	check_words(1, 0, "nginx (812) keeps 1 socket in CLOSE-WAIT, the oldest ");
	check_words(1, 0, "; it has read the end of it");
	check_words(1, 1, "; something in it is unread");
	check_words(2, 0, "; it has read the end of all of them");
	check_words(2, 1, "; 1 of them has something unread");
	check_words(3, 2, "; 2 of them have something unread");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_how_many, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_many_processes, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_a_single_old_one, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_growth, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_apart, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_words, open_ports, close_lab),
	};

	lab_page = "rule-leak";
	lab_rules = "close-wait";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
