/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions by the calls that c-ares has since 1.28. */
#include <config.h>

#include "question.h"

#include <string.h>

#include <sockwatch/base/text.h>

static void
on_record(void *context, ares_status_t status, size_t timeouts, const ares_dns_record_t *record)
{
	const struct question *const question = context;
	unsigned char *reply = NULL;
	size_t len = 0;

	(void)timeouts;
	if (record != NULL && ares_dns_write(record, &reply, &len) != ARES_SUCCESS)
		status = ARES_EBADRESP;
	question->answered(question->context, (int)status, reply, len);
	ares_free_string(reply);
}

void
question_ask(ares_channel channel, const char *name, int type, struct question *question)
{
	const ares_status_t status = ares_query_dnsrec(
		channel, name, ARES_CLASS_IN, (ares_dns_rec_type_t)type, on_record, question, NULL);

	(void)status; /* on_record was called with it */
}

void
question_add_zone(char *server, size_t size, const char *interface)
{
	text_add(server, size, strlen(server), "%%%s", interface);
}

/*
 * Answers are kept by the resolver, which also says how long a server took: no cache below it. A
 * malformed reply ends all questions of its socket, so each question has one of its own.
 */
int
question_options(struct ares_options *options)
{
	options->qcache_max_ttl = 0;
	options->udp_max_queries = 1;
	return ARES_OPT_QUERY_CACHE | ARES_OPT_UDP_MAX_QUERIES;
}
