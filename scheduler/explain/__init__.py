"""Why a plan breaks a rule, why somebody waits, and why no plan exists, in words."""
