"""How the compact entailment model that ships with zstext was trained."""
