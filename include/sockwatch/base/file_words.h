/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an errno of a file, a descriptor or an allocation means to the person who runs the program
 * (errno_words.h has those of the network).
 */
#ifndef SOCKWATCH_BASE_FILE_WORDS_H
#define SOCKWATCH_BASE_FILE_WORDS_H

/* After "PATH cannot be written: ". number: errno, of either sign; never NULL; a static text or
 * strerror's. */
const char *file_words(int number);

#endif
