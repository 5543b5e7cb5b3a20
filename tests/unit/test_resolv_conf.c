/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings of resolv.conf, in words. */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command/resolv_conf.h"
#include "unit.h"

#define ASKED_INSTEAD "127.0.0.1 is asked, and names fail unless a DNS server runs there\n"

static char path[] = "/tmp/test-resolv-conf-XXXXXX";

static int
make_file(void **state)
{
	const int fd = mkstemp(path);

	(void)state;
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : -1;
}

static int
remove_file(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

/* The lines about a file with this text, "PATH" for its path. */
static void
expect(const char *text, const char *lines)
{
	struct buffer out = {0};
	char expected[1024] = "";
	const int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	for (const char *at = lines; *at != '\0';) {
		const size_t len = strlen(expected);
		const bool is_path = strncmp(at, "PATH", 4) == 0;

		snprintf(expected + len, sizeof expected - len, is_path ? "%s" : "%.1s",
			is_path ? path : at);
		at += is_path ? 4 : 1;
	}
	resolv_conf_describe(path, &out);
	buffer_append_char(&out, '\0');
	assert_string_equal((const char *)out.data, expected);
	buffer_fini(&out);
}

static void
test_servers(void **state)
{
	(void)state;
	expect("", "PATH is empty: " ASKED_INSTEAD);
	expect("\n", "PATH names no server: " ASKED_INSTEAD);
	expect("#nameserver 192.0.2.1\n;nameserver 192.0.2.1\n",
		"PATH names no server: " ASKED_INSTEAD);
	expect("nameserver\n", "PATH names no server: " ASKED_INSTEAD
			       "PATH: \"nameserver \" is not an address and is ignored\n");
	expect("nameserver 192.0.2.1", "PATH: one server, 192.0.2.1\n");
	expect("nameserver\t2001:DB8::0:1 # ours\nnameserver 192.0.2.2\n",
		"PATH: servers in turn 2001:db8::1, 192.0.2.2\n");
	expect("nameserver fe80::1%eth0\n", "PATH: one server, fe80::1\n");
	expect("nameserver 127.0.0.53\noptions edns0\n",
		"PATH: one server, 127.0.0.53 (systemd-resolved of this box; `resolvectl status` "
		"shows which servers it asks)\n"
		"PATH: options edns0 (EDNS0, for answers longer than 512 bytes)\n");
	expect("nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\nnameserver 1.1.1.4\n",
		"PATH: servers in turn 1.1.1.1, 1.1.1.2, 1.1.1.3\n"
		"PATH: of 4 servers programs use the first 3\n");
	expect("nameserver x\033y\n",
		"PATH names no server: " ASKED_INSTEAD
		"PATH: \"nameserver x?y\" is not an address and is ignored\n");
}

static void
test_options(void **state)
{
	(void)state;
	expect("nameserver 1.1.1.1\nsearch a.example b.example\noptions  ndots:2 timeout:1 "
	       "rotate\n",
		"PATH: one server, 1.1.1.1; short names are tried in a.example b.example\n"
		"PATH: options ndots:2 (names with fewer than 2 dots are tried with the search "
		"list first), timeout:1 (1 s for each try), rotate (the servers take turns)\n");
	/* Without its number, with one too much, with nonsense, and what nobody knows. */
	expect("nameserver 1.1.1.1\noptions ndots rotate:1 timeout:x single-request-reopen foo\n",
		"PATH: one server, 1.1.1.1\n"
		"PATH: options ndots (not known, without effect), rotate:1 (not known, without "
		"effect), timeout:x (not known, without effect), single-request-reopen (A and "
		"AAAA from a socket each), foo (not known, without effect)\n");
}

static void
test_missing(void **state)
{
	struct buffer out = {0};

	(void)state;
	resolv_conf_describe("/nosuch/resolv.conf", &out);
	buffer_append_char(&out, '\0');
	assert_string_equal(
		(const char *)out.data, "/nosuch/resolv.conf is missing: " ASKED_INSTEAD);
	buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_servers, make_file, NULL),
		cmocka_unit_test_setup_teardown(test_options, NULL, remove_file),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
