"""ctt, dif, similarity and nine-box against plain computations."""

from __future__ import annotations

import json
import math
from itertools import product

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from tests.assessment_app.commands.psychometrics.desk import LSAT6_ITEMS, responses, rows
from tests.scoring_engine.calibration.test_calibrate import LSAT6


def test_ctt_agrees_with_the_formulas(desk):
    desk.lsat6()
    *items, whole = desk.does("ctt --responses lsat6.csv").rows
    sums = LSAT6.sum(axis=1)

    def alpha(part):
        k = part.shape[1]
        return k / (k - 1) * (1 - part.var(axis=0, ddof=1).sum() / part.sum(axis=1).var(ddof=1))

    assert whole["item"] == "test"
    assert float(whole["alpha"]) == pytest.approx(alpha(LSAT6), abs=1e-12)
    assert float(whole["kr20"]) == float(whole["alpha"])
    assert float(whole["sem"]) == pytest.approx(sums.std(ddof=1) * math.sqrt(1 - alpha(LSAT6)), abs=1e-12)
    assert 0.2 < float(whole["omega"]) < 0.4
    for at, row in enumerate(items):
        others = np.delete(LSAT6, at, axis=1)
        assert float(row["difficulty"]) == pytest.approx(LSAT6[:, at].mean(), abs=1e-12)
        assert float(row["item_rest"]) == pytest.approx(np.corrcoef(LSAT6[:, at], others.sum(axis=1))[0, 1], abs=1e-12)
        assert float(row["alpha_if_dropped"]) == pytest.approx(alpha(others), abs=1e-12)


def test_ctt_has_no_kr_20_where_an_item_has_more_than_two_categories(desk):
    desk.write("graded.csv", responses(("g1", "g2", "g3"), np.random.default_rng(1).integers(0, 4, (60, 3))))
    found = desk.does("ctt --responses graded.csv --json").document
    assert found["kr20"] is None
    assert found["alpha"] is not None
    assert [item["item"] for item in found["items"]] == ["g1", "g2", "g3"]


def test_ctt_takes_the_number_of_categories_from_the_items(desk):
    desk.write("graded.csv", responses(("g1", "g2"), [[1, 0], [0, 1], [1, 1], [2, 2], [0, 0]]))
    desk.write("items.csv", "item,model,a,b1,b2,b3,b4\ng1,grm,1,-1,0,1,2\ng2,grm,1,-1,1,,\n")
    found = desk.does("ctt --responses graded.csv --items items.csv").rows
    assert [float(row["difficulty"]) for row in found[:2]] == pytest.approx([0.8 / 4, 0.8 / 2])


def test_omega_that_does_not_exist_is_left_empty_with_its_reason(desk):
    desk.write("two.csv", responses(("g1", "g2"), [[1, 0], [0, 0], [1, 1], [1, 1], [0, 0]]))
    said = desk.does("ctt --responses two.csv")
    assert said.rows[-1]["omega"] == ""
    assert "omega is left empty: one factor needs three items" in said.err


def grouped(desk, n=400):
    """Three groups; the first item is harder for the second group, whoever it is."""
    chance = np.random.default_rng(7)
    theta, group = chance.normal(size=n), np.arange(n) % 3
    b = np.linspace(-1, 1, 8) + np.where(np.arange(8) == 0, 1, 0) * (group == 1)[:, None] * 1.5
    answers = (chance.random((n, 8)) < 1 / (1 + np.exp(-(theta[:, None] - b)))).astype(int)
    names = tuple(f"i{number}" for number in range(8))
    desk.write("answers.csv", responses(names, answers))
    lines = [f"p{number},{'RFG'[one]}" for number, one in enumerate(group, 1)]
    desk.write("groups.csv", "\n".join(["person,group", *lines]) + "\n")
    return answers, group


def holm(p):
    """Adjust p by hand: each times the number of tests that are left, never falling, at most 1."""
    adjusted, highest = dict[int, float](), 0.0
    for left, at in enumerate(sorted(range(len(p)), key=lambda at: p[at])):
        highest = max(highest, min(1.0, (len(p) - left) * p[at]))
        adjusted[at] = highest
    return [adjusted[at] for at in range(len(p))]


def mantel_haenszel_by_hand(answers, group, match, item):
    above = below = excess = variance = 0.0
    for score in range(answers.shape[1] + 1):
        inside = match == score
        a, b, c, d = (np.sum(inside & (group == g) & (answers[:, item] == x)) for g, x in product((0, 1), (1, 0)))
        n = a + b + c + d
        if a + b and c + d:
            above, below = above + a * d / n, below + b * c / n
            excess += a - (a + b) * (a + c) / n
            variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
    return above / below, max(abs(excess) - 0.5, 0.0) ** 2 / variance


def test_dif_by_mantel_haenszel_agrees_with_tables_counted_by_hand(desk):
    answers, group = grouped(desk)
    found = desk.does("dif --responses answers.csv --groups groups.csv --reference R --method mh").rows
    assert [row["focal"] for row in found] == ["F"] * 8 + ["G"] * 8
    for focal, part in ((1, found[:8]), (2, found[8:])):
        some, in_match = group != 3 - focal, [row["in_match"] == "1" for row in part]
        for item, row in enumerate(part):
            used = [other for other in range(8) if in_match[other] or other == item]
            alpha, chi2 = mantel_haenszel_by_hand(
                answers[some], (group[some] > 0).astype(int), answers[some][:, used].sum(axis=1), item
            )
            assert float(row["alpha"]) == pytest.approx(alpha, rel=1e-9)
            assert float(row["delta"]) == pytest.approx(-2.35 * math.log(alpha), rel=1e-9)
            assert float(row["statistic"]) == pytest.approx(chi2, rel=1e-9)
            assert row["flag"] == "too_small"
        p = [float(row["p"]) for row in part]
        assert [float(row["adjusted_p"]) for row in part] == pytest.approx(holm(p), rel=1e-12)
    assert (found[0]["ets_class"], found[0]["in_match"], found[8]["ets_class"]) == ("C", "0", "A")


def test_dif_by_regression_agrees_in_direction_with_mantel_haenszel(desk):
    grouped(desk)
    command = "dif --responses answers.csv --groups groups.csv --reference R --method"
    by_counts, by_regression = desk.does(f"{command} mh").rows, desk.does(f"{command} logistic").rows
    delta = np.array([[float(row["delta"]) for row in part] for part in (by_counts, by_regression)])
    assert np.corrcoef(delta)[0, 1] > 0.98
    assert float(by_regression[0]["alpha"]) > 2
    assert by_regression[0]["jg_class"] in ("B", "C")
    assert by_regression[8]["jg_class"] == "A"
    for row in by_regression:
        parts = float(row["uniform"]) + float(row["nonuniform"])
        assert float(row["statistic"]) == pytest.approx(parts, abs=1e-8)


def ability_by_hand(answers, items):
    """The highest point of the posterior under N(0, 2), by halving the slope's interval."""
    low, high = -20.0, 20.0
    for _ in range(100):
        theta = (low + high) / 2
        slope = -theta / 4 + sum(
            a * (x - 1 / (1 + math.exp(-a * (theta - b)))) for x, (a, b) in zip(answers, items, strict=True) if x >= 0
        )
        low, high = (theta, high) if slope > 0 else (low, theta)
    return theta


def test_similarity_agrees_with_sums_over_all_patterns_of_matches(desk):
    desk.calibrated()
    items = [(float(row["a"]), float(row["b"])) for row in rows(desk.read("items.csv"))]
    desk.write("pairs.csv", "person_a,person_b\np1,p2\np400,p401\np401,p400\np1000,p1\n")
    found = desk.does("similarity --items items.csv --responses lsat6.csv --pairs pairs.csv").rows
    for row in found:
        one, other = (LSAT6[int(row[name][1:]) - 1] for name in ("person_a", "person_b"))
        p, q = ([1 / (1 + math.exp(-a * (ability_by_hand(x, items) - b))) for a, b in items] for x in (one, other))
        copied = [x if answer else 1 - x for x, answer in zip(p, other, strict=True)]
        alike, matches = [x * y + (1 - x) * (1 - y) for x, y in zip(p, q, strict=True)], int((one == other).sum())
        spread = math.sqrt(sum(x * (1 - x) for x in copied))
        assert float(row["omega"]) == pytest.approx((matches - sum(copied)) / spread, abs=1e-9)
        assert float(row["omega_p"]) == pytest.approx(norm.sf(float(row["omega"])), abs=1e-12)
        tail = sum(
            math.prod(x if hit else 1 - x for x, hit in zip(alike, pattern, strict=True))
            for pattern in product((0, 1), repeat=5)
            if sum(pattern) >= matches
        )
        assert float(row["gbt_p"]) == pytest.approx(tail, abs=1e-9)
        assert row["matches"] == str(matches)
    p = [float(row["gbt_p"]) for row in found]
    assert [float(row["gbt_adjusted_p"]) for row in found] == pytest.approx(holm(p), rel=1e-12)


def test_similarity_is_adjusted_within_each_room(desk):
    desk.calibrated()
    desk.write("pairs.csv", "person_a,person_b\np1,p2\np400,p401\n")
    desk.write("rooms.csv", "person,room\np1,A\np2,A\np400,B\np401,B\n")
    found = desk.does("similarity --items items.csv --responses lsat6.csv --pairs pairs.csv --rooms rooms.csv").rows
    assert all(row["gbt_adjusted_p"] == row["gbt_p"] for row in found)
    desk.write("rooms.csv", "person,room\np1,A\np2,B\np400,B\np401,B\n")
    line = desk.refuses("similarity --items items.csv --responses lsat6.csv --pairs pairs.csv --rooms rooms.csv")
    assert line.startswith("pairs.csv, row 2, column person_b: sat in room B, person_a in A")


def test_a_pair_without_a_common_item_has_no_p(desk):
    desk.calibrated()
    desk.write("apart.csv", responses(LSAT6_ITEMS, [[1, 1, -1, -1, -1], [-1, -1, 1, 1, 0]]))
    desk.write("pairs.csv", "person_a,person_b\np1,p2\n")
    (row,) = desk.does("similarity --items items.csv --responses apart.csv --pairs pairs.csv").rows
    assert (row["omega"], row["omega_p"], row["gbt_p"], row["gbt_adjusted_p"], row["flag"]) == ("",) * 4 + ("no_items",)


RULES = {"performance": [-0.5, 0.5], "potential": [-0.4, 0.8]}


def test_nine_boxes_agree_with_rectangles_of_the_bivariate_normal(desk):
    desk.write("rules.json", json.dumps(RULES))
    desk.write("scores.csv", "person,x,se_x,y,se_y,cov_xy\nA,0.7,0.3,-0.2,0.4,0.06\nB,,,1,0.3,\nC,2.5,0,-3,0,0\n")
    first, second, third = desk.does("nine-box --scores scores.csv --rules rules.json").rows
    law = multivariate_normal([-0.2, 0.7], [[0.16, 0.06], [0.06, 0.09]])
    rows_, columns = [-9, -0.5, 0.5, 9], [-9, -0.4, 0.8, 9]
    for (row, column), box in np.ndenumerate(np.array([[1, 3, 6], [2, 5, 8], [4, 7, 9]])):
        corner = [rows_[row], columns[column]]
        mass = law.cdf([rows_[row + 1], columns[column + 1]], lower_limit=corner)
        assert float(first[f"p{box}"]) == pytest.approx(mass, abs=1e-5)
    assert first["box"] == "5"
    assert (first["near_cut"], first["flag"]) == ("1", "")
    assert set(list(second.values())[1:-1]) == {""}
    assert second["flag"] == "incomplete"
    assert (third["box"], third["p6"], third["probability"], third["near_cut"]) == ("6", "1.0", "1.0", "0")


def test_nine_boxes_from_two_tables_of_scores_join_by_person(desk):
    desk.write("rules.json", json.dumps(RULES | {"near_cut": 0.5, "numbering": [[9, 8, 7], [6, 5, 4], [3, 2, 1]]}))
    desk.write(
        "work.csv", "person,theta,se,method,n_items,flag\nA,2,0.1,eap,9,\nB,-2,0.1,eap,9,\nC,0,1,eap,0,no_items\n"
    )
    desk.write("test.csv", "person,theta,se\nB,2,0.1\nA,-2,0.1\nD,0,0.2\nC,0,0.1\n")
    found = desk.does("nine-box --performance work.csv --potential test.csv --rules rules.json --json").document
    got = [(row["person"], row["box"], row["near_cut"], row["flag"]) for row in found["persons"]]
    assert got == [
        ("A", 3, False, ""),
        ("B", 7, False, ""),
        ("C", None, None, "incomplete"),
        ("D", None, None, "incomplete"),
    ]
