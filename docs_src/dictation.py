import httpx

from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import AudioInput, TranscriptionResult


class ListeningServer(ChatKitServer[None]):
    """Recordings go to a speech model of your own, over the interface of ``/v1/audio/transcriptions``."""

    def __init__(self, store: Store[None], speech: httpx.AsyncClient) -> None:
        super().__init__(store)
        self.speech = speech

    async def transcribe(self, audio_input: AudioInput, context: None) -> TranscriptionResult:
        recording = ("recording", audio_input.data, audio_input.media_type)
        answer = await self.speech.post(
            "/v1/audio/transcriptions", files={"file": recording}, data={"model": "whisper-1"}
        )
        answer.raise_for_status()
        return TranscriptionResult(text=answer.json()["text"])
