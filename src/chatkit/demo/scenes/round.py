"""Work in sight: progress lines, a workflow whose tasks tick off, and a notice."""

from collections.abc import AsyncIterator

from chatkit.demo._desk import Desk
from chatkit.types import (
    CustomSummary,
    CustomTask,
    NoticeEvent,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

__all__ = ["play"]

STEPS = (
    ("Airing the room", "Both windows, until the curtains stand **straight out**."),
    ("Finding the second pillow", "It was in Number Eleven. It is always in Number Eleven."),
    ("Winding the clock", "Eight turns. Nine, and it runs into tomorrow."),
    ("Having a word with the foghorn", "It promised nothing."),
)


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    yield ProgressUpdateEvent(icon="keys", text="Taking the keys from the board…")
    await desk.pause(20)
    yield ProgressUpdateEvent(icon="maps", text="Climbing the stairs…")
    await desk.pause(20)
    flow = Workflow(type="custom", tasks=[], expanded=True)
    item = WorkflowItem(**desk.stamp("workflow"), workflow=flow)
    tasks: list[CustomTask] = []
    for index, (title, content) in enumerate(STEPS):
        task = CustomTask(title=title, content=content, icon="suitcase", status_indicator="loading")
        tasks.append(task)
        if index == 0:
            started = item.model_copy(update={"workflow": flow.model_copy(update={"tasks": [task]})})
            yield ThreadItemAddedEvent(item=started)
        else:
            yield ThreadItemUpdatedEvent(
                item_id=item.id, update=WorkflowTaskAdded(task_index=index, task=task)
            )
        await desk.pause(25)
        tasks[index] = task.model_copy(update={"status_indicator": "complete"})
        yield ThreadItemUpdatedEvent(
            item_id=item.id, update=WorkflowTaskUpdated(task_index=index, task=tasks[index])
        )
    done = flow.model_copy(
        update={
            "tasks": list(tasks),
            "summary": CustomSummary(title="Room prepared", icon="check"),
            "expanded": False,
        }
    )
    yield ThreadItemDoneEvent(item=item.model_copy(update={"workflow": done}))
    yield NoticeEvent(
        level="info", title="Quiet hours", message="From ten to seven. The foghorn has been **informed**."
    )
    async for event in desk.say("All done. Mind the ninth stair; it has opinions."):
        yield event
