"""ChatKit, open and self-hosted. Import the module you need, for example ``chatkit.server``."""
