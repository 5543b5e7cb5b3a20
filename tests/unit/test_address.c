/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/address.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <stdio.h>

#include "unit.h"

static struct address
parse(const char *text)
{
	struct address address;
	struct error error = {0};

	if (address_parse(text, strlen(text), &address, &error) != 0)
		fail_msg("%s: %s", text, error.text);
	return address;
}

static void
from_bytes(void **state)
{
	const uint8_t four[] = {192, 0, 2, 1};
	const uint8_t sixteen[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	const struct address v4 = address_from_v4(four);
	const struct address v6 = address_from_v6(sixteen);
	const struct address expected_v4 = parse("192.0.2.1");
	const struct address expected_v6 = parse("2001:db8::1");

	(void)state;
	assert_int_equal(address_compare(&v4, &expected_v4), 0);
	assert_int_equal(address_compare(&v6, &expected_v6), 0);
	assert_true(address_is_v4(&v4));
	assert_false(address_is_v4(&v6));
	assert_true(address_compare(&v4, &v6) < 0);
	assert_true(address_compare(&v6, &v4) > 0);
}

static void
ends(void **state)
{
	const struct address v4 = parse("192.0.2.1"), v6 = parse("2001:db8::1");
	char text[ADDRESS_PORT_SIZE];

	(void)state;
	assert_int_equal(address_format_port(&v4, 443, text, sizeof text), 13);
	assert_string_equal(text, "192.0.2.1:443");
	assert_int_equal(address_format_port(&v6, 65535, text, sizeof text), 19);
	assert_string_equal(text, "[2001:db8::1]:65535");
}

static void
kinds(void **state)
{
	static const struct {
		const char *text;
		bool any, loopback, link_local;
	} cases[] = {
		{"0.0.0.0", true, false, false},
		{"::", true, false, false},
		{"0.0.0.1", false, false, false},
		{"::1", false, true, false},
		{"::2", false, false, false},
		{"127.0.0.1", false, true, false},
		{"127.255.255.255", false, true, false},
		{"128.0.0.1", false, false, false},
		{"::127.0.0.1", false, false, false},
		{"169.254.0.1", false, false, true},
		{"169.253.0.1", false, false, false},
		{"fe80::1", false, false, true},
		{"febf::1", false, false, true},
		{"fec0::1", false, false, false},
	};

	(void)state;
	unit_each (i, cases) {
		const struct address address = parse(cases[i].text);

		assert_int_equal(address_is_any(&address), cases[i].any);
		assert_int_equal(address_is_loopback(&address), cases[i].loopback);
		assert_int_equal(address_is_link_local(&address), cases[i].link_local);
	}
}

/* The examples of RFC 5952 section 4, and the corners. */
static void
formats(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"255.255.255.255", "255.255.255.255"},
		{"0.0.0.0", "0.0.0.0"},
		{"1.20.30.100", "1.20.30.100"},
		{"::ffff:10.1.2.3", "10.1.2.3"},
		{"::ffff:0a01:0203", "10.1.2.3"},
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"2001:0db8::0001", "2001:db8::1"},
		{"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:DB8::AbCd", "2001:db8::abcd"},
		{"0:0:1::", "0:0:1::"},
		{"0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
		{"::1.2.3.4", "::102:304"},
		{"::ffff:0:1.2.3.4", "::ffff:0:102:304"},
		{"1:2:3:4:5:6::", "1:2:3:4:5:6::"},
		{"1111:2222:3333:4444:5555:6666:7777:8888",
			"1111:2222:3333:4444:5555:6666:7777:8888"},
	};

	(void)state;
	unit_each (i, cases) {
		const struct address address = parse(cases[i].in);
		char out[ADDRESS_TEXT_SIZE];

		assert_int_equal(address_format(&address, out, sizeof out), strlen(cases[i].out));
		assert_string_equal(out, cases[i].out);
	}
}

static void
too_small_for_text(void **state)
{
	const struct address address = parse("::1");
	char out[8] = "unset";

	(void)state;
	assert_int_equal(address_format(&address, out, sizeof out), 0);
	assert_string_equal(out, "");
}

/* Addresses with many zero groups, against inet_ntop where it follows RFC 5952. */
static void
formats_like_inet_ntop(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t bytes[16] = {0};
		char expected[INET6_ADDRSTRLEN];
		char out[ADDRESS_TEXT_SIZE];
		struct address address;

		for (unsigned group = 0; group < 8; group++) {
			if ((i >> group & 1) != 0)
				bytes[2 * group + 1] = (uint8_t)(17 * group + 1);
		}
		if ((i & 0x3f) == 0 && i != 0)
			continue; /* ::a.b.c.d in glibc */
		address = address_from_v6(bytes);
		inet_ntop(AF_INET6, bytes, expected, sizeof expected);
		address_format(&address, out, sizeof out);
		assert_string_equal(out, expected);
	}
}

static void
formats_narrow(void **state)
{
	static const struct {
		const char *in;
		size_t columns;
		const char *out;
	} cases[] = {
		{"192.0.2.100", 11, "192.0.2.100"},
		{"192.0.2.100", 10, "192.0.2.1~"},
		{"192.0.2.100", 1, "~"},
		{"192.0.2.100", 0, ""},
		{"2001:db8::1", 11, "2001:db8::1"},
		{"2001:db8:1:2:3:4:7:1", 13, "2001:db8..7:1"},
		{"fe80::a11:22ff:fe33:4455", 13, "fe80..4455"},
		{"2001:db8:1111:2222:3333:4444::", 16, "2001:db8..4444::"},
		{"::aaaa:bbbb:cccc:dddd", 14, "::aaaa..dddd"},
		{"1111:2222:3333:4444:5555:6666:7777:8888", 20, "1111:2222..7777:8888"},
		{"1111:2222:3333:4444:5555:6666:7777:8888", 9, "1111..888"},
		{"1111:2222:3333:4444:5555:6666:7777:8888", 6, "11..88"},
		{"1111:2222:3333:4444:5555:6666:7777:8888", 5, "1111~"},
		{"1111:2222:3333:4444:5555:6666:7777:8888", 1, "~"},
		{"1111:2222:3333:4444:5555:6666:7777:8888", 0, ""},
	};

	(void)state;
	unit_each (i, cases) {
		const struct address address = parse(cases[i].in);
		char out[ADDRESS_TEXT_SIZE];

		assert_int_equal(address_format_narrow(&address, cases[i].columns, out, sizeof out),
			strlen(cases[i].out));
		assert_string_equal(out, cases[i].out);
	}
}

static void
narrow_never_exceeds_its_columns(void **state)
{
	(void)state;
	srand(5);
	for (unsigned i = 0; i < 2000; i++) {
		struct address address;
		char full[ADDRESS_TEXT_SIZE];
		char out[ADDRESS_TEXT_SIZE];
		size_t len;

		for (unsigned j = 0; j < sizeof address.bytes; j++)
			address.bytes[j] = rand() % 3 == 0 ? 0 : (uint8_t)rand();
		len = address_format(&address, full, sizeof full);
		for (size_t columns = 0; columns <= len; columns++) {
			const size_t taken =
				address_format_narrow(&address, columns, out, sizeof out);

			assert_true(taken <= columns);
			assert_int_equal(strlen(out), taken);
			if (columns >= 6 && columns < len) {
				assert_int_equal(out[0], full[0]);
				assert_int_equal(out[taken - 1], full[len - 1]);
			}
		}
	}
}

static void
parses_brackets(void **state)
{
	const struct address plain = parse("2001:db8::1");
	const struct address bracketed = parse("[2001:db8::1]");

	(void)state;
	assert_int_equal(address_compare(&plain, &bracketed), 0);
}

static void
refuses(void **state)
{
	static const char *const cases[] = {"", "[", "[]", "[10.0.0.1]", "10.0.0", "10.0.0.256",
		"10.0.0.1.", "010.0.0.1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", "[::1",
		"::1]", ":::", "g::", "fe80::1%eth0", "localhost", "1.2.3.4 ", " 1.2.3.4",
		"\x1b[31m"};
	char many[200];
	struct address address;
	struct error error;

	(void)state;
	unit_each (i, cases) {
		error.text[0] = '\0';
		assert_int_equal(
			address_parse(cases[i], strlen(cases[i]), &address, &error), -EINVAL);
		assert_true(error.text[0] != '\0');
		assert_null(strchr(error.text, '\x1b'));
	}
	assert_int_equal(address_parse("1.2.3.4\0x", 9, &address, NULL), -EINVAL);
	memset(many, '1', sizeof many);
	assert_int_equal(address_parse(many, sizeof many, &address, &error), -EINVAL);
}

static void
prefixes(void **state)
{
	static const struct {
		const char *prefix;
		unsigned length;
		const char *inside, *outside;
	} cases[] = {
		{"10.0.0.0/8", 104, "10.255.255.255", "11.0.0.0"},
		{"10.1.2.3/8", 104, "10.9.9.9", "9.1.2.3"},
		{"0.0.0.0/0", 96, "203.0.113.9", "2001:db8::1"},
		{"::/0", 0, "203.0.113.9", NULL},
		{"10.0.0.1", 128, "10.0.0.1", "10.0.0.2"},
		{"192.0.2.128/25", 121, "192.0.2.129", "192.0.2.127"},
		{"2001:db8::/32", 32, "2001:db8:ffff::1", "2001:db9::1"},
		{"2001:db8::/29", 29, "2001:dbf::1", "2001:dc0::1"},
		{"[2001:db8::]/32", 32, "2001:db8::1", "2001:db7::1"},
		{"::1", 128, "::1", "::2"},
		{"f234::/4", 4, "ffff::1", "e000::1"},
		{"2001:db8::1/127", 127, "2001:db8::", "2001:db8::2"},
		{"::ffff:0:0/96", 96, "10.0.0.1", "::1"},
	};

	(void)state;
	unit_each (i, cases) {
		const char *const text = cases[i].prefix;
		const struct address inside = parse(cases[i].inside);
		struct address_prefix prefix;

		assert_int_equal(address_prefix_parse(text, strlen(text), &prefix, NULL), 0);
		assert_int_equal(prefix.length, cases[i].length);
		assert_true(address_prefix_match(&prefix, &inside));
		if (cases[i].outside != NULL) {
			const struct address outside = parse(cases[i].outside);

			assert_false(address_prefix_match(&prefix, &outside));
		}
	}
}

static void
refuses_prefixes(void **state)
{
	static const char *const cases[] = {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33",
		"10.0.0.0/-1", "10.0.0.0/255.0.0.0", "::/129", "::/1280", "10.0.0/8",
		"10.0.0.0/8/8", "10.0.0.0/0x8"};
	struct address_prefix prefix;
	struct error error;

	(void)state;
	unit_each (i, cases) {
		error.text[0] = '\0';
		assert_int_equal(
			address_prefix_parse(cases[i], strlen(cases[i]), &prefix, &error), -EINVAL);
		assert_true(error.text[0] != '\0');
	}
}

static void
parses_zones(void **state)
{
	static const struct {
		const char *text, *address, *zone;
		uint32_t ifindex;
	} cases[] = {
		{"fe80::1%eth0", "fe80::1", "eth0", 0},
		{"[fe80::1%eth0]", "fe80::1", "eth0", 0},
		{"fe80::1%2", "fe80::1", "2", 2},
		{"fe80::1%4294967297", "fe80::1", "4294967297", 0},
		{"fe80::1%e\"0)", "fe80::1", "e\"0)", 0},
		{"fe80::1%%", "fe80::1", "%", 0},
		{"127.0.0.53%lo", "127.0.0.53", "lo", 0},
		{"2001:db8::1", "2001:db8::1", "", 0},
	};
	static const char *const bad[] = {"fe80::1%", "%eth0", "fe80::1%eth0/64", "fe80::1%a b",
		"fe80::1%a\tb", "fe80::1%sixteen-letters!", "fe80::1%a:1", "x%eth0",
		"[fe80::1%eth0", "[]%eth0"};

	(void)state;
	unit_each (i, cases) {
		const struct address address = parse(cases[i].address);
		struct address_scoped scoped;
		struct error error;

		assert_int_equal(
			address_scoped_parse(cases[i].text, strlen(cases[i].text), &scoped, &error),
			0);
		assert_int_equal(address_compare(&scoped.ip, &address), 0);
		assert_true(text_equal(scoped.zone, text_of(cases[i].zone)));
		assert_int_equal(scoped.ifindex, cases[i].ifindex);
	}
	unit_each (i, bad) {
		struct address_scoped scoped;
		struct error error = {.text = ""};

		assert_int_equal(
			address_scoped_parse(bad[i], strlen(bad[i]), &scoped, &error), -EINVAL);
		assert_true(error.text[0] != '\0');
	}
}

static void
formats_zones(void **state)
{
	struct address_scoped scoped = {.ip = parse("fe80::1"), .ifindex = 3, .zone = {"eth0", 4}};
	const struct address_scoped same_link = scoped;
	char out[ADDRESS_TEXT_SIZE];

	(void)state;
	assert_int_equal(address_scoped_format(&scoped, out, sizeof out), 12);
	assert_string_equal(out, "fe80::1%eth0");
	assert_true(address_zone_matches(&scoped, text_of("eth0")));
	assert_true(address_zone_matches(&scoped, text_of("3")));
	assert_false(address_zone_matches(&scoped, text_of("eth")));
	assert_false(address_zone_matches(&scoped, text_of("4")));
	assert_false(address_zone_matches(&scoped, text_of("")));
	scoped.zone.len = 0;
	assert_int_equal(address_scoped_format(&scoped, out, sizeof out), 9);
	assert_string_equal(out, "fe80::1%3");
	assert_int_equal(address_scoped_compare(&scoped, &same_link), 0);
	scoped.ifindex = 4;
	assert_true(address_scoped_compare(&scoped, &same_link) > 0);
	assert_true(address_scoped_compare(&same_link, &scoped) < 0);
	scoped.ifindex = 0;
	assert_int_equal(address_scoped_format(&scoped, out, sizeof out), 7);
	assert_string_equal(out, "fe80::1");
	assert_false(address_zone_matches(&scoped, text_of("0")));
}

static void
needs_a_zone(void **state)
{
	static const struct {
		const char *address;
		bool needs;
	} cases[] = {{"fe80::1", true}, {"febf::1", true}, {"fec0::1", false}, {"ff02::fb", true},
		{"ff01::1", true}, {"ff05::2", false}, {"ff12::1", true}, {"2001:db8::1", false},
		{"169.254.1.1", false}, {"127.0.0.1", false}, {"::1", false}};

	(void)state;
	unit_each (i, cases) {
		const struct address address = parse(cases[i].address);

		assert_int_equal(address_needs_zone(&address), cases[i].needs);
	}
}

/* What is shown is what was given, and no byte beyond it. */
static void
refusals_in_words(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *sentence;
	} cases[] = {
		{"10.0.0.0/33 and more", 11, "\"/33\" is not a prefix length: write / and 0 to 32"},
		{"::/129 and more", 6, "\"/129\" is not a prefix length: write / and 0 to 128"},
		{"fe80::1%eth0/64", 12,
			"\"fe80::1%eth0\" names an interface: give the address without '%' and what follows"},
		{"10.0.0.0.0/8", 10,
			"\"10.0.0.0.0\" is not an IP address, such as 192.0.2.1 or "
			"2001:db8::1"},
	};
	struct address_prefix prefix;
	struct error error;

	(void)state;
	unit_each (i, cases) {
		assert_int_equal(address_prefix_parse(cases[i].text, cases[i].len, &prefix, &error),
			-EINVAL);
		assert_string_equal(error.text, cases[i].sentence);
	}
	/* A byte of the prefix that is whole, half, and not there. */
	for (int bits = 0; bits <= 128; bits++) {
		char text[64];

		snprintf(text, sizeof text, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/%d", bits);
		assert_int_equal(address_prefix_parse(text, strlen(text), &prefix, &error), 0);
		for (int i = 0; i < 128; i++)
			assert_int_equal(prefix.address.bytes[i / 8] >> (7 - i % 8) & 1, i < bits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_bytes),
		cmocka_unit_test(ends),
		cmocka_unit_test(kinds),
		cmocka_unit_test(formats),
		cmocka_unit_test(too_small_for_text),
		cmocka_unit_test(formats_like_inet_ntop),
		cmocka_unit_test(formats_narrow),
		cmocka_unit_test(narrow_never_exceeds_its_columns),
		cmocka_unit_test(parses_brackets),
		cmocka_unit_test(refuses),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(refuses_prefixes),
		cmocka_unit_test(parses_zones),
		cmocka_unit_test(formats_zones),
		cmocka_unit_test(needs_a_zone),
		cmocka_unit_test(refusals_in_words),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
