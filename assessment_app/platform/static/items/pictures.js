/** Pictures on the page: drawings become nodes that take the theme's colours, photographs stay photographs. */

import { SVG_NAMESPACE, isHarmless, isOwnColour } from "./drawings.js";
import { copy, element, fill } from "./dom.js";

const SVG = "image/svg+xml";
const XMLNS = "http://www.w3.org/2000/xmlns/";
const LIGHT_NODES = [Node.TEXT_NODE, Node.CDATA_SECTION_NODE, Node.COMMENT_NODE];

/**
 * A picture in a box of its own proportions, at most `height` pixels high. With `words` it is told to who cannot
 * see it, without it is decoration of what stands beside it.
 */
export function pictureBox(image, { words = "", height = 430 } = {}) {
  const shown = image.media === SVG ? drawing(image) : photograph(image);
  if (shown === null) return refused(words);
  if (!words) shown.setAttribute("aria-hidden", "true");
  else if (image.media !== SVG) shown.alt = words;
  else {
    shown.setAttribute("role", "img");
    shown.setAttribute("aria-label", words);
  }
  const box = element("div", { className: "picture" }, [shown]);
  box.classList.toggle("picture--own-colours", hasOwnColours(shown));
  const ratio = image.width / image.height;
  box.style.aspectRatio = `${image.width} / ${image.height}`;
  box.style.width = `min(100%, ${image.width}px, ${Math.round(ratio * height)}px)`;
  return box;
}

function photograph({ media, data }) {
  const made = element("img", { src: `data:${media};base64,${data}`, alt: "", draggable: "false" });
  made.decoding = "async";
  return made;
}

/** The drawing's nodes, or null when it holds anything that a drawing may not hold. */
function drawing({ data, width, height }) {
  const parsed = new DOMParser().parseFromString(data, SVG);
  const root = parsed.documentElement;
  if (parsed.doctype || parsed.childNodes.length !== 1 || !isDrawing(root) || root.localName !== "svg") return null;
  const made = document.importNode(root, true);
  if (!made.hasAttribute("viewBox")) made.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const name of ["width", "height"]) made.removeAttribute(name);
  return made;
}

function isDrawing(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return LIGHT_NODES.includes(node.nodeType);
  const attributes = [...node.attributes].filter(({ namespaceURI }) => namespaceURI !== XMLNS);
  const named = attributes.map(({ name, value }) => [name, value]);
  return isHarmless(node.namespaceURI, node.localName, named) && [...node.childNodes].every(isDrawing);
}

function hasOwnColours(shown) {
  if (shown.namespaceURI !== SVG_NAMESPACE) return false;
  const parts = [shown, ...shown.querySelectorAll("*")];
  return parts.some((part) => [...part.attributes].some(({ name, value }) => isOwnColour(name, value)));
}

function refused(words) {
  const alert = copy("item-picture-refused");
  fill(alert, { words });
  return alert.firstElementChild;
}
