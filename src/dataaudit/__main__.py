"""`python -m dataaudit` is the command line."""

from dataaudit.cli import main

if __name__ == "__main__":
    main()
