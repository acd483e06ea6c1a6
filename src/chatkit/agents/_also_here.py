"""Names that live elsewhere and that apps written for openai-chatkit import from ``chatkit.agents``."""

# ruff: isort: skip_file
# The form `name as name` tells type checkers that a name is for importing.
from openai.types.responses import (
    EasyInputMessageParam as EasyInputMessageParam,
    ResponseFunctionToolCall as ResponseFunctionToolCall,
    ResponseFunctionToolCallParam as ResponseFunctionToolCallParam,
    ResponseInputImageParam as ResponseInputImageParam,
    ResponseInputTextParam as ResponseInputTextParam,
    ResponseOutputText as ResponseOutputText,
)
from openai.types.responses.response_input_item_param import (
    FunctionCallOutput as FunctionCallOutput,
    Message as Message,
)
from openai.types.responses.response_output_text import (
    AnnotationContainerFileCitation as AnnotationContainerFileCitation,
    AnnotationFileCitation as AnnotationFileCitation,
    AnnotationURLCitation as AnnotationURLCitation,
)
from agents import (
    InputGuardrailTripwireTriggered as InputGuardrailTripwireTriggered,
    OutputGuardrailTripwireTriggered as OutputGuardrailTripwireTriggered,
    RunResultStreaming as RunResultStreaming,
)
from chatkit.server import (
    stream_widget as stream_widget,
)
from chatkit.store import (
    Store as Store,
    TContext as TContext,
)
from chatkit.types import (
    Annotation as Annotation,
    AssistantMessageContent as AssistantMessageContent,
    AssistantMessageContentPartAdded as AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded as AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone as AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta as AssistantMessageContentPartTextDelta,
    AssistantMessageItem as AssistantMessageItem,
    ClientToolCallItem as ClientToolCallItem,
    DurationSummary as DurationSummary,
    EndOfTurnItem as EndOfTurnItem,
    FileSource as FileSource,
    GeneratedImage as GeneratedImage,
    GeneratedImageItem as GeneratedImageItem,
    GeneratedImageUpdated as GeneratedImageUpdated,
    HiddenContextItem as HiddenContextItem,
    SDKHiddenContextItem as SDKHiddenContextItem,
    StructuredInputItem as StructuredInputItem,
    TaskItem as TaskItem,
    ThoughtTask as ThoughtTask,
    ThreadItemAddedEvent as ThreadItemAddedEvent,
    ThreadItemDoneEvent as ThreadItemDoneEvent,
    ThreadItemRemovedEvent as ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent as ThreadItemUpdatedEvent,
    ThreadMetadata as ThreadMetadata,
    URLSource as URLSource,
    UserMessageItem as UserMessageItem,
    UserMessageTagContent as UserMessageTagContent,
    UserMessageTextContent as UserMessageTextContent,
    WidgetItem as WidgetItem,
    Workflow as Workflow,
    WorkflowItem as WorkflowItem,
    WorkflowTaskAdded as WorkflowTaskAdded,
    WorkflowTaskUpdated as WorkflowTaskUpdated,
)
from chatkit.widgets import (
    Markdown as Markdown,
    Text as Text,
)
