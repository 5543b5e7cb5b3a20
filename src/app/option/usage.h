/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help of the commands and the version, for --help and for the manual. */
#ifndef SOCKWATCH_APP_OPTION_USAGE_H
#define SOCKWATCH_APP_OPTION_USAGE_H

#include <stdio.h>

#include "options.h"

/* The overview for the monitor, usage and options for another command. */
void usage_print(FILE *out, enum command command);
void usage_print_version(FILE *out);
void usage_print_commands_roff(FILE *out);

#endif
