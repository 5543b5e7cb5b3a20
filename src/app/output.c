/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PIECE = 128 * 1024, SPARE = 64 * 1024, DEFAULT_COLUMNS = 80 };

int
output_init(struct output *output, struct error *error)
{
	output->closed = false;
	buffer_init(&output->buffer, 0);
	if (buffer_reserve(&output->buffer, PIECE + SPARE) != NULL)
		return 0;
	error_set(error, "there is not enough memory for the output");
	return -ENOMEM;
}

void
output_fini(struct output *output)
{
	buffer_fini(&output->buffer);
}

int
output_write(struct output *output, bool all, struct error *error)
{
	const uint8_t *data = output->buffer.data;
	size_t len = output->buffer.len;

	if (output->buffer.failed) {
		error_set(error, "there is not enough memory for the output");
		return -ENOMEM;
	}
	if (!all && len < PIECE)
		return 0;
	while (len > 0 && !output->closed) {
		const ssize_t written = write(STDOUT_FILENO, data, len);
		struct pollfd writable = {.fd = STDOUT_FILENO, .events = POLLOUT};

		if (written >= 0) {
			data += written;
			len -= (size_t)written;
		} else if (errno == EPIPE) {
			output->closed = true;
		} else if (errno == EAGAIN) {
			poll(&writable, 1, -1);
		} else if (errno != EINTR) {
			const int code = errno;

			error_set(error, "the output cannot be written: %s", strerror(code));
			return -code;
		}
	}
	buffer_clear(&output->buffer);
	return 0;
}

size_t
output_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return DEFAULT_COLUMNS;
	return size.ws_col;
}
