/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every fuzz target defines this. It takes one input, returns 0, and crashes when something is
 * wrong.
 */
#ifndef SOCKWATCH_TESTS_FUZZ_FUZZ_H
#define SOCKWATCH_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
