/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of an address, by a PTR question. */
#ifndef SOCKWATCH_RESOLVER_REVERSE_H
#define SOCKWATCH_RESOLVER_REVERSE_H

#include "query.h"

/* Asks for the name of the entry's address; the answer goes into the cache and is reported. */
void reverse_ask(struct resolver *resolver, struct cache_entry *entry);

#endif
