/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a filter cut into tokens: words, quotations, signs. */
#include <config.h>

#include "filter_tree.h"

#include <errno.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char
peek(const struct filter_lexer *lexer, size_t ahead)
{
	return lexer->at + ahead < lexer->len ? lexer->text[lexer->at + ahead] : '\0';
}

static void
skip_blanks(struct filter_lexer *lexer)
{
	while (lexer->at < lexer->len && is_blank(lexer->text[lexer->at]))
		lexer->at++;
}

/* Longer signs come first. */
static const struct {
	const char *text;
	enum filter_token_kind kind;
	enum filter_compare compare;
} signs[] = {
	{"&&", FILTER_TOKEN_AND, FILTER_COMPARE_DEFAULT},
	{"||", FILTER_TOKEN_OR, FILTER_COMPARE_DEFAULT},
	{"!=", FILTER_TOKEN_COMPARE, FILTER_COMPARE_UNEQUAL},
	{"!~", FILTER_TOKEN_COMPARE, FILTER_COMPARE_NOT_REGEX},
	{"==", FILTER_TOKEN_COMPARE, FILTER_COMPARE_EQUAL},
	{"<=", FILTER_TOKEN_COMPARE, FILTER_COMPARE_AT_MOST},
	{">=", FILTER_TOKEN_COMPARE, FILTER_COMPARE_AT_LEAST},
	{"=", FILTER_TOKEN_COMPARE, FILTER_COMPARE_EQUAL},
	{"<", FILTER_TOKEN_COMPARE, FILTER_COMPARE_LESS},
	{">", FILTER_TOKEN_COMPARE, FILTER_COMPARE_GREATER},
	{"~", FILTER_TOKEN_COMPARE, FILTER_COMPARE_REGEX},
	{"(", FILTER_TOKEN_OPEN, FILTER_COMPARE_DEFAULT},
	{")", FILTER_TOKEN_CLOSE, FILTER_COMPARE_DEFAULT},
	{"!", FILTER_TOKEN_NOT, FILTER_COMPARE_DEFAULT},
};

/* The sign that stands here, or -1. "!" alone is a sign before a word, not within one. */
static int
sign_at(const struct filter_lexer *lexer, bool within)
{
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		const size_t len = strlen(signs[i].text);

		if (lexer->len - lexer->at < len ||
			memcmp(lexer->text + lexer->at, signs[i].text, len) != 0)
			continue;
		return within && signs[i].kind == FILTER_TOKEN_NOT ? -1 : (int)i;
	}
	return -1;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * What stands after a backslash: \n, \t, \r, \xHH for any byte; any other character is itself.
 * filter_write_text makes these.
 */
static int
lex_escape(struct filter_lexer *lexer, char *out, struct error *error)
{
	const char c = lexer->text[lexer->at++];

	switch (c) {
	case 'n': *out = '\n'; return 0;
	case 't': *out = '\t'; return 0;
	case 'r': *out = '\r'; return 0;
	case 'x':
		if (hex_digit(peek(lexer, 0)) < 0 || hex_digit(peek(lexer, 1)) < 0) {
			error_set_at(error, lexer->at - 2,
				"\\x takes two hexadecimal digits, as in \\x7f; \\\\ is a backslash");
			return -EINVAL;
		}
		*out = (char)(hex_digit(peek(lexer, 0)) << 4 | hex_digit(peek(lexer, 1)));
		lexer->at += 2;
		return 0;
	default: *out = c; return 0;
	}
}

/* "…" or '…' with escapes. */
static int
lex_quoted(struct filter_lexer *lexer, struct filter_token *token, struct error *error)
{
	const char quote = lexer->text[lexer->at++];
	char *const start = lexer->scratch + lexer->used;

	while (lexer->at < lexer->len && lexer->text[lexer->at] != quote) {
		char c = lexer->text[lexer->at++];

		if (c == '\\' && lexer->at < lexer->len && lex_escape(lexer, &c, error) != 0)
			return -EINVAL;
		lexer->scratch[lexer->used++] = c;
	}
	if (lexer->at == lexer->len) {
		error_set_at(error, token->at,
			"this quotation does not end: a closing %c is missing", quote);
		return -EINVAL;
	}
	lexer->at++;
	token->kind = FILTER_TOKEN_QUOTED;
	token->text = (struct text){start, (size_t)(lexer->scratch + lexer->used - start)};
	token->end = lexer->at;
	return 0;
}

static void
name_word(struct filter_token *token)
{
	token->kind = FILTER_TOKEN_WORD;
	if (text_equal_nocase(token->text, "and"))
		token->kind = FILTER_TOKEN_AND;
	else if (text_equal_nocase(token->text, "or"))
		token->kind = FILTER_TOKEN_OR;
	else if (text_equal_nocase(token->text, "not"))
		token->kind = FILTER_TOKEN_NOT;
}

static void
end_word(struct filter_lexer *lexer, struct filter_token *token)
{
	token->text = (struct text){lexer->text + token->at, lexer->at - token->at};
	token->end = lexer->at;
}

/* ss joins conditions by "&" and "|" as well. Within a word they are part of it: AT&T. */
static bool
is_single_join(const struct filter_lexer *lexer)
{
	const char after = peek(lexer, 1);

	return (peek(lexer, 0) == '&' || peek(lexer, 0) == '|') &&
	       (is_blank(after) || after == '(' || after == '\0');
}

int
filter_lex(struct filter_lexer *lexer, struct filter_token *token, struct error *error)
{
	int sign;

	skip_blanks(lexer);
	*token = (struct filter_token){.at = lexer->at, .end = lexer->at};
	if (lexer->at == lexer->len)
		return 0;
	if (peek(lexer, 0) == '"' || peek(lexer, 0) == '\'')
		return lex_quoted(lexer, token, error);
	if (is_single_join(lexer)) {
		token->kind = peek(lexer, 0) == '&' ? FILTER_TOKEN_AND : FILTER_TOKEN_OR;
		lexer->at++;
		end_word(lexer, token);
		return 0;
	}
	sign = sign_at(lexer, false);
	if (sign >= 0) {
		lexer->at += strlen(signs[sign].text);
		token->kind = signs[sign].kind;
		token->compare = signs[sign].compare;
		end_word(lexer, token);
		return 0;
	}
	while (lexer->at < lexer->len && !is_blank(peek(lexer, 0)) && peek(lexer, 0) != '"' &&
		sign_at(lexer, true) < 0)
		lexer->at++;
	end_word(lexer, token);
	name_word(token);
	return 0;
}

/*
 * "~ ^(post|my)" within "( … )": the expression ends at a blank or at a parenthesis that it did not
 * open.
 */
int
filter_lex_pattern(struct filter_lexer *lexer, struct filter_token *token, struct error *error)
{
	unsigned depth = 0;

	skip_blanks(lexer);
	*token = (struct filter_token){.at = lexer->at, .end = lexer->at};
	if (lexer->at == lexer->len)
		return 0;
	if (peek(lexer, 0) == '"' || peek(lexer, 0) == '\'')
		return lex_quoted(lexer, token, error);
	while (lexer->at < lexer->len && !is_blank(peek(lexer, 0))) {
		const char c = peek(lexer, 0);

		if (c == ')' && depth-- == 0)
			break;
		depth += c == '(';
		lexer->at += c == '\\' && peek(lexer, 1) && !is_blank(peek(lexer, 1)) ? 2 : 1;
	}
	end_word(lexer, token);
	token->kind = token->text.len ? FILTER_TOKEN_WORD : FILTER_TOKEN_CLOSE;
	return 0;
}

const char *
filter_quote(struct text word, char *out, size_t size)
{
	text_clean(word, out, size);
	text_truncate(out, 40, true);
	return out;
}
