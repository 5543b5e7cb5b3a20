/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `list`: names of the remote addresses, where a field, the filter or the order wants them. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_NAMES_H
#define SOCKWATCH_APP_COMMAND_LIST_NAMES_H

#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>

/*
 * Asks for all of them, for some seconds at most, and takes what comes into the model. 0; 1 with a
 * sentence when it is not all that was wanted; or negative errno with a sentence.
 */
int list_names_find(struct model *model, struct error *error);

#endif
