"""Next event on a published set: ours beside a recurrency baseline, on the same questions, with paired intervals.

`python benchmarks/next_event.py DIR` prints the tables of docs/next-event.md. DIR is a folder as `detente evaluate
next-event` takes it. `--only entities|acts` runs one half, `--on valid` judges on the validation part.

The baseline is our own writing of the idea of Gastinger et al. (2024): what came before under the same subject and
relation comes again, the latest first; what never did is ordered by how often it is the relation's object. Nothing in
it is chosen.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from detente.forecast.act_scores import ActScores, evaluate_acts
from detente.forecast.next_event import rank_steps, score_ranks
from detente.forecast.quadruples import both_ways, read_facts

RESAMPLES = 2000


class Recurrency:
    """When each triple last came, and how often each entity was each relation's object."""

    def __init__(self, entities: int, relations: int) -> None:
        self.entities = entities
        self.last: dict[tuple[int, int], dict[int, int]] = {}
        self.often = np.zeros((2 * relations, entities))

    def scores(self, subject: int, relation: int, step: int) -> np.ndarray:
        often = self.often[relation]
        # Recurrence decides; the relation's usual objects order what ties.
        scores = often / (often.sum() + 1) * 1e-6
        for target, last in self.last.get((subject, relation), {}).items():
            scores[target] += 1 / (step - last)
        return scores

    def take(self, facts: np.ndarray, step: int) -> None:
        for subject, relation, target in facts.tolist():
            self.last.setdefault((subject, relation), {})[target] = step
            self.often[relation, target] += 1


def baseline_ranks(folder: Path, first: int, last: int) -> np.ndarray:
    """Ranks in the order of `rank_steps`: by step, question and answer."""
    read = read_facts(folder)
    facts = both_ways(read.facts, len(read.relations))
    table = np.stack([facts.subject, facts.relation, facts.object], axis=1)
    begins = np.searchsorted(facts.time, np.arange(last + 2))
    known = Recurrency(len(read.entities), len(read.relations))
    found = []
    for step in range(last + 1):
        of_step = table[begins[step] : begins[step + 1]]
        if step >= first:
            # Sorted by subject, relation and object, as questions and their answers are.
            asked, where = np.unique(of_step[:, :2], axis=0, return_index=True)
            for (subject, relation), start, end in zip(asked, where, [*where[1:], len(of_step)], strict=True):
                scores = known.scores(int(subject), int(relation), step)
                answers = of_step[start:end, 2]
                wrong = np.delete(scores, answers)
                for answer in answers:
                    mine = scores[answer]
                    found.append(1 + (wrong > mine).sum() + (wrong == mine).sum() / 2)
        known.take(of_step, step)
    return np.array(found)


def interval(difference: np.ndarray, group: np.ndarray) -> tuple[float, float]:
    """95% interval of a mean, by drawing whole days anew: answers of one day hang together."""
    chance = np.random.default_rng(1)
    days, place = np.unique(group, return_inverse=True)
    sums, counts = np.bincount(place, difference), np.bincount(place)
    drawn = chance.integers(0, len(days), (RESAMPLES, len(days)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def entities(folder: Path, on: str) -> dict[str, object]:
    began, cpu = time.monotonic(), time.process_time()
    read = read_facts(folder)
    first, last = read.parts[1], int(read.facts.time[-1])
    if on == "valid":
        first, last = read.parts[0], read.parts[1] - 1
    found = list(rank_steps(read, first, last))
    ours = score_ranks(found, time.monotonic() - began)
    cpu = time.process_time() - cpu
    rank, seen = np.concatenate([each.rank for each in found]), np.concatenate([each.seen for each in found])
    day = np.repeat(np.arange(len(found)), [len(each.rank) for each in found])
    began = time.monotonic()
    rival = baseline_ranks(folder, first, last)
    seconds = time.monotonic() - began
    parts = {"all": np.ones(len(rank), bool), "seen": seen, "new": ~seen}
    table = {}
    for name, which in parts.items():
        difference = 1 / rank[which] - 1 / rival[which]
        table[name] = {
            "n": int(which.sum()),
            "ours": {"mrr": float((1 / rank[which]).mean()), **_hits(rank[which])},
            "recurrency": {"mrr": float((1 / rival[which]).mean()), **_hits(rival[which])},
            "difference": float(difference.mean()),
            "interval": interval(difference, day[which]),
        }
    return {"ours": ours.as_json(), "cpu_seconds": cpu, "recurrency_seconds": seconds, "paired": table}


def _hits(rank: np.ndarray) -> dict[str, float]:
    return {f"hits@{most}": float((rank <= most).mean()) for most in (1, 3, 10)}


def acts(folder: Path, on: str, predictions: Path | None) -> dict[str, object]:
    began, cpu = time.monotonic(), time.process_time()
    found = evaluate_acts(folder, on=on, predictions=predictions)
    ours = found.losses["ours"]
    chance = np.random.default_rng(1)
    drawn = chance.integers(0, len(ours), (RESAMPLES, len(ours)))
    gains = {}
    for name in ("classes", "own"):
        gain = found.losses[name] - ours
        gains[name] = [float(v) for v in (gain.mean(), *np.quantile(gain[drawn].mean(axis=1), [0.025, 0.975]))]
    return {
        "raw_mrr": found.mrr,
        "raw_mrr_interval": interval(1 / found.rank, found.step),
        "hits": found.hits,
        "mrr_seen_pair": found.mrr_seen_pair,
        "mrr_new_pair": found.mrr_new_pair,
        "n": found.n,
        "n_types": found.n_types,
        "types": {name: {"log_loss": s.log_loss, "brier": s.brier} for name, s in found.by_way.items()},
        "log_loss_gain": gains,
        "bins": [[b.n, b.said, b.came] for b in found.bins],
        "lost": lost(found),
        "ceiling_with_ties": float((2 / (found.together + 1)).mean()),
        "ceiling_by_the_day": by_the_day(folder, on),
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - cpu,
    }


def by_the_day(folder: Path, on: str) -> float:
    """Raw MRR of one who knows how often each act comes on the day, but not between whom."""
    read = read_facts(folder)
    facts = both_ways(read.facts, len(read.relations))
    first, last = (read.parts[0], read.parts[1] - 1) if on == "valid" else (read.parts[1], int(facts.time[-1]))
    inverse = []
    for step in range(first, last + 1):
        acts = facts.relation[facts.time == step]
        often = np.bincount(acts, minlength=2 * len(read.relations))
        rank = 1 + (often > often[:, None]).sum(axis=1) + ((often == often[:, None]).sum(axis=1) - 1) / 2
        inverse.append(1 / rank[acts])
    return float(np.concatenate(inverse).mean())


def lost(found: ActScores) -> list[dict[str, object]]:
    """How far ranks are from the most that "raw" ranks allow, by what is asked."""
    ceiling, inverse = found.ceiling(), 1 / found.rank
    parts = {"all": found.met | True, "met before": found.met, "never met": ~found.met}
    parts |= {f"{n} acts": found.together == n for n in (1, 2, 3)} | {"4 acts and more": found.together > 3}
    return [
        {
            "of": name,
            "share": float(which.mean()),
            "mrr": float(inverse[which].mean()),
            "ceiling": float(ceiling[which].mean()),
            "share_of_loss": float((ceiling - inverse)[which].sum() / (ceiling - inverse).sum()),
            "rank_over_10": float((found.rank[which] > 10).mean()),
        }
        for name, which in parts.items()
    ]


if __name__ == "__main__":
    reading = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reading.add_argument("folder", type=Path)
    reading.add_argument("--only", choices=("entities", "acts"))
    reading.add_argument("--on", choices=("test", "valid"), default="test")
    reading.add_argument("--predictions", type=Path, metavar="FILE", help="acts: each pair's ten likeliest, with rows")
    asked = reading.parse_args()
    report = {}
    if asked.only != "acts":
        report["entities"] = entities(asked.folder, asked.on)
    if asked.only != "entities":
        report["acts"] = acts(asked.folder, asked.on, asked.predictions)
    print(json.dumps(report, indent=2))
