"""Run every mutant and say which survive; a word on the command line picks those whose control has it."""

import sys
import time

from tests.mutants.running import MUTANTS, copy_of_the_tree, judge, untouched_is_green


def main() -> int:
    """Print one line for each mutant; exit code 1 when one survives."""
    picked = [mutant for mutant in MUTANTS if all(word in mutant.control for word in sys.argv[1:])]
    began, survivors = time.monotonic(), 0
    with copy_of_the_tree() as tree:
        if not untouched_is_green(tree, picked):
            sys.stderr.write("Some named tests are red with nothing changed; mend those first.\n")
            return 2
        for mutant in picked:
            verdict = judge(tree, mutant)
            survivors += not verdict.is_noticed
            sys.stdout.write(f"{'noticed ' if verdict.is_noticed else 'SURVIVED'}  {mutant.control}\n")
            sys.stdout.writelines(f"          green: {test}\n" for test in verdict.green)
            sys.stdout.flush()
    seconds = time.monotonic() - began
    sys.stdout.write(f"{len(picked) - survivors} of {len(picked)} mutants noticed in {seconds:.0f} s.\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
