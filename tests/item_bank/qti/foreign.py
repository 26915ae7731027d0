"""Packages as other authoring tools write them."""

from zlib import crc32

from item_bank.qti import package
from item_bank.qti.documents import ImportDefaults
from tests.item_bank.qti.stock import zip_of

DEFAULTS = ImportDefaults("potential", "intellectual", "impor", "butir impor", ("pelaksana",))
HEAD = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
WHERE = 'xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/x.xsd"'
CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
TEMPLATE = "https://www.imsglobal.org/question/qti_v3p0/rptemplates"


def item(body, declared="", processing="", name="Item_1", more="", base="identifier", cardinality="single"):
    """Give an item in the manner of a tool that is not ours."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<?xml-model href="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"?>
<qti-assessment-item {HEAD} {WHERE} identifier="{name}" title="An item" time-dependent="false" tool-name="Other">
  <qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="{base}">
    {declared}
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  {more}
  <qti-item-body>
    {body}
  </qti-item-body>
  {processing}
</qti-assessment-item>"""


def correct(*values):
    return (
        f"<qti-correct-response>{''.join(f'<qti-value>{value}</qti-value>' for value in values)}</qti-correct-response>"
    )


def mapping(worth, **bounds):
    told = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in bounds.items())
    entries = "".join(f'<qti-map-entry map-key="{key}" mapped-value="{value}"/>' for key, value in worth.items())
    return f"<qti-mapping{told}>{entries}</qti-mapping>"


def template(name):
    return f'<qti-response-processing template="{TEMPLATE}/{name}.xml"/>'


def options(*names, kind="choice", most=1, prompt="Which one?", tag="qti-simple-choice"):
    inside = "".join(f'<{tag} identifier="{name}">Option {name}</{tag}>\n' for name in names)
    asked = f"<qti-prompt>{prompt}</qti-prompt>" if prompt else ""
    return (
        f'<qti-{kind}-interaction response-identifier="RESPONSE" shuffle="true" max-choices="{most}">'
        f"{asked}{inside}</qti-{kind}-interaction>"
    )


def manifest(resources):
    return f'<?xml version="1.0"?><cp:manifest xmlns:cp="{CP}" identifier="M"><cp:metadata/><cp:organizations/>' + (
        f"<cp:resources>{''.join(resources)}</cp:resources></cp:manifest>"
    )


def resource(file, kind="imsqti_item_xmlv3p0", metadata="", more=""):
    return (
        f'<cp:resource identifier="R-{crc32(file.encode())}" type="{kind}" href="{file}">{metadata}'
        f'<cp:file href="{file}"/>{more}</cp:resource>'
    )


def package_of(*items, extra=None, resources=()):
    """Give a package of items, each a document, with more files."""
    files = {f"item{number}.xml": one for number, one in enumerate(items, start=1)}
    listed = [*map(resource, files), *resources]
    return zip_of({"imsmanifest.xml": manifest(listed), **files, **(extra or {})})


def read(*items, defaults=DEFAULTS, **more):
    return package.read(package_of(*items, **more), "lain.zip", defaults)


def read_one(*items, **more):
    """Read a package of which one item is to come in; give it, and what was reported as (what, became)."""
    read_all = read(*items, **more)
    ((one,),) = (stock.items for stock in read_all.stocks)
    return one, [(report.what, report.became) for report in read_all.reports]


def left_out(*items, **more):
    """Read a package of which nothing is to come in; give why."""
    read_all = read(*items, **more)
    assert read_all.stocks == ()
    (report,) = [one for one in read_all.reports if one.file == "item1.xml"]
    assert report.became == "it was not imported; the file is kept"
    assert "item1.xml" in read_all.kept
    return report.what
