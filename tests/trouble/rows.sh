# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by matrix.sh: what doctor must say of each trouble, and what it may say beside it.

# KIND  RULE,…  SECONDS  SEVERITY-SMALL  SEVERITY-LARGE: what is right, separated by
# commas. Of several rules one is there: a plain user has no capture, and the capture hides the counter.
trouble_rows='
syn-flood           syn-flood           3   warning           critical
syn-queue-drops     syn-queue-drops     3   critical          critical
syn-backlog-small   syn-backlog-small   10  warning           warning
accept-queue        accept-queue        3   critical          critical
fd-limit            fd-limit            3   critical          critical
close-wait          close-wait          3   warning           warning,critical
port-exhaustion     port-exhaustion     3   critical          critical
time-wait-many      time-wait-many      3   info              info
half-open-idle      half-open-idle      3   info,warning      info,warning
keepalive-sysctl    keepalive-sysctl    3   info              info
reconnecting        reconnecting        10  warning           warning
syn-sent-pile       syn-sent-pile       3   warning           warning
scan-by-us          scan-by-us          3   warning           critical
slow-handshake      slow-handshake      10  warning           warning
refused             refused             3   warning           warning
fin-wait-1-pile     closing-pile        3   warning           warning
last-ack-pile       closing-pile        3   warning           warning
closing-pile        closing-pile        3   warning           warning
orphans             closing-pile        3   warning           warning
fin-wait-2          fin-wait-2          3   warning           warning
resets-by-peer      resets-by-peer      10  warning           warning
resets-by-us        resets-by-us        10  warning           warning
loss                loss                10  warning           warning
peer-gone           peer-gone           3   warning           critical
pmtu-blackhole      pmtu-blackhole      3   warning,critical  critical
bufferbloat         bufferbloat         3   info              warning
zero-window         zero-window         3   warning           warning
local-not-reading   local-not-reading   3   warning           critical
tcp-memory          tcp-memory          3   warning           warning
sndbuf-limited      sndbuf-limited      5   info,warning      info,warning
port-scan           port-scan,rst-to-closed  3   warning           warning
illegal-flags       illegal-flags       3   warning           warning
new-listener        new-listener        3   info              warning
new-client          new-client          3   info              info
new-destination     new-destination     3   info              info
listener-on-all     listener-on-all     3   info,warning      info,warning
udp-drops           udp-drops           3   critical          critical
conntrack           conntrack           3   warning           critical
sysctl              sysctl              3   info              info
'

# KIND  RULE  WHY: this rule may be above info beside that of the kind.
trouble_overlaps='
syn-queue-drops     syn-flood           SYNs that nobody completes, and cookies are off: both are so
tcp-memory          local-not-reading   the process that holds the memory does not read
bufferbloat         loss                the queue that is too long overflows, and what overflows is lost
conntrack           udp-drops           a flood of datagrams fills both
orphans             orphans             other tests on this machine leave orphans too
'

# KIND  SEVERITIES: what is right for a plain user, where that is something else.
trouble_user_severities='
fd-limit            warning
'

# Kinds whose figures move in bursts: window probes, and requests that live for a round trip; or grow while the others
# look.
trouble_bursts='tcp-memory syn-backlog-small new-destination'

# Kinds whose rule needs more than a plain user has: a capture, or the names of programs.
trouble_root_only='illegal-flags new-client new-destination'

# KIND  SCALE  SETTING: thresholds that a test cannot wait for.
trouble_settings='
half-open-idle      small       rule.half-open-idle.age = 2.0s
keepalive-sysctl    small       rule.keepalive-sysctl.age = 2.0s
'

# KIND  SCALE  SECONDS: between the trouble and doctor, where age is what counts.
trouble_waits='
half-open-idle      small       3
half-open-idle      large       301
keepalive-sysctl    small       3
keepalive-sysctl    large       61
'

# KIND  KEY  ORACLE: a figure of the evidence and who else knows it. Rates of counters, whose keys are
# NAME_per_s, are compared without a row.
#	count:FILTER     sockets that pass a filter of ss
#	repeated:FILTER  of them, those whose timer has fired
#	orphans:FILTER   of them, those without an inode
#	listen:COLUMN    of the listener on port 8080: 2 is Recv-Q, 3 is Send-Q
#	drops:PORT       what the sockets on a local port have dropped
#	counter:NAME     rate of a counter of the kernel
#	file:PATH        the number in a file
#	files            descriptors of the process of the kind's own
#	gained:FILTER    sockets that pass it and did not when doctor began
#	fixed:NUMBER     what the kind made; SIZE stands for its size
trouble_figures='
syn-flood           half_open           count:state syn-recv sport = :8080
syn-flood           half_open_repeated  repeated:state syn-recv sport = :8080
syn-flood           sources             count:state syn-recv sport = :8080
syn-flood           backlog             fixed:SIZE
syn-queue-drops     half_open           count:state syn-recv sport = :8080
syn-queue-drops     backlog             listen:3
syn-backlog-small   half_open           count:state syn-recv sport = :8080
syn-backlog-small   backlog             fixed:SIZE
accept-queue        accept_queue        listen:2
accept-queue        backlog             listen:3
accept-queue        drops               drops:8080
fd-limit            open_files          files
fd-limit            limit               fixed:SIZE
fd-limit            accept_queue        listen:2
conntrack           entries             file:/proc/sys/net/netfilter/nf_conntrack_count
conntrack           limit               file:/proc/sys/net/netfilter/nf_conntrack_max
udp-drops           socket_drops        drops:5353
close-wait          close_wait          count:state close-wait
close-wait          unread              fixed:0
fin-wait-1-pile     fin_wait_1          count:state fin-wait-1
fin-wait-1-pile     orphans             orphans:state fin-wait-1
last-ack-pile       last_ack            count:state last-ack
last-ack-pile       orphans             orphans:state last-ack
closing-pile        closing             count:state closing
closing-pile        orphans             orphans:state closing
orphans             orphans             orphans:state fin-wait-1
fin-wait-2          fin_wait_2          fixed:SIZE
syn-sent-pile       syn_sent            count:state syn-sent
syn-sent-pile       syn_repeated        repeated:state syn-sent
syn-sent-pile       targets             fixed:3
peer-gone           connections         fixed:SIZE
pmtu-blackhole      connections         fixed:SIZE
half-open-idle      silent              fixed:SIZE
keepalive-sysctl    silent              fixed:SIZE
keepalive-sysctl    value               file:/proc/sys/net/ipv4/tcp_keepalive_time
port-exhaustion     ports_used          count:state time-wait dport = :5432
port-exhaustion     time_wait           count:state time-wait dport = :5432
port-exhaustion     ports_usable        fixed:SIZE
time-wait-many      time_wait           count:state time-wait
scan-by-us          syn_sent            count:state syn-sent
scan-by-us          targets             count:state syn-sent
scan-by-us          new_per_s           counter:ActiveOpens
new-client          uid                 fixed:0
new-destination     uid                 fixed:0
new-destination     destinations        gained:dport = :8080
'
