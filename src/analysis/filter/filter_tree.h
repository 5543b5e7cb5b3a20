/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A parsed filter: a tree of nodes, whose leaves are terms (a field, an operator, an operand). */
#ifndef SOCKWATCH_ANALYSIS_FILTER_FILTER_TREE_H
#define SOCKWATCH_ANALYSIS_FILTER_FILTER_TREE_H

#include <regex.h>

#include <sockwatch/analysis/filter.h>

enum {
	FILTER_TEXT_MAX = 4096, /* bytes */
	FILTER_DEPTH_MAX = 64,  /* parentheses and nots within each other */
	FILTER_FIELDS_MAX = 4,  /* fields that one word stands for: port, addr */
	FILTER_CACHE_BITS = 10,
	FILTER_CACHE_SLOTS = 1 << FILTER_CACHE_BITS,
	FILTER_PATTERN_MAX = 1024, /* bytes of a regular expression */
};

enum filter_token_kind {
	FILTER_TOKEN_END,
	FILTER_TOKEN_WORD,
	FILTER_TOKEN_QUOTED,
	FILTER_TOKEN_OPEN,
	FILTER_TOKEN_CLOSE,
	FILTER_TOKEN_AND,
	FILTER_TOKEN_OR,
	FILTER_TOKEN_NOT,
	FILTER_TOKEN_COMPARE,
};

enum filter_compare {
	FILTER_COMPARE_DEFAULT, /* no operator: as the field's `match` says */
	FILTER_COMPARE_EQUAL,
	FILTER_COMPARE_UNEQUAL,
	FILTER_COMPARE_LESS,
	FILTER_COMPARE_AT_MOST,
	FILTER_COMPARE_GREATER,
	FILTER_COMPARE_AT_LEAST,
	FILTER_COMPARE_REGEX,
	FILTER_COMPARE_NOT_REGEX,
};

/* An order of values is asked for: one value stands on the right. */
static inline bool
filter_compare_is_order(enum filter_compare compare)
{
	return compare == FILTER_COMPARE_LESS || compare == FILTER_COMPARE_AT_MOST ||
	       compare == FILTER_COMPARE_GREATER || compare == FILTER_COMPARE_AT_LEAST;
}

struct filter_token {
	enum filter_token_kind kind;
	enum filter_compare compare; /* of FILTER_TOKEN_COMPARE */
	struct text text;            /* of words, without quotes */
	size_t at;                   /* byte where it begins */
	size_t end;                  /* byte after it */
};

struct filter_lexer {
	const char *text;
	size_t len;
	size_t at;
	char *scratch; /* room for len + 1 bytes of quoted text without its escapes */
	size_t used;
};

/* 0, or -EINVAL with a sentence (a quote that does not end). At the end FILTER_TOKEN_END. */
int filter_lex(struct filter_lexer *lexer, struct filter_token *token, struct error *error);
/* The same where a regular expression stands: parentheses in balance belong to it. */
int filter_lex_pattern(struct filter_lexer *lexer, struct filter_token *token, struct error *error);
/* A word as it may be quoted in an error sentence. Returns out. */
const char *filter_quote(struct text word, char *out, size_t size);

/* Verdicts on texts by their address: interned texts are few, rows are many. */
struct filter_cache {
	const char *keys[FILTER_CACHE_SLOTS];
	bool verdicts[FILTER_CACHE_SLOTS];
};

/* Verdicts of a bare word on numbers: many rows show 0. */
struct filter_numbers {
	struct {
		const struct field *field; /* NULL: free */
		uint64_t number;
		bool at_least, verdict;
	} slots[FILTER_CACHE_SLOTS];
};

enum filter_term_kind {
	FILTER_TERM_WORD,   /* a bare word */
	FILTER_TERM_NUMBER, /* number fields: ranges, or one number to compare with */
	FILTER_TERM_TEXT,
	FILTER_TERM_STATE,
	FILTER_TERM_BOOL,
	FILTER_TERM_ADDRESS, /* addresses, with or without port */
	FILTER_TERM_REGEX,
};

struct filter_range {
	double low, high; /* both belong to it */
	bool has_mask;    /* low is compared with these bits alone */
	uint32_t mask;
};

struct filter_address {
	bool has_prefix, has_port;
	struct address_prefix prefix;
	struct text zone; /* name or number of a link; empty: any */
	struct filter_range port;
};

/* A state that RFC 9293 does not have: a UDP socket without a peer. */
enum { FILTER_STATE_UNCONNECTED = TCP_STATE_COUNT, FILTER_STATE_COUNT };

struct filter_term {
	enum filter_term_kind kind;
	enum filter_compare compare;
	const struct field *fields[FILTER_FIELDS_MAX]; /* any of them */
	const struct field
		*ports[FILTER_FIELDS_MAX]; /* the ports that belong to addresses, or NULL */
	size_t field_count;
	/* The operand: as many of the kind's array as count says. */
	size_t count;
	struct filter_range *ranges;
	struct filter_address *addresses;
	struct text *texts;
	uint32_t states; /* bits 1 << state, FILTER_STATE_UNCONNECTED */
	bool truth;
	regex_t regex;
	bool has_regex;
	/* A bare word could be part of a number, of an address. */
	bool maybe_number, maybe_address;
	struct filter_cache *cache;
	struct filter_numbers *numbers;
	struct filter_term *next; /* all terms of the filter */
};

enum filter_node_kind {
	FILTER_NODE_TERM,
	FILTER_NODE_AND,
	FILTER_NODE_OR,
	FILTER_NODE_NOT,
};

struct filter_node {
	enum filter_node_kind kind;
	struct filter_node *first; /* children */
	struct filter_node *next;  /* sibling */
	struct filter_term *term;
	size_t at, end; /* its bytes in the text, with its parentheses; of AND and OR: 0 */
};

struct filter {
	char *text; /* what was parsed; terms point into it and into scratch */
	char *scratch;
	const struct field_table *table;
	struct filter_node *root; /* NULL: matches all */
	struct filter_term *terms;
	/* The texts that the caches know. */
	const struct intern *interned;
	uint32_t text_generation;
};

/* The filter has a bare word, so it looks at what is visible. */
bool filter_has_word(const struct filter *filter);
/* The filter looks at something that changes as time goes by. */
bool filter_ticks(const struct filter *filter);

/* The fields that a word names: "port" and "addr" name both sides. Returns how many. */
size_t filter_find_fields(
	const struct field_table *table, struct text word, const struct field **fields, size_t max);

/* The value that a term compares with. */
struct filter_operand {
	struct filter_token token;
	bool is_list; /* commas separate alternatives */
};

/*
 * Fills term->… from its fields, its operator and the operand. 0, or -EINVAL with a sentence,
 * -ENOMEM.
 */
int filter_term_set(struct filter_term *term, const struct field_table *table,
	const struct filter_operand *operand, struct error *error);
/* A bare word. */
int filter_term_set_word(struct filter_term *term, struct text word);
void filter_term_free(struct filter_term *term);

/* The parts of an operand, for filter_term_set. */
int filter_operand_ranges(
	struct filter_term *term, const struct filter_operand *operand, struct error *error);
int filter_operand_addresses(struct filter_term *term, const struct field_table *table,
	const struct filter_operand *operand, struct error *error);
int filter_operand_texts(
	struct filter_term *term, const struct filter_operand *operand, struct error *error);
int filter_operand_states(
	struct filter_term *term, const struct filter_operand *operand, struct error *error);

/* How many alternatives a list has at most: room for as many is enough. */
size_t filter_operand_count(const struct filter_operand *operand);
/* The next alternative of a list; false at the end. *at starts at 0 and is where it stood. */
bool filter_operand_next(
	const struct filter_operand *operand, size_t *next, struct text *item, size_t *at);

/* Bits of a state's name as shown, or 0. */
uint32_t filter_state_bit(struct text name);

/*
 * The verdict on a text, from the cache where the text is one that stays; `decide` gives it the
 * first time.
 */
bool filter_cache_ask(struct filter_term *term, const struct value *value,
	bool (*decide)(struct filter_term *term, const struct field *field, struct text text),
	const struct field *field);
/* The texts of the model have other addresses now: all verdicts are forgotten. */
void filter_cache_forget(struct filter *filter, const struct model *model);
/* Can the word be part of what the field shows? It spares asking for the value. */
bool filter_word_may_match(const struct filter_term *term, const struct field *field);
/* Does the value's text contain the word? Only of fields that may match. */
bool filter_word_match(struct filter_term *term, const struct field *field,
	const struct field_context *context, const struct value *value);

#endif
