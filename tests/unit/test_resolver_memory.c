/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resolver when memory runs out: it says so, or knows fewer names; nothing stays behind. */
#include <config.h>

#include <arpa/inet.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/resolver/resolver.h>

#include "resolver/cache.h"
#include "resolver/hosts.h"
#include "unit.h"

static const uint64_t now_ns = 1000 * CLOCK_NS_PER_S;

static struct address
address_of(uint32_t number)
{
	return address_from_v4(&number);
}

static void
ignore(void *context, const struct message_name *name)
{
	(void)context;
	(void)name;
}

/* false: refused for lack of memory. */
static bool
use_cache(void)
{
	struct cache cache;
	bool is_whole = cache_init(&cache, 8) == 0;

	for (uint32_t i = 0; i < 20 && is_whole; i++) {
		const struct address address = address_of(i);
		struct cache_entry *const entry = cache_add(&cache, &address);

		is_whole = entry != NULL;
		if (is_whole)
			cache_store(entry, "a.example", 60, now_ns);
	}
	cache_fini(&cache);
	return is_whole;
}

static bool
use_hosts(void)
{
	struct hosts hosts;
	char line[64];
	bool is_whole;

	hosts_init(&hosts);
	for (unsigned i = 0; i < 200; i++)
		hosts_parse(
			&hosts, line, (size_t)snprintf(line, sizeof line, "192.0.2.%u h%u", i, i));
	is_whole = hosts.count == 200;
	/* The names that are there are whole. */
	for (unsigned i = 0; i < 200; i++) {
		const struct address address = address_of(htonl(0xc0000200 + i));
		const char *const name = hosts_find(&hosts, &address);

		snprintf(line, sizeof line, "h%u", i);
		if (name != NULL)
			assert_string_equal(name, line);
	}
	hosts_fini(&hosts);
	return is_whole;
}

static bool
use_resolver(void)
{
	struct loop *const loop = loop_new();
	struct error error = {.text = ""};
	struct resolver *const resolver = loop == NULL
						  ? NULL
						  : resolver_new(loop,
							    &(struct resolver_options){.cache = 4,
								    .parallel = 4,
								    .timeout_ms = 1000,
								    .tries = 1,
								    .servers = "127.0.0.1:9"},
							    ignore, NULL, &error);

	if (loop != NULL && resolver == NULL)
		assert_true(error.text[0] != '\0');
	resolver_free(resolver);
	if (loop != NULL)
		loop_free(loop);
	return resolver != NULL;
}

/* Each allocation in turn fails. The name of a cache's entry may be missing: then it has none. */
static void
test_memory(void **state)
{
	static const struct {
		bool (*use)(void);
	} uses[] = {{use_cache}, {use_hosts}, {use_resolver}};

	(void)state;
	if (!unit_memory_can_fail())
		unit_skip("needs glibc without sanitizers");
	unit_each (i, uses) {
		assert_true(uses[i].use());
		for (unsigned long n = 1; n < 2000; n++) {
			const struct unit_held before = unit_held();

			unit_memory_fails_at(n);
			(void)uses[i].use();
			if (!unit_memory_has_failed())
				break;
			assert_int_equal(unit_held().blocks, before.blocks);
			assert_int_equal(unit_held().descriptors, before.descriptors);
		}
		unit_memory_fails_at(0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
