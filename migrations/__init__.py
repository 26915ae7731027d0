"""The stores' way from one version to the next: a tree for each store, named by date and by what a step does."""
