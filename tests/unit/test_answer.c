/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS answers, as the DNS server of the netns tests makes them (tests/netns/dns_zone.c), whole and
 * cut at every byte. */
#include <config.h>

#include <ares.h>
#include <arpa/nameser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../netns/dns_zone.h"
#include "resolver/answer.h"
#include "unit.h"

static struct dns_zone_reply replies[DNS_ZONE_REPLIES];

/* Asks by TCP, so that nothing is truncated. */
static const struct dns_zone_reply *
ask(const char *name, int type)
{
	struct dns_zone_question question;
	unsigned char *message;
	int len;

	assert_int_equal(ares_create_query(name, ns_c_in, type, 4711, 1, &message, &len, 0), 0);
	assert_true(dns_zone_parse(message, (size_t)len, &question));
	assert_true(dns_zone_answer(message, &question, true, replies) > 0);
	ares_free_string(message);
	return &replies[0];
}

static const struct dns_zone_reply *
ask_back(unsigned number)
{
	char name[64];

	snprintf(name, sizeof name, "%u.2.0.192.in-addr.arpa", number);
	return ask(name, ns_t_ptr);
}

static void
test_reverse_name(void **state)
{
	static const uint8_t v4[] = {192, 0, 2, 255};
	static const uint8_t v6[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd};
	struct address address = address_from_v4(v4);
	char name[80];

	(void)state;
	answer_reverse_name(&address, name, sizeof name);
	assert_string_equal(name, "255.2.0.192.in-addr.arpa");
	address = address_from_v6(v6);
	answer_reverse_name(&address, name, sizeof name);
	assert_string_equal(
		name, "d.c.b.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

static void
test_ptr(void **state)
{
	static const struct {
		unsigned number;
		int status;
		const char *name;
		uint32_t ttl_s;
		unsigned others;
	} cases[] = {
		{1, ARES_SUCCESS, "right.test", 300, 0},
		{2, ARES_ENODATA, "", 0, 0}, /* the code of the reply is c-ares's to see */
		{5, ARES_SUCCESS, "\\027[2J\\027]0\\;x\\007.test", 300, 0},
		{6, ARES_SUCCESS, "a\\013\\010\\009\\000\\155\\127b.test", 300, 0},
		{7, ARES_EBADRESP, "", 0, 0},
		{8, ARES_SUCCESS, "x\\255\\254\\195\\(.test", 300, 0},
		{9, ARES_EBADRESP, "", 0, 0},
		{12, ARES_SUCCESS, "first.test", 300, 200},
		{14, ARES_SUCCESS, "classless.test", 300, 0},
		{16, ARES_EBADRESP, "", 0, 0},
		{17, ARES_EBADRESP, "", 0, 0},
		{18, ARES_ENODATA, "", 300, 0},
		{20, ARES_SUCCESS, "zero.test", 0, 0},
		{21, ARES_SUCCESS, "forever.test", 0, 0},
		{22, ARES_SUCCESS, "\\230\\149\\176\\229\\173\\151.test", 300, 0},
	};

	(void)state;
	unit_each (i, cases) {
		const struct dns_zone_reply *const reply = ask_back(cases[i].number);
		struct answer_name name;

		assert_int_equal(answer_read_ptr(reply->bytes, reply->len, &name), cases[i].status);
		assert_string_equal(name.name, cases[i].name);
		assert_int_equal(name.ttl_s, cases[i].ttl_s);
		assert_int_equal(name.others, cases[i].others);
	}
}

/* The longest name that DNS has fits. */
static void
test_long(void **state)
{
	const struct dns_zone_reply *const reply = ask_back(15);
	struct answer_name name;

	(void)state;
	assert_int_equal(answer_read_ptr(reply->bytes, reply->len, &name), ARES_SUCCESS);
	assert_int_equal(strlen(name.name), 253);
}

static void
test_addresses(void **state)
{
	static const uint8_t v4[] = {192, 0, 2, 1};
	const struct address right = address_from_v4(v4);
	struct answer_addresses found;
	const struct dns_zone_reply *reply = ask("right.test", ns_t_a);

	(void)state;
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.others, 0);
	assert_int_equal(address_compare(&found.list[0].address, &right), 0);
	assert_int_equal(found.list[0].ttl_s, 300);
	assert_string_equal(found.canonical, "right.test");

	/* The lifetime of an alias is that of its shortest part. */
	reply = ask("alias.test", ns_t_aaaa);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_aaaa, &found), ARES_SUCCESS);
	assert_int_equal(found.count, 1);
	assert_false(address_is_v4(&found.list[0].address));
	assert_int_equal(found.list[0].ttl_s, 60);
	assert_string_equal(found.canonical, "right.test");

	reply = ask("many.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.count, ANSWER_ADDRESSES_MAX);
	assert_int_equal(found.others, 68);

	reply = ask("v4.test", ns_t_aaaa);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_aaaa, &found), ARES_ENODATA);
	reply = ask("loop.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_ENODATA);
	reply = ask("cut.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_EBADRESP);
	assert_int_equal(found.count, 0);
}

/* Each in memory of its very size, so that a sanitizer sees a step too far. */
static void
test_cut(void **state)
{
	static const unsigned numbers[] = {1, 5, 9, 14, 15, 17};

	(void)state;
	unit_each (i, numbers) {
		const struct dns_zone_reply *const reply = ask_back(numbers[i]);

		for (size_t len = 0; len < reply->len; len++) {
			uint8_t *const part = malloc(len != 0 ? len : 1);
			struct answer_name name;

			assert_non_null(part);
			memcpy(part, reply->bytes, len);
			assert_int_not_equal(answer_read_ptr(part, len, &name), ARES_SUCCESS);
			(void)answer_is_to(part, len, "1.2.0.192.in-addr.arpa", ns_t_ptr);
			free(part);
		}
	}
}

static void
test_question(void **state)
{
	const struct dns_zone_reply *reply = ask("right.test", ns_t_a);

	(void)state;
	assert_true(answer_is_to(reply->bytes, reply->len, "right.test", ns_t_a));
	assert_true(answer_is_to(reply->bytes, reply->len, "RIGHT.test.", ns_t_a));
	/* With a domain of the search list. */
	assert_true(answer_is_to(reply->bytes, reply->len, "right", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "righ", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "wrong.test", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "right.test", ns_t_aaaa));
	assert_false(answer_is_to(reply->bytes, 12, "right.test", ns_t_a));
	reply = ask_back(11);
	assert_false(answer_is_to(reply->bytes, reply->len, "11.2.0.192.in-addr.arpa", ns_t_ptr));
}

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(answer_words(ARES_SUCCESS), "");
	assert_string_equal(answer_words(ARES_ENOTFOUND), "no such name (NXDOMAIN)");
	assert_string_equal(answer_words(ARES_ENOMEM), ares_strerror(ARES_ENOMEM));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reverse_name),
		cmocka_unit_test(test_ptr),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
