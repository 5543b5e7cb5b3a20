/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions of the resolver, from server to server and along the search list, to servers of the
 * test's own on 127.0.0.1 (tests/netns/dns_zone.c has their answers). What resolv.conf of this box
 * says is overruled by the environment.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/resolver/resolver.h>

#include "../netns/dns_zone.h"
#include "unit.h"

enum { SERVERS = 2, MESSAGE_MAX = 512, SILENCE_MS = 40 };
enum manner { RIGHT, SILENT, SERVFAIL, REFUSED };

static struct server {
	int fd;
	enum manner manner;
	unsigned asked;
	char last[DNS_ZONE_NAME]; /* name of its last question */
} servers[SERVERS];

static bool is_here; /* 127.0.0.1 */
static struct loop *loop;
static struct resolver *resolver;
static char reports[4096]; /* a line each: status, name, address, text */

static void
on_question(void *context, unsigned events)
{
	static struct dns_zone_reply replies[DNS_ZONE_REPLIES];
	struct server *const server = context;
	struct sockaddr_in from;
	socklen_t len = sizeof from;
	uint8_t message[MESSAGE_MAX];
	const ssize_t got =
		recvfrom(server->fd, message, sizeof message, 0, (struct sockaddr *)&from, &len);
	struct dns_zone_question question;

	(void)events;
	assert_true(got > 0 && dns_zone_parse(message, (size_t)got, &question));
	server->asked++;
	snprintf(server->last, sizeof server->last, "%s", question.name);
	if (server->manner == SILENT || dns_zone_answer(message, &question, false, replies) == 0)
		return;
	if (server->manner != RIGHT) {
		replies[0].bytes[3] = server->manner == SERVFAIL ? 0x82 : 0x85;
		replies[0].bytes[7] = 0;
		replies[0].len = question.end;
	}
	(void)sendto(server->fd, replies[0].bytes, replies[0].len, 0,
		(const struct sockaddr *)&from, len);
}

static void
on_found(void *context, const struct message_name *name)
{
	static const char *const statuses[] = {
		[NAME_FOUND] = "found", [NAME_NONE] = "none", [NAME_FAILED] = "failed"};
	char address[ADDRESS_TEXT_SIZE] = "-";
	const size_t len = strlen(reports);

	(void)context;
	assert_int_equal(name->source, NAME_FROM_SERVER);
	if (!address_is_any(&name->address))
		address_format(&name->address, address, sizeof address);
	snprintf(reports + len, sizeof reports - len, "%s %.*s %s %.*s\n", statuses[name->status],
		(int)name->name.len, name->name.data, address, (int)name->text.len,
		name->text.data);
}

static void
after(void *context)
{
	(void)context;
	if (resolver_busy(resolver) == 0)
		loop_stop(loop, 0);
}

static int
open_servers(void **state)
{
	const struct sockaddr_in anywhere = {.sin_family = AF_INET,
		.sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
		.sin_port = htons(9)};
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	is_here = connect(fd, (const struct sockaddr *)&anywhere, sizeof anywhere) == 0;
	close(fd);
	for (size_t i = 0; i < SERVERS; i++) {
		struct sockaddr_in address = anywhere;

		address.sin_port = 0;
		servers[i].fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		is_here &=
			bind(servers[i].fd, (const struct sockaddr *)&address, sizeof address) == 0;
	}
	return 0;
}

static int
close_servers(void **state)
{
	(void)state;
	for (size_t i = 0; i < SERVERS; i++)
		close(servers[i].fd);
	return 0;
}

/* Begins with both servers in these manners. options: as in resolv.conf. */
static void
begin(enum manner first, enum manner second, const char *options, const char *search)
{
	char text[64];
	size_t len = 0;

	if (!is_here)
		unit_skip("needs 127.0.0.1");
	setenv("RES_OPTIONS", options, 1);
	setenv("LOCALDOMAIN", search, 1);
	reports[0] = '\0';
	loop = loop_new();
	assert_non_null(loop);
	for (size_t i = 0; i < SERVERS; i++) {
		struct sockaddr_in address;
		socklen_t address_len = sizeof address;

		servers[i].manner = i == 0 ? first : second;
		servers[i].asked = 0;
		assert_non_null(loop_add(loop, servers[i].fd, LOOP_READ, on_question, &servers[i]));
		assert_int_equal(
			getsockname(servers[i].fd, (struct sockaddr *)&address, &address_len), 0);
		len += (size_t)snprintf(text + len, sizeof text - len, "%s127.0.0.1:%u",
			i != 0 ? "," : "", ntohs(address.sin_port));
	}
	resolver = resolver_new(loop,
		&(struct resolver_options){.cache = 16,
			.parallel = 16,
			.timeout_ms = SILENCE_MS,
			.tries = 1,
			.servers = text},
		on_found, NULL, NULL);
	assert_non_null(resolver);
	loop_set_after(loop, after, NULL);
}

static void
end(void)
{
	resolver_free(resolver);
	loop_free(loop);
	unsetenv("RES_OPTIONS");
	unsetenv("LOCALDOMAIN");
}

/* What is reported of a name; the ends of look-ups that found everything are left out. */
static const char *
look_up(const char *name)
{
	struct error error = {.text = ""};

	reports[0] = '\0';
	assert_int_equal(resolver_lookup(resolver, name, &error), 0);
	if (resolver_busy(resolver) != 0)
		loop_run(loop);
	assert_int_equal(resolver_busy(resolver), 0);
	return reports;
}

/* The lines, in any order: the families are asked at once. */
static void
expect_lines(const char *name, const char *const *lines, size_t count)
{
	const char *const found = look_up(name);
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		len += strlen(lines[i]) + 1;
		if (strstr(found, lines[i]) == NULL)
			fail_msg("%s: no \"%s\" in \"%s\"", name, lines[i], found);
	}
	assert_int_equal(strlen(found), len);
}
#define EXPECT(name, ...)                                                                          \
	expect_lines(name, (const char *const[]){__VA_ARGS__},                                     \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void
names_are_found(void **state)
{
	struct resolver_counts counts;

	(void)state;
	begin(RIGHT, RIGHT, "ndots:1", "nowhere.test");
	EXPECT("right.test", "found right.test 192.0.2.1 ", "found right.test 2001:db8::1 ",
		"found right.test - ");
	assert_int_equal(servers[0].asked, 2);
	EXPECT("chain.test.", "found chain.test. 192.0.2.1 stands for right.test",
		"found chain.test. 2001:db8::1 stands for right.test", "found chain.test. - ");
	/* One family only is no failure. */
	EXPECT("v4.test", "found v4.test 192.0.2.1 ", "found v4.test - ");
	assert_non_null(strstr(look_up("half.test"), "found half.test 192.0.2.1 "));
	assert_non_null(strstr(reports,
		"failed half.test - AAAA: the server could not find out (SERVFAIL); before it "));
	assert_non_null(strstr(look_up("half6.test"), "found half6.test 2001:db8::1 "));
	assert_non_null(strstr(reports,
		"failed half6.test - A: the server could not find out (SERVFAIL); before it "));
	counts = resolver_counts(resolver);
	assert_int_equal(counts.found, 3);
	assert_int_equal(counts.failed, 2);
	end();
}

static void
names_are_not_found(void **state)
{
	struct error error = {.text = ""};
	char label[300];

	(void)state;
	begin(RIGHT, RIGHT, "ndots:1", "nowhere.test");
	EXPECT("nx.test", "none nx.test - no such name (NXDOMAIN)");
	EXPECT("empty.test", "none empty.test - the name exists, but has no such record (NODATA)");
	EXPECT("dangle.test.", "none dangle.test. - stands for gone.test: no such name (NXDOMAIN)");
	EXPECT("to-v6.test", "found to-v6.test 2001:db8::1 stands for v6.test",
		"found to-v6.test - ");
	EXPECT("bad..name.", "failed bad..name. - this is not a valid DNS name: labels have 1 to "
			     "63 bytes, all together 253");
	assert_int_equal(resolver_counts(resolver).none, 3);
	assert_int_equal(resolver_lookup(resolver, "", &error), -EINVAL);
	memset(label, 'x', sizeof label);
	label[255] = '\0';
	assert_int_equal(resolver_lookup(resolver, label, &error), -EINVAL);
	assert_non_null(strstr(error.text, "1 to 253 characters"));
	end();
}

/* Both families of one name of the list before the next name: they never mix. */
static void
search_list_is_followed(void **state)
{
	struct error error = {.text = ""};

	(void)state;
	begin(RIGHT, RIGHT, "ndots:1", "none.test sub.test test");
	EXPECT("six", "found six 2001:db8::9 stands for six.sub.test", "found six - ");
	assert_int_equal(servers[0].asked, 4);
	EXPECT("v4.sub", "found v4.sub 192.0.2.9 stands for v4.sub.test", "found v4.sub - ");
	EXPECT("nx", "none nx - no such name (NXDOMAIN)");
	end();
	/* "No data" somewhere on the list outweighs "no such name". */
	begin(RIGHT, RIGHT, "ndots:1", "test none.test");
	EXPECT("empty", "none empty - the name exists, but has no such record (NODATA)");
	/* Silence ends the search. */
	servers[0].manner = servers[1].manner = SILENT;
	servers[0].asked = 0;
	assert_non_null(strstr(look_up("six"), "failed six - no answer; before it 127.0.0.1:"));
	assert_int_equal(servers[0].asked, 2);
	assert_string_equal(servers[0].last, "six.test");
	end();
	begin(RIGHT, RIGHT, "ndots:2 no-aaaa", "test");
	EXPECT("v4.sub", "found v4.sub 192.0.2.9 stands for v4.sub.test", "found v4.sub - ");
	assert_int_equal(servers[0].asked, 1);
	end();
	/* A server that failed before leads on, and is forgotten when the next name is found. */
	begin(RIGHT, RIGHT, "ndots:1 no-aaaa", "bad.test test");
	(void)look_up("right");
	assert_non_null(strstr(reports, "found right 192.0.2.1 "));
	assert_non_null(strstr(reports, "found right - "));
	assert_null(strstr(reports, "failed"));
	end();
	begin(RIGHT, RIGHT, "ndots:1 no-tld-query", "");
	assert_int_equal(resolver_lookup(resolver, "v4", &error), -ENOENT);
	assert_non_null(strstr(error.text, "no-tld-query"));
	end();
}

static void
other_servers_are_asked(void **state)
{
	static const struct {
		enum manner manner;
		const char *words;
	} cases[] = {
		{SERVFAIL, "the server could not find out (SERVFAIL)"},
		{REFUSED, "the server does not answer us (REFUSED)"},
		{SILENT, "no answer"},
	};

	(void)state;
	unit_each (i, cases) {
		char line[256];
		const char *found;

		begin(cases[i].manner, RIGHT, "ndots:1", "nowhere.test");
		found = look_up("v4.test");
		snprintf(line, sizeof line, "%s\n", cases[i].words);
		assert_non_null(strstr(found, "found v4.test 192.0.2.1 before it 127.0.0.1:"));
		assert_non_null(strstr(found, line));
		assert_int_equal(servers[0].asked, 2);
		assert_int_equal(servers[1].asked, 2);
		/* The one that answered is asked first now. */
		EXPECT("v4.test", "found v4.test 192.0.2.1 ", "found v4.test - ");
		assert_int_equal(servers[0].asked, 2);
		end();
	}
	begin(SILENT, SILENT, "ndots:1", "nowhere.test");
	assert_non_null(
		strstr(look_up("v4.test"), "failed v4.test - no answer; before it 127.0.0.1:"));
	assert_true(resolver_is_hopeless(resolver));
	assert_int_equal(resolver_counts(resolver).unanswered, 1);
	end();
	/* An answer that there is no such name is an answer. */
	begin(RIGHT, RIGHT, "ndots:1", "nowhere.test");
	(void)look_up("nx.test.");
	assert_int_equal(servers[1].asked, 0);
	assert_false(resolver_is_hopeless(resolver));
	end();
}

static void
servers_take_turns(void **state)
{
	(void)state;
	begin(RIGHT, RIGHT, "rotate no-aaaa", "nowhere.test");
	for (unsigned i = 0; i < 4; i++)
		(void)look_up("v4.test");
	assert_int_equal(servers[0].asked, 2);
	assert_int_equal(servers[1].asked, 2);
	end();
	begin(RIGHT, RIGHT, "no-aaaa", "nowhere.test");
	for (unsigned i = 0; i < 4; i++)
		(void)look_up("v4.test");
	assert_int_equal(servers[0].asked, 4);
	end();
}

/* Tries and their time are those of resolv.conf where it has some. */
static void
tries_are_obeyed(void **state)
{
	(void)state;
	begin(SILENT, SILENT, "attempts:3 no-aaaa", "nowhere.test");
	(void)look_up("v4.test");
	assert_int_equal(servers[0].asked, 3);
	assert_int_equal(servers[1].asked, 3);
	end();
}

static const char *
name_of(const char *text)
{
	struct address address;
	const char *name;

	assert_int_equal(address_parse(text, strlen(text), &address, NULL), 0);
	reports[0] = '\0';
	name = resolver_name(resolver, &address);
	if (resolver_busy(resolver) != 0)
		loop_run(loop);
	return name;
}

static void
addresses_are_named(void **state)
{
	(void)state;
	begin(RIGHT, RIGHT, "ndots:1", "nowhere.test");
	assert_null(name_of("192.0.2.1"));
	assert_string_equal(reports, "found right.test 192.0.2.1 \n");
	assert_string_equal(servers[0].last, "1.2.0.192.in-addr.arpa");
	/* From the cache, without a question or a report. */
	assert_string_equal(name_of("192.0.2.1"), "right.test");
	assert_string_equal(reports, "");
	assert_null(name_of("192.0.2.2"));
	assert_string_equal(reports, "none  192.0.2.2 no such name (NXDOMAIN)\n");
	assert_null(name_of("192.0.2.2"));
	assert_string_equal(reports, "");
	assert_int_equal(servers[0].asked, 2);
	assert_null(name_of("2001:db8::e"));
	assert_string_equal(reports, "found classless.test 2001:db8::e \n");
	end();
}

/* Questions that are open when it ends are reported to nobody. */
static void
ends_with_open_questions(void **state)
{
	struct address address;

	(void)state;
	begin(SILENT, SILENT, "ndots:1", "nowhere.test");
	assert_int_equal(address_parse("192.0.2.1", 9, &address, NULL), 0);
	assert_int_equal(resolver_lookup(resolver, "right.test", NULL), 0);
	assert_null(resolver_name(resolver, &address));
	assert_int_equal(resolver_busy(resolver), 3);
	end();
	assert_string_equal(reports, "");
}

static void
names_beyond_ascii(void **state)
{
	struct error error = {.text = ""};

	(void)state;
	begin(RIGHT, RIGHT, "no-aaaa", "nowhere.test");
#ifdef HAVE_LIBIDN2
	EXPECT("m\303\274ller.test",
		"found m\303\274ller.test 192.0.2.1 stands for xn--mller-kva.test",
		"found m\303\274ller.test - ");
	assert_int_equal(resolver_lookup(resolver, "\303.test", &error), -EINVAL);
	assert_non_null(strstr(error.text, "is not a host name"));
#else
	assert_int_equal(resolver_lookup(resolver, "m\303\274ller.test", &error), -EINVAL);
	assert_non_null(strstr(error.text, "xn--"));
#endif
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(names_are_not_found),
		cmocka_unit_test(search_list_is_followed),
		cmocka_unit_test(other_servers_are_asked),
		cmocka_unit_test(servers_take_turns),
		cmocka_unit_test(tries_are_obeyed),
		cmocka_unit_test(addresses_are_named),
		cmocka_unit_test(ends_with_open_questions),
		cmocka_unit_test(names_beyond_ascii),
	};

	return cmocka_run_group_tests_name("lookup", tests, open_servers, close_servers);
}
