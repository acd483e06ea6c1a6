"""Settings are checked before anything starts, and a wrong one is named with its place."""

from pathlib import Path

import pytest

from chatkit.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        ('database = "mysql://h/d"', "database", "postgresql://"),
        ('stream_log = "kafka://h"', "stream_log", "redis://"),
        ('allow_origins = ["shop.example"]', "allow_origins", "https://shop.example"),
        ('allow_origins = ["https://shop.example/page"]', "allow_origins", "without a path"),
        ('allow_origins = ["*"]\nallow_credentials = true', "settings", "allow_credentials"),
        ('tls_key = "key.pem"', "settings", "tls_certificate"),
        ('trusted_proxies = "nonsense"', "trusted_proxies", "10.0.0.0/8"),
        ('path = "chat kit"', "path", "/chatkit"),
        ("workers = 0", "workers", "greater than or equal to 1"),
        ("drain = -1", "drain", "greater than or equal to 0"),
        ('overlap = "both"', "overlap", "'queue'"),
        ("rate = true\nprot = 1", "prot", "There are:"),
    ],
)
def test_a_setting_that_cannot_work_is_named_with_what_would(
    tmp_path: Path, text: str, path: str, told: str
) -> None:
    file = tmp_path / "chatkit.toml"
    file.write_text(f"[chatkit]\n{text}\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, environment={})
    assert caught.value.path == path
    assert told in str(caught.value) + (caught.value.hint or "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database", "chat.db"),
        ("database", "sqlite+aiosqlite:///x.db"),
        ("database", "postgres://u:p@h/d"),
        ("stream_log", "rediss://h:6379/0"),
        ("stream_log", "unix:///run/redis.sock"),
        ("trusted_proxies", "10.0.0.0/8, ::1"),
        ("trusted_proxies", "*"),
        ("allow_origins", "https://a.example:8443,capacitor://localhost"),
        ("path", ""),
        ("path", "/api/v1/chat-kit"),
    ],
)
def test_settings_that_work_are_taken(name: str, value: str) -> None:
    loaded = load_settings(None, environment={f"CHATKIT_{name.upper()}": value})
    taken = getattr(loaded.values, name)
    assert taken == (tuple(value.split(",")) if name == "allow_origins" else value)
    assert loaded.sources[name] == f"CHATKIT_{name.upper()}"
