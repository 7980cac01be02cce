"""Every sample under tests/forms gets exactly the findings that its form's expected.toml says, and every rule has one.

README.md beside this file says how a sample is written. Nothing here knows a form by name.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.forms.catalogue import load_catalogue
from flows.forms.common_rules import common_rules
from flows.model.finding import Severity
from flows.model.zone import known_zones
from flows.receive.step import describe_file, receive
from flows.validate.checks import checks_of

FOLDER = Path(__file__).parent
EXPECTED = {
    path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))["sample"]
    for path in sorted(FOLDER.glob("*/expected.toml"))
}
ARRIVALS = EXPECTED.pop("_arrival")
SAMPLES = [
    pytest.param(form, sample, id=f"{form}/{sample['file']}")
    for form, samples in EXPECTED.items()
    for sample in samples
]


@pytest.fixture(scope="module")
def verdicts(judge_all, tmp_path_factory):
    """Every sample's verdict by form and file; a form's samples judged together, in one pass."""
    folder = tmp_path_factory.mktemp("samples")
    found = {}
    for form, samples in EXPECTED.items():
        submissions = [
            describe_file(
                FOLDER,
                FOLDER / form / s["file"],
                form,
                s.get("zone", "150571"),
                s.get("period", "2022Q3"),
            )
            for s in samples
        ]
        found |= judge_all(load_catalogue()[form], submissions, FOLDER, folder / form)
    return found


def place(finding: Any) -> tuple[Any, ...]:
    """A finding by what it breaks and where. A cell tells its row; what has no cell may tell it by itself."""
    if isinstance(finding, dict):
        return finding["code"], finding["severity"], finding.get("cell")
    return finding.code, finding.severity, finding.cell


def assert_said(expected: dict[str, Any], found: Any) -> None:
    """The words hold every fragment expected, and nothing was left to fill in."""
    for name, field in (
        ("zh", "message_zh"),
        ("en", "message_en"),
        ("mend_zh", "mend_zh"),
        ("mend_en", "mend_en"),
    ):
        assert expected.get(name, "") in getattr(found, field), f"{expected['code']} {field}"
        assert getattr(found, field), f"{expected['code']} has no {field}"
        assert "{" not in getattr(found, field), f"{expected['code']} {field} is not filled in"
    for name in ("row", "sheet"):
        assert expected.get(name) in (None, getattr(found, name)), f"{expected['code']} {name}"


def loaded(verdict: Any, name: str) -> list[str]:
    """What loads under a name, as plain text: an indicator's value in base units (`value_added/F`: of an industry), or a column's."""
    if verdict.accepted and name in verdict.accepted[0]:
        values = [row[name] for row in verdict.accepted]
    else:
        values = [
            r["value"]
            for r in verdict.accepted
            if "/".join(filter(None, (r["indicator"], r["industry"]))) == name
        ]
    return [
        "" if v is None else f"{v.normalize():f}" if isinstance(v, Decimal) else str(v)
        for v in values
    ]


@pytest.mark.parametrize(("form", "sample"), SAMPLES)
def test_a_sample_gets_its_findings_and_no_others(verdicts, form, sample):
    verdict = verdicts[f"{form}/{sample['file']}"]
    expected = sorted(
        sample.get("finding", []),
        key=lambda f: (f["code"], int("".join(c for c in f.get("cell", "0") if c.isdigit()))),
    )
    assert [place(f) for f in verdict.broken] == [place(f) for f in expected], [
        (f.code, f.cell, f.message_en) for f in verdict.broken
    ]
    for said, found in zip(expected, verdict.broken, strict=True):
        assert_said(said, found)
    assert verdict.unchecked == set(sample.get("unchecked", []))
    assert (verdict.status, len(verdict.accepted)) == (sample["status"], sample["accepted"])
    for name, values in sample.get("loads", {}).items():
        assert loaded(verdict, name) == ([values] if isinstance(values, str) else values), name


@pytest.mark.parametrize(("form", "sample"), SAMPLES)
def test_what_is_held_is_kept_whole(verdicts, form, sample):
    verdict = verdicts[f"{form}/{sample['file']}"]
    holding = [f for f in verdict.broken if f.severity in (Severity.REJECT, Severity.QUARANTINE)]
    assert bool(verdict.held) == bool(holding) or sample["file"] in (
        "empty.csv",
        "web_page.csv",
        "cut_short.xlsx",
        "garbled.csv",
        "no_rows.csv",
        "too_far_apart.xlsx",
        "answered_without_data.xlsx",
    )
    for row in verdict.held:
        assert row["data"].startswith("{")
        assert row["code"] in {f.code for f in holding}
        assert row["message_zh"]
        assert row["mend_en"]


@pytest.mark.parametrize("sample", [pytest.param(s, id=s["folder"]) for s in ARRIVALS])
def test_an_arrival_gets_its_findings(sample):
    """Samples of where a file stands: each is a little raw/ of its own."""
    received = receive(FOLDER / "_arrival" / sample["folder"], load_catalogue(), known_zones(), {})
    expected = sample.get("finding", [])
    assert [(f.code, f.severity, f.path) for f in received.findings] == [
        (f["code"], f["severity"], f["path"]) for f in expected
    ]
    for said, found in zip(expected, received.findings, strict=True):
        assert_said(said, found)


# --- no rule without a sample -----------------------------------------------------------------


def broken_by_samples() -> dict[str, set[str]]:
    """By form, the codes that its samples break."""
    codes: dict[str, set[str]] = defaultdict(set)
    for form, samples in EXPECTED.items():
        codes[form] |= {f["code"] for s in samples for f in s.get("finding", [])}
    codes["_arrival"] = {f["code"] for s in ARRIVALS for f in s.get("finding", [])}
    return codes


@pytest.mark.parametrize("form", sorted(load_catalogue()))
def test_every_form_has_good_and_bad_samples(form):
    samples = EXPECTED.get(form, [])
    assert any(not s.get("finding") for s in samples), (
        f"{form} has no good sample in tests/forms/{form}/expected.toml"
    )
    assert any(s["status"] != "accepted" for s in samples), (
        f"{form} has no sample that is held back"
    )


@pytest.mark.parametrize("form", sorted(load_catalogue()))
def test_every_declared_rule_is_broken_by_a_sample_of_its_form(form):
    declared = {check.code for check in checks_of(load_catalogue()[form])} - set(common_rules())
    without = sorted(declared - broken_by_samples()[form])
    assert not without, f"no sample in tests/forms/{form} breaks {', '.join(without)}"


def test_every_common_rule_is_broken_by_a_sample_or_has_a_test_of_its_own():
    """What is wrong with a cell or a whole file is asked of files that tests make, not of samples."""
    places = ("read", "receive", "orchestration", "ugly")
    files = [p for place in places for p in (FOLDER.parent / place).glob("*.py")]
    tests = "".join(p.read_text(encoding="utf-8") for p in files)
    broken = set().union(*broken_by_samples().values())
    broken |= {code for code in common_rules() if f'"{code}"' in tests}
    asked = {check.code for form in load_catalogue().values() for check in checks_of(form)}
    without = sorted((set(common_rules()) | asked) - broken)
    assert not without, f"no sample and no test breaks {', '.join(without)}"


@pytest.mark.parametrize("form", sorted(load_catalogue()))
def test_every_declared_rule_is_left_unchecked_by_a_sample_of_its_form(form):
    declared = {check.code for check in checks_of(load_catalogue()[form])} - set(common_rules())
    without = sorted(declared - {code for s in EXPECTED[form] for code in s.get("unchecked", [])})
    assert not without, f"no sample in tests/forms/{form} leaves {', '.join(without)} unchecked"


def test_every_sample_is_listed_and_every_listed_sample_is_there():
    listed = {FOLDER / form / s["file"] for form, samples in EXPECTED.items() for s in samples}
    there = {
        p
        for p in FOLDER.glob("*/**/*")
        if p.is_file()
        and p.name != "expected.toml"
        and not {"_arrival", "__pycache__"} & set(p.parts)
    }
    assert listed == there


def test_entities_in_samples_are_made_up_and_stand_in_a_folder_that_says_so():
    for form in load_catalogue().values():
        if form.kind == "register":
            assert all(s["file"].startswith("synthetic/") for s in EXPECTED[form.code]), form.code
