/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS answers, as the DNS server of the netns tests makes them (tes../netns/dns_zone.c), whole and
 * cut at every byte. */
#include <config.h>

#include <ares.h>
#include <arpa/nameser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../netns/dns_zone.h"
#include "resolver/dns/answer.h"
#include "unit.h"

static struct dns_zone_reply replies[DNS_ZONE_REPLIES];

/* Asks by TCP, so that nothing is truncated. */
static const struct dns_zone_reply *
ask(const char *name, int type)
{
	struct dns_zone_question question;
	uint8_t message[512] = {0x12, 0x67, 1, 0, 0, 1};
	size_t len = 12;

	for (const char *label = name; *label != '\0';) {
		const size_t label_len = strcspn(label, ".");

		message[len++] = (uint8_t)label_len;
		memcpy(message + len, label, label_len);
		len += label_len;
		label += label_len + (label[label_len] == '.');
	}
	message[len + 2] = (uint8_t)type;
	message[len + 4] = ns_c_in;
	assert_true(dns_zone_parse(message, len + 5, &question));
	assert_true(dns_zone_answer(message, &question, true, replies) > 0);
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

	/* A chain has the name at its end, whose address it is. */
	reply = ask("chain.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.list[0].ttl_s, 90);
	assert_string_equal(found.canonical, "right.test");
	reply = ask("middle.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.list[0].ttl_s, 120);
	/* One that leads nowhere, and one that leads round in a circle. */
	reply = ask("dangle.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_ENODATA);
	assert_string_equal(found.canonical, "gone.test");
	reply = ask("to-v6.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_ENODATA);
	assert_string_equal(found.canonical, "v6.test");
	reply = ask("circle.test", ns_t_a);
	assert_int_equal(
		answer_read_addresses(reply->bytes, reply->len, ns_t_a, &found), ARES_ENODATA);
	assert_int_equal(found.count, 0);

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

/* Appends a record whose owner is the name at `owner`. */
static void
add_record(struct dns_zone_reply *reply, size_t owner, unsigned type, uint32_t ttl_s,
	const void *data, size_t len)
{
	const uint8_t fixed[] = {0xc0, (uint8_t)owner, 0, (uint8_t)type, 0, ns_c_in,
		(uint8_t)(ttl_s >> 24), (uint8_t)(ttl_s >> 16), (uint8_t)(ttl_s >> 8),
		(uint8_t)ttl_s, (uint8_t)(len >> 8), (uint8_t)len};

	memcpy(reply->bytes + reply->len, fixed, sizeof fixed);
	memcpy(reply->bytes + reply->len + sizeof fixed, data, len);
	reply->len += sizeof fixed + len;
	reply->bytes[7]++;
}

/* A reply to "x.test" with this number of aliases, each of a second less, and an address. */
static struct dns_zone_reply
chain_of(unsigned aliases)
{
	static const uint8_t v4[] = {192, 0, 2, 1};
	struct dns_zone_reply reply = *ask("x.test", ns_t_a);
	size_t owner = NS_HFIXEDSZ;

	for (unsigned i = 0; i < aliases; i++) {
		const uint8_t target[] = {1, (uint8_t)('a' + i), 0};

		add_record(&reply, owner, ns_t_cname, 100 - i, target, sizeof target);
		owner = reply.len - sizeof target;
	}
	assert_true(owner < 256);
	add_record(&reply, owner, ns_t_a, 90, v4, sizeof v4);
	return reply;
}

static void
test_chain(void **state)
{
	static const struct {
		unsigned aliases;
		int status;
		uint32_t ttl_s;
		const char *canonical;
	} cases[] = {
		{0, ARES_SUCCESS, 90, "x.test"},
		{1, ARES_SUCCESS, 90, "a"},
		{11, ARES_SUCCESS, 90, "k"},
		{12, ARES_SUCCESS, 89, "l"},
		{15, ARES_SUCCESS, 86, "o"},
	};

	(void)state;
	unit_each (i, cases) {
		struct dns_zone_reply reply = chain_of(cases[i].aliases);
		struct answer_addresses found;

		assert_int_equal(answer_read_addresses(reply.bytes, reply.len, ns_t_a, &found),
			cases[i].status);
		assert_string_equal(found.canonical, cases[i].canonical);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.list[0].ttl_s, cases[i].ttl_s);
	}
}

/* Names that cannot be read spoil the reply. */
static void
test_bad_names(void **state)
{
	static const uint8_t v4[] = {192, 0, 2, 1}, endless[] = {0xc0, 255};
	struct dns_zone_reply reply = chain_of(0);
	struct answer_addresses found;
	struct answer_name name;

	(void)state;
	/* The owner of an alias of the name points behind the end. */
	add_record(&reply, 255, ns_t_cname, 90, endless, sizeof endless);
	assert_int_equal(
		answer_read_addresses(reply.bytes, reply.len, ns_t_a, &found), ARES_EBADRESP);
	assert_int_equal(found.count, 0);
	/* The alias itself does. */
	reply = chain_of(0);
	add_record(&reply, NS_HFIXEDSZ, ns_t_cname, 90, endless, sizeof endless);
	assert_int_equal(
		answer_read_addresses(reply.bytes, reply.len, ns_t_a, &found), ARES_EBADRESP);
	/* A record behind the address is cut: what was read before it does not count. */
	reply = chain_of(0);
	add_record(&reply, NS_HFIXEDSZ, ns_t_a, 90, v4, sizeof v4);
	assert_int_equal(
		answer_read_addresses(reply.bytes, reply.len, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.count, 2);
	assert_int_equal(
		answer_read_addresses(reply.bytes, reply.len - 1, ns_t_a, &found), ARES_EBADRESP);
	assert_int_equal(found.count, 0);
	/* A pointer to nowhere is no name of an address. */
	reply = *ask_back(100);
	add_record(&reply, NS_HFIXEDSZ, ns_t_ptr, 90, endless, sizeof endless);
	assert_int_equal(answer_read_ptr(reply.bytes, reply.len, &name), ARES_EBADRESP);
	/* No question, no answer to it. */
	reply = chain_of(0);
	reply.bytes[5] = 0;
	assert_int_equal(
		answer_read_addresses(reply.bytes, reply.len, ns_t_a, &found), ARES_EBADRESP);
	assert_false(answer_is_to(reply.bytes, reply.len, "x.test", ns_t_a));
	/* Two questions are not what was asked. */
	reply.bytes[5] = 2;
	assert_false(answer_is_to(reply.bytes, reply.len, "x.test", ns_t_a));
}

/* A record of another name, or of a length that no address has, is not the answer. */
static void
test_strangers(void **state)
{
	struct dns_zone_reply copy = *ask("two.test", ns_t_a);
	struct answer_addresses found;
	const size_t end = copy.len;

	(void)state;
	assert_int_equal(answer_read_addresses(copy.bytes, end, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.count, 2);
	/* The second record's owner becomes "test": 16 bytes a record, its name first. */
	copy.bytes[end - 16 + 1] += 4;
	assert_int_equal(answer_read_addresses(copy.bytes, end, ns_t_a, &found), ARES_SUCCESS);
	assert_int_equal(found.count, 1);
	copy.bytes[end - 5] = 3;
	copy.bytes[end - 16 + 1] -= 4;
	assert_int_equal(answer_read_addresses(copy.bytes, end - 1, ns_t_a, &found), ARES_EBADRESP);
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
			/* Without its question it is none. */
			if (len < NS_HFIXEDSZ + 8)
				assert_int_equal(answer_read_ptr(part, len, &name), ARES_EBADRESP);
			(void)answer_is_to(part, len, "1.2.0.192.in-addr.arpa", ns_t_ptr);
			free(part);
		}
	}
}

/* The smaller of the lifetime of the SOA record and its last number. */
static void
test_negative(void **state)
{
	static const uint8_t soa[] = {0xc0, 12, 0, 6, 0, 1, 0, 0, 0, 90, 0, 22, 0, 0, 0, 0, 0, 1, 0,
		0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 120};
	struct dns_zone_reply copy = *ask("nx.test", ns_t_a);
	uint32_t ttl_s = 7;

	(void)state;
	assert_false(answer_read_negative_ttl(NULL, 0, &ttl_s));
	assert_false(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	memcpy(copy.bytes + copy.len, soa, sizeof soa);
	copy.bytes[9] = 1;
	copy.len += sizeof soa;
	assert_true(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	assert_int_equal(ttl_s, 90);
	copy.bytes[copy.len - 1] = 60;
	assert_true(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	assert_int_equal(ttl_s, 60);
	assert_false(answer_read_negative_ttl(copy.bytes, copy.len - 1, &ttl_s));
	/* A lifetime with the top bit counts as 0. */
	copy.bytes[copy.len - 4] = 0x80;
	assert_true(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	assert_int_equal(ttl_s, 0);
	copy.bytes[copy.len - 4] = 0;
	/* In the section of answers, or after a record of another kind. */
	copy.bytes[7] = 1;
	copy.bytes[9] = 0;
	assert_true(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	memcpy(copy.bytes + copy.len, soa, sizeof soa);
	copy.bytes[copy.len - sizeof soa + 3] = ns_t_ns;
	copy.bytes[9] = 1;
	copy.len += sizeof soa;
	ttl_s = 7;
	assert_true(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	assert_int_equal(ttl_s, 90);
	/* One that is not counted is not there. */
	copy.bytes[9] = 0;
	assert_false(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
	copy.len -= sizeof soa;
	copy.bytes[copy.len - sizeof soa + 3] = ns_t_soa;
	/* Too short to have its numbers. */
	copy.bytes[copy.len - sizeof soa + 11] = 21;
	assert_false(answer_read_negative_ttl(copy.bytes, copy.len, &ttl_s));
}

static void
test_question(void **state)
{
	const struct dns_zone_reply *reply = ask("right.test", ns_t_a);

	(void)state;
	assert_true(answer_is_to(reply->bytes, reply->len, "right.test", ns_t_a));
	assert_true(answer_is_to(reply->bytes, reply->len, "RIGHT.test.", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "right", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "right.test.test", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "righ", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "wrong.test", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "right.test", ns_t_aaaa));
	assert_false(answer_is_to(reply->bytes, 12, "right.test", ns_t_a));
	assert_false(answer_is_to(reply->bytes, reply->len, "", ns_t_a));
	/* A name with other characters may be written in many ways. */
	assert_true(answer_is_to(reply->bytes, reply->len, "r\\105ght.test", ns_t_a));
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
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_negative),
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
