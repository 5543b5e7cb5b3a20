/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes nsswitch.conf: where names come from, and which services are not asked here. */
#include <config.h>

#include "nsswitch_words.h"

#include <string.h>

#include <sockwatch/base/text.h>
#include <sockwatch/report/report.h>

/* NULL: the usual order. */
static const char *
order_words(const struct nsswitch *nsswitch)
{
	if (nsswitch->is_invalid)
		return "the line \"hosts:\" is not valid, so programs find no names; here /etc/hosts and then DNS are asked";
	if (nsswitch->files_first)
		return nsswitch->dns ? NULL
				     : "names come from /etc/hosts alone; no DNS server is asked";
	if (!nsswitch->dns)
		return "names come from neither /etc/hosts nor DNS";
	if (nsswitch->files_after == 0)
		return "names come from DNS alone; /etc/hosts is not read";
	return (nsswitch->files_after & NSSWITCH_NOTFOUND) != 0
		       ? "names come from DNS, then from /etc/hosts"
		       : "names come from DNS, and from /etc/hosts only when no DNS server can tell";
}

void
nsswitch_describe(const struct nsswitch *nsswitch, struct buffer *out)
{
	const char *const order = order_words(nsswitch);
	char others[NSSWITCH_OTHERS_SIZE];

	if (order != NULL)
		buffer_append_format(out, "%s: %s\n", NSSWITCH_PATH, order);
	text_clean(text_of(nsswitch->others), others, sizeof others);
	if (others[0] != '\0')
		buffer_append_format(out, "%s: programs also ask %s; here that is not asked\n",
			NSSWITCH_PATH, others);
}

static void
append_word(struct buffer *out, bool *is_first, const char *word)
{
	if (!*is_first)
		buffer_append_char(out, ',');
	*is_first = false;
	json_text(out, text_of(word));
}

void
nsswitch_describe_json(const struct nsswitch *nsswitch, struct buffer *out)
{
	char others[NSSWITCH_OTHERS_SIZE];
	char *rest = others;
	bool is_first = true;

	buffer_append_text(out, ",\"order\":[");
	if (nsswitch->files_first)
		append_word(out, &is_first, "files");
	if (nsswitch->dns)
		append_word(out, &is_first, "dns");
	if (nsswitch->files_after != 0)
		append_word(out, &is_first, "files");
	buffer_append_text(out, "],\"not_asked\":[");
	is_first = true;
	strcpy(others, nsswitch->others);
	for (const char *word; (word = strsep(&rest, " ")) != NULL;)
		if (word[0] != '\0')
			append_word(out, &is_first, word);
	buffer_append_char(out, ']');
}
