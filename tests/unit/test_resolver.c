/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the resolver keeps: its cache, /etc/hosts, the servers that it asks. */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/resolver/resolver.h>

#include "resolver/cache.h"
#include "resolver/dns/servers.h"
#include "resolver/hosts.h"
#include "unit.h"

static const uint64_t now_ns = 1000 * CLOCK_NS_PER_S;

static struct address
address_of(uint32_t number)
{
	return address_from_v4(&number);
}

static void
store(struct cache *cache, uint32_t number, const char *name, uint32_t ttl_s)
{
	const struct address address = address_of(number);
	struct cache_entry *entry = cache_find(cache, &address);

	if (entry == NULL)
		entry = cache_add(cache, &address);
	assert_non_null(entry);
	cache_store(entry, name, ttl_s, now_ns);
}

static const struct cache_entry *
find(const struct cache *cache, uint32_t number)
{
	const struct address address = address_of(number);

	return cache_find(cache, &address);
}

static void
test_lifetime(void **state)
{
	static const struct {
		const char *name;
		uint32_t told_s, kept_s;
	} cases[] = {{"a", 300, 300}, {"b", 0, CACHE_TTL_MIN_S}, {"c", UINT32_MAX, CACHE_TTL_MAX_S},
		{NULL, 15, 15}};
	struct cache cache;

	(void)state;
	assert_int_equal(cache_init(&cache, 4), 0);
	for (uint32_t i = 0; i < UNIT_COUNT_OF(cases); i++) {
		const uint64_t end_ns = now_ns + cases[i].kept_s * CLOCK_NS_PER_S;
		const struct cache_entry *entry;

		store(&cache, i, cases[i].name, cases[i].told_s);
		entry = find(&cache, i);
		assert_int_equal(
			entry->state, cases[i].name != NULL ? CACHE_NAMED : CACHE_NAMELESS);
		assert_true(cache_is_fresh(entry, end_ns - 1));
		assert_false(cache_is_fresh(entry, end_ns));
	}
	assert_int_equal(cache.forgotten, 0);
	cache_fini(&cache);
}

static void
test_asked(void **state)
{
	const struct address address = address_of(1);
	struct cache_entry *entry;
	struct cache cache;

	(void)state;
	assert_int_equal(cache_init(&cache, 4), 0);
	assert_null(cache_find(&cache, &address));
	entry = cache_add(&cache, &address);
	assert_int_equal(entry->state, CACHE_ASKED);
	assert_null(entry->name);
	/* As long as it is under way nobody asks again. */
	assert_true(cache_is_fresh(entry, UINT64_MAX));
	cache_store(entry, "one.example", 60, now_ns);
	assert_string_equal(find(&cache, 1)->name, "one.example");
	cache_store(entry, NULL, 60, now_ns);
	assert_null(find(&cache, 1)->name);
	cache_fini(&cache);
}

static void
test_bound(void **state)
{
	struct cache cache;
	unsigned there = 0;

	(void)state;
	assert_int_equal(cache_init(&cache, 8), 0);
	for (uint32_t i = 0; i < 100; i++) {
		store(&cache, i, "some.example", 60);
		/* An entry that is in use stays, whatever comes. */
		cache.entries[0].is_used = true;
		for (uint32_t k = 1; k < 8; k++)
			cache.entries[k].is_used = false;
	}
	for (uint32_t i = 0; i < 100; i++)
		there += find(&cache, i) != NULL;
	assert_int_equal(there, 8);
	assert_int_equal(cache.forgotten, 92);
	assert_non_null(find(&cache, 0));
	assert_non_null(find(&cache, 99));
	assert_null(find(&cache, 50));
	cache_fini(&cache);
}

/* A name that is being asked for is never dropped: its answer must find it. */
static void
test_full(void **state)
{
	struct cache cache;
	struct address address;

	(void)state;
	assert_int_equal(cache_init(&cache, 4), 0);
	for (uint32_t i = 0; i < 4; i++) {
		address = address_of(i);
		assert_non_null(cache_add(&cache, &address));
	}
	address = address_of(4);
	assert_null(cache_add(&cache, &address));
	store(&cache, 2, "two.example", 60);
	assert_non_null(cache_add(&cache, &address));
	assert_null(find(&cache, 2));
	assert_non_null(find(&cache, 3));
	cache_fini(&cache);
}

/* What has no name is asked for again; a name stays, and so does what is under way. */
static void
test_doubt(void **state)
{
	struct cache cache;
	struct address asked = address_of(3);

	(void)state;
	assert_int_equal(cache_init(&cache, 4), 0);
	store(&cache, 1, NULL, 60);
	store(&cache, 2, "two.example", 60);
	assert_non_null(cache_add(&cache, &asked));
	assert_true(cache_is_fresh(find(&cache, 1), now_ns));
	cache_doubt(&cache);
	assert_false(cache_is_fresh(find(&cache, 1), now_ns));
	assert_true(cache_is_fresh(find(&cache, 2), now_ns));
	assert_true(cache_is_fresh(find(&cache, 3), now_ns));
	cache_fini(&cache);
}

static const char *
name_in(const struct hosts *hosts, const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, strlen(text), &address, NULL), 0);
	return hosts_find(hosts, &address);
}

static void
test_hosts(void **state)
{
	static const char text[] = "# 192.0.2.1 comment\n"
				   "192.0.2.2 two.example alias.example\n"
				   "\t192.0.2.3\t\tthree.example#more\r\n"
				   "192.0.2.2 second.example\n"
				   "2001:db8::1 six.example\n"
				   "192.0.2.4\n"
				   "192.0.2.5 #none\n"
				   "999.0.2.6 bad.example\n"
				   "\n"
				   "0.0.0.0 ads.example\n"
				   "192.0.2.7 last.example";
	struct hosts hosts;

	(void)state;
	hosts_init(&hosts);
	hosts_parse(&hosts, text, sizeof text - 1);
	assert_null(name_in(&hosts, "192.0.2.1"));
	assert_string_equal(name_in(&hosts, "192.0.2.2"), "two.example");
	assert_string_equal(name_in(&hosts, "192.0.2.3"), "three.example");
	assert_string_equal(name_in(&hosts, "2001:db8::1"), "six.example");
	assert_null(name_in(&hosts, "192.0.2.4"));
	assert_null(name_in(&hosts, "192.0.2.5"));
	assert_string_equal(name_in(&hosts, "192.0.2.7"), "last.example");
	assert_int_equal(hosts.count, 5);
	hosts_fini(&hosts);
}

static void
write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
test_hosts_file(void **state)
{
	char folder[] = "/tmp/test-hosts-XXXXXX", path[64];
	struct hosts hosts;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/hosts", folder);
	hosts_init(&hosts);
	hosts_refresh(&hosts, path, now_ns);
	assert_null(name_in(&hosts, "192.0.2.1"));
	write_file(path, "192.0.2.1 one.example\n");
	/* Not within the same second. */
	hosts_refresh(&hosts, path, now_ns + CLOCK_NS_PER_S - 1);
	assert_null(name_in(&hosts, "192.0.2.1"));
	hosts_refresh(&hosts, path, now_ns + CLOCK_NS_PER_S);
	assert_string_equal(name_in(&hosts, "192.0.2.1"), "one.example");
	write_file(path, "192.0.2.1 other.example\n192.0.2.2 two.example\n");
	hosts_refresh(&hosts, path, now_ns + 2 * CLOCK_NS_PER_S);
	assert_string_equal(name_in(&hosts, "192.0.2.1"), "other.example");
	assert_string_equal(name_in(&hosts, "192.0.2.2"), "two.example");
	unlink(path);
	hosts_refresh(&hosts, path, now_ns + 3 * CLOCK_NS_PER_S);
	assert_null(name_in(&hosts, "192.0.2.1"));
	/* Nothing that blocks or is no file. */
	assert_int_equal(mkfifo(path, 0600), 0);
	hosts_refresh(&hosts, path, now_ns + 4 * CLOCK_NS_PER_S);
	assert_int_equal(hosts.count, 0);
	unlink(path);
	rmdir(folder);
	hosts_fini(&hosts);
}

/* As many names as that, and each shorter than that. */
static void
test_hosts_bounds(void **state)
{
	char line[HOSTS_NAME_SIZE + 32], name[HOSTS_NAME_SIZE + 1] = "";
	struct hosts hosts;
	struct address address;

	(void)state;
	hosts_init(&hosts);
	for (uint32_t i = 0; i <= HOSTS_NAMES_MAX; i++) {
		const int len = snprintf(
			line, sizeof line, "10.%u.%u.%u h%u", i >> 16, i >> 8 & 255, i & 255, i);

		hosts_parse(&hosts, line, (size_t)len);
	}
	assert_int_equal(hosts.count, HOSTS_NAMES_MAX);
	address = address_of(htonl(10u << 24 | 200));
	assert_string_equal(hosts_find(&hosts, &address), "h200");
	address = address_of(htonl(10u << 24 | (HOSTS_NAMES_MAX - 1)));
	assert_string_equal(hosts_find(&hosts, &address), "h65535");
	address = address_of(htonl(10u << 24 | HOSTS_NAMES_MAX));
	assert_null(hosts_find(&hosts, &address));
	hosts_fini(&hosts);
	memset(name, 'x', HOSTS_NAME_SIZE);
	hosts_parse(&hosts, line, (size_t)snprintf(line, sizeof line, "192.0.2.1 %s", name));
	assert_int_equal(hosts.count, 0);
	hosts_parse(&hosts, line, (size_t)snprintf(line, sizeof line, "192.0.2.1 %s", name + 1));
	assert_string_equal(name_in(&hosts, "192.0.2.1"), name + 1);
	hosts_fini(&hosts);
}

/* Time, size and inode: each alone shows a change. */
static void
test_file_mark(void **state)
{
	static const struct timespec times[] = {{1000, 5}, {1000, 5}},
				     later_ns[] = {{1000, 6}, {1000, 6}},
				     later_s[] = {{1001, 5}, {1001, 5}};
	char folder[] = "/tmp/test-mark-XXXXXX", path[64], other[64];
	struct file_mark mark = {.bytes = 0};
	uint64_t at_ns = now_ns;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/file", folder);
	snprintf(other, sizeof other, "%s/other", folder);
	assert_true(file_mark_changed(&mark, path, at_ns));
	assert_false(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	write_file(path, "a");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_false(file_mark_changed(&mark, path, at_ns + CLOCK_NS_PER_S - 1));
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	assert_false(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	assert_int_equal(utimensat(AT_FDCWD, path, later_ns, 0), 0);
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	assert_int_equal(utimensat(AT_FDCWD, path, later_s, 0), 0);
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	write_file(path, "ab");
	assert_int_equal(utimensat(AT_FDCWD, path, later_s, 0), 0);
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	write_file(other, "cd");
	assert_int_equal(utimensat(AT_FDCWD, other, later_s, 0), 0);
	assert_int_equal(rename(other, path), 0);
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	assert_false(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	unlink(path);
	assert_true(file_mark_changed(&mark, path, at_ns += CLOCK_NS_PER_S));
	rmdir(folder);
}

static void
test_servers(void **state)
{
	static const struct {
		const char *text;
		size_t count; /* 0: refused */
		const char *last;
	} cases[] = {
		{"192.0.2.53", 1, "192.0.2.53:53"},
		{"192.0.2.53:5353", 1, "192.0.2.53:5353"},
		{"2001:db8::53", 1, "[2001:db8::53]:53"},
		{"[2001:db8::53]", 1, "[2001:db8::53]:53"},
		{"[2001:db8::53]:5353", 1, "[2001:db8::53]:5353"},
		{"192.0.2.53,192.0.2.54:5", 2, "192.0.2.54:5"},
		{"1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1", 8,
			"1.1.1.1:53"},
		{"1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1", 0,
			NULL},
		{"", 0, NULL},
		{"192.0.2.53,", 0, NULL},
		{",192.0.2.53", 0, NULL},
		{"192.0.2.53:", 0, NULL},
		{"192.0.2.53:0", 0, NULL},
		{"192.0.2.53:65536", 0, NULL},
		{"[2001:db8::53]:x", 0, NULL},
		{"dns.example", 0, NULL},
		{"192.0.2.53 192.0.2.54", 0, NULL},
	};

	(void)state;
	unit_each (i, cases) {
		struct error error = {.position = -1};
		struct servers servers;
		char text[ADDRESS_TEXT_SIZE + 16];
		const int result = servers_parse(cases[i].text, &servers, &error);

		assert_int_equal(result, cases[i].count == 0 ? -EINVAL : 0);
		if (result != 0) {
			assert_true(error.text[0] != '\0');
			continue;
		}
		assert_int_equal(servers.count, cases[i].count);
		address_format_port(&servers.list[servers.count - 1].address,
			servers.list[servers.count - 1].port, text, sizeof text);
		assert_string_equal(text, cases[i].last);
	}
}

/* A link of this namespace, or a number; not a name that is none. */
static void
test_server_zones(void **state)
{
	struct error error = {.text = ""};
	struct servers servers;
	char text[SERVERS_TEXT_SIZE];

	(void)state;
	assert_int_equal(servers_parse("fe80::1%lo,[fe80::2%7]:5353", &servers, &error), 0);
	assert_int_equal(servers.count, 2);
	assert_int_equal(servers.list[0].interface, 1);
	servers_format(&servers.list[0], text, sizeof text);
	assert_string_equal(text, "[fe80::1%lo]:53");
	assert_int_equal(servers.list[1].interface, 7);
	servers_format(&servers.list[1], text, sizeof text);
	assert_string_equal(text, "[fe80::2%7]:5353");
	assert_int_equal(servers_parse("fe80::1%nosuch0", &servers, &error), -EINVAL);
	assert_non_null(strstr(error.text, "there is no such interface"));
}

/* The first three, in their order; this box itself where there is none. */
static void
test_servers_of_conf(void **state)
{
	struct resolv_conf conf = {.server_count = 4};
	struct servers servers;
	char text[SERVERS_TEXT_SIZE];

	(void)state;
	for (unsigned i = 0; i < RESOLV_CONF_SERVERS_MAX; i++)
		conf.servers[i].address = address_of(htonl(0xc0000201 + i));
	conf.servers[2].interface = 9;
	snprintf(conf.servers[2].zone, sizeof conf.servers[2].zone, "%%nine");
	servers_of_conf(&conf, &servers);
	assert_int_equal(servers.count, 3);
	servers_format(&servers.list[0], text, sizeof text);
	assert_string_equal(text, "192.0.2.1:53");
	servers_format(&servers.list[2], text, sizeof text);
	assert_string_equal(text, "[192.0.2.3%nine]:53");
	assert_int_equal(servers.list[2].interface, 9);
	conf.server_count = 0;
	servers_of_conf(&conf, &servers);
	assert_int_equal(servers.count, 1);
	servers_format(&servers.list[0], text, sizeof text);
	assert_string_equal(text, "127.0.0.1:53");
}

static char found_lines[256];

static void
on_found(void *context, const struct address *address, const char *canonical)
{
	char text[ADDRESS_TEXT_SIZE];
	const size_t len = strlen(found_lines);

	(void)context;
	address_format(address, text, sizeof text);
	snprintf(found_lines + len, sizeof found_lines - len, "%s %s\n", text, canonical);
}

static void
test_hosts_by_name(void **state)
{
	static const struct {
		const char *name;
		const char *lines;
	} cases[] = {
		{"one.example", "192.0.2.1 One.example\n2001:db8::1 one.example\n"},
		{"ALIAS", "192.0.2.1 One.example\n192.0.2.3 three.example\n"},
		{"three.example", "192.0.2.3 three.example\n"},
		{"comment", ""},
		{"alia", ""},
		{"192.0.2.3", ""},
		{"last", "192.0.2.4 last\n"},
	};
	char path[] = "/tmp/test-hosts-XXXXXX";
	const int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_file(path, "192.0.2.1 One.example alias # comment\n"
			 "2001:db8::1 one.example\n"
			 "192.0.2.3\tthree.example alias\n"
			 "nonsense alias\n192.0.2.4 last");
	unit_each (i, cases) {
		found_lines[0] = '\0';
		hosts_lookup(path, cases[i].name, on_found, NULL);
		assert_string_equal(found_lines, cases[i].lines);
	}
	unlink(path);
	found_lines[0] = '\0';
	hosts_lookup(path, "one.example", on_found, NULL);
	assert_string_equal(found_lines, "");
}

static void
ignore(void *context, const struct message_name *name)
{
	(void)context;
	(void)name;
}

/* A socket that takes questions and never answers; -1: there is no loopback here. */
static int
open_silence(char *server, size_t size)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof address;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) != 0 ||
		sendto(fd, "", 1, 0, (const struct sockaddr *)&address, sizeof address) != 1)
		return -1;
	snprintf(server, size, "127.0.0.1:%u", ntohs(address.sin_port));
	return fd;
}

/* So many are under way and no more, however many are wanted; what is under way is not asked again.
 */
static void
test_parallel(void **state)
{
	char server[32];
	const int fd = open_silence(server, sizeof server);
	const struct resolver_options options = {
		.cache = 8, .parallel = 4, .timeout_ms = 60000, .tries = 1, .servers = server};
	struct resolver *resolver;
	struct resolver_counts counts;
	struct loop *loop;

	(void)state;
	if (fd < 0)
		unit_skip("needs 127.0.0.1");
	loop = loop_new();
	resolver = resolver_new(loop, &options, ignore, NULL, NULL);
	assert_non_null(resolver);
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 1; i <= 10; i++) {
			const struct address address = address_of(htonl(0xc0000200 + i));

			assert_null(resolver_name(resolver, &address));
		}
		assert_int_equal(resolver_busy(resolver), 4);
	}
	counts = resolver_counts(resolver);
	assert_int_equal(counts.asked, 4);
	assert_int_equal(counts.postponed, 12);
	assert_int_equal(counts.unanswered + counts.found + counts.none + counts.failed, 0);
	assert_false(resolver_is_hopeless(resolver));
	resolver_free(resolver);
	loop_free(loop);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_hosts_bounds),
		cmocka_unit_test(test_file_mark),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_hosts_file),
		cmocka_unit_test(test_hosts_by_name),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_server_zones),
		cmocka_unit_test(test_servers_of_conf),
		cmocka_unit_test(test_parallel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
