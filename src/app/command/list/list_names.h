/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of the remote addresses, for a field, the filter or the order that needs them. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_LIST_NAMES_H
#define SOCKWATCH_APP_COMMAND_LIST_LIST_NAMES_H

#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>

/*
 * Asks for all of them, for some seconds at most, and takes the answers into the model. 0; 1 with a
 * sentence when some are missing; or negative errno with a sentence.
 */
int list_names_find(struct model *model, struct error *error);

#endif
