"""The files for people who deploy: they parse, they agree with the code, and the app in the image answers."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from chatkit.settings import Settings, load_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
SETTINGS = {f"CHATKIT_{name.upper()}" for name in Settings.model_fields}


def _compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def _kubernetes() -> dict[str, Any]:
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "chatkit.yaml").read_text()))
    return {document["kind"]: document for document in documents}


def test_every_setting_that_the_files_name_exists() -> None:
    for path in [*DEPLOY.glob("*"), *DEPLOY.glob("kubernetes/*")]:
        if path.is_file():
            assert set(re.findall(r"CHATKIT_[A-Z_]+", path.read_text())) <= SETTINGS, path


def test_probes_ask_for_places_that_exist() -> None:
    container = _kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    probes = {
        name: container[name]["httpGet"]["path"]
        for name in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert probes == {
        "startupProbe": "/chatkit/healthz",
        "livenessProbe": "/chatkit/healthz",
        "readinessProbe": "/chatkit/readyz",
    }


def test_processes_get_more_time_to_end_than_answers_do() -> None:
    drain = Settings().drain
    assert int(_compose()["services"]["chat"]["stop_grace_period"].rstrip("s")) > drain + 5
    assert (
        _kubernetes()["Deployment"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > drain + 5
    )


def test_what_kubernetes_puts_into_the_environment_is_no_setting() -> None:
    assert _kubernetes()["Deployment"]["spec"]["template"]["spec"]["enableServiceLinks"] is False
    links = {
        "CHATKIT_PORT": "tcp://10.96.4.2:80",
        "CHATKIT_PORT_80_TCP": "tcp://10.96.4.2:80",
        "CHATKIT_PORT_80_TCP_ADDR": "10.96.4.2",
        "CHATKIT_PORT_80_TCP_PORT": "80",
        "CHATKIT_PORT_80_TCP_PROTO": "tcp",
        "CHATKIT_SERVICE_HOST": "10.96.4.2",
        "CHATKIT_SERVICE_PORT": "80",
        "CHATKIT_SERVICE_PORT_HTTP": "80",
    }
    assert load_settings(None, environment=links).values == load_settings(None, environment={}).values


def test_nothing_runs_as_root_or_may_become_it() -> None:
    pod = _kubernetes()["Deployment"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["containers"][0]["securityContext"]["allowPrivilegeEscalation"] is False
    assert re.search(r"^USER (?!0|root)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)


def test_names_in_the_manifests_agree() -> None:
    found = _kubernetes()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for selector in (
        found["Deployment"]["spec"]["selector"]["matchLabels"],
        found["Service"]["spec"]["selector"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels.items()
    backend = found["Ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == found["Service"]["metadata"]["name"]
    assert backend["port"]["name"] == found["Service"]["spec"]["ports"][0]["name"]


def test_the_dockerfile_copies_what_is_there_and_installs_extras_that_exist() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (DEPLOY.parent / source).exists(), source
    asked = re.search(r"whl\)\[([\w,]+)\]", text)
    assert asked
    extras = re.findall(r"^(\w+) = \[", (DEPLOY.parent / "pyproject.toml").read_text(), re.MULTILINE)
    assert set(asked[1].split(",")) <= set(extras)


@pytest.mark.slow
def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("hadolint is not installed")
    found = subprocess.run([program, DEPLOY / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.slow
def test_the_compose_file_keeps_the_specification() -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    found = subprocess.run([*command, DEPLOY / "compose.yaml"], capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stdout


@pytest.mark.slow
def test_the_manifests_are_valid_kubernetes() -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for version in (validator.latest_version(), "1.30"):
        for manifest in yaml.safe_load_all((DEPLOY / "kubernetes" / "chatkit.yaml").read_text()):
            validator.validate(manifest, version, strict=True)


@pytest.mark.slow
def test_the_app_of_the_image_answers_whom_the_proxy_names(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "CHATKIT_DATABASE": f"sqlite:///{tmp_path}/chat.db",
        "PYTHONPATH": str(DEPLOY),
    }
    command = [sys.executable, "-m", "chatkit", "serve", "app:server", "--auth", "app:who", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = re.search(r"http://\S+", process.stdout.readline())
    assert address
    url = f"{address[0].rstrip('/')}/chatkit"
    said = {"content": [{"type": "input_text", "text": "hi"}], "attachments": [], "inference_options": {}}
    create = {"type": "threads.create", "params": {"input": said}}
    try:
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(transport=transport, timeout=20) as http:
            answer = http.post(url, json=create, headers={"x-forwarded-user": "ann"})
            assert "You said: hi" in answer.text
            assert http.post(url, json=create).status_code == 401
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
