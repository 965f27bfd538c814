"""Links of a page, rewritten for the site.

The documents link to each other and to files of the checkout, as a reader of the repository needs it. The site has the folder
`docs` and some documents from elsewhere (`ELSEWHERE`). A link to any other file becomes its text and the path.
"""

from __future__ import annotations

import posixpath
import re

ELSEWHERE = {
    "README.md": "index.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "openapi/EXTENSIONS.md": "reference/extensions.md",
    "benchmarks/RESULTS.md": "explanation/speed.md",
    "benchmarks/detection.md": "explanation/detection.md",
    "benchmarks/third_generator.md": "explanation/third-generator.md",
    "mutation/RESULTS.md": "explanation/mutants.md",
}
"""The page of the site for each document that stands outside of `docs`."""
MADE_FROM = {
    "conformance/settings/conformance.schema.json": "reference/settings.md",
    "openapi/contracts/contract.schema.json": "reference/contract.md",
    "reports/schemas/run.schema.json": "reference/record.md",
    "reports/schemas/summary.schema.json": "reference/summary.md",
    "reports/schemas/fixtures.schema.json": "reference/fixtures.md",
}
"""The reference page for each JSON Schema that one is made from."""

_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]+)(?P<fragment>#[^)]*)?\)")
_ROOT = "docs/"


def rewritten(markdown: str, document: str, page: str) -> str:
    """Return the text of a document with links that hold on its page of the site.

    `document` is its path in the checkout, `page` that below `docs`:
    `[rule](docs/adding-a-rule.md)` of README.md becomes `[rule](adding-a-rule.md)` on index.md.
    """

    def of_site(found: re.Match[str]) -> str:
        target = found["target"]
        if ":" in target:
            return found[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document), target))
        wanted = (ELSEWHERE | MADE_FROM).get(path) or (path.removeprefix(_ROOT) if path.startswith(_ROOT) else None)
        if wanted is None:
            return f"{found['text']} (`{path}`)" if found["text"].strip("`") != path else f"`{path}`"
        relative = posixpath.relpath(wanted, posixpath.dirname(page) or ".")
        return f"{found['image']}[{found['text']}]({relative}{found['fragment'] or ''})"

    return _LINK.sub(of_site, markdown)
