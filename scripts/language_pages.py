"""Writes docs/components.md, docs/diagnostics.md and docs/gallery.md from the definitions and the gallery, or with --check says which are old."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from chatkit.compiler import CODES, format_jsx, read_widget
from chatkit.compiler._codes import GROUPS
from chatkit.widgets.definitions import COMPONENTS, Component, Prop

ROOT = Path(__file__).parents[1]
EXAMPLES: dict[str, str] = {
    "Card": '<Card size="sm" confirm={{ label: "Send", action: { type: "send" } }}><Text value="Ready?" /></Card>',
    "ListView": '<ListView limit={3}><ListViewItem key="a" onClickAction={{ type: "pick" }}><Text value="A" /></ListViewItem></ListView>',
    "Basic": '<Basic gap={2}><Text value="Just this" /></Basic>',
    "ListViewItem": '<ListView><ListViewItem key="a"><Icon name="check" /><Text value="A" /></ListViewItem></ListView>',
    "Box": '<Card><Box padding={3} radius="lg" background="surface-secondary"><Text value="In a box" /></Box></Card>',
    "Row": '<Card><Row gap={2} align="center"><Icon name="clock" /><Text value="Soon" /></Row></Card>',
    "Col": '<Card><Col gap={1}><Text value="One" /><Text value="Two" /></Col></Card>',
    "Form": '<Card><Form onSubmitAction={{ type: "save" }}><Input name="name" placeholder="Name" /><Button submit label="Save" /></Form></Card>',
    "Transition": '<Card><Transition>{true ? <Text key="a" value="Done" /> : null}</Transition></Card>',
    "Table": '<Card><Table><Table.Row header><Table.Cell><Text value="Name" /></Table.Cell></Table.Row></Table></Card>',
    "Table.Row": '<Card><Table><Table.Row><Table.Cell><Text value="Ada" /></Table.Cell></Table.Row></Table></Card>',
    "Table.Cell": '<Card><Table><Table.Row><Table.Cell align="end"><Text value="36" /></Table.Cell></Table.Row></Table></Card>',
    "Text": '<Card><Text value="Hello" size="sm" color="secondary" maxLines={2} /></Card>',
    "Title": '<Card><Title value="Hello" size="lg" /></Card>',
    "Caption": '<Card><Caption value="A few words" /></Card>',
    "Markdown": '<Card><Markdown value="**Bold** and a [link](https://example.org)" /></Card>',
    "Label": '<Card><Form><Label value="Name" fieldName="name" /><Input name="name" /></Form></Card>',
    "Badge": '<Card><Badge label="New" color="info" /></Card>',
    "Icon": '<Card><Icon name="sparkle" size="xl" color="discovery" /></Card>',
    "Image": '<Card><Image src="https://example.org/a.png" alt="A map" aspectRatio={16 / 9} radius="md" /></Card>',
    "Chart": '<Card><Chart data={[{ day: "Mon", value: 3 }]} series={[{ type: "bar", dataKey: "value" }]} xAxis="day" /></Card>',
    "Divider": "<Card><Divider flush /></Card>",
    "Spacer": '<Card><Row><Text value="left" /><Spacer /><Text value="right" /></Row></Card>',
    "Button": '<Card><Button label="Go" iconEnd="chevron-right" onClickAction={{ type: "go", payload: { id: 1 } }} /></Card>',
    "Input": '<Card><Form><Input name="email" inputType="email" placeholder="you@example.org" required /></Form></Card>',
    "Textarea": '<Card><Form><Textarea name="note" placeholder="Note" rows={3} autoResize /></Form></Card>',
    "Select": '<Card><Form><Select name="size" placeholder="Size" options={[{ value: "s", label: "Small" }]} /></Form></Card>',
    "DatePicker": '<Card><Form><DatePicker name="day" placeholder="Day" min="2026-01-01" /></Form></Card>',
    "Checkbox": '<Card><Form><Checkbox name="ok" label="I agree" required /></Form></Card>',
    "RadioGroup": '<Card><Form><RadioGroup name="size" ariaLabel="Size" options={[{ value: "s", label: "Small" }]} /></Form></Card>',
}
_RULES = {"none": "No children.", "one": "At most one child.", "components": "Any components as children."}


def components_page() -> str:
    """The reference of all components."""
    parts = [
        "# Components\n\nWritten from the definitions by `scripts/language_pages.py`. Every example is compiled by a test, and drawn in a browser by another.\n"
        "Properties with a star are required."
    ]
    parts += [_component(component) for component in COMPONENTS.values()]
    return "\n\n".join(parts) + "\n"


def _component(component: Component) -> str:
    rule = _RULES[component.children]
    if component.only_children:
        rule = f"Only {', '.join(f'`{name}`' for name in component.only_children)} as children."
    notes = [component.doc, rule]
    notes += ["Can be the root of a widget."] if component.root else []
    notes += (
        [f"Only inside {', '.join(f'`{name}`' for name in component.only_inside)}."]
        if component.only_inside
        else []
    )
    rows = "\n".join(_prop(prop) for prop in component.props.values())
    table = f"| property | value | |\n|---|---|---|\n{rows}"
    return f"## {component.name}\n\n{' '.join(notes)}\n\n```jsx\n{format_jsx(EXAMPLES[component.name])}```\n\n{table}"


def _prop(prop: Prop) -> str:
    default = f" Default `{prop.default}`." if prop.default is not None else ""
    value = prop.kind.text.replace("|", "\\|")
    return f"| `{prop.name}`{' *' if prop.required else ''} | `{value}` | {prop.doc}{default} |"


def diagnostics_page() -> str:
    """All codes with their meaning."""
    parts = [
        "# Diagnostics\n\nEvery finding of the widget compiler has a code that stays. `chatkit widget explain CK405` says the same here."
    ]
    for digit, title in GROUPS.items():
        rows = [
            f"### {one.code}: {one.title}\n\n{one.text}" for one in CODES.values() if one.code[2] == digit
        ]
        parts.append(f"## {title} (CK{digit}xx)\n\n" + "\n\n".join(rows))
    return "\n\n".join(parts) + "\n"


def gallery_page() -> str:
    """The widgets that the Studio's gallery has, with their components and states."""
    folder = ROOT / "src" / "chatkit" / "studio" / "gallery"
    rows = "\n".join(_gallery_row(path) for path in sorted(folder.glob("*.widget")))
    return (
        "# Gallery\n\nWidgets to start from: in the [Studio](studio.md), or as files. Together they use every component.\n"
        "`chatkit studio --export-gallery DIR` writes the same as a page of its own. "
        "This page is written by `scripts/language_pages.py`.\n\n"
        "![All widgets of the gallery](images/gallery.webp)\n\n"
        f"| widget | components | states |\n|---|---|---|\n{rows}\n"
    )


def _gallery_row(path: Path) -> str:
    file, _ = read_widget(path.read_text("utf-8"))
    if file is None or file.document is None:
        raise SystemExit(f"{path.name} carries no source.")
    document = file.document.to_dict()
    used = dict.fromkeys(re.findall(r"<([A-Z][\w.]*)", str(document["view"])))
    states = ["Default", *(str(state["name"]) for state in document.get("states") or [])]
    place = f"../{path.relative_to(ROOT).as_posix()}"
    return f"| [{file.name}]({place}) | {', '.join(used)} | {', '.join(states)} |"


PAGES = {
    "components.md": components_page,
    "diagnostics.md": diagnostics_page,
    "gallery.md": gallery_page,
}


def main() -> int:
    """Write the pages; with --check write nothing and fail when one is old."""
    old: list[str] = []
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            old.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, "utf-8")
    if "--check" in sys.argv and old:
        sys.stdout.write(f"Old pages; run python scripts/language_pages.py: {', '.join(old)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
