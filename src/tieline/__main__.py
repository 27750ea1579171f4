"""`python -m tieline` is `tieline`."""

from tieline.cli.main import main

if __name__ == "__main__":
    main()
