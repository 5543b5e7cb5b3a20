#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Setup: columns and options, kept in the config and found again.
. "${srcdir:-.}/tests/screens/lib.sh"
start_sockets
start 120 40
sees '^.LISTEN'
keys F2
sees 'Columns shown.*Columns to add.*Options'
keys Tab
sees 'NETNS: network namespace'
keys Enter
sees '^ netns '
keys Tab Down
sees 'theme  *default'
keys Right
sees 'theme  *light'
keys Escape
sees saved
sees ' NETNS '
grep -q 'netns' "$XDG_CONFIG_HOME/sockwatch/config" || fail 'the config has no netns'
grep -q 'light' "$XDG_CONFIG_HOME/sockwatch/config" || fail 'the config has no theme'
quit
start 120 40
sees ' NETNS '
keys F2
sees 'theme  *light'
# Moved and removed again.
sees '^ state '
keys Down '['
sees '^ netns '
keys DC
sees_not '^ netns '
keys Escape
sees '^.LISTEN'
shows_not ' NETNS ' || fail 'the column is still there'
quit

# A file that --config names and that is not there is made when the settings are saved.
start 120 40 --config "$work/new/config"
sees 'new/config does not exist yet'
keys F2
sees 'Columns shown'
keys Tab
sees 'NETNS: network namespace'
keys Enter
sees '^ netns '
keys Escape
sees saved
grep -q netns "$work/new/config" || fail 'the settings are not in the named file'
quit
