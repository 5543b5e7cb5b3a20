/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings and other capture files, through libpcap. */
#ifndef SOCKWATCH_STREAM_SAVEFILE_H
#define SOCKWATCH_STREAM_SAVEFILE_H

#include <pcap.h>
#include <stdbool.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

/* "-" is standard input. NULL with a sentence. */
pcap_t *savefile_open(const char *path, struct error *error);
/* Takes over file; sentences call it name. NULL with a sentence. */
pcap_t *savefile_open_file(FILE *file, const char *name, struct error *error);
/* 1 and *record; 0 at the end, *cut when it was within a record; -EPROTO with a sentence. */
int savefile_next(pcap_t *savefile, struct record *record, bool *cut, struct error *error);

#endif
