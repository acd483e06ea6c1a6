"""Settings of a deployment: from a file, from the environment, from flags; the later wins.

The file is ``chatkit.toml``, with the names below under ``[chatkit]``. In the environment they are upper case with
``CHATKIT_`` before them. ``chatkit settings`` shows each with its value and where that came from.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from chatkit.errors import ChatKitError

__all__ = ["LoadedSettings", "Settings", "SettingsError", "load_settings"]


_PATH: Final = re.compile(r"/?[\w.~/\-]*")
_ORIGIN: Final = re.compile(r"https?://[\w.\-]+(:\d+)?|[a-z][a-z0-9+.\-]*://[\w.\-]+")
_DATABASES: Final = ("sqlite", "postgres", "postgresql")
_LOGS: Final = ("redis", "rediss", "unix")


class SettingsError(ChatKitError):
    """A setting that is unknown or has a wrong value; the path names it and where it stands."""

    def __init__(self, message: str, *, path: str, hint: str | None = None) -> None:
        super().__init__("settings.invalid", message, path=path, hint=hint, status=500)


class Settings(BaseModel):
    """What can be set, and what it is when nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for every one.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    path: str = Field(default="/chatkit", description="Where the endpoint is.")
    workers: int = Field(
        default=1, ge=1, le=256, description="Processes. More than one needs a stream log that they share."
    )
    database: str = Field(default="sqlite:///chatkit.db", description="Address of the database of threads.")
    stream_log: str = Field(
        default="database",
        description="Where running answers are kept: database, memory, or the address of a Redis.",
    )
    uploads: str = Field(default="uploads", description="Folder of uploaded files; empty takes no files.")
    allow_origins: tuple[str, ...] = Field(
        default=(), description="Other origins whose pages may use the endpoint."
    )
    allow_credentials: bool = Field(default=False, description="Whether those pages may send cookies.")
    overlap: Literal["queue", "reject", "replace"] = Field(
        default="queue", description="What a message does while its thread is still answering."
    )
    hangup: Literal["continue", "stop"] = Field(
        default="continue",
        description="What a dropped connection means; stop is for the original browser script.",
    )
    rate: int = Field(default=0, ge=0, description="Requests per minute and caller; 0 sets no limit.")
    max_body: int = Field(
        default=16 * 1024 * 1024, ge=1024, description="Longest request in bytes, uploads aside."
    )
    request_timeout: float = Field(
        default=60.0, gt=0, description="Seconds for a request, and for an answer that is no stream."
    )
    drain: float = Field(
        default=30.0, ge=0, description="Seconds that answers get to end when the process is told to stop."
    )
    metrics: bool = Field(
        default=False, description="Whether PATH/metrics tells counts in the format of Prometheus."
    )
    proxy_headers: bool = Field(
        default=False,
        description="Whether X-Forwarded-For and X-Forwarded-Proto of trusted proxies tell the client's address and scheme.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1", description="Proxies whose headers are believed, with commas between."
    )
    tls_certificate: str = Field(
        default="", description="File of the TLS certificate; empty speaks plain HTTP."
    )
    tls_key: str = Field(default="", description="File of the certificate's key.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is logged."
    )
    log_format: Literal["text", "json"] = Field(default="text", description="How it is logged.")

    @field_validator("allow_origins", mode="before")
    @classmethod
    def _with_commas(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("path")
    @classmethod
    def _a_path(cls, value: str) -> str:
        if not _PATH.fullmatch(value):
            raise ValueError(f"{value!r} is no path; write something like /chatkit")
        return value

    @field_validator("database")
    @classmethod
    def _a_database(cls, value: str) -> str:
        scheme = value.partition("://")[0].partition("+")[0]
        if "://" in value and scheme not in _DATABASES:
            raise ValueError(
                f"{scheme}:// is no database for threads; use sqlite:///file.db or postgresql://…"
            )
        return value

    @field_validator("stream_log")
    @classmethod
    def _a_log(cls, value: str) -> str:
        if value not in ("database", "memory") and value.partition("://")[0] not in _LOGS:
            raise ValueError(f"{value!r} is no stream log; write database, memory or redis://…")
        return value

    @field_validator("allow_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin; write https://shop.example, without a path")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for part in value.split(","):
            if part.strip() != "*":
                try:
                    ip_network(part.strip(), strict=False)
                except ValueError as error:
                    raise ValueError(
                        f"{part.strip()!r} is no address of a proxy; write 10.0.0.1 or 10.0.0.0/8"
                    ) from error
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if self.tls_key and not self.tls_certificate:
            raise PydanticCustomError("together", "tls_key needs tls_certificate")
        if self.allow_credentials and "*" in self.allow_origins:
            raise PydanticCustomError("together", "allow_credentials does not go with allow_origins = *")
        if self.workers > 1 and self.stream_log == "memory":
            raise PydanticCustomError(
                "together",
                "several workers cannot share stream_log = memory; write database, or the address of a Redis",
            )
        return self


@dataclass(frozen=True)
class LoadedSettings:
    """Settings, and for each where its value came from: default, a file, the environment, or a flag."""

    values: Settings
    sources: Mapping[str, str]


def load_settings(
    file: str | Path | None = None, *, environment: Mapping[str, str] | None = None, **flags: Any
) -> LoadedSettings:
    """Put the settings together. Flags that are None say nothing.

    :param file: by default ``chatkit.toml`` in the current folder, when there is one.
    :raises SettingsError: a setting is unknown or has a wrong value, or the file cannot be read.
    """
    given: dict[str, Any] = {}
    sources = dict.fromkeys(Settings.model_fields, "default")
    for name, value, source in [*_from_file(file), *_from_environment(environment), *_from_flags(flags)]:
        given[name] = value
        sources[name] = source
    try:
        return LoadedSettings(Settings(**given), sources)
    except ValidationError as error:
        raise _explained(error, sources) from error


def _from_file(file: str | Path | None) -> list[tuple[str, Any, str]]:
    path = Path(file or "chatkit.toml")
    if file is None and not path.is_file():
        return []
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The file cannot be read: {error.strerror}.", path=str(path), hint="Name another with --config."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"The file is not UTF-8: byte {error.start + 1}.", path=str(path), hint="Save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The file is not TOML: {error}.", path=str(path)) from error
    return [(name, value, str(path)) for name, value in _table(whole, path).items()]


def _table(whole: dict[str, Any], path: Path) -> dict[str, Any]:
    table = whole.get("chatkit", {})
    if not isinstance(table, dict):
        raise SettingsError(
            "chatkit is no table.", path=str(path), hint="Write [chatkit], and the settings below it."
        )
    outside = sorted(set(whole).intersection(Settings.model_fields))
    if outside:
        raise SettingsError(
            f"{', '.join(outside)} would not be read: it stands outside of the table.",
            path=str(path),
            hint="Write [chatkit] above it.",
        )
    return cast("dict[str, Any]", table)


def _from_environment(environment: Mapping[str, str] | None) -> list[tuple[str, Any, str]]:
    found = os.environ if environment is None else environment
    names = {f"CHATKIT_{name.upper()}": name for name in Settings.model_fields}
    for key in found:
        # Other names of ours are not settings; one that is nearly a setting is a slip that nobody would notice.
        close = get_close_matches(key, names, 1, 0.85) if key.startswith("CHATKIT_") else []
        if key not in names and close:
            raise SettingsError("There is no such setting.", path=key, hint=f"Did you mean {close[0]}?")
    return [
        (names[key], value, key) for key, value in found.items() if key in names and not _is_link(key, value)
    ]


def _is_link(key: str, value: str) -> bool:
    """Whether Kubernetes wrote it: in a pod beside a Service named chatkit CHATKIT_PORT is that Service's address."""
    return key == "CHATKIT_PORT" and value.startswith(("tcp://", "udp://"))


def _from_flags(flags: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    return [
        (name, value, f"--{name.replace('_', '-')}") for name, value in flags.items() if value is not None
    ]


def _explained(error: ValidationError, sources: Mapping[str, str]) -> SettingsError:
    first = error.errors()[0]
    if not first["loc"]:  # it is about several at once, and says which
        return SettingsError(f"{first['msg']}.", path="settings", hint="`chatkit settings` lists them all.")
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        close = get_close_matches(name, Settings.model_fields, 1)
        hint = f"Did you mean {close[0]}?" if close else f"There are: {known}."
        return SettingsError(
            f"There is no such setting (given by {sources.get(name, 'default')}).", path=name, hint=hint
        )
    where = sources.get(name, "default")
    return SettingsError(
        f"{first['msg'].removeprefix('Value error, ')} (given by {where}).",
        path=name,
        hint="`chatkit settings` lists them all.",
    )
