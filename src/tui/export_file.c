/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a page is written to: long pages go there in parts. */
#include <config.h>

#include "export_file.h"

#include <errno.h>
#include <unistd.h>

#include <sockwatch/base/buffer.h>

#include "state.h"

enum { FLUSH_AT = 64 * 1024 };

static int
write_all(int fd, struct buffer *out)
{
	size_t done = 0;

	if (out->failed)
		return -ENOMEM;
	while (done < out->len) {
		const ssize_t written = write(fd, out->data + done, out->len - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		done += (size_t)written;
	}
	return 0;
}

void
export_file_flush(struct tui *tui, struct buffer *out)
{
	if (tui->export.result == 0)
		tui->export.result = write_all(tui->export.fd, out);
	buffer_clear(out);
}

bool
export_file_spill(struct tui *tui, struct buffer *out)
{
	if (out->len > FLUSH_AT)
		export_file_flush(tui, out);
	return tui->export.result == 0;
}
