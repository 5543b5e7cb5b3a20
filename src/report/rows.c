/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as JSON and CSV write them. */
#include <config.h>

#include "rows.h"

#include <math.h>

void
rows_append_real(struct buffer *out, double number)
{
	static const double largest_with_decimals = 1e12;
	uint64_t thousandths;
	char digits[4];

	if (signbit(number) && number != 0) {
		buffer_append_char(out, '-');
		number = -number;
	}
	if (!(number < largest_with_decimals)) {
		buffer_append_format(out, "%.17g", number);
		return;
	}
	thousandths = (uint64_t)(number * 1000 + 0.5);
	buffer_append_unsigned(out, thousandths / 1000);
	thousandths %= 1000;
	if (thousandths == 0)
		return;
	digits[0] = '.';
	digits[1] = (char)('0' + thousandths / 100);
	digits[2] = (char)('0' + thousandths / 10 % 10);
	digits[3] = (char)('0' + thousandths % 10);
	buffer_append(out, digits, thousandths % 10 != 0 ? 4 : thousandths % 100 != 0 ? 3 : 2);
}
