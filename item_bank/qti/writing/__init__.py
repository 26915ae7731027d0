"""From items of ours to the files of a package."""
