/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doctor's rules that need a capture: flags that no TCP sends, and ports that are tried in turn. */
#include <config.h>

#include "doctor_lab.h"
#include "feed_wire.h"

static struct feed feed;
static struct doctor_settings settings;

static int
open_feed(void **state)
{
	(void)state;
	feed = feed_new();
	doctor_settings_init(&settings);
	lab = (struct lab){.model = feed.model, .doctor = doctor_new(&settings)};
	return 0;
}

static int
close_feed(void **state)
{
	(void)state;
	doctor_free(lab.doctor);
	feed_free(&feed);
	return 0;
}

/* A SYN to the port, and our RST. */
static void
try_port(uint16_t port)
{
	static uint16_t theirs = 5000;
	const struct feed_segment syn = {
		.ours = port, .theirs = ++theirs, .flags = SEGMENT_SYN, .seq = 9};
	const struct feed_segment rst = {.out = true,
		.ours = port,
		.theirs = theirs,
		.flags = SEGMENT_RST | SEGMENT_ACK,
		.ack = 10};

	feed_wire(&feed, &syn);
	feed_wire(&feed, &rst);
}

static void
test_port_scan(void **state)
{
	(void)state;
	for (uint16_t port = 100; port < 119; port++)
		try_port(port);
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "port-scan"));
	/* The same again is no other port. */
	try_port(118);
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "port-scan"));
	try_port(119);
	lab_looks(&lab, 2);
	assert_true(lab_has(&lab, "port-scan"));
	assert_non_null(strstr(lab_find(&lab, "port-scan")->title,
		"10.0.0.1 tried 20 closed ports, with 21 SYNs in up to 5 s"));
	/* It is over some time after the last one, and what comes much later is counted anew. */
	lab_looks(&lab, 100);
	assert_true(lab_find(&lab, "port-scan")->over_ns != 0);
	try_port(200);
	lab_looks(&lab, 2);
	assert_true(lab_find(&lab, "port-scan")->over_ns != 0);
	/* The same ports count again then. */
	lab_looks(&lab, 10);
	for (uint16_t port = 100; port < 120; port++)
		try_port(port);
	lab_looks(&lab, 2);
	assert_true(lab_severity(&lab, "port-scan") != LAB_NONE);
}

static void
test_illegal_flags(void **state)
{
	const struct feed_segment good = {.ours = 443, .theirs = 5000, .flags = SEGMENT_SYN};
	const struct feed_segment none = {.ours = 443, .theirs = 5001, .flags = 0};
	const struct feed_segment xmas = {
		.ours = 443, .theirs = 5002, .flags = SEGMENT_FIN | SEGMENT_PSH | SEGMENT_URG};
	const struct finding *finding;

	(void)state;
	feed_wire(&feed, &good);
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "illegal-flags"));
	feed_wire(&feed, &none);
	lab_looks(&lab, 2);
	assert_true(lab_has(&lab, "illegal-flags"));
	assert_non_null(strstr(lab_find(&lab, "illegal-flags")->title,
		"1 packet with flags that are never legitimate from 10.0.0.1, the last with no flag (null) to :443"));
	feed_wire(&feed, &xmas);
	lab_look(&lab);
	finding = lab_find(&lab, "illegal-flags");
	assert_non_null(strstr(finding->title, "2 packets"));
	assert_non_null(strstr(finding->title, "FIN PSH URG (xmas)"));
	assert_int_equal(finding->severity, SEVERITY_WARNING);
}

/* A threshold that somebody set is the one that counts. */
static void
test_thresholds(void **state)
{
	const struct feed_segment none = {.ours = 443, .theirs = 5001, .flags = 0};
	const struct feed_segment other = {.ours = 443, .theirs = 5002, .flags = 0};

	(void)state;
	assert_int_equal(doctor_settings_set(&settings, "illegal-flags.warning", "2", NULL), 0);
	assert_int_equal(doctor_settings_set(&settings, "port-scan.warning", "2", NULL), 0);
	feed_wire(&feed, &none);
	try_port(300);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "illegal-flags"), LAB_NONE);
	assert_int_equal(lab_severity(&lab, "port-scan"), LAB_NONE);
	feed_wire(&feed, &other);
	try_port(301);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "illegal-flags"), SEVERITY_WARNING);
	assert_true(lab_severity(&lab, "port-scan") != LAB_NONE);
	/* With 0 the source of refused SYNs alone is none of illegal ones. */
	close_feed(NULL);
	open_feed(NULL);
	assert_int_equal(doctor_settings_set(&settings, "illegal-flags.warning", "0", NULL), 0);
	try_port(302);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "illegal-flags"), LAB_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_port_scan, open_feed, close_feed),
		cmocka_unit_test_setup_teardown(test_illegal_flags, open_feed, close_feed),
		cmocka_unit_test_setup_teardown(test_thresholds, open_feed, close_feed),
	};

	lab_page = "rule-scan";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
