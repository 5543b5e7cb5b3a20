/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One question to c-ares. Its calls for that, and the form of what they answer, changed with
 * version 1.28: question_record.c is for the new ones, question_bytes.c for the old ones; configure
 * chooses. Both give the reply as bytes, so that there is one reader of replies (answer.c).
 */
#ifndef SOCKWATCH_RESOLVER_DNS_QUESTION_H
#define SOCKWATCH_RESOLVER_DNS_QUESTION_H

#include <ares.h>
#include <stddef.h>
#include <stdint.h>

/* Lives with its owner until it is answered. */
struct question {
	/* status: of c-ares. reply: NULL when there was none; lives until the call returns. */
	void (*answered)(void *context, int status, const uint8_t *reply, size_t len);
	void *context;
};

/* Asks for records of this type (ns_t_a, …) of the name as it is. It may be answered at once. */
void question_ask(ares_channel channel, const char *name, int type, struct question *question);
/*
 * Appends what c-ares wants after "[fe80::1]:53" for a server on this link: "%eth0"; nothing in old
 * versions, which know no zones.
 */
void question_add_zone(char *server, size_t size, const char *interface);
/* Options beyond those that all versions have: sets them, and returns their mask. */
int question_options(struct ares_options *options);

#endif
