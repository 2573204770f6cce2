"""The trusted side: starts the zygotes, talks to workers, believes nothing that they say."""
