/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the viewer asks of the opener, and the side that answers. */
#ifndef SOCKWATCH_PRIVILEGE_OPENER_PRIVATE_H
#define SOCKWATCH_PRIVILEGE_OPENER_PRIVATE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/opener.h>

enum opener_step { OPENER_OPEN, OPENER_COMMIT, OPENER_READ };

struct opener_request {
	uint8_t step;        /* enum opener_step */
	uint8_t replaces;    /* COMMIT: what is there already gives way */
	int32_t result;      /* COMMIT: of what the viewer wrote; not 0: nothing takes the name */
	char path[PATH_MAX]; /* OPEN, READ */
};

struct opener_serving {
	int control;
	char files[OPENER_FILES_MAX][PATH_MAX];
	struct whole_file file;
	char path[PATH_MAX]; /* of the file */
	bool is_open, is_listed;
	unsigned exports;
};

/* Answers one request. False when the viewer is gone, or sends what is none. */
bool opener_serve(struct opener_serving *serving);

#endif
