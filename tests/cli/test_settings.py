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
        ("rate = true\nprot = 1", "prot", "Did you mean port?"),
        ("nothing_like_it = 1", "nothing_like_it", "There are: "),
        ('workers = 2\nstream_log = "memory"', "settings", "cannot share"),
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
    ("written", "told"),
    [
        (b"chatkit = 3\n", "Write [chatkit]"),
        (b'database = "sqlite:///x.db"\n', "database would not be read"),
        (b'[chatkit]\nhost = "caf\xe9"\n', "not UTF-8: byte 22"),
        (b"[chatkit\n", "not TOML"),
    ],
)
def test_a_file_that_would_not_be_read_is_refused(tmp_path: Path, written: bytes, told: str) -> None:
    file = tmp_path / "chatkit.toml"
    file.write_bytes(written)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, environment={})
    assert caught.value.path == str(file)
    assert told in str(caught.value)


def test_a_slip_in_the_environment_is_told_and_other_names_of_ours_are_left() -> None:
    with pytest.raises(SettingsError, match=r"CHATKIT_DATABSE: .* Did you mean CHATKIT_DATABASE\?"):
        load_settings(None, environment={"CHATKIT_DATABSE": "sqlite:///x.db"})
    others = {
        "CHATKIT_SECRET": "s",
        "CHATKIT_API_KEY": "k",
        "CHATKIT_DEMO_MODEL": "m",
        "CHATKIT_SERVING": "{}",
    }
    assert load_settings(None, environment=others).values == load_settings(None, environment={}).values


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
