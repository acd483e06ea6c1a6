"""The verbs of the ``chatkit`` command, one a file. Each has ``register(cli)``."""
