"""From the files of a package, ours or another's, to items of ours."""
