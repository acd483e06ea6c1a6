"""Every diagnostic code with its meaning, for `chatkit widget explain` and the docs."""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = {
    "1": "File",
    "2": "Document",
    "3": "View",
    "4": "Components and properties",
    "5": "Schema",
    "6": "Data",
    "7": "Drawing and limits",
    "8": "Forms and actions",
    "9": "Accessibility",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means: a title, and why it matters with what to do."""

    code: str
    title: str
    text: str


_TEXTS: dict[str, tuple[str, str]] = {
    "CK101": ("The file is not a JSON object", "A `.widget` file is one JSON object. Export the widget again, or mend the place that is shown."),
    "CK102": ("A part of the file is missing", "The runtime needs `version`, `name` and `template`, each a text."),
    "CK103": ("Unknown version", 'The only version is "1.0". A file of a later version needs a later chatkit.'),
    "CK201": ("The editor document cannot be read", "`encodedWidget` should hold view, schema and data. Without it the template runs, but there is no source; the Studio can rebuild a view from a regular template."),
    "CK202": ("No editor document", "A file written by hand has a template only. It runs; to edit it as JSX let the Studio rebuild a view."),
    "CK203": ("Template and view differ", "The file's template is not what its own view compiles to: changed by hand, or made by an older compiler."),
    "CK301": ("No element", "A view is one JSX element, for example `<Card>…</Card>`."),
    "CK302": ("More than one root", "Put the elements into one `<Card>`, `<ListView>` or `<Basic>`."),
    "CK303": ("Not an element", "A view has no imports, functions or statements around its element. Constants go into a block: `{items.map((item) => { const n = …; return <Row/>; })}`."),
    "CK304": ("Syntax", "The place cannot be read as JSX. Look for a missing brace, quote or bracket just before it."),
    "CK305": ("Tags do not match", "Every `<Tag>` needs its `</Tag>`, or ends with `/>`."),
    "CK306": ("Too deep or too long", "Views nest up to about a hundred levels. Split the view, or move work into the data."),
    "CK307": ("Empty braces", "An attribute in braces needs an expression: `gap={2}`."),
    "CK310": ("Not part of the language", "A view computes values; it cannot assign, loop with `for`, or wait. Use `.map`, `const` and expressions."),
    "CK311": ("Not a plain number", "Numbers are decimal or hexadecimal. `10n` has no form in JSON."),
    "CK312": ("No such operation in a template", "The operator or value has no meaning in a template. Compute it on the server and put it into the data."),
    "CK313": ("A name the template language keeps", "`loop`, `self`, `not`, `range` and a few others mean something in templates. Rename the key in schema and data."),
    "CK314": ("Elements used as a value", "Elements can be drawn, held in a constant, and chosen between. They cannot be compared, joined or filtered: do that with the data."),
    "CK315": ("Lists and objects compared", "In JavaScript a list or object equals only itself. Compare an id."),
    "CK316": ("A function or start value is missing", "`map`, `filter` and their like take a function; `reduce` also takes a start value."),
    "CK317": ("An option must be written out", "Formats of numbers and dates are fixed when the widget is compiled. Write the option as a literal."),
    "CK318": ("Not supported", "This function or method has no form in a template. Compute the value on the server."),
    "CK319": ("A regular expression that cannot be followed", "An expression becomes a table that is walked without going back, so looking ahead or behind, references to groups, and groups whose place varies have no form. Use `includes`, `startsWith`, `split` or `replaceAll` with text."),
    "CK320": ("Lost under the original's rules", "In compat mode the template is what the original would write, and it loses this place silently. Compile in safe mode."),
    "CK321": ("An order that cannot be written", "`sort` takes a function of two items that gives a number, for example `(a, b) => a.key - b.key` or `a.key.localeCompare(b.key)`. One that gives true or false leaves a list as it is."),
    "CK322": ("Chance or the present time", "A widget must draw the same each time it is drawn. Put the value into the data."),
    "CK323": ("A fragment as a value", "`<>…</>` stands between tags only."),
    "CK324": ("Not a list", "`map` was called on something the schema does not make a list."),
    "CK330": ("Not in the schema", "The view reads a name that the schema does not have; it would always be undefined."),
    "CK331": ("No such key", "The object has no such key by the schema."),
    "CK332": ("No key in a list", "Give repeated elements a `key`, so that fields keep what was typed when the list changes."),
    "CK401": ("Unknown component", "See the component reference for the names."),
    "CK402": ("Not a root", "A widget starts with `<Card>`, `<ListView>` or `<Basic>`."),
    "CK403": ("Unknown property", "The property is passed on, but nothing draws it."),
    "CK404": ("A property is missing", "The component cannot be drawn without it."),
    "CK405": ("Not a value of this property", "The property takes another kind of value."),
    "CK406": ("Children rules", "Some components take only certain children, or none."),
    "CK407": ("Unknown icon", "Unknown names are drawn blank. `lucide:<name>` takes any Lucide icon."),
    "CK408": ("Unknown colour", "Use a token, a step of a hue such as `blue-500`, or a CSS colour."),
    "CK409": ("A root inside a widget", "The original's rules keep roots at the root; here they are drawn anywhere."),
    "CK411": ("The schema is wider than the property", "By the schema the data may hold values that the property does not take. Narrow it, for example with `z.enum`."),
    "CK501": ("No default export", "A schema source ends with `export default`."),
    "CK502": ("Not a Zod type", "A Zod type, or the right kind of argument, is expected."),
    "CK503": ("No form in JSON", "Data travels as JSON, so dates, maps, sets and transforms cannot be in it."),
    "CK504": ("Syntax of the schema", "The place cannot be read."),
    "CK505": ("Import", "A schema imports `zod` only."),
    "CK506": ("Unknown name", "The constant is not defined in this schema."),
    "CK507": ("Unknown function of Zod", "See the hint for the nearest name; order matters: checks come before `.optional()`."),
    "CK508": ("The JSON Schema is not JSON", "Mend the place that is shown."),
    "CK509": ("Not a valid JSON Schema", "A word of the schema has a value it does not take."),
    "CK601": ("Sample data does not fit the schema", "The server checks data against the schema. Change one of the two."),
    "CK602": ("The data cannot be read", "Sample data is one JSON object."),
    "CK701": ("Read from nothing", "With this data JavaScript would throw, because something is absent. Write `?.`, or test it first."),
    "CK702": ("Not a function, or a wrong argument", "With this data JavaScript would throw at this call."),
    "CK703": ("Takes too long", "Drawing was stopped. Show fewer items."),
    "CK704": ("The template cannot be read", "Jinja refuses the template. For a compiled view this is a fault of the compiler; please report it."),
    "CK705": ("The template fails", "With this data the template raises. Safe mode guards what may be absent."),
    "CK706": ("Preview and template differ", "The chat would show something else than the preview. Safe mode keeps both the same."),
    "CK710": ("Many components", "A widget of this size is slow in a chat."),
    "CK801": ("Two fields of one name", "Only one value would arrive."),
    "CK802": ("Payload and field of one name", "The field's value replaces the payload's."),
    "CK803": ("Submit without a form", "There is nothing to submit."),
    "CK804": ("A label for no field", "`fieldName` must be the `name` of a field."),
    "CK901": ("Image without alt", "People who do not see the image hear its `alt`."),
    "CK902": ("Field without label", "People who do not see the field hear its label."),
    "CK903": ("Button without text", "A button with only an icon is read out by the icon's name."),
}  # fmt: skip
CODES: dict[str, Explanation] = {code: Explanation(code, *texts) for code, texts in _TEXTS.items()}


def explain(code: str) -> Explanation | None:
    """What a diagnostic code means, None for an unknown one."""
    return CODES.get(code.upper())
