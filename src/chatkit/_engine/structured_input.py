"""A person's answers to the questions of a structured input."""

from __future__ import annotations

from chatkit.logger import logger
from chatkit.types import (
    StructuredInput,
    StructuredInputAnswer,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputSubmission,
)

__all__ = ["answered"]


def answered(item: StructuredInputItem, submission: StructuredInputSubmission) -> StructuredInputItem:
    """The item with an answer to each of its questions. Answers to questions it does not ask are left out."""
    unknown = submission.answers.keys() - {question.id for question in item.inputs}
    if unknown:
        logger.warning("Structured input %s got answers to unknown questions: %s", item.id, sorted(unknown))
    inputs = [
        question.model_copy(update={"answer": _answer(question, submission)}) for question in item.inputs
    ]
    return item.model_copy(update={"inputs": inputs, "status": submission.status})


def _answer(question: StructuredInput, submission: StructuredInputSubmission) -> StructuredInputAnswer:
    given = submission.answers.get(question.id)
    if submission.status == "skipped" or given is None or given.skipped or not given.values:
        return StructuredInputAnswer(values=[], skipped=True)
    single = isinstance(question, StructuredInputMultipleChoice) and not question.multiple
    return StructuredInputAnswer(values=given.values[:1] if single else list(given.values), skipped=False)
