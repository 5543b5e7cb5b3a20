/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line "hosts:" of nsswitch.conf(5): whether programs look into /etc/hosts and ask DNS servers
 * for names, and in which order. The resolver obeys it, and `resolve` describes it. Other services
 * (mdns, myhostname, resolve) are not asked here.
 */
#ifndef SOCKWATCH_RESOLVER_NSSWITCH_H
#define SOCKWATCH_RESOLVER_NSSWITCH_H

#include <stdbool.h>
#include <stddef.h>

#define NSSWITCH_PATH "/etc/nsswitch.conf"

enum { NSSWITCH_OTHERS_SIZE = 128 };

/* How a service failed, as bits. */
enum nsswitch_failure {
	NSSWITCH_NOTFOUND = 1, /* there is no such name */
	NSSWITCH_UNAVAIL = 2,  /* nobody answered */
	NSSWITCH_TRYAGAIN = 4, /* a server could not tell now */
};

struct nsswitch {
	bool files_first;
	bool dns;
	unsigned files_after; /* enum nsswitch_failure of DNS after which /etc/hosts is read */
	char others[NSSWITCH_OTHERS_SIZE]; /* "mdns4_minimal myhostname", not clean; may be cut */
	bool is_invalid; /* programs cannot read the line, and find no names; here: the default */
};

/* The text of the file. Without the line: files, then dns, as glibc has it. The last line counts.
 */
void nsswitch_parse(const char *text, size_t len, struct nsswitch *nsswitch);
/* A file that cannot be read is an empty one. */
void nsswitch_read(const char *path, struct nsswitch *nsswitch);

#endif
