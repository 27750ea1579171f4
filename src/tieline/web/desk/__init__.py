"""The protection desk: holds and questions, nothing else on the screen."""
