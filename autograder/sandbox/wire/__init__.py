"""What both sides speak: frames, and the nouns that travel in them."""
