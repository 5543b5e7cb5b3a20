/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a connection was opened, used and closed, in words, as the wire showed it. */
#ifndef SOCKWATCH_TUI_DETAIL_WORDS_LIFE_H
#define SOCKWATCH_TUI_DETAIL_WORDS_LIFE_H

#include <stddef.h>

#include "facts.h"

void words_life_opened(const struct facts_source *source, char *out, size_t size);
void words_life_handshake(const struct facts_source *source, char *out, size_t size);
void words_life_syn_again(const struct facts_source *source, char *out, size_t size);
void words_life_round_trips(const struct facts_source *source, char *out, size_t size);
void words_life_sent(const struct facts_source *source, char *out, size_t size);
void words_life_received(const struct facts_source *source, char *out, size_t size);
void words_life_close(const struct facts_source *source, char *out, size_t size);
void words_life_ending(const struct facts_source *source, char *out, size_t size);

#endif
