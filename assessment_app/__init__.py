"""One folder per thing people do here; a slice imports only the slices above it."""

import os

from assessment_app.platform import garbage

# The linear algebra library makes a thread for every core and lets them spin. Beside other processes that can cost
# scoring a hundredfold, and alone it wins little at our sizes; who has many cores starts more workers. Set before the
# library is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

garbage.starting()
