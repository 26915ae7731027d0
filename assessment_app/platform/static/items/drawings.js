/** What a drawing may be made of: the same list as `item_bank/pictures.py`, checked again where it is shown. No DOM. */

export const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

const SHAPES = {
  svg: "viewBox width height",
  g: "",
  path: "d",
  rect: "x y width height rx ry",
  circle: "cx cy r",
  ellipse: "cx cy rx ry",
  line: "x1 y1 x2 y2",
  polyline: "points",
  polygon: "points",
  text: "x y font-size font-weight text-anchor",
};
const ANYWHERE =
  "fill fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray opacity transform";
const HARMLESS = /^[-+#%.,() \nA-Za-z0-9]*$/;
const CALL = /url|expression|import/i;
const PAINTS = new Set(["fill", "stroke"]);

export const ATTRIBUTES = Object.fromEntries(
  Object.entries(SHAPES).map(([name, own]) => [name, `${own} ${ANYWHERE}`.trim().split(" ")]),
);

/** Whether an element, told by its namespace, name and [name, value] attributes, can do nothing but be seen. */
export function isHarmless(namespace, name, attributes) {
  const allowed = namespace === SVG_NAMESPACE && Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : null;
  return allowed !== null && attributes.every(
    ([attribute, value]) => allowed.includes(attribute) && HARMLESS.test(value) && !CALL.test(value),
  );
}

/** Whether an attribute gives a colour of its own, which the theme cannot change. */
export function isOwnColour(attribute, value) {
  return PAINTS.has(attribute) && !["none", "currentcolor", "transparent"].includes(value.trim().toLowerCase());
}
