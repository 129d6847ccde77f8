"""`python -m imara`: the same as the `imara` command."""

from imara.cli.main import main

if __name__ == "__main__":
    main()
