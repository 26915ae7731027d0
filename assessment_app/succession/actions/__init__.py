"""What can be done: name posts (``posts``), propose people and decide on them (``candidacies``)."""
