"""Trusted processes that fork: the zygote with the libraries loaded, and the keeper of one session."""
