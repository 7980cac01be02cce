"""staging.cultivation_pool: the list as it stands now."""

from __future__ import annotations


def test_a_revised_list_replaces_the_first_whole(given):
    first = given.submission("cultivation_pool", "2022Q3")
    second = given.submission(
        "cultivation_pool", "2022Q3", revision=2, path="Z1/2022Q3/cultivation_pool.r2.csv"
    )
    for submission, names in (
        (first, ("虚构企业甲", "虚构企业乙")),
        (second, ("虚构企业乙", "虚构企业丙")),
    ):
        pool = [
            {"tier": "threshold_pool", "enterprise": name, "status": "in_pool"} for name in names
        ]
        given.entries("core.cultivation_pool", submission, *pool)
    assert given.rows("staging.cultivation_pool", "enterprise, source_row, path") == [
        ("虚构企业丙", 3, "Z1/2022Q3/cultivation_pool.r2.csv"),
        ("虚构企业乙", 2, "Z1/2022Q3/cultivation_pool.r2.csv"),
    ]


def test_an_enterprise_may_stand_in_two_tiers(given):
    submission = given.submission("cultivation_pool", "2022Q3")
    tiers = ("above_threshold_plan", "specialised_sme")
    pool = [{"tier": tier, "enterprise": "虚构企业甲"} for tier in tiers]
    given.entries("core.cultivation_pool", submission, *pool)
    assert given.rows("staging.cultivation_pool", "tier, enterprise") == [
        ("above_threshold_plan", "虚构企业甲"),
        ("specialised_sme", "虚构企业甲"),
    ]
