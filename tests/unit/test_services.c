/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "unit.h"

#include <netinet/in.h>
#include <string.h>

#include "analysis/field/services.h"

static const char file[] = "# comment\n"
			   "http\t\t80/tcp\t\twww web # WorldWideWeb HTTP\n"
			   "\n"
			   "domain 53/udp\n"
			   "domain 53/tcp\n"
			   "https 443/tcp\r\n"
			   "broken\n"
			   "zero 0/tcp\n"
			   "large 65536/tcp\n"
			   "huge 99999999999999999999/tcp\n"
			   "other 7/sctp\n"
			   "www 8080/tcp\n"
			   "half\0name 10/tcp\n"
			   "this-name-is-longer-than-any-that-is-kept-here 9/tcp\n"
			   "last 65535/udp";

static void
check(const struct services *services, uint16_t port, uint8_t protocol, const char *name)
{
	struct text found = services_find_name(services, port, protocol);

	if (!text_equal(found, text_of(name)))
		fail_msg("%u is \"%.*s\", not \"%s\"", port, (int)found.len, found.data, name);
}

static void
test_parse(void **state)
{
	struct services services;

	(void)state;
	services_parse(&services, file, sizeof file - 1);
	check(&services, 80, IPPROTO_TCP, "http");
	check(&services, 80, IPPROTO_UDP, "");
	check(&services, 53, IPPROTO_UDP, "domain");
	check(&services, 443, IPPROTO_TCP, "https");
	check(&services, 65535, IPPROTO_UDP, "last");
	check(&services, 7, IPPROTO_TCP, "");
	check(&services, 9, IPPROTO_TCP, "");
	check(&services, 10, IPPROTO_TCP, "");
	check(&services, 0, IPPROTO_TCP, "");
	assert_int_equal(services_find_port(&services, text_of("HTTP")), 80);
	assert_int_equal(services_find_port(&services, text_of("web")), 80);
	/* A name goes before an alias. */
	assert_int_equal(services_find_port(&services, text_of("www")), 8080);
	assert_int_equal(services_find_port(&services, text_of("zero")), 0);
	assert_int_equal(services_find_port(&services, text_of("other")), 0);
	assert_int_equal(services_find_port(&services, text_of("")), 0);
	services_fini(&services);
}

static void
test_empty(void **state)
{
	struct services services;

	(void)state;
	services_parse(&services, "", 0);
	check(&services, 80, IPPROTO_TCP, "");
	assert_int_equal(services_find_port(&services, text_of("http")), 0);
	services_fini(&services);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
