"""Who was told of which link, who has seen it, and what happens when nobody does."""
