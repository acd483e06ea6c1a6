"""Stores, stream logs and attachment stores for particular services. Import the module you use."""
