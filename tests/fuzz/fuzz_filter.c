/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter language: any text is parsed or refused with a place within it; a filter that was
 * taken is matched, completed and pushed down, and the kernel must not keep back what it lets pass.
 */
#include <config.h>

#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/stream/message.h>

#include "../unit/pushdown.h"
#include "../unit/sockets.h"
#include "fuzz.h"

enum { INPUT_MAX = 8192, VISIBLE_MAX = 32, TEXT_MAX = 256 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static struct model *
make_model(void)
{
	struct model *const model = sockets_model();
	struct socket_row *row;

	for (int state = 1; state < TCP_STATE_COUNT; state++) {
		row = sockets_connection(model, (enum tcp_state)state, "10.1.2.3", 51022);
		sockets_tcp_info(row, 1000, 3);
		row->has |= SOCKET_HAS_KEEPALIVE | SOCKET_HAS_MEMORY;
		sockets_hold(model, row, 812, "nginx");
		row = sockets_add(model, IPPROTO_TCP, (enum tcp_state)state, "2001:db8::1", 80,
			"2001:db8::2", 22);
		row->uid = 33;
	}
	sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "::", 443, "::", 0);
	sockets_add(model, IPPROTO_UDP, TCP_STATE_CLOSED, "127.0.0.53", 53, "0.0.0.0", 0);
	sockets_name_user(model, 33, "www-data");
	return model;
}

static void
take_word(void *context, const char *word, size_t typed)
{
	require(typed <= strlen(word));
	++*(size_t *)context;
}

static void
check_matches(struct model *model, struct filter *filter, bool has_all)
{
	const struct field_context context = {.model = model};
	const struct field *visible[VISIBLE_MAX];
	struct subscription_condition conditions[SUBSCRIPTION_CONDITIONS_MAX];
	struct message_subscription subscription = {.needs = 0};
	int count = field_parse_list(
		&socket_fields, field_set_find("default"), visible, VISIBLE_MAX, NULL);

	/* Columns of every kind, which words are looked for in. */
	for (size_t i = 0; has_all && i < socket_fields.count; i++)
		visible[i % VISIBLE_MAX] = &socket_fields.fields[i];
	if (has_all)
		count = VISIBLE_MAX;

	filter_pushdown(filter, &subscription, conditions);
	require(subscription.protocols && subscription.families && subscription.states);
	require(subscription.conditions.count <= SUBSCRIPTION_CONDITIONS_MAX);
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);
		const bool passes = filter_match(filter, &context, row, visible, (size_t)count);

		require(passes == filter_match(filter, &context, row, visible, (size_t)count));
		require(!passes || pushdown_admits(&subscription, conditions, row));
	}
}

/* A text that is written as an operand is read as one. */
static void
check_written(const char *data, size_t len)
{
	char operand[4 * TEXT_MAX + 4], text[sizeof operand + 16];
	struct filter *filter;

	if (len == 0 || len > TEXT_MAX ||
		filter_write_text((struct text){data, len}, operand, sizeof operand) == 0)
		return;
	snprintf(text, sizeof text, "process = %s", operand);
	filter = filter_parse(text, &socket_fields, NULL);
	require(filter != NULL);
	filter_free(filter);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct model *model;
	struct error error = {.position = -2, .text = ""};
	struct filter *filter;
	char text[INPUT_MAX + 1];
	size_t words = 0;

	if (model == NULL)
		model = make_model();
	if (len > INPUT_MAX)
		len = INPUT_MAX;
	if (len)
		memcpy(text, data, len);
	text[len] = '\0';
	check_written((const char *)data, len);
	filter_complete(text, &socket_fields, take_word, &words);
	filter = filter_parse(text, &socket_fields, &error);
	if (filter != NULL) {
		check_matches(model, filter, len % 2 != 0);
		filter_free(filter);
	} else {
		require(error.text[0] && error.position >= -1 &&
			error.position <= (int)strlen(text));
	}
	return 0;
}
