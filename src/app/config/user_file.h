/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of the user: read whole, written whole or not at all. Files of other users are
 * refused.
 */
#ifndef SOCKWATCH_APP_CONFIG_USER_FILE_H
#define SOCKWATCH_APP_CONFIG_USER_FILE_H

#include <stddef.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>

enum { STORE_MAX = 1024 * 1024 }; /* bytes of a file that is read */

/* Appends the file to out. 0; -ENOENT when there is none, or another negative errno; both with a
 * sentence. */
int user_file_read(const char *path, struct buffer *out, struct error *error);

/*
 * Replaces the file by way of a temporary one beside it, mode 0600, and makes the directories that
 * are missing. 0, or negative errno with a sentence; then the old file is as it was.
 */
int user_file_write(const char *path, const void *data, size_t len, struct error *error);

/*
 * Path of a file of ours in the user's configuration directory ($XDG_CONFIG_HOME, or ~/.config
 * without it). The environment is believed only where it names a directory of the user who runs us,
 * which may be another after sudo. 0, or -ENOENT with a sentence when there is no home.
 */
int user_file_path(const char *name, char *out, size_t size, struct error *error);

#endif
