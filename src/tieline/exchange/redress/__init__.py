"""What people ask for of records of themselves, and what they are answered."""
