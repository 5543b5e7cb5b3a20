/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out the search for the path MTU of a target, beside its probing. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_MTU_PROBE_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_MTU_PROBE_H

#include <stdint.h>

#include "collector/probe/target.h"

/* Begins the search when the target has answered, and sends a round when it is due. */
void mtu_probe_run(struct target *target, uint64_t now_ns);

#endif
