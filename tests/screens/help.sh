#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The help is that of the screen it was asked on, explains states and marks, and can be searched.
. "${srcdir:-.}/tests/screens/lib.sh"

# finds WORD LINE: searched, a line like this is in sight.
finds() {
	keys F3
	sees 'Search the help:'
	type "$1"
	sees "$2"
	keys Enter
	sees_not 'Search the help:'
	sees "$2"
}

start_sockets
sockets half 1
start 80 24
sees '^.CLOSE-WAIT'
keys F1
sees 'F1 ? h  *help of this screen'
shows 'probe it by UDP; again' && fail 'keys of another screen'
keys End
sees 'notsent_bytes\|options'
keys Home
# The state of the row comes first; the list of all states is further down.
sees 'CLOSE-WAIT (state), under the cursor'
sees '^ *normal  *for milliseconds'
finds 'waits for connections' '^ *LISTEN  *a program waits for connections$'
sees '^ *many: an unknown one is a service'
finds 'it has to call' '^ *CLOSE-WAIT  *the peer has closed, our program has not: it has to call$'
finds '(orphan)' '^ *(orphan)  *the program has closed it or has ended'
finds '>3s' '^ *>3s  *at least: it was there before sockwatch began to look'
finds '812+1' '^ *nginx/812+1  *one more process holds the same socket'
finds 'SYN 0/65' '^ *SYN 0/65  *sockets in SYN-SENT / in SYN-RECEIVED'
# The next line that has it, around the end.
keys Home
finds 'rwnd_limited' 'rwnd_limited_us'
keys Home
finds 'closed by its program' 'by its program'
keys n
sees 'by its program'
# What is not there is said so, and Esc gives the search up.
keys /
type 'nothinglikethis'
sees 'the help of this screen does not contain that'
keys Enter
sees 'Search the help: nothinglikethis'
keys Escape
sees_not 'Search the help:'
keys Escape
sees '^.CLOSE-WAIT'

# In a menu the column under the cursor is explained, and the menu is there again as it was.
keys F6
sees 'Sort by'
type 'rtt_v'
sees 'RTTVAR'
sees 'F1 explains it'
keys F1
sees 'RTTVAR: rtt_var_us (field), under the cursor'
keys Escape
sees 'Sort by'
sees 'rtt_v'
keys Escape Escape
sees_not 'Sort by'
keys s
sees 'CLOSE-WAIT.*(this row)'
keys F1
sees 'CLOSE-WAIT (state), under the cursor'
keys Escape
sees 'CLOSE-WAIT.*(this row)'
keys Escape
sees_not '(this row)'

keys 4
sees 'no path is probed'
keys F1
finds 'by UDP' '^ *u  *probe it by UDP; again: by ICMP echo'
keys Home
shows 'filter by state' && fail 'keys of the table'
finds 'Loss%' '^ *Loss% Snt  *probes without an answer'
keys Escape
keys 3
keys F1
finds 'stand still' '^ *Space Z  *stand still, or go on'
keys Home
finds '1/3' '^ *1/3 2/3 3/3  *the steps of the handshake'
keys Escape
keys F2
keys 1 F2
sees 'Columns shown'
keys F1
finds 'the next list' '^ *Tab  *the next list'
keys Escape
# The column under the cursor of setup's list: what it is, the kernel's name for it, its unit.
keys Down Down
keys F1
sees 'SEND-Q: queue_out (field), under the cursor'
sees '^ *from  *idiag_wqueue'
sees '^ *unit  *bytes; k, M, G are powers of 1024'
keys Escape Escape
sees '^.CLOSE-WAIT'

# The column whose heading is marked; none while the rows have the order of trouble.
keys F1
sees 'CLOSE-WAIT (state), under the cursor'
shows 'by which the rows are ordered' && fail 'a column that nobody chose'
keys Escape
sees '^.CLOSE-WAIT'
keys '>' '>'
sees 'RECV-Q▼'
keys F1
sees 'CLOSE-WAIT (state), under the cursor'
sees 'RECV-Q: queue_in (field), by which the rows are ordered'
sees '^ *from  *idiag_rqueue'
keys Escape
keys A
# So on every table of rows, whose fields are listed below.
keys 2
sees 'sockwatch .* listeners '
keys F1
sees 'LISTEN (state), under the cursor'
sees 'FULL: accept_queue_pct (field), by which the rows are ordered'
sees '^ *unit  *percent'
keys Escape
keys Tab
sees 'sockwatch .* destinations '
keys F1
sees 'USED%: used_pct (field), by which the rows are ordered'
finds 'freed_rate' '^ *freed_rate  *ports a second that come free'
keys Escape
keys 5
sees '^ sockets'
keys '>' '>'
keys F1
sees 'TOTAL: total (field), by which the rows are ordered'
keys Escape
quit
