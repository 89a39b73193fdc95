"""`python -m yiwang.commands` is `yiwang`."""

from yiwang.commands import main

if __name__ == "__main__":
    main()
