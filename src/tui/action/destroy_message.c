/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names a socket as the kernel knows it: by its ends and its cookie. */
#include <config.h>

#include "destroy_message.h"

#include <sockwatch/model/netns.h>

struct message_destroy
destroy_message(const struct model *model, const struct socket_row *row)
{
	const struct netns_row *const netns = model_netns(model, row->netns);

	return (struct message_destroy){
		.inode = row->inode,
		.netns = netns != NULL ? netns->id : 1,
		.protocol = row->protocol,
		.family = row->family,
		.local = row->local,
		.remote = row->remote,
		.local_port = row->local_port,
		.remote_port = row->remote_port,
		.ifindex = row->ifindex,
		.cookie = row->cookie,
	};
}
