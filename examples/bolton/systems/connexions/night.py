"""Moves Connexions' clients on by a night: reviews that fell due are held, and some young people have moved on."""

import random
from datetime import date, timedelta
from pathlib import Path

from examples.bolton.systems.connexions import export
from examples.bolton.systems.connexions.export import Row

NEXT_REVIEW_DAYS = 180
HELD, CHANGED = 0.05, 0.3
NEXT = ("FEC", "APP", "EMP", "NEE", "TRN")


def replace_files(folder: Path, night: date) -> int:
    """Write the files of a night in place of the last ones; give how many clients were reviewed."""
    clients, activities = export.read(folder)
    by_ref = {activity["ClientRef"]: activity for activity in activities}
    rng = random.Random(f"night:{night.isoformat()}")
    due = [client for client in clients if _due(client, night) and rng.random() < HELD]
    for client in due:
        _review(client, by_ref[client["ClientRef"]], night, rng)
    export.replace(folder, clients, activities)
    return len(due)


def _due(client: Row, night: date) -> bool:
    due = export.parsed(client["ReviewDue"])
    return due is not None and due <= night


def _review(client: Row, activity: Row, night: date, rng: random.Random) -> None:
    client["LastContact"] = export.written(night)
    client["ReviewDue"] = export.written(night + timedelta(days=NEXT_REVIEW_DAYS))
    if rng.random() < CHANGED:
        activity["Activity"] = rng.choice([code for code in NEXT if code != activity["Activity"]])
        activity["Since"] = export.written(night)
        activity["InLearning"] = export.in_learning(activity["Activity"])
