/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of the files of sysctl.d(5) and of /etc/sysctl.conf that set something of net, in the
 * order in which they are applied at boot. Read once a minute, reported as a whole when something
 * changed.
 *
 * Of files with the same name the one of the first of these directories hides the others: /etc,
 * /run, /usr/local/lib, /usr/lib, /lib. Then all are read in the order of their names.
 * /etc/sysctl.conf stands where a link in a directory leads to it, else last, as sysctl(8) --system
 * reads it; systemd reads it by such a link only.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_SYSTEM_SYSCTL_FILES_H
#define SOCKWATCH_COLLECTOR_PROC_SYSTEM_SYSCTL_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

struct sysctl_files {
	const char *root;  /* "": the real one; of a test: a directory */
	uint64_t due_ns;   /* CLOCK_MONOTONIC: read next */
	uint64_t reported; /* hash of what was reported last */
	bool has_reported;
};

/* root must outlive it. */
void sysctl_files_init(struct sysctl_files *files, const char *root);

/* The next report reads and has them, changed or not. */
void sysctl_files_forget_sent(struct sysctl_files *files);

/* When it is time to: reads them, and writes MESSAGE_SYSCTL_FILES when they changed. */
void sysctl_files_report(struct sysctl_files *files, struct stream_writer *writer);

#endif
