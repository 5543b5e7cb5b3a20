/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields: one table row for each attribute of a thing that is shown. Columns, sort, filter words,
 * JSON keys, CSV headings, the column picker and the manual's table all come from it. A getter
 * returns a typed value or "unknown"; unknown is never 0 or -1.
 */
#ifndef SOCKWATCH_ANALYSIS_FIELD_H
#define SOCKWATCH_ANALYSIS_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/model.h>

struct doctor;

enum value_kind {
	VALUE_UNKNOWN,
	VALUE_UNSIGNED,
	VALUE_REAL,
	VALUE_BOOL,
	VALUE_TEXT, /* from outside: not yet clean */
	VALUE_ADDRESS,
	VALUE_TEXTS,    /* a short list of words */
	VALUE_OWNERS,   /* processes that hold a socket */
	VALUE_ENDPOINT, /* address and port together: a column, never a JSON key of its own */
	VALUE_FIGURES,  /* figures by name: an object in JSON */
};

enum { FIGURE_TEXT_SIZE = 96, VALUE_TEXTS_MAX = 8, VALUE_SCRATCH = 320, VALUE_HAS_US = 1 << 20 };

/* A number, or a text, with its name. */
struct figure {
	const char *name; /* "half_open": a JSON key */
	enum unit unit;
	double number;
	char text[FIGURE_TEXT_SIZE]; /* clean; in place of the number where it is not "" */
};

/* Do not copy a value: its text may point into its own scratch. */
struct value {
	enum value_kind kind;
	bool at_least;   /* the number is a lower bound: shown as ">4m" */
	uint32_t second; /* orders equal values: pid after a name, VALUE_HAS_US | microseconds */
	union {
		uint64_t number;
		double real;
		bool truth;
		struct text text;
		struct address_scoped address;
		struct {
			const char *items[VALUE_TEXTS_MAX];
			size_t count;
		} texts;
		const struct owner *owners;
		struct {
			const struct figure *items;
			size_t count;
		} figures;
		struct {
			struct address_scoped address; /* its zone is shown */
			struct text
				name;  /* of the host, not clean; shown in place of the address */
			uint16_t port; /* 0: any, "*", but for: */
			bool is_exact; /* of a packet: port 0 is "0" */
			bool star;     /* the unspecified address is shown as "*" */
		} endpoint;
	};
	char scratch[VALUE_SCRATCH]; /* where a getter composes a text */
};

/* The surroundings that a getter may look at besides the row. */
struct field_context {
	const struct model *model;
	const struct doctor *doctor; /* whose findings rows belong to, or NULL */
	bool numeric; /* addresses instead of names of hosts; services and users keep their names */
};

enum field_flag {
	FIELD_COLUMN = 1 << 0,    /* may be a column */
	FIELD_REPORT = 1 << 1,    /* a key of JSON and CSV */
	FIELD_SUM = 1 << 2,       /* a group shows the sum */
	FIELD_RIGHT = 1 << 3,     /* right-aligned */
	FIELD_TICKS = 1 << 4,     /* changes as time goes by */
	FIELD_STRETCH = 1 << 5,   /* takes the room that is left */
	FIELD_GROUP = 1 << 6,     /* offered in the group menu */
	FIELD_PORT = 1 << 7,      /* a port: services by name mean it too */
	FIELD_ESSENTIAL = 1 << 8, /* tells rows apart: a column that stays when room is short */
	FIELD_BITS = 1 << 9,      /* bits: a filter may say which count, "0x1/0xff" */
};

/* The part of a row that the field is, where filters or the screen treat it in its own way. */
enum field_meaning {
	FIELD_MEANING_NONE,
	FIELD_MEANING_PROTOCOL,
	FIELD_MEANING_FAMILY,
	FIELD_MEANING_STATE,     /* of TCP: has groups of states, and colours */
	FIELD_MEANING_LOCAL,     /* the address, the port, or both */
	FIELD_MEANING_REMOTE,    /* the same */
	FIELD_MEANING_HOST_NAME, /* looked up in the DNS where it is shown */
	FIELD_MEANING_TROUBLE,   /* the worst first; then by process, then by local port */
};

/* How a filter compares a word that follows the field without an operator. */
enum field_match {
	FIELD_MATCH_EQUAL,
	FIELD_MATCH_PART,   /* contains it */
	FIELD_MATCH_PATH,   /* equals it, or a component of the path does */
	FIELD_MATCH_PREFIX, /* begins with it: hexadecimal ids */
};

struct field {
	const char *name;  /* filter word, JSON key, --fields word */
	const char *alias; /* more filter words, separated by spaces, or NULL */
	const char *title; /* column heading */
	const char *help;  /* one line, with the source (a tcp_info member, a kernel file) */
	enum value_kind kind;
	enum unit unit;
	uint8_t width;     /* columns that it wants */
	bool descending;   /* default sort direction */
	uint16_t flags;    /* enum field_flag */
	uint32_t needs;    /* enum need */
	int argument;      /* for the getter */
	uint8_t match;     /* enum field_match */
	uint8_t meaning;   /* enum field_meaning */
	const char *words; /* the values that there are, separated by spaces; NULL: any */
	const char *order; /* name of the field that orders rows in its stead, or NULL */
	const char *none;  /* what a group without a value is called; NULL: "(unknown)" */
	const char *port;  /* of an address: name of the field with its port, or NULL */
	void (*get)(const struct field *field, const struct field_context *context, const void *row,
		struct value *value);
	/*
	 * Gives the next value where a row may have several (the processes that hold a socket) and
	 * a filter looks at each; false at the end. *position starts at 0. NULL: there is only one.
	 */
	bool (*next)(const struct field *field, const struct field_context *context,
		const void *row, uint32_t *position, struct value *value);
};

struct field_table {
	const char *row_name; /* "socket" */
	const struct field *fields;
	size_t count;
	uint32_t base_needs;
};

/* The fields of struct socket_row. */
extern const struct field_table socket_fields;

/* By name, alias, or name without its unit ("rtt" for rtt_us); case ignored. NULL: none. */
const struct field *field_find(const struct field_table *table, const char *word, size_t len);
/*
 * A field that the table has, for code that draws: found by its name the first time, kept in *found
 * for the next.
 */
static inline const struct field *
field_keep(const struct field_table *table, const char *name, const struct field **found)
{
	if (*found == NULL)
		*found = field_find(table, name, strlen(name));
	return *found;
}
/* The nearest name to a misspelt word, for "did you mean", or NULL. */
const char *field_suggest(const struct field_table *table, const char *word, size_t len);

/* What stands for a group whose rows have no value, as a text for a person. */
static inline const char *
field_none(const struct field *field)
{
	return field != NULL && field->none != NULL ? field->none : "(unknown)";
}

static inline void
field_get(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	field->get(field, context, row, value);
}

/*
 * Text of the value for a person: short with units where `unit` says so, cleaned; "" when unknown.
 * columns: 0 for no limit (full addresses), else addresses and texts are made to fit. Returns its
 * length in bytes.
 */
size_t field_format(const struct field *field, const struct field_context *context,
	const struct value *value, size_t columns, char *out, size_t size);

/*
 * The value in full, as reports and regular expressions see it: plain decimal numbers, whole
 * addresses, lists separated by commas. Not cleaned. "" when unknown. Returns the length.
 */
size_t value_format(
	const struct field_context *context, const struct value *value, char *out, size_t size);

/*
 * "state,local,remote" to fields; at most max. Returns how many, or -EINVAL with a sentence that
 * names the word (and its position).
 */
int field_parse_list(const struct field_table *table, const char *list, const struct field **fields,
	size_t max, struct error *error);

/* A named choice of columns. */
struct field_set {
	const char *name; /* "default", "listeners", "health", "traffic", "owners", "list" */
	const char *help;
	const char *fields; /* for field_parse_list */
};
extern const struct field_set socket_field_sets[];
extern const size_t socket_field_set_count;
/* The set's list of fields, or NULL. */
const char *field_set_find(const char *name);

#endif
