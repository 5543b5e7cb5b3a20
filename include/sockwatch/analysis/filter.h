/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter language (manual: FILTERS). A filter is parsed to a tree, matched against rows of a
 * field table, and turned into conditions of the dump request as far as the kernel can decide it.
 *
 *   field value         the field is that: a number, a range 8000-8999, a list 80,443, a network
 *                       10.0.0.0/8, a state or a group of states, a word (case is ignored)
 *   field op value      op is = != < <= > >= ~ !~; ~ is a POSIX extended regular expression, in
 *                       which case counts if it has a capital letter
 *   word                anything visible contains it, case ignored; quote what would be a field
 *   and or not ( )      also && || & | !; conditions side by side mean and
 *   "…" '…'             one value, whatever is in it; \n \t \r \xHH stand for bytes, and \ takes
 *                       any other character as it is
 *   sport ge 1001       the words of ss for operators: eq ne neq lt le leq gt ge geq; exclude STATE
 *
 * An unknown value fits no condition, not even !=; but "not (field = value)" is true for it. If
 * there are several values (the processes that hold a socket) one must fit; with != all must.
 * "port" and "addr" mean either side. "state closing" is the group of states of a connection that
 * is being closed; "state = closing" and "state CLOSING" are the one state CLOSING.
 */
#ifndef SOCKWATCH_ANALYSIS_FILTER_H
#define SOCKWATCH_ANALYSIS_FILTER_H

#include <stdbool.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/error.h>

struct filter;
struct message_subscription;
struct subscription_condition;

/* Empty or blank text gives a filter that matches all. NULL with a sentence and its position. */
struct filter *filter_parse(const char *text, const struct field_table *table, struct error *error);
void filter_free(struct filter *filter);

/*
 * visible: the fields whose text a bare word looks at (the columns shown). filter may be NULL:
 * true.
 */
bool filter_match(struct filter *filter, const struct field_context *context, const void *row,
	const struct field *const *visible, size_t visible_count);

/* enum need bits of the fields that it looks at; without those of `visible`, which a bare word
 * needs. */
uint32_t filter_needs(const struct filter *filter);

/*
 * Sets protocols, families, states and conditions of the subscription to the smallest superset of
 * the filter that the kernel can decide. conditions is room for SUBSCRIPTION_CONDITIONS_MAX;
 * subscription->conditions points into it.
 */
void filter_pushdown(const struct filter *filter, struct message_subscription *subscription,
	struct subscription_condition *conditions);

/*
 * Writes the text of the filter without the conditions that look at none but these fields, as far
 * as "and" joins them to the rest; "" when nothing is left. A text that does not parse stays.
 * False: it does not fit, or there is no memory; out is the text as it was then, as far as it fits.
 */
bool filter_text_without(const char *text, const struct field_table *table,
	const struct field *const *fields, size_t count, char *out, size_t size);
/*
 * The text ends in the middle of a word of the language ("stat", "state clo"), so that its author
 * has probably not said all: what it means by now (rows that contain "stat") is not what is meant.
 */
bool filter_is_partial(const char *text, const struct field_table *table);

/*
 * Calls on_word for each word that may stand at the end of text (fields, states, operators), in a
 * good order, with the whole word and the number of its bytes that are typed already.
 */
void filter_complete(const char *text, const struct field_table *table,
	void (*on_word)(void *context, const char *word, size_t typed), void *context);

/*
 * A text as one operand: as it is, or quoted, with an escape for each byte that a screen or a line
 * of a file would not hold. Returns its length; 0 with "": no room (4 bytes for each and 3 more).
 */
size_t filter_write_text(struct text text, char *out, size_t size);
/*
 * A condition that a row with this value of the field passes, such as `process "Web Content"`; word
 * names the field. Returns its length; 0 with "": the value is unknown, or there is no room.
 */
size_t filter_write(const char *word, const struct field *field,
	const struct field_context *context, const struct value *value, char *out, size_t size);

#endif
