"""Collects the forms of pyxform's own tests, and what pyxform makes of each.

Run by hand, in an environment that has pyxform 4.5.0 (a later one tells what has changed):

    pip download pyxform==1.6.0 --no-deps && unzip -d tests-of pyxform-1.6.0-*.whl
    pip install pyxform==4.5.0
    python collect.py tests-of ../../../crates/xlsform/tests/data/pyxform.zip

Version 1.6.0 is the last whose package holds its tests; pyxform is under BSD-2-Clause, and its
licence goes into the archive. In it: `files/` are the workbooks as they are, `inline/` the Markdown
tables of the tests, `pyxform.tsv` one line a form: name, `ok` or `error`, the message, and every
bind of the XForm as `path|type|flags`, and the names of the choices of each list as JSON.
"""

import ast
import contextlib
import io
import json
import pathlib
import re
import sys
import textwrap
import zipfile
from xml.etree import ElementTree

import pyxform
from pyxform.xls2xform import convert

XFORMS = "{http://www.w3.org/2002/xforms}"
BIND = f"{XFORMS}bind"
FLAGS = {"required": "m", "relevant": "v", "constraint": "c", "calculate": "k", "readonly": "o"}


def inline(tests):
    """Each Markdown table that is written out in a test, by file, test and place."""
    for path in sorted(tests.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        # A table with gaps to be filled in is no form.
        gaps = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                gaps.update(id(part) for part in node.values)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                gaps.add(id(node.func.value))
        for test in (it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)):
            texts = [
                it.value
                for it in ast.walk(test)
                if isinstance(it, ast.Constant) and isinstance(it.value, str) and id(it) not in gaps
            ]
            tables = [text for text in texts if re.search(r"^\s*\|\s*survey\s*\|", text, re.M)]
            for number, table in enumerate(tables, 1):
                yield f"inline/{path.stem}.{test.name}.{number}.md", textwrap.dedent(table).strip() + "\n"


def workbooks(tests):
    for path in sorted(tests.glob("*example_xls/*")):
        if path.suffix in {".xls", ".xlsx", ".xlsm", ".csv"}:
            yield f"files/{path.parent.name}/{path.name}", path.read_bytes()


def outcome(name, content):
    """What pyxform makes of a form."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            result = convert(
                xlsform=content if isinstance(content, bytes) else content.encode(),
                file_type="." + name.rsplit(".", 1)[1].replace("xlsm", "xlsx"),
                validate=False,
            )
    except Exception as cause:  # noqa: BLE001: whatever it says is the outcome
        return "error", " ".join(str(cause).split())[:160], "", "{}"
    root = ElementTree.fromstring(result.xform)
    binds = []
    for bind in root.iter(BIND):
        flags = "".join(flag for key, flag in FLAGS.items() if key in bind.attrib)
        binds.append(f"{bind.get('nodeset')}|{bind.get('type', '')}|{flags}")
    lists = {}
    for instance in root.iter(f"{XFORMS}instance"):
        names = [name.text for name in instance.iterfind(f"{XFORMS}root/{XFORMS}item/{XFORMS}name")]
        if names:
            lists[instance.get("id")] = names
    return "ok", "", " ".join(binds), json.dumps(lists, ensure_ascii=False)


def main():
    source, target = map(pathlib.Path, sys.argv[1:])
    found = [*workbooks(source / "pyxform/tests"), *inline(source / "pyxform/tests_v1")]
    licence = next(source.glob("pyxform-*.dist-info/LICENSE*")).read_bytes()
    table = ["\t".join([name, *outcome(name, content)]) for name, content in found]
    # One date for all: equal contents give equal bytes.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        parts = [("LICENSE", licence), *found, ("pyxform.tsv", "\n".join(table) + "\n")]
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    print(f"{len(found)} forms, pyxform {pyxform.__version__}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
