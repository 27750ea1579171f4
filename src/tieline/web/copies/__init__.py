"""Numbered copies: made, held, called in, gone; and what an agency has shown to others."""
