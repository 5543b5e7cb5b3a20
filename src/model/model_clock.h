/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How records move the clock of the model, and how their other times are read. */
#ifndef SOCKWATCH_MODEL_MODEL_CLOCK_H
#define SOCKWATCH_MODEL_MODEL_CLOCK_H

#include <stdint.h>

struct message_hello;
struct model;

/* The wall clock was set by step_ns (two's complement) and shows wall_ns; call it before that. */
void model_clock_step(struct model *model, uint64_t wall_ns, uint64_t step_ns);
/*
 * A hello of the same boot whose time of boot is another: the clock was set by the difference while
 * no collector ran.
 */
void model_clock_hello(struct model *model, uint64_t wall_ns, const struct message_hello *hello);
/* A packet, stamped by the kernel; a message or datagram, stamped by the collector. */
void model_clock_packet(struct model *model, uint64_t wall_ns);
void model_clock_message(struct model *model, uint64_t wall_ns);
/* A wall time of a moment ago as a time of the model. */
uint64_t model_clock_steady(const struct model *model, uint64_t wall_ns);

#endif
