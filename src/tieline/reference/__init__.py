"""Code lists, places and names as published, each with source, licence and date."""
