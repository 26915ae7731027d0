"""What came to browsers after Chromium 109 or Firefox 115 ESR and is likely to be written.

Versions are those of the vendors' release notes. Each entry comes with an example that its pattern must find.
"""

from typing import NamedTuple

CHROMIUM, FIREFOX = 109, 115
"""The oldest that a participant may sit before."""


class Feature(NamedTuple):
    """Something that one of the two lacks; a version of None means that the vendor had none when this was written."""

    name: str
    pattern: str
    chromium: int | None
    firefox: int | None
    example: str


FEATURES = {
    ".css": [
        Feature(
            "nesting",
            r"[{;]\s*&|\{[^{}@]*[;{]\s*[.#:\[>+~][^;{}]*\{",
            120, 117, "a { color: red; & b { color: blue } }",
        ),
        Feature(":has()", r":has\(", 105, 121, "li:has(input) { color: red }"),
        Feature(":user-invalid", r":user-(?:in)?valid\b", 119, 88, "input:user-invalid { color: red }"),
        Feature(":popover-open", r":popover-open\b", 114, 125, "p:popover-open { color: red }"),
        Feature(":state()", r":state\(", 125, 126, "p:state(on) { color: red }"),
        Feature(":dir()", r":dir\(", 120, 49, "p:dir(rtl) { color: red }"),
        Feature(
            "of in :nth-child()",
            r":nth-(?:last-)?child\([^)]*\bof\b",
            111, 113, "li:nth-child(2 of .on) { color: red }",
        ),
        Feature(
            "names of :root on a backdrop",
            r"::backdrop\s*\{[^}]*var\((?!--veil\b)",
            122, 120, "dialog::backdrop { background: var(--track) }",
        ),
        Feature("color-mix()", r"\bcolor-mix\(", 111, 113, "p { color: color-mix(in srgb, red, blue) }"),
        Feature("light-dark()", r"\blight-dark\(", 123, 120, "p { color: light-dark(red, blue) }"),
        Feature(
            "oklch() and its kin",
            r"(?<![\w-])(?:oklch|oklab|lch|lab|color)\(",
            111, 113, "p { color: oklch(40% 0.2 30) }",
        ),
        Feature("relative colours", r"\b(?:rgb|hsl|hwb)\(\s*from\b", 119, 128, "p { color: rgb(from red r g b) }"),
        Feature("subgrid", r"\bsubgrid\b", 117, 71, "p { grid-template-rows: subgrid }"),
        Feature("@property", r"@property\b", 85, 128, "@property --a { inherits: false }"),
        Feature("@scope", r"@scope\b", 118, None, "@scope (.a) { p { color: red } }"),
        Feature("@starting-style", r"@starting-style\b", 117, 129, "@starting-style { p { opacity: 0 } }"),
        Feature(
            "view transitions",
            r"@view-transition\b|\bview-transition-",
            111, None, "p { view-transition-name: a }",
        ),
        Feature(
            "anchors",
            r"@position-try\b|\banchor-name\b|\banchor\(|\bposition-anchor\b",
            125, None, "p { anchor-name: --a }",
        ),
        Feature(
            "style queries",
            r"@container[^{]*\bstyle\(",
            111, None, "@container style(--a: 1) { p { color: red } }",
        ),
        Feature(
            "scroll-driven animation",
            r"\b(?:animation|scroll|view)-timeline\b",
            115, None, "p { animation-timeline: scroll() }",
        ),
        Feature(
            "transitions of what is not shown",
            r"\btransition-behavior\b|\ballow-discrete\b",
            117, 129, "p { transition: display 1s allow-discrete }",
        ),
        Feature("text-wrap", r"\btext-wrap(?:-style|-mode)?:", 114, 121, "h1 { text-wrap: balance }"),
        Feature("white-space-collapse", r"\bwhite-space-collapse:", 114, 124, "p { white-space-collapse: preserve }"),
        Feature("text-box", r"\btext-box(?:-trim|-edge)?:", 133, None, "p { text-box: trim-both cap alphabetic }"),
        Feature("field-sizing", r"\bfield-sizing:", 123, None, "input { field-sizing: content }"),
        Feature(
            "interpolate-size",
            r"\binterpolate-size:|\bcalc-size\(",
            129, None, "p { interpolate-size: allow-keywords }",
        ),
        Feature(
            "mask without a prefix",
            r"(?<!-)\bmask(?:-image|-size|-position|-repeat)?:",
            120, 53, "p { mask-image: none }",
        ),
        Feature("linear()", r"(?<![\w-])linear\(", 113, 112, "p { transition: all 1s linear(0, 1) }"),
        Feature(
            "sine and its kin",
            r"(?<![\w-])(?:sin|cos|tan|atan2?|pow|sqrt|hypot|log|exp)\(",
            111, 108, "p { width: calc(1px * cos(30deg)) }",
        ),
        Feature(
            "round(), mod() and rem()",
            r"(?<![\w-])(?:round|mod|rem)\(",
            125, 118, "p { width: round(10.5px, 1px) }",
        ),
        Feature("abs() and sign()", r"(?<![\w-])(?:abs|sign)\(", 138, 118, "p { width: abs(-1px) }"),
        Feature("if()", r":[^;{}]*(?<![\w-])if\(", 137, None, "p { width: if(style(--a): 1px) }"),
        Feature("attr() with a type", r"\battr\([^)]*\btype\(", 133, None, "p { width: attr(data-w type(<length>)) }"),
        Feature("lh", r"(?<=\d)r?lh\b", 109, 120, "p { min-height: 2lh }"),
        Feature("zoom", r"(?<![\w-])zoom:", 1, 126, "p { zoom: 2 }"),
        Feature("content-visibility", r"\bcontent-visibility:", 85, 125, "p { content-visibility: auto }"),
        Feature(
            "scripting queries",
            r"@media[^{]*\(scripting\b",
            120, 113, "@media (scripting: none) { p { color: red } }",
        ),
        Feature("font-size-adjust", r"\bfont-size-adjust:", 127, 3, "p { font-size-adjust: 0.5 }"),
        Feature("::details-content", r"::details-content\b", 131, None, "details::details-content { color: red }"),
        Feature("::highlight()", r"::highlight\(", 105, 140, "::highlight(a) { color: red }"),
    ],
    ".js": [
        Feature("Array.fromAsync", r"\bArray\.fromAsync\b", 121, 115, "await Array.fromAsync(many);"),
        Feature(
            "copies by method",
            r"\.(?:toSorted|toReversed|toSpliced)\(",
            110, 115, "const other = many.toSorted();",
        ),
        Feature("a copy by with()", r"\.with\(\s*-?[\w.]+\s*,", 110, 115, "const other = many.with(1, 2);"),
        Feature("groupBy", r"\b(?:Object|Map)\.groupBy\b", 117, 119, "Object.groupBy(many, by);"),
        Feature(
            "Promise.withResolvers",
            r"\bPromise\.withResolvers\b",
            119, 121, "const { resolve } = Promise.withResolvers();",
        ),
        Feature("Promise.try", r"\bPromise\.try\b", 128, 134, "Promise.try(act);"),
        Feature(
            "Set methods",
            r"\.(?:is(?:Sub|Super)setOf|isDisjointFrom|union|intersection|difference|symmetricDifference)\(",
            122, 127, "one.union(other);",
        ),
        Feature(
            "iterator helpers",
            r"\.(?:keys|values|entries)\(\)\s*\.(?:map|filter|take|drop|flatMap|reduce|toArray|some|every|find)\(",
            122, 131, "map.values().map(double);",
        ),
        Feature("Iterator", r"\bIterator\.(?:from|prototype|concat)\b", 122, 131, "Iterator.from(many);"),
        Feature(
            "import attributes",
            r"^import\b[^;]*\bwith\s*\{",
            123, 138, 'import { a } from "./a.json" with { type: "json" };',
        ),
        Feature("using", r"^\s*(?:await\s+)?using\s+\w+\s*=", 134, 141, "using file = open();"),
        Feature(
            "the v flag",
            r"(?<=[^\s*/])/[dgims]*v[dgimsy]*(?=[\s;,.)\]])(?<!\w/v)",
            112, 116, "const letters = /[a-z]/v;",
        ),
        Feature(
            "twins among named groups",
            r"\(\?<(\w+)>[^/\n]*\|[^/\n]*\(\?<\1>",
            125, 129, "const read = /(?<a>1)|(?<a>2)/;",
        ),
        Feature("modifiers of expressions", r"\(\?[ims]+(?:-[ims]+)?:", 125, 132, "const read = /(?i:a)b/;"),
        Feature("RegExp.escape", r"\bRegExp\.escape\b", 136, 134, "RegExp.escape(words);"),
        Feature("well-formed strings", r"\.(?:is|to)WellFormed\(", 111, 119, "words.isWellFormed();"),
        Feature("Intl.DurationFormat", r"\bIntl\.DurationFormat\b", 129, 136, "new Intl.DurationFormat();"),
        Feature("Intl.Segmenter", r"\bIntl\.Segmenter\b", 87, 125, "new Intl.Segmenter();"),
        Feature("Temporal", r"\bTemporal\.", 144, 139, "Temporal.Now.instant();"),
        Feature(
            "bytes to text",
            r"\bUint8Array\.from(?:Base64|Hex)\b|\.to(?:Base64|Hex)\(",
            140, 133, "bytes.toBase64();",
        ),
        Feature(
            "sumPrecise and Float16",
            r"\bMath\.(?:sumPrecise|f16round)\b|\bFloat16Array\b",
            135, 129, "Math.f16round(1);",
        ),
        Feature(
            "buffers that grow",
            r"\bnew ArrayBuffer\([^)]*maxByteLength",
            111, 128, "new ArrayBuffer(1, { maxByteLength: 2 });",
        ),
        Feature("URL.canParse", r"\bURL\.(?:canParse|parse)\(", 120, 115, "URL.canParse(words);"),
        Feature("AbortSignal.any", r"\bAbortSignal\.any\b", 116, 124, "AbortSignal.any([one, other]);"),
        Feature("popovers", r"\.(?:show|hide|toggle)Popover\(", 114, 125, "box.showPopover();"),
        Feature("view transitions", r"\.startViewTransition\(", 111, None, "document.startViewTransition(act);"),
        Feature(
            "the Navigation API",
            r"\bnavigation\.(?:navigate|addEventListener|currentEntry)\b",
            102, None, "navigation.navigate(url);",
        ),
        Feature("requestClose", r"\.requestClose\(", 134, 139, "dialog.requestClose();"),
        Feature("scheduler", r"\bscheduler\.(?:yield|postTask)\(", 129, 142, "await scheduler.yield();"),
        Feature(
            "markup as a page reads it",
            r"\.setHTML(?:Unsafe)?\(|\.parseHTMLUnsafe\(|\.getHTML\(",
            124, 128, "box.setHTMLUnsafe(words);",
        ),
        Feature("moveBefore", r"\.moveBefore\(", 133, 144, "list.moveBefore(one, other);"),
        Feature(
            "pickers of files",
            r"\bshow(?:SaveFile|OpenFile|Directory)Picker\(",
            86, None, "showSaveFilePicker();",
        ),
        Feature("storage buckets", r"\bnavigator\.storageBuckets\b", 122, None, "navigator.storageBuckets.open(name);"),
        Feature(
            "streams in a loop",
            r"\bReadableStream\.from\b|for await\s*\(.*\.body\b",
            124, 117, "for await (const part of answer.body) add(part);",
        ),
        Feature(
            "Ed25519 and X25519",
            r"\b(?:Ed25519|X25519)\b",
            137, 129, 'crypto.subtle.sign("Ed25519", key, bytes);',
        ),
        Feature("Error.isError", r"\bError\.isError\b", 134, 138, "Error.isError(error);"),
    ],
    ".html": [
        Feature("popover", r"\spopover(?:target)?(?==|\s|>)", 114, 125, "<div popover></div>"),
        Feature("commands of buttons", r"\scommandfor=", 135, 144, '<button commandfor="a"></button>'),
        Feature("details that close each other", r"<details\b[^>]*\sname=", 120, 130, '<details name="a"></details>'),
        Feature("blocking", r"\sblocking=", 105, None, '<script blocking="render" src="a.js"></script>'),
        Feature(
            "shadow roots in markup",
            r"\sshadowrootmode=",
            111, 123, '<template shadowrootmode="open"></template>',
        ),
        Feature("closedby", r"\sclosedby=", 134, 141, '<dialog closedby="any"></dialog>'),
        Feature("hidden until found", r"hidden=.?until-found", 102, 139, '<p hidden="until-found"></p>'),
        Feature(
            "speculation rules",
            r"speculationrules",
            109, None, '<script type="speculationrules" src="a"></script>',
        ),
    ],
}  # fmt: skip
