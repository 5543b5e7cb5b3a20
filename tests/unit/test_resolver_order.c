/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is asked, in which order, and with which settings: nsswitch.conf, resolv.conf, servers that
 * fail; see resolver_world.h.
 */
#include <config.h>

#include <sys/resource.h>

#include "resolver_world.h"

/* What DNS did not answer is looked for in /etc/hosts, after the failures that the file names. */
static void
hosts_after_dns(void **state)
{
	static const struct {
		const char *services;
		enum manner manner;
		bool is_from_hosts;
	} cases[] = {
		{"dns files", NONE, true},
		{"dns files", SILENT, true},
		{"dns files", SERVFAIL, true},
		{"dns [NOTFOUND=return] files", NONE, false},
		{"dns [NOTFOUND=return] files", SILENT, true},
		{"dns [NOTFOUND=return] files", SERVFAIL, true},
		{"dns [UNAVAIL=return] files", NONE, true},
		{"dns [UNAVAIL=return] files", SILENT, false},
		{"dns [UNAVAIL=return] files", SERVFAIL, true},
		{"dns [TRYAGAIN=return] files", NONE, true},
		{"dns [TRYAGAIN=return] files", SERVFAIL, false},
		{"dns", NONE, false},
	};

	(void)state;
	need_world();
	unit_each (i, cases) {
		char line[128];

		snprintf(line, sizeof line, "hosts: %s\n", cases[i].services);
		write_file("/etc/nsswitch.conf", line);
		write_file("/etc/hosts", "192.0.2.1 one.example\n192.0.2.9 right.test\n");
		begin(NULL, 16);
		/* The server first. */
		assert_null(name_of("192.0.2.14"));
		assert_string_equal(last_name, "classless.test");
		servers[0].manner = cases[i].manner;
		assert_null(name_of("192.0.2.1"));
		assert_int_equal(servers[0].asked, 2);
		if (cases[i].is_from_hosts) {
			assert_string_equal(reports, "found one.example 192.0.2.1 \n");
			assert_string_equal(last_server, "/etc/hosts");
			assert_string_equal(name_of("192.0.2.1"), "one.example");
			assert_string_equal(look_up("right.test"),
				"found right.test 192.0.2.9 \nfound right.test - \n");
		} else {
			assert_int_not_equal(last.status, NAME_FOUND);
			assert_string_equal(last_server, "127.0.0.1:53");
			assert_null(name_of("192.0.2.1"));
			assert_null(strstr(look_up("right.test"), "found"));
		}
		end();
	}
}

/* Where the file lets no server be asked, that is said, and kept. */
static void
without_dns(void **state)
{
	static const struct {
		const char *services, *text, *server;
	} cases[] = {
		{"files", "not there, and /etc/nsswitch.conf lets no DNS server be asked",
			"/etc/hosts"},
		{"myhostname", "neither /etc/hosts nor a DNS server is asked",
			"/etc/nsswitch.conf"},
	};

	(void)state;
	need_world();
	unit_each (i, cases) {
		const struct cache_entry *entry;
		char expected[256];
		struct address address;

		snprintf(expected, sizeof expected, "hosts: %s\n", cases[i].services);
		write_file("/etc/nsswitch.conf", expected);
		begin(NULL, 16);
		assert_null(name_of("192.0.2.1"));
		snprintf(expected, sizeof expected, "none  192.0.2.1 %s\n", cases[i].text);
		assert_string_equal(reports, expected);
		assert_string_equal(last_server, cases[i].server);
		assert_int_equal(last.source, NAME_FROM_HOSTS);
		assert_int_equal(last.ttl_s, 60);
		/* It is known now, for half a minute. */
		assert_null(name_of("192.0.2.1"));
		assert_string_equal(reports, "");
		assert_int_equal(address_parse("192.0.2.1", 9, &address, NULL), 0);
		entry = cache_find(&resolver->cache, &address);
		assert_int_equal(entry->state, CACHE_NAMELESS);
		assert_true(entry->expires_ns - clock_monotonic_ns() <= 30 * CLOCK_NS_PER_S);
		assert_true(entry->expires_ns > clock_monotonic_ns());
		snprintf(expected, sizeof expected, "none right.test - %s\n", cases[i].text);
		assert_string_equal(look_up("right.test"), expected);
		assert_int_equal(servers[0].asked, 0);
		/* Another order: asked again. */
		write_file("/etc/nsswitch.conf", "hosts: dns # as before\n");
		assert_null(name_of("192.0.2.1"));
		assert_string_equal(reports, "");
		second_passes();
		assert_null(name_of("192.0.2.1"));
		assert_string_equal(reports, "found right.test 192.0.2.1 \n");
		end();
	}
}

/* Who names the servers himself is not held by the file. */
static void
own_servers(void **state)
{
	(void)state;
	need_world();
	write_file("/etc/nsswitch.conf", "hosts: files\n");
	begin("127.0.0.2", 16);
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "found right.test 192.0.2.1 \n");
	end();
}

/* A name that is old is asked for again, once, and shown until the answer comes. */
static void
old_names(void **state)
{
	struct address address;
	struct cache_entry *entry;

	(void)state;
	need_world();
	begin(NULL, 16);
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(name_of("192.0.2.1"), "right.test");
	assert_int_equal(address_parse("192.0.2.1", 9, &address, NULL), 0);
	entry = cache_find(&resolver->cache, &address);
	entry->expires_ns = 0;
	entry->is_used = false;
	for (unsigned i = 0; i < 3; i++) {
		assert_string_equal(resolver_name(resolver, &address), "right.test");
		assert_int_equal(resolver_busy(resolver), 1);
		assert_int_equal(resolver_counts(resolver).asked, 2);
		assert_true(entry->is_used);
	}
	wait_for_answers();
	assert_int_equal(servers[0].asked, 2);
	end();
}

/* Settings of resolv.conf, or of this program where it has none, as c-ares has them. */
static void
settings(void **state)
{
	static const struct {
		const char *text;
		int timeout_ms, tries, flags;
	} cases[] = {
		{"", SILENCE_MS, 1, 0},
		{"options timeout:7 attempts:3\n", 7000, 3, 0},
		{"options timeout:1\n", 1000, 1, 0},
		{"options attempts:2\n", SILENCE_MS, 2, 0},
		{"options use-vc\n", SILENCE_MS, 1, ARES_FLAG_USEVC},
		{"options edns0\n", SILENCE_MS, 1, ARES_FLAG_EDNS},
	};

	(void)state;
	need_world();
	unit_each (i, cases) {
		struct ares_options options;
		int mask;

		write_file("/etc/resolv.conf", cases[i].text);
		begin(NULL, 16);
		assert_int_equal(resolver->servers.count, 1);
		assert_int_equal(ares_save_options(resolver->servers.list[0].ares, &options, &mask),
			ARES_SUCCESS);
		assert_int_equal(options.timeout, cases[i].timeout_ms);
		assert_int_equal(options.tries, cases[i].tries);
		assert_int_equal(
			options.flags & (ARES_FLAG_USEVC | ARES_FLAG_EDNS), cases[i].flags);
		assert_int_not_equal(options.flags & ARES_FLAG_NOCHECKRESP, 0);
		ares_destroy_options(&options);
		end();
	}
}

/* One connection at a time. */
static struct {
	int fd;
	struct loop_source *source;
} connection;

/* By TCP: the question and the answer follow their lengths. */
static void
on_tcp_question(void *context, unsigned events)
{
	static struct dns_zone_reply replies[DNS_ZONE_REPLIES];
	const int fd = connection.fd;
	uint8_t bytes[2 + MESSAGE_MAX];
	struct dns_zone_question question;
	const ssize_t len = recv(fd, bytes, sizeof bytes, 0);

	(void)context;
	(void)events;
	assert_true(len > 2 && len == 2 + (bytes[0] << 8 | bytes[1]));
	assert_true(dns_zone_parse(bytes + 2, (size_t)len - 2, &question));
	assert_true(dns_zone_answer(bytes + 2, &question, true, replies) > 0);
	bytes[0] = (uint8_t)(replies[0].len >> 8);
	bytes[1] = (uint8_t)replies[0].len;
	assert_int_equal(send(fd, bytes, 2, MSG_MORE | MSG_NOSIGNAL), 2);
	assert_int_equal(send(fd, replies[0].bytes, replies[0].len, MSG_NOSIGNAL), replies[0].len);
	loop_remove(connection.source);
	close(fd);
}

static void
on_connection(void *context, unsigned events)
{
	(void)events;
	connection.fd = accept4(*(const int *)context, NULL, NULL, SOCK_CLOEXEC);
	assert_true(connection.fd >= 0);
	connection.source = loop_add(loop, connection.fd, LOOP_READ, on_tcp_question, NULL);
	assert_non_null(connection.source);
}

static void
by_tcp(void **state)
{
	const struct sockaddr_in here = {.sin_family = AF_INET,
		.sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
		.sin_port = htons(PORT)};
	const int yes = 1;
	int fd;

	(void)state;
	need_world();
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&here, sizeof here), 0);
	assert_int_equal(listen(fd, 8), 0);
	write_file("/etc/resolv.conf", "options use-vc timeout:30\n");
	begin(NULL, 16);
	assert_non_null(loop_add(loop, fd, LOOP_READ, on_connection, &fd));
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "found right.test 192.0.2.1 \n");
	assert_int_equal(servers[0].asked, 0);
	assert_int_equal(resolver_counts(resolver).refused, 0);
	end();
	close(fd);
}

/* The server that answered after another had failed comes first, for half a minute. */
static void
preference(void **state)
{
	static const enum manner failures[] = {SILENT, SERVFAIL, REFUSED};
	uint64_t left_ns;

	(void)state;
	need_world();
	unit_each (i, failures) {
		write_file("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");
		begin(NULL, 16);
		servers[0].manner = failures[i];
		assert_null(name_of("192.0.2.1"));
		assert_int_equal(last.status, NAME_FOUND);
		assert_string_equal(last_server, "127.0.0.2:53");
		assert_int_equal(resolver->preferred, 1);
		left_ns = resolver->preferred_until_ns - clock_monotonic_ns();
		assert_true(left_ns > 0 && left_ns <= 30 * CLOCK_NS_PER_S);
		assert_null(name_of("192.0.2.14"));
		assert_int_equal(servers[0].asked, 1);
		/* It is over. */
		resolver->preferred_until_ns = clock_monotonic_ns() - 1;
		assert_null(name_of("192.0.2.20"));
		assert_int_equal(servers[0].asked, 2);
		end();
	}
	/* That there is no such name is an answer too; where all fail, nobody is preferred. */
	for (unsigned second = 0; second < 2; second++) {
		write_file("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");
		begin(NULL, 16);
		servers[0].manner = SERVFAIL;
		servers[1].manner = second == 0 ? NONE : REFUSED;
		assert_null(name_of("192.0.2.1"));
		assert_int_equal(last.status, second == 0 ? NAME_NONE : NAME_FAILED);
		assert_int_equal(resolver->preferred_until_ns != 0, second == 0);
		end();
	}
}

/* Nobody answered anything: there is no hope, until somebody does. */
static void
hope(void **state)
{
	static const enum manner answers[] = {RIGHT, NONE, SERVFAIL};

	(void)state;
	need_world();
	unit_each (i, answers) {
		begin(NULL, 16);
		assert_false(resolver_is_hopeless(resolver));
		servers[0].manner = SILENT;
		assert_null(name_of("192.0.2.1"));
		assert_true(resolver_is_hopeless(resolver));
		assert_int_equal(resolver_counts(resolver).unanswered, 1);
		servers[0].manner = answers[i];
		assert_null(name_of("192.0.2.14"));
		assert_false(resolver_is_hopeless(resolver));
		assert_int_equal(resolver_counts(resolver).found, i == 0);
		assert_int_equal(resolver_counts(resolver).none, i == 1);
		assert_int_equal(resolver_counts(resolver).failed, i == 2);
		end();
	}
}

/* Servers that cannot be opened are not asked, and are tried again. */
static void
servers_without_descriptors(void **state)
{
	struct rlimit before, few;
	struct error error = {.text = ""};
	struct address address;

	(void)state;
	need_world();
	begin(NULL, 16);
	assert_null(name_of("192.0.2.1"));
	write_file("/etc/resolv.conf", "nameserver 127.0.0.2\n");
	second_passes();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 3;
	assert_int_equal(address_parse("192.0.2.14", 10, &address, NULL), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_null(resolver_name(resolver, &address));
	assert_int_equal(resolver_lookup(resolver, "right.test", &error), -ENOENT);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_string_equal(error.text, "no DNS server can be asked");
	assert_int_equal(resolver_busy(resolver), 0);
	assert_int_equal(resolver->servers.count, 0);
	second_passes();
	assert_null(name_of("192.0.2.14"));
	assert_string_equal(reports, "found classless.test 192.0.2.14 \n");
	assert_string_equal(last_server, "127.0.0.2:53");
	/* Once they are open, only another file opens them again. */
	second_passes();
	assert_false(channels_refresh(&resolver->servers, clock_monotonic_ns()));
	end();
}

/* Names of a length that DNS has, and one more. */
static void
lengths_of_names(void **state)
{
	char name[300], expected[300];
	struct error error = {.text = ""};

	(void)state;
	need_world();
	begin(NULL, 16);
	memset(name, 'a', sizeof name);
	name[255] = '\0';
	assert_int_equal(resolver_lookup(resolver, name, &error), -EINVAL);
	snprintf(expected, sizeof expected,
		"\"%.40s…\" is not a host name; those have 1 to 253 characters", name);
	assert_string_equal(error.text, expected);
	assert_int_equal(resolver_lookup(resolver, "", &error), -EINVAL);
	assert_string_equal(error.text, "\"\" is not a host name; those have 1 to 253 characters");
	/* 253 and the dot of the root: too long a label, which is another matter. */
	name[253] = '.';
	name[254] = '\0';
	for (size_t at = 50; at < 253; at += 50)
		name[at] = '.';
	assert_int_equal(resolver_lookup(resolver, name, &error), 0);
	wait_for_answers();
	end();
}

/* Memory that is missing for a question is told, and leaves none open. */
static void
without_memory(void **state)
{
	(void)state;
	need_world();
	if (!unit_memory_can_fail())
		unit_skip("needs glibc without sanitizers");
	begin(NULL, 16);
	(void)look_up("right.test");
	/* The look-up, its first question, its second. */
	for (unsigned long n = 1; n <= 3; n++) {
		struct error error = {.text = ""};

		unit_memory_fails_at(n);
		assert_int_equal(resolver_lookup(resolver, "right.test", &error), -ENOMEM);
		assert_true(unit_memory_has_failed());
		unit_memory_fails_at(0);
		assert_string_equal(error.text, "out of memory");
		assert_int_equal(resolver_busy(resolver), 0);
	}
	assert_non_null(strstr(look_up("right.test"), "found right.test 192.0.2.1 \n"));
	end();
}

/* Each server that failed is told, with why. */
static void
all_that_failed(void **state)
{
	(void)state;
	need_world();
	write_file("/etc/resolv.conf",
		"nameserver 127.0.0.1\nnameserver 127.0.0.2\nnameserver 127.0.0.1\n");
	begin(NULL, 16);
	servers[0].manner = SERVFAIL;
	servers[1].manner = REFUSED;
	assert_null(name_of("192.0.2.1"));
	assert_int_equal(servers[0].asked, 2);
	assert_int_equal(servers[1].asked, 1);
	assert_int_equal(last.status, NAME_FAILED);
	assert_string_equal(last_text,
		"the server could not find out (SERVFAIL); before it 127.0.0.1:53: the server "
		"could not find out (SERVFAIL), 127.0.0.2:53: the server does not answer us "
		"(REFUSED)");
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_after_dns),
		cmocka_unit_test(without_dns),
		cmocka_unit_test(own_servers),
		cmocka_unit_test(old_names),
		cmocka_unit_test(settings),
		cmocka_unit_test(by_tcp),
		cmocka_unit_test(preference),
		cmocka_unit_test(hope),
		cmocka_unit_test(servers_without_descriptors),
		cmocka_unit_test(lengths_of_names),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(all_that_failed),
	};

	unsetenv("RES_OPTIONS");
	unsetenv("LOCALDOMAIN");
	return cmocka_run_group_tests_name("resolver order", tests, open_world, close_world);
}
