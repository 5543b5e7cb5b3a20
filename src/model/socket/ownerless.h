/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts for a connection that ended before its owner could be read. */
#ifndef SOCKWATCH_MODEL_SOCKET_OWNERLESS_H
#define SOCKWATCH_MODEL_SOCKET_OWNERLESS_H

#define OWNERLESS_BRIEF "not seen"
#define OWNERLESS_BRIEF_SENTENCE                                                                   \
	"The connection was opened and closed between two refreshes: which process held it was not seen."

#endif
