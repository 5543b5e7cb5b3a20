/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions by the calls of c-ares before 1.28. */
#include <config.h>

#include "question.h"

#include <arpa/nameser.h>

static void
on_reply(void *context, int status, int timeouts, unsigned char *reply, int len)
{
	const struct question *const question = context;

	(void)timeouts;
	question->answered(question->context, status, reply, len > 0 ? (size_t)len : 0);
}

void
question_ask(ares_channel channel, const char *name, int type, struct question *question)
{
	ares_query(channel, name, ns_c_in, type, on_reply, question);
}

void
question_add_zone(char *server, size_t size, const char *interface)
{
	(void)server;
	(void)size;
	(void)interface;
}

int
question_options(struct ares_options *options)
{
	(void)options;
	return 0;
}
