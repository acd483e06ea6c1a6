"""Actions: what a widget carries (:class:`ActionConfig`) and what arrives when it is used (:class:`Action`)."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, Field

__all__ = [
    "DEFAULT_HANDLER",
    "DEFAULT_LOADING_BEHAVIOR",
    "Action",
    "ActionConfig",
    "Handler",
    "LoadingBehavior",
]

Handler = Literal["client", "server"]
"""Who performs the action: the page, or the server's ``action()``."""

LoadingBehavior = Literal["auto", "none", "self", "container"]
"""What shows as busy while the action runs."""

DEFAULT_HANDLER: Handler = "server"
DEFAULT_LOADING_BEHAVIOR: LoadingBehavior = "auto"


class ActionConfig(BaseModel):
    """The action of a button or control, as a widget carries it.

    ``streaming=False`` sends it as one request with one answer (``sync_action``) instead of a stream.
    """

    type: str
    payload: Any = None
    handler: Handler = DEFAULT_HANDLER
    loadingBehavior: LoadingBehavior = DEFAULT_LOADING_BEHAVIOR
    streaming: bool = True


TType = TypeVar("TType", bound=str)
TPayload = TypeVar("TPayload")


class Action(BaseModel, Generic[TType, TPayload]):
    """An action as it arrives at the server: ``Action[Literal["order.ship"], ShipPayload]``.

    A subclass that fixes ``type`` as a one-value Literal can make the widget's side of it with :meth:`create`.
    """

    type: TType = Field(frozen=True)
    payload: TPayload = None  # pyright: ignore[reportAssignmentType] - optional whatever its type

    @classmethod
    def create(
        cls,
        payload: TPayload,
        handler: Handler = DEFAULT_HANDLER,
        loading_behavior: LoadingBehavior = DEFAULT_LOADING_BEHAVIOR,
        streaming: bool = True,
    ) -> ActionConfig:
        """Make the :class:`ActionConfig` a widget carries to raise this action.

        :raises TypeError: if the class does not fix ``type`` to one literal value.
        """
        return ActionConfig(
            type=_literal_type(cls),
            payload=payload,
            handler=handler,
            loadingBehavior=loading_behavior,
            streaming=streaming,
        )


def _literal_type(cls: type[BaseModel]) -> str:
    field = cls.model_fields["type"]
    values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    if isinstance(field.default, str):
        return field.default
    raise TypeError(
        f"{cls.__name__}.create() needs a fixed action type: declare "
        f'class {cls.__name__.split("[")[0]}(Action[Literal["your.type"], YourPayload])'
    )
