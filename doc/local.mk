# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += doc/HACKING doc/design.md doc/performance.md doc/sockwatch.1.in doc/sockwatch-stream.5.in \
	doc/sockwatch.bash-completion
dist_man_MANS += doc/sockwatch.1 doc/sockwatch-stream.5

# They are committed, so that a tarball needs nothing to install them; tests/lint/docs.sh fails when
# they are not what the tables print now.
update-docs: src/app/docgen
	./src/app/docgen manual $(srcdir)/doc/sockwatch.1.in >doc-new
	mv doc-new $(srcdir)/doc/sockwatch.1
	./src/app/docgen manual $(srcdir)/doc/sockwatch-stream.5.in >doc-new
	mv doc-new $(srcdir)/doc/sockwatch-stream.5
	./src/app/docgen completion >doc-new
	mv doc-new $(srcdir)/doc/sockwatch.bash-completion

install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(bashcompletiondir)"
	$(INSTALL_DATA) $(srcdir)/doc/sockwatch.bash-completion "$(DESTDIR)$(bashcompletiondir)/sockwatch"

uninstall-local:
	rm -f "$(DESTDIR)$(bashcompletiondir)/sockwatch"
