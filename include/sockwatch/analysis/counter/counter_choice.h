/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters chosen by name: "Tcp.ActiveOpens,TcpExtListenDrops,ListenOverflows". A name is the
 * kernel's with its group, or as nstat joins it, or the member alone where only one group has it;
 * case is ignored. Pure.
 */
#ifndef SOCKWATCH_ANALYSIS_COUNTER_COUNTER_CHOICE_H
#define SOCKWATCH_ANALYSIS_COUNTER_COUNTER_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/model/counters.h>

enum { COUNTER_CHOICE_MAX = 64 };

struct counter_choice {
	uint16_t indexes[COUNTER_CHOICE_MAX]; /* into the names */
	size_t count;
};

/*
 * 0; -EINVAL with a sentence that names the word and the nearest counter; -E2BIG, with a sentence,
 * for more than COUNTER_CHOICE_MAX. names: of a model that has taken in what the kernel printed.
 */
int counter_choice_read(struct counter_choice *choice, const char *list,
	const struct counter_names *names, struct error *error);

#endif
