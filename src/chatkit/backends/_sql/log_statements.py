"""The statements of the stream log, which are the same in both databases but for the clock and the row lock."""

from typing import Any

from sqlalchemy import BindParameter, TextClause, bindparam, text

from chatkit.streams import RunInfo

__all__ = ["LogStatements", "new_run", "run_info"]

_CLOCK_SLACK_US = 1_000_000

_SQLITE_NOW = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
_POSTGRES_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"
# A lease cannot end later than its length from now; if it seems to, the clock was set back after it was given.
_EXPIRED = "(expires_us <= {now} OR expires_us > {now} + lease_us + 1000000)"


class LogStatements:
    """Each statement once, for one kind of database."""

    # Every name in these texts is written here; values from outside are always bound.

    def __init__(self, sqlite: bool) -> None:
        now = _SQLITE_NOW if sqlite else _POSTGRES_NOW
        lock = "" if sqlite else "ORDER BY id FOR UPDATE"

        def sql(statement: str, *expanding: str) -> TextClause:
            filled = statement.replace("{expired}", _EXPIRED).replace("{now}", now).replace("{lock}", lock)
            return text(filled).bindparams(*(_expanding(name) for name in expanding))

        self.info = sql(f"{_INFO} WHERE id = :id")
        self.by_key = sql(f"{_INFO} WHERE owner = :owner AND thread_id = :thread AND request_key = :key")
        self.active = sql(
            f"{_INFO} WHERE owner = :owner AND thread_id = :thread AND state = 'running' AND exclusive"
        )
        self.open = sql(
            "INSERT INTO chatkit_runs (id, owner, thread_id, worker, request_key, exclusive, state, last, beat,"
            " stop, lease_us, expires_us, trimmed) VALUES (:id, :owner, :thread, :worker, :key, :exclusive,"
            " 'running', 0, 0, :no, :lease, {now} + :lease, :no)"
        )
        self.holders = sql("SELECT id, worker, state, last FROM chatkit_runs WHERE id IN :ids {lock}", "ids")
        self.add_frames = sql("INSERT INTO chatkit_frames (run_id, n, data) VALUES (:id, :n, :data)")
        self.advance = sql("UPDATE chatkit_runs SET last = :last WHERE id = :id")
        self.frames = sql(
            "SELECT n, data FROM chatkit_frames WHERE run_id = :id AND n > :after ORDER BY n LIMIT :limit"
        )
        self.close = sql(
            "UPDATE chatkit_runs SET state = :state, closed_us = {now}"
            " WHERE id = :id AND worker = :worker AND state = 'running'"
        )
        self.request_stop = sql("UPDATE chatkit_runs SET stop = :yes WHERE id = :id AND state = 'running'")
        self.stops = sql("SELECT id FROM chatkit_runs WHERE worker = :worker AND state = 'running' AND stop")
        self.renew = sql(
            "UPDATE chatkit_runs SET beat = beat + 1, lease_us = :lease, expires_us = {now} + :lease"
            " WHERE worker = :worker AND state = 'running' RETURNING id"
        )
        self.take_over = sql(
            "UPDATE chatkit_runs SET worker = :worker, beat = beat + 1, lease_us = :lease,"
            " expires_us = {now} + :lease WHERE id = :id AND state = 'running' AND beat = :beat AND {expired}"
        )
        self.movement = sql("SELECT id, last, state FROM chatkit_runs WHERE id IN :ids", "ids")
        self.unpacked = sql(
            "SELECT id, last FROM chatkit_runs WHERE closed_us <= {now} - :after AND closed_us > {now} - :until"
            " AND NOT trimmed AND last > 1"
            " AND EXISTS (SELECT 1 FROM chatkit_frames WHERE run_id = chatkit_runs.id AND n = 1) LIMIT :limit"
        )
        self.all_frames = sql("SELECT n, data FROM chatkit_frames WHERE run_id = :id ORDER BY n")
        self.put_packed = sql("UPDATE chatkit_frames SET data = :data WHERE run_id = :id AND n = :last")
        self.drop_packed = sql("DELETE FROM chatkit_frames WHERE run_id = :id AND n < :last")
        self.trim_frames = sql(
            "UPDATE chatkit_runs SET trimmed = :yes WHERE closed_us <= {now} - :age AND NOT trimmed RETURNING id"
        )
        self.trim_records = sql("DELETE FROM chatkit_runs WHERE closed_us <= {now} - :age RETURNING id")
        self.forget_owner = sql("DELETE FROM chatkit_runs WHERE owner = :owner RETURNING id")
        self.forget_thread = sql(
            "DELETE FROM chatkit_runs WHERE owner = :owner AND thread_id = :thread RETURNING id"
        )
        self.drop_frames = sql("DELETE FROM chatkit_frames WHERE run_id IN :ids", "ids")


_INFO = (
    "SELECT id, owner, thread_id, worker, request_key, exclusive, state, last, beat, lease_us,"
    " expires_us - {now} AS left_us FROM chatkit_runs"
)


def _expanding(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def new_run(values: dict[str, Any]) -> RunInfo:
    """What :attr:`LogStatements.open` makes of its values."""
    return RunInfo(
        id=values["id"],
        owner=values["owner"],
        thread_id=values["thread"],
        worker=values["worker"],
        key=values["key"],
        exclusive=values["exclusive"],
    )


def run_info(row: Any) -> RunInfo:
    """What a row that :attr:`LogStatements.info` found tells."""
    # More time left than was ever given: the clock was set back, and nobody knows. The beat tells who is alive.
    strange = row.left_us > row.lease_us + _CLOCK_SLACK_US
    return RunInfo(
        id=row.id,
        owner=row.owner,
        thread_id=row.thread_id,
        worker=row.worker,
        key=row.request_key,
        exclusive=bool(row.exclusive),
        state=row.state,
        last=row.last,
        expires_in=0.0 if strange else row.left_us / 1_000_000,
        beat=row.beat,
    )
