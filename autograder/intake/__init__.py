"""What was handed in: files, notebooks and zips, read without running anything of them."""
