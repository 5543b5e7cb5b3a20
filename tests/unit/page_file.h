/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares texts with the files in tests/golden/pages. With RENEW_PAGES=1 in the environment the
 * files are written anew: read the difference before it is committed.
 */
#ifndef SOCKWATCH_TESTS_UNIT_PAGE_FILE_H
#define SOCKWATCH_TESTS_UNIT_PAGE_FILE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/buffer.h>

#include "unit.h"

enum { PATH_SIZE = 512 };

static char folder[PATH_SIZE];

static inline const char *
golden(void)
{
	const char *const srcdir = getenv("srcdir");

	snprintf(folder, sizeof folder, "%s/tests/golden", srcdir != NULL ? srcdir : ".");
	return folder;
}

/* Compares a text with a file, or writes it. */
static inline void
compare(const char *name, const struct buffer *out)
{
	char path[PATH_SIZE + 64];
	char *expected;
	FILE *file;
	size_t len, at = 0, line = 1;

	snprintf(path, sizeof path, "%s/pages/%s", golden(), name);
	if (getenv("RENEW_PAGES") != NULL) {
		file = fopen(path, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(out->data, 1, out->len, file), out->len);
		fclose(file);
		return;
	}
	file = fopen(path, "r");
	unit_differs = unit_differs || file == NULL;
	if (file == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	expected = malloc(out->len + 1);
	assert_non_null(expected);
	len = fread(expected, 1, out->len + 1, file);
	fclose(file);
	while (at < len && at < out->len && expected[at] == (char)out->data[at])
		line += out->data[at++] == '\n';
	free(expected);
	unit_differs = unit_differs || len != out->len || at < len;
	if (len != out->len || at < len)
		fail_msg("%s differs in line %zu; if that is meant: RENEW_PAGES=1 srcdir=.. "
			 "before this test writes it anew",
			path, line);
}

#endif
