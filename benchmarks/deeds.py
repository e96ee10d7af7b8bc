"""How usual it is that words run ahead of deeds: the gap of every pair in a table of yearly counts.

    python benchmarks/deeds.py icews_quad_yearly_2002_2014.csv.gz

The table has columns i, j, year, verbCoop, matlCoop, verbConf, matlConf. Pairs count that have at least 200 events of
words and 50 of deeds in all years together; both directions are added up.
"""

from __future__ import annotations

import sys

import polars as pl

from detente.measures.deeds import level

FEWEST_WORDS, FEWEST_DEEDS = 200, 50


def main(path: str) -> None:
    counts = ["verbCoop", "matlCoop", "verbConf", "matlConf"]
    pair = pl.concat_str([pl.min_horizontal("i", "j"), pl.max_horizontal("i", "j")], separator=" - ").alias("pair")
    summed = pl.read_csv(path).filter(pl.col("i") != pl.col("j")).group_by(pair).agg(pl.col(counts).sum())
    gaps = {}
    for name, said, done, accused, forced in summed.select("pair", *counts).iter_rows():
        if said + accused >= FEWEST_WORDS and done + forced >= FEWEST_DEEDS:
            gaps[name] = level(said, accused).value - level(done, forced).value
    held = pl.Series(list(gaps.values()))
    print(f"{len(held)} pairs; words above deeds in {(held > 0).mean():.1%} of them")
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        print(f"{share:4.0%} of pairs have a gap of at most {held.quantile(share):+.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
