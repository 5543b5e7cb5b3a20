/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the files of root while the viewer is somebody else: a small process that stays uid 0,
 * without a capability, and serves base/whole_file. It takes nothing but names, and these are
 * bounded: the files that it was started for are read and replaced; in the directory where the
 * program was started a new NAME.txt or NAME.pcap is made; nothing else, and nothing that is there
 * already gives way. The viewer gets descriptors of these files, and no others.
 */
#ifndef SOCKWATCH_PRIVILEGE_OPENER_H
#define SOCKWATCH_PRIVILEGE_OPENER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <sockwatch/base/error.h>

enum { OPENER_FILES_MAX = 3 };

/*
 * Forks it, before rights are dropped, and makes whole_file ask it from now on. files: paths that
 * may be read and replaced, which live until opener_stop; "": none. Links to them are followed,
 * missing directories made. 0, or negative errno with a sentence.
 */
int opener_start(const char *const files[OPENER_FILES_MAX], struct error *error);
/* It was started. */
bool opener_runs(void);
/* 0: it was not started. */
pid_t opener_pid(void);
/* Opens one of these files to read it. A descriptor, or negative errno. */
int opener_read(const char *path);
void opener_stop(void);

#endif
