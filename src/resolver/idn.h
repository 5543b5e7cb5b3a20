/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in other scripts than ASCII (RFC 5891), as DNS has them. */
#ifndef SOCKWATCH_RESOLVER_IDN_H
#define SOCKWATCH_RESOLVER_IDN_H

#include <stddef.h>

#include <sockwatch/base/error.h>

/*
 * "b\303\274cher.example" becomes "xn--bcher-kva.example"; ASCII stays as it is. 0, or -EINVAL with
 * a sentence. size: 256 is enough for any name.
 */
int idn_to_ascii(const char *name, char *out, size_t size, struct error *error);

#endif
