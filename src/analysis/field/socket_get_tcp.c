/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Getters: members of struct tcp_info. For a listener the kernel fills none of them (tcp_get_info
 * returns early), so all are unknown there.
 */
#include <config.h>

#include "socket_getters.h"

#include <sockwatch/analysis/socket_age.h>

#include "value.h"

static bool
get_info(const struct socket_row *row, enum tcp_info_member member, uint64_t *number)
{
	return row->state != TCP_STATE_LISTEN && tcp_info_get(&row->tcp, member, number);
}

void
socket_get_tcp_info(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	uint64_t number;

	(void)context;
	if (get_info(data, (enum tcp_info_member)field->argument, &number))
		value_set_unsigned(value, number);
	else
		value_set_unknown(value);
}

/* Milliseconds since something happened: what the kernel reported, and the time since then. */
void
socket_get_tcp_past(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	uint64_t number;

	if (socket_has_past(row) && get_info(row, (enum tcp_info_member)field->argument, &number))
		value_set_unsigned(value, number + socket_elapsed_ms(context, row, row->seen_ms));
	else
		value_set_unknown(value);
}

void
socket_get_idle(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	uint64_t idle_ms;

	(void)field;
	if (socket_idle_ms(context->model, data, &idle_ms))
		value_set_unsigned(value, idle_ms);
	else
		value_set_unknown(value);
}

void
socket_get_app_limited(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	uint64_t bits;

	(void)field;
	(void)context;
	if (get_info(data, TCP_INFO_app_limited, &bits))
		value_set_bool(value, bits & 1);
	else
		value_set_unknown(value);
}

void
socket_get_options(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	/* TCPI_OPT_* of include/uapi/linux/tcp.h; 16 (a mark was seen) says no more than 8. */
	static const struct {
		unsigned bit;
		const char *name;
	} options[] = {{1, "ts"}, {2, "sack"}, {4, "wscale"}, {8, "ecn"}, {32, "fastopen"}};
	uint64_t bits;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (!get_info(data, TCP_INFO_options, &bits))
		return;
	value->kind = VALUE_TEXTS;
	value->texts.count = 0;
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (bits & options[i].bit)
			value->texts.items[value->texts.count++] = options[i].name;
	}
}

/* tcpi_snd_wscale and tcpi_rcv_wscale share a byte; the byte order decides on the halves. */
void
socket_get_wscale(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	uint64_t bits, options;
	unsigned low, high;

	(void)field;
	(void)context;
	if (!get_info(data, TCP_INFO_wscale, &bits) ||
		!get_info(data, TCP_INFO_options, &options) || !(options & 4)) {
		value_set_unknown(value);
		return;
	}
	low = (unsigned)bits & 15;
	high = (unsigned)bits >> 4 & 15;
	value_set_composed(value, "%u,%u", little ? low : high, little ? high : low);
}

void
socket_get_ca_state(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	static const char *const names[] = {"open", "disorder", "cwr", "recovery", "loss"};
	uint64_t state;

	(void)field;
	(void)context;
	if (get_info(data, TCP_INFO_ca_state, &state) && state < sizeof names / sizeof names[0])
		value_set_text(value, text_of(names[state]));
	else
		value_set_unknown(value);
}
