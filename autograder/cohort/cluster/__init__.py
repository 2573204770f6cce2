"""Many machines: shards as jobs of a batch system, results through a folder that all of them see."""
