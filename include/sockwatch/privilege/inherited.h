/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that whoever started us left open. They may be files and sockets of anybody, and our
 * processes need none of them once the files that the user named (perhaps as /dev/fd/63) are open.
 */
#ifndef SOCKWATCH_PRIVILEGE_INHERITED_H
#define SOCKWATCH_PRIVILEGE_INHERITED_H

/* Notes which are open, beyond the standard ones; call it before anything is opened. */
void inherited_note(void);
/* Closes those that were noted, once. */
void inherited_close(void);

#endif
