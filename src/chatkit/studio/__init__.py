"""Studio: draw a widget and watch it live, on your own machine.

:func:`create_studio_app` makes the web app over one folder of ``.widget`` files that ``chatkit studio`` serves.
"""

from chatkit._extras import require

require("studio", "starlette", purpose="chatkit.studio")
require("studio", "tree_sitter", purpose="chatkit.studio")

from chatkit.studio._app import create_studio_app, is_built  # noqa: E402
from chatkit.studio._describe import configured_model  # noqa: E402
from chatkit.studio._folder import StudioError  # noqa: E402
from chatkit.studio._gallery_page import export_gallery_page  # noqa: E402

__all__ = ["StudioError", "configured_model", "create_studio_app", "export_gallery_page", "is_built"]
