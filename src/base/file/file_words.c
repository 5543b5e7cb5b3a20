/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of files in words that say what would help. */
#include <config.h>

#include <sockwatch/base/file_words.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int number;
	const char *words;
} table[] = {
	{EACCES, "permission denied"},
	{EDQUOT, "the quota of this user is used up"},
	{EEXIST, "it is there already"},
	{EFBIG, "it would be larger than files may be here (ulimit -f, or the filesystem)"},
	{EIO, "the disk reports an error"},
	{EISDIR, "it is a directory"},
	{ELOOP, "it is a symbolic link, which is not followed; name the file itself"},
	{EMFILE, "this process has no descriptor left (ulimit -n)"},
	{ENAMETOOLONG, "the name is too long"},
	{ENFILE, "the box has no descriptor left (fs.file-max)"},
	{ENOENT, "there is no such file or directory"},
	{ENOMEM, "there is not enough memory"},
	{ENOSPC, "the disk is full"},
	{ENOTDIR, "part of the path is not a directory"},
	{EROFS, "the filesystem is read-only"},
};

const char *
file_words(int number)
{
	number = abs(number);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].number == number)
			return table[i].words;
	return strerror(number);
}
