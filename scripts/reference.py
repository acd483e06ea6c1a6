"""Writes docs/reference from the docstrings; with --check says which pages are out of date."""

import ast
import sys
from pathlib import Path

import griffe

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "reference"
MODULES = {
    "chatkit.server": "the server: subclass, respond, process",
    "chatkit.types": "requests, events, items, threads",
    "chatkit.widgets": "widgets and templates",
    "chatkit.actions": "actions of widgets",
    "chatkit.store": "the ports to storage",
    "chatkit.streams": "the stream log",
    "chatkit.errors": "what can go wrong",
    "chatkit.agents": "the OpenAI Agents SDK",
    "chatkit.models": "models over plain HTTP",
    "chatkit.agui": "AG-UI in",
    "chatkit.asgi": "the web app",
    "chatkit.asgi.auth": "who asks",
    "chatkit.asgi.limits": "rates and sizes",
    "chatkit.asgi.sessions": "client secrets",
    "chatkit.asgi.wsgi": "under WSGI",
    "chatkit.backends.memory": "everything in memory",
    "chatkit.backends.owned": "owners for any store",
    "chatkit.backends.sql": "SQLite and PostgreSQL",
    "chatkit.backends.redis": "Redis Streams",
    "chatkit.backends.files": "uploads on disk and object stores",
    "chatkit.compiler": "the widget language",
    "chatkit.documents": "text of documents for the model",
    "chatkit.settings": "settings",
    "chatkit.testing": "tests of your app",
    "chatkit.icons": "names of icons",
}

BUILT = {"LateModel": "BaseModel", "_Container": "WidgetComponentBase"}
"""Bases that only say when a class is built, and what a reader knows them as."""


def exported(module: griffe.Module, path: Path) -> list[str]:
    """The names of ``__all__``, as they are written in the file."""
    if module.exports:
        return [str(name) for name in module.exports]
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def resolved(found: griffe.Object | griffe.Alias) -> griffe.Object | griffe.Alias:
    """What a name stands for; the name itself when it is another package's."""
    try:
        return found.final_target if isinstance(found, griffe.Alias) else found
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return found


def text_of(item: griffe.Object | griffe.Alias) -> str:
    """The docstring, with its roles as plain code."""
    try:
        docstring = item.docstring
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return ""
    if docstring is None:
        return ""
    value = docstring.value.strip().replace("\n::\n", "\n").replace("::\n", ":\n")
    for role in ("class", "meth", "attr", "func", "mod"):
        value = value.replace(f":{role}:`", "`")
    lines = [
        f"- {line}" if line.startswith((":param", ":raises", ":returns", ":ivar", ":cvar")) else line
        for line in value.replace("``", "`").splitlines()
    ]
    return "\n".join(lines)


def members(cls: griffe.Class) -> list[str]:
    """The public fields and methods of a class."""
    lines: list[str] = []
    for name, member in cls.members.items():
        if name.startswith("_") or isinstance(member, griffe.Alias):
            continue
        if isinstance(member, griffe.Function):
            doc = text_of(member).split("\n\n")[0].replace("\n", " ")
            lines.append(f"- `{member.signature()}`{f': {doc}' if doc else ''}")
        elif isinstance(member, griffe.Attribute) and (member.annotation or member.value):
            kind = f": {member.annotation}" if member.annotation else ""
            default = (
                f" = {member.value}" if member.value and "instance-attribute" not in member.labels else ""
            )
            doc = text_of(member).replace("\n", " ")
            lines.append(f"- `{name}{kind}{default}`{f': {doc}' if doc else ''}")
    return lines


def entry(name: str, item: griffe.Object | griffe.Alias) -> list[str]:
    """The section of one name."""
    lines = [f"## {name}", ""]
    if isinstance(item, griffe.Function):
        lines += ["```python", item.signature(), "```", ""]
    if isinstance(item, griffe.Class):
        bases = ", ".join(BUILT.get(str(base), str(base)) for base in item.bases)
        lines += [f"`class {name}({bases})`" if bases else f"`class {name}`", ""]
    if isinstance(item, griffe.Attribute) and item.value is not None and len(str(item.value)) < 200:
        lines += ["```python", f"{name} = {item.value}", "```", ""]
    doc = text_of(item)
    if doc:
        lines += [doc, ""]
    if isinstance(item, griffe.Class):
        found = members(item)
        lines += [*found, ""] if found else []
    return lines


def page(package: griffe.Module, name: str) -> str | None:
    """The page of a module; None when there is no such module."""
    path = ROOT / "src" / Path(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.exists():
        return None
    module = package[name.removeprefix("chatkit.")]
    lines = [f"# {name}", "", text_of(module), ""]
    for public in sorted(exported(module, file), key=str.lower):
        found = module.members.get(public)
        lines += [f"## {public}", ""] if found is None else entry(public, resolved(found))
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[str, str]:
    """All pages by file name."""
    loaded = griffe.load(
        "chatkit", search_paths=[str(ROOT / "src")], resolve_aliases=True, resolve_external=False
    )
    written = {f"{name}.md": text for name in MODULES if (text := page(loaded, name)) is not None}
    rows = [f"- [{name}]({name}.md): {what}" for name, what in MODULES.items() if f"{name}.md" in written]
    index = ["# API reference", "", "Written from the docstrings by `scripts/reference.py`.", "", *rows, ""]
    return {"README.md": "\n".join(index), **written}


def main() -> int:
    current = pages()
    stale = [
        name
        for name, text in current.items()
        if not PAGES.joinpath(name).exists() or PAGES.joinpath(name).read_text() != text
    ]
    if "--check" in sys.argv:
        if stale:
            print(f"The API reference is out of date; run python scripts/reference.py: {', '.join(stale)}")
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in stale:
        PAGES.joinpath(name).write_text(current[name])
    print(f"{len(stale)} of {len(current)} pages written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
