/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network namespaces by the stream's number and by ours. The stream's numbers are those of one
 * collector; when it is started again, ours stay and are bound again by the namespaces' inodes.
 */
#ifndef SOCKWATCH_MODEL_NETNS_PRIVATE_H
#define SOCKWATCH_MODEL_NETNS_PRIVATE_H

#include "model_private.h"

struct message_netns;

/* NULL when the stream has not named it. */
struct netns_row *netns_find(const struct model *model, uint32_t id);
/* Finds or adds; NULL at the bound or without memory. */
struct netns_row *netns_get(struct model *model, uint32_t id);
void netns_apply(struct model *model, const struct message_netns *message);
/* The collector was started again. */
void netns_unbind(struct model *model);
/* Its first snapshot ended: namespaces that it did not name are gone. */
void netns_settle(struct model *model);
void netns_free_all(struct model *model);

#endif
