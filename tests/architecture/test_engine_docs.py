"""Every public function of the scoring engine says what it takes and gives, in shapes, what it refuses, and whose."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, File, files, nothing, plant

TAKES = re.compile(r"Parameters\n\s*-{3}|\b[Tt]akes\b")
GIVES = re.compile(r"Returns\n\s*-{3}|\b[Rr]eturns?\b|\bgives?\b")
REFUSES = re.compile(r"\b[Rr]aises\b|\b[Rr]efuses?\b")
SHAPES = re.compile(r"\bshapes?\b|\bas for\b|\bas `|\bwhat `")
SOURCE = re.compile(r"Source\n\s*-{3}")
CHECKS = re.compile(r"_?refuse|_?checked|real_numbers|whole_numbers|_whole")

OWN = {
    "ability.eap": "eap summarise nodes_for n_answered",
    "ability.likelihood": "log_likelihood_table",
    "ability.posterior": "grid weigh heights moments blocks",
    "ability.several": "parts_of own_answers n_items_of",
    "ability.sum_scores": "category_weights sum_scores ability_of_sums item_set_key",
    "calibration.calibrate": "group_numbers",
    "calibration.choice_correlations": "contrasts implied_covariance",
    "calibration.errors": "errors_of_told",
    "calibration.families": "family build told_of",
    "calibration.linking": "curve_differences enough_anchors",
    "calibration.maximisation": "gradient log_prior step",
    "calibration.preparation": "prepare refuse_too_few",
    "calibration.start": "start",
    "canonical": "canonical kept digest",
    "classical.items": "ability_groups",
    "curves.draws": "draw_answers",
    "curves.probabilities": "probabilities expected_scores log_binary log_graded log_nominal",
    "exact": "total",
    "forms.adaptive": "next_item choose uniform_numbers ends refuse_unless_it_fits",
    "forms.blueprint": "refuse_unless_it_fits broken_rows",
    "forms.exposure": "chosen_within passed_over",
    "forms.simulation": "simulate",
    "forms.targets": "refuse_unless_they_fit",
    "instruments.block_choices": "log_chosen",
    "instruments.block_information": "refuse_ipsative",
    "instruments.judgement": "option_scores graded_credits competency_levels",
    "instruments.norms": "norm_group z_scores t_scores iq_scores hundreds rounded report",
    "instruments.preference": "shares consistency",
    "instruments.rating": "keyed credits scale_means",
    "instruments.trait_blocks": "of_picks of_rankings correlations",
    "recipes.scoring": "score tell",
    "responses": "checked_responses checked_picks omitted_as_wrong whole_numbers real_numbers",
    "standards.classification": "normal_categories effect_of_cut effect_of_box_cuts",
    "standards.composite": "combine combine_weighted composite_categories",
    "standards.joint_axes": "error_covariance rectangle_probabilities",
    "standards.levels": (
        "level_probabilities most_probable_level expected_level attained_level distributions rising_cuts"
    ),
    "standards.match": (
        "job_person_match match_interval weighted_percentage percent_display match_probabilities match_distribution"
    ),
    "standards.mixed_axis": "mixed_axis",
    "standards.nine_box": "category box normal_axis box_chances chances_of_cells known_axis possible_boxes",
    "standards.thresholds": "is_exact",
    "standards.together": "checked_estimates",
    "standards.talent_value": "axis_interval mix talent_box axis_intervals",
    "validity.guttman": "step_proportions",
    "validity.mantel_haenszel": "checked_groups strata_counts answered_alike purified",
    "validity.matches": "longest_wrong_run checked_pairs",
    "validity.response_times": "log_times",
    "validity.similarity": "pairs_within pairs_in_view both_ways holm_within",
}
"""Functions by module that follow no paper: definitions, counting, checking, laying out, rules of this platform."""


def public_functions(root: Path) -> Iterator[tuple[File, ast.FunctionDef]]:
    for file in files(root, "scoring_engine"):
        for node in ast.iter_child_nodes(file.syntax):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield file, node


def module(file: File) -> str:
    return file.name.removeprefix("scoring_engine/").removesuffix(".py").replace("/", ".")


def may_refuse(function: ast.FunctionDef) -> bool:
    called = {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(function))
    return raises or any(CHECKS.match(name) for name in called)


def has_arrays(function: ast.FunctionDef) -> bool:
    annotated = [ast.unparse(one.annotation) for one in function.args.args if one.annotation]
    return any(word in annotation for annotation in annotated for word in ("ArrayLike", "Floats", "Ints", "Answers"))


def silent_functions(root: Path, own: dict[str, str]) -> Iterator[str]:
    for file, function in public_functions(root):
        said = ast.get_docstring(function) or ""
        lacking = [
            name
            for name, wanted, needed in (
                ("what it takes", TAKES, bool(function.args.args)),
                ("what it gives", GIVES, True),
                ("what it refuses", REFUSES, may_refuse(function)),
                ("shapes", SHAPES, has_arrays(function)),
                ("its source", SOURCE, function.name not in own.get(module(file), "").split()),
            )
            if needed and not wanted.search(said)
        ]
        if lacking:
            yield file.at(function.lineno, f"{function.name} does not say {', '.join(lacking)}")


def test_every_public_function_of_the_engine_is_documented():
    nothing(list(silent_functions(ROOT, OWN)))


def test_no_function_is_excused_that_is_not_there_or_names_its_source():
    there = {
        (module(file), function.name)
        for file, function in public_functions(ROOT)
        if not SOURCE.search(ast.get_docstring(function) or "")
    }
    nothing([f"{name}.{one}" for name, those in OWN.items() for one in those.split() if (name, one) not in there])


def test_a_silent_function_is_caught(tmp_path):
    text = 'def eap(x: Floats) -> Floats:\n    """Estimate ability."""\n    real_numbers(x)\n    return x\n'
    plant(tmp_path, {"scoring_engine/new.py": text + "def _own(x):\n    pass\n"})
    wanted = (
        "scoring_engine/new.py:1: eap does not say what it takes, what it gives, what it refuses, shapes, its source"
    )
    assert list(silent_functions(tmp_path, {})) == [wanted]
