"""Otter: plugin, generated tests, config, setup."""
