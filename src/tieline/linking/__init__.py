"""The main job: two exports joined end to end."""
