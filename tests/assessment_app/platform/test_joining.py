"""What is joined behaves as the modules do, in Node; what cannot be joined is refused by its name."""

import json
import subprocess
from pathlib import Path

import playwright
import pytest

from assessment_app.exam.routes import SCRIPTS
from assessment_app.platform import joining
from assessment_app.platform.joining import NotJoined
from assessment_app.platform.static_files import HOUSE

NODE = Path(playwright.__file__).parent / "driver" / "node"
ENTRY, EARLY = "exam/page.js", "exam/early.js"

# What V8 itself reads in each module: the names that it exports, and all modules in the order of their evaluation.
AS_V8_READS = """
const { readFileSync } = require("node:fs");
const { posix } = require("node:path");
const vm = require("node:vm");
const [house, ...pages] = process.argv.slice(1);
const made = new Map();
function moduleOf(name) {
  const [slice, ...rest] = name.split("/");
  if (!made.has(name)) {
    const text = readFileSync(`${house}/${slice}/static/${rest.join("/")}`, "utf8");
    made.set(name, new vm.SourceTextModule(text, { identifier: name }));
  }
  return made.get(name);
}
const beside = (source, { identifier }) => moduleOf(posix.join(posix.dirname(identifier), source));
Promise.all(pages.map((page) => moduleOf(page).link(beside))).then(() => {
  const isName = (key) => typeof key === "string";
  const read = [...made].map(([name, module]) => [name, Reflect.ownKeys(module.namespace).filter(isName)]);
  console.log(JSON.stringify(Object.fromEntries(read)));
});
"""


def node(*words: str) -> str:
    """Run Node; gives what it printed."""
    return subprocess.run([NODE, *words], capture_output=True, text=True, check=True, timeout=30).stdout


def house(tmp_path: Path, **sources: str) -> Path:
    """Write modules into a house of their own; two underscores stand for a slash."""
    for name, text in ({"exam__early": ""} | sources).items():
        path = joining.place_of(tmp_path, name.replace("__", "/") + ".js")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def as_modules(place: Path) -> str:
    """Run the page as a browser would: early, then the page."""
    (place / "package.json").write_text('{"type": "module"}')
    served = place / "served"  # where an address below /static is a path
    for path in place.glob("*/static/**/*.js"):
        slice_of, _, *rest = path.relative_to(place).parts
        copied = served.joinpath(slice_of, *rest)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(path.read_bytes())
    return node("-e", f"import('{served / EARLY}').then(() => import('{served / ENTRY}'))")


def as_one_script(place: Path) -> str:
    """Run what is joined, in a page whose document is there."""
    return node("-e", f"{THERE}\n{run(place)}")


THERE = "globalThis.document = { readyState: 'complete' };"


def run(place: Path) -> str:
    """Write what runs the joined text as a script of its own: with its own directives."""
    return f"require('node:vm').runInThisContext({json.dumps(joining.join_modules(place, EARLY, ENTRY))});"


ALIKE = {
    "the same name in two modules": {
        "exam__page": 'import { tell } from "./other.js";\nconst words = "mine";\nconsole.log(words, tell());',
        "exam__other": 'const words = "its own";\nexport const tell = () => words;',
    },
    "a name taken under another": {
        "exam__page": 'import { a as b, c } from "./other.js";\nconst a = 1;\nconsole.log(a, b, c);',
        "exam__other": "export const a = 2;\nexport const c = 3;",
    },
    "a name passed on that is also taken": {
        "exam__page": 'import { a, longer } from "./between.js";\nconsole.log(a, longer);',
        "exam__between": 'import { a } from "./other.js";\nexport { a, b as longer } from "./other.js";\na.push(2);',
        "exam__other": 'export const a = [1];\nexport const b = "b";',
    },
    "modules in the order of their statements, each once": {
        "exam__page": """
import {
  two,
  twice,
} from "./screens/two.js";
import { one } from "./one.js";
console.log("page", one, two, twice);""",
        "exam__screens__two": """
import { one } from "../one.js";
console.log("two", one);
export const two = 2;
export const twice = one * 2;""",
        "exam__one": 'console.log("one");\nexport const one = 1;',
        "exam__early": 'import { one } from "./one.js";\nconsole.log("early", one);',
    },
    "another slice": {
        "exam__page": 'import { letter } from "../platform/items/picking.js";\nconsole.log(letter(2));',
        "platform__items__picking": "export function letter(index) {\n  return String.fromCharCode(65 + index);\n}",
    },
    "functions used before they stand, classes and those made of them": {
        "exam__page": """
import { Better, soon } from "./other.js";
console.log(new Better().words, soon instanceof Promise);""",
        "exam__other": """
export const soon = later();
export async function later() {}
export class Plain {
  words = "plain";
}
export class Better extends Plain {}""",
    },
    "words that look like statements": {
        "exam__page": """
// export const a = 1
/** import { b } from "./nowhere.js"; */
const a = "export const b";
console.log(a, `import { x } from "y";`, { export: 1, import: 2 });""",
    },
    "the strictness of modules": {
        "exam__page": """
let isStrict = false;
try {
  undeclared = 1;
} catch {
  isStrict = true;
}
console.log(isStrict);""",
    },
    "all that another gives, under one name": {
        "exam__page": 'import * as all from "./other.js";\nconsole.log(all.a, all.b());',
        "exam__other": "export const a = 1;\nexport function b() {\n  return a + 1;\n}",
    },
    "what is passed on before and after what is taken": {
        "exam__page": 'import { one, three } from "./between.js";\nconsole.log(one, three);',
        "exam__between": """
export { one } from "./one.js";
import { two } from "./two.js";
export { three } from "./three.js";
console.log("between", two);""",
        **{f"exam__{name}": f'console.log("{name}");\nexport const {name} = 1;' for name in ("one", "two", "three")},
    },
    "comments, which are left out": {
        "exam__page": """
/** One. */
const a = "/* no comment */"; // two
  // const a = 3;
/*
export const b = 1;
*/
console.log(a, "http://x", 4 /* five */);""",
    },
    "an import without names": {
        "exam__page": 'import {} from "./other.js";\nconsole.log("page");',
        "exam__other": 'console.log("other");',
    },
}


@pytest.mark.parametrize("sources", ALIKE.values(), ids=ALIKE)
def test_joined_or_not_it_does_the_same(tmp_path, sources):
    place = house(tmp_path, **sources)
    told = as_one_script(place)
    assert told
    assert told == as_modules(place)


def test_the_page_waits_for_the_document_and_what_comes_before_the_paint_does_not(tmp_path):
    place = house(tmp_path, exam__early='console.log("early");', exam__page='console.log("page");')
    document = "{ readyState: 'loading', addEventListener: (_, act) => waiting.push(act) }"
    loading = f"const waiting = [];\nglobalThis.document = {document};"
    end = 'console.log("document");\nwaiting.forEach((act) => act());'
    told = node("-e", f"{loading}\n{run(place)}\n{end}")
    assert told.split() == ["early", "document", "page"]


def test_nothing_of_a_page_is_seen_from_outside(tmp_path):
    place = house(tmp_path, exam__page="const mine = 1;")
    told = node("-e", f"{THERE}\n{run(place)}\nconsole.log(typeof mine, typeof $module0, typeof $start);")
    assert told.split() == ["undefined"] * 3


REFUSED = {
    "export default 1;": "export default 1;",
    'export * from "./other.js";': "export *",
    'export * as all from "./other.js";': "export * as all",
    "const a = `one\n// two`;": "const a = `one",
    'import one from "./other.js";': "import one",
    'import "./other.js";': 'import "./other.js"',
    "const a = 1;\nexport { a };": "export { a };",
    "export let a = 1;": "export let a",
    "export const { a } = {};": "export const { a }",
    "export function* many() {}": "export function*",
    '  import { a } from "./other.js";': "import { a }",
    'import { a } from "./other.js"': "import { a }",
    'const soon = import("./other.js");': "import(",
    "const here = import.meta.url;": "import.meta",
    'import { a } from "package";': "only modules of ours",
    'import { nothing } from "./other.js";': "exam/other.js does not give nothing",
    'export { nothing } from "./other.js";': "exam/other.js does not give nothing",
    'import { back } from "./circle.js";\nexport const forth = 1;': "exam/page.js -> exam/circle.js -> exam/page.js",
    'import { a-b } from "./other.js";': "not a name: a-b",
}


@pytest.mark.parametrize(("source", "told"), REFUSED.items())
def test_what_cannot_be_joined_is_refused_and_named(tmp_path, source, told):
    circle = 'import { forth } from "./page.js";\nexport const back = 1;'
    place = house(tmp_path, exam__page=source, exam__other="export const a = 1;", exam__circle=circle)
    with pytest.raises(NotJoined) as refusal:
        joining.join_modules(place, EARLY, ENTRY)
    assert told in str(refusal.value)
    assert "exam/page.js" in str(refusal.value)


def test_every_module_of_a_page_is_read_as_a_browser_reads_it():
    read: dict[str, joining.Module] = {}
    for page in SCRIPTS:
        joining.read_in_order(HOUSE, page, read)
    told = json.loads(node("--experimental-vm-modules", "--no-warnings", "-e", AS_V8_READS, str(HOUSE), *SCRIPTS))
    assert {name: sorted(module.given) for name, module in read.items()} == {
        name: sorted(names) for name, names in told.items()
    }


@pytest.mark.parametrize("page", SCRIPTS)
def test_the_script_of_a_page_is_one_that_a_browser_can_read(tmp_path, page):
    script = tmp_path / "script.cjs"
    script.write_text(joining.join_modules(HOUSE, SCRIPTS[page], page))
    node("--check", str(script))


@pytest.mark.parametrize("sheet", ["p::after { content: '</style>'; }", "@import 'other.css';", '@charset "utf-8";'])
def test_a_style_sheet_cannot_end_the_element_that_holds_it(tmp_path, sheet):
    path = joining.place_of(tmp_path, "exam/page.css")
    path.parent.mkdir(parents=True)
    path.write_text(sheet)
    with pytest.raises(NotJoined):
        joining.join_styles(tmp_path, ("exam/page.css",))
