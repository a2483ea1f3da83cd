"""Who somebody is, what they may do, and what keeps others out."""
