/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch list --against`. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_LIST_DIFFERENCE_H
#define SOCKWATCH_APP_COMMAND_LIST_LIST_DIFFERENCE_H

#include "app/option/options.h"

/* Returns the exit status. */
int list_difference(const struct options *options);

#endif
