"""What the pages of all record systems share: forms from columns, looks, refusals, cells."""
