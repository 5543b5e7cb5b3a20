/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings of resolv.conf, in words. */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command/resolve/resolv_conf_words.h"
#include "own_world.h"
#include "unit.h"

#define ASKED_INSTEAD "127.0.0.1 is asked, and names fail unless a DNS server runs there\n"

static char path[32];

static int
make_file(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/test-resolv-conf-XXXXXX");
	fd = mkstemp(path);
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
	/* A key begins its line, and a blank follows it. */
	expect("nameserver\n nameserver 192.0.2.1\nnameservers 192.0.2.1\n",
		"PATH names no server: " ASKED_INSTEAD);
	expect("nameserver \n", "PATH names no server: " ASKED_INSTEAD
				"PATH: \"nameserver \" is not an address and is ignored\n");
	expect("nameserver 192.0.2.1", "PATH: one server, 192.0.2.1\n");
	expect("nameserver\t2001:DB8::0:1 # ours\nnameserver 192.0.2.2\n",
		"PATH: servers in turn 2001:db8::1, 192.0.2.2\n");
	expect("nameserver fe80::1%nosuch0\n",
		"PATH: one server, fe80::1%nosuch0 (there is no such interface)\n");
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
	/* Lines of options add up; of search lists the last one counts. */
	expect("options ndots:2\nsearch a.example\nnameserver 1.1.1.1\noptions timeout:1\ndomain "
	       "b.example c.example\n",
		"PATH: one server, 1.1.1.1; short names are tried in b.example\n"
		"PATH: options ndots:2 (names with fewer than 2 dots are tried with the search "
		"list first), timeout:1 (1 s for each try)\n");
	/* Without its number, with one too much, with nonsense, and what nobody knows. */
	expect("nameserver 1.1.1.1\noptions ndots rotate:1 timeout:x single-request-reopen foo\n",
		"PATH: one server, 1.1.1.1\n"
		"PATH: options ndots (not known, without effect), rotate:1 (not known, without "
		"effect), timeout:x (not known, without effect), single-request-reopen (A and "
		"AAAA from a socket each), foo (not known, without effect)\n");
}

/* What is read from a file with this text. */
static struct resolv_conf
conf_of(const char *text)
{
	struct resolv_conf conf;
	const int fd = open(path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	resolv_conf_read(path, &conf);
	return conf;
}

static void
test_settings(void **state)
{
	struct resolv_conf conf =
		conf_of("nameserver 192.0.2.1\nnameserver 127.1\n"
			"nameserver fe80::1%lo\nnameserver 192.0.2.4\n"
			"options ndots:2 timeout:7\noptions attempts:3 ndots:3\n"
			"options rotate use-vc edns0 no-aaaa no-tld-query # rest\n");
	const struct resolv_conf none = conf_of("");

	(void)state;
	assert_int_equal(conf.error, 0);
	assert_int_equal(conf.server_count, 4);
	assert_int_equal(conf.servers[1].address.bytes[12], 127);
	assert_int_equal(conf.servers[1].address.bytes[15], 1);
	assert_string_equal(conf.servers[2].zone, "%lo");
	assert_int_equal(conf.servers[2].interface, 1);
	assert_int_equal(conf.servers[0].interface, 0);
	assert_int_equal(conf.ndots, 3);
	assert_int_equal(conf.timeout_s, 7);
	assert_int_equal(conf.attempts, 3);
	assert_true(conf.rotate && conf.use_vc && conf.edns0 && conf.no_aaaa && conf.no_tld_query);
	assert_string_equal(conf.options,
		"ndots:2 timeout:7 attempts:3 ndots:3 rotate use-vc edns0 no-aaaa no-tld-query");
	/* As large as glibc lets them be. */
	conf = conf_of("options ndots:16 timeout:31 attempts:6\n");
	assert_int_equal(conf.ndots, 15);
	assert_int_equal(conf.timeout_s, 30);
	assert_int_equal(conf.attempts, 5);
	assert_true(none.is_empty && none.ndots == 1 && none.timeout_s == 0 && none.attempts == 0);
	assert_false(none.rotate || none.use_vc || none.edns0 || none.no_aaaa || none.no_tld_query);
	conf = conf_of("options ndots:3 ; rotate\noptions timeout:2 # use-vc\noptions ;edns0\n");
	assert_true(conf.ndots == 3 && conf.timeout_s == 2);
	assert_false(conf.rotate || conf.use_vc || conf.edns0);
	assert_string_equal(conf.options, "ndots:3 timeout:2");
	conf = conf_of("options ndots rotate:1 timeout:x\n");
	assert_true(conf.ndots == 1 && !conf.rotate && conf.timeout_s == 0);
	setenv("RES_OPTIONS", "ndots:4 rotate", 1);
	setenv("LOCALDOMAIN", "here.example there.example", 1);
	conf = conf_of("search away.example\noptions ndots:2 timeout:1\n");
	unsetenv("RES_OPTIONS");
	unsetenv("LOCALDOMAIN");
	assert_true(conf.ndots == 4 && conf.rotate && conf.timeout_s == 1);
	assert_int_equal(conf.search_count, 2);
	assert_string_equal(conf.search[1], "there.example");
}

/* The names that are asked for, with blanks between. */
static void
expect_candidates(const char *text, const char *name, const char *wanted)
{
	const struct resolv_conf conf = conf_of(text);
	char all[1024] = "", one[256];

	for (size_t i = 0; i < 10 && resolv_conf_candidate(&conf, name, i, one, sizeof one); i++) {
		const size_t len = strlen(all);

		snprintf(all + len, sizeof all - len, "%s%s", i != 0 ? " " : "", one);
	}
	assert_string_equal(all, wanted);
}

static void
test_candidates(void **state)
{
	static const char two[] = "search a.example b.example\n";
	char long_name[251] = "";

	(void)state;
	expect_candidates(two, "host", "host.a.example host.b.example host");
	expect_candidates(two, "host.x", "host.x host.x.a.example host.x.b.example");
	expect_candidates(two, "host.", "host.");
	expect_candidates(
		"search a.example\noptions ndots:2\n", "host.x", "host.x.a.example host.x");
	expect_candidates(
		"search a.example\noptions ndots:2\n", "host.x.y", "host.x.y host.x.y.a.example");
	expect_candidates("search a.example\noptions ndots:0\n", "host", "host host.a.example");
	expect_candidates("search a.example\noptions no-tld-query\n", "host", "host.a.example");
	expect_candidates("search .\n", "host", "host. host");
	/* Too long with the domain. */
	memset(long_name, 'x', sizeof long_name - 1);
	expect_candidates("search a.example\n", long_name, long_name);
}

/* The domain of the host is the search list where nothing else is one. */
static void
test_host_domain(void **state)
{
	static const struct {
		const char *host, *text;
		const char *search; /* NULL: none */
		bool is_of_host;
	} cases[] = {
		{"box.example.org", "", "example.org", true},
		{"box.x", "", "x", true},
		{"box", "", NULL, false},
		{"box.", "", NULL, false},
		{"box.example.org", "search other.example\n", "other.example", false},
	};

	(void)state;
	make_world();
	need_world();
	unit_each (i, cases) {
		struct resolv_conf conf;

		assert_int_equal(sethostname(cases[i].host, strlen(cases[i].host)), 0);
		conf = conf_of(cases[i].text);
		assert_int_equal(conf.search_count, cases[i].search != NULL);
		assert_int_equal(conf.search_is_of_host, cases[i].is_of_host);
		if (cases[i].search != NULL)
			assert_string_equal(conf.search[0], cases[i].search);
	}
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
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_candidates),
		cmocka_unit_test_setup_teardown(test_host_domain, NULL, remove_file),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
