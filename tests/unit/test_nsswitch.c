/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line "hosts:" of nsswitch.conf. */
#include <config.h>

#include <string.h>

#include <sockwatch/resolver/nsswitch.h>

#include "unit.h"

enum {
	ALL = NSSWITCH_NOTFOUND | NSSWITCH_UNAVAIL | NSSWITCH_TRYAGAIN,
};

static struct nsswitch
parse(const char *text)
{
	struct nsswitch nsswitch;

	nsswitch_parse(text, strlen(text), &nsswitch);
	return nsswitch;
}

static void
order_and_presence(void **state)
{
	static const struct {
		const char *text;
		bool files_first, dns;
		unsigned files_after;
		const char *others;
	} cases[] = {
		{"", true, true, 0, ""},
		{"passwd: files\n", true, true, 0, ""},
		{"#hosts: dns\n", true, true, 0, ""},
		{"HOSTS: dns\n", true, true, 0, ""},
		{"hosts:\n", false, false, 0, ""},
		{"hosts: # files\n", false, false, 0, ""},
		{"hosts: files\n", true, false, 0, ""},
		{"hosts:files dns", true, true, 0, ""},
		{"\thosts :\tdns\tfiles \r\n", false, true, ALL, ""},
		{"hosts: dns\n", false, true, 0, ""},
		{"hosts: dns\nhosts: files\n", true, false, 0, ""},
		{"hosts: files dns files dns\n", true, true, 0, ""},
		{"hosts: Files dns\n", false, true, 0, "Files"},
		{"hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname\n", true, true, 0,
			"mdns4_minimal myhostname"},
		{"hosts: resolve [!UNAVAIL=return] files dns\n", true, true, 0, "resolve"},
		{"hosts: files [NOTFOUND=return] dns myhostname\n", true, false, 0, ""},
		{"hosts: files[UNAVAIL=return]dns\n", true, true, 0, ""},
		{"hosts: dns [!UNAVAIL=return] files\n", false, true, NSSWITCH_UNAVAIL, ""},
		{"hosts: dns [NOTFOUND=return] files\n", false, true,
			NSSWITCH_UNAVAIL | NSSWITCH_TRYAGAIN, ""},
		{"hosts: dns [notfound=RETURN tryagain=return] files\n", false, true,
			NSSWITCH_UNAVAIL, ""},
		{"hosts: dns [!success=return NOTFOUND=continue] files\n", false, true,
			NSSWITCH_NOTFOUND, ""},
		{"hosts: dns [!SUCCESS=return] files\n", false, true, 0, ""},
		{"hosts: dns [SUCCESS=merge] files\n", false, true, ALL, ""},
		{"hosts: dns [ UNAVAIL = return ] files\n", false, true,
			NSSWITCH_NOTFOUND | NSSWITCH_TRYAGAIN, ""},
	};

	(void)state;
	unit_each (i, cases) {
		const struct nsswitch nsswitch = parse(cases[i].text);

		assert_false(nsswitch.is_invalid);
		assert_int_equal(nsswitch.files_first, cases[i].files_first);
		assert_int_equal(nsswitch.dns, cases[i].dns);
		assert_int_equal(nsswitch.files_after, cases[i].files_after);
		assert_string_equal(nsswitch.others, cases[i].others);
	}
}

static void
invalid_lines_are_told(void **state)
{
	static const char *const cases[] = {"hosts: dns [", "hosts: dns []files [x]",
		"hosts: dns [NOTFOUND]", "hosts: dns [NOTFOUND=]", "hosts: dns [NOTFOUND=leave]",
		"hosts: dns [NOTHING=return]", "hosts: dns [!!NOTFOUND=return]",
		"hosts: dns [NOTFOUND=return", "hosts: [NOTFOUND=return] dns"};

	(void)state;
	unit_each (i, cases) {
		const struct nsswitch nsswitch = parse(cases[i]);

		assert_true(nsswitch.is_invalid);
		assert_true(nsswitch.files_first && nsswitch.dns);
		assert_int_equal(nsswitch.files_after, 0);
	}
	/* A later line counts. */
	assert_false(parse("hosts: [\nhosts: dns\n").is_invalid);
}

/* Whatever stands there is cut, and read no further than its end. */
static void
long_lines_are_bounded(void **state)
{
	char text[4096] = "hosts:";
	struct nsswitch nsswitch;

	(void)state;
	for (int i = 0; i < 300; i++)
		strcat(text, " service");
	strcat(text, " dns");
	nsswitch = parse(text);
	assert_true(nsswitch.dns);
	assert_int_equal(strlen(nsswitch.others), NSSWITCH_OTHERS_SIZE - 1);
	for (size_t len = 0; len < 64; len++)
		nsswitch_parse("hosts: dns [!UNAVAIL=return NOTFOUND=continue] files myhostname ",
			len, &nsswitch);
	assert_true(nsswitch.files_after == (NSSWITCH_UNAVAIL | NSSWITCH_NOTFOUND));
}

static void
no_file_is_an_empty_one(void **state)
{
	struct nsswitch nsswitch;

	(void)state;
	nsswitch_read("/nosuch/nsswitch.conf", &nsswitch);
	assert_true(nsswitch.files_first && nsswitch.dns && !nsswitch.is_invalid);
	nsswitch_read("/", &nsswitch);
	assert_true(nsswitch.files_first && nsswitch.dns && !nsswitch.is_invalid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_and_presence),
		cmocka_unit_test(invalid_lines_are_told),
		cmocka_unit_test(long_lines_are_bounded),
		cmocka_unit_test(no_file_is_an_empty_one),
	};

	return cmocka_run_group_tests_name("nsswitch", tests, NULL, NULL);
}
