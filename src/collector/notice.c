/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a sentence for the viewer into the stream. */
#include <config.h>

#include "notice.h"

void
notice_write(struct stream_writer *writer, enum severity severity, const char *text)
{
	const struct message_notice notice = {.severity = severity, .text = text_of(text)};

	(void)stream_write_message(writer, MESSAGE_NOTICE, &notice);
}
