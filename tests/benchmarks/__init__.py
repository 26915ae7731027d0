"""The benchmarks still run. How fast anything is, only a person who runs them on a quiet machine can say."""
