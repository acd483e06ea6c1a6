"""Updates: what may change in an item while it streams."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chatkit.types._items import GeneratedImage
from chatkit.types._late import LateModel
from chatkit.types._messages import AssistantMessageContent
from chatkit.types._sources import Annotation
from chatkit.types._workflows import Task
from chatkit.widgets import WidgetComponent, WidgetRoot


class AssistantMessageContentPartAdded(LateModel):
    """A content part began."""

    type: Literal["assistant_message.content_part.added"] = "assistant_message.content_part.added"
    content_index: int
    content: AssistantMessageContent


class AssistantMessageContentPartTextDelta(LateModel):
    """Text to append to a content part."""

    type: Literal["assistant_message.content_part.text_delta"] = "assistant_message.content_part.text_delta"
    content_index: int
    delta: str


class AssistantMessageContentPartAnnotationAdded(LateModel):
    """A citation in a content part."""

    type: Literal["assistant_message.content_part.annotation_added"] = (
        "assistant_message.content_part.annotation_added"
    )
    content_index: int
    annotation_index: int
    annotation: Annotation


class AssistantMessageContentPartDone(LateModel):
    """A content part is complete."""

    type: Literal["assistant_message.content_part.done"] = "assistant_message.content_part.done"
    content_index: int
    content: AssistantMessageContent


class WidgetStreamingTextValueDelta(LateModel):
    """Text to append to the ``value`` of the component with this id."""

    type: Literal["widget.streaming_text.value_delta"] = "widget.streaming_text.value_delta"
    component_id: str
    delta: str
    done: bool


class WidgetRootUpdated(LateModel):
    """The whole widget, anew."""

    type: Literal["widget.root.updated"] = "widget.root.updated"
    widget: WidgetRoot


class WidgetComponentUpdated(LateModel):
    """One component of the widget, anew."""

    type: Literal["widget.component.updated"] = "widget.component.updated"
    component_id: str
    component: WidgetComponent


class WidgetFieldErrors(LateModel):
    """What is wrong with a form's fields, by field name; ``{}`` clears all of it."""

    type: Literal["widget.field_errors"] = "widget.field_errors"
    errors: dict[str, str] = Field(default_factory=dict)


class WorkflowTaskAdded(LateModel):
    """A task began in a workflow."""

    type: Literal["workflow.task.added"] = "workflow.task.added"
    task_index: int
    task: Task


class WorkflowTaskUpdated(LateModel):
    """A task of a workflow changed."""

    type: Literal["workflow.task.updated"] = "workflow.task.updated"
    task_index: int
    task: Task


class GeneratedImageUpdated(LateModel):
    """A better version of the image; ``progress`` runs from 0 to 1."""

    type: Literal["generated_image.updated"] = "generated_image.updated"
    image: GeneratedImage
    progress: float | None = None


ThreadItemUpdate = (
    AssistantMessageContentPartAdded
    | AssistantMessageContentPartTextDelta
    | AssistantMessageContentPartAnnotationAdded
    | AssistantMessageContentPartDone
    | WidgetStreamingTextValueDelta
    | WidgetComponentUpdated
    | WidgetRootUpdated
    | WidgetFieldErrors
    | WorkflowTaskAdded
    | WorkflowTaskUpdated
    | GeneratedImageUpdated
)
"""Any update of an item."""
