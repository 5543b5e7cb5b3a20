/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names on a screen. The resolver remembers some longer than the model, which may be full or have a
 * clock that went ahead. */
#ifndef SOCKWATCH_APP_COMMAND_NAME_RECALL_H
#define SOCKWATCH_APP_COMMAND_NAME_RECALL_H

#include <stdbool.h>

#include <sockwatch/model/model.h>
#include <sockwatch/resolver/resolver.h>

/* True: the resolver remembered the name of this address, and the model has it now. False: the
 * resolver looks it up. */
bool name_recall(struct resolver *resolver, struct model *model, const struct address *address);

#endif
