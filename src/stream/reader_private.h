/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader, shared by reader.c, which reads, and reader_open.c, which opens files. */
#ifndef SOCKWATCH_STREAM_READER_PRIVATE_H
#define SOCKWATCH_STREAM_READER_PRIVATE_H

#include <stdbool.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

#include "parser.h"
#include "savefile.h"

struct stream_reader {
	struct savefile *savefile; /* NULL: the parser reads fd */
	int fd;
	bool is_file; /* fd is ours, and reading it blocks */
	struct parser parser;
	bool ended;
	bool cut;                                                  /* of a savefile */
	void (*tee)(void *context, const void *bytes, size_t len); /* may be NULL */
	void *tee_context;
	int failed; /* negative errno; the sentence is in error */
	struct error error;
};

#endif
