/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States and counters in words, as the manual page prints them. */
#ifndef SOCKWATCH_APP_DOCGEN_TOPICS_H
#define SOCKWATCH_APP_DOCGEN_TOPICS_H

#include <stdio.h>

#include <sockwatch/analysis/topic/topic.h>

/* All topics of a kind, as roff: name, what it is, when it is normal, what many of it mean. */
void docgen_print_topics(enum topic_kind kind, FILE *out);

#endif
