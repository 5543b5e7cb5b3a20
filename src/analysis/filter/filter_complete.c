/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words that may stand at the end of a filter that is being typed. The text is read token by
 * token; the kind of the next word follows from the one before. The last token counts as unfinished
 * when it touches the end.
 */
#include <config.h>

#include "filter_tree.h"

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/word.h>

enum expectation {
	EXPECT_CONDITION, /* a field, a word, not */
	EXPECT_OPERATOR,  /* after a field: an operator or a value */
	EXPECT_VALUE,
	EXPECT_JOIN, /* after a condition: and, or, or another condition */
};

struct completion {
	const struct field_table *table;
	enum expectation expect;
	const struct field *field; /* of EXPECT_OPERATOR and EXPECT_VALUE */
	struct text typed;
	void (*on_word)(void *context, const char *word, size_t typed);
	void *context;
};

static char
plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c == '_' ? '-' : c;
}

static void
offer(const struct completion *completion, const char *word)
{
	for (size_t i = 0; i < completion->typed.len; i++) {
		if (!word[i] || plain(word[i]) != plain(completion->typed.data[i]))
			return;
	}
	completion->on_word(completion->context, word, completion->typed.len);
}

static void
offer_all(const struct completion *completion, const char *const *words)
{
	for (; *words != NULL; words++)
		offer(completion, *words);
}

static void
offer_list(const struct completion *completion, const char *words)
{
	struct text next;
	char word[32];

	while (word_next(&words, &next)) {
		if (next.len < sizeof word) {
			memcpy(word, next.data, next.len);
			word[next.len] = '\0';
			offer(completion, word);
		}
	}
}

static void
offer_values(const struct completion *completion)
{
	static const char *const truths[] = {"yes", "no", NULL};
	const struct field *const field = completion->field;

	if (field->meaning == FIELD_MEANING_STATE) {
		for (size_t i = 0; tcp_state_word(i) != NULL; i++)
			offer(completion, tcp_state_word(i));
		offer(completion, "unconn");
	} else if (field->kind == VALUE_BOOL) {
		offer_all(completion, truths);
	} else {
		offer_list(completion, field->words);
	}
}

static void
offer_operators(const struct completion *completion)
{
	static const char *const numbers[] = {">", "<", ">=", "<=", "=", "!=", NULL};
	static const char *const texts[] = {"~", "=", "!=", "!~", NULL};
	const bool number =
		completion->field->kind == VALUE_UNSIGNED || completion->field->kind == VALUE_REAL;

	if (!completion->typed.len)
		offer_all(completion, number ? numbers : texts);
}

static void
offer_fields(const struct completion *completion)
{
	static const char *const words[] = {"not", "port", "addr", NULL};

	for (size_t i = 0; i < completion->table->count; i++)
		offer(completion, completion->table->fields[i].name);
	offer_all(completion, words);
}

static void
offer_words(const struct completion *completion)
{
	static const char *const joins[] = {"and", "or", NULL};

	switch (completion->expect) {
	case EXPECT_CONDITION: offer_fields(completion); break;
	case EXPECT_OPERATOR:
		offer_values(completion);
		offer_operators(completion);
		break;
	case EXPECT_VALUE: offer_values(completion); break;
	case EXPECT_JOIN:
		offer_all(completion, joins);
		offer_fields(completion);
		break;
	}
}

static void
take_word(struct completion *completion, const struct filter_token *token)
{
	const struct field *fields[FILTER_FIELDS_MAX];

	if (completion->expect == EXPECT_OPERATOR || completion->expect == EXPECT_VALUE) {
		completion->expect = EXPECT_JOIN;
		return;
	}
	completion->expect = EXPECT_JOIN;
	if (token->kind == FILTER_TOKEN_WORD &&
		filter_find_fields(completion->table, token->text, fields, FILTER_FIELDS_MAX)) {
		completion->field = fields[0];
		completion->expect = EXPECT_OPERATOR;
	}
}

static void
take_token(struct completion *completion, const struct filter_token *token)
{
	switch (token->kind) {
	case FILTER_TOKEN_END: break;
	case FILTER_TOKEN_WORD:
	case FILTER_TOKEN_QUOTED: take_word(completion, token); break;
	case FILTER_TOKEN_OPEN:
	case FILTER_TOKEN_AND:
	case FILTER_TOKEN_OR:
	case FILTER_TOKEN_NOT: completion->expect = EXPECT_CONDITION; break;
	case FILTER_TOKEN_CLOSE: completion->expect = EXPECT_JOIN; break;
	case FILTER_TOKEN_COMPARE:
		if (completion->expect == EXPECT_OPERATOR)
			completion->expect = EXPECT_VALUE;
		break;
	}
}

static bool
is_unfinished(const struct filter_token *token, size_t len)
{
	return token->end == len &&
	       (token->kind == FILTER_TOKEN_WORD || token->kind == FILTER_TOKEN_AND ||
		       token->kind == FILTER_TOKEN_OR || token->kind == FILTER_TOKEN_NOT) &&
	       token->text.len && token->text.data[0] != '&' && token->text.data[0] != '|' &&
	       token->text.data[0] != '!';
}

/* The part of a list after its last comma. */
static struct text
last_item(struct text word)
{
	for (size_t i = word.len; i > 0; i--) {
		if (word.data[i - 1] == ',')
			return (struct text){word.data + i, word.len - i};
	}
	return word;
}

void
filter_complete(const char *text, const struct field_table *table,
	void (*on_word)(void *context, const char *word, size_t typed), void *context)
{
	struct completion completion = {
		.table = table,
		.on_word = on_word,
		.context = context,
		.typed = {"", 0},
	};
	struct filter_lexer lexer = {.text = text, .len = strnlen(text, FILTER_TEXT_MAX)};
	struct filter_token token;

	lexer.scratch = malloc(lexer.len + 1);
	if (lexer.scratch == NULL)
		return;
	while (!filter_lex(&lexer, &token, NULL)) {
		if (token.kind == FILTER_TOKEN_END) {
			offer_words(&completion);
			break;
		}
		if (is_unfinished(&token, lexer.len)) {
			const bool value = completion.expect == EXPECT_OPERATOR ||
					   completion.expect == EXPECT_VALUE;

			completion.typed = value ? last_item(token.text) : token.text;
			offer_words(&completion);
			break;
		}
		take_token(&completion, &token);
	}
	free(lexer.scratch);
}
