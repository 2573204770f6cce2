"""Benchmarks: `python -m bench` measures, keeps the figures in results.json, and writes RESULTS.md from them."""
