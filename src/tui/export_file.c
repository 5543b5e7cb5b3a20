/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a page is written to: long pages go there in parts. */
#include <config.h>

#include "export_file.h"

#include <errno.h>

#include <sockwatch/base/buffer.h>

#include "state.h"

enum { FLUSH_AT = 64 * 1024 };

void
export_file_flush(struct tui *tui, struct buffer *out)
{
	if (out->failed)
		tui->export.file.result = -ENOMEM;
	(void)whole_file_write(&tui->export.file, out->data, out->len);
	buffer_clear(out);
}

bool
export_file_spill(struct tui *tui, struct buffer *out)
{
	if (out->len > FLUSH_AT)
		export_file_flush(tui, out);
	return tui->export.file.result == 0;
}
