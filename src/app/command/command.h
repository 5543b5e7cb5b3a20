/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What main calls: a function for each command, which returns the exit status. */
#ifndef SOCKWATCH_APP_COMMAND_COMMAND_H
#define SOCKWATCH_APP_COMMAND_COMMAND_H

#include "app/option/options.h"

/* Exit status beside EXIT_SUCCESS and EXIT_FAILURE: the command line is wrong. */
enum { COMMAND_EXIT_USAGE = 2 };

int command_collect(struct options *options);
int command_connect(struct options *options);
int command_counters(struct options *options);
int command_doctor(struct options *options);
int command_events(struct options *options);
int command_help(struct options *options);
int command_list(struct options *options);
int command_metrics(struct options *options);
int command_monitor(struct options *options);
int command_ports(struct options *options);
int command_probe(struct options *options);
int command_record(struct options *options);
int command_resolve(struct options *options);
int command_rights(struct options *options);

#endif
