#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bash completion offers the words that the program takes.
command -v bash >/dev/null || { echo 'needs bash' && exit 77; }
exec bash -s "${srcdir:-.}" <<'SCRIPT'
. "$1/doc/sockwatch.bash-completion" || exit 1
status=0

# offers WANTED WORD…: the last word is the one that is completed.
offers() {
	wanted=$1
	shift
	COMP_WORDS=(sockwatch "$@")
	COMP_CWORD=$#
	_sockwatch sockwatch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
	case " ${COMPREPLY[*]} " in
	*" $wanted "*) ;;
	*)
		echo "sockwatch $*: $wanted is not offered, but: ${COMPREPLY[*]:0:10}"
		status=1
		;;
	esac
}

# withholds UNWANTED WORD…
withholds() {
	unwanted=$1
	shift
	COMP_WORDS=(sockwatch "$@")
	COMP_CWORD=$#
	_sockwatch sockwatch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
	case " ${COMPREPLY[*]} " in
	*" $unwanted "*)
		echo "sockwatch $*: $unwanted is offered"
		status=1
		;;
	esac
}

offers list li
offers collect ''
offers --json list --j
withholds --json --j
offers --read-only --re
offers rtt_us list --sort rt
offers state,local_addr list --fields state,local_a
offers all list --netns a
offers CLOSE-WAIT list state CLOSE
for word in closed close-wait closing closing-group; do
	offers $word list state clo
	offers $word state clo
done
withholds CLOSED state clo
offers established list port 80 and not state e
offers SYN-SENT state ''
offers rtt_us port 22 and rt
offers src_addr events src
offers kind events port 80 and ki
withholds rtt_us events rt
offers --json events --j
offers --netns collect ''
HOSTFILE=$(mktemp)
echo '192.0.2.1 web1.example' >"$HOSTFILE"
offers web1.example probe web
offers web1.example connect --timeout 1 web
offers web1.example resolve web
rm "$HOSTFILE"
offers process list port 80 and pro
offers list help li
exit $status
SCRIPT
