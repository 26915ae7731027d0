"""Calibrate, score, info, fit and link: the numbers against plain computations, files that read back, other models."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring_engine.calibration.calibrate import calibrate
from tests.assessment_app.commands.psychometrics.desk import LSAT6_ITEMS, responses, rows
from tests.scoring_engine.calibration.test_calibrate import LSAT6

ITEMS = """item,model,a,b,c,u,b1,b2,a1,a2,c1,c2
two,2pl,1.2,-0.3,,,,,,,,
three,3pl,0.9,0.4,0.2,,,,,,,
four,4pl,1.4,0.1,0.1,0.95,,,,,,
one,rasch,,0.7,,,,,,,,
graded,grm,1.1,,,,-0.8,0.6,,,,
credit,gpcm,0.8,,,,0.5,-0.2,,,,
plain,pcm,,,,,-0.4,0.9,,,,
named,nrm,,,,,,,0.4,1.3,0.2,-0.5
"""


def curves(theta):
    """P of every category of the items above, written out one by one."""

    def logistic(z):
        return 1 / (1 + math.exp(-z))

    def softmax(z):
        return [math.exp(x) / sum(map(math.exp, z)) for x in z]

    right = [
        logistic(1.2 * (theta + 0.3)), 0.2 + 0.8 * logistic(0.9 * (theta - 0.4)),
        0.1 + 0.85 * logistic(1.4 * (theta - 0.1)), logistic(theta - 0.7),
    ]  # fmt: skip
    first, second = logistic(1.1 * (theta + 0.8)), logistic(1.1 * (theta - 0.6))
    return [
        *([1 - p, p] for p in right),
        [1 - first, first - second, second],
        softmax([0, 0.8 * (theta - 0.5), 0.8 * (2 * theta - 0.3)]),
        softmax([0, theta + 0.4, 2 * theta - 0.5]),
        softmax([0, 0.4 * theta + 0.2, 1.3 * theta - 0.5]),
    ]


NAMES = ("two", "three", "four", "one", "graded", "credit", "plain", "named")
ANSWERS = [[1, 0, 1, 1, 2, 1, 0, 2], [0, -1, 1, 0, 1, 2, 2, 0], [-1] * 8, [1, 1, 1, 1, 2, 2, 2, 2], [0] * 8]


def posterior_moments(row, mean, sd):
    nodes = np.linspace(mean - 9 * sd, mean + 9 * sd, 2001)
    weights = np.exp(-(((nodes - mean) / sd) ** 2) / 2)
    for at, node in enumerate(nodes):
        for x, p in zip(row, curves(node), strict=True):
            weights[at] *= p[x] if x >= 0 else 1.0
    weights /= weights.sum()
    middle = (weights * nodes).sum()
    return middle, math.sqrt((weights * (nodes - middle) ** 2).sum())


def test_eap_scores_of_every_model_agree_with_a_plain_sum_over_abilities(desk):
    desk.write("items.csv", ITEMS)
    desk.write("answers.csv", responses(NAMES, ANSWERS))
    said = desk.does("irt score --items items.csv --responses answers.csv --estimator eap --mean 0.2 --sd 1.3")
    assert [row["person"] for row in said.rows] == ["p1", "p2", "p3", "p4", "p5"]
    for row, answers in zip(said.rows, ANSWERS, strict=True):
        assert (float(row["theta"]), float(row["se"])) == pytest.approx(posterior_moments(answers, 0.2, 1.3), abs=1e-7)
    assert [row["n_items"] for row in said.rows] == ["8", "7", "0", "8", "8"]
    assert [row["flag"] for row in said.rows] == ["", "", "no_items", "", ""]
    assert {row["method"] for row in said.rows} == {"eap"}


@pytest.mark.parametrize("estimator", ["ml", "wle"])
def test_a_score_that_does_not_exist_is_an_empty_cell_and_null(desk, estimator):
    desk.write("items.csv", ITEMS)
    desk.write("answers.csv", responses(NAMES, ANSWERS))
    command = f"irt score --items items.csv --responses answers.csv --estimator {estimator}"
    row, record = desk.does(command).rows[2], desk.does(command + " --json").document["scores"][2]
    assert (row["theta"], row["se"], row["flag"]) == ("", "", "no_items")
    assert (record["theta"], record["se"], record["n_items"]) == (None, None, 0)


def test_all_right_has_no_ml_and_says_so(desk):
    desk.calibrated()
    last = desk.does("irt score --items items.csv --responses lsat6.csv --estimator ml").rows[-1]
    assert (last["theta"], last["flag"]) == ("", "no_ml")


def test_items_may_stand_in_another_order_and_be_more(desk):
    desk.write("items.csv", ITEMS)
    desk.write("shuffled.csv", "\n".join([ITEMS.splitlines()[0], *reversed(ITEMS.splitlines()[1:])]) + "\n")
    desk.write("answers.csv", responses(NAMES[:5], [row[:5] for row in ANSWERS]))
    in_order = desk.does("irt score --items items.csv --responses answers.csv --estimator wle")
    other = desk.does("irt score --items shuffled.csv --responses answers.csv --estimator wle")
    assert in_order.out == other.out
    assert in_order.err == "items.csv: 3 items without responses are left out (credit, plain, named)\n"


def test_information_agrees_with_differences_of_the_curves(desk):
    desk.write("items.csv", ITEMS)
    found, h = desk.does("irt info --items items.csv --theta=-0.6:0.6:0.3").rows, 1e-5
    assert [row["theta"] for row in found[::9]] == ["-0.6", "-0.3", "0.0", "0.3", "0.6"]
    for start in range(0, len(found), 9):
        part, theta = found[start : start + 9], float(found[start]["theta"])
        sides = zip(curves(theta), curves(theta + h), curves(theta - h), strict=True)
        wanted = [sum(((y - z) / (2 * h)) ** 2 / x for x, y, z in zip(*p, strict=True)) for p in sides]
        assert [float(row["information"]) for row in part] == pytest.approx([*wanted, sum(wanted)], rel=1e-6)
        scores = [sum(k * x for k, x in enumerate(p)) for p in curves(theta)]
        assert [float(row["expected"]) for row in part] == pytest.approx([*scores, sum(scores)], rel=1e-12)
        p = [[float(row[f"p{k}"]) for k in range(3) if row[f"p{k}"]] for row in part]
        assert [x for row in p[:-1] for x in row] == pytest.approx([x for row in curves(theta) for x in row], rel=1e-12)
        assert (part[-1]["item"], p[-1]) == ("test", [])


def test_lsat_6_from_calibration_to_link(desk):
    """Published estimates: Rizopoulos (2006), Journal of Statistical Software 17(5), section 3."""
    desk.lsat6()
    done = desk.does("irt calibrate --responses lsat6.csv --model 2pl --out items.csv --json").document
    assert done["loglik"] == pytest.approx(-2466.653, abs=0.001)
    assert (done["n_parameters"], done["converged"], done["groups"]["all"]["sd"]) == (10, True, 1.0)
    assert done["aic"] == pytest.approx(20 - 2 * done["loglik"])
    assert done["bic"] == pytest.approx(10 * math.log(1000) - 2 * done["loglik"])
    assert done["seconds"] > 0
    a = [float(row["a"]) for row in rows(desk.read("items.csv"))]
    assert a == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=0.001)
    assert len(desk.does("irt score --items items.csv --responses lsat6.csv --estimator eap").rows) == 1000
    assert len(desk.does("irt info --items items.csv --theta=-4:4:0.5").rows) == 17 * 6
    fit = desk.does("irt fit --items items.csv --responses lsat6.csv --persons persons.csv").rows
    assert all(0.01 < float(row["p"]) <= 1 for row in fit)
    assert [row["item"] for row in fit] == list(LSAT6_ITEMS)
    assert len(rows(desk.read("persons.csv"))) == 1000
    for method in ("mean-mean", "mean-sigma", "haebara", "stocking-lord"):
        same = desk.does(f"irt link --from items.csv --to items.csv --method {method}").document
        assert (same["A"], same["B"]) == pytest.approx((1.0, 0.0), abs=1e-9)


def test_parameters_read_back_to_the_same_doubles(desk):
    desk.calibrated()
    found = calibrate(LSAT6, "2pl")
    for row, one in zip(rows(desk.read("items.csv")), found.items, strict=True):
        assert [float(row["a"]), float(row["b"])] == one.values.tolist()
        assert [float(row["se_a"]), float(row["se_b"])] == one.se.tolist()


def test_the_same_files_give_the_same_bytes(desk):
    desk.calibrated()
    first = desk.read("items.csv")
    commands = [
        "irt calibrate --responses lsat6.csv --model 2pl",
        "irt score --items items.csv --responses lsat6.csv --estimator map",
        "irt fit --items items.csv --responses lsat6.csv --json",
        "ctt --responses lsat6.csv",
    ]
    once = [desk.does(command).out for command in commands]
    assert once[0] == first
    assert [desk.does(command).out for command in commands] == once


def test_a_link_finds_the_line_by_which_items_were_moved(desk):
    desk.calibrated()
    moved = ["item,model,a,b"]
    for row in rows(desk.read("items.csv")):
        moved.append(f"{row['item']},2pl,{float(row['a']) / 1.25!r},{1.25 * float(row['b']) - 0.4!r}")
    desk.write("moved.csv", "\n".join(moved) + "\n")
    for method in ("mean-mean", "mean-sigma", "haebara", "stocking-lord"):
        found = desk.does(f"irt link --from items.csv --to moved.csv --method {method}").document
        assert (found["A"], found["B"]) == pytest.approx((1.25, -0.4), abs=1e-6)
        assert [anchor["item"] for anchor in found["anchors"]] == list(LSAT6_ITEMS)


def test_groups_get_a_mean_and_a_spread_each(desk):
    desk.lsat6()
    groups = [f"p{number},{'upper' if sum(row) > number % 6 else 'lower'}" for number, row in enumerate(LSAT6, 1)]
    desk.write("groups.csv", "\n".join(["person,group", *groups]) + "\n")
    command = "irt calibrate --responses lsat6.csv --model rasch --groups groups.csv --reference lower --json"
    found = desk.does(command).document["groups"]
    assert found["lower"]["mean"] == 0.0
    assert found["upper"]["mean"] > 0.5
    assert {row["a"] for row in desk.does(command).document["items"]} == {1.0}


def test_anchors_are_held_and_the_population_is_free(desk):
    desk.lsat6()
    desk.write("anchors.csv", "item,model,a,b\ni1,2pl,0.8,-2.5\ni2,2pl,0.7,-0.5\nother,2pl,1,0\n")
    said = desk.does("irt calibrate --responses lsat6.csv --model 2pl --anchors anchors.csv --json")
    one, two, three = said.document["items"][:3]
    assert (one["a"], one["b"], one["flag"], one["se_a"]) == (0.8, -2.5, "fixed", None)
    assert (two["flag"], three["flag"]) == ("fixed", "")
    assert said.document["groups"]["all"]["mean"] > 0.5
    assert "anchors.csv: 1 items without responses are left out (other)" in said.err
    assert "give --mean" in said.err


def test_a_mixed_test_names_its_models_in_a_file(desk):
    desk.lsat6()
    desk.write("models.csv", "item,model\ni2,rasch\ni4,grm\n")
    said = desk.does("irt calibrate --responses lsat6.csv --model 2pl --model-file models.csv")
    assert [row["model"] for row in said.rows] == ["2pl", "rasch", "2pl", "grm", "2pl"]
    assert [row["b1"] != "" for row in said.rows] == [False, False, False, True, False]


def test_answers_that_never_occur_are_remembered_when_their_item_is_scored(desk):
    chance = np.random.default_rng(3)
    graded = chance.integers(0, 3, (300, 4)) * 2  # the answers 1 and 3 never occur
    desk.write("graded.csv", responses(("g1", "g2", "g3", "g4"), graded))
    said = desk.does("irt calibrate --responses graded.csv --model gpcm --out items.csv")
    assert "g1: collapsed" in said.err or "g1: negative_slope" in said.err
    assert {row["categories"] for row in rows(desk.read("items.csv"))} == {"0 2 4"}
    desk.write("items.csv", "item,model,a,b1,b2,categories\ng1,gpcm,1,-0.5,0.5,0 2 4\n")
    desk.write("one.csv", "person,g1\np1,2\n")
    by_map = desk.does("irt score --items items.csv --responses one.csv --estimator eap").rows[0]
    desk.write("items.csv", "item,model,a,b1,b2\ng1,gpcm,1,-0.5,0.5\n")
    desk.write("one.csv", "person,g1\np1,1\n")
    plain = desk.does("irt score --items items.csv --responses one.csv --estimator eap").rows[0]
    assert by_map == plain
    desk.write("items.csv", "item,model,a,b1,b2,categories\ng1,gpcm,1,-0.5,0.5,0 2 4\n")
    assert "1 is no answer to this item, which has 0 2 4" in desk.refuses(
        "irt score --items items.csv --responses one.csv --estimator eap"
    )


def test_an_item_that_does_not_vary_is_written_without_numbers_and_cannot_be_scored(desk):
    answers = np.hstack([LSAT6[:, :4], np.ones((1000, 1), dtype=int)])
    desk.write("lsat6.csv", responses(LSAT6_ITEMS, answers))
    said = desk.does("irt calibrate --responses lsat6.csv --model 2pl --out items.csv")
    assert "item i5: no_variance" in said.err
    last = rows(desk.read("items.csv"))[-1]
    assert (last["a"], last["b"], last["flag"]) == ("", "", "no_variance")
    line = desk.refuses("irt score --items items.csv --responses lsat6.csv --estimator eap")
    assert line.startswith("items.csv, row 6 (item i5), column a: the cell is empty")
    assert "no_variance" in line


def test_too_few_complete_answers_leave_s_x2_empty_and_say_so(desk):
    desk.calibrated()
    desk.write("few.csv", responses(LSAT6_ITEMS, LSAT6[::20]))
    said = desk.does("irt fit --items items.csv --responses few.csv")
    assert "it needs 100 persons with complete answers and two items, not 50" in said.err
    assert [row["s_x2"] for row in said.rows] == [""] * 5
    assert all(float(row["infit"]) > 0 for row in said.rows)


def test_persons_of_irt_fit_agree_with_lz_and_errors_counted_by_hand(desk):
    desk.calibrated()
    persons = desk.does("irt fit --items items.csv --responses lsat6.csv --json").document["persons"]
    items = [(float(row["a"]), float(row["b"])) for row in rows(desk.read("items.csv"))]
    easiest = sorted(range(5), key=lambda item: -LSAT6[:, item].mean())
    for person in (40, 200, 500):
        row, answers = persons[person], LSAT6[person]
        p = [1 / (1 + math.exp(-a * (row["theta"] - b))) for a, b in items]
        w = [math.log(x / (1 - x)) for x in p]
        above = sum((x - q) * v for x, q, v in zip(answers, p, w, strict=True))
        below = math.sqrt(sum(v * v * q * (1 - q) for q, v in zip(p, w, strict=True)))
        assert row["lz"] == pytest.approx(above / below, abs=1e-9)
        errors = sum(answers[x] < answers[y] for at, x in enumerate(easiest) for y in easiest[at + 1 :])
        assert row["guttman_errors"] == errors
    assert (persons[-1]["guttman_errors"], persons[-1]["flag"]) == (None, "extreme")


def test_an_item_that_copies_another_is_flagged_and_its_error_is_empty(desk):
    desk.write("copied.csv", responses((*LSAT6_ITEMS, "copy"), np.column_stack([LSAT6, LSAT6[:, 0]])))
    said = desk.does("irt calibrate --responses copied.csv --model 2pl")
    steep = [row for row in said.rows if row["flag"] == "bound"]
    assert {row["item"] for row in steep} == {"i1", "copy"}
    assert {(float(row["a"]), row["se_a"]) for row in steep} == {(10.0, "")}
    assert "item copy: bound; its slope has no end: look for an item that it copies" in said.err
    assert "the log-likelihood is flat" not in said.err


def test_a_group_without_spread_is_told(desk):
    desk.lsat6()
    desk.write(
        "groups.csv", "person,group\n" + "".join(f"p{n},{'one' if n == 500 else 'all'}\n" for n in range(1, 1001))
    )
    said = desk.does("irt calibrate --responses lsat6.csv --model 2pl --groups groups.csv --reference all")
    assert "group one: ability has mean" in said.err
    assert "standard deviation 0.0500; it ended at its lower bound" in said.err
