/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The monitor's subscription at the collector. */
#ifndef SOCKWATCH_TUI_SUBSCRIPTION_H
#define SOCKWATCH_TUI_SUBSCRIPTION_H

struct tui;

/* Sends the subscription where it differs from the one that was sent last. */
void subscription_send(struct tui *tui);

#endif
