/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sysctls of one namespace, or of the machine. */
#ifndef SOCKWATCH_MODEL_SYSTEM_SYSCTL_VALUES_H
#define SOCKWATCH_MODEL_SYSTEM_SYSCTL_VALUES_H

#include <sockwatch/base/text.h>
#include <sockwatch/model/sysctl.h>

/* All is zero as long as nothing was read. */
struct sysctl_values {
	uint8_t states[SYSCTL_COUNT]; /* enum sysctl_state */
	char *texts[SYSCTL_COUNT];    /* where it is SYSCTL_KNOWN */
};

/* Takes in the lines of a message: "name=value", "name". Unknown names are skipped. */
void sysctl_values_take(struct sysctl_values *values, struct text lines);
void sysctl_values_clear(struct sysctl_values *values);

#endif
