"""Pages about participants: for who enrols, for who watches, and for the person who decides."""
