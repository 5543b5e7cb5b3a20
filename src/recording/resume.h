/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Going on behind a recording that is there. */
#ifndef SOCKWATCH_RECORDING_RESUME_H
#define SOCKWATCH_RECORDING_RESUME_H

#include <stdint.h>

#include <sockwatch/base/error.h>

#include "piece.h"

/*
 * As piece_begin, for a file that may hold a recording: what it ends with and is no whole record,
 * or its index, is cut off. 0, or negative errno with a sentence: then the file is as it was, and
 * the descriptor is the caller's.
 */
int resume_piece(struct piece *piece, int fd, const char *name, struct error *error);

#endif
