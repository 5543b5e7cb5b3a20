/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The zone "test", and the names of 192.0.2.N and 2001:db8::N, where N decides what comes: see the
 * tables. Names stand in them as on the wire: each label after its length.
 */
#include "dns_zone.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 12, UDP_MAX = 512, TYPE_A = 1, TYPE_CNAME = 5, TYPE_PTR = 12, TYPE_AAAA = 28 };
enum { RCODE_OK = 0, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };
enum { TTL_S = 300, MANY_ADDRESSES = 100, MANY_NAMES = 200, ALIASES_MAX = 8 };

enum { AN_EVIL_NAME = 26 };
#define LABEL_63   "\077abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
#define NAME(text) .name = (text), .len = sizeof(text)
#define HAS(name_, type_, ttl_, value_)                                                            \
	.name = (name_), .type = (type_), .ttl_s = (ttl_), .value = (value_)

enum manner {
	MANNER_RIGHT,
	MANNER_RCODE,
	MANNER_SILENT,
	MANNER_ONLY_TCP,  /* by UDP it is always truncated */
	MANNER_FORGED_ID, /* a lie with another id comes first */
	MANNER_FORGED_QUESTION,
	MANNER_FORGED_SOURCE,
	MANNER_LOOP,   /* a name that points at itself */
	MANNER_CUT,    /* ends within the record */
	MANNER_LENGTH, /* of the record goes beyond the message */
	MANNER_ALIAS,  /* a CNAME first, as RFC 2317 has it */
	MANNER_MANY,
};

static const struct reverse {
	const char *name;
	size_t len;
	enum manner manner;
	uint32_t ttl_s;
	unsigned rcode;
} reverses[] = {
	[1] = {NAME("\5right\4test"), .ttl_s = TTL_S},
	[2] = {.manner = MANNER_RCODE, .rcode = RCODE_NXDOMAIN},
	[3] = {.manner = MANNER_RCODE, .rcode = RCODE_SERVFAIL},
	[4] = {NAME("\3tcp\4test"), .manner = MANNER_ONLY_TCP, .ttl_s = TTL_S},
	[5] = {NAME("\012\033[2J\033]0;x\a\4test"), .ttl_s = TTL_S},
	[6] = {NAME("\010a\r\n\t\0\233\177b\4test"), .ttl_s = TTL_S},
	[7] = {NAME("\100aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\4test"),
		.ttl_s = TTL_S},
	[8] = {NAME("\5x\377\376\303(\4test"), .ttl_s = TTL_S},
	[9] = {NAME(""), .manner = MANNER_LOOP, .ttl_s = TTL_S},
	[10] = {NAME("\4true\4test"), .manner = MANNER_FORGED_ID, .ttl_s = TTL_S},
	[11] = {NAME("\4true\4test"), .manner = MANNER_FORGED_QUESTION, .ttl_s = TTL_S},
	[12] = {NAME("\5first\4test"), .manner = MANNER_MANY, .ttl_s = TTL_S},
	[13] = {NAME("\4true\4test"), .manner = MANNER_FORGED_SOURCE, .ttl_s = TTL_S},
	[14] = {NAME("\11classless\4test"), .manner = MANNER_ALIAS, .ttl_s = TTL_S},
	[15] = {NAME(LABEL_63 LABEL_63 LABEL_63
			"\075abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklm"
			"nopqrstuvwxy"),
		.ttl_s = TTL_S},
	[16] = {NAME("\3cut\4test"), .manner = MANNER_CUT, .ttl_s = TTL_S},
	[17] = {NAME("\6beyond\4test"), .manner = MANNER_LENGTH, .ttl_s = TTL_S},
	[18] = {NAME(""), .ttl_s = TTL_S},
	[19] = {.manner = MANNER_SILENT},
	[20] = {NAME("\4zero\4test"), .ttl_s = 0},
	[21] = {NAME("\7forever\4test"), .ttl_s = UINT32_MAX},
	[22] = {NAME("\6\346\225\260\345\255\227\4test"), .ttl_s = TTL_S},
	[23] = {NAME("\6\342\200\256abc\4test"), .ttl_s = TTL_S},
	[24] = {.manner = MANNER_RCODE, .rcode = RCODE_REFUSED},
	[25] = {NAME("\7a.b c\\d\4test"), .ttl_s = TTL_S},
	[AN_EVIL_NAME] = {NAME("\4evil\4test"), .ttl_s = TTL_S},
};

/* A name is there when it has a line; values of one name and type stand together. */
static const struct forward {
	const char *name;
	unsigned type;
	uint32_t ttl_s;
	const char *value;
	unsigned rcode;
	enum manner manner;
} forwards[] = {
	{HAS("right.test", TYPE_A, 300, "192.0.2.1")},
	{HAS("right.test", TYPE_AAAA, 600, "2001:db8::1")},
	{HAS("alias.test", TYPE_CNAME, 60, "\5right\4test")},
	{HAS("chain.test", TYPE_CNAME, 90, "\6middle\4test")},
	{HAS("middle.test", TYPE_CNAME, 120, "\5right\4test")},
	{HAS("dangle.test", TYPE_CNAME, 300, "\4gone\4test")},
	{HAS("to-v6.test", TYPE_CNAME, 300, "\2v6\4test")},
	{HAS("circle.test", TYPE_CNAME, 300, "\7circle2\4test")},
	{HAS("circle2.test", TYPE_CNAME, 300, "\6circle\4test")},
	{HAS("xn--mller-kva.test", TYPE_A, 300, "192.0.2.1")},
	{HAS("v4.sub.test", TYPE_A, 300, "192.0.2.9")},
	{HAS("six.sub.test", TYPE_AAAA, 300, "2001:db8::9")},
	{HAS("six.test", TYPE_A, 300, "192.0.2.1")},
	{HAS("v4.test", TYPE_A, 300, "192.0.2.1")},
	{HAS("v6.test", TYPE_AAAA, 300, "2001:db8::1")},
	{HAS("two.test", TYPE_A, 300, "192.0.2.9")},
	{HAS("two.test", TYPE_A, 300, "192.0.2.1")},
	{HAS("half.test", TYPE_A, 300, "192.0.2.1")},
	{.name = "half.test", .type = TYPE_AAAA, .rcode = RCODE_SERVFAIL},
	{HAS("half6.test", TYPE_AAAA, 300, "2001:db8::1")},
	{.name = "half6.test", .type = TYPE_A, .rcode = RCODE_SERVFAIL},
	{HAS("many.test", TYPE_A, 300, "198.51.100.1"), .manner = MANNER_MANY},
	{HAS("empty.test", TYPE_PTR, 300, "\5right\4test")},
	{HAS("loop.test", TYPE_CNAME, 300, "\4loop\4test")},
	{HAS("cut.test", TYPE_A, 300, "192.0.2.1"), .manner = MANNER_CUT},
	{.name = "servfail.test", .type = TYPE_A, .rcode = RCODE_SERVFAIL},
	{.name = "servfail.test", .type = TYPE_AAAA, .rcode = RCODE_SERVFAIL},
	{.name = "right.bad.test", .type = TYPE_A, .rcode = RCODE_SERVFAIL},
	{.name = "right.bad.test", .type = TYPE_AAAA, .rcode = RCODE_SERVFAIL},
	{.name = "silent.test", .type = TYPE_A, .manner = MANNER_SILENT},
	{.name = "silent.test", .type = TYPE_AAAA, .manner = MANNER_SILENT},
};

enum { REVERSES = sizeof reverses / sizeof reverses[0] };
enum { FORWARDS = sizeof forwards / sizeof forwards[0] };

bool
dns_zone_parse(const uint8_t *message, size_t len, struct dns_zone_question *question)
{
	size_t at = HEADER, out = 0;

	if (len < HEADER + 5 || (message[2] & 0x80) != 0 || message[4] != 0 || message[5] != 1)
		return false;
	while (at < len && message[at] != 0) {
		const size_t label = message[at++];

		if (label > 63 || at + label >= len || out + label + 2 > sizeof question->name)
			return false;
		for (size_t i = 0; i < label; i++)
			question->name[out++] = (char)tolower(message[at + i]);
		question->name[out++] = '.';
		at += label;
	}
	if (out == 0 || at + 5 > len)
		return false;
	question->name[out - 1] = '\0';
	question->type = (unsigned)message[at + 1] << 8 | message[at + 2];
	question->end = at + 5;
	return true;
}

static void
begin(struct dns_zone_reply *reply, const uint8_t *message, size_t end, unsigned rcode)
{
	*reply = (struct dns_zone_reply){.len = end};
	memcpy(reply->bytes, message, end);
	reply->bytes[2] = 0x81;
	reply->bytes[3] = (uint8_t)(0x80 | rcode);
	memset(reply->bytes + 6, 0, 6);
}

/* Its owner is the name of the question, or what an alias for that points at. */
static void
add_record(
	struct dns_zone_reply *reply, unsigned type, uint32_t ttl_s, const void *data, size_t len)
{
	const size_t owner = reply->alias != 0 ? reply->alias : (size_t)HEADER;
	const uint8_t fixed[] = {0xc0, (uint8_t)owner, 0, (uint8_t)type, 0, 1,
		(uint8_t)(ttl_s >> 24), (uint8_t)(ttl_s >> 16), (uint8_t)(ttl_s >> 8),
		(uint8_t)ttl_s, (uint8_t)(len >> 8), (uint8_t)len};

	if (reply->len + sizeof fixed + len > sizeof reply->bytes)
		return;
	memcpy(reply->bytes + reply->len, fixed, sizeof fixed);
	memcpy(reply->bytes + reply->len + sizeof fixed, data, len);
	reply->len += sizeof fixed + len;
	if (type == TYPE_CNAME)
		reply->alias = reply->len - len;
	reply->bytes[7]++;
}

/* RFC 1035 section 4.2.1: the rest is to be asked for by TCP. */
static void
truncate_reply(struct dns_zone_reply *reply, size_t end)
{
	reply->bytes[2] |= 0x02;
	reply->bytes[7] = 0;
	reply->len = end;
}

/* N of "N.2.0.192.in-addr.arpa" and of 2001:db8::N, at most 255; -1: another name. */
static long
reverse_number(const char *name)
{
	static const char v4[] = ".2.0.192.in-addr.arpa", v6[] = ".8.b.d.0.1.0.0.2.ip6.arpa";
	const size_t len = strlen(name);
	char *end;

	if (len > sizeof v6 && strcmp(name + len - sizeof v6 + 1, v6) == 0) {
		const char digits[] = {name[2], name[0], '\0'};
		return strtol(digits, NULL, 16);
	}
	const long number = strtol(name, &end, 10);
	return end != name && strcmp(end, v4) == 0 && number >= 0 ? number : -1;
}

static void
add_many_names(struct dns_zone_reply *reply)
{
	for (unsigned i = 0; i < MANY_NAMES; i++) {
		char name[] = "\4n000\4test";

		snprintf(name + 2, 4, "%03u", i);
		name[5] = '\4';
		add_record(reply, TYPE_PTR, TTL_S, name, sizeof name);
	}
}

static size_t
spoil(struct dns_zone_reply replies[], const struct reverse *reverse, size_t end, bool is_tcp)
{
	struct dns_zone_reply *const reply = &replies[0];

	switch (reverse->manner) {
	case MANNER_RIGHT:
	case MANNER_RCODE: return 1;
	case MANNER_SILENT: return 0;
	case MANNER_ONLY_TCP:
		if (!is_tcp)
			truncate_reply(reply, end);
		return 1;
	case MANNER_FORGED_ID:
	case MANNER_FORGED_QUESTION:
	case MANNER_FORGED_SOURCE:
		replies[1] = *reply;
		begin(reply, replies[1].bytes, end, RCODE_OK);
		add_record(reply, TYPE_PTR, TTL_S, reverses[AN_EVIL_NAME].name,
			reverses[AN_EVIL_NAME].len);
		reply->is_from_elsewhere = reverse->manner == MANNER_FORGED_SOURCE;
		reply->bytes[0] ^= reverse->manner == MANNER_FORGED_ID;
		reply->bytes[HEADER + 1] ^= reverse->manner == MANNER_FORGED_QUESTION;
		return 2;
	case MANNER_LOOP:
		reply->bytes[reply->len - 1] = 0xc0;
		reply->bytes[reply->len] = (uint8_t)(reply->len - 1);
		reply->bytes[reply->len - 2] = 2;
		reply->len++;
		return 1;
	case MANNER_CUT: reply->len -= 3; return 1;
	case MANNER_LENGTH: reply->bytes[end + 10] = 0xff; return 1;
	case MANNER_ALIAS:
	case MANNER_MANY: return 1;
	}
	return 1;
}

static size_t
answer_reverse(const uint8_t *message, const struct dns_zone_question *question, long number,
	bool is_tcp, struct dns_zone_reply replies[])
{
	const struct reverse *const reverse = &reverses[number];
	struct dns_zone_reply *const reply = &replies[0];

	begin(reply, message, question->end, reverse->rcode);
	if (reverse->manner == MANNER_ALIAS)
		add_record(reply, TYPE_CNAME, TTL_S, "\1x\4test", 8);
	if (reverse->name != NULL)
		add_record(reply, TYPE_PTR, reverse->ttl_s, reverse->name, reverse->len);
	if (reverse->manner == MANNER_MANY)
		add_many_names(reply);
	if (!is_tcp && reply->len > UDP_MAX)
		truncate_reply(reply, question->end);
	return spoil(replies, reverse, question->end, is_tcp);
}

static void
add_value(struct dns_zone_reply *reply, const struct forward *forward)
{
	uint8_t address[16];

	if (forward->value == NULL)
		return;
	if (forward->type == TYPE_CNAME || forward->type == TYPE_PTR) {
		add_record(reply, forward->type, forward->ttl_s, forward->value,
			strlen(forward->value) + 1);
		return;
	}
	inet_pton(forward->type == TYPE_A ? AF_INET : AF_INET6, forward->value, address);
	for (unsigned i = 0; i < (forward->manner == MANNER_MANY ? MANY_ADDRESSES : 1); i++) {
		address[3] = (uint8_t)(address[3] + (i > 0));
		add_record(reply, forward->type, forward->ttl_s, address,
			forward->type == TYPE_A ? 4 : 16);
	}
}

/* A name as on the wire, dotted. */
static void
to_dotted(const char *wire, char *name, size_t size)
{
	size_t at = 0;

	for (size_t len = (uint8_t)*wire; len != 0; len = (uint8_t)*wire) {
		at += (size_t)snprintf(
			name + at, size - at, "%s%.*s", at != 0 ? "." : "", (int)len, wire + 1);
		wire += len + 1;
	}
}

/* The record under the name for this type; an alias for all types but its own. */
static size_t
answer_forward(const uint8_t *message, const struct dns_zone_question *question, bool is_tcp,
	struct dns_zone_reply *reply)
{
	char name[DNS_ZONE_NAME], target[DNS_ZONE_NAME];
	unsigned aliases = 0;
	bool is_known = false;

	snprintf(name, sizeof name, "%s", question->name);
	begin(reply, message, question->end, RCODE_OK);
	for (size_t i = 0; i < FORWARDS; i++) {
		const struct forward *const forward = &forwards[i];

		if (strcmp(forward->name, name) != 0)
			continue;
		is_known = true;
		if (forward->type != question->type && forward->type != TYPE_CNAME)
			continue;
		if (forward->manner == MANNER_SILENT)
			return 0;
		reply->bytes[3] |= (uint8_t)forward->rcode;
		add_value(reply, forward);
		if (forward->manner == MANNER_CUT)
			reply->len -= 2;
		if (forward->type != TYPE_CNAME)
			continue;
		to_dotted(forward->value, target, sizeof target);
		if (strcmp(name, target) == 0 || ++aliases == ALIASES_MAX)
			break;
		memcpy(name, target, sizeof name);
		is_known = false;
		i = (size_t)-1;
	}
	if (!is_known)
		reply->bytes[3] |= RCODE_NXDOMAIN;
	if (!is_tcp && reply->len > UDP_MAX)
		truncate_reply(reply, question->end);
	return 1;
}

size_t
dns_zone_answer(const uint8_t *message, const struct dns_zone_question *question, bool is_tcp,
	struct dns_zone_reply replies[DNS_ZONE_REPLIES])
{
	const long number = question->type == TYPE_PTR ? reverse_number(question->name) : -1;

	if (number > 0 && number < REVERSES)
		return answer_reverse(message, question, number, is_tcp, replies);
	return answer_forward(message, question, is_tcp, &replies[0]);
}
