import assert from "node:assert/strict";
import test from "node:test";
import { SVG_NAMESPACE, isHarmless, isOwnColour } from "../../../assessment_app/platform/static/items/drawings.js";

const XHTML = "http://www.w3.org/1999/xhtml";

test("shapes with colours and lines are harmless", () => {
  assert.ok(isHarmless(SVG_NAMESPACE, "svg", [["viewBox", "0 0 10 10"], ["fill", "none"]]));
  assert.ok(isHarmless(SVG_NAMESPACE, "path", [["d", "M1 1L9 9"], ["transform", "rotate(45 5 5)"], ["stroke", "#1a2b3c"]]));
});

test("what can do more than be seen is not", () => {
  const bad = [
    [SVG_NAMESPACE, "script", []], [SVG_NAMESPACE, "image", []], [SVG_NAMESPACE, "foreignObject", []], [XHTML, "a", []],
    [null, "svg", []], [SVG_NAMESPACE, "toString", []], [SVG_NAMESPACE, "circle", [["onload", "x"]]],
    [SVG_NAMESPACE, "rect", [["style", "fill:red"]]], [SVG_NAMESPACE, "rect", [["fill", "url(#a)"]]],
    [SVG_NAMESPACE, "rect", [["fill", "//a.id"]]], [SVG_NAMESPACE, "rect", [["fill", "\"x"]]],
    [SVG_NAMESPACE, "g", [["d", "M0 0"]]], [SVG_NAMESPACE, "svg", [["xlink:href", "a"]]],
  ];
  for (const [namespace, name, attributes] of bad) assert.equal(isHarmless(namespace, name, attributes), false, name);
});

test("a colour of its own is one that no theme can change", () => {
  assert.ok(isOwnColour("fill", "red"));
  assert.ok(isOwnColour("stroke", "#000"));
  for (const value of ["none", "currentColor", "transparent"]) assert.equal(isOwnColour("fill", value), false);
  assert.equal(isOwnColour("stroke-width", "2"), false);
});
