/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch list --listeners`. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_LIST_LISTENERS_H
#define SOCKWATCH_APP_COMMAND_LIST_LIST_LISTENERS_H

#include "app/option/options.h"

/* Returns the exit status. */
int list_listeners(const struct options *options);

#endif
