/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of a name, by A and AAAA questions, along the search list. Both questions of one
 * candidate are answered before the next one is asked, so that addresses of two names never mix
 * (as getaddrinfo does it).
 */
#ifndef SOCKWATCH_RESOLVER_LOOKUP_H
#define SOCKWATCH_RESOLVER_LOOKUP_H

#include "query.h"

/* name: as the user wrote it. ascii: as DNS has it. 0, or negative errno with a sentence. */
int lookup_start(
	struct resolver *resolver, const char *name, const char *ascii, struct error *error);

#endif
