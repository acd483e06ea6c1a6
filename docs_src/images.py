import base64
from pathlib import Path

from chatkit.agents import ResponseStreamConverter


class SavedImages(ResponseStreamConverter):
    """Keeps images in a folder that the web server shows, so that threads hold addresses and no bytes."""

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(partial_images=2)
        self.folder = folder
        self.address = address

    async def base64_image_to_url(
        self, image_id: str, base64_image: str, partial_image_index: int | None = None
    ) -> str:
        if partial_image_index is not None:
            return f"data:image/png;base64,{base64_image}"
        self.folder.joinpath(f"{image_id}.png").write_bytes(base64.b64decode(base64_image))
        return f"{self.address}/{image_id}.png"
