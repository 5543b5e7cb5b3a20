/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each trouble in words, for the table in trouble.c. All return the length. */
#ifndef SOCKWATCH_ANALYSIS_TROUBLE_TROUBLE_WORDS_H
#define SOCKWATCH_ANALYSIS_TROUBLE_TROUBLE_WORDS_H

#include <stddef.h>

#include <sockwatch/model/socket.h>

size_t trouble_words_queue(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_drops(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_peer_window(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_our_window(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_retries(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_keepalive(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_close_wait(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_buffer(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_receiver(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_send_buffer(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_retransmits(const struct socket_row *row, char *out, size_t size);
size_t trouble_words_round_trip(const struct socket_row *row, char *out, size_t size);

#endif
