/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel is asked for: the figures of some filters, and of all of them that no row passes
 * which the kernel would have left away.
 */
#include <config.h>

#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/stream/message.h>

#include "pushdown.h"
#include "sockets.h"

enum { STATE_ALL = 0x2ffe };

struct pushed {
	struct message_subscription subscription;
	struct subscription_condition conditions[SUBSCRIPTION_CONDITIONS_MAX];
};

static void
push(const char *text, struct pushed *pushed)
{
	struct error error = {.text = ""};
	struct filter *filter = filter_parse(text, &socket_fields, &error);

	if (filter == NULL)
		fail_msg("%s: %s", text, error.text);
	*pushed = (struct pushed){.subscription.needs = 0};
	filter_pushdown(filter, &pushed->subscription, pushed->conditions);
	assert_ptr_equal(pushed->subscription.conditions.data, pushed->conditions);
	filter_free(filter);
}

static void
test_sets(void **state)
{
	static const struct {
		const char *text;
		unsigned protocols, families;
		uint32_t states;
	} cases[] = {
		{"", 3, 3, STATE_ALL},
		{"nginx", 3, 3, STATE_ALL},
		{"state listen", 1, 3, 1 << 10},
		{"state established", 3, 3, 1 << 1},
		{"state closed", 1, 3, 1 << 7 | 1 << 13},
		{"state unconn", 2, 3, 1 << 7},
		{"state syn-recv", 1, 3, 1 << 3},
		{"not state listen", 3, 3, STATE_ALL & ~(1 << 10)},
		{"state != listen", 3, 3, STATE_ALL & ~(1 << 10)},
		{"state listen or state time-wait", 1, 3, 1 << 10 | 1 << 6},
		{"state listen or nginx", 3, 3, STATE_ALL},
		{"state listen and nginx", 1, 3, 1 << 10},
		{"not (state listen and nginx)", 3, 3, STATE_ALL},
		{"not (state listen or state time-wait)", 3, 3, STATE_ALL & ~(1 << 10 | 1 << 6)},
		{"not not state listen", 1, 3, 1 << 10},
		{"state ~ LISTEN", 3, 3, STATE_ALL},
		{"proto udp", 2, 3, STATE_ALL},
		{"proto != udp", 1, 3, STATE_ALL},
		{"family 6", 3, 2, STATE_ALL},
		{"proto tcp family 4", 1, 1, STATE_ALL},
		{"proto tcp proto udp", 3, 3, STATE_ALL},
		{"proto tcp or state listen", 3, 3, STATE_ALL},
	};

	(void)state;
	unit_each (i, cases) {
		struct pushed pushed;

		push(cases[i].text, &pushed);
		if (pushed.subscription.protocols != cases[i].protocols ||
			pushed.subscription.families != cases[i].families ||
			pushed.subscription.states != cases[i].states)
			fail_msg("%s: %u %u %x", cases[i].text, pushed.subscription.protocols,
				pushed.subscription.families, pushed.subscription.states);
		assert_int_equal(pushed.subscription.conditions.count, 0);
	}
}

/* "0 L 443 443; 0 R 443 443" */
static void
describe(const struct pushed *pushed, char *out, size_t size)
{
	static const char kinds[] = "?LRlr";
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < pushed->subscription.conditions.count && len < size; i++) {
		const struct subscription_condition *item = &pushed->conditions[i];

		if (item->kind <= CONDITION_REMOTE_PORT)
			len += (size_t)snprintf(out + len, size - len, "%u%c%u-%u ", item->clause,
				kinds[item->kind], item->low, item->high);
		else
			len += (size_t)snprintf(out + len, size - len, "%u%c%u/%u ", item->clause,
				kinds[item->kind], item->address[15], item->prefix);
	}
}

static void
test_clauses(void **state)
{
	static const struct {
		const char *text, *clauses;
	} cases[] = {
		{"lport 443", "0L443-443 "},
		{"port 443", "0L443-443 0R443-443 "},
		{"port 80,8000-8999", "0L80-80 0L8000-8999 0R80-80 0R8000-8999 "},
		{"lport < 1024", "0L0-1023 "},
		{"lport >= 1024", "0L1024-65535 "},
		{"lport != 22", "0L0-21 0L23-65535 "},
		{"port != 22", "0L0-21 0L23-65535 1R0-21 1R23-65535 "},
		{"lport < 0", ""},
		{"lport > 65535", ""},
		{"lport 22 rport 1", "0L22-22 1R1-1 "},
		{"lport 22 or rport 1", "0L22-22 0R1-1 "},
		{"lport 22 or nginx", ""},
		{"lport 22 and nginx", "0L22-22 "},
		{"not lport 22", ""},
		{"laddr 10.0.0.7", "0l7/128 "},
		{"dst 10.0.0.0/8", "0r0/104 "},
		{"dst 10.0.0.7:443", "0r7/128 1R443-443 "},
		{"addr 10.0.0.7", "0l7/128 0r7/128 "},
		{"addr 10.0.0.7:80",
			"0l7/128 0r7/128 1l7/128 1R80-80 2L80-80 2r7/128 3L80-80 3R80-80 "},
		{"raddr != 10.0.0.7", ""},
		{"pid 7 lport 1", "0L1-1 "},
		{"(lport 1 rport 2) or (lport 3 rport 4)",
			"0L1-1 0L3-3 1L1-1 1R4-4 2R2-2 2L3-3 3R2-2 3R4-4 "},
		/* More than there is room for: nothing rather than half of it. */
		{"lport 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,"
		 "29,30,31,32,33",
			""},
	};

	(void)state;
	unit_each (i, cases) {
		struct pushed pushed;
		char clauses[1024];

		push(cases[i].text, &pushed);
		describe(&pushed, clauses, sizeof clauses);
		if (strcmp(clauses, cases[i].clauses) != 0)
			fail_msg("%s: %s", cases[i].text, clauses);
	}
}

/* Parts that are joined to all filters of two of them. */
static const char *const parts[] = {"state listen", "not state listen", "state closing",
	"proto udp", "family 6", "port 443", "lport 80", "port 79-81", "lport != 80", "port != 443",
	"rport < 100", "rport >= 443", "addr 10.1.0.0/16", "addr 10.0.0.1:443",
	"dst [2001:db8::2]:22", "raddr != 10.1.2.3", "dst :443", "process x",
	"laddr ::", "state unconn", "state = closed", "dst 10.1.2.3,2001:db8::2", "rtt > 5ms"};

static void
fill(struct model *model)
{
	static const char *const addresses[][2] = {{"10.0.0.1", "10.1.2.3"},
		{"2001:db8::1", "2001:db8::2"}, {"0.0.0.0", "0.0.0.0"}, {"::", "::"}};
	static const uint16_t ports[][2] = {{80, 40000}, {443, 40000}, {40000, 443}, {50000, 22}};

	for (size_t i = 0; i < 4 * 4; i++) {
		const char *const *pair = addresses[i / 4];
		const uint16_t *port = ports[i % 4];
		bool connected = i / 4 < 2;

		for (int number = 1; number < TCP_STATE_COUNT; number++)
			sockets_add(model, IPPROTO_TCP, (enum tcp_state)number, pair[0], port[0],
				pair[1], connected ? port[1] : 0);
		sockets_add(model, IPPROTO_UDP,
			connected ? TCP_STATE_ESTABLISHED : TCP_STATE_CLOSED, pair[0], port[0],
			pair[1], connected ? port[1] : 0);
	}
}

static void
check_superset(struct model *model, const char *text)
{
	const struct field_context context = {.model = model};
	struct filter *filter = filter_parse(text, &socket_fields, NULL);
	struct pushed pushed;

	assert_non_null(filter);
	push(text, &pushed);
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *row = socket_table_row(&model->sockets, id);

		if (filter_match(filter, &context, row, NULL, 0) &&
			!pushdown_admits(&pushed.subscription, pushed.conditions, row))
			fail_msg("%s: the kernel would keep back row %u that passes", text, id);
	}
	filter_free(filter);
}

static void
test_supersets(void **state)
{
	static const struct {
		const char *before, *between, *after;
	} joints[] = {{"", " ", ""}, {"", " or ", ""}, {"not (", " ", ")"}, {"not (", " or ", ")"}};
	struct model *model = sockets_model();
	char text[256];

	(void)state;
	fill(model);
	for (size_t i = 0; i < UNIT_COUNT_OF(parts) * UNIT_COUNT_OF(parts); i++) {
		unit_each (j, joints) {
			snprintf(text, sizeof text, "%s%s%s%s%s", joints[j].before,
				parts[i / UNIT_COUNT_OF(parts)], joints[j].between,
				parts[i % UNIT_COUNT_OF(parts)], joints[j].after);
			check_superset(model, text);
		}
	}
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_clauses),
		cmocka_unit_test(test_supersets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
