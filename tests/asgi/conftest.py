from parrot_app import app, http

__all__ = ["app", "http"]
