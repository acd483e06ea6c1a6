"""What every bridge from a model to a conversation shares; the bridges are ``agents``, ``models`` and ``agui``."""
