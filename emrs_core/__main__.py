"""``python -m emrs_core COMMAND``."""

from emrs_core.cli.main import main

if __name__ == "__main__":
    main()
