"""Pages of rule sets, by who may open them: ``sets`` for readers, ``drafting`` for authors, ``deciding`` for others."""
