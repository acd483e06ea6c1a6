"""Names that live elsewhere and that apps written for openai-chatkit import from ``chatkit.server``."""

# ruff: isort: skip_file
# The form `name as name` tells type checkers that a name is for importing.
from chatkit.errors import (
    CustomStreamError as CustomStreamError,
    ErrorCode as ErrorCode,
    StreamError as StreamError,
)
from chatkit.store import (
    default_generate_id as default_generate_id,
)
from chatkit.types import (
    AssistantMessageContent as AssistantMessageContent,
    AssistantMessageContentPartAdded as AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded as AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone as AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta as AssistantMessageContentPartTextDelta,
    AssistantMessageItem as AssistantMessageItem,
    AttachmentsCreateReq as AttachmentsCreateReq,
    AttachmentsDeleteReq as AttachmentsDeleteReq,
    ClientToolCallItem as ClientToolCallItem,
    ErrorEvent as ErrorEvent,
    HiddenContextItem as HiddenContextItem,
    InputTranscribeReq as InputTranscribeReq,
    ItemsFeedbackReq as ItemsFeedbackReq,
    ItemsListReq as ItemsListReq,
    Page as Page,
    SDKHiddenContextItem as SDKHiddenContextItem,
    StreamOptionsEvent as StreamOptionsEvent,
    StructuredInputAnswer as StructuredInputAnswer,
    StructuredInputItem as StructuredInputItem,
    StructuredInputMultipleChoice as StructuredInputMultipleChoice,
    StructuredInputSubmission as StructuredInputSubmission,
    Thread as Thread,
    ThreadCreatedEvent as ThreadCreatedEvent,
    ThreadItemAddedEvent as ThreadItemAddedEvent,
    ThreadItemDoneEvent as ThreadItemDoneEvent,
    ThreadItemRemovedEvent as ThreadItemRemovedEvent,
    ThreadItemReplacedEvent as ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent as ThreadItemUpdatedEvent,
    ThreadsAddClientToolOutputReq as ThreadsAddClientToolOutputReq,
    ThreadsAddStructuredInputReq as ThreadsAddStructuredInputReq,
    ThreadsAddUserMessageReq as ThreadsAddUserMessageReq,
    ThreadsCreateReq as ThreadsCreateReq,
    ThreadsCustomActionReq as ThreadsCustomActionReq,
    ThreadsDeleteReq as ThreadsDeleteReq,
    ThreadsGetByIdReq as ThreadsGetByIdReq,
    ThreadsListReq as ThreadsListReq,
    ThreadsRetryAfterItemReq as ThreadsRetryAfterItemReq,
    ThreadsSyncCustomActionReq as ThreadsSyncCustomActionReq,
    ThreadsUpdateReq as ThreadsUpdateReq,
    ThreadUpdatedEvent as ThreadUpdatedEvent,
    UserMessageInput as UserMessageInput,
    WidgetComponentUpdated as WidgetComponentUpdated,
    WidgetRootUpdated as WidgetRootUpdated,
    WidgetStreamingTextValueDelta as WidgetStreamingTextValueDelta,
    WorkflowItem as WorkflowItem,
    WorkflowTaskAdded as WorkflowTaskAdded,
    WorkflowTaskUpdated as WorkflowTaskUpdated,
)
from chatkit.widgets import (
    WidgetComponentBase as WidgetComponentBase,
)
