"""What cannot be right is refused in one line that names file, row and column, before any number is printed."""

from __future__ import annotations

import json

import pytest

from tests.assessment_app.commands.psychometrics.desk import LSAT6_ITEMS, responses, rows
from tests.scoring_engine.calibration.test_calibrate import LSAT6

ITEMS = "item,model,a,b,c,b1,b2\nx,2pl,1,0,,,\ny,grm,1,,,-1,1\n"
ANSWERS = "person,x,y\nann,1,2\nbo,,0\n"

BAD_RESPONSES = {
    "": "r.csv, row 1: the file is empty; it needs a header, and rows below it",
    "person,x,y\n": "r.csv: there is a header but no person below it",
    "person;x;y\nann;1;2\n": "r.csv, row 1: columns are parted by semicolons; save it with commas",
    "x,y\n1,2\n": "r.csv, row 1, column x: responses have a column person first",
    "person\nann\n": "r.csv, row 1, column person: responses have a column person first",
    "person,x,x\nann,1,2\n": "r.csv, row 1, column x: the name is there twice",
    "person,x,\nann,1,2\n": "r.csv, row 1, column 3: the column has no name",
    "person,x,z\nann,1,2\n": "r.csv, row 1, column z: there is no such item in i.csv",
    "person,x,y\nann,1,2\nann,0,1\n": "r.csv, row 3 (person ann), column person: already in row 2",
    "person,x,y\n,1,2\n": "r.csv, row 2, column person: the cell is empty",
    "person,x,y\nann,1\n": "r.csv, row 2 (person ann), column y: the row has 2 cells, the header has 3 columns",
    "person,x,y\nann,1,2,3\n": "r.csv, row 2 (person ann), column 4: the row has 4 cells, the header has 3 columns",
    "person,x,y\nann,1,2\n\nbo,1,2\n": "r.csv, row 3, column person: the row has 0 cells",
    "person,x,y\nann,1,3\n": "r.csv, row 2 (person ann), column y: 3 is no answer to this item, which has 0 to 2",
    "person,x,y\nann,1,2\nbo,2,2\n": "r.csv, row 3 (person bo), column x: 2 is no answer to this item, which has 0",
    "person,x,y\nann,-1,2\n": "r.csv, row 2 (person ann), column x: '-1' is no response: a whole number from 0 to 126",
    "person,x,y\nann,NA,2\n": "r.csv, row 2 (person ann), column x: 'NA' is no response",
    "person,x,y\nann,1.0,2\n": "r.csv, row 2 (person ann), column x: '1.0' is no response",
    "person,x,y\nann,127,2\n": "r.csv, row 2 (person ann), column x: '127' is no response",
    'person,x,y\n"a\nnn",1,7\n': "r.csv, row 2 (person a nn), column y: 7 is no answer",
    'person,x,y\nann,"1,2\n': "r.csv, row 2: no CSV",
}


@pytest.mark.parametrize("text", BAD_RESPONSES)
def test_responses_that_cannot_be_are_refused_with_row_and_column(desk, text):
    desk.write("i.csv", ITEMS)
    desk.write("r.csv", text)
    for command in ("irt score --estimator eap", "irt fit"):
        assert desk.refuses(f"{command} --items i.csv --responses r.csv").startswith(BAD_RESPONSES[text])


HEAD = "item,model,a,b,c,u,b1,b2\n"
BAD_ITEMS = {
    "item,model,a,b,z\nx,2pl,1,0,\n": "i.csv, row 1, column z: there is no such column",
    "item,a,b\nx,1,0\n": "i.csv, row 1, column model: the column is missing",
    "item,model,a,b\nx,2pl,1,0\nx,2pl,1,0\n": "i.csv, row 3 (item x), column item: already in row 2",
    HEAD + "x,5pl,1,0,,,,\n": "i.csv, row 2 (item x), column model: '5pl' is no model",
    HEAD + "x,2pl,1,,,,,\n": "i.csv, row 2 (item x), column b: the cell is empty, but 2pl needs it",
    HEAD + 'x,2pl,"0,9",1,,,,\n': "i.csv, row 2 (item x), column a: '0,9' is not a number",
    HEAD + "x,2pl,nan,1,,,,\n": "i.csv, row 2 (item x), column a: 'nan' is not a number",
    HEAD + "x,2pl,1e999,1,,,,\n": "i.csv, row 2 (item x), column a: '1e999' is not a number",
    HEAD + "x,2pl,-0.5,1,,,,\n": "i.csv, row 2 (item x), column a: slope -0.5 is not positive",
    HEAD + "x,2pl,1,1,0.2,,,\n": "i.csv, row 2 (item x), column c: 2pl has no such parameter",
    HEAD + "x,rasch,1.2,1,,,,\n": "i.csv, row 2 (item x), column a: rasch has no such parameter",
    HEAD + "x,3pl,1,1,1.2,,,\n": "i.csv, row 2 (item x), column c: the asymptotes 1.2 and 1.0 do not rise",
    HEAD + "x,4pl,1,1,0.4,0.3,,\n": "i.csv, row 2 (item x), column u: the asymptotes 0.4 and 0.3 do not rise",
    HEAD + "x,grm,1,,,,1,-1\n": "i.csv, row 2 (item x), column b2: thresholds 1, -1 do not rise",
    HEAD + "x,grm,1,,,,,1\n": "i.csv, row 2 (item x), column b1: the cell is empty, but grm needs it",
    HEAD + "x,grm,1,0,,,,\n": "i.csv, row 2 (item x), column b1: grm needs b1, b2, ... here",
    "item,model,a1,a2,c1,c2\nx,nrm,1,2,0,\n": "i.csv, row 2 (item x), column c2: the cell is empty, but nrm needs it",
    "item,model,a,b,flag\nx,2pl,1,0,not_converged\n": "i.csv, row 2 (item x), column flag: this calibration did not",
    "item,model,a,b,categories\nx,2pl,1,0,2 1\n": "i.csv, row 2 (item x), column categories: '2 1' does not name 2",
}


@pytest.mark.parametrize("text", BAD_ITEMS)
def test_parameters_out_of_range_are_refused_with_row_and_column(desk, text):
    desk.write("i.csv", text)
    desk.write("r.csv", "person,x\nann,1\n")
    for command in ("irt score --responses r.csv --estimator wle", "irt info --theta=0:1:1"):
        assert desk.refuses(f"{command} --items i.csv").startswith(BAD_ITEMS[text])


def test_what_other_programs_write_for_an_unused_parameter_is_taken(desk):
    desk.write("i.csv", "item,model,a,b,c,u\nx,2pl,1,0,0,1\ny,rasch,1,0,0,1\nz,3pl,1,0,0.2,1.0\n")
    assert len(desk.does("irt info --items i.csv --theta=0").rows) == 4


def test_a_byte_order_mark_and_windows_line_ends_are_taken(desk):
    desk.write("i.csv", "\ufeff" + ITEMS.replace("\n", "\r\n"))
    desk.write("r.csv", "\ufeff" + ANSWERS.replace("\n", "\r\n") + "\r\n\r\n")
    found = desk.does("irt score --items i.csv --responses r.csv --estimator eap").rows
    assert [row["person"] for row in found] == ["ann", "bo"]


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(desk):
    desk.write("i.csv", ITEMS)
    command = "irt score --items i.csv --responses r.csv --estimator eap"
    assert desk.refuses(command) == "r.csv cannot be read (No such file or directory)"
    (desk.folder / "r.csv").write_bytes("person,x,y\nJosé,1,1\n".encode("latin-1"))
    assert desk.refuses(command).startswith("r.csv: row 1 or one soon after it is not UTF-8")
    desk.write("r.csv", ANSWERS)
    desk.write("i.csv", "")
    assert desk.refuses(command).startswith("i.csv, row 1: the file is empty")


BAD_CALIBRATIONS = {
    "--model 2pl --groups g.csv": "--groups and --reference go together",
    "--model 2pl --groups g.csv --reference R": "g.csv, column person: 999 of 1000 persons are not in it, the first is",
    "--model 2pl --groups twice.csv --reference R": "twice.csv, row 3 (person p1), column person: already in row 2",
    "--model 2pl --groups all.csv --reference Q": "all.csv: no person is in the reference group 'Q'",
    "--model-file m.csv": "item i1 has no model; give --model for all, or name it in --model-file",
    "--model 2pl --model-file strange.csv": "strange.csv, row 2 (item i9), column item: the responses have no such",
    "--model 2pl --model-file wrong.csv": "wrong.csv, row 2 (item i1), column model: 'irt' is no model",
    "--model 3pl": "lsat6.csv: 3pl needs at least 3000 persons, these are 1000",
    "--model 2pl --anchors none.csv": "none.csv, column item: none of these items is a column of lsat6.csv",
    "--model 2pl --out lsat6.csv": "lsat6.csv is given for something else too; it would be lost",
    "--model 2pl --out nowhere/items.csv": "nowhere/items.csv cannot be written: there is no folder",
    "--model 2pl --out .": ". is not an ordinary file",
}


@pytest.mark.parametrize("words", BAD_CALIBRATIONS)
def test_a_calibration_that_cannot_be_is_refused(desk, words):
    desk.lsat6()
    before = desk.read("lsat6.csv")
    desk.write("g.csv", "person,group\np1,R\n")
    desk.write("twice.csv", "person,group\np1,R\np1,R\n")
    desk.write("all.csv", "\n".join(["person,group", *(f"p{number},R" for number in range(1, 1001))]) + "\n")
    desk.write("m.csv", "item,model\ni2,2pl\n")
    desk.write("strange.csv", "item,model\ni9,2pl\n")
    desk.write("wrong.csv", "item,model\ni1,irt\n")
    desk.write("none.csv", "item,model,a,b\nz,2pl,1,0\n")
    assert desk.refuses(f"irt calibrate --responses lsat6.csv {words}").startswith(BAD_CALIBRATIONS[words])
    assert desk.read("lsat6.csv") == before


def test_a_model_of_right_or_wrong_refuses_a_third_category_with_its_place(desk):
    desk.write("r.csv", "person,x\nann,1\nbo,2\n")
    line = desk.refuses("irt calibrate --responses r.csv --model rasch")
    assert line.startswith("r.csv, row 3 (person bo), column x: 2 is no answer to this item, which as rasch is wrong 0")


def test_a_calibration_that_does_not_converge_ends_with_3_and_cannot_be_used(desk):
    desk.lsat6()
    said = desk.run("irt calibrate --responses lsat6.csv --model 2pl --most-cycles 3 --json --out items.csv")
    assert said.code == 3
    assert "NOT CONVERGED after 3 cycles; last change 0." in said.err
    assert said.err.strip().endswith("; do not use these parameters")
    assert (said.document["converged"], said.document["iterations"]) == (False, 3)
    assert {row["flag"] for row in rows(desk.read("items.csv"))} == {"not_converged"}
    line = desk.refuses("irt score --items items.csv --responses lsat6.csv --estimator eap")
    assert line.startswith("items.csv, row 2 (item i1), column flag: this calibration did not converge")


BAD_PAIRS = {
    "person_a,person_b\np1,p1\n": "p.csv, row 2, column person_b: the same person as person_a",
    "person_a,person_b\np1,p2\np1,p2\n": "p.csv, row 3, column person_a: the pair is already in row 2",
    "person_a,person_b\np1,p9999\n": "p.csv, row 2, column person_b: 'p9999' has no responses",
    "person_a,person_c\np1,p2\n": "p.csv, row 1, column person_c: there is no such column",
    "person_a,person_b\n": "p.csv: there is a header but no row below it",
}


@pytest.mark.parametrize("text", BAD_PAIRS)
def test_pairs_that_cannot_be_are_refused(desk, text):
    desk.calibrated()
    desk.write("p.csv", text)
    line = desk.refuses("similarity --items items.csv --responses lsat6.csv --pairs p.csv")
    assert line.startswith(BAD_PAIRS[text])


BAD_SCORES = {
    "person,x,se_x,y\nA,1,1,1\n": "s.csv, row 1, column se_y: the column is missing",
    "person,x,se_x,y,se_y\nA,1,-1,1,1\n": "s.csv, row 2 (person A), column se_x: a standard error is not negative",
    "person,x,se_x,y,se_y\nA,high,1,1,1\n": "s.csv, row 2 (person A), column x: 'high' is not a number",
    "person,x,se_x,y,se_y,cov_xy\nA,1,1,1,1,2\n": "s.csv, row 2 (person A), column cov_xy: a covariance is at most",
    "person,x,se_x,y,se_y,cov_xy\nA,1,1,1,1,\n": "s.csv, row 2 (person A), column cov_xy: the cell is empty",
}


@pytest.mark.parametrize("text", BAD_SCORES)
def test_scores_that_cannot_be_boxed_are_refused(desk, text):
    desk.write("s.csv", text)
    desk.write("rules.json", '{"performance": [0, 1], "potential": [0, 1]}')
    assert desk.refuses("nine-box --scores s.csv --rules rules.json").startswith(BAD_SCORES[text])


GOOD = {"performance": [0, 1], "potential": [0, 1]}
BAD_RULES = {
    "": "rules.json: no JSON",
    "[]": "rules.json: rules are an object",
    '{"performance": [0, 1]}': "rules.json, 'potential': two cuts are needed",
    '{"performance": [0, 1], "performance": [0, 2], "potential": [0, 1]}': "rules.json: no JSON ('performance' is",
    json.dumps(GOOD | {"performance": [1, 0]}): "rules.json, 'performance': the cut of high, 0, must lie above",
    json.dumps(GOOD | {"performance": [0, True]}): "rules.json, 'performance': true is not a number",
    json.dumps(GOOD | {"performance": [0, float("nan")]}): "rules.json, 'performance': NaN is not a number",
    json.dumps(GOOD | {"near": 0.7}): "rules.json, 'near': there is no such rule",
    json.dumps(GOOD | {"near_cut": 7}): "rules.json, 'near_cut': 7 is no probability",
    json.dumps(GOOD | {"numbering": [[1, 2, 3], [4, 5, 6], [7, 8, 8]]}): "rules.json, 'numbering': three rows of three",
    json.dumps(GOOD | {"numbering": [1, 2, 3, 4, 5, 6, 7, 8, 9]}): "rules.json, 'numbering': three rows of three",
}


@pytest.mark.parametrize("text", BAD_RULES)
def test_rules_that_cannot_be_are_refused(desk, text):
    desk.write("s.csv", "person,x,se_x,y,se_y\nA,1,1,1,1\n")
    desk.write("rules.json", text)
    assert desk.refuses("nine-box --scores s.csv --rules rules.json").startswith(BAD_RULES[text])


def test_nine_box_needs_one_table_or_two(desk):
    desk.write("rules.json", json.dumps(GOOD))
    for words in ("", "--performance a.csv", "--scores s.csv --potential a.csv"):
        line = desk.refuses(f"nine-box --rules rules.json {words}")
        assert line == "give --scores, or --performance and --potential together"


@pytest.mark.parametrize("span", ["a:b:c", "0:1", "1:0:1", "0:1:0", "0:1:-1", "0:1e9:0.001", "nan", "0:inf:1"])
def test_a_span_of_abilities_that_is_none_is_refused(desk, span):
    desk.write("i.csv", ITEMS)
    assert desk.refuses(f"irt info --items i.csv --theta={span}").startswith(f"--theta {span}: ")


def test_an_item_cannot_have_the_name_of_the_row_about_the_test(desk):
    desk.write("i.csv", "item,model,a,b\ntest,2pl,1,0\n")
    assert "an item is called 'test'" in desk.refuses("irt info --items i.csv --theta=0")
    desk.write("r.csv", "person,test,x\np1,1,0\np2,0,0\np3,1,1\n")
    assert "an item is called 'test'" in desk.refuses("ctt --responses r.csv")


def test_anchors_of_another_shape_do_not_link(desk):
    desk.write("one.csv", "item,model,a,b,b1,b2\nx,2pl,1,0,,\ny,grm,1,,-1,1\n")
    desk.write("two.csv", "item,model,a,b,b1,b2\nx,2pl,1,0,,\ny,2pl,1,0,,\n")
    line = desk.refuses("irt link --from one.csv --to two.csv --method haebara")
    assert line.startswith("one.csv, row 3 (item y), column model: grm with 3 categories here, 2pl with 2 categories")
    desk.write("two.csv", "item,model,a,b\nz,2pl,1,0\n")
    assert "a link needs common items" in desk.refuses("irt link --from one.csv --to two.csv --method haebara")


def test_dif_and_ctt_refuse_what_cannot_be_compared(desk):
    desk.write("r.csv", responses(LSAT6_ITEMS, LSAT6[::100]))
    desk.write("g.csv", "\n".join(["person,group", *(f"p{number},R" for number in range(1, 11))]) + "\n")
    command = "dif --responses r.csv --groups g.csv --reference R --method mh"
    assert desk.refuses(command).startswith("g.csv, column group: everybody is in 'R'")
    desk.write("g.csv", "person,group\np1,R\np2,\n")
    assert desk.refuses(command).startswith("g.csv, row 3 (person p2), column group: the cell is empty")
    desk.write("r.csv", "person,x,y\np1,1,\np2,0,\np3,,1\n")
    assert desk.refuses("ctt --responses r.csv").startswith("r.csv: 0 persons answered every item, 3 are needed")
    line = desk.refuses("ctt --responses r.csv --missing pairwise")
    assert line.startswith("r.csv: 0 persons answered both x and y, 3 are needed")


def test_a_prior_that_is_none_is_refused(desk):
    desk.write("i.csv", ITEMS)
    desk.write("r.csv", ANSWERS)
    for words in ("--sd 0", "--sd -1", "--mean nan"):
        line = desk.refuses(f"irt score --items i.csv --responses r.csv --estimator eap {words}")
        assert line.startswith("--mean, --sd: a prior needs a finite mean and a positive sd")
