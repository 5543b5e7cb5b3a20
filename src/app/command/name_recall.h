/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names on a screen: the resolver remembers longer than the model where that was full or its clock
 * went ahead. */
#ifndef SOCKWATCH_APP_COMMAND_NAME_RECALL_H
#define SOCKWATCH_APP_COMMAND_NAME_RECALL_H

#include <stdbool.h>

#include <sockwatch/model/model.h>
#include <sockwatch/resolver/resolver.h>

/* Asks for the name of this address, or gives the model what is remembered: true. */
bool name_recall(struct resolver *resolver, struct model *model, const struct address *address);

#endif
