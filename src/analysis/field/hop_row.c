/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hop as a row: its names and labels made clean, the remark on it, and its cells as text. */
#include <config.h>

#include <sockwatch/analysis/hop_row.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/base/text.h>

#include "hop_getters.h"

void
hop_row_fill(struct hop_row *row, const struct path *path, const struct hop *hop,
	const char *(*name)(void *context, const struct address *address), void *context)
{
	memset(row, 0, sizeof *row);
	row->path = path;
	row->hop = hop;
	address_format(&path->start.target, row->target, sizeof row->target);
	for (unsigned i = 0; i < hop->address_count; i++) {
		const struct address *const address = &hop->addresses[i].address;
		const char *const found = name == NULL ? NULL : name(context, address);
		address_format(address, row->addresses[i], sizeof row->addresses[i]);
		if (found != NULL)
			text_clean(text_of(found), row->names[i], sizeof row->names[i]);
	}
	for (unsigned i = 0; i < hop->label_count; i++) {
		const struct hop_label *const label = &hop->labels[i];
		snprintf(row->labels[i], sizeof row->labels[i], "label=%u tc=%u s=%u ttl=%u",
			(unsigned)label->label, (unsigned)label->traffic_class,
			(unsigned)label->bottom, (unsigned)label->ttl);
	}
}

bool
hop_row_is_beyond(const struct path *path, const struct hop *hop)
{
	const unsigned last = path->hop_count >= path->start.first_ttl ? path->hop_count
								       : path->start.first_ttl - 1U;

	return !path->ended && hop->ttl == last + 1 && hop->sent > 0 && hop->received == 0;
}

const char *
hop_row_verdict_words(const struct hop_row *row)
{
	return hop_row_is_beyond(row->path, row->hop)
		       ? "no answer from here on"
		       : hop_verdict_name((enum hop_verdict)row->hop->verdict);
}

const char *
hop_row_error_words(const struct hop_row *row)
{
	const int family = address_is_v4(&row->path->start.target) ? AF_INET : AF_INET6;

	if (row->hop->error_type == 0)
		return NULL;
	return path_icmp_words(family, row->hop->error_type, row->hop->error_code);
}

/* The target answers a UDP probe with an error: its port is closed. */
static bool
is_expected(const struct hop *hop, bool is_v4)
{
	return hop->target && hop->error_type == (is_v4 ? 3 : 1) &&
	       hop->error_code == (is_v4 ? 3 : 4);
}

size_t
hop_row_words(const struct hop_row *row, char *out, size_t size)
{
	const struct hop *const hop = row->hop;
	const bool is_v4 = address_is_v4(&row->path->start.target);
	const char *words = is_expected(hop, is_v4) ? NULL : hop_row_error_words(row);
	size_t len;

	if (words == NULL)
		words = hop_row_verdict_words(row);
	len = text_add(out, size, 0, "%s", words);
	if (hop->balanced)
		len = text_add(out, size, len, "%sone router or another, packet by packet",
			len > 0 ? ", " : "");
	if (hop->mtu != 0)
		len = text_add(out, size, len, "%smtu %u", len > 0 ? ", " : "", (unsigned)hop->mtu);
	return len;
}

void
hop_row_format(const struct hop_row *row, const struct field *field, enum hop_row_style style,
	char *out, size_t size)
{
	const struct field_context context = {.model = NULL};
	struct value value;

	field_get(field, &context, row, &value);
	if (value.kind == VALUE_UNKNOWN)
		snprintf(out, size, "-");
	else if (value.kind == VALUE_REAL) /* "0.0%" and "12.5%" stand below one another */
		snprintf(out, size, "%.1f%%", value.real);
	else if (style == HOP_ROW_PLAIN)
		value_format(&context, &value, out, size);
	else
		field_format(field, &context, &value, 0, out, size);
}
