/* SPDX-License-Identifier: GPL-2.0-or-later */
/* So much a second, and so much at once. The caller passes the time. */
#ifndef SOCKWATCH_PRIVILEGE_BUDGET_H
#define SOCKWATCH_PRIVILEGE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget {
	uint64_t per_s, most; /* units of the owner's choice */
	uint64_t left;
	uint64_t filled_ns; /* CLOCK_MONOTONIC */
};

/* It is full at first. per_s is not 0. */
void budget_init(struct budget *budget, uint64_t per_s, uint64_t most, uint64_t now_ns);
/* What is there now; nothing is taken. */
uint64_t budget_left(struct budget *budget, uint64_t now_ns);
/* False: there is not so much, and nothing is taken. */
bool budget_take(struct budget *budget, uint64_t amount, uint64_t now_ns);
/* When there will be so much, of which no more than `most` counts; now_ns at the earliest. */
uint64_t budget_ready_ns(struct budget *budget, uint64_t amount, uint64_t now_ns);

#endif
