#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source file names its licence in its first lines.
cd "${srcdir:-.}" || exit 1
without=$(
	find src include tests doc bootstrap configure.ac Makefile.am .ci -type f \
		\( -name '*.[ch]' -o -name '*.sh' -o -name '*.mk' -o -name '*.ac' -o -name '*.am' \
		-o -name bootstrap -o -path '.ci/*' -o -name '*.1*' -o -name '*completion*' \) |
		sort | xargs awk '
		FNR == 1 { if (file != "" && !said) print file; file = FILENAME; said = 0 }
		FNR <= 5 && /SPDX-License-Identifier: GPL-2.0-or-later/ { said = 1 }
		END { if (file != "" && !said) print file }'
)
[ -z "$without" ] || {
	echo 'no SPDX-License-Identifier: GPL-2.0-or-later in:'
	printf '%s\n' "$without"
	exit 1
}
