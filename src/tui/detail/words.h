/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a number alone does not say, in words. Each writes "" when nothing is known. Pure: a row in,
 * a text out.
 */
#ifndef SOCKWATCH_TUI_DETAIL_WORDS_H
#define SOCKWATCH_TUI_DETAIL_WORDS_H

#include <stddef.h>

#include "facts.h"

void words_process(const struct facts_source *source, char *out, size_t size);
void words_no_process(const struct facts_source *source, char *out, size_t size);
void words_holders(const struct facts_source *source, char *out, size_t size);
void words_protocol(const struct facts_source *source, char *out, size_t size);
void words_state(const struct facts_source *source, char *out, size_t size);
void words_age(const struct facts_source *source, char *out, size_t size);
void words_shutdown(const struct facts_source *source, char *out, size_t size);
void words_rtt(const struct facts_source *source, char *out, size_t size);
void words_retransmissions(const struct facts_source *source, char *out, size_t size);
void words_flight(const struct facts_source *source, char *out, size_t size);
void words_window(const struct facts_source *source, char *out, size_t size);
void words_receiver_limit(const struct facts_source *source, char *out, size_t size);
void words_sender_limit(const struct facts_source *source, char *out, size_t size);
void words_app_limited(const struct facts_source *source, char *out, size_t size);
void words_receive_queue(const struct facts_source *source, char *out, size_t size);
void words_send_queue(const struct facts_source *source, char *out, size_t size);
void words_accept_queue(const struct facts_source *source, char *out, size_t size);
void words_timer(const struct facts_source *source, char *out, size_t size);
void words_keepalive(const struct facts_source *source, char *out, size_t size);
void words_receive_memory(const struct facts_source *source, char *out, size_t size);
void words_send_memory(const struct facts_source *source, char *out, size_t size);

#endif
