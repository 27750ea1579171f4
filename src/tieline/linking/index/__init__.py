"""An index of people on disk: loaded from files, asked for one record, and who is who in it."""
