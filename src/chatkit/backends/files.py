"""Attachments on disk, in S3, Google Cloud Storage or Azure, through one interface.

::

    server = MyServer(store, FileAttachmentStore("uploads"))
    server = MyServer(store, ObjectAttachmentStore(S3Store("bucket"), secret=os.environ["CHATKIT_SECRET"]))

``S3Store`` and the others come from ``obstore.store``. Needs the extra ``files``.
"""

from chatkit.backends._files.kinds import sniff
from chatkit.backends._files.limits import UploadLimits, UploadRefusedError
from chatkit.backends._files.store import (
    FileAttachmentStore,
    FilesUnavailableError,
    ObjectAttachmentStore,
    StoredFile,
)

__all__ = [
    "FileAttachmentStore",
    "FilesUnavailableError",
    "ObjectAttachmentStore",
    "StoredFile",
    "UploadLimits",
    "UploadRefusedError",
    "sniff",
]
