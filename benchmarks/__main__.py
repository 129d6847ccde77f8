"""`make bench`: measure the engine, `imara analyse` and the service, and print what was seen beside its target."""

from __future__ import annotations

import argparse

from benchmarks import allocation, mmrm, scale, service

BENCHMARKS = {
    "allocation": allocation.main,
    "mmrm": mmrm.main,
    "scale": scale.main,
    "service": lambda: service.main([]),
}


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="which; all when left out")
    for name in parser.parse_args().names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
