/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of the config file, for reading it and for saving it. */
#ifndef SOCKWATCH_APP_CONFIG_CONFIG_LINE_H
#define SOCKWATCH_APP_CONFIG_CONFIG_LINE_H

#include <stddef.h>

#include <sockwatch/base/error.h>

#include "app/option/options.h"

enum config_line_kind {
	CONFIG_LINE_OTHER,
	CONFIG_LINE_BLANK,
	CONFIG_LINE_VALUE,
	CONFIG_LINE_BIND,
	CONFIG_LINE_RULE,   /* rule.NAME.THRESHOLD = VALUE */
	CONFIG_LINE_ACCEPT, /* accept RULE[:SEVERITY] FILTER */
};

enum { CONFIG_LINE_MAX = 4096 };

struct config_line {
	enum config_line_kind kind;
	const struct option_row *row; /* of VALUE and BIND, else NULL */
	char value[CONFIG_LINE_MAX];
	char name[DOCTOR_NAME_SIZE * 2]; /* of RULE: NAME.THRESHOLD */
};

/* text: one line without its newline. 0, or -EINVAL with a sentence: kind is CONFIG_LINE_OTHER. */
int config_line_read(struct config_line *line, const char *text, size_t len, struct error *error);

#endif
