/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model's interned texts. A text cannot be given back, and processes and containers come and go
 * for months. When the texts have doubled, those that nothing refers to are dropped and the rest
 * are renumbered.
 */
#ifndef SOCKWATCH_MODEL_TEXTS_H
#define SOCKWATCH_MODEL_TEXTS_H

#include "model_private.h"

/* Instead of a text: the socket's cgroup has no name yet. The rest is a number of ours. */
#define TEXTS_NAMELESS UINT32_C(0x80000000)

/* 0 or -ENOMEM. */
int texts_init(struct model *model);
/* Call where nobody holds a number but the model: between snapshots. */
void texts_compact(struct model *model);

/* The number for the name of a congestion control, which must fit 16 bits; 0 when it does not. */
uint16_t texts_congestion(struct model *model, struct text name);
/* The text of a cgroup's path, or a number that stands for it until its name comes. */
uint32_t texts_cgroup(struct model *model, uint64_t id);
void texts_name_cgroup(struct model *model, uint64_t id, struct text path);
/* Gives sockets the names that came late. */
void texts_settle_cgroups(struct model *model);

#endif
