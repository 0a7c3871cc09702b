"""`python -m mujaz`."""

from mujaz.cli.main import main

if __name__ == "__main__":
    main()
