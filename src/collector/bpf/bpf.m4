# SPDX-License-Identifier: GPL-2.0-or-later
# SW_CHECK_BPF: libbpf, and a compiler for the program that runs in the kernel (callers.bpf.c), which shows who
# owned connections that are too short for /proc. It is compiled against libbpf's headers alone; bpftool is not
# needed. Sets BPF_CC, BPF_CFLAGS, BPF_LIBS, the conditional HAVE_BPF and, for the last line of configure,
# summary_bpf.
AC_DEFUN([SW_CHECK_BPF], [
AC_ARG_WITH([bpf],
	[AS_HELP_STRING([--without-bpf], [do not use libbpf (owners of connections shorter than a refresh)])],
	[], [with_bpf=auto])
AC_ARG_VAR([BPF_CC], [compiler with a bpf target, for the program that runs in the kernel])
have_bpf=no
why_no_bpf='left out by --without-bpf'
AS_IF([test "$with_bpf" != no], [
	PKG_CHECK_MODULES([BPF], [libbpf >= 1.0], [have_bpf=yes], [why_no_bpf='no libbpf >= 1.0'])
	AC_PATH_PROGS([BPF_CC], [clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14], [none])
	AS_IF([test "$have_bpf" = yes], [
		AC_MSG_CHECKING([whether $BPF_CC compiles for the kernel])
		cat >conftest.bpf.c <<SW_EOF
#include "$srcdir/src/collector/bpf/bpf_kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char conftest_license@<:@@:>@ SEC("license") = "GPL";
SW_EOF
		AS_IF([test "$BPF_CC" != none &&
			$BPF_CC -target bpf -O2 -g $BPF_CFLAGS -c conftest.bpf.c -o conftest.bpf.o \
				2>&AS_MESSAGE_LOG_FD], [],
			[have_bpf=no; why_no_bpf='no clang with a bpf target'])
		rm -f conftest.bpf.c conftest.bpf.o
		AC_MSG_RESULT([$have_bpf])
	])
	AS_IF([test "$with_bpf" = yes && test "$have_bpf" = no],
		[AC_MSG_ERROR([--with-bpf was given, but there is $why_no_bpf])])
])
AS_IF([test "$have_bpf" = yes], [summary_bpf=yes], [summary_bpf="no ($why_no_bpf)"; BPF_CFLAGS=; BPF_LIBS=])
AM_CONDITIONAL([HAVE_BPF], [test "$have_bpf" = yes])
])
