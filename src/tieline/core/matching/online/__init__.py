"""One pointer against others, one by one: keys to meet by, evidence, what it is worth."""
