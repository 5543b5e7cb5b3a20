/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The setting `user`, which is needed before rights are given up. */
#ifndef SOCKWATCH_APP_CONFIG_USER_SETTING_H
#define SOCKWATCH_APP_CONFIG_USER_SETTING_H

#include <sockwatch/base/error.h>

#include "app/option/options.h"

/*
 * Where root itself started the program: reads this line of root's config, and chooses the user
 * that the program becomes (user_choose). Nobody else's config is read with rights. 0, or negative
 * errno with a sentence.
 */
int user_setting_choose(const struct options *options, struct error *error);

#endif
