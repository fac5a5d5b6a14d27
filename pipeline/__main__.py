"""Take `python -m pipeline …`; hand it to the command line; exit with its code."""

import sys

from pipeline.cli import main

sys.exit(main())
