/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills the {sysctl}s of a sentence with their names and the values in force. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>
#include <sockwatch/model/sysctl.h>

#include "doctor_private.h"

enum { NAME_SIZE = 64, VALUE_SIZE = 64 };

/* SYSCTL_COUNT: it is not in the table. */
static enum sysctl
find_sysctl(const char *name)
{
	enum sysctl sysctl = 0;

	while (sysctl < SYSCTL_COUNT && strcmp(sysctl_name(sysctl), name) != 0)
		sysctl++;
	return sysctl;
}

/* " (4096 here)", or why there is no value; nothing where it was not read. Tabs become blanks. */
static size_t
add_value(const struct model *model, uint16_t netns, enum sysctl sysctl, char *out, size_t size,
	size_t len)
{
	char clean[VALUE_SIZE];

	switch (model_sysctl_state(model, netns, sysctl)) {
	case SYSCTL_NOT_READ: return len;
	case SYSCTL_ABSENT:
		return text_add(out, size, len,
			sysctl_scope(sysctl) == SYSCTL_OF_MACHINE ? " (not visible here)"
								  : " (not on this kernel)");
	case SYSCTL_KNOWN: break;
	}
	text_clean(text_of(model_sysctl_text(model, netns, sysctl)), clean, sizeof clean);
	return text_add(out, size, len, " (%s here)", clean[0] != '\0' ? clean : "empty");
}

/* Appends what stands for one name. Returns the length. */
static size_t
add_sysctl(const struct model *model, uint16_t netns, struct text name, char *out, size_t size,
	size_t len)
{
	const bool is_short = memchr(name.data, '.', name.len) == NULL;
	char full[NAME_SIZE];
	enum sysctl sysctl;

	snprintf(
		full, sizeof full, "%s%.*s", is_short ? "net.ipv4." : "", (int)name.len, name.data);
	sysctl = find_sysctl(full);
	len = text_add(out, size, len, "%s", full);
	/* Help speaks of no box: it has no model. */
	return model != NULL && sysctl < SYSCTL_COUNT
		       ? add_value(model, netns, sysctl, out, size, len)
		       : len;
}

void
sentence_fill(
	const struct model *model, uint16_t netns, const char *template, char *out, size_t size)
{
	struct text rest = text_of(template != NULL ? template : "");
	size_t len = 0;

	out[0] = '\0';
	while (rest.len > 0) {
		const bool has_name = memchr(rest.data, '{', rest.len) != NULL;
		const struct text words = text_cut(&rest, '{');

		len = text_add(out, size, len, "%.*s", (int)words.len, words.data);
		if (has_name)
			len = add_sysctl(model, netns, text_cut(&rest, '}'), out, size, len);
	}
}
