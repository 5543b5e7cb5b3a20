/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"
#include <config.h>
#include <stdlib.h>
int
connect_run(struct options *options)
{
	(void)options;
	return EXIT_FAILURE;
}
