/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that reconnect without a FIN, and browsers, which only look like it. */
#include <config.h>

#include "doctor_lab.h"

enum { PORT = 9502, PID = 812, DEVICES = 3, CONNECTIONS = 8 };

static const char rules[] = "reconnecting,half-open-idle";

static void
listen_here(void)
{
	(void)sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", PORT, "0.0.0.0", 0);
}

/* The next connection of a device, which talks from now on. */
static struct socket_row *
connect_device(unsigned device, bool is_born, bool is_v6)
{
	static uint16_t port = 1000;
	char remote[32];
	struct socket_row *row;

	snprintf(remote, sizeof remote, is_v6 ? "2001:db8::%x" : "198.51.100.%u", device + 1);
	row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		is_v6 ? "2001:db8:1::1" : "10.0.0.1", PORT, remote, port++);
	row->tcp.known_bytes = 280;
	if (is_born)
		row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
	sockets_hold(lab.model, row, PID, "gateway");
	return row;
}

/* A look; each row was reported in it, and what talks has just been heard. */
static void
look(const struct socket_row *const *talking, size_t count)
{
	const uint32_t now_ms = model_now_ms(lab.model) + 1000;

	for (uint32_t id = 0; id < lab.model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&lab.model->sockets, id);
		bool is_heard = false;

		for (size_t i = 0; i < count; i++)
			is_heard = is_heard || talking[i] == row;
		row->tcp.last_data_recv =
			is_heard ? 10 : row->tcp.last_data_recv + now_ms - row->seen_ms;
		row->seen_ms = now_ms;
	}
	lab_look(&lab);
}

/* Each device has restarted so often, every 5 s; only its newest connection talks. */
static int
restart(unsigned devices, unsigned times, bool is_born, bool is_v6)
{
	const struct socket_row *talking[16];

	lab_again(&lab, rules);
	listen_here();
	for (unsigned time = 0; time <= times; time++) {
		for (unsigned device = 0; device < devices; device++)
			talking[device] = connect_device(device, is_born && time > 0, is_v6);
		for (unsigned second = 0; second < 5; second++)
			look(talking, devices);
	}
	return lab_severity(&lab, "reconnecting");
}

static void
test_devices(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		assert_int_equal(restart(DEVICES, 2, true, is_v6), LAB_NONE);
		assert_int_equal(restart(DEVICES - 1, 3, true, is_v6), LAB_NONE);
		assert_int_equal(restart(DEVICES, 3, true, is_v6), SEVERITY_WARNING);
		/* From one look it is a suspicion. */
		assert_int_equal(restart(DEVICES, 2, false, is_v6), LAB_NONE);
		assert_int_equal(restart(DEVICES - 1, 3, false, is_v6), LAB_NONE);
		assert_int_equal(restart(DEVICES, 3, false, is_v6), SEVERITY_INFO);
	}
	lab_says(&lab, "reconnecting", "3 peers of :9502 (gateway (812)) seem to reconnect");
	assert_int_equal(restart(DEVICES, 3, true, false), SEVERITY_WARNING);
	lab_says(&lab, "reconnecting",
		"3 peers of :9502 (gateway (812)) reconnect without a FIN: 198.51.100.");
	lab_says(&lab, "reconnecting", " has 4 connections, only the newest talks");
	assert_int_equal(lab_find(&lab, "reconnecting")->sockets, DEVICES * 4);
}

/* Several connections of one address, of which an older one is used. */
static void
test_browsers(void **state)
{
	const struct socket_row *talking[CONNECTIONS * DEVICES];
	size_t count = 0;

	(void)state;
	listen_here();
	for (unsigned time = 0; time < CONNECTIONS; time++) {
		for (unsigned device = 0; device < DEVICES; device++) {
			const struct socket_row *const row = connect_device(device, true, false);

			if (time == 1)
				talking[count++] = row;
		}
		for (unsigned second = 0; second < 3; second++) {
			look(talking, count);
			assert_int_equal(lab_severity(&lab, "reconnecting"), LAB_NONE);
		}
	}
}

/* Many users behind one address: all of them talk. */
static void
test_nat(void **state)
{
	const struct socket_row *talking[CONNECTIONS * DEVICES];
	size_t count = 0;

	(void)state;
	listen_here();
	for (unsigned time = 0; time < CONNECTIONS; time++) {
		for (unsigned device = 0; device < DEVICES; device++)
			talking[count++] = connect_device(device, time > 0, true);
		for (unsigned second = 0; second < 3; second++) {
			look(talking, count);
			assert_int_equal(lab_severity(&lab, "reconnecting"), LAB_NONE);
		}
	}
}

/* Connections of ours to a server are not devices, however they look. */
static void
test_ours(void **state)
{
	const struct socket_row *talking[DEVICES];

	(void)state;
	for (unsigned time = 0; time < 5; time++) {
		for (unsigned device = 0; device < DEVICES; device++)
			talking[device] = connect_device(device, time > 0, false);
		for (unsigned second = 0; second < 5; second++)
			look(talking, DEVICES);
	}
	assert_int_equal(lab_severity(&lab, "reconnecting"), LAB_NONE);
}

/* Their old connections are silent, too: that is told once. */
static void
test_hides_silence(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_set(&lab.settings, "half-open-idle.age", "3s", NULL), 0);
	listen_here();
	for (unsigned time = 0; time < 5; time++) {
		const struct socket_row *talking[DEVICES];

		for (unsigned device = 0; device < DEVICES; device++) {
			struct socket_row *const row = connect_device(device, time > 0, false);

			row->tcp.last_ack_recv = row->tcp.last_data_sent = UINT16_MAX;
			talking[device] = row;
		}
		for (unsigned second = 0; second < 5; second++)
			look(talking, DEVICES);
	}
	assert_int_equal(lab_severity(&lab, "reconnecting"), SEVERITY_WARNING);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), LAB_NONE);
	assert_int_equal(doctor_settings_choose(&lab.settings, "half-open-idle", NULL), 0);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), SEVERITY_INFO);
}

/* Two of three were seen to be born: the third keeps it a suspicion. */
static void
test_some_proven(void **state)
{
	const struct socket_row *talking[DEVICES + 1];

	(void)state;
	listen_here();
	for (unsigned time = 0; time <= 3; time++) {
		for (unsigned device = 0; device < DEVICES; device++)
			talking[device] = connect_device(device, time > 0 && device < 2, false);
		for (unsigned second = 0; second < 5; second++)
			look(talking, DEVICES);
	}
	assert_int_equal(lab_severity(&lab, "reconnecting"), SEVERITY_INFO);
	lab_says(&lab, "reconnecting", "3 peers of :9502 (gateway (812)) seem to reconnect");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_devices, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_browsers, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_nat, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_ours, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_hides_silence, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_some_proven, open_lab, close_lab),
	};

	lab_page = "rule-reconnect";
	lab_rules = rules;
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
