/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of root, whom the viewer is not. */
#ifndef SOCKWATCH_APP_COMMAND_ROOT_FILES_H
#define SOCKWATCH_APP_COMMAND_ROOT_FILES_H

#include <sockwatch/base/error.h>

/*
 * After a login as root: starts the opener, by which the config, the history beside it, another
 * file, and what w writes are written from now on. "": none; the paths live until opener_stop. Call
 * it before rights are given up, and when the config was read. 0, or negative errno with a
 * sentence.
 */
int root_files_open(const char *config_path, const char *other_path, struct error *error);

#endif
