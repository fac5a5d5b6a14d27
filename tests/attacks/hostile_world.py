"""Take a folder; write a repository in which every name and text that strangers may choose is hostile; give it."""

from __future__ import annotations

import json
from pathlib import Path

from closing_world import MILL, PEOPLE, SETTINGS, World

# Marks of direction, what nobody sees, an escape sequence in one character, a line end of Unicode.
TURNS = "\u202egpj\u2066\u200b\u009b31m\u2028\ufe0f"
# A colour, a title of the window, a bell, a step back, a line end.
STEERS = "\x1b[31m\x1b]0;pwned\x07\x08\x7f\r\nerror DB000: forged"
LINK = f"[x](<javascript:{TURNS}alert(1)>) ![y](<https://evil.example/{TURNS}.png>) [z](<#no{TURNS}>)"


def quoted(text: str) -> str:
    """Return text as a YAML scalar in which every character survives."""
    return json.dumps(text)


def make_good(root: Path) -> World:
    """Return a world that can be built and closed: what the readers let through is as hostile as they let it be."""
    world = World(root)
    settings = SETTINGS.replace("  - alder\n", "").replace(
        "organisation: Tidewater Museum", f"organisation: {quoted(TURNS)}"
    )
    project = MILL["mill/project.yaml"].replace("name: Mill", f"name: {quoted(f'Mill{TURNS}')}")
    project = project.replace("title: Repair of the tide mill", f"title: {quoted(f'Repair{TURNS}')}")
    project = project.replace("objectives: [{id: O1, title: The wheel", f"objectives: [{{id: O1, title: {TURNS[0]}The")
    people = PEOPLE.replace("name: Jon Weir", f"name: {quoted(f'Jon{TURNS} Weir')}")
    world.commit(
        {
            **MILL,
            "deedbox.yaml": settings,
            "people.yaml": people,
            "mill/project.yaml": project,
            ".gitignore": "build/\n.deedbox/\n",
        },
        f"Record{TURNS}{STEERS[:30]} the mill\n\nApproved-by: A{TURNS}\x1b[31m <a@example.org>",
        author=f"Jon{TURNS}\x1b[31m Weir <jon.weir@example.org>",
    )
    notes = f"---\ntitle: {quoted(f'Log{TURNS}')}\n---\n\n# Log\n\nWords \x1b[31m{TURNS}. {LINK}\n\n<b{TURNS}>raw</b>\n"
    world.commit(
        {"mill/documents/log.md": notes}, f"Note\x1b]0;x\x07{TURNS}", author=f"\x1b[31mX{TURNS} <x@example.org>"
    )
    world.git("checkout", "--quiet", "-b", f"main-{TURNS[:3]}")
    world.git("tag", f"t-{TURNS[:3]}")
    return world


def spoil(world: World) -> None:
    """Commit what no reader lets through: each is quoted in the message of a problem."""
    steers = quoted(f"{STEERS}{TURNS}")
    world.commit(
        {
            "mill/registers/lessons.yaml": f"lessons: [{{id: {steers}, tit: x, {steers}: 1, owner: {steers}}}]\n",
            f"mill/registers/riks{TURNS}\x1b[31m\n.yaml": "risks: []\n",
            f"mill/documents/x{TURNS}\x1b[31m\n.md": f"---\ntitle: {steers}\n{steers}: 1\n---\n{{{{ no{STEERS} }}}}\n",
            "mill/documents/y.md": f"---\nfrom: {steers}\n---\n\n{{% include {steers} %}}\n",
            f"templates/t{TURNS}\x1b.md.j2": f"---\nid: {steers}\n---\n{{{{ {STEERS} }}}}",
            "mill/documents/z.md": f"{{{{ table(risks, columns=[{steers}]) }}}} {LINK}\n",
        },
        f"Spoil{TURNS}\x1b[31m",
    )


def make_web(root: Path, address: str) -> World:
    """Return a world whose names and texts are mark-up that runs, or asks `address`, wherever it gets through."""
    world = World(root)
    tags = make_tags(address)
    word = quoted(tags)
    settings = SETTINGS.replace("  - alder\n", "").replace("Tidewater Museum", word)
    project = MILL["mill/project.yaml"].replace("name: Mill", f"name: {quoted(f'Mill{tags}')}")
    project = project.replace("title: Repair of the tide mill", f"title: {word}").replace(
        "summary: One sentence.", f"summary: {word}"
    )
    people = PEOPLE.replace("name: Jon Weir", f"name: {word}").replace("role: Director", f"role: {word}")
    world.commit(
        {
            **MILL,
            "deedbox.yaml": settings,
            "people.yaml": people,
            "mill/project.yaml": project,
            "mill/documents/log.md": make_page(tags, address),
            "mill/images/a.svg": SVG,
            "theme/theme.yaml": f"fonts: {{text: {{word: {word}, pdf: {word}}}}}\n",
            ".gitignore": "build/\n.deedbox/\n",
        },
        f"Record {tags}",
        author=f"Jon {tags.replace('<', '').replace('>', '')} <jon.weir@example.org>",
    )
    return world


# What a browser would run, were this picture a part of the page, in spellings that a search for words passes over.
SVG = (
    '<s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><svg/>'
    "<s:script>top.pwned = 1; document.title = 'pwned'</s:script><s:rect width='9' height='9' fill='red'/></s:svg>"
)


def make_tags(address: str) -> str:
    """Return mark-up that ends whatever it stands in, and then does harm in many ways."""
    harm = f"window.pwned=1;document.title='pwned';new Image().src='{address}/run'"
    return (
        f"'\">--></title></style></script></textarea></template><!--><script>{harm}</script>"
        f'<img src="{address}/img" onerror="{harm}"><svg onload="{harm}"><link rel=stylesheet href="{address}/css">'
        f'<meta http-equiv=refresh content="0;url={address}/go"><base href="{address}/"><iframe srcdoc="<script>'
        f'{harm}</script>"></iframe>\u2028{{{{7*7}}}}<!-- ]]>'
    )


def make_page(tags: str, address: str) -> str:
    """Return a Markdown document with links, pictures, ids and classes of every hostile kind."""
    schemes = (
        "javascript:pwned=1", "JaVaScRiPt:pwned=1", "java&#10;script:pwned=1", "java&Tab;script:pwned=1",
        "&#1;javascript:pwned=1", "javascript&colon;pwned=1", "vbscript:pwned", "data:text/html,<script>pwned=1",
        "data:image/svg+xml,<svg onload=pwned=1>", "file:///etc/passwd", "ms-msdt:/id", "\\\\host\\share", "//host/x",
        "blob:x", "view-source:x", "jar:x", "feed:javascript:pwned=1", "search-ms:query=x", "ftp://x/y",
    )  # fmt: skip
    links = "\n\n".join(f'[w](<{one}> "{tags}") <a href="{one}">v</a>' for one in schemes)
    links += "".join(f" ![p](<{one}>)" for one in schemes if not one.startswith(("java&", "&#1", "\\")))
    return f"""---
title: {quoted(tags)}
---

# {tags} {{#x" onmouseover="pwned=1}}

{tags}

{links}

![{tags}](../images/a.svg)

[w]{{.x" onclick="pwned=1" style="background:url({address}/style)"}} `{tags}`

| {tags.replace("|", "")} | b |
|---|---|
| {tags.replace("|", "")} | <script>pwned=1</script> |

```{tags}
{tags}
```

::: {tags}
w
:::

<script>pwned=1</script>

<style>body {{ background: url({address}/style2) }}</style>

<form action="{address}/form"><button autofocus onfocus="pwned=1">x</button></form>

[^1] [@x]

[^1]: {tags}
"""
