"""python -m benchmarks.chaos [--kills 200] [--recipients 1000] [--seed 1] [--database sqlite|postgresql]
[--mode resend|hold] [--engine inprocess|procrastinate] [--processes 1] [--stops 0] [--gate 64] [--json]

Sender processes are killed with SIGKILL at moments that the seed decides; new ones go on. A sink counts every message by
its Message-ID. The last line says how many kills there were, who was lost, repeated and left in doubt, and the worst of
one kill. Exit code 0 when every promise was kept, 1 when not. The same options and seed make the same kills again.
"""

import argparse
import json
import sys
import warnings

from benchmarks.chaos.run import Plan, run
from digest.model import OnUnknown


def main() -> int:
    """Read the options, play, print."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--recipients", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--mode", choices=[one.value for one in OnUnknown], default="resend")
    parser.add_argument("--engine", choices=["inprocess", "procrastinate"], default="inprocess")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--stops", type=int, default=0, help="senders stopped past their lease, besides the kills"
    )
    parser.add_argument("--gate", type=int, default=64)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    plan = Plan(
        kills=chosen.kills,
        recipients=chosen.recipients,
        seed=chosen.seed,
        database=chosen.database,
        mode=OnUnknown(chosen.mode),
        engine=chosen.engine,
        processes=chosen.processes,
        stops=chosen.stops,
        gate=chosen.gate,
    )
    verdict = run(plan)
    if chosen.json:
        print(
            json.dumps(
                {
                    "seed": plan.seed,
                    "kept": verdict.kept,
                    "by_kill": verdict.by_kill,
                    "seconds": verdict.seconds,
                }
            )
        )
    print(
        f"{plan.database} {plan.mode.value} {plan.engine}, {plan.processes} processes, seed {plan.seed}, {verdict.seconds:.0f} s"
    )
    print(verdict.line())
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
