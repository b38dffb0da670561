"""LINE-facing: what comes in, what goes out, the pages and the commands."""


def program_version() -> str:
    """Return the installed version, such as 「0.1.0」; 「?」 where it runs from the source without being installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("luopan")
    except PackageNotFoundError:
        return "?"
