/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for a connection that ended before its owner could be read, wherever it shows. */
#ifndef SOCKWATCH_MODEL_SOCKET_OWNERLESS_H
#define SOCKWATCH_MODEL_SOCKET_OWNERLESS_H

#define OWNERLESS_BRIEF "exited before it was seen"
#define OWNERLESS_BRIEF_SENTENCE                                                                   \
	"The connection ended before it could be read whose it was: its process opened and "       \
	"closed "                                                                                  \
	"it between two looks."

#endif
