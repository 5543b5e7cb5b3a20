/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that /etc/hosts gives to addresses. c-ares reads the file for each question, which
 * takes 60 ms with 150,000 lines (as files that block advertisements have): too long for a screen.
 * Here it is read once, and again when it changed.
 */
#ifndef SOCKWATCH_RESOLVER_HOSTS_H
#define SOCKWATCH_RESOLVER_HOSTS_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/map.h>

#include "file_mark.h"

enum { HOSTS_NAMES_MAX = 65536, HOSTS_BYTES_MAX = 32 << 20, HOSTS_NAME_SIZE = 256 };

struct hosts_name {
	struct address address;
	char *name;
};

struct hosts {
	struct hosts_name *names;
	size_t count, capacity;
	struct map index; /* hash of the address to the index in names */
	struct file_mark mark;
};

void hosts_init(struct hosts *hosts);
/* Leaves it empty, ready for hosts_parse. */
void hosts_fini(struct hosts *hosts);
/* Adds the text of a hosts(5) file. The first line with an address counts. */
void hosts_parse(struct hosts *hosts, const char *text, size_t len);
/* Reads the file if it changed; looks at most once a second. An unreadable file is empty. */
void hosts_refresh(struct hosts *hosts, const char *path, uint64_t now_ns);
/* The first name of an address, not clean; NULL: none. Lives until the next hosts_refresh. */
const char *hosts_find(const struct hosts *hosts, const struct address *address);

/*
 * The addresses of a name in a hosts(5) file, as glibc has them: of all lines that have it, as
 * first name or as alias, in any case of letters. canonical: the first name of the line, not clean.
 * Reads the whole file each time.
 */
void hosts_lookup(const char *path, const char *name,
	void (*found)(void *context, const struct address *address, const char *canonical),
	void *context);

#endif
