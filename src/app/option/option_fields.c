/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which fields the words of a command line name. */
#include <config.h>

#include "options.h"

#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>

const struct field_table *
option_fields(const struct options *options)
{
	if (options->command == COMMAND_PORTS)
		return &destination_fields;
	if (options->command == COMMAND_LIST && options->against != NULL)
		return &difference_fields;
	return options->command == COMMAND_LIST && options->listeners ? &listener_fields
								      : &socket_fields;
}
