/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the resolver reads of the box: /etc/hosts, /etc/resolv.conf, the name of the host; and the
 * servers that are named there. This process has an /etc of its own, and a network of its own with
 * a DNS server at 127.0.0.1, 127.0.0.2 and fe80::1%lo.
 */
#include <config.h>

#include <sys/resource.h>

#include "resolver_world.h"
static void
hosts_names_addresses(void **state)
{
	(void)state;
	need_world();
	write_file("/etc/hosts", "192.0.2.1 one.example uno\n");
	begin(NULL, 16);
	assert_string_equal(name_of("192.0.2.1"), "one.example");
	assert_string_equal(reports, "found one.example 192.0.2.1 \n");
	assert_int_equal(last.source, NAME_FROM_HOSTS);
	assert_int_equal(last.ttl_s, 60);
	assert_string_equal(last_server, "/etc/hosts");
	assert_int_equal(servers[0].asked, 0);
	/* Known now. */
	assert_string_equal(name_of("192.0.2.1"), "one.example");
	assert_string_equal(reports, "");
	/* What the file does not know is asked for. */
	assert_null(name_of("192.0.2.14"));
	assert_string_equal(reports, "found classless.test 192.0.2.14 \n");
	assert_int_equal(last.source, NAME_FROM_SERVER);
	assert_int_equal(last.ttl_s, 300);
	assert_string_equal(last_server, "127.0.0.1:53");
	end();
}

static void
hosts_has_addresses(void **state)
{
	(void)state;
	need_world();
	write_file("/etc/hosts", "192.0.2.7 one.example uno\n2001:db8::7 one.example\n"
				 "192.0.2.8 xn--mller-kva.example\n");
	begin(NULL, 16);
	assert_string_equal(look_up("one.example"), "found one.example 192.0.2.7 \n"
						    "found one.example 2001:db8::7 \n"
						    "found one.example - \n");
	assert_string_equal(look_up("ONE.example"), "found ONE.example 192.0.2.7 \n"
						    "found ONE.example 2001:db8::7 \n"
						    "found ONE.example - \n");
	assert_string_equal(look_up("uno"), "found uno 192.0.2.7 stands for one.example\n"
					    "found uno - \n");
#ifdef HAVE_LIBIDN2
	assert_string_equal(look_up("m\303\274ller.example"),
		"found xn--mller-kva.example 192.0.2.8 \nfound xn--mller-kva.example - \n");
#endif
	assert_int_equal(servers[0].asked, 0);
	assert_non_null(strstr(look_up("right.test"), "found right.test 192.0.2.1 \n"));
	assert_int_equal(servers[0].asked, 2);
	end();
}

/* A server that is new may know what the old one did not. */
static void
servers_change(void **state)
{
	(void)state;
	need_world();
	begin(NULL, 16);
	servers[0].manner = NONE;
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "none  192.0.2.1 no such name (NXDOMAIN)\n");
	assert_string_equal(last_server, "127.0.0.1:53");
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "");
	/* The same file: nothing is asked again. */
	second_passes();
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "");
	write_file("/etc/resolv.conf", "nameserver 127.0.0.2\n");
	/* Not before the second is over. */
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "");
	second_passes();
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "found right.test 192.0.2.1 \n");
	assert_string_equal(last_server, "127.0.0.2:53");
	assert_int_equal(servers[0].asked, 1);
	assert_int_equal(servers[1].asked, 1);
	/* Names stay. */
	write_file("/etc/resolv.conf", "nameserver 127.0.0.1\n#\n");
	second_passes();
	assert_string_equal(name_of("192.0.2.1"), "right.test");
	assert_string_equal(reports, "");
	assert_null(name_of("192.0.2.14"));
	assert_string_equal(reports, "none  192.0.2.14 no such name (NXDOMAIN)\n");
	end();
}

/* Servers stay while questions are open, and those of the command line whatever the file says. */
static void
servers_stay(void **state)
{
	struct address address;

	(void)state;
	need_world();
	begin(NULL, 16);
	servers[0].manner = SILENT;
	assert_int_equal(address_parse("192.0.2.1", 9, &address, NULL), 0);
	assert_null(resolver_name(resolver, &address));
	write_file("/etc/resolv.conf", "nameserver 127.0.0.2\n");
	second_passes();
	assert_null(name_of("192.0.2.14"));
	assert_int_equal(servers[1].asked, 0);
	assert_int_equal(servers[0].asked, 2);
	end();
	begin("127.0.0.2", 16);
	assert_null(name_of("192.0.2.14"));
	write_file("/etc/resolv.conf", "nameserver 127.0.0.1\n");
	second_passes();
	assert_null(name_of("192.0.2.1"));
	assert_int_equal(servers[0].asked, 0);
	assert_int_equal(servers[1].asked, 2);
	end();
}

/* The server that answered while another did not is forgotten with the others. */
static void
preference_ends(void **state)
{
	(void)state;
	need_world();
	write_file("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");
	begin(NULL, 16);
	servers[0].manner = SILENT;
	assert_null(name_of("192.0.2.1"));
	assert_null(name_of("192.0.2.14"));
	assert_int_equal(servers[0].asked, 1);
	assert_int_equal(servers[1].asked, 2);
	write_file("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\n#\n");
	second_passes();
	servers[0].manner = RIGHT;
	assert_null(name_of("192.0.2.20"));
	assert_int_equal(servers[0].asked, 2);
	assert_int_equal(servers[1].asked, 2);
	end();
}

static void
zone_is_obeyed(void **state)
{
	(void)state;
	need_world();
	if (!has_v6)
		unit_skip("needs IPv6");
	write_file("/etc/resolv.conf", "nameserver fe80::1%lo\n");
	begin(NULL, 16);
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "found right.test 192.0.2.1 \n");
	assert_string_equal(last_server, "[fe80::1%lo]:53");
	assert_int_equal(servers[2].asked, 1);
	end();
}

/* A reply to another question is no answer to this one, whether the library sees it or we do. */
static void
questions_are_compared(void **state)
{
	(void)state;
	need_world();
	begin(NULL, 16);
	servers[0].manner = OTHER_QUESTION;
	assert_null(name_of("192.0.2.1"));
	assert_int_equal(last.status, NAME_FAILED);
	assert_string_equal(last_name, "");
	assert_int_equal(last.ttl_s, QUERY_TTL_FAILED_S);
	end();
}

static void
what_did_not_fit_is_told(void **state)
{
	static const struct {
		unsigned names;
		const char *text;
	} cases[] = {{1, ""}, {2, "and 1 more name"}, {3, "and 2 more names"}};

	(void)state;
	need_world();
	unit_each (i, cases) {
		begin(NULL, 16);
		servers[0].names = cases[i].names;
		assert_null(name_of("192.0.2.12"));
		assert_string_equal(last_name, "first.test");
		assert_string_equal(last_text, cases[i].text);
		end();
	}
	write_file("/etc/resolv.conf", "options edns0\n");
	begin(NULL, 16);
	servers[0].names = 70;
	(void)look_up("many.test.");
	assert_non_null(strstr(reports, "found many.test. 198.51.100.1 stands for many.test\n"));
	assert_non_null(strstr(reports, " and 38 more addresses\n"));
	end();
}

/* That there is no name is kept as long as its SOA record says, within bounds. */
static void
no_name_has_a_lifetime(void **state)
{
	static const struct {
		uint32_t told_s, kept_s;
	} cases[] = {{0, 30}, {29, 30}, {30, 30}, {31, 31}, {3599, 3599}, {3600, 3600},
		{3601, 3600}, {100000, 3600}};

	(void)state;
	need_world();
	unit_each (i, cases) {
		begin(NULL, 16);
		servers[0].manner = SOA;
		servers[0].none_s = cases[i].told_s;
		assert_null(name_of("192.0.2.1"));
		assert_int_equal(last.status, NAME_NONE);
		assert_int_equal(last.ttl_s, cases[i].kept_s);
		end();
	}
	begin(NULL, 16);
	servers[0].manner = NONE;
	assert_null(name_of("192.0.2.1"));
	assert_int_equal(last.ttl_s, 300);
	end();
}

/* Names that made room are counted. */
static void
names_make_room(void **state)
{
	(void)state;
	need_world();
	begin(NULL, 2);
	assert_null(name_of("192.0.2.1"));
	assert_null(name_of("192.0.2.14"));
	assert_int_equal(resolver_counts(resolver).forgotten, 0);
	assert_null(name_of("192.0.2.20"));
	assert_int_equal(resolver_counts(resolver).forgotten, 1);
	end();
}

static void
stop_loop(void *context, uint64_t times)
{
	(void)context;
	(void)times;
	loop_stop(loop, 0);
}

/* When it has ended, nothing of it is in the loop. */
static void
nothing_stays_in_the_loop(void **state)
{
	struct loop_source *timer;
	struct address address;

	(void)state;
	need_world();
	begin(NULL, 16);
	servers[0].manner = SILENT;
	assert_int_equal(address_parse("192.0.2.1", 9, &address, NULL), 0);
	assert_null(resolver_name(resolver, &address));
	reports[0] = '\0';
	resolver_free(resolver);
	resolver = NULL;
	timer = loop_add_timer(loop, stop_loop, NULL);
	assert_int_equal(loop_arm(timer, 2 * SILENCE_MS * CLOCK_NS_PER_MS, 0), 0);
	assert_int_equal(loop_run(loop), 0);
	assert_string_equal(reports, "");
	end();
}

/* What cannot be opened is told in a sentence, and nothing stays. */
static void
descriptors_run_out(void **state)
{
	struct rlimit before, none;
	struct error error = {.text = ""};

	(void)state;
	need_world();
	loop = loop_new();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_null(resolver_new(loop,
		&(struct resolver_options){.cache = 4,
			.parallel = 4,
			.timeout_ms = 40,
			.tries = 1,
			.servers = "127.0.0.1"},
		on_found, NULL, &error));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	if (strstr(error.text, "the DNS server 127.0.0.1:53 cannot be used: ") == NULL)
		fail_msg("%s", error.text);
	loop_free(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_names_addresses),
		cmocka_unit_test(hosts_has_addresses),
		cmocka_unit_test(servers_change),
		cmocka_unit_test(servers_stay),
		cmocka_unit_test(preference_ends),
		cmocka_unit_test(zone_is_obeyed),
		cmocka_unit_test(questions_are_compared),
		cmocka_unit_test(what_did_not_fit_is_told),
		cmocka_unit_test(no_name_has_a_lifetime),
		cmocka_unit_test(names_make_room),
		cmocka_unit_test(nothing_stays_in_the_loop),
		cmocka_unit_test(descriptors_run_out),
	};

	unsetenv("RES_OPTIONS");
	unsetenv("LOCALDOMAIN");
	return cmocka_run_group_tests_name("resolver files", tests, open_world, close_world);
}
