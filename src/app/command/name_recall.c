/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for a name, and gives the model at once what the resolver remembers. */
#include <config.h>

#include "name_recall.h"

/* How long the model keeps a name that came from the memory of the resolver. */
enum { NAME_AGAIN_S = 60 };

bool
name_recall(struct resolver *resolver, struct model *model, const struct address *address)
{
	struct message_name name = {
		.address = *address, .status = NAME_FOUND, .ttl_s = NAME_AGAIN_S};
	const char *const text = resolver_name(resolver, address);

	if (text == NULL || model_host_name(model, address) != NULL)
		return false;
	name.name = text_of(text);
	model_take_name(model, &name);
	return true;
}
