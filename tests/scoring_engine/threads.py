"""What a program prints with linear algebra on one thread and on several."""

import subprocess
import sys


def printed_with_threads(code, *threads):
    """Run a program once for each number of threads, and give all that was printed: one text if none matters."""
    return {
        subprocess.run(
            [sys.executable, "-c", code], env={"OPENBLAS_NUM_THREADS": count, "OMP_NUM_THREADS": count},
            capture_output=True, text=True, check=True,
        ).stdout
        for count in map(str, threads)
    }  # fmt: skip
