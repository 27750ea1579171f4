"""The parts of the area `match`: what is measured, and how both sides' answers are counted."""
