/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings and other capture files: pcap through libpcap, pcapng by a reader of our own. */
#ifndef SOCKWATCH_STREAM_SAVEFILE_H
#define SOCKWATCH_STREAM_SAVEFILE_H

#include <stdbool.h>
#include <stdio.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

struct savefile;

/* Takes over file; sentences call it name. NULL with a sentence. */
struct savefile *savefile_open_file(FILE *file, const char *name, struct error *error);
void savefile_close(struct savefile *savefile);
/* 1 and *record; 0 at the end, *cut when it was within a record; -EPROTO with a sentence. */
int savefile_next(struct savefile *savefile, struct record *record, bool *cut, struct error *error);

#endif
