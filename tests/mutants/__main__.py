"""Run every mutant and say which survive; words on the command line pick those whose control has them all."""

import argparse
import os
import sys
import time

from tests.mutants.running import MUTANTS, copy_of_the_tree, red_untouched, verdicts


def main() -> int:
    """Print one line for each mutant; exit code 1 when one survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="of the control that a mutant takes away")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="how many to judge at once")
    options = parser.parse_args()
    picked = [mutant for mutant in MUTANTS if all(word in mutant.control for word in options.words)]
    if not picked:
        parser.error("no control has all of these words")
    began, survivors = time.monotonic(), 0
    with copy_of_the_tree() as tree:
        if red := red_untouched(tree, picked, options.at_once):
            sys.stderr.write("These are red with nothing changed; mend them first:\n")
            sys.stderr.writelines(f"  {test}\n" for test in red)
            return 2
    for verdict in verdicts(picked, options.at_once):
        survivors += not verdict.is_noticed
        sys.stdout.write(f"{'noticed ' if verdict.is_noticed else 'SURVIVED'}  {verdict.mutant.control}\n")
        sys.stdout.writelines(f"          green: {test}\n" for test in verdict.green)
        sys.stdout.flush()
    seconds = time.monotonic() - began
    sys.stdout.write(f"{len(picked) - survivors} of {len(picked)} mutants noticed in {seconds:.0f} s.\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
