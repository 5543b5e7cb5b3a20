/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cookies of TCP sockets that ended lately: their destroy events and the last lines of a dump
 * may still come, and must not count again. Each is kept per namespace until two complete dumps
 * have gone by.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_CLOSED_COOKIES_H
#define SOCKWATCH_MODEL_SOCKET_CLOSED_COOKIES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model_private.h"

/* A TCP row that ends, or that is followed by its TIME-WAIT. */
void closed_cookies_add(struct model *model, const struct socket_row *row, bool destroyed);
/* A row of that cookie has ended. */
bool closed_cookies_has(const struct netns_row *netns, uint64_t cookie);
/* It ended by a destroy event: a dump that lists it read it before. */
bool closed_cookies_was_destroyed(const struct netns_row *netns, uint64_t cookie);

#endif
