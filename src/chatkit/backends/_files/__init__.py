"""The parts of :mod:`chatkit.backends.files`."""

from chatkit._extras import require

require("files", "obstore", purpose="chatkit.backends.files")
