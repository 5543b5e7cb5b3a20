/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka.h and what it wants before it. */
#ifndef SOCKWATCH_TESTS_UNIT_UNIT_H
#define SOCKWATCH_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* After those four: cmocka.h does not include what it needs. */
#include <cmocka.h>

/* For tables of cases. */
#define UNIT_COUNT_OF(array) (sizeof(array) / sizeof *(array))

#endif
