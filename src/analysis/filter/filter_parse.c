/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of filters, by recursive descent of bounded depth:
 *
 *	either  = both { ( "or" | "||" ) both }
 *	both    = negated { [ "and" | "&&" ] negated }
 *	negated = { "not" | "!" } ( "(" either ")" | term )
 *	term    = field operator operand | field operand | field (yes or no) | word
 *	        | "exclude" state
 *
 * An operator is a sign or the word that ss has for it (ge, eq …), where an operand follows.
 */
#include <config.h>

#include "filter_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/word.h>

struct parser {
	struct filter *filter;
	struct filter_lexer lexer;
	struct filter_token token; /* the next one */
	size_t taken;              /* byte after the token before it */
	struct error *error;
	int result; /* first failure */
	unsigned depth;
};

static struct filter_node *parse_either(struct parser *parser);

static void
fail(struct parser *parser, int result)
{
	if (!parser->result)
		parser->result = result;
	/* Nothing more is read. */
	parser->token = (struct filter_token){.at = parser->lexer.len};
	parser->lexer.at = parser->lexer.len;
}

static void
advance(struct parser *parser)
{
	const size_t end = parser->token.end;
	const int result = filter_lex(&parser->lexer, &parser->token, parser->error);

	parser->taken = end;
	if (result)
		fail(parser, result);
}

static struct filter_node *
make_node(struct parser *parser, enum filter_node_kind kind, struct filter_node *first)
{
	struct filter_node *const node = calloc(1, sizeof *node);

	if (node == NULL) {
		error_set(parser->error, "no memory is left for the filter");
		fail(parser, -ENOMEM);
		return NULL;
	}
	node->kind = kind;
	node->first = first;
	return node;
}

/* A term belongs to the filter from the moment it is made. */
static struct filter_term *
make_term(struct parser *parser)
{
	struct filter_term *const term = calloc(1, sizeof *term);

	if (term == NULL) {
		error_set(parser->error, "no memory is left for the filter");
		fail(parser, -ENOMEM);
		return NULL;
	}
	term->next = parser->filter->terms;
	parser->filter->terms = term;
	return term;
}

static struct filter_node *
finish_term(struct parser *parser, struct filter_term *term, int result)
{
	struct filter_node *node;

	if (result) {
		if (result == -ENOMEM)
			error_set(parser->error, "no memory is left for the filter");
		fail(parser, result);
		return NULL;
	}
	node = make_node(parser, FILTER_NODE_TERM, NULL);
	if (node != NULL)
		node->term = term;
	return node;
}

static bool
is_operand(const struct filter_token *token)
{
	return token->kind == FILTER_TOKEN_WORD || token->kind == FILTER_TOKEN_QUOTED;
}

/* "80, 443": a list goes on after a blank when the comma stands before it. */
static void
take_operand(struct parser *parser, struct filter_operand *operand)
{
	operand->token = parser->token;
	operand->is_list = parser->token.kind == FILTER_TOKEN_WORD;
	advance(parser);
	while (operand->is_list && operand->token.text.len &&
		operand->token.text.data[operand->token.text.len - 1] == ',' &&
		parser->token.kind == FILTER_TOKEN_WORD) {
		operand->token.end = parser->token.end;
		operand->token.text.len = parser->token.end - operand->token.at;
		advance(parser);
	}
}

static bool
is_truth_word(const struct filter_token *token)
{
	bool truth;

	return word_parse_yes_no(token->text, &truth) == 0;
}

/* ssfilter.y of iproute2. */
static const struct {
	const char *word;
	enum filter_compare compare;
} operator_words[] = {
	{"eq", FILTER_COMPARE_EQUAL},
	{"ne", FILTER_COMPARE_UNEQUAL},
	{"neq", FILTER_COMPARE_UNEQUAL},
	{"lt", FILTER_COMPARE_LESS},
	{"le", FILTER_COMPARE_AT_MOST},
	{"leq", FILTER_COMPARE_AT_MOST},
	{"gt", FILTER_COMPARE_GREATER},
	{"ge", FILTER_COMPARE_AT_LEAST},
	{"geq", FILTER_COMPARE_AT_LEAST},
};

/* "process ge" looks for the process ge: an operator has an operand after it. */
static void
name_operator(struct parser *parser)
{
	struct filter_lexer ahead = parser->lexer;
	struct filter_token next;

	if (parser->token.kind != FILTER_TOKEN_WORD || filter_lex(&ahead, &next, NULL) != 0 ||
		!is_operand(&next))
		return;
	for (size_t i = 0; i < sizeof operator_words / sizeof operator_words[0]; i++) {
		if (!text_equal_nocase(parser->token.text, operator_words[i].word))
			continue;
		parser->token.kind = FILTER_TOKEN_COMPARE;
		parser->token.compare = operator_words[i].compare;
	}
}

static struct filter_node *
field_term(struct parser *parser, struct filter_term *term, const struct filter_token *name)
{
	struct filter_operand operand = {.is_list = false};
	const bool truth = term->fields[0]->kind == VALUE_BOOL;
	char word[64];

	name_operator(parser);
	if (parser->token.kind == FILTER_TOKEN_COMPARE) {
		term->compare = parser->token.compare;
		if (term->compare == FILTER_COMPARE_REGEX ||
			term->compare == FILTER_COMPARE_NOT_REGEX) {
			const int result =
				filter_lex_pattern(&parser->lexer, &parser->token, parser->error);

			if (result)
				fail(parser, result);
		} else {
			advance(parser);
		}
	} else if (truth && (!is_operand(&parser->token) || !is_truth_word(&parser->token))) {
		operand.token = (struct filter_token){.kind = FILTER_TOKEN_WORD,
			.text = {"yes", 3},
			.at = name->at,
			.end = name->end};
		return finish_term(parser, term,
			filter_term_set(term, parser->filter->table, &operand, parser->error));
	}
	if (parser->result)
		return NULL;
	if (!is_operand(&parser->token)) {
		error_set_at(parser->error, parser->token.at,
			"a value for \"%s\" is missing here; to look for the word itself, quote it",
			filter_quote(name->text, word, sizeof word));
		fail(parser, -EINVAL);
		return NULL;
	}
	take_operand(parser, &operand);
	if (parser->result)
		return NULL;
	return finish_term(parser, term,
		filter_term_set(term, parser->filter->table, &operand, parser->error));
}

static struct filter_node *
unknown_field(struct parser *parser, const struct filter_token *name)
{
	const char *const nearest =
		field_suggest(parser->filter->table, name->text.data, name->text.len);
	char word[64];

	filter_quote(name->text, word, sizeof word);
	if (nearest != NULL)
		error_set_at(parser->error, name->at,
			"there is no field \"%s\"; did you mean \"%s\"?", word, nearest);
	else
		error_set_at(parser->error, name->at,
			"there is no field \"%s\"; the manual page lists them under FIELDS", word);
	fail(parser, -EINVAL);
	return NULL;
}

/* "exclude time-wait", as ss has it; without a state behind it, a word. */
static bool
is_exclusion(const struct parser *parser, const struct filter_token *name)
{
	const struct field *const state = field_find(parser->filter->table, "state", 5);

	return state != NULL && state->meaning == FIELD_MEANING_STATE &&
	       name->kind == FILTER_TOKEN_WORD && text_equal_nocase(name->text, "exclude") &&
	       parser->token.kind == FILTER_TOKEN_WORD &&
	       tcp_state_parse(parser->token.text.data, parser->token.text.len) != 0;
}

/*
 * A word of ss that would match no row as a mere word. The kernel tests it in its own dump, but
 * reports it of no socket.
 */
static bool
is_untestable(const struct parser *parser, const struct filter_token *name)
{
	return parser->filter->table == &socket_fields && name->kind == FILTER_TOKEN_WORD &&
	       text_equal_nocase(name->text, "autobound");
}

static struct filter_node *
refuse_untestable(struct parser *parser, const struct filter_token *name)
{
	error_set_at(parser->error, name->at,
		"\"autobound\" cannot be tested: the kernel does not report whether it chose the port; use its range, as in lport 32768-60999, or quote the word to look for it");
	fail(parser, -EINVAL);
	return NULL;
}

static struct filter_node *
parse_term(struct parser *parser)
{
	struct filter_token name = parser->token;
	struct filter_term *const term = make_term(parser);

	if (term == NULL)
		return NULL;
	advance(parser);
	if (parser->result)
		return NULL;
	if (is_untestable(parser, &name))
		return refuse_untestable(parser, &name);
	if (is_exclusion(parser, &name)) {
		term->field_count = filter_find_fields(
			parser->filter->table, text_of("state"), term->fields, FILTER_FIELDS_MAX);
		return make_node(parser, FILTER_NODE_NOT, field_term(parser, term, &name));
	}
	if (name.kind == FILTER_TOKEN_WORD)
		term->field_count = filter_find_fields(
			parser->filter->table, name.text, term->fields, FILTER_FIELDS_MAX);
	if (term->field_count)
		return field_term(parser, term, &name);
	if (parser->token.kind == FILTER_TOKEN_COMPARE)
		return unknown_field(parser, &name);
	return finish_term(parser, term, filter_term_set_word(term, name.text));
}

static struct filter_node *
parse_parentheses(struct parser *parser)
{
	const size_t open = parser->token.at;
	struct filter_node *node;

	advance(parser);
	node = parse_either(parser);
	if (parser->result)
		return node;
	if (parser->token.kind != FILTER_TOKEN_CLOSE) {
		error_set_at(parser->error, open, "this parenthesis is not closed");
		fail(parser, -EINVAL);
		return node;
	}
	advance(parser);
	return node;
}

static void
expected_term(struct parser *parser)
{
	const struct filter_token *const token = &parser->token;

	if (parser->result)
		return;
	if (token->kind == FILTER_TOKEN_END)
		error_set_at(parser->error, token->at,
			"the filter ends where a condition should stand, as in state close-wait");
	else if (token->kind == FILTER_TOKEN_CLOSE)
		error_set_at(parser->error, token->at,
			"a condition should stand before this parenthesis");
	else
		error_set_at(parser->error, token->at,
			"a condition should stand here, as in state close-wait or rtt > 100ms");
	fail(parser, -EINVAL);
}

static struct filter_node *
parse_negated(struct parser *parser)
{
	struct filter_node *node = NULL, *inner;
	const size_t at = parser->token.at;

	if (parser->depth == FILTER_DEPTH_MAX) {
		error_set_at(parser->error, parser->token.at,
			"more than %d parentheses and nots within each other", FILTER_DEPTH_MAX);
		fail(parser, -EINVAL);
		return NULL;
	}
	parser->depth++;
	if (parser->token.kind == FILTER_TOKEN_NOT) {
		advance(parser);
		inner = parse_negated(parser);
		node = make_node(parser, FILTER_NODE_NOT, inner);
		if (node == NULL)
			node = inner;
	} else if (parser->token.kind == FILTER_TOKEN_OPEN) {
		node = parse_parentheses(parser);
	} else if (is_operand(&parser->token)) {
		node = parse_term(parser);
	} else {
		expected_term(parser);
	}
	parser->depth--;
	if (node != NULL) {
		node->at = at;
		node->end = parser->taken;
	}
	return node;
}

/* "a and b and c" is one node with three children: only parentheses add depth. */
static struct filter_node *
join(struct parser *parser, enum filter_node_kind kind, struct filter_node *first,
	struct filter_node ***end)
{
	struct filter_node *node = first;

	if (*end == NULL) {
		node = make_node(parser, kind, first);
		if (node == NULL)
			return first;
		*end = &first->next;
	}
	return node;
}

static bool
starts_condition(const struct filter_token *token)
{
	return is_operand(token) || token->kind == FILTER_TOKEN_OPEN ||
	       token->kind == FILTER_TOKEN_NOT;
}

static struct filter_node *
parse_both(struct parser *parser)
{
	struct filter_node *node = parse_negated(parser), **end = NULL;

	while (!parser->result &&
		(parser->token.kind == FILTER_TOKEN_AND || starts_condition(&parser->token))) {
		if (parser->token.kind == FILTER_TOKEN_AND)
			advance(parser);
		node = join(parser, FILTER_NODE_AND, node, &end);
		if (end == NULL)
			break;
		*end = parse_negated(parser);
		if (*end != NULL)
			end = &(*end)->next;
	}
	return node;
}

static struct filter_node *
parse_either(struct parser *parser)
{
	struct filter_node *node = parse_both(parser), **end = NULL;

	while (!parser->result && parser->token.kind == FILTER_TOKEN_OR) {
		advance(parser);
		node = join(parser, FILTER_NODE_OR, node, &end);
		if (end == NULL)
			break;
		*end = parse_both(parser);
		if (*end != NULL)
			end = &(*end)->next;
	}
	return node;
}

static void
parse_all(struct parser *parser)
{
	advance(parser);
	if (parser->result || parser->token.kind == FILTER_TOKEN_END)
		return;
	parser->filter->root = parse_either(parser);
	if (parser->result || parser->token.kind == FILTER_TOKEN_END)
		return;
	if (parser->token.kind == FILTER_TOKEN_CLOSE)
		error_set_at(parser->error, parser->token.at,
			"no parenthesis was opened before this one");
	else
		error_set_at(parser->error, parser->token.at,
			"a field should stand before this operator, as in rtt > 100ms");
	fail(parser, -EINVAL);
}

struct filter *
filter_parse(const char *text, const struct field_table *table, struct error *error)
{
	const size_t len = strnlen(text, FILTER_TEXT_MAX + 1);
	struct parser parser = {.error = error};
	struct filter *filter;

	if (len > FILTER_TEXT_MAX) {
		error_set_at(error, FILTER_TEXT_MAX, "a filter is at most %d bytes long",
			FILTER_TEXT_MAX);
		return NULL;
	}
	filter = calloc(1, sizeof *filter);
	if (filter != NULL) {
		filter->table = table;
		filter->text = strdup(text);
		filter->scratch = malloc(len + 1);
	}
	if (filter == NULL || filter->text == NULL || filter->scratch == NULL) {
		error_set(error, "no memory is left for the filter");
		filter_free(filter);
		return NULL;
	}
	parser.filter = filter;
	parser.lexer =
		(struct filter_lexer){.text = filter->text, .len = len, .scratch = filter->scratch};
	parse_all(&parser);
	if (parser.result) {
		filter_free(filter);
		return NULL;
	}
	return filter;
}
