/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a filter that the kernel can decide before it sends anything. Two analyses of the
 * tree, both of which give a superset of what the filter lets pass:
 *
 * - Sets of protocols, families and states that a passing row can have. A set is exact when its
 *   part of the filter demands nothing else; only exact sets can be negated.
 * - Clauses: ports and addresses as a conjunction of disjunctions. "or" multiplies them out; what
 *   does not fit in the room is left away.
 */
#include <config.h>

#include <string.h>

#include <sockwatch/stream/message.h>

#include "filter_tree.h"

/* Bits of message_subscription.states; the kernel lists bound sockets without a state under 13. */
enum { SUBSCRIPTION_BOUND_INACTIVE = 13, SUBSCRIPTION_CLOSED = 7 };

enum aspect { ASPECT_PROTOCOL, ASPECT_FAMILY, ASPECT_STATE, ASPECT_COUNT };

struct bound {
	uint32_t set;
	bool exact;
};

static const struct {
	enum field_meaning meaning;
	uint32_t all;
} aspects[ASPECT_COUNT] = {
	[ASPECT_PROTOCOL] = {FIELD_MEANING_PROTOCOL, PROTOCOL_TCP | PROTOCOL_UDP},
	[ASPECT_FAMILY] = {FIELD_MEANING_FAMILY, FAMILY_V4 | FAMILY_V6},
	[ASPECT_STATE] = {FIELD_MEANING_STATE, (UINT32_C(1) << FILTER_STATE_COUNT) - 2},
};

static bool
has_text(const struct filter_term *term, const char *text)
{
	for (size_t i = 0; i < term->count; i++) {
		if (text_equal_nocase(term->texts[i], text))
			return true;
	}
	return false;
}

static bool
has_number(const struct filter_term *term, double number)
{
	for (size_t i = 0; i < term->count; i++) {
		if (number >= term->ranges[i].low && number <= term->ranges[i].high)
			return true;
	}
	return false;
}

static struct bound
bound_of_term(const struct filter_term *term, enum aspect aspect)
{
	struct bound all = {aspects[aspect].all, false}, bound = {0, true};
	const bool equal =
		term->compare == FILTER_COMPARE_DEFAULT || term->compare == FILTER_COMPARE_EQUAL;

	if (term->field_count != 1 || term->fields[0]->meaning != aspects[aspect].meaning ||
		(!equal && term->compare != FILTER_COMPARE_UNEQUAL) ||
		term->kind == FILTER_TERM_REGEX)
		return all;
	switch (aspect) {
	case ASPECT_PROTOCOL:
		bound.set = (has_text(term, "tcp") ? PROTOCOL_TCP : 0U) |
			    (has_text(term, "udp") ? PROTOCOL_UDP : 0U);
		break;
	case ASPECT_FAMILY:
		bound.set = (has_number(term, 4) ? FAMILY_V4 : 0U) |
			    (has_number(term, 6) ? FAMILY_V6 : 0U);
		break;
	case ASPECT_STATE: bound.set = term->states & all.set; break;
	case ASPECT_COUNT: return all;
	}
	/* Every row has these three, so != is the complement. */
	if (!equal)
		bound.set = all.set & ~bound.set;
	return bound;
}

/* Depth is bounded by the parser. */
static struct bound
bound_of(const struct filter_node *node, enum aspect aspect)
{
	struct bound result;
	const bool both = node->kind == FILTER_NODE_AND;

	if (node->kind == FILTER_NODE_TERM)
		return bound_of_term(node->term, aspect);
	result = bound_of(node->first, aspect);
	if (node->kind == FILTER_NODE_NOT) {
		result.set = result.exact ? aspects[aspect].all & ~result.set : aspects[aspect].all;
		return result;
	}
	for (node = node->first->next; node != NULL; node = node->next) {
		const struct bound other = bound_of(node, aspect);

		result.exact = result.exact && other.exact;
		result.set = both ? result.set & other.set : result.set | other.set;
	}
	return result;
}

struct clauses {
	struct subscription_condition items[SUBSCRIPTION_CONDITIONS_MAX];
	size_t count; /* of items; 0: any row passes */
	uint8_t clauses;
};

/* Appends one clause if it fits. */
static void
add_clause(struct clauses *clauses, const struct subscription_condition *items, size_t count)
{
	if (!count || count > SUBSCRIPTION_CONDITIONS_MAX - clauses->count)
		return;
	for (size_t i = 0; i < count; i++) {
		clauses->items[clauses->count] = items[i];
		clauses->items[clauses->count++].clause = clauses->clauses;
	}
	clauses->clauses++;
}

/* The items of the clause that begins at `at`. */
static size_t
clause_len(const struct clauses *clauses, size_t at)
{
	size_t end = at;

	while (end < clauses->count && clauses->items[end].clause == clauses->items[at].clause)
		end++;
	return end - at;
}

static void
clauses_and(struct clauses *clauses, const struct clauses *other)
{
	size_t len;

	for (size_t at = 0; at < other->count; at += len) {
		len = clause_len(other, at);
		add_clause(clauses, other->items + at, len);
	}
}

/* (a and b) or (c and d) is (a or c) and (a or d) and (b or c) and (b or d). */
static void
clauses_or(struct clauses *clauses, const struct clauses *other)
{
	struct clauses product = {.count = 0};
	size_t left, right;

	for (size_t i = 0; i < clauses->count; i += left) {
		left = clause_len(clauses, i);
		for (size_t j = 0; j < other->count; j += right) {
			struct subscription_condition joined[2 * SUBSCRIPTION_CONDITIONS_MAX];

			right = clause_len(other, j);
			memcpy(joined, clauses->items + i, left * sizeof joined[0]);
			memcpy(joined + left, other->items + j, right * sizeof joined[0]);
			add_clause(&product, joined, left + right);
		}
	}
	*clauses = product;
}

/* 0: the field is not an address or a port of a socket: the kernel cannot decide the term. */
static enum condition_kind
condition_of(const struct field *field, bool port)
{
	const bool local = field->meaning == FIELD_MEANING_LOCAL;

	if (!local && field->meaning != FIELD_MEANING_REMOTE)
		return 0;
	if (port)
		return local ? CONDITION_LOCAL_PORT : CONDITION_REMOTE_PORT;
	if ((field->flags & FIELD_PORT) != 0)
		return 0;
	return local ? CONDITION_LOCAL_ADDRESS : CONDITION_REMOTE_ADDRESS;
}

/* The ports that a comparison lets pass: one or two ranges. Returns how many; 0: not known. */
static size_t
port_ranges(const struct filter_term *term, size_t index, struct filter_range *ranges)
{
	const struct filter_range *const range = &term->ranges[index];
	const struct filter_range below = {.low = 0, .high = range->low - 1},
				  above = {.low = range->high + 1, .high = UINT16_MAX};
	size_t count = 0;

	switch (term->compare) {
	case FILTER_COMPARE_DEFAULT:
	case FILTER_COMPARE_EQUAL: ranges[count++] = *range; break;
	case FILTER_COMPARE_UNEQUAL:
		if (term->count > 1)
			return 0;
		if (below.high >= 0)
			ranges[count++] = below;
		if (above.low <= UINT16_MAX)
			ranges[count++] = above;
		break;
	case FILTER_COMPARE_LESS: ranges[count++] = below; break;
	case FILTER_COMPARE_AT_MOST:
		ranges[count++] = (struct filter_range){.low = 0, .high = range->high};
		break;
	case FILTER_COMPARE_GREATER: ranges[count++] = above; break;
	case FILTER_COMPARE_AT_LEAST:
		ranges[count++] = (struct filter_range){.low = range->low, .high = UINT16_MAX};
		break;
	case FILTER_COMPARE_REGEX:
	case FILTER_COMPARE_NOT_REGEX: return 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (ranges[i].low > ranges[i].high || ranges[i].low < 0 ||
			ranges[i].high > UINT16_MAX)
			return 0;
	}
	return count;
}

static struct subscription_condition
port_condition(enum condition_kind kind, const struct filter_range *range)
{
	return (struct subscription_condition){
		.kind = (uint8_t)kind,
		.low = (uint16_t)range->low,
		.high = (uint16_t)range->high,
	};
}

/* Adds to items what the term demands of one field; false when no clause can express it. */
static bool
port_clause(const struct filter_term *term, size_t field, struct subscription_condition *items,
	size_t *count)
{
	const enum condition_kind kind = condition_of(term->fields[field], true);
	struct filter_range ranges[2];

	for (size_t i = 0; i < term->count; i++) {
		const size_t pieces = port_ranges(term, i, ranges);

		if (!kind || !pieces || *count + pieces > SUBSCRIPTION_CONDITIONS_MAX)
			return false;
		for (size_t j = 0; j < pieces; j++)
			items[(*count)++] = port_condition(kind, &ranges[j]);
	}
	return true;
}

/* Either side may fit; with "!=" both must, so that each side becomes a clause of its own. */
static void
clauses_of_ports(const struct filter_term *term, struct clauses *clauses)
{
	struct subscription_condition items[SUBSCRIPTION_CONDITIONS_MAX];
	size_t count = 0;
	const bool each = term->compare == FILTER_COMPARE_UNEQUAL;

	for (size_t i = 0; i < term->field_count; i++) {
		if (!port_clause(term, i, items, &count)) {
			*clauses = (struct clauses){.count = 0};
			return;
		}
		if (each || i + 1 == term->field_count) {
			add_clause(clauses, items, count);
			count = 0;
		}
	}
}

static struct clauses
clauses_of_address(const struct filter_address *wanted, const struct field *field)
{
	struct clauses clauses = {.count = 0};
	const enum condition_kind address = condition_of(field, false),
				  port = condition_of(field, true);

	if (wanted->has_prefix && address) {
		struct subscription_condition item = {
			.kind = (uint8_t)address,
			.prefix = wanted->prefix.length,
		};

		memcpy(item.address, wanted->prefix.address.bytes, sizeof item.address);
		add_clause(&clauses, &item, 1);
	}
	if (wanted->has_port && port) {
		struct subscription_condition item = port_condition(port, &wanted->port);

		add_clause(&clauses, &item, 1);
	}
	return clauses;
}

static void
clauses_of_addresses(const struct filter_term *term, struct clauses *clauses)
{
	bool first = true;

	if (term->compare != FILTER_COMPARE_DEFAULT && term->compare != FILTER_COMPARE_EQUAL)
		return;
	for (size_t i = 0; i < term->field_count; i++) {
		for (size_t j = 0; j < term->count; j++) {
			struct clauses other =
				clauses_of_address(&term->addresses[j], term->fields[i]);

			if (first)
				*clauses = other;
			else
				clauses_or(clauses, &other);
			first = false;
		}
	}
}

/* A negation is left away, which gives a superset. Depth is bounded by the parser. */
static void
clauses_of(const struct filter_node *node, struct clauses *clauses)
{
	const bool both = node->kind == FILTER_NODE_AND;

	*clauses = (struct clauses){.count = 0};
	if (node->kind == FILTER_NODE_TERM) {
		if (node->term->kind == FILTER_TERM_NUMBER)
			clauses_of_ports(node->term, clauses);
		else if (node->term->kind == FILTER_TERM_ADDRESS)
			clauses_of_addresses(node->term, clauses);
		return;
	}
	if (node->kind == FILTER_NODE_NOT)
		return;
	clauses_of(node->first, clauses);
	for (node = node->first->next; node != NULL; node = node->next) {
		struct clauses other;

		clauses_of(node, &other);
		if (both)
			clauses_and(clauses, &other);
		else
			clauses_or(clauses, &other);
	}
}

static uint32_t
subscription_states(uint32_t states)
{
	const uint32_t closed = UINT32_C(1) << TCP_STATE_CLOSED;
	const uint32_t unconnected = UINT32_C(1) << FILTER_STATE_UNCONNECTED;
	uint32_t subscription = states & ((UINT32_C(1) << TCP_STATE_COUNT) - 2);

	/* A UDP socket without a peer has the kernel's number of CLOSED. */
	if (states & (closed | unconnected))
		subscription |= UINT32_C(1) << SUBSCRIPTION_CLOSED;
	if (states & closed)
		subscription |= UINT32_C(1) << SUBSCRIPTION_BOUND_INACTIVE;
	return subscription;
}

static uint32_t
bound_or_all(const struct filter_node *root, enum aspect aspect)
{
	const uint32_t set = root != NULL ? bound_of(root, aspect).set : aspects[aspect].all;

	/* For a filter that nothing passes, asking for nothing would gain nothing. */
	return set ? set : aspects[aspect].all;
}

void
filter_pushdown(const struct filter *filter, struct message_subscription *subscription,
	struct subscription_condition *conditions)
{
	const struct filter_node *const root = filter != NULL ? filter->root : NULL;
	const uint32_t established = UINT32_C(1) << TCP_STATE_ESTABLISHED;
	const uint32_t unconnected = UINT32_C(1) << FILTER_STATE_UNCONNECTED;
	const uint32_t states = bound_or_all(root, ASPECT_STATE);
	uint32_t protocols = bound_or_all(root, ASPECT_PROTOCOL);
	struct clauses clauses = {.count = 0};

	/* UDP sockets have two states only, TCP sockets are never without one. */
	if (!(states & (established | unconnected)) && protocols != PROTOCOL_UDP)
		protocols = PROTOCOL_TCP;
	if (states == unconnected && protocols != PROTOCOL_TCP)
		protocols = PROTOCOL_UDP;
	if (root != NULL)
		clauses_of(root, &clauses);
	memcpy(conditions, clauses.items, clauses.count * sizeof *conditions);
	subscription->protocols = (uint8_t)protocols;
	subscription->families = (uint8_t)bound_or_all(root, ASPECT_FAMILY);
	subscription->states = subscription_states(states);
	subscription->conditions = (struct array){conditions, clauses.count};
}
