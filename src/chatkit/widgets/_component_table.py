"""The table of components. A new component is a row here, a class, a fixture and a drawing in the client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chatkit.widgets._definitions import (
    ACTION,
    ALIGN,
    BOOLEAN,
    BORDER,
    CAPTION_SIZE,
    CARD_ACTION,
    COLOR,
    CONTROL_SIZE,
    CONTROL_VARIANT,
    DATE,
    DIRECTION,
    EDITABLE,
    FIELD_VARIANT,
    GUTTER,
    ICON,
    ICON_SIZE,
    INTEGER,
    JUSTIFY,
    LENGTH,
    LIMIT,
    NUMBER,
    OPTIONS,
    RADIUS,
    ROWS,
    SERIES,
    SPACE,
    STATUS,
    STRING,
    TEXT,
    TEXT_ALIGN,
    TEXT_SIZE,
    THEME,
    TITLE_SIZE,
    URL,
    WEIGHT,
    WRAP,
    X_AXIS,
    Component,
    Kind,
    Prop,
    choice,
)


def _prop(name: str, kind: Kind, doc: str, default: Any = None) -> Prop:
    return Prop(name, kind, doc, default=default)


def _needs(name: str, kind: Kind, doc: str) -> Prop:
    return Prop(name, kind, doc, required=True)


_COMMON = (
    _prop(
        "key", STRING, "Names the component among its siblings, so that it keeps its state when they change."
    ),
    _prop("id", STRING, "Names the component in the widget, so that updates can reach it."),
)


def _component(name: str, doc: str, *groups: Prop | Iterable[Prop], **rules: Any) -> Component:
    props: dict[str, Prop] = {}
    for group in (*groups, _COMMON):
        for prop in (group,) if isinstance(group, Prop) else group:
            props[prop.name] = prop
    return Component(name, doc, props, **rules)


_DIMENSIONS = (
    _prop("width", LENGTH, "Width in px, or any CSS length."),
    _prop("height", LENGTH, "Height in px, or any CSS length."),
    _prop("size", LENGTH, "Width and height at once."),
    _prop("minWidth", LENGTH, "The least width."),
    _prop("minHeight", LENGTH, "The least height."),
    _prop("minSize", LENGTH, "The least width and height."),
    _prop("maxWidth", LENGTH, "The greatest width."),
    _prop("maxHeight", LENGTH, "The greatest height."),
    _prop("maxSize", LENGTH, "The greatest width and height."),
    _prop("aspectRatio", LENGTH, "Width divided by height, as a number or as CSS writes it."),
)
_FLEX = _prop("flex", LENGTH, "How much of the free room it takes beside its siblings.")
_BOX = (
    _prop("align", ALIGN, "Where children stand across the direction of layout."),
    _prop("justify", JUSTIFY, "How children share the room along the direction of layout."),
    _prop("wrap", WRAP, "Whether children that do not fit go on the next line.", "nowrap"),
    _FLEX,
    _prop("gap", LENGTH, "Distance between children, in steps of 4 px."),
    _prop("padding", SPACE, "Room inside the edge, in steps of 4 px."),
    _prop("margin", SPACE, "Room outside the edge, in steps of 4 px."),
    _prop("border", BORDER, "A line around it: a width in px, a line, or lines by side."),
    _prop("radius", RADIUS, "How round its corners are."),
    _prop("background", COLOR, "What fills it."),
    *_DIMENSIONS,
)
_STATUS = _prop("status", STATUS, "A line above the widget that says where it comes from.")
_THEME = _prop("theme", THEME, "Draws the widget light or dark whatever the page is.")


def layout() -> tuple[Component, ...]:
    """Roots and containers."""
    return (
        _component(
            "Card",
            "A framed widget, optionally a form with confirm and cancel buttons.",
            _prop("size", choice("sm", "md", "lg", "full"), "How wide the card may grow.", "md"),
            _prop("padding", SPACE, "Room inside the edge, in steps of 4 px.", 4),
            _prop("background", COLOR, "What fills it."),
            _prop("border", BORDER, "A line around it: a width in px, a line, or lines by side."),
            _STATUS,
            _prop("collapsed", BOOLEAN, "Shows only the status line until it is opened."),
            _prop("asForm", BOOLEAN, "Sends the values of its fields with confirm and cancel."),
            _prop("confirm", CARD_ACTION, "The main button at the foot, with its action."),
            _prop("cancel", CARD_ACTION, "The second button at the foot, with its action."),
            _THEME,
            children="components",
            root=True,
        ),
        _component(
            "ListView",
            "A list of rows, cut at a limit with a button that shows the rest.",
            _prop("limit", LIMIT, "How many rows show at first; auto lets the client choose.", "auto"),
            _STATUS,
            _THEME,
            children="components",
            only_children=("ListViewItem",),
            root=True,
        ),
        _component(
            "Basic",
            "A plain root without a frame.",
            _prop("direction", DIRECTION, "Whether children stand side by side or stacked.", "col"),
            _prop("gap", LENGTH, "Distance between children, in steps of 4 px."),
            _prop("padding", SPACE, "Room inside the edge, in steps of 4 px."),
            _prop("align", ALIGN, "Where children stand across the direction of layout."),
            _prop("justify", JUSTIFY, "How children share the room along the direction of layout."),
            _THEME,
            children="components",
            root=True,
        ),
        _component(
            "ListViewItem",
            "A row of a list, with an action when it is clicked.",
            _prop("onClickAction", ACTION, "Raised when the row is clicked."),
            _prop("gap", LENGTH, "Distance between children, in steps of 4 px."),
            _prop("align", ALIGN, "Where children stand across the row.", "center"),
            children="components",
            only_inside=("ListView",),
        ),
        _component(
            "Box",
            "A container with every layout property.",
            _prop("direction", DIRECTION, "Whether children stand side by side or stacked.", "col"),
            _BOX,
            children="components",
        ),
        _component("Row", "A container that lays its children side by side.", _BOX, children="components"),
        _component("Col", "A container that stacks its children.", _BOX, children="components"),
        _component(
            "Form",
            "A container whose fields travel with every action raised inside it.",
            _prop("onSubmitAction", ACTION, "Raised when the form is submitted and its fields are valid."),
            _prop("direction", DIRECTION, "Whether children stand side by side or stacked.", "col"),
            _BOX,
            children="components",
        ),
        _component("Transition", "Animates its one child when it changes to another.", children="one"),
        _component(
            "Table",
            "Rows and columns of components.",
            children="components",
            only_children=("Table.Row",),
        ),
        _component(
            "Table.Row",
            "A row of a table.",
            _prop("header", BOOLEAN, "Marks the row that names the columns."),
            children="components",
            only_children=("Table.Cell",),
            only_inside=("Table",),
        ),
        _component(
            "Table.Cell",
            "A cell of a table.",
            _prop("width", LENGTH, "Width of the column in px, or any CSS length."),
            _prop("padding", SPACE, "Room inside the edge, in steps of 4 px."),
            _prop("colSpan", INTEGER, "How many columns it covers.", 1),
            _prop("rowSpan", INTEGER, "How many rows it covers.", 1),
            _prop("align", TEXT_ALIGN, "Where its content stands from left to right.", "start"),
            _prop("vAlign", TEXT_ALIGN, "Where its content stands from top to bottom.", "center"),
            _prop("colSize", TEXT_SIZE, "A named width for the column."),
            children="components",
            only_inside=("Table.Row",),
        ),
    )


_CLAMP = (
    _prop("color", COLOR, "The colour of the text."),
    _prop("weight", WEIGHT, "How heavy the letters are."),
    _prop("textAlign", TEXT_ALIGN, "Where lines begin.", "start"),
    _prop("truncate", BOOLEAN, "Ends a line that does not fit with an ellipsis."),
    _prop("maxLines", INTEGER, "Cuts the text after so many lines."),
)
_STREAMING = _prop("streaming", BOOLEAN, "Says that more text is coming; needs an id.")


def content() -> tuple[Component, ...]:
    """What a person reads or looks at."""
    return (
        _component(
            "Text",
            "Plain text, optionally streamed or editable in place.",
            _needs("value", TEXT, "The text."),
            _prop("size", TEXT_SIZE, "How large the letters are.", "md"),
            _CLAMP,
            _prop("minLines", INTEGER, "Keeps room for so many lines."),
            _prop("width", LENGTH, "Width in px, or any CSS length."),
            _prop("italic", BOOLEAN, "Slants the letters."),
            _prop("lineThrough", BOOLEAN, "Strikes the text out."),
            _STREAMING,
            _prop("editable", EDITABLE, "Makes the text a field of the form around it.", False),
            streams=True,
        ),
        _component(
            "Title",
            "A heading.",
            _needs("value", TEXT, "The text."),
            _prop("size", TITLE_SIZE, "How large the letters are.", "md"),
            _CLAMP,
        ),
        _component(
            "Caption",
            "Small print.",
            _needs("value", TEXT, "The text."),
            _prop("size", CAPTION_SIZE, "How large the letters are.", "sm"),
            _CLAMP,
        ),
        _component(
            "Markdown",
            "Formatted text, optionally streamed.",
            _needs("value", TEXT, "The text in Markdown."),
            _STREAMING,
            streams=True,
        ),
        _component(
            "Label",
            "The label of a form field.",
            _needs("value", TEXT, "The text."),
            _needs("fieldName", STRING, "The name of the field it belongs to."),
            _prop("size", TEXT_SIZE, "How large the letters are.", "sm"),
            _prop("weight", WEIGHT, "How heavy the letters are.", "medium"),
            _prop("textAlign", TEXT_ALIGN, "Where lines begin.", "start"),
            _prop("color", COLOR, "The colour of the text.", "secondary"),
        ),
        _component(
            "Badge",
            "A short label on a tinted ground.",
            _needs("label", TEXT, "The text."),
            _prop(
                "color",
                choice("secondary", "success", "danger", "warning", "info", "discovery"),
                "What it means, as a colour.",
                "secondary",
            ),
            _prop("variant", choice("solid", "soft", "outline"), "How strong the ground is.", "soft"),
            _prop("size", CAPTION_SIZE, "How large it is.", "sm"),
            _prop("pill", BOOLEAN, "Rounds its ends."),
        ),
        _component(
            "Icon",
            "An icon.",
            _needs("name", ICON, "Which icon: a built-in name, or one of another set with its prefix."),
            _prop("size", ICON_SIZE, "How large it is.", "md"),
            _prop("color", COLOR, "Its colour."),
        ),
        _component(
            "Image",
            "A picture.",
            _needs("src", URL, "Where the picture is: an http(s) address or a data: picture."),
            _prop("alt", STRING, "What the picture shows, for those who cannot see it."),
            _prop(
                "fit",
                choice("cover", "contain", "fill", "scale-down", "none"),
                "How the picture fills its frame.",
                "cover",
            ),
            _prop(
                "position",
                choice(
                    "top left",
                    "top",
                    "top right",
                    "left",
                    "center",
                    "right",
                    "bottom left",
                    "bottom",
                    "bottom right",
                ),
                "Which part stays in view when it is cut.",
                "center",
            ),
            _prop("radius", RADIUS, "How round its corners are."),
            _prop("frame", BOOLEAN, "Draws a thin line around it."),
            _prop("flush", BOOLEAN, "Lets it reach the edges of the card."),
            _prop("margin", SPACE, "Room outside the edge, in steps of 4 px."),
            _prop("background", COLOR, "What shows behind it."),
            _FLEX,
            _DIMENSIONS,
        ),
        _component(
            "Chart",
            "Bars, areas and lines over rows of data.",
            _needs("data", ROWS, "The rows; each is an object with the same keys."),
            _needs("series", SERIES, "What to draw: one entry for each column of the data."),
            _needs("xAxis", X_AXIS, "The key that names the points, or how to label them."),
            _prop("showYAxis", BOOLEAN, "Draws the value axis.", False),
            _prop("showLegend", BOOLEAN, "Names the series below the chart.", True),
            _prop("showTooltip", BOOLEAN, "Shows the values under the pointer.", True),
            _prop("barGap", NUMBER, "Distance in px between the bars of a point."),
            _prop("barCategoryGap", NUMBER, "Distance in px between points."),
            _FLEX,
            _DIMENSIONS,
        ),
        _component(
            "Divider",
            "A line between parts.",
            _prop("color", COLOR, "Its colour.", "default"),
            _prop("size", LENGTH, "Its thickness in px.", 1),
            _prop("spacing", LENGTH, "Room before and after it, in steps of 4 px."),
            _prop("flush", BOOLEAN, "Lets it reach the edges of the card."),
        ),
        _component(
            "Spacer",
            "Takes the room that is left.",
            _prop("minSize", LENGTH, "The least room it takes, in px."),
        ),
    )


_NAME = _needs("name", STRING, "The field's name in the values sent; dots nest.")
_CHANGE = _prop("onChangeAction", ACTION, "Raised when the value changes.")
_DISABLED = _prop("disabled", BOOLEAN, "Takes no input.")
_REQUIRED = _prop("required", BOOLEAN, "The form cannot be sent without it.")
_PLACEHOLDER = _prop("placeholder", STRING, "Shown while it is empty.")
_PILL = _prop("pill", BOOLEAN, "Rounds its ends.")
_BLOCK = _prop("block", BOOLEAN, "Takes the whole width.")
_CLEARABLE = _prop("clearable", BOOLEAN, "Offers a button that empties it.")
_PICKER = (
    _NAME,
    _CHANGE,
    _PLACEHOLDER,
    _prop("variant", CONTROL_VARIANT, "How strong its ground is.", "outline"),
    _prop("size", CONTROL_SIZE, "How large it is.", "md"),
    _PILL,
    _BLOCK,
    _CLEARABLE,
    _DISABLED,
)
_FIELD = (
    _NAME,
    _prop("defaultValue", TEXT, "What it holds at first."),
    _REQUIRED,
    _prop("pattern", STRING, "A regular expression the whole value must match."),
    _PLACEHOLDER,
    _prop("allowAutofillExtensions", BOOLEAN, "Lets password managers and the like fill it."),
    _prop("autoSelect", BOOLEAN, "Selects its text when it gets the focus."),
    _prop("autoFocus", BOOLEAN, "Gets the focus when it appears, unless somebody is writing elsewhere."),
    _DISABLED,
    _prop("variant", FIELD_VARIANT, "How strong its ground is.", "outline"),
    _prop("size", CONTROL_SIZE, "How large it is.", "md"),
    _prop("gutterSize", GUTTER, "Room before and after its text."),
)


def controls() -> tuple[Component, ...]:
    """What a person clicks or fills in."""
    return (
        _component(
            "Button",
            "A button that raises an action, or submits the form around it.",
            _prop("label", TEXT, "Its text."),
            _prop("onClickAction", ACTION, "Raised when it is clicked."),
            _prop("submit", BOOLEAN, "Submits the form around it instead."),
            _prop("style", choice("primary", "secondary"), "Whether it is the main button or another."),
            _prop("iconStart", ICON, "An icon before the label."),
            _prop("iconEnd", ICON, "An icon after the label."),
            _prop("iconSize", choice("sm", "md", "lg", "xl", "2xl"), "How large the icons are."),
            _prop(
                "color",
                choice(
                    "primary", "secondary", "info", "discovery", "success", "caution", "warning", "danger"
                ),
                "What it means, as a colour; without it solid is primary and the rest secondary.",
            ),
            _prop("variant", CONTROL_VARIANT, "How strong its ground is.", "solid"),
            _prop("size", CONTROL_SIZE, "How large it is.", "lg"),
            _prop("pill", BOOLEAN, "Rounds its ends.", True),
            _prop("uniform", BOOLEAN, "As wide as high, for an icon alone."),
            _BLOCK,
            _DISABLED,
        ),
        _component(
            "Input",
            "A field for one line of text.",
            _FIELD,
            _prop(
                "inputType",
                choice("number", "email", "text", "password", "tel", "url"),
                "What is typed, for the keyboard and the check.",
                "text",
            ),
            _PILL,
        ),
        _component(
            "Textarea",
            "A field for several lines of text.",
            _FIELD,
            _prop("rows", INTEGER, "How many lines it shows at first.", 3),
            _prop("autoResize", BOOLEAN, "Grows with its text."),
            _prop("maxRows", INTEGER, "How many lines it grows to."),
        ),
        _component(
            "Select",
            "A field to choose one of several options.",
            _needs("options", OPTIONS, "The options."),
            _prop("defaultValue", STRING, "The value chosen at first."),
            _prop("searchable", BOOLEAN, "Lets a person type to find an option; on by itself above 15."),
            _PICKER,
        ),
        _component(
            "DatePicker",
            "A field for a date.",
            _prop("defaultValue", DATE, "The date chosen at first."),
            _prop("min", DATE, "The first date that can be chosen."),
            _prop("max", DATE, "The last date that can be chosen."),
            _prop("side", choice("top", "bottom", "left", "right"), "Where the calendar opens.", "bottom"),
            _prop("align", TEXT_ALIGN, "How the calendar lines up with the field.", "center"),
            _PICKER,
        ),
        _component(
            "Checkbox",
            "A field to tick.",
            _NAME,
            _prop("label", TEXT, "The text beside it."),
            _prop("defaultChecked", BOOLEAN, "Whether it is ticked at first.", False),
            _CHANGE,
            _DISABLED,
            _REQUIRED,
        ),
        _component(
            "RadioGroup",
            "A field to choose one of a few options, all in view.",
            _NAME,
            _prop("options", OPTIONS, "The options."),
            _prop("ariaLabel", STRING, "What it asks, for those who cannot see it; the name by default."),
            _CHANGE,
            _prop("defaultValue", STRING, "The value chosen at first."),
            _prop("direction", DIRECTION, "Whether the options stand side by side or stacked.", "row"),
            _DISABLED,
            _REQUIRED,
        ),
    )
