/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up the connection tracking counters of all CPUs. */
#include <config.h>

#include "proc_conntrack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEXADECIMAL = 16, PIECE_SIZE = 16384 };

/* The number of entries is that of the namespace and stands in the line of each CPU. */
static bool
is_repeated(const struct proc_conntrack *sum, size_t column)
{
	static const char entries[] = "entries";

	return column == 0 && strncmp(sum->names, entries, sizeof entries - 1) == 0;
}

static void
add_numbers(struct proc_conntrack *sum, const char *at)
{
	size_t column;

	for (column = 0; column < PROC_CONNTRACK_COLUMNS; column++) {
		char *end;
		const unsigned long long number = strtoull(at, &end, HEXADECIMAL);

		if (end == at)
			break;
		sum->sums[column] = is_repeated(sum, column) ? number : sum->sums[column] + number;
		at = end;
	}
	if (sum->lines++ == 0 || column < sum->columns)
		sum->columns = column;
}

/* A line that is longer than any kernel's is cut. */
static void
end_line(struct proc_conntrack *sum)
{
	sum->line[sum->len] = '\0';
	if (sum->names[0] == '\0')
		memcpy(sum->names, sum->line, sum->len + 1);
	else
		add_numbers(sum, sum->line);
	sum->len = 0;
}

void
proc_conntrack_add(struct proc_conntrack *sum, struct text piece)
{
	for (size_t i = 0; i < piece.len; i++) {
		if (piece.data[i] == '\n')
			end_line(sum);
		else if (sum->len < sizeof sum->line - 1)
			sum->line[sum->len++] = piece.data[i];
	}
}

size_t
proc_conntrack_format(const struct proc_conntrack *sum, char *out, size_t size)
{
	size_t len;

	if (sum->lines == 0 || sum->columns == 0)
		return 0;
	len = text_add(out, size, 0, "Conntrack: %s\nConntrack:", sum->names);
	for (size_t i = 0; i < sum->columns; i++)
		len = text_add(out, size, len, " %llu", sum->sums[i]);
	return text_add(out, size, len, "\n");
}

size_t
proc_conntrack_read(int fd, char *out, size_t size)
{
	struct proc_conntrack sum = {.lines = 0};
	char piece[PIECE_SIZE];
	off_t at = 0;
	ssize_t len;

	while ((len = pread(fd, piece, sizeof piece, at)) > 0) {
		proc_conntrack_add(&sum, (struct text){piece, (size_t)len});
		at += len;
	}
	return proc_conntrack_format(&sum, out, size);
}
