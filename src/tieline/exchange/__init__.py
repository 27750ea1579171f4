"""What agencies do together: directory, index, notices. It keeps pointers, never records."""
