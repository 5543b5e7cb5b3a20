/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A baseline: what was open on a box when somebody looked and found it right. Doctor reports what
 *is not in it: listeners, programs that connect out, and where they connect to. It is a text of a
 * thing a line, to be read and changed by hand:
 *
 *	listener ADDRESS PORT [PROGRAM]
 *	client PROGRAM
 *	destination ADDRESS[/BITS] PORT [PROGRAM]
 *	netns NAME
 *
 * "*" stands for any address, port or namespace; without a program any will do. Lines after
 * "netns NAME" are of that namespace; before the first they are of the own one.
 *
 * Made by app from a file, read by doctor, extended by app from the model.
 */
#ifndef SOCKWATCH_ANALYSIS_BASELINE_BASELINE_H
#define SOCKWATCH_ANALYSIS_BASELINE_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>

enum {
	BASELINE_LINES_MAX = 16384,  /* more are refused and counted */
	BASELINE_PREFIXES_MAX = 256, /* of them with /BITS */
	BASELINE_NAME_SIZE = 64,     /* of a program or a namespace; longer ones are cut */
};

enum baseline_kind {
	BASELINE_LISTENER,
	BASELINE_CLIENT,      /* a program that connects out */
	BASELINE_DESTINATION, /* where it connects to */
	BASELINE_KINDS,
};

struct baseline_item {
	enum baseline_kind kind;
	char netns[BASELINE_NAME_SIZE];   /* clean; "*": any */
	char program[BASELINE_NAME_SIZE]; /* clean; "": any in a line, not known of a socket */
	struct address_prefix address;    /* not of a client */
	bool is_any_address;
	uint16_t port; /* 0: any */
};

struct baseline;

/* NULL: no memory. */
struct baseline *baseline_new(void);
void baseline_free(struct baseline *baseline);
/* 0; -ENOSPC, counted: there is no room for another line. */
int baseline_add(struct baseline *baseline, const struct baseline_item *item);
/* Lines, and those that had no room. */
uint32_t baseline_count(const struct baseline *baseline);
uint64_t baseline_refused(const struct baseline *baseline);
/*
 * Is it in the baseline? item: one of a socket, with one address. A program that is not known may
 * be any of them.
 */
bool baseline_has(const struct baseline *baseline, const struct baseline_item *item);

/* A line that is not understood; the others are in force. */
struct baseline_mistakes {
	void *context;
	/* Called for each, with a sentence that names the text and the line. */
	void (*report)(void *context, const struct error *error);
};
/* Adds the lines of a text. name: what sentences call it. Returns how many were not understood. */
size_t baseline_parse(struct baseline *baseline, const char *name, struct text text,
	const struct baseline_mistakes *mistakes);

/* The socket as an item of this kind; a program that is not known stays "". */
void baseline_item_of(const struct model *model, const struct socket_row *row,
	enum baseline_kind kind, struct baseline_item *item);

/*
 * Adds what is open and not in the baseline, and appends its lines to out. added: how many of each
 * kind. A program with more than BASELINE_MANY destinations at one port gets one line for any
 * address. 0, -ENOMEM, or -ENOSPC: some had no room.
 */
enum { BASELINE_MANY = 64 };
int baseline_take(struct baseline *baseline, const struct model *model, struct buffer *out,
	size_t added[BASELINE_KINDS]);

#endif
